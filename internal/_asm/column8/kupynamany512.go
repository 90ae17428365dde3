package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The compression of Kupyna for several messages: in all as many columns as the kernels of the cipher
// take, and in the same form. The quadwords of a row are those of a row of states, of eight columns each:
// of Tx of all messages, and of T+ of all messages. What T+ adds has carries from row to row.

// kupynaMany writes the function for states of so many columns.
func kupynaMany(columns, rounds int) {
	messages, half := 32/columns, columns/8 // half as many vectors as the state of a message
	name := fmt.Sprintf("compress%dManyAVX512", 64*columns)
	TEXT(name, 0, fmt.Sprintf("func(h *[32]uint64, p *[4]*byte, blocks int, k *[%d][2][%d]byte, s *[4][256]byte)", rounds, columns))
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds blocks at each of the first %d of p to the states h. An element of k is what a", name, messages),
		"round adds to row 0 of Tx and, plus 1, to row 7 of T+.")
	h, all := Mem{Base: Load(Param("h"), GP64())}, Mem{Base: Load(Param("p"), GP64())}
	blocks, keys := Load(Param("blocks"), GP64()), Load(Param("k"), GP64())
	p := make([]Mem, messages)
	for i := range p {
		p[i] = Mem{Base: GP64()}
		MOVQ(all.Offset(8*i), p[i].Base)
	}
	g := &kernel{columns: columns, tables: Mem{Base: Load(Param("s"), GP64())}, matrix: map[byte]reg.Register{}}
	g.loadMatrices()
	cross, plus := opmask(0x0f), opmask(0xf0)

	Label("block")
	transposed := func() reg.VecVirtual { z := ZMM(); VMOVDQU64(keyMask(8), z); return z }
	var z rows
	for i := range 4 {
		at := p[i/half].Offset(i % half * 64)
		z[i], z[4+i] = ZMM(), ZMM()
		VMOVDQU64(at, z[4+i])
		VPXORQ(h.Offset(64*i), z[4+i], z[i])
	}
	for i := range p {
		ADDQ(U32(uint32(8*columns)), p[i].Base)
	}
	m := transposed()
	for i := range z {
		VPERMB(z[i], m, z[i])
	}
	x := transpose(z)
	k, n := Mem{Base: GP64()}, GP64()
	MOVQ(keys, k.Base)
	MOVQ(U64(uint64(rounds)), n)
	Label("round")
	g.addPlus(x, k.Offset(columns), plus)
	VPXORQ(g.constant(k, cross), x[0], x[0])
	for r := range x {
		g.sub(r, x[r])
		if columns == 8 {
			g.shift(r, x[r])
		} else if r > 0 {
			VPSHUFB(shuffleMask(columns, []int{0, 1, 2, 3, 4, 5, 6, 11}[r]), x[r], x[r])
		}
	}
	g.mix(x, vectorData("zero", func(int) byte { return 0 }))
	ADDQ(U8(uint8(2*columns)), k.Base)
	DECQ(n)
	JNZ(LabelRef("round"))
	z, m = transpose(x), transposed()
	for i := range 4 {
		a, b := z[i], z[4+i]
		VPXORQ(b, a, a)
		VPERMB(a, m, a)
		VPXORQ(h.Offset(64*i), a, a)
		VMOVDQU64(a, h.Offset(64*i))
	}
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// constant returns what is added to a row in those quadwords, the same for all states.
func (g *kernel) constant(row Mem, states reg.Register) reg.VecVirtual {
	z := ZMM()
	if g.columns == 8 {
		VPBROADCASTQ_Z(row, states, z)
	} else {
		VBROADCASTI64X2_Z(row, states, z)
	}
	return z
}

// addPlus adds the constants of T+ to its states: F3, six times F0, and what is at top. Modulo 2^64 that
// is to subtract 0D, six times 0F, and a byte at top that makes up for it. A difference borrows from the
// next row if what is subtracted, with what the row before borrows, is more than the row has. For Tx it
// is all zero.
func (g *kernel) addPlus(x rows, top Mem, states reg.Register) {
	half := func(name string, v byte) Mem {
		return vectorData(name, func(i int) byte {
			if i < 32 {
				return 0
			}
			return v
		})
	}
	one, least := ZMM(), ZMM()
	VMOVDQU64(half("plus01", 1), one)
	VMOVDQU64(half("plus0f", 0x0f), least)
	take := ZMM()
	VMOVDQU64(half("plus0d", 0x0d), take)
	for r := range 7 {
		borrow := ZMM()
		VPSUBUSB(x[r], take, borrow)
		VPSUBB(take, x[r], x[r])
		VPMINUB(one, borrow, borrow)
		take = borrow
		if r < 6 {
			VPADDB(least, take, take)
		}
	}
	VPSUBB(take, x[7], x[7])
	VPADDB(g.constant(top, states), x[7], x[7])
}
