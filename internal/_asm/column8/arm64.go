package main

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/ukrcrypto/dstu/internal/_asm/arm"
)

// With NEON a group is 16 columns, 128 bytes, in eight vectors, one for each row, that stay in V0
// to V7. An S-box is 16 registers for VTBL and VTBX, 64 entries at a time; both rows that use it
// are looked up after it is loaded. V12 and V13 are constants, the other registers temporary.
//
// R0 to R5 are the parameters, R6 the keys in the form of the rows, R7 and R8 the count of rounds
// and the key of the next, R9 the next S-box, R10 the last key, R11 rows in the frame, R12 and R13
// temporary.

// neon emits one function.
type neon struct {
	*arm.File
	columns int
	invert  bool
}

// armRows is where the frame has rows of a group, for decryption.
const armRows = 64 * maxRounds

// armConstants names the tables of products by nibbles: the low ones first.
const armConstants = "products"

// bulkARM64 writes the file with the functions for all block sizes.
func bulkARM64(pkg, out, stubs string) {
	f := arm.New("./column8 -kind bulk -tier arm64", pkg)
	var products []byte
	for shift := 0; shift < 8; shift += 4 {
		for _, v := range invMixRow {
			for i := range 16 {
				products = append(products, multiply(v, byte(i<<shift)))
			}
		}
	}
	f.Data(armConstants, products)
	for _, columns := range []int{2, 4, 8} {
		for _, invert := range []bool{false, true} {
			g := &neon{f, columns, invert}
			g.bulk()
		}
	}
	f.Write(out, stubs)
}

func (g *neon) bulk() {
	name, verb, frame := fmt.Sprintf("encrypt%dARM64", g.columns), "encrypts", armRows
	if g.invert {
		name, verb, frame = fmt.Sprintf("decrypt%dARM64", g.columns), "decrypts", armRows+128
	}
	g.Func(name, "dst, src *byte, groups int, keys *uint64, rounds int, sboxes *[4][256]byte",
		fmt.Sprintf("%s groups of 128 bytes, at least one, in blocks of %d columns.", verb, g.columns), frame)
	g.Line("ADD $16, RSP, R6")
	g.Line("ADD R4<<%d, R3, R10", bits.Len(uint(4*g.columns)))
	g.Line("VMOVI $64, V12.B16")
	if g.invert {
		g.Line("ADD $%d, R6, R11", armRows)
		g.Line("VMOVI $15, V13.B16")
	} else {
		g.Line("MOVD $%#08x, R12", 0x273a1d00) // 0 to 3 by x^8, in the low bytes of the table
		g.Line("VDUP R12, V13.S4")
	}
	g.sliceKeys()

	g.Label("group")
	g.slice()
	g.Line("MOVD R6, R8")
	g.Line("MOVD R4, R7")
	g.Label("round")
	if g.invert {
		g.invMix()
		g.sub()
	} else {
		g.sub()
		g.mix()
	}
	g.Line("SUBS $1, R7")
	g.Line("BNE round")
	g.unslice()
	g.Line("SUBS $1, R2")
	g.Line("BNE group")
	g.Line("RET")
}

// vectors is a list of registers.
func vectors(first, n int, form string) string {
	var s []string
	for i := range n {
		s = append(s, fmt.Sprintf("V%d.%s", first+i, form))
	}
	return "[" + strings.Join(s, ", ") + "]"
}

// load and store take n registers from and to the address in a register, which goes on.
func (g *neon) load(reg string, first, n int) {
	g.Line("VLD1.P %d(%s), %s", 16*n, reg, vectors(first, n, "B16"))
}

func (g *neon) store(reg string, first, n int) {
	g.Line("VST1.P %s, %d(%s)", vectors(first, n, "B16"), 16*n, reg)
}

// three adds an instruction z = x op y on bytes.
func (g *neon) three(name string, x, y, z int) {
	g.Line("%s V%d.B16, V%d.B16, V%d.B16", name, y, x, z)
}

func (g *neon) xor(x, y, z int) { g.three("VEOR", x, y, z) }

