package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The kernels for one block at a time keep it in one vector, as it is in memory. SUB looks all
// bytes up in all S-boxes and takes each from the one of its row.

// serial emits one function.
type serial struct {
	columns            int
	invert             bool
	boxes              [4][4]reg.VecVirtual // 64 entries each
	odd, upper, column reg.Register         // masks: odd rows, rows 2 and 3 of four, the columns of a block
	second             reg.VecVirtual       // the bit below the top one of each byte
	turn               reg.VecVirtual       // where SHIFT takes each byte from
	matrix             map[byte]reg.VecVirtual
}

func serial512(columns int, invert bool) {
	g := &serial{columns: columns, invert: invert, matrix: map[byte]reg.VecVirtual{}}
	name := fmt.Sprintf("chain%dAVX512", columns)
	doc := []string{
		fmt.Sprintf("%s encrypts at least one block of %d columns after it has added to each the block encrypted", name, columns),
		"before, the first time state, which becomes the last. dst moves by step after each.",
	}
	if invert {
		name = fmt.Sprintf("single%dAVX512", columns)
		doc = []string{fmt.Sprintf("%s decrypts a block of %d columns.", name, columns)}
		TEXT(name, attr.NOSPLIT, "func(dst, src *byte, keys *uint64, rounds int, sboxes *[4][256]byte)")
	} else {
		TEXT(name, attr.NOSPLIT, "func(dst, src *byte, blocks, step int, keys *uint64, rounds int, sboxes *[4][256]byte, state *[8]uint64)")
	}
	Pragma("noescape")
	Doc(doc...)
	dst, src := Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("src"), GP64())}
	keys, rounds := Mem{Base: Load(Param("keys"), GP64())}, Load(Param("rounds"), GP64())
	g.setup(Mem{Base: Load(Param("sboxes"), GP64())})

	x := ZMM()
	var blocks, step reg.Register
	if !invert {
		blocks, step = Load(Param("blocks"), GP64()), Load(Param("step"), GP64())
		VMOVDQU64_Z(Mem{Base: Load(Param("state"), GP64())}, g.column, x)
		Label("block")
	}
	key, n := GP64(), GP64()
	MOVQ(keys.Base, key)
	MOVQ(rounds, n)
	t := ZMM()
	VMOVDQU64_Z(src, g.column, t)
	if invert {
		VPSUBQ(g.load(Mem{Base: key}), t, x)
		g.mix(x)
		JMP(LabelRef("enter"))
	} else {
		VPXORQ(t, x, x)
		VPADDQ(g.load(Mem{Base: key}), x, x)
	}
	Label("round")
	if invert {
		g.mix(x)
		VPXORQ(g.load(Mem{Base: key}), x, x)
		Label("enter")
		g.shift(x)
		g.sub(x)
	} else {
		g.round(x)
	}
	ADDQ(U8(uint8(8*columns)), key)
	DECQ(n)
	if !invert {
		JZ(LabelRef("last"))
		VPXORQ(g.load(Mem{Base: key}), x, x)
		JMP(LabelRef("round"))
		Label("last")
		VPADDQ(g.load(Mem{Base: key}), x, x)
		VMOVDQU64(x, g.column, dst)
		ADDQ(U32(uint32(8*columns)), src.Base)
		ADDQ(step, dst.Base)
		DECQ(blocks)
		JNZ(LabelRef("block"))
		VMOVDQU64(x, g.column, Mem{Base: Load(Param("state"), GP64())})
	} else {
		JNZ(LabelRef("round"))
		VPSUBQ(g.load(Mem{Base: key}), x, x)
		VMOVDQU64(x, g.column, dst)
	}
	VZEROUPPER()
	RET()
}

// load returns the columns of a block, again and again.
func (g *serial) load(m Mem) reg.VecVirtual { return repeated(g.columns, m) }

