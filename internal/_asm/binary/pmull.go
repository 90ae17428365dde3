package main

import "fmt"

// The tier arm64: one element a value for each pair of words, products by VPMULL and VPMULL2.
// What is above the field comes down by a product with a constant: it takes fewer instructions
// than shifts do, for trinomials no more.

// pairs is an element: the pairs of words and, with a top bit apart, that bit as a mask.
type pairs []val

// constants are what the reduction needs.
type constants struct {
	zero, mask val
	poly       val // t^m modulo the field polynomial, twice
	fold       val // t^(64w) modulo the field polynomial, twice; nothing with a top bit apart
}

// lowTerms is t^m modulo the field polynomial.
func (f *field) lowTerms() uint64 {
	q := uint64(1)
	for _, k := range f.ks {
		q |= 1 << k
	}
	return q
}

// spills reports whether a product folded once is longer than w words.
func (f *field) spills() bool { return f.m+f.ks[len(f.ks)-1] > 64*f.w }

// constantWords are the words of the table in memory.
func (f *field) constantWords() []uint64 {
	mask := [2]uint64{^uint64(0), ^uint64(0) >> (64 - f.m%64)}
	if f.w%2 == 1 {
		mask = [2]uint64{mask[1], 0}
	}
	if f.top() {
		return []uint64{0, 0, 1, 0, f.lowTerms(), f.lowTerms(), 0, 0}
	}
	over := 64*f.w - f.m
	fold := f.lowTerms() << over
	if fold>>over != f.lowTerms() {
		panic("t^(64w) has more than 64 bits")
	}
	return []uint64{0, 0, mask[0], mask[1], f.lowTerms(), f.lowTerms(), fold, fold}
}

// constants finds the table, which the register points at from now on.
func (n *neon) constants(reg string) {
	n.raw("MOVD $·constants%d<>(SB), %s", n.f.m, reg)
	at := func(i int) val { return n.load(fmt.Sprintf("%d(%s)", 16*i, reg)) }
	n.c = constants{zero: at(0), mask: at(1), poly: at(2), fold: at(3)}
}

// fixConstants keeps them in registers.
func (n *neon) fixConstants() {
	for _, v := range []*val{&n.c.zero, &n.c.mask, &n.c.poly, &n.c.fold} {
		*v = n.fix(*v)
	}
}

// read loads an element in Go memory.
func (n *neon) read(reg string, off int) pairs {
	var z pairs
	for i := range n.f.r {
		at := fmt.Sprintf("%d(%s)", off+16*i, reg)
		if 2*i+1 < n.f.w {
			z = append(z, n.load(at))
		} else {
			z = append(z, n.load8(at))
		}
	}
	if n.f.top() {
		t := n.dup(n.load8(fmt.Sprintf("%d(%s)", off+32, reg)))
		z = append(z, n.test(t, t))
	}
	return z
}

// write stores an element in Go memory.
func (n *neon) write(a pairs, reg string, off int) {
	for i := range n.f.r {
		at := fmt.Sprintf("%d(%s)", off+16*i, reg)
		if 2*i+1 < n.f.w {
			n.store(a[i], at)
		} else {
			n.store8(a[i], at)
		}
	}
	if n.f.top() {
		n.store8(n.and(a[2], n.c.mask), fmt.Sprintf("%d(%s)", off+32, reg))
	}
}

// slots reserves an element of the frame.
func (n *neon) slots() (z []string) {
	for range n.f.regs() {
		z = append(z, n.slot())
	}
	return z
}

func (n *neon) put(a pairs, at []string) {
	for i := range a {
		n.store(a[i], at[i])
	}
}

func (n *neon) get(at []string) (z pairs) {
	for i := range at {
		z = append(z, n.load(at[i]))
	}
	return z
}

func (n *neon) pinPairs() (z pairs) {
	for range n.f.regs() {
		z = append(z, n.pin())
	}
	return z
}

func (n *neon) setPairs(pins, a pairs) {
	for i := range a {
		n.set(pins[i], a[i])
	}
}

func (n *neon) addPairs(a, b pairs) (z pairs) {
	for i := range a {
		z = append(z, n.xor(a[i], b[i]))
	}
	return z
}

// part collects the terms of low + mid·t^64 + high·t^128.
type part struct{ low, mid, high []val }

func (p *part) add(q part) {
	p.low = append(p.low, q.low...)
	p.mid = append(p.mid, q.mid...)
	p.high = append(p.high, q.high...)
}

// flat adds up the terms.
func (n *neon) flat(p part) part {
	for _, t := range []*[]val{&p.low, &p.mid, &p.high} {
		if len(*t) > 1 {
			*t = []val{n.sum(*t...)}
		}
	}
	return p
}

// pairProduct multiplies two pairs of words.
func (n *neon) pairProduct(a, b val) part {
	s := n.swap(b)
	return part{[]val{n.low(a, b)}, []val{n.low(a, s), n.high(a, s)}, []val{n.high(a, b)}}
}

