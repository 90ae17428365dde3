package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The hash of GCM is a polynomial over GF(2^l) in the key. A vector has 8/columns blocks. Each is
// multiplied by a power of the key of its own, the products are added up as they are, and the sum
// is reduced once.

// hashVectors is the number of vectors of the table.
const hashVectors = 8

// exponents are those of the polynomials, without the highest and 0.
var exponents = map[int][3]int{2: {1, 2, 7}, 4: {2, 5, 10}, 8: {2, 5, 8}}

// product is a sum of products of pairs of words, low + mid·2^64 + high·2^128 in each lane.
type product struct{ low, mid, high reg.VecVirtual }

func hash512(columns int) {
	name := fmt.Sprintf("hash%dAVX512", columns)
	TEXT(name, attr.NOSPLIT, fmt.Sprintf("func(state *[8]uint64, powers *[%d][8]uint64, p *byte, vectors, batches int)", hashVectors))
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds batches of vectors of blocks of %d columns to the state; it takes at least one of", name, columns),
		"both. The words of state beyond the block are zero.")
	state := Mem{Base: Load(Param("state"), GP64())}
	powers := Mem{Base: Load(Param("powers"), GP64())}
	p := Mem{Base: Load(Param("p"), GP64())}
	vectors, batches := Load(Param("vectors"), GP64()), Load(Param("batches"), GP64())
	first, t := GP64(), GP64() // the highest power that is used
	MOVQ(U32(hashVectors), first)
	SUBQ(vectors, first)
	SHLQ(U8(6), first)
	ADDQ(powers.Base, first)
	zero, mask := ZMM(), K()
	VPXORQ(zero, zero, zero)
	MOVQ(U32(uint32(1<<columns-1)), t)
	KMOVB(t.As32(), mask)

	sum := ZMM()
	VMOVDQU64(state, sum)
	lanes := columns / 2
	Label("batch")
	acc := make([]product, lanes)
	for i := range acc {
		for _, v := range []*reg.VecVirtual{&acc[i].low, &acc[i].mid, &acc[i].high} {
			*v = ZMM()
			VPXORQ(*v, *v, *v)
		}
	}
	at, n := GP64(), GP64()
	MOVQ(first, at)
	MOVQ(vectors, n)
	Label("vector")
	z := ZMM()
	VPXORQ(p, sum, z)
	VPXORQ(sum, sum, sum)
	h := ZMM()
	VMOVDQU64(Mem{Base: at}, h)
	for i := range acc {
		acc[i].add(pick(z, lanes, i), h)
	}
	ADDQ(U8(64), at)
	ADDQ(U8(64), p.Base)
	DECQ(n)
	JNZ(LabelRef("vector"))

	low, high := assemble(acc, columns, zero, mask)
	reduce(columns, low, high, zero, mask, sum)
	DECQ(batches)
	JNZ(LabelRef("batch"))
	VMOVDQU64(sum, state)
	VZEROUPPER()
	RET()
}

// pick puts lane i of each block into all lanes of the block.
func pick(z reg.VecVirtual, lanes, i int) reg.VecVirtual {
	if lanes == 1 {
		return z
	}
	imm := map[int][]uint8{2: {0xa0, 0xf5}, 4: {0x00, 0x55, 0xaa, 0xff}}[lanes][i]
	v := ZMM()
	VSHUFI64X2(U8(imm), z, z, v)
	return v
}

func (a *product) add(x, h reg.VecVirtual) {
	times := func(imm uint8) reg.VecVirtual {
		v := ZMM()
		VPCLMULQDQ(U8(imm), h, x, v)
		return v
	}
	VPXORQ(times(0x00), a.low, a.low)
	xor3(times(0x01), times(0x10), a.mid)
	VPXORQ(times(0x11), a.high, a.high)
}

// up moves z up by so many words; what leaves it at the top comes in over.
func up(z, zero reg.VecVirtual, words int) (moved, over reg.VecVirtual) {
	switch words {
	case 0:
		return z, nil
	case 8:
		return nil, z
	}
	moved, over = ZMM(), ZMM()
	VALIGNQ(U8(uint8(8-words)), zero, z, moved)
	VALIGNQ(U8(uint8(8-words)), z, zero, over)
	return moved, over
}

// assemble adds up the blocks of the vectors and returns both halves of the sum.
func assemble(acc []product, columns int, zero reg.VecVirtual, mask reg.Register) (low, high reg.VecVirtual) {
	low, high = ZMM(), ZMM()
	VPXORQ(low, low, low)
	VPXORQ(high, high, high)
	fold := func(z reg.VecVirtual) {
		for _, imm := range map[int][]uint8{2: {0x4e, 0xb1}, 4: {0x4e}}[columns] {
			t := ZMM()
			VSHUFI64X2(U8(imm), z, z, t)
			VPXORQ(t, z, z)
		}
		if columns < 8 {
			VMOVDQU64_Z(z, mask, z)
		}
	}
	for i, a := range acc {
		t := ZMM()
		VPSLLDQ(U8(8), a.mid, t)
		VPXORQ(t, a.low, a.low)
		VPSRLDQ(U8(8), a.mid, t)
		VPXORQ(t, a.high, a.high)
		for j, z := range []reg.VecVirtual{a.low, a.high} {
			fold(z)
			moved, over := up(z, zero, 2*(i+j))
			if moved != nil {
				VPXORQ(moved, low, low)
			}
			if over != nil && columns == 8 {
				VPXORQ(over, high, high)
			}
		}
	}
	if columns < 8 {
		VALIGNQ(U8(uint8(columns)), low, zero, high)
		VMOVDQU64_Z(low, mask, low)
	}
	return low, high
}

// reduce sets sum to low plus high times the low terms of the polynomial.
func reduce(columns int, low, high, zero reg.VecVirtual, mask reg.Register, sum reg.VecVirtual) {
	below, top := ZMM(), ZMM() // the words below each one, and the highest as the lowest
	VALIGNQ(U8(7), zero, high, below)
	VALIGNQ(U8(uint8(columns-1)), high, zero, top)
	over := ZMM()
	VPXORQ(over, over, over)
	VPXORQ(low, high, sum)
	for _, e := range exponents[columns] {
		s, o := ZMM(), ZMM()
		VPSHLDQ(U8(uint8(e)), below, high, s)
		VPSRLQ(U8(uint8(64-e)), top, o)
		VPXORQ(s, sum, sum)
		VPXORQ(o, over, over)
	}
	for _, e := range exponents[columns] {
		s := ZMM()
		VPSLLQ(U8(uint8(e)), over, s)
		VPXORQ(s, sum, sum)
	}
	VPXORQ(over, sum, sum)
	if columns < 8 {
		VMOVDQU64_Z(sum, mask, sum)
	}
}