// setup loads constants.
func (g *serial) setup(sboxes Mem) {
	for r := range g.boxes {
		for i := range g.boxes[r] {
			g.boxes[r][i] = ZMM()
			VMOVDQU64(sboxes.Offset(256*r+64*i), g.boxes[r][i])
		}
	}
	k := func(v uint64) reg.Register {
		t, m := GP64(), K()
		MOVQ(U64(v), t)
		KMOVQ(t, m)
		return m
	}
	g.odd, g.upper, g.column = k(0xaaaaaaaaaaaaaaaa), k(0xcccccccccccccccc), k(1<<g.columns-1)
	t := GP64()
	MOVQ(U64(0x4040404040404040), t)
	g.second = ZMM()
	VPBROADCASTQ(t, g.second)
	g.turn = ZMM()
	name := "shift"
	if g.invert {
		name = "unshift"
	}
	VMOVDQU64(vectorData(fmt.Sprintf("%s%d", name, g.columns), func(i int) byte {
		r, c, by := i%8, i/8%g.columns, i%8*g.columns/8
		if g.invert {
			by = g.columns - by
		}
		return byte(i/8/g.columns*g.columns*8 + (c+g.columns-by)%g.columns*8 + r)
	}), g.turn)
	g.loadMatrices()
}

func (g *serial) loadMatrices() {
	list := []byte{4, 6, 8}
	if g.invert {
		list = invMixRow[:]
	}
	for _, v := range list {
		t := GP64()
		MOVQ(U64(times(v)), t)
		g.matrix[v] = ZMM()
		VPBROADCASTQ(t, g.matrix[v])
	}
}

// sub applies SUB or its inverse. It looks up the lower six bits in each quarter of the S-boxes, which
// on Intel's processors takes no more steps than lookups in halves, and is sooner done.
func (g *serial) sub(x reg.VecVirtual) {
	odd, upper, last := K(), K(), K()
	VPTESTMB(g.second, x, odd)
	VPMOVB2M(x, upper)
	KANDQ(odd, upper, last)
	var y [4]reg.VecVirtual
	for r := range y {
		y[r] = ZMM()
		VPERMB(g.boxes[r][0], x, y[r])
	}
	for i, k := range []reg.Register{odd, upper, last} {
		for r := range y {
			VPERMB(g.boxes[r][i+1], x, k, y[r])
		}
	}
	VMOVDQU8(y[1], g.odd, y[0])
	VMOVDQU8(y[3], g.odd, y[2])
	VMOVDQU8(y[2], g.upper, y[0])
	VMOVDQA64(y[0], x)
}

// shift applies SHIFT or its inverse.
func (g *serial) shift(x reg.VecVirtual) {
	if g.columns == 2 {
		VPSHUFB(g.turn, x, x)
	} else {
		VPERMB(x, g.turn, x)
	}
}

// mix applies MIX or its inverse.
func (g *serial) mix(x reg.VecVirtual) {
	times := func(v byte, a reg.VecVirtual) reg.VecVirtual {
		z := ZMM()
		VGF2P8AFFINEQB(U8(0), g.matrix[v], a, z)
		return z
	}
	turned := func(rows int, a reg.VecVirtual) reg.VecVirtual {
		z := ZMM()
		VPRORQ(U8(uint8(8*rows)), a, z)
		return z
	}
	if g.invert {
		sum := ZMM()
		VPXORQ(times(invMixRow[0], x), turned(1, times(invMixRow[1], x)), sum)
		for d := 2; d < 8; d += 2 {
			xor3(turned(d, times(invMixRow[d], x)), turned(d+1, times(invMixRow[d+1], x)), sum)
		}
		VMOVDQA64(sum, x)
		return
	}
	four, t, u, sum := times(4, x), ZMM(), ZMM(), ZMM()
	eight := turned(4, times(8, x))
	VPXORQ(turned(1, x), x, t)
	VPXORQ(four, t, u)
	VMOVDQA64(turned(6, x), sum)
	xor3(turned(7, four), eight, sum)
	xor3(t, turned(2, u), sum)
	VPXORQ(turned(5, times(6, t)), sum, x)
}
