package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The compression of Kupyna. A state is one or two vectors of columns as they are in memory, because
// T+ adds to whole columns. Vectors go through the S-boxes in pairs: those of both permutations, or
// the two of one. The second one is turned, every column up by two bytes, so that what takes S-box 0
// or 1 in one is in the places of what takes S-box 2 or 3 in the other; those bytes are exchanged, and
// each vector takes one S-box in the even and one in the odd bytes. The turn comes with SHIFT, which
// is done before SUB, and goes with MIX, whose terms are turns anyway. Pairs do not wait for each
// other: that is worth more than the halves of lookups that are not used.
type permutations struct {
	columns int
	pairs   [][2]int     // of vectors: all of Tx, then all of T+
	s       [4][4]Op     // quarters of the S-boxes
	high    reg.Register // opmask of the bytes 2 and 3 of every dword
	odd     reg.Register // opmask of the odd bytes
}

// turned says how far the second vector of a pair is turned.
const turned = 2

// kupyna writes the function for states of so many columns.
func kupyna(columns, rounds int) {
	g := &permutations{columns: columns, pairs: [][2]int{{0, 1}}}
	if columns == 16 {
		g.pairs = [][2]int{{0, 1}, {2, 3}}
	}
	name := fmt.Sprintf("compress%dAVX512", 64*columns)
	TEXT(name, 0, fmt.Sprintf("func(h *[%d]uint64, p *byte, blocks int, k *[%d][2][%d]uint64, s *[4][256]byte)", columns, rounds, columns))
	Pragma("noescape")
	Doc(name + " adds blocks at p to the state h.")
	h, p := Mem{Base: Load(Param("h"), GP64())}, Mem{Base: Load(Param("p"), GP64())}
	blocks, keys := Load(Param("blocks"), GP64()), Load(Param("k"), GP64())
	g.load(Mem{Base: Load(Param("s"), GP64())})

	half := columns / 8
	v := make([]reg.VecVirtual, 2*half)
	for i := range v {
		v[i] = ZMM()
	}
	k, n := Mem{Base: GP64()}, GP64()
	Label("block")
	for i := range half {
		VMOVDQU64(p.Offset(64*i), v[half+i])
		VPXORQ(h.Offset(64*i), v[half+i], v[i])
	}
	MOVQ(keys, k.Base)
	MOVQ(U64(uint64(rounds)), n)
	Label("round")
	g.round(v, k)
	ADDQ(U32(uint32(16*columns)), k.Base)
	SUBQ(U8(1), n)
	JNZ(LabelRef("round"))
	for i := range half {
		VPTERNLOGQ(U8(0x96), h.Offset(64*i), v[i], v[half+i])
		VMOVDQU64(v[half+i], h.Offset(64*i))
	}
	ADDQ(U32(uint32(8*columns)), p.Base)
	SUBQ(U8(1), blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// load keeps half of each S-box in registers; the other quarters are operands in memory.
func (g *permutations) load(tables Mem) {
	mask := func(v uint64) reg.Register {
		k, t := K(), GP64()
		MOVQ(U64(v), t)
		KMOVQ(t, k)
		return k
	}
	g.high, g.odd = mask(0xcccccccccccccccc), mask(0xaaaaaaaaaaaaaaaa)
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

// round is a round of all permutations.
func (g *permutations) round(v []reg.VecVirtual, key Mem) {
	half := len(v) / 2
	for i := range half {
		VPXORQ(key.Offset(64*i), v[i], v[i])
		VPADDQ(key.Offset(8*g.columns+64*i), v[half+i], v[half+i])
	}
	if g.columns == 16 {
		for _, p := range g.pairs {
			g.shift16(v[p[0]], v[p[1]])
		}
	}
	each := func(f func(a, b reg.VecVirtual)) {
		for _, p := range g.pairs {
			f(v[p[0]], v[p[1]])
		}
	}
	each(func(a, b reg.VecVirtual) {
		if g.columns == 8 {
			VPERMB(a, g.index(0, 0), a)
			VPERMB(b, g.index(0, turned), b)
		}
		g.exchange(a, b)
	})
	each(func(a, b reg.VecVirtual) {
		g.sub(a, 0)
		g.sub(b, 2)
		g.exchange(a, b)
	})
	each(func(a, b reg.VecVirtual) {
		g.mix(a, 0)
		g.mix(b, turned)
	})
}

// exchange exchanges the bytes 2 and 3 of every dword.
func (g *permutations) exchange(a, b reg.VecVirtual) {
	t := ZMM()
	VMOVDQA64(a, t)
	VMOVDQU8(b, g.high, a)
	VMOVDQU8(t, g.high, b)
}

// index returns the places from which SHIFT with a turn takes the bytes of eight columns.
func (g *permutations) index(first, turn int) reg.VecVirtual {
	z := ZMM()
	VMOVDQU64(vectorData(fmt.Sprintf("from%dof%dturn%d", first, g.columns, turn), func(at int) byte {
		row := (at + 8 - turn) % 8
		by := row
		if g.columns == 16 && row == 7 {
			by = 11
		}
		return byte((first+at/8-by+g.columns)%g.columns*8 + row)
	}), z)
	return z
}

// shift16 applies SHIFT to the two vectors of a state, and turns the second.
func (g *permutations) shift16(a, b reg.VecVirtual) {
	x, y := g.index(0, 0), g.index(8, turned)
	VPERMI2B(b, a, x)
	VPERMI2B(b, a, y)
	VMOVDQA64(x, a)
	VMOVDQA64(y, b)
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

// mix applies MIX to columns that are turned up, and turns them back. The row v of the matrix is
// 1, 1, 5, 1, 8, 6, 7, 4: with t = x + (x down 1), and every term down by so many bytes, it is
// t + (t + 4x) down 2 + 8x down 4 + 6t down 5 + x down 6 + 4x down 7.
func (g *permutations) mix(x reg.VecVirtual, turn int) {
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
