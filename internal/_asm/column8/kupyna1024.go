package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The compression of Kupyna for states of sixteen columns: both permutations are four vectors, and
// these have two forms.
//
// By columns, as T+ needs them for its sums: half k&1 is 1 for Tx, and k>>1 is 1 for the upper eight
// columns; each column of vector k is turned up by k bytes. T+ is in the vectors 0 and 2, of which the
// second is turned for the exchange only.
//
// By rows, as the others want them: vector m has the rows m and m+4 of all columns, so SUB is a lookup
// in one S-box, SHIFT a permutation of a vector, and MIX adds up vectors. Byte k+4h of quadword j is
// row m+4h of quadword j of k. Exchanging bytes of the same place between vectors by columns gives
// that but for turns, by m bytes.
type crossPlus struct {
	kernel
	middle, high, odd reg.Register // opmasks of the bytes 1 and 2, 2 and 3, 1 and 3 of every dword
}

// wideRows says which row a vector by columns becomes.
var wideRows = [4]int{0, 3, 2, 1}

// kupyna1024 writes the function.
func kupyna1024() {
	const name, rounds = "compress1024AVX512", 14
	TEXT(name, 0, fmt.Sprintf("func(h *[16]uint64, p *byte, blocks int, k *[%d][4][8]uint64, s *[4][256]byte)", rounds))
	Pragma("noescape")
	Doc(name+" adds blocks at p to the state h. An element of k is what a round adds to the lower columns of T+",
		"and of Tx and to the upper ones, those of Tx turned up by one byte and by three.")
	h, p := Mem{Base: Load(Param("h"), GP64())}, Mem{Base: Load(Param("p"), GP64())}
	blocks, keys := Load(Param("blocks"), GP64()), Load(Param("k"), GP64())
	g := &crossPlus{kernel: kernel{columns: 16, tables: Mem{Base: Load(Param("s"), GP64())}, matrix: map[byte]reg.Register{}}}
	g.loadMatrices()
	g.middle, g.high, g.odd = opmask(0x6666666666666666), opmask(0xcccccccccccccccc), opmask(0xaaaaaaaaaaaaaaaa)

	var v [4]reg.VecVirtual
	for k := range v {
		v[k] = ZMM()
	}
	k, n := Mem{Base: GP64()}, GP64()
	Label("block")
	for i := range 2 {
		t, x := v[2*i], v[2*i+1]
		VMOVDQU64(p.Offset(64*i), t)
		VPXORQ(h.Offset(64*i), t, x)
		turn(x, 2*i+1)
	}
	MOVQ(keys, k.Base)
	MOVQ(U64(rounds), n)
	Label("round")
	for i := range 2 {
		VPADDQ(k.Offset(128*i), v[2*i], v[2*i])
		VPXORQ(k.Offset(128*i+64), v[2*i+1], v[2*i+1])
	}
	g.round(v)
	ADDQ(U32(256), k.Base)
	DECQ(n)
	JNZ(LabelRef("round"))
	for i := range 2 {
		t, x := v[2*i], v[2*i+1]
		turn(x, -2*i-1)
		VPTERNLOGQ(U8(0x96), h.Offset(64*i), x, t)
		VMOVDQU64(t, h.Offset(64*i))
	}
	ADDQ(U32(128), p.Base)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// opmask returns an opmask with a constant value.
func opmask(v uint64) reg.Register {
	k, t := K(), GP64()
	MOVQ(U64(v), t)
	KMOVQ(t, k)
	return k
}

// turn turns columns up.
func turn(x reg.VecVirtual, bytes int) {
	if bytes = (bytes + 8) % 8; bytes != 0 {
		VPROLQ(U8(uint8(8*bytes)), x, x)
	}
}

// exchange exchanges the bytes of a mask.
func exchange(a, b reg.VecVirtual, bytes reg.Register) {
	t := ZMM()
	VMOVDQA64(a, t)
	VMOVDQU8(b, bytes, a)
	VMOVDQU8(t, bytes, b)
}

// round does the rest of a round, after the sums.
func (g *crossPlus) round(v [4]reg.VecVirtual) {
	turn(v[2], 2)
	exchange(v[0], v[2], g.middle)
	exchange(v[1], v[3], g.high)
	exchange(v[0], v[1], g.odd)
	exchange(v[2], v[3], g.odd)
	var x [4]reg.VecVirtual
	for k, m := range wideRows {
		x[m] = v[k]
	}
	for m := range x {
		g.sub(m, x[m])
		VPERMB(x[m], wideShift(m), x[m])
	}
	g.mixPairs(x)
	for m := range x {
		turn(x[m], m)
	}
	exchange(v[0], v[1], g.odd)
	exchange(v[2], v[3], g.odd)
	exchange(v[0], v[2], g.middle)
	exchange(v[1], v[3], g.high)
	turn(v[2], -2)
}

// wideShift returns the places from which SHIFT takes the rows m and m+4, after the exchange.
func wideShift(m int) reg.VecVirtual {
	z := ZMM()
	VMOVDQU64(vectorData(fmt.Sprintf("wideShift%d", m), func(at int) byte {
		k, row := at%4, m+at&4
		by := row
		if row == 7 {
			by = 11
		}
		from := (8*(k>>1) + at/8 - by + 16) % 16
		k = k&1 | from>>3<<1
		return byte(from%8*8 + (row+k)%8)
	}), z)
	return z
}

// mixPairs is mix for vectors of the rows m and m+4.
func (g *kernel) mixPairs(out [4]reg.VecVirtual) {
	var x, y, p rows
	for i := range out {
		x[i], x[i+4] = out[i], ZMM()
		VPSHUFD(U8(0xb1), x[i], x[i+4])
	}
	for i := range x {
		y[i] = ZMM()
		VGF2P8AFFINEQB(U8(0), g.matrix[4], x[i], y[i])
	}
	for i := range x {
		p[i] = ZMM()
		VPXORQ(y[(i+4)%8], x[i], p[i])
	}
	for r := range out {
		twice := y[r+4]
		xor3(x[(r+5)%8], x[(r+6)%8], twice)
		VGF2P8AFFINEQB(U8(0), g.matrix[2], twice, twice)
	}
	for r := range out {
		xor3(p[(r+1)%8], p[(r+2)%8], x[r])
		xor3(p[(r+3)%8], p[(r+6)%8], x[r])
		VPXORQ(y[r+4], x[r], x[r])
	}
}
