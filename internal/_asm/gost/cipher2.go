package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// With AVX2 a vector has one byte of 32 words: there are tables of 16 entries only, of which one
// serves a whole vector so. A round is an addition with carries from byte to byte, and a rotation
// by 11 that costs nothing: eight places are the next vector and three are in the tables.
//
// Comparisons are signed, so every byte is kept with its top bit inverted, and so is one of the two
// copies of the key.

// sliced is a half of the blocks: byte j of every word.
type sliced [4]reg.VecVirtual

// sliceKey is a word of the key in the frame: its bytes, and the first three inverted.
type sliceKey struct{ plain, inverted [4]Mem }

// carry adds the carries from below, if any, to t = x + k, and returns the sum and the carries out
// of it. A carry is a byte of -1. k is inverted.
func carry(t, below reg.VecVirtual, k Mem) (sum, out reg.VecVirtual) {
	out = load2(k)
	VPCMPGTB(t, out, out)
	if below == nil {
		return t, out
	}
	sum = YMM()
	VPSUBB(below, t, sum)
	VPCMPGTB(sum, t, t)
	VPOR(t, out, out)
	return sum, out
}

func load2(m Mem) reg.VecVirtual { z := YMM(); VMOVDQU(m, z); return z }

// round sets n2 ^= f(n1 + k).
func (n2 sliced) round(n1 sliced, k sliceKey, tables, nibble Mem) {
	var c reg.VecVirtual
	for j := range 4 {
		low, high := YMM(), YMM()
		VPADDB(k.plain[j], n1[j], low)
		if j < 3 {
			low, c = carry(low, c, k.inverted[j])
		} else {
			VPSUBB(c, low, low)
		}
		VPSRLW(U8(4), low, high)
		VPAND(nibble, low, low)
		VPAND(nibble, high, high)
		for i, x := range []reg.VecVirtual{low, high, high} {
			t := YMM()
			VBROADCASTI128(tables.Offset(48*j+16*i), t)
			VPSHUFB(x, t, t)
			to := n2[(j+1+i/2)%4]
			VPXOR(t, to, to)
		}
	}
}

// interleave mixes the bytes of the halves of r. In the number of a byte, which is three bits of the
// number of its vector above four bits of its place in a lane, the highest bit goes to the end.
func interleave(r [8]reg.VecVirtual) (z [8]reg.VecVirtual) {
	for i := range 4 {
		z[2*i], z[2*i+1] = YMM(), YMM()
		VPUNPCKLBW(r[i+4], r[i], z[2*i])
		VPUNPCKHBW(r[i+4], r[i], z[2*i+1])
	}
	return z
}

// slice turns 32 blocks into bytes of words: the bits of the number of a block go below those of the
// number of a byte in the block. unslice turns all the bits round.
func slice(r [8]reg.VecVirtual) (n1, n2 sliced) {
	for range 4 {
		r = interleave(r)
	}
	return sliced(r[:4]), sliced(r[4:])
}

func unslice(n1, n2 sliced) (r [8]reg.VecVirtual) {
	copy(r[:4], n1[:])
	copy(r[4:], n2[:])
	for range 3 {
		r = interleave(r)
	}
	return r
}

// bulk2 writes the function for groups of 32 blocks.
func bulk2() {
	TEXT("ecbAVX2", 0, "func(dst, src *byte, groups int, k *[8]uint32, forward int, backward int, t *[4][3][16]byte)")
	Pragma("noescape")
	Doc("ecbAVX2 encrypts groups of 32 blocks, with the words of the key forward times in ascending and",
		"backward times in descending order.")
	dst, src := Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("src"), GP64())}
	groups, k := Load(Param("groups"), GP64()), Mem{Base: Load(Param("k"), GP64())}
	tables := Mem{Base: Load(Param("t"), GP64())}
	forward, backward := Load(Param("forward"), GP64()), Load(Param("backward"), GP64())
	nibble, top := quad(0x0f0f0f0f0f0f0f0f), quad(0x8080808080808080)

	keys := sliceKeys(k, top)
	Label("group")
	var r [8]reg.VecVirtual
	for i := range r {
		r[i] = load2(src.Offset(32 * i))
		VPXOR(top, r[i], r[i])
	}
	n1, n2 := slice(r)
	eight := func(name string, times reg.Register, order func(i int) int) {
		n := GP64()
		MOVQ(times, n)
		Label(name)
		for i := range 8 {
			n2.round(n1, keys[order(i)], tables, nibble)
			n1, n2 = n2, n1
		}
		SUBQ(U8(1), n)
		JNZ(LabelRef(name))
	}
	eight("forward", forward, func(i int) int { return i })
	eight("backward", backward, func(i int) int { return 7 - i })
	for i, v := range unslice(n2, n1) {
		VPXOR(top, v, v)
		VMOVDQU(v, dst.Offset(32*i))
	}
	ADDQ(U32(256), src.Base)
	ADDQ(U32(256), dst.Base)
	SUBQ(U8(1), groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

// sliceKeys writes the words of the key at k into the frame.
func sliceKeys(k, top Mem) (keys [8]sliceKey) {
	base := GP64()
	frame := AllocLocal(8*7*32 + 64)
	LEAQ(frame, base)
	ADDQ(U8(63), base)
	ANDQ(I8(-64), base)
	at := 0
	store := func(v Op) Mem {
		m := Mem{Base: base, Disp: at}
		VMOVDQU(v, m)
		at += 32
		return m
	}
	for w := range keys {
		for j := range 4 {
			v := YMM()
			VPBROADCASTB(k.Offset(4*w+j), v)
			keys[w].plain[j] = store(v)
			if j < 3 {
				VPXOR(top, v, v)
				keys[w].inverted[j] = store(v)
			}
		}
	}
	return keys
}
