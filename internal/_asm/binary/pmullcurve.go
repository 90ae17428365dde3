package main

import "fmt"

// ladder is the ladder of ladderVEX.
func (a *armFile) ladder(f *field) {
	w := f.words()
	args := fmt.Sprintf("out *[%d]uint64, x, b4 *[%d]uint64, s *[9]uint64, n int", 4*w, w)
	doc := fmt.Sprintf(`runs the n > 0 steps of the ladder over GF(2^%d). out is x1, z1, x2, z2; the points
// change places where the scalar is odd. Bit i of s is the sum of the bits i and i+1 of the scalar.`, f.m)
	a.function(f, "ladder", args, doc, func(n *neon) {
		out, xp, bp := n.arg("out", 0, "R0"), n.arg("x", 1, "R1"), n.arg("b4", 2, "R2")
		s, left := n.arg("s", 3, "R4"), n.arg("n", 4, "R5")
		n.constants("R3")
		x, b, x1, z1, x2, z2 := n.slots(), n.slots(), n.slots(), n.slots(), n.slots(), n.slots()
		v := n.read(xp, 0)
		n.put(v, x)
		n.put(v, x2)
		n.put(n.read(bp, 0), b)
		n.put(n.small(1), x1)
		n.put(n.small(0), z1)
		n.put(n.small(1), z2)

		n.label("step")
		n.raw("SUB $1, %s, R6", left)
		n.raw("LSR $6, R6, R7")
		n.raw("MOVD (%s)(R7<<3), R7", s)
		n.raw("LSR R6, R7, R7")
		n.raw("AND $1, R7, R7")
		n.raw("NEG R7, R7")
		mask := n.fresh("VDUP R7, {d}.D2")
		X1, Z1, X2, Z2, X := n.get(x1), n.get(z1), n.get(x2), n.get(z2), n.get(x)
		p0 := n.mul([2]pairs{X1, Z2})
		p1 := n.mul([2]pairs{X2, Z1})
		XD, ZD := n.choosePairs(mask, X1, X2), n.choosePairs(mask, Z1, Z2)
		zadd := n.sqr(n.addPairs(p0, p1))
		q := n.addPairs(n.mul([2]pairs{n.get(b), ZD}), XD)
		r := n.mul([2]pairs{XD, ZD})
		n.put(zadd, z2)
		q2 := n.sqr(q)
		n.put(n.mul([2]pairs{X, zadd}, [2]pairs{p0, p1}), x2)
		n.put(n.sqr(q2), x1)
		n.put(n.sqr(r), z1)
		n.loop(left, "step")
		for i, at := range [][]string{x1, z1, x2, z2} {
			n.write(n.get(at), out, 8*i*w)
		}
	})
}

// small is 0 or 1.
func (n *neon) small(v int) (z pairs) {
	for range n.f.regs() {
		z = append(z, n.c.zero)
	}
	if v == 1 {
		n.raw("MOVD $1, R6")
		z[0] = n.fresh("FMOVD R6, {Fd}")
	}
	return z
}

func (n *neon) choosePairs(mask val, a, b pairs) (z pairs) {
	for i := range a {
		z = append(z, n.choose(mask, a[i], b[i]))
	}
	return z
}

// comb is the comb of one lane: see there.
func (a *armFile) comb(f *field) {
	args := fmt.Sprintf("out *[%d]uint64, table, buf *uint64, u *[10]uint64, windows int", 3*f.words())
	doc := fmt.Sprintf(`adds up the entries of a table that the windows of five bits of u choose. out is x, l, z.
// buf has %d bytes a window.`, 32*f.regs())
	a.function(f, "comb", args, doc, func(n *neon) {
		n.constants("R3")
		n.choose16()
		n.accumulate()
	})
}

