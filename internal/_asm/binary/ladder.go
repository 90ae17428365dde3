package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The ladder of López and Dahab. A step takes the points X1/Z1 and X2/Z2, whose difference has
// the abscissa x, to their sum and to the double of one of them:
//
//	p0 = X1·Z2, p1 = X2·Z1, Zadd = (p0 + p1)², Xadd = x·Zadd + p0·p1,
//	Zdbl = (XD·ZD)², Xdbl = (XD + b4·ZD)⁴.
//
// The point doubled becomes the first one. Which of both it is, D, depends on two bits of the
// scalar: s = k ^ k>>1 has a one where the sum of the step before is doubled.

// signature starts a ladder function.
func (g *gen) ladderFunc(suffix string) (out, x, b4, s Mem, n reg.Register) {
	name := fmt.Sprintf("ladder%d%s", g.f.m, suffix)
	w := g.f.words()
	TEXT(name, 0, fmt.Sprintf("func(out *[%d]uint64, x, b4 *[%d]uint64, s *[9]uint64, n int)", 4*w, w))
	Pragma("noescape")
	Doc(fmt.Sprintf("%s runs the n > 0 steps of the ladder over GF(2^%d). out is x1, z1, x2, z2; the points", name, g.f.m),
		"change places where the scalar is odd. Bit i of s is the sum of the bits i and i+1 of the scalar.")
	at := func(p string) Mem { return Mem{Base: Load(Param(p), GP64())} }
	return at("out"), at("x"), at("b4"), at("s"), Load(Param("n"), GP64())
}

// bit returns the bit of s for this step.
func bit(s Mem, n reg.Register) reg.GPVirtual {
	word, at := GP64(), GP64()
	MOVQ(n, at)
	SHRQ(U8(6), at)
	MOVQ(s.Idx(at, 8), word)
	MOVQ(n, reg.RCX)
	SHRQ(reg.CL, word)
	ANDQ(U8(1), word)
	return word
}

// constantMask makes an opmask.
func constantMask(v uint32) reg.Register {
	k, t := K(), GP32()
	MOVL(U32(v), t)
	KMOVW(t, k)
	return k
}