// sliceKeys puts the keys between the first and the last into the form of the rows, eight bytes
// each, and nothing where there is none.
func (g *neon) sliceKeys() {
	nothing := func() {
		for i := range 4 {
			g.Line("VMOVI $0, V%d.B16", 8+i)
		}
		g.store("R8", 8, 4)
	}
	g.Line("MOVD R6, R8")
	if g.invert {
		nothing()
	}
	g.Line("ADD $%d, R3, R12", 8*g.columns)
	g.Line("SUBS $1, R4, R7")
	g.Line("BEQ sliced")
	g.Label("key")
	n := g.columns / 2
	g.load("R12", 0, n)
	for i := range 4 { // bits 1 and 0: of the column, of the row
		g.three(unzip(i%2), i/2*2%n, (i/2*2+1)%n, 4+i)
	}
	for i := range 4 { // bits 1 and 0, of the row
		g.three(unzip(i/2), 4+i%2, 6+i%2, 8+i)
	}
	for i := range 4 { // bits 2 and 1
		g.three(unzip(i/2), 8+i%2*2, 9+i%2*2, 4+i)
	}
	g.store("R8", 4, 4)
	g.Line("SUBS $1, R7")
	g.Line("BNE key")
	g.Label("sliced")
	if !g.invert {
		nothing()
	}
}

func unzip(odd int) string { return fmt.Sprint("VUZP", odd+1) }

// add adds the key at the address in a register to the columns in the registers from V16 on, or
// subtracts it for decryption.
func (g *neon) add(reg string) {
	name, n := "VADD", g.columns/2
	if g.invert {
		name = "VSUB"
	}
	g.Line("VLD1 (%s), %s", reg, vectors(24, n, "B16"))
	for j := range 8 {
		g.Line("%s V%d.D2, V%d.D2, V%d.D2", name, 24+j%n, 16+j, 16+j)
	}
}

// slice loads a group, adds the first key and makes rows of the columns: at each step a bit of the
// number of the byte in its vector, that of the row, becomes one of the number of the vector, and
// one of that of the column takes its place.
func (g *neon) slice() {
	g.load("R1", 16, 4)
	g.load("R1", 20, 4)
	g.add("R3")
	from, to := 16, 0
	for bit := 1; bit < 8; bit *= 2 {
		for j := range 8 {
			g.three(unzip(j/bit%2), from+j&^bit, from+j|bit, to+j)
		}
		from, to = to, from
	}
}

// unslice is the inverse of slice, with the last key.
func (g *neon) unslice() {
	from, to := 0, 16
	for bit := 4; bit > 0; bit /= 2 {
		for j := range 8 {
			g.three(fmt.Sprint("VZIP", j/bit%2+1), from+j&^bit, from+j|bit, to+j)
		}
		from, to = to, from
	}
	g.add("R10")
	g.store("R0", 16, 4)
	g.store("R0", 20, 4)
}

// sub applies SHIFT and SUB, or the inverses.
func (g *neon) sub() {
	g.Line("MOVD R5, R9")
	for s := range 4 {
		for i := range 4 {
			g.load("R9", 16+4*i, 4)
		}
		down := func(from, to int) { g.three("VSUB", from, 12, to) }
		var turned [2]bool
		for h := range turned {
			turned[h] = g.shift(s+4*h, 8+h)
		}
		for h := range turned {
			if at := s + 4*h; turned[h] {
				g.lookUp("VTBL", 16, 8+h, at)
				down(8+h, 8+h)
			} else {
				down(at, 8+h) // before it is overwritten
				g.lookUp("VTBL", 16, at, at)
			}
		}
		for i := 20; i < 32; i += 4 {
			for h := range turned {
				g.lookUp("VTBX", i, 8+h, s+4*h) // leaves bytes beyond its table alone
			}
			for h := range turned {
				if i < 28 {
					down(8+h, 8+h)
				}
			}
		}
	}
}

// lookUp takes bytes from the table in four registers.
func (g *neon) lookUp(name string, table, at, to int) {
	g.Line("%s V%d.B16, %s, V%d.B16", name, at, vectors(table, 4, "B16"), to)
}

