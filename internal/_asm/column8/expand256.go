package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// With AVX2 the rounds are those of one block, but for the order of the bytes. To take eight columns
// apart, a shuffle brings four rows of two columns each, with the rows four places after them,
// together in double words; the rest is exchanging those.

// expander emits one function: see expand512 for what it does.
type expander struct {
	serial2
	k, sliced Mem // a key, 64 bytes, and in the form of the rows
	base      Mem // that which the round keys come from
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
	LEAQ(AllocLocal(4*64+3*64+32), frame)
	ADDQ(U8(31), frame)
	ANDQ(I8(-32), frame)
	at := func(n int) Mem { return Mem{Base: frame, Disp: 64 * n} }
	g := &expander{k: at(0), sliced: at(1), base: at(2), counter: at(3), turned: at(4)}
	g.serial2 = serial2{columns: columns, paired: true, boxes: Mem{Base: Load(Param("sboxes"), GP64())}}
	groups(n, columns)
	g.repeat(key, words)
	g.begin(key, words)

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
	x := g.slice(g.parts(from, pair, odd))
	g.round(x, g.sliced)
	g.round(x, mixErrors())
	g.store(g.add(x, g.k), keys, n)
	ADDQ(U32(128), keys.Base)
	switch columns {
	case 2:
		LEAQ(Mem{Base: from, Index: pair, Scale: 2}, from)
	case 4:
		ADDQ(pair, from)
	default:
		ADDQ(U8(8), from)
	}
	DECQ(n)
	JNZ(LabelRef("group"))
	if columns == 2 {
		Label("done")
	}
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
	VMOVQ(end, t)
	VPBROADCASTQ(t, start)
	LEAQ(Mem{Base: key.Base, Index: words, Scale: 8, Disp: -8 * g.columns}, end)
	var sum, last halves
	for h := range sum {
		k := g.half(key, h)
		sum[h] = YMM()
		VMOVDQA(k, g.k.Offset(32*h))
		VPAND(onFirst(g.columns, ^uint64(0)).Offset(32*h), start, sum[h])
		VPADDQ(k, sum[h], sum[h])
		last[h] = g.half(Mem{Base: end}, h)
		counter := YMM()
		VMOVDQU(g.counters().Offset(32*h), counter)
		VMOVDQA(counter, g.counter.Offset(32*h))
	}
	g.sliceKey(last)
	x := g.slice(sum)
	g.round(x, g.sliced)
	g.round(x, mixErrors())
	x = g.slice(g.add(x, g.k))
	g.round(x, mixErrors())
	for h, v := range g.unslice(x) {
		VMOVDQA(v, g.base.Offset(32*h))
	}
}

func (g *expander) counters() Mem {
	return quads(fmt.Sprintf("counter%d", g.columns), func(i int) int { return everyWord << (i / g.columns) })
}

// sliceKey makes the key for the middle of two rounds.
func (g *expander) sliceKey(k halves) {
	for h, v := range g.slice(k) {
		VPXOR(mixErrors(), v, v)
		VMOVDQA(v, g.sliced.Offset(32*h))
	}
}

// nextKey makes the key for the next group, and counts.
func (g *expander) nextKey() {
	var k halves
	for h := range k {
		counter := YMM()
		k[h] = YMM()
		VMOVDQA(g.counter.Offset(32*h), counter)
		VPADDQ(g.base.Offset(32*h), counter, k[h])
		VMOVDQA(k[h], g.k.Offset(32*h))
		VPSLLQ(U8(uint8(8/g.columns)), counter, counter)
		VMOVDQA(counter, g.counter.Offset(32*h))
	}
	g.sliceKey(k)
}

