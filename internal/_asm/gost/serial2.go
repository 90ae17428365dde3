package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// narrow is a substitution block for one dword in vectors of 16 bytes: a table for each nibble, with
// its first entry added to all. So the bytes that a table is not for, which are made zero, stay zero.
// What the first entries add up to is a constant.
type narrow struct {
	tables   [8]reg.VecVirtual // of the low nibbles, then of the high ones
	constant Mem
}

// loadNarrow leaves the constant in the frame.
func loadNarrow(t Mem) (s narrow) {
	sum, zero := XMM(), XMM()
	VPXOR(sum, sum, sum)
	VPXOR(zero, zero, zero)
	for i := range s.tables {
		first := XMM()
		s.tables[i] = XMM()
		VMOVDQU(t.Offset(16*i), s.tables[i])
		VPSHUFB(zero, s.tables[i], first)
		VPXOR(first, s.tables[i], s.tables[i])
		VPAND(place(i, 0xff), first, first)
		VPXOR(first, sum, sum)
	}
	s.constant = AllocLocal(16)
	VMOVDQU(sum, s.constant)
	return s
}

// place is a mask of the byte of a dword that table i is for.
func place(i int, mask byte) Mem {
	return pattern(func(at int) int {
		if at == i%4 {
			return int(mask)
		}
		return 0
	})
}

// round sets n2 ^= f(n1 + k) in the first dword.
func (s narrow) round(n1, n2 reg.VecVirtual, k Op) {
	low, high := XMM(), XMM()
	VMOVD(k, low)
	VPADDD(n1, low, low)
	VPSRLD(U8(4), low, high)
	image := func(i int) reg.VecVirtual {
		z := XMM()
		VPAND(place(i, 0x0f), []reg.VecVirtual{low, high}[i/4], z)
		VPSHUFB(z, s.tables[i], z)
		return z
	}
	pair := func(i int) reg.VecVirtual {
		a, b := image(i), image(i+1)
		VPXOR(b, a, a)
		return a
	}
	y := pair(0)
	VPXOR(s.constant, y, y)
	for i := 2; i < 8; i += 2 {
		z := pair(i)
		VPXOR(z, y, y)
	}
	up := XMM()
	VPSLLD(U8(11), y, up)
	VPSRLD(U8(21), y, y)
	VPXOR(up, n2, n2)
	VPXOR(y, n2, n2)
}

// serial2 writes a function for blocks each of which waits for the one before.
func serial2(encrypt bool) {
	serialFunc("AVX2", encrypt)
	src := Mem{Base: Load(Param("src"), GP64())}
	blocks, k := Load(Param("blocks"), GP64()), Mem{Base: Load(Param("k"), GP64())}
	s := loadNarrow(Mem{Base: Load(Param("t"), GP64())})
	var dst, state Mem
	var forward, backward reg.Register = GP64(), GP64()
	if encrypt {
		dst, state = Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("last"), GP64())}
		Load(Param("forward"), forward)
		Load(Param("backward"), backward)
	} else {
		state = Mem{Base: Load(Param("state"), GP64())}
		MOVQ(U64(2), forward)
	}
	eight := func(name string, n1, n2 reg.VecVirtual, times reg.Register, order func(i int) int) {
		n := GP64()
		MOVQ(times, n)
		Label(name)
		for i := range 8 {
			s.round(n1, n2, k.Offset(4*order(i)))
			n1, n2 = n2, n1
		}
		SUBQ(U8(1), n)
		JNZ(LabelRef(name))
	}
	up := func(i int) int { return i }
	n1, n2 := XMM(), XMM()
	VMOVD(state, n1)
	VMOVD(state.Offset(4), n2)
	Label("block")
	p1, p2 := XMM(), XMM()
	if encrypt {
		eight("forward", n1, n2, forward, up)
		eight("backward", n1, n2, backward, func(i int) int { return 7 - i })
		VMOVD(src, p1)
		VMOVD(src.Offset(4), p2)
		VPXOR(n2, p1, p1)
		VPXOR(n1, p2, n2)
		VMOVDQA(p1, n1)
		VMOVD(n1, dst)
		VMOVD(n2, dst.Offset(4))
		ADDQ(U8(8), dst.Base)
	} else {
		VMOVD(src, p1)
		VMOVD(src.Offset(4), p2)
		VPXOR(p1, n1, n1)
		VPXOR(p2, n2, n2)
		eight("forward", n1, n2, forward, up)
	}
	ADDQ(U8(8), src.Base)
	SUBQ(U8(1), blocks)
	JNZ(LabelRef("block"))
	VMOVD(n1, state)
	VMOVD(n2, state.Offset(4))
	RET()
}

// serialFunc begins a function for serial work.
func serialFunc(tier string, encrypt bool) {
	if encrypt {
		TEXT("cfbEncrypt"+tier, 0, "func(dst, src *byte, blocks int, last *[2]uint32, k *[8]uint32, forward int, backward int, t *[128]byte)")
		Doc("cfbEncrypt"+tier+" encrypts blocks in the feedback mode; last is the block of ciphertext before them, and",
			"becomes the last of them. forward and backward are as for the function ecb"+tier+".")
	} else {
		TEXT("mac"+tier, 0, "func(state *[2]uint32, src *byte, blocks int, k *[8]uint32, t *[128]byte)")
		Doc("mac" + tier + " adds blocks to the state of the authentication code.")
	}
	Pragma("noescape")
}
