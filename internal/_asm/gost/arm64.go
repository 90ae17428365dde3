package main

import "github.com/ukrcrypto/dstu/internal/_asm/arm"

// With NEON a vector has one half of four blocks, and the tables of the AVX-512 tier, 64 entries
// each, are four registers for VTBL: the place of a byte in its word selects the 16 entries.
//
// V0 to V15 are the first and the second halves of 32 blocks in turn, V16 to V23 the tables, V24
// and V25 the nibble mask and the places, V26 and V27 two words of the key. What is left serves two
// vectors of a round.

// arm64 writes the function and its Go declaration.
func arm64(pkg, out, stubs string) {
	f := arm.New("./gost -kind cipher -tier arm64", pkg)
	line := f.Line
	f.Func("ecbARM64", "dst, src *byte, groups int, k *[8]uint32, forward, backward int, t *[128]byte",
		"encrypts groups of 32 blocks, with the words of the key forward times in ascending and\n"+
			"// backward times in descending order.", 0)
	line("VLD1.P 64(R6), [V16.B16, V17.B16, V18.B16, V19.B16]")
	line("VLD1 (R6), [V20.B16, V21.B16, V22.B16, V23.B16]")
	line("MOVD $0x0f0f0f0f, R7")
	line("VDUP R7, V24.S4")
	line("MOVD $0x30201000, R7")
	line("VDUP R7, V25.S4")
	f.Label("group")
	for i := range 8 { // both halves of four blocks
		line("VLD2.P 32(R1), [V%d.S4, V%d.S4]", 2*i, 2*i+1)
	}
	for _, way := range []struct{ name, times, first, step string }{
		{"ascending", "R4", "R3", "8"}, {"descending", "R5", "R3", "-8"},
	} {
		line("MOVD %s, R7", way.times)
		f.Label(way.name)
		if way.step == "8" {
			line("MOVD %s, R8", way.first)
		} else {
			line("ADD $24, %s, R8", way.first)
		}
		line("MOVD $4, R9")
		f.Label(way.name + "Rounds")
		line("LDPW (R8), (R10, R11)")
		line("ADD $%s, R8", way.step)
		keys := [2]string{"R10", "R11"}
		if way.step != "8" {
			keys = [2]string{"R11", "R10"}
		}
		for i, key := range keys {
			line("VDUP %s, V%d.S4", key, 26+i)
			for j := range 8 {
				armRound(line, 2*j+i, 2*j+1-i, 26+i, 28+j%2*2)
			}
		}
		line("SUBS $1, R9")
		line("BNE %sRounds", way.name)
		line("SUBS $1, R7")
		line("BNE %s", way.name)
	}
	for i := range 8 { // the halves change places
		line("VMOV V%d.B16, V28.B16", 2*i+1)
		line("VMOV V%d.B16, V29.B16", 2*i)
		line("VST2.P [V28.S4, V29.S4], 32(R0)")
	}
	line("SUBS $1, R2")
	line("BNE group")
	line("RET")
	f.Write(out, stubs)
}

// armRound adds to b the image of a + k. It writes t and the register after it.
func armRound(line func(string, ...any), a, b, k, t int) {
	u := t + 1
	line("VADD V%d.S4, V%d.S4, V%d.S4", k, a, t)
	line("VUSHR $4, V%d.S4, V%d.S4", t, u)
	for i, v := range []int{t, u} {
		line("VAND V24.B16, V%d.B16, V%d.B16", v, v)
		line("VORR V25.B16, V%d.B16, V%d.B16", v, v)
		table := 16 + 4*i
		line("VTBL V%d.B16, [V%d.B16, V%d.B16, V%d.B16, V%d.B16], V%d.B16", v, table, table+1, table+2, table+3, v)
	}
	line("VORR V%d.B16, V%d.B16, V%d.B16", u, t, t)
	line("VSHL $11, V%d.S4, V%d.S4", t, u)
	line("VSRI $21, V%d.S4, V%d.S4", t, u)
	line("VEOR V%d.B16, V%d.B16, V%d.B16", u, b, b)
}
