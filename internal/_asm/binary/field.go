package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// field is GF(2^m) modulo t^m + sum of t^k + 1. Each vector holds a pair of 64-bit words of
// several elements, one element in each 128-bit lane. For m = 257 the top bit is a lane mask.
type field struct {
	m  int
	ks []int // ascending
	w  int   // words, without the top bit
	r  int   // pairs of words
}

func newField(m int, ks ...int) *field {
	w := (m + 63) / 64
	if m == 257 {
		w = 4
	}
	return &field{m: m, ks: ks, w: w, r: (w + 1) / 2}
}

var fields = []*field{
	newField(163, 3, 6, 7), newField(167, 6), newField(173, 1, 2, 10), newField(179, 1, 2, 4),
	newField(191, 9), newField(233, 1, 4, 9), newField(257, 12), newField(307, 2, 4, 8),
	newField(367, 21), newField(431, 1, 3, 5), newField(571, 2, 5, 10),
}

// top reports whether elements have a top bit apart from the words.
func (f *field) top() bool { return f.m == 257 }

// regs is the number of vectors of an element, words that of words in Go memory.
func (f *field) regs() int {
	if f.top() {
		return f.r + 1
	}
	return f.r
}

func (f *field) words() int { return (f.m + 63) / 64 }

// elem is the pairs of words, and the top bit in the last place where there is one.
type elem []Op

// big reports whether the elements of a formula do not fit the registers.
func (g *gen) big() bool { return g.avx || g.f.r >= 4 || g.width == 64 || g.tight }

// triple is the product of two pairs of words, low + mid·t^64 + high·t^128.
type triple struct{ l, h, mid adder }

func (g *gen) triple(l, h, mid []Op) (t triple) {
	t.l.g, t.h.g, t.mid.g = g, g, g
	t.l.terms, t.h.terms, t.mid.terms = l, h, mid
	return t
}

func (g *gen) pairMul(a, b Op, single bool) triple {
	if single { // the high words are zero
		return g.triple([]Op{g.clmul(0x00, a, b)}, nil, nil)
	}
	if isMem(a) && isMem(b) {
		a = g.reg(a)
	}
	l := g.clmul(0x00, a, b)
	m := []Op{g.clmul(0x01, a, b), g.clmul(0x10, a, b)}
	return g.triple([]Op{l}, []Op{g.clmul(0x11, a, b)}, m)
}

func (t *triple) add(u triple) {
	t.l.add(u.l.terms...)
	t.mid.add(u.mid.terms...)
	t.h.add(u.h.terms...)
}

// flat adds up the terms and, if there are many of them around, puts them into the frame.
func (g *gen) flat(t triple, name string) triple {
	one := func(a adder, part string) []Op {
		if len(a.terms) == 0 {
			return nil
		}
		z := a.sum()
		if g.f.r >= 4 || g.avx && g.f.r >= 2 {
			m := g.temp(name + part)
			g.set(z, m)
			z = m
		}
		return []Op{z}
	}
	return g.triple(one(t.l, "l"), one(t.h, "h"), one(t.mid, "m"))
}

// products returns the sum of several products, by Karatsuba over pairs of words.
func (g *gen) products(pairs ...[2]elem) []Op {
	var c []Op
	if !g.split() {
		var before Op
		g.karatsuba(pairs, func(p int, terms []Op, mid Op) {
			c = append(c, g.column(p, g.withMid(terms, mid, before)))
			before = mid
		})
		return c
	}
	n, joined := g.lanes(func(half func(elem) elem, put func(Op)) {
		halves := make([][2]elem, len(pairs))
		for i, p := range pairs {
			halves[i] = [2]elem{half(p[0]), half(p[1])}
		}
		g.karatsuba(halves, func(p int, terms []Op, mid Op) {
			put(g.sum(terms...))
			if mid != nil {
				put(mid)
			}
		})
	})
	var before Op
	for i := 0; i < n; i += 2 {
		var mid Op
		terms := []Op{joined(i)}
		if i+1 < n {
			mid = joined(i + 1)
		}
		c = append(c, g.column(i/2, g.withMid(terms, mid, before)))
		before = mid
	}
	return c
}

