package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The compression of Kupyna for four messages with states of eight columns: in all as many columns
// as the kernels of the cipher take, and in the same form. Quadword i of a row is that row of a state:
// of Tx of message i, and of T+ of message i-4. What T+ adds has carries from row to row.

const messages = 4

// kupynaMany writes the function.
func kupynaMany() {
	const name = "compress512ManyAVX512"
	TEXT(name, 0, "func(h *[4][8]uint64, p *[4]*byte, blocks int, k *[10][2]uint64, s *[4][256]byte)")
	Pragma("noescape")
	Doc(name+" adds blocks at each of p to the states h. An element of k is what a round adds to row 0 of Tx",
		"and, plus 1, to row 7 of T+, eight columns.")
	h, all := Mem{Base: Load(Param("h"), GP64())}, Mem{Base: Load(Param("p"), GP64())}
	blocks, keys := Load(Param("blocks"), GP64()), Load(Param("k"), GP64())
	var p [messages]Mem
	for i := range p {
		p[i] = Mem{Base: GP64()}
		MOVQ(all.Offset(8*i), p[i].Base)
	}
	g := &kernel{columns: 8, tables: Mem{Base: Load(Param("s"), GP64())}, matrix: map[byte]reg.Register{}}
	g.loadMatrices()
	cross, plus := opmask(0x0f), opmask(0xf0)

	Label("block")
	transposed := func() reg.VecVirtual { z := ZMM(); VMOVDQU64(keyMask(8), z); return z }
	var z rows
	for i := range p {
		z[i], z[messages+i] = ZMM(), ZMM()
		VMOVDQU64(p[i], z[messages+i])
		VPXORQ(h.Offset(64*i), z[messages+i], z[i])
		ADDQ(U8(64), p[i].Base)
	}
	m := transposed()
	for i := range z {
		VPERMB(z[i], m, z[i])
	}
	x := transpose(z)
	k, n := Mem{Base: GP64()}, GP64()
	MOVQ(keys, k.Base)
	MOVQ(U64(10), n)
	Label("round")
	c := ZMM()
	VPBROADCASTQ_Z(k, cross, c)
	addPlus(x, k.Offset(8), plus)
	VPXORQ(c, x[0], x[0])
	for r := range x {
		g.sub(r, x[r])
		g.shift(r, x[r])
	}
	g.mix(x, vectorData("zero", func(int) byte { return 0 }))
	ADDQ(U8(16), k.Base)
	DECQ(n)
	JNZ(LabelRef("round"))
	z, m = transpose(x), transposed()
	for i := range p {
		a, b := z[i], z[messages+i]
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

// addPlus adds the constants of T+ to its states: F3, six times F0, and what is at top. Modulo 2^64 that
// is to subtract 0D, six times 0F, and a byte at top that makes up for it. A difference borrows from the
// next row if what is subtracted, with what the row before borrows, is more than the row has. For Tx it
// is all zero.
func addPlus(x rows, top Mem, states reg.Register) {
	half := func(name string, v byte) Mem {
		return vectorData(name, func(i int) byte {
			if i < 32 {
				return 0
			}
			return v
		})
	}
	one, least, last := ZMM(), ZMM(), ZMM()
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
	VPBROADCASTQ_Z(top, states, last)
	VPSUBB(take, x[7], x[7])
	VPADDB(last, x[7], x[7])
}
