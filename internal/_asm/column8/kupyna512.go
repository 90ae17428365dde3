package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The compression of Kupyna for states of eight columns. A state is a vector of columns as they are in
// memory, because T+ adds to whole columns. The two permutations go through the S-boxes together: T+ is
// turned, every column up by two bytes, so that what takes S-box 0 or 1 in one is in the places of what
// takes S-box 2 or 3 in the other; those bytes are exchanged, and each vector takes one S-box in the
// even and one in the odd bytes. The turn comes with SHIFT, which is done before SUB, and goes with MIX,
// whose terms are turns anyway.
type permutations struct {
	s         [4][4]Op     // quarters of the S-boxes
	high, odd reg.Register // opmasks of the bytes 2 and 3, and 1 and 3, of every dword
}

// turned says how far T+ is turned.
const turned = 2

// kupyna512 writes the function.
func kupyna512() {
	const name, rounds = "compress512AVX512", 10
	TEXT(name, 0, fmt.Sprintf("func(h *[8]uint64, p *byte, blocks int, k *[%d][2][8]uint64, s *[4][256]byte)", rounds))
	Pragma("noescape")
	Doc(name + " adds blocks at p to the state h.")
	h, p := Mem{Base: Load(Param("h"), GP64())}, Mem{Base: Load(Param("p"), GP64())}
	blocks, keys := Load(Param("blocks"), GP64()), Load(Param("k"), GP64())
	g := &permutations{high: opmask(0xcccccccccccccccc), odd: opmask(0xaaaaaaaaaaaaaaaa)}
	g.load(Mem{Base: Load(Param("s"), GP64())})

	cross, plus := ZMM(), ZMM()
	k, n := Mem{Base: GP64()}, GP64()
	Label("block")
	VMOVDQU64(p, plus)
	VPXORQ(h, plus, cross)
	MOVQ(keys, k.Base)
	MOVQ(U64(rounds), n)
	Label("round")
	VPXORQ(k, cross, cross)
	VPADDQ(k.Offset(64), plus, plus)
	g.round(cross, plus)
	ADDQ(U32(128), k.Base)
	SUBQ(U8(1), n)
	JNZ(LabelRef("round"))
	VPTERNLOGQ(U8(0x96), h, cross, plus)
	VMOVDQU64(plus, h)
	ADDQ(U8(64), p.Base)
	SUBQ(U8(1), blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// load keeps half of each S-box in registers; the other quarters are operands in memory.
func (g *permutations) load(tables Mem) {
	for i := range g.s {
		for j := range g.s[i] {
			m := tables.Offset(256*i + 64*j)
			g.s[i][j] = m
			if j%2 == 0 {
				z := ZMM()
				VMOVDQU64(m, z)
				g.s[i][j] = z
			}
		}
	}
}

// round does the rest of a round, after the sums.
func (g *permutations) round(a, b reg.VecVirtual) {
	VPERMB(a, index(0), a)
	VPERMB(b, index(turned), b)
	exchange(a, b, g.high)
	g.sub(a, 0)
	g.sub(b, 2)
	exchange(a, b, g.high)
	mixColumns(a, 0)
	mixColumns(b, turned)
}

// index returns the places from which SHIFT with a turn takes the bytes.
func index(turn int) reg.VecVirtual {
	z := ZMM()
	VMOVDQU64(vectorData(fmt.Sprintf("shiftTurn%d", turn), func(at int) byte {
		row := (at + 8 - turn) % 8
		return byte((at/8-row+8)%8*8 + row)
	}), z)
	return z
}

// sub looks up even bytes in S-box s and odd ones in the next.
func (g *permutations) sub(x reg.VecVirtual, s int) {
	y := ZMM()
	VMOVDQA64(x, y)
	g.lookUp(x, s)
	g.lookUp(y, s+1)
	VMOVDQU8(y, g.odd, x)
}

// lookUp looks up all bytes in S-box s.
func (g *permutations) lookUp(x reg.VecVirtual, s int) {
	top, upper := K(), ZMM()
	VPMOVB2M(x, top)
	VMOVDQA64(x, upper)
	VPERMI2B(g.s[s][1], g.s[s][0], x)
	VPERMI2B(g.s[s][3], g.s[s][2], upper)
	VMOVDQU8(upper, top, x)
}

// mixColumns applies MIX to columns that are turned up, and turns them back. The row v of the matrix is
// 1, 1, 5, 1, 8, 6, 7, 4: with t = x + (x down 1), and every term down by so many bytes, it is
// t + (t + 4x) down 2 + 8x down 4 + 6t down 5 + x down 6 + 4x down 7.
func mixColumns(x reg.VecVirtual, turn int) {
	down := func(v reg.VecVirtual, bytes int) reg.VecVirtual {
		z := ZMM()
		switch bytes %= 8; bytes {
		case 0:
			VMOVDQA64(v, z)
		case 1, 4, 6: // some of the turns: all as VPROR would compete with the products
			VPSHUFB(vectorData(fmt.Sprintf("down%d", bytes), func(i int) byte { return byte(i%16/8*8 + (i+bytes)%8) }), v, z)
		default:
			VPRORQ(U8(uint8(8*bytes)), v, z)
		}
		return z
	}
	scaled := func(v byte, x reg.VecVirtual) reg.VecVirtual {
		m := times(v)
		z := ZMM()
		VGF2P8AFFINEQB_BCST(U8(0), vectorData(fmt.Sprintf("times%d", v), func(i int) byte { return byte(m >> (8 * (i % 8))) }), x, z)
		return z
	}
	t := down(x, 1)
	VPXORQ(x, t, t)
	six, four, eight := scaled(6, t), scaled(4, x), scaled(8, x)
	sum := ZMM()
	VPXORQ(four, t, sum)
	terms := []reg.VecVirtual{
		down(sum, 2+turn), down(eight, 4+turn), down(x, 6+turn), down(four, 7+turn), down(six, 5+turn),
	}
	z := down(t, turn)
	xor3(terms[0], terms[1], z)
	xor3(terms[2], terms[3], z)
	VPXORQ(terms[4], z, x)
}
