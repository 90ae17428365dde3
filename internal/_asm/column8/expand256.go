package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// expander emits one function: see expand512 for what it does.
type expander struct {
	serial2           // of one block
	all       serial2 // of eight columns: one block or more
	k, sliced Mem     // a key, 64 bytes, and in the form of the rows
	base      Mem     // that which the round keys come from
	counter   Mem
	turned    Mem // the key, again and again
}

func expand256(columns int) {
	name := fmt.Sprintf("expand%dAVX2", columns)
	TEXT(name, 0, "func(keys *uint64, key *byte, words, rounds int, sboxes *[2][16][2][16]byte)")
	Pragma("noescape")
	Doc(expandDoc(name, columns)...)
	keys, key := Mem{Base: Load(Param("keys"), GP64())}, Mem{Base: Load(Param("key"), GP64())}
	words, n := Load(Param("words"), GP64()), Load(Param("rounds"), GP64())
	frame := GP64()
	LEAQ(AllocLocal(5*64+3*64+32), frame)
	ADDQ(U8(31), frame)
	ANDQ(I8(-32), frame)
	at := func(n int) Mem { return Mem{Base: frame, Disp: 64 * n} }
	g := &expander{k: at(1), sliced: at(2), base: at(3), counter: at(4), turned: at(5)}
	g.serial2 = serial2{columns: columns, boxes: Mem{Base: Load(Param("sboxes"), GP64())}, block: at(0)}
	g.all = serial2{columns: 8}
	groups(n, columns)
	g.begin(key, words)
	g.repeat(key, words)

	blocks := 8 / columns
	from, pair, odd := GP64(), GP64(), GP64() // from each even block to the next, and to the odd one
	LEAQ(g.turned, from)
	if columns < 8 {
		MOVQ(U32(16), pair)
		MOVQ(U32(8), odd)
		CMPQ(words, U8(uint8(columns)))
		JEQ(LabelRef("group"))
		MOVQ(U32(8), pair)
		MOVQ(U32(uint32(8*columns)), odd)
	}
	Label("group")
	g.nextKey()
	for b := range blocks {
		p := from
		if b > 0 {
			p = GP64()
			switch b {
			case 1:
				LEAQ(Mem{Base: from, Index: odd, Scale: 1}, p)
			case 2:
				LEAQ(Mem{Base: from, Index: pair, Scale: 1}, p)
			case 3:
				LEAQ(Mem{Base: from, Index: pair, Scale: 1}, p)
				ADDQ(odd, p)
			}
		}
		for i := range columns / 2 {
			at, t := 8*columns*b+16*i, XMM()
			VMOVDQU(Mem{Base: p, Disp: 16 * i}, t)
			VPADDQ(g.k.Offset(at), t, t)
			VMOVDQA(t, g.block.Offset(at))
		}
	}
	x := g.all.slice(g.block)
	g.round(x, g.sliced)
	g.round(x, mixErrors())
	g.store(g.add(x, g.k), keys)
	ADDQ(U32(128), keys.Base)
	switch blocks {
	case 1:
		ADDQ(U8(8), from)
	case 2:
		ADDQ(pair, from)
	case 4:
		LEAQ(Mem{Base: from, Index: pair, Scale: 2}, from)
	}
	DECQ(n)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

func mixErrors() Mem { return lanes("mixError", func(int) byte { return mixError }) }

// round applies SUB, SHIFT and MIX and adds the key, which makes up for what MIX is off by.
func (g *expander) round(x halves, key Mem) {
	g.sub(x)
	g.mix(x, key)
}

// half loads 32 bytes of as many blocks as there are in 64 bytes, all equal.
func (g *expander) half(m Mem, h int) reg.VecVirtual {
	z := YMM()
	if g.columns == 2 {
		VBROADCASTI128(m, z)
	} else {
		VMOVDQU(m.Offset(32*h%(8*g.columns)), z)
	}
	return z
}

// begin makes the base from the key.
func (g *expander) begin(key Mem, words reg.Register) {
	start, t, end := YMM(), XMM(), GP64()
	LEAQ(Mem{Base: words, Disp: g.columns + 1}, end)
	MOVQ(end, t)
	VPBROADCASTQ(t, start)
	LEAQ(Mem{Base: key.Base, Index: words, Scale: 8, Disp: -8 * g.columns}, end)
	for h := range 2 {
		k, sum := g.half(key, h), YMM()
		VMOVDQA(k, g.k.Offset(32*h))
		VPAND(onFirst(g.columns, ^uint64(0)).Offset(32*h), start, sum)
		VPADDQ(k, sum, sum)
		VMOVDQA(sum, g.block.Offset(32*h))
		VMOVDQA(g.half(Mem{Base: end}, h), g.base.Offset(32*h))
		counter := YMM()
		VMOVDQU(g.counters().Offset(32*h), counter)
		VMOVDQA(counter, g.counter.Offset(32*h))
	}
	g.sliceKey(g.base)
	x := g.all.slice(g.block)
	g.round(x, g.sliced)
	g.round(x, mixErrors())
	for q, v := range g.add(x, g.k) {
		VMOVDQA(v, g.block.Offset(16*q))
	}
	x = g.all.slice(g.block)
	g.round(x, mixErrors())
	for q, v := range g.add(x, Mem{}) {
		VMOVDQA(v, g.base.Offset(16*q))
	}
}

func (g *expander) counters() Mem {
	return quads(fmt.Sprintf("counter%d", g.columns), func(i int) int { return everyWord << (i / g.columns) })
}

// sliceKey makes the key for the middle of two rounds.
func (g *expander) sliceKey(from Mem) {
	for i, v := range g.all.slice(from) {
		VPXOR(mixErrors(), v, v)
		VMOVDQA(v, g.sliced.Offset(32*i))
	}
}

// nextKey makes the key for the next group, and counts.
func (g *expander) nextKey() {
	for h := range 2 {
		counter, sum := YMM(), YMM()
		VMOVDQA(g.counter.Offset(32*h), counter)
		VPADDQ(g.base.Offset(32*h), counter, sum)
		VMOVDQA(sum, g.k.Offset(32*h))
		VPSLLQ(U8(uint8(8/g.columns)), counter, counter)
		VMOVDQA(counter, g.counter.Offset(32*h))
	}
	g.sliceKey(g.k)
}

// repeat copies the key until there are 24 words.
func (g *expander) repeat(key Mem, words reg.Register) {
	if g.columns < 8 {
		CMPQ(words, U8(uint8(g.columns)))
		JNE(LabelRef("double"))
		for i := range 6 {
			VMOVDQA(g.half(key, i), g.turned.Offset(32*i))
		}
		JMP(LabelRef("repeated"))
		Label("double")
	}
	twice := &expander{serial2: serial2{columns: min(8, 2*g.columns)}}
	for i := range 6 {
		VMOVDQA(twice.half(key, i), g.turned.Offset(32*i))
	}
	if g.columns < 8 {
		Label("repeated")
	}
}

// add takes the rows together and adds a key if there is one. Each vector has two columns.
func (g *expander) add(x halves, key Mem) (y [4]reg.VecVirtual) {
	for q := range y {
		both, low := g.all.unslice(x, q), XMM()
		y[q] = XMM()
		VEXTRACTI128(U8(0), both, low)
		VEXTRACTI128(U8(1), both, y[q])
		VPXOR(low, y[q], y[q])
		if key.Base != nil {
			VPADDQ(key.Offset(16*q), y[q], y[q])
		}
	}
	return y
}

// store writes even round keys and the odd ones after them, the bytes of which come from 2c+3 bytes
// further on in a block of c columns.
func (g *expander) store(y [4]reg.VecVirtual, keys Mem) {
	n, by := g.columns/2, 2*g.columns+3
	for q, v := range y {
		block, i := q/n*n, q%n
		at := keys.Offset(16 * (2*block + i))
		VMOVDQU(v, at)
		t := XMM()
		VPALIGNR(U8(uint8(by%16)), y[block+(i+by/16)%n], y[block+(i+by/16+1)%n], t)
		VMOVDQU(t, at.Offset(16*n))
	}
}