// shift rotates row r of each block into another register, and reports whether there is a need to.
func (g *neon) shift(r, to int) bool {
	c := g.columns
	by := r * c / 8
	if g.invert {
		by = (c - by) % c
	}
	form, half := map[int]string{2: "H8", 4: "S4", 8: "D2"}[c], map[int]string{2: "B16", 4: "H8", 8: "S4"}[c]
	switch by {
	case 0:
		return false
	case c / 2:
		g.Line("VREV%d V%d.%s, V%d.%s", 8*c, r, half, to, half)
	default:
		g.Line("VSHL $%d, V%d.%s, V%d.%s", 8*by, r, form, to, form)
		g.Line("VSRI $%d, V%d.%s, V%d.%s", 8*(c-by), r, form, to, form)
	}
	return true
}

// times multiplies four registers by x or x^2 in place; z is where the results go.
func (g *neon) times(power int, x, z [4]int) {
	for i := range x {
		g.Line("VUSHR $%d, V%d.B16, V%d.B16", 8-power, x[i], 8+i)
	}
	for i := range x {
		g.Line("VSHL $%d, V%d.B16, V%d.B16", power, x[i], z[i])
	}
	for i := range x {
		g.Line("VTBL V%d.B16, [V13.B16], V%d.B16", 8+i, 8+i)
	}
	for i := range x {
		g.xor(z[i], 8+i, z[i])
	}
}

// mix applies MIX and adds the key. With y = 4x and z_r = x_r + y_(r+4) it is
//
//	x_r + z_(r+1) + z_(r+2) + z_(r+3) + z_(r+6) + 2(y_(r+4) + x_(r+5) + x_(r+6)).
func (g *neon) mix() {
	x := func(r int) int { return r % 8 }
	y := func(r int) int { return 16 + r%8 }
	z := func(r int) int { return 24 + r%8 }
	four := func(of func(int) int, r int) [4]int { return [4]int{of(r), of(r + 1), of(r + 2), of(r + 3)} }
	for r := 0; r < 8; r += 4 {
		g.times(2, four(x, r), four(y, r))
	}
	for r := range 8 {
		g.xor(x(r), y(r+4), z(r))
	}
	for r := 0; r < 8; r += 4 {
		for i := range 4 {
			g.xor(y(r+i), x(r+i+1), y(r+i))
		}
		for i := range 4 {
			g.xor(y(r+i), x(r+i+2), y(r+i))
		}
		g.times(1, four(y, r), four(y, r))
	}
	for k := 0; k < 8; k += 2 {
		for h := range 2 {
			g.Line("VLD1R.P 8(R8), [V%d.D2]", 8+h)
		}
		for i, d := range []int{1, 2, 6} {
			for h := range 2 {
				r := k + h
				g.xor(8+h, z(r+d), 8+h)
				g.xor(x(r), []int{y(r + 4), z(r + 3), 8 + h}[i], x(r))
			}
		}
	}
}

// invMix applies the inverse of MIX and adds the key. Products are looked up by nibbles.
func (g *neon) invMix() {
	g.Line("MOVD R11, R12")
	g.store("R12", 0, 4)
	g.store("R12", 4, 4)
	g.Line("MOVD R11, R12")
	g.Line("MOVD $·%s<>(SB), R13", armConstants)
	for i := range 4 {
		g.load("R13", 16+4*i, 4)
	}
	for r := range 8 {
		g.Line("VLD1R.P 8(R8), [V%d.D2]", r)
	}
	for i := range 8 {
		g.load("R12", 8, 1)
		g.three("VAND", 8, 13, 9)
		g.Line("VUSHR $4, V8.B16, V8.B16")
		for d := range 8 {
			t := []int{10, 14}[d%2]
			g.Line("VTBL V9.B16, [V%d.B16], V%d.B16", 16+d, t)
			g.Line("VTBL V8.B16, [V%d.B16], V%d.B16", 24+d, t+1)
			g.xor((i-d)&7, t, (i-d)&7)
			g.xor((i-d)&7, t+1, (i-d)&7)
		}
	}
}