// product returns the pairs of words of a sum of products: Karatsuba over pairs of words, but a
// single top word is multiplied as it is, which takes fewer instructions.
func (n *neon) product(factors ...[2]pairs) []val {
	r := n.f.r
	single := func(i int) bool { return i == r-1 && n.f.w%2 == 1 }
	diag := make([]part, r)
	for i := range r {
		for _, q := range factors {
			if single(i) {
				diag[i].low = append(diag[i].low, n.low(q[0][i], q[1][i]))
			} else {
				diag[i].add(n.pairProduct(q[0][i], q[1][i]))
			}
		}
		diag[i] = n.flat(diag[i])
	}
	columns := make([]part, 2*r-1)
	for i := range r {
		columns[2*i].add(diag[i])
		for j := range i {
			for _, q := range factors {
				a, b := q[0], q[1]
				if single(i) {
					at, bt := n.dup(a[i]), n.dup(b[i])
					columns[i+j].low = append(columns[i+j].low, n.low(a[j], bt), n.low(b[j], at))
					columns[i+j].mid = append(columns[i+j].mid, n.high(a[j], bt), n.high(b[j], at))
				} else {
					columns[i+j].add(n.pairProduct(n.xor(a[i], a[j]), n.xor(b[i], b[j])))
				}
			}
			if !single(i) {
				columns[i+j].add(diag[i])
				columns[i+j].add(diag[j])
			}
			columns[i+j] = n.flat(columns[i+j]) // to have few values at a time
		}
	}
	return n.join(columns)
}

// join adds up the parts of columns.
func (n *neon) join(columns []part) []val {
	var c []val
	high, mid := none, none
	for p := 0; p < len(columns) || high != none || mid != none; p++ {
		var q part
		if p < len(columns) {
			q = n.flat(columns[p])
		}
		terms := q.low
		if high != none {
			terms = append(terms, high)
		}
		next := none
		if len(q.mid) > 0 {
			next = q.mid[0]
		}
		switch {
		case next != none && mid != none:
			terms = append(terms, n.ext(mid, next))
		case next != none:
			terms = append(terms, n.ext(n.c.zero, next))
		case mid != none:
			terms = append(terms, n.ext(mid, n.c.zero))
		}
		c = append(c, n.sum(terms...))
		high, mid = none, next
		if len(q.high) > 0 {
			high = q.high[0]
		}
	}
	return c
}

// spread adds the products p of single words, that of word i at bit 64i, to the pairs c.
func (n *neon) spread(c, p []val) (z pairs) {
	odd := n.c.zero
	for j := range c {
		terms := []val{c[j]}
		if 2*j < len(p) {
			terms = append(terms, p[2*j])
		}
		next := n.c.zero
		if 2*j+1 < len(p) {
			next = p[2*j+1]
		}
		z = append(z, n.sum(append(terms, n.ext(odd, next))...))
		odd = next
	}
	return z
}

// reduce reduces a product in two steps: the words from word w on, and what is left above the
// field, less than a word.
func (n *neon) reduce(c []val) pairs {
	f := n.f
	p := make([]val, f.w)
	for i := range p {
		if at := f.w + i; at%2 == 0 {
			p[i] = n.low(c[at/2], n.c.fold)
		} else {
			p[i] = n.high(c[at/2], n.c.fold)
		}
	}
	z := n.spread(c[:f.r], p)
	top, over := z[f.r-1], p[f.w-1] // the high word of over is word w
	e := n.shr(f.m%64, top)
	if f.w%2 == 1 {
		if f.spills() {
			e = n.insert(64-f.m%64, e, n.swap(over))
		}
		e = n.low(e, n.c.poly)
	} else {
		if f.spills() {
			e = n.insert(64-f.m%64, e, over)
		}
		e = n.high(e, n.c.poly)
	}
	z[0] = n.xor(z[0], e)
	z[f.r-1] = n.and(top, n.c.mask)
	return z
}

// reduce257 reduces the words c and the top bit, a mask, of a product.
func (n *neon) reduce257(c []val, c8 val) pairs {
	h0 := n.insert(63, n.shr(1, c[2]), n.ext(c[2], c[3]))
	h1 := n.insert(63, n.shr(1, c[3]), n.ext(c[3], c8))
	q := n.c.poly
	p := []val{n.low(h0, q), n.high(h0, q), n.low(h1, q), n.high(h1, q)}
	z := n.spread(c[:2], p)
	over := n.swap(p[3]) // bits 256 to 267
	top := n.dup(n.test(n.xor(c[2], over), n.c.mask))
	z[0] = n.xor(z[0], n.low(n.shr(1, over), q))
	return append(z, top)
}

// mul returns a sum of products.
func (n *neon) mul(factors ...[2]pairs) pairs {
	c := n.product(factors...)
	if !n.f.top() {
		return n.reduce(c)
	}
	// The top bits: c[4..7] += ta·b + tb·a, and c[8] += ta·tb.
	var tops []val
	for i := range 2 {
		terms := []val{c[2+i]}
		for _, q := range factors {
			terms = append(terms, n.and(q[0][2], q[1][i]), n.and(q[1][2], q[0][i]))
		}
		c[2+i] = n.sum(terms...)
	}
	for _, q := range factors {
		tops = append(tops, n.and(q[0][2], q[1][2]))
	}
	return n.reduce257(c, n.sum(tops...))
}

// sqr returns a².
func (n *neon) sqr(a pairs) pairs {
	var c []val
	for i := range n.f.r {
		c = append(c, n.low(a[i], a[i]))
		if 2*i+1 < n.f.w {
			c = append(c, n.high(a[i], a[i]))
		}
	}
	if n.f.top() {
		return n.reduce257(c, a[2])
	}
	return n.reduce(c)
}