// ladder512 keeps two elements a vector: E = [Xdbl | Xadd] and F = [Zadd | Zdbl].
func ladder512(f *field) {
	g := &gen{f: f, width: 32}
	out, xp, bp, s, n := g.ladderFunc("AVX512")
	g.frame()
	g.setup()
	high, low := constantMask(0x0c), constantMask(0x03)

	index, two := g.slot(), g.slot() // 0, 1, 0, 1 and 2, 2, 2, 2
	for i := range 4 {
		g.store(uint64(i%2), index.Offset(8*i))
		g.store(2, two.Offset(8*i))
	}
	x, b := g.tempElem("x"), g.tempElem("b")
	start, zero := g.tempElem("E"), g.tempElem("F")
	for lane := range 2 {
		g.copyIn(xp, x, lane)
		g.copyIn(bp, b, lane)
	}
	g.storeElem(1, start, 0)
	g.copyIn(xp, start, 1)
	g.storeElem(1, zero, 0)
	g.storeElem(0, zero, 1)
	E, F := start, zero
	if !g.big() {
		E = g.each(func(i int) Op { return g.mov(start[i]) })
		F = g.each(func(i int) Op { return g.mov(zero[i]) })
	}
	// mix has the low lane of a and the high lane of b.
	mix := func(a, b Op) Op {
		z := g.mov(a)
		VMOVDQU64(b, high, z)
		return z
	}
	lanes := func(a Op) Op {
		z := g.vec()
		VPERMQ(U8(0x4e), a, z)
		return z
	}

	SUBQ(U8(1), n)
	Label("step")
	word := bit(s, n)
	ADDQ(word, word)
	flip, ix, iz := g.vec(), g.vec(), g.vec()
	VPBROADCASTQ(word, flip)
	VPXORQ(index, flip, ix)
	VPXORQ(two, ix, iz)
	pick := func(a elem, index Op) elem {
		return g.each(func(i int) Op { z := g.vec(); VPERMQ(a[i], index, z); return z })
	}

	p := g.hold(g.mul(E, F), "p")
	XD, ZD := g.hold(pick(E, ix), "XD"), g.hold(pick(F, iz), "ZD")
	q := g.mul(g.hold(g.each(func(i int) Op { return mix(b[i], XD[i]) }), "q0"), ZD)
	for i := range q {
		VPXORQ(XD[i], q[i], low, q[i]) // [XD + b4·ZD | XD·ZD]
	}
	q = g.hold(q, "q")
	sw := g.hold(g.each(func(i int) Op { return lanes(p[i]) }), "sw")
	Zadd := g.hold(g.sqr(g.add(p, sw)), "Zadd")
	q2 := g.hold(g.sqr(q), "q2")
	c := g.mul(
		g.hold(g.each(func(i int) Op { return mix(x[i], sw[i]) }), "c0"),
		g.hold(g.each(func(i int) Op { return mix(Zadd[i], p[i]) }), "c1"))
	c = g.hold(c, "c")
	q4 := g.sqr(q2)
	for i := range c {
		e := g.reg(E[i])
		f := g.reg(F[i])
		if g.big() {
			e, f = g.vec(), g.vec()
		}
		sum := g.xor(c[i], lanes(c[i]))
		g.set(q4[i], e)
		VMOVDQU64(sum, high, e)
		g.set(Zadd[i], f)
		VMOVDQU64(q2[i], high, f)
		if g.big() {
			g.set(e, E[i])
			g.set(f, F[i])
		}
	}
	SUBQ(U8(1), n)
	JGE(LabelRef("step"))

	w := 8 * f.words()
	for i := range E {
		for k, a := range []Op{E[i], F[i]} {
			v := vecOf(g.reg(a))
			hi := XMM()
			VEXTRACTI64X2(U8(1), v, hi)
			g.writePair(v.AsX(), i, out.Offset(3*k*w)) // Xdbl is x1, Zadd is z2
			g.writePair(hi, i, out.Offset((2-k)*w))    // Xadd is x2, Zdbl is z1
		}
	}
	g.end()
}

// ladderVEX takes one element a vector, all of them in the frame.
func ladderVEX(f *field) {
	g := &gen{f: f, width: 16, avx: true}
	out, xp, bp, s, n := g.ladderFunc("AVX2")
	g.frame()
	g.setup()
	x, b := g.tempElem("x"), g.tempElem("b")
	x1, z1, x2, z2 := g.tempElem("x1"), g.tempElem("z1"), g.tempElem("x2"), g.tempElem("z2")
	g.copyIn(xp, x, 0)
	g.copyIn(bp, b, 0)
	g.copyIn(xp, x2, 0)
	g.storeElem(1, x1, 0)
	g.storeElem(0, z1, 0)
	g.storeElem(1, z2, 0)
	SUBQ(U8(1), n)
	Label("step")
	word := bit(s, n)
	NEGQ(word)
	m := XMM()
	VMOVQ(word, m)
	VPSHUFD(U8(0x44), m, m)
	XD := g.hold(g.each(func(i int) Op { return g.choose(m, x1[i], x2[i]) }), "XD")
	ZD := g.hold(g.each(func(i int) Op { return g.choose(m, z1[i], z2[i]) }), "ZD")
	p0 := g.hold(g.mul(x1, z2), "p0")
	p1 := g.hold(g.mul(x2, z1), "p1")
	q := g.hold(g.add(g.mul(b, ZD), XD), "q")
	r := g.hold(g.mul(XD, ZD), "r")
	g.hold(g.sqr(g.hold(g.add(p0, p1), "sum")), "z2")
	q2 := g.hold(g.sqr(q), "q2")
	g.hold(g.mulAdd([2]elem{x, z2}, [2]elem{p0, p1}), "x2")
	g.hold(g.sqr(r), "z1")
	g.hold(g.sqr(q2), "x1")
	SUBQ(U8(1), n)
	JGE(LabelRef("step"))
	for i, a := range []elem{x1, z1, x2, z2} {
		g.write(a, out.Offset(8*i*f.words()))
	}
	g.end()
}