// withMid appends to the terms of a column what falls into it of the sums that lie across its
// ends, low being the one before it.
func (g *gen) withMid(terms []Op, high, low Op) []Op {
	switch {
	case high != nil && low != nil:
		return append(terms, g.align8(high, low))
	case high != nil:
		return append(terms, g.bsll8(high))
	case low != nil:
		return append(terms, g.bsrl8(low))
	}
	return terms
}

// karatsuba hands over the columns in ascending order: the terms of the column, and the sum in the
// middle between it and the next one, nil if there is none.
func (g *gen) karatsuba(pairs [][2]elem, column func(p int, terms []Op, mid Op)) {
	r := g.f.r
	diag := make([]triple, r)
	for i := range r {
		t := g.triple(nil, nil, nil)
		for _, p := range pairs {
			t.add(g.pairMul(p[0][i], p[1][i], i == r-1 && g.f.w%2 == 1))
		}
		diag[i] = g.flat(t, "diag"+string(rune('0'+i)))
	}
	var h Op // of the position before
	for p := range 2*r - 1 {
		t := g.triple(nil, nil, nil)
		for i := range r {
			if j := p - i; i < j && j < r {
				for _, q := range pairs {
					t.add(g.pairMul(g.xor(q[0][i], q[0][j]), g.xor(q[1][i], q[1][j]), false))
				}
			}
		}
		for i := range r {
			if j := p - i; j >= 0 && j < r {
				t.add(diag[i])
			}
		}
		terms := []Op{t.l.sum()}
		if h != nil {
			terms = append(terms, h)
		}
		var mid Op
		if len(t.mid.terms) > 0 {
			mid = t.mid.sum()
		}
		column(p, terms, mid)
		h = nil
		if len(t.h.terms) > 0 {
			h = t.h.sum()
		}
	}
	if h != nil {
		column(2*r-1, []Op{h}, nil)
	}
}

// column finishes one pair of words of a product.
func (g *gen) column(p int, terms []Op) Op {
	z := g.sum(terms...)
	if g.avx && g.f.r >= 3 {
		m := g.temp("col" + string(rune('0'+p)))
		g.set(z, m)
		return m
	}
	return z
}

// high returns c >> m.
func (g *gen) high(c []Op) []Op {
	mb, off := g.f.m%64, g.f.m/64
	h := make([]Op, g.f.r)
	for j := range h {
		lo := 2*j + off
		k := lo / 2
		switch {
		case lo%2 == 0 && k+1 < len(c):
			h[j] = g.sum(g.shrd(mb, c[k], g.align8(c[k+1], c[k]))...)
		case lo%2 == 0:
			h[j] = g.sum(g.shrd(mb, c[k], g.bsrl8(c[k]))...)
		case k+1 < len(c):
			h[j] = g.sum(g.shrd(mb, g.align8(c[k+1], c[k]), c[k+1])...)
		default:
			h[j] = g.srl(mb, g.bsrl8(c[k]))
		}
	}
	return h
}

// reduce reduces a product. What a shift by k moves out at the top of h is m-k bits further up,
// so it comes out of the top word alone, because m mod 64 ≥ k in all these fields.
func (g *gen) reduce(c []Op) elem {
	f := g.f
	mb := f.m % 64
	h := g.high(c)
	top := h[f.r-1]
	if f.w%2 == 0 {
		top = g.bsrl8(top)
	}
	spilt := adder{g: g}
	for _, k := range f.ks {
		spilt.add(g.srl(mb-k, top))
	}
	e := spilt.sum()
	out := make(elem, f.r)
	for j := range out {
		terms := adder{g: g}
		terms.add(c[j], h[j])
		low := g.bsll8(h[0])
		if j > 0 {
			low = g.align8(h[j], h[j-1])
		}
		for _, k := range f.ks {
			terms.add(g.shld(k, h[j], low)...)
		}
		if j == 0 {
			terms.add(e)
			for _, k := range f.ks {
				terms.add(g.sll(k, e))
			}
		}
		out[j] = terms.sum()
	}
	out[f.r-1] = g.and(out[f.r-1], g.mask)
	return out
}