// choose16 fills the buffer, with all entries read.
func (n *neon) choose16() {
	f := n.f
	table, buf := n.arg("table", 1, "R1"), n.arg("buf", 2, "R2")
	u, windows := n.arg("u", 3, "R4"), n.arg("windows", 4, "R5")
	if f.top() {
		n.raw("ADD %s<<10, %s, R10", windows, table) // the top bits, after 16 entries of 64 bytes
	}
	n.raw("MOVD ZR, R6") // the position of the window
	n.raw("MOVD $1, R7")
	one := n.fix(n.fresh("VDUP R7, {d}.D2"))
	zero := n.fix(n.c.zero)

	n.label("choose")
	n.raw("LSR $3, R6, R7")
	n.raw("MOVD (%s)(R7), R7", u)
	n.raw("AND $7, R6, R8")
	n.raw("LSR R8, R7, R7")
	n.raw("UBFX $4, R7, $1, R8") // 1: the digit is positive
	n.raw("SUB $1, R8, R9")
	n.raw("EOR R9, R7, R7")
	n.raw("AND $15, R7, R7")
	n.raw("EOR $1, R8, R8")
	left := n.fresh("VDUP R7, {d}.D2")
	acc := make([]val, 2*f.r)
	for j := range entries {
		mask := n.make("VCMEQ {1}.D2, {0}.D2, {d}.D2", false, left, zero)
		for i := range acc {
			entry := n.load(fmt.Sprintf("%d(%s)", j*f.entrySize()+16*i, table))
			if j == 0 {
				acc[i] = n.and(entry, mask)
			} else {
				acc[i] = n.choose(mask, acc[i], entry)
			}
		}
		left = n.make("VSUB {1}.D2, {0}.D2, {d}.D2", false, left, one)
	}
	acc[f.r] = n.xor(acc[f.r], n.fresh("FMOVD R8, {Fd}"))
	for i, v := range acc {
		at := i
		if i >= f.r { // the pairs of l stand after the top bit of x
			at += f.regs() - f.r
		}
		n.store(v, fmt.Sprintf("%d(%s)", 16*at, buf))
	}
	if f.top() {
		n.raw("MOVWU.P 4(R10), R8")
		n.raw("LSR R7, R8, R8")
		for i := range 2 {
			n.raw("UBFX $%d, R8, $1, R9", 16*i)
			n.raw("NEG R9, R9")
			n.store(n.fresh("VDUP R9, {d}.D2"), fmt.Sprintf("%d(%s)", 16*(f.r+i*f.regs()), buf))
		}
	}
	n.raw("ADD $%d, %s", entries*f.entrySize(), table)
	n.raw("ADD $%d, %s", 32*f.regs(), buf)
	n.raw("ADD $5, R6")
	n.loop(windows, "choose")
}

// accumulate adds up the buffer. Between the additions it has not l but numbers of which
// l = s + z·m.
func (n *neon) accumulate() {
	f := n.f
	buf, rounds := n.arg("buf", 2, "R2"), n.arg("windows", 4, "R5")
	entry := func() (x, l pairs) {
		for i := range 2 * f.regs() {
			x = append(x, n.load(fmt.Sprintf("%d(%s)", 16*i, buf)))
		}
		return x[:f.regs()], x[f.regs():]
	}
	xs, zs, ss, ms := n.slots(), n.slots(), n.slots(), n.slots()
	ex, el := entry()
	n.put(ex, xs)
	n.put(el, ms)
	n.put(n.small(0), ss)
	one := n.small(1)
	n.put(one, zs)
	n.raw("SUB $1, %s", rounds)

	n.label("step")
	n.raw("ADD $%d, %s", 32*f.regs(), buf)
	ex, el = entry()
	X, Z := n.get(xs), n.get(zs)
	A := n.addPairs(n.mul([2]pairs{n.addPairs(el, n.get(ms)), Z}), n.get(ss))
	U := n.mul([2]pairs{ex, Z})
	AZ := n.mul([2]pairs{A, Z})
	B := n.sqr(n.addPairs(U, X))
	C := n.mul([2]pairs{A, X})
	AU := n.mul([2]pairs{A, U})
	n.put(n.mul([2]pairs{AZ, B}), zs)
	n.put(n.mul([2]pairs{C, AU}), xs)
	n.put(n.sqr(n.addPairs(C, B)), ss)
	el[0] = n.xor(el[0], one[0])
	n.put(el, ms)
	n.loop(rounds, "step")
	out := n.arg("out", 0, "R0")
	n.write(n.get(xs), out, 0)
	L := n.addPairs(n.mul([2]pairs{n.get(zs), n.get(ms)}), n.get(ss))
	n.write(L, out, 8*f.words())
	n.write(n.get(zs), out, 16*f.words())
}