// parts adds the parts of the key that the next group takes to its key.
func (g *expander) parts(from, pair, odd reg.Register) (z halves) {
	index := func(m Mem, r reg.Register) Mem {
		m.Index, m.Scale = r, 1
		return m
	}
	first := Mem{Base: from}
	z = halves{YMM(), YMM()}
	switch g.columns {
	case 2:
		for h, m := range []Mem{first, index(first, pair)} {
			if h == 1 {
				p := GP64()
				LEAQ(m, p)
				m = Mem{Base: p}
			}
			VMOVDQU(m, z[h].AsX())
			VINSERTI128(U8(1), index(m, odd), z[h], z[h])
			VPADDQ(g.k.Offset(32*h), z[h], z[h])
		}
	case 4:
		VMOVDQA(g.k, z[0])
		VMOVDQA(g.k.Offset(32), z[1])
		VPADDQ(first, z[0], z[0])
		VPADDQ(index(first, odd), z[1], z[1])
	default:
		for h := range z {
			VMOVDQA(g.k.Offset(32*h), z[h])
			VPADDQ(first.Offset(32*h), z[h], z[h])
		}
	}
	return z
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

// inPairs is the shuffle of two columns.
func inPairs(i int) byte { return byte(i%2*8 + i/4 + i%4/2*4) }

// crossed takes the middle quadwords for each other.
func crossed(x halves) (z halves) {
	for h, v := range x {
		z[h] = YMM()
		VPERMQ(U8(0xd8), v, z[h])
	}
	return z
}

// slice takes eight columns apart.
func (g *expander) slice(x halves) halves {
	var pairs halves
	for h, v := range x {
		pairs[h] = YMM()
		VPSHUFB(lanes("inPairs", inPairs), v, pairs[h])
	}
	low, high := YMM(), YMM()
	VPUNPCKLDQ(pairs[1], pairs[0], low)
	VPUNPCKHDQ(pairs[1], pairs[0], high)
	return crossed(halves{low, high})
}

// unslice is the inverse of slice.
func (g *expander) unslice(x halves) (z halves) {
	x = crossed(x)
	for h, imm := range []uint8{0x88, 0xdd} {
		z[h] = YMM()
		VSHUFPS(U8(imm), x[1], x[0], z[h])
		VPSHUFB(lanes("outOfPairs", func(i int) (at byte) {
			for inPairs(int(at)) != byte(i) {
				at++
			}
			return at
		}), z[h], z[h])
	}
	return z
}

// add takes the rows together and adds a key.
func (g *expander) add(x halves, key Mem) halves {
	x = g.unslice(x)
	for h, v := range x {
		VPADDQ(key.Offset(32*h), v, v)
	}
	return x
}

// store writes even round keys and the odd ones after them, the bytes of which come from 2c+3 bytes
// further on in a block of c columns. Of two columns it stops in the middle where n ends.
func (g *expander) store(x halves, keys Mem, n reg.Register) {
	odd, by := halves{YMM(), YMM()}, U8(uint8((2*g.columns+3)%16))
	switch g.columns {
	case 2:
		for h, v := range x {
			VPALIGNR(by, v, v, odd[h])
			for i := range 2 {
				at := keys.Offset(64*h + 32*i)
				for j, w := range []reg.VecVirtual{v, odd[h]} {
					if i == 0 {
						VMOVDQU(w.AsX(), at.Offset(16*j))
					} else {
						VEXTRACTI128(U8(1), w, at.Offset(16*j))
					}
				}
			}
			if h == 0 {
				DECQ(n)
				JZ(LabelRef("done"))
			}
		}
		return
	case 4:
		for h, v := range x {
			VPALIGNR(by, v, lane(0x01, v, v), odd[h])
		}
		x[1], odd[0] = odd[0], x[1]
	default:
		for h, v := range x {
			VPALIGNR(by, lane(0x21, v, x[1-h]), x[1-h], odd[h])
		}
	}
	for h := range x {
		VMOVDQU(x[h], keys.Offset(32*h))
		VMOVDQU(odd[h], keys.Offset(64+32*h))
	}
}
