package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// hash256 multiplies pairs of words in registers of 16 bytes. The product of a batch is made from
// the lowest to the highest pair of words, over all blocks, and then reduced.
func hash256(columns int) {
	name := fmt.Sprintf("hash%dAVX2", columns)
	TEXT(name, attr.NOSPLIT, fmt.Sprintf("func(state *[8]uint64, powers *[%d][8]uint64, p *byte, blocks, batches int)", hashVectors))
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds batches of blocks of %d columns to the state; it takes at least one of both.", name, columns))
	state := Mem{Base: Load(Param("state"), GP64())}
	powers := Mem{Base: Load(Param("powers"), GP64())}
	p := Mem{Base: Load(Param("p"), GP64())}
	blocks, batches := Load(Param("blocks"), GP64()), Load(Param("batches"), GP64())
	first, size := GP64(), GP64() // the highest power that is used, bytes of a batch
	MOVQ(U32(hashVectors), first)
	SUBQ(blocks, first)
	SHLQ(U8(6), first)
	ADDQ(powers.Base, first)
	IMUL3Q(U8(uint8(8*columns)), blocks, size)
	words := AllocLocal(16 * columns)

	pairs := columns / 2
	Label("batch")
	var carry [2]reg.VecVirtual // high and mid of the place before
	for s := range 2*pairs - 1 {
		var acc product
		for _, v := range []*reg.VecVirtual{&acc.low, &acc.mid, &acc.high} {
			*v = XMM()
			VPXOR(*v, *v, *v)
		}
		at, h, n := GP64(), GP64(), GP64()
		MOVQ(first, h)
		acc.addBlock(state, Mem{Base: h}, pairs, s)
		MOVQ(p.Base, at)
		MOVQ(blocks, n)
		Label(fmt.Sprintf("pairs%d", s))
		acc.addBlock(Mem{Base: at}, Mem{Base: h}, pairs, s)
		ADDQ(U8(uint8(8*columns)), at)
		ADDQ(U8(64), h)
		DECQ(n)
		JNZ(LabelRef(fmt.Sprintf("pairs%d", s)))

		t := XMM()
		VPSLLDQ(U8(8), acc.mid, t)
		VPXOR(t, acc.low, acc.low)
		if s > 0 {
			t := XMM()
			VPSRLDQ(U8(8), carry[1], t)
			VPXOR(t, acc.low, acc.low)
			VPXOR(carry[0], acc.low, acc.low)
		}
		VMOVDQU(acc.low, words.Offset(16*s))
		carry = [2]reg.VecVirtual{acc.high, acc.mid}
	}
	t := XMM()
	VPSRLDQ(U8(8), carry[1], t)
	VPXOR(carry[0], t, t)
	VMOVDQU(t, words.Offset(16*(2*pairs-1)))
	reduceWords(columns, words, state)
	ADDQ(size, p.Base)
	DECQ(batches)
	JNZ(LabelRef("batch"))
	VZEROUPPER()
	RET()
}

// addBlock adds the products of those pairs of words of x and h whose places add up to s.
func (a *product) addBlock(x, h Mem, pairs, s int) {
	for i := range pairs {
		j := s - i
		if j < 0 || j >= pairs {
			continue
		}
		v := XMM()
		VMOVDQU(x.Offset(16*i), v)
		for _, part := range []struct {
			imm uint8
			sum reg.VecVirtual
		}{{0x00, a.low}, {0x01, a.mid}, {0x10, a.mid}, {0x11, a.high}} {
			t := XMM()
			VPCLMULQDQ(U8(part.imm), h.Offset(16*j), v, t)
			VPXOR(t, part.sum, part.sum)
		}
	}
}

// reduceWords sets state to the words in the frame modulo the polynomial.
func reduceWords(columns int, words, state Mem) {
	var before reg.GPVirtual
	shifted := func(z, x reg.GPVirtual, left bool, by int) {
		t := GP64()
		MOVQ(x, t)
		if left {
			SHLQ(U8(uint8(by)), t)
		} else {
			SHRQ(U8(uint8(64-by)), t)
		}
		XORQ(t, z)
	}
	for j := range columns {
		x, z := GP64(), GP64()
		MOVQ(words.Offset(8*(columns+j)), x)
		MOVQ(words.Offset(8*j), z)
		XORQ(x, z)
		for _, e := range exponents[columns] {
			shifted(z, x, true, e)
			if j > 0 {
				shifted(z, before, false, e)
			}
		}
		MOVQ(z, state.Offset(8*j))
		before = x
	}
	over, z := GP64(), GP64()
	XORQ(over, over)
	for _, e := range exponents[columns] {
		shifted(over, before, false, e)
	}
	MOVQ(over, z)
	for _, e := range exponents[columns] {
		shifted(z, over, true, e)
	}
	XORQ(z, state)
}