// reduce257 reduces the words c and the top bit, a lane mask, of a product.
func (g *gen) reduce257(c []Op, c8 Op) elem {
	h0 := g.sum(g.shrd(1, c[2], g.align8(c[3], c[2]))...)
	h1 := g.sum(g.shrd(1, c[3], g.align8(c8, c[3]))...)
	h3 := g.bsrl8(h1)
	e := g.srl(53, h3)
	lo := append([]Op{c[0], h0}, g.shld(12, h0, g.bsll8(h0))...)
	hi := append([]Op{c[1], h1}, g.shld(12, h1, g.align8(h1, h0))...)
	u := g.xor(g.sll(63, c[2]), g.sll(11, h3))
	lo = append(lo, e, g.sll(12, e))
	t := g.vec()
	VPSRAD(U8(31), u, t)
	VPSHUFD(U8(0x55), t, t)
	return elem{g.sum(lo...), g.sum(hi...), t}
}

// mul returns a·b.
func (g *gen) mul(a, b elem) elem { return g.mulAdd([2]elem{a, b}) }

// mulAdd returns a sum of products.
func (g *gen) mulAdd(pairs ...[2]elem) elem {
	c := g.products(pairs...)
	if !g.f.top() {
		return g.reduce(c)
	}
	g.addTops(c, pairs...)
	var tops []Op
	for _, p := range pairs {
		tops = append(tops, g.and(p[0][2], p[1][2]))
	}
	return g.reduce257(c, g.sum(tops...))
}

// addTops adds the products of the top bits with the words: c[4..7] += ta·b + tb·a.
func (g *gen) addTops(c []Op, pairs ...[2]elem) {
	for i := range 2 {
		z := c[2+i]
		if isMem(z) {
			panic("column in memory")
		}
		for _, p := range pairs {
			g.addAnd(p[0][2], p[1][i], vecOf(z))
			g.addAnd(p[1][2], p[0][i], vecOf(z))
		}
	}
}

// sqr returns a².
func (g *gen) sqr(a elem) elem { return g.reduceSquare(a, nil) }

// mulAddSqr returns a·b + s², with one reduction.
func (g *gen) mulAddSqr(a, b, s elem) elem {
	c := g.products([2]elem{a, b})
	if g.f.top() {
		g.addTops(c, [2]elem{a, b})
		c = append(c, g.and(a[2], b[2]))
	}
	return g.reduceSquare(s, c)
}

// reduceSquare reduces the sum of a² and c, which may be nil.
func (g *gen) reduceSquare(a elem, c []Op) elem {
	sum := make([]Op, 0, len(c))
	add := func(z Op) {
		i := len(sum)
		terms := []Op{z}
		if c != nil {
			terms = append(terms, c[i])
		}
		sum = append(sum, g.column(i, terms))
	}
	if g.split() {
		n, joined := g.lanes(func(half func(elem) elem, put func(Op)) { g.squares(half(a), put) })
		for i := range n {
			add(joined(i))
		}
	} else {
		g.squares(a, add)
	}
	if !g.f.top() {
		return g.reduce(sum)
	}
	top := a[2]
	if c != nil {
		top = g.xor(top, c[4])
	}
	return g.reduce257(sum, top)
}

// squares hands over the squares of the words of a.
func (g *gen) squares(a elem, put func(z Op)) {
	for i := range g.f.r {
		x := g.reg(a[i])
		put(g.clmul(0x00, x, x))
		if i < g.f.r-1 || g.f.w%2 == 0 {
			put(g.clmul(0x11, x, x))
		}
	}
}

// hold keeps an element: in the frame under that name if there are too few registers.
func (g *gen) hold(a elem, name string) elem {
	if !g.big() {
		return a
	}
	z := make(elem, len(a))
	for i := range a {
		m := g.temp(name + string(rune('0'+i)))
		g.set(a[i], m)
		z[i] = m
	}
	return z
}

// add returns a + b.
func (g *gen) add(a, b elem) elem {
	z := make(elem, len(a))
	for i := range a {
		z[i] = g.xor(a[i], b[i])
	}
	return z
}

// tempElem is an element of the frame.
func (g *gen) tempElem(name string) elem {
	z := make(elem, g.f.regs())
	for i := range z {
		z[i] = g.temp(name + string(rune('0'+i)))
	}
	return z
}

// each makes an element pair by pair.
func (g *gen) each(op func(i int) Op) elem {
	z := make(elem, g.f.regs())
	for i := range z {
		z[i] = op(i)
	}
	return z
}
