package ec2m

import "math/bits"

// slow is a bit-serial group, correct and nothing else. It stands in until the generated
// groups replace it.
type slow struct {
	m, w   int
	ks     []int
	a      uint64
	b, n   Words
	gx, gy Words
	nb     int
	trace  Words
}

func newSlow(m int, ks []int, a uint64, b, n, gx, gy string) *slow {
	s := &slow{m: m, w: (m + 63) / 64, ks: ks, a: a, b: fromHex(b), n: fromHex(n), gx: fromHex(gx), gy: fromHex(gy)}
	for i := MaxWords - 1; i >= 0 && s.nb == 0; i-- {
		if s.n[i] != 0 {
			s.nb = 64*i + bits.Len64(s.n[i])
		}
	}
	return s
}

func fromHex(h string) (w Words) {
	for i := range len(h) {
		c := h[len(h)-1-i]
		v := uint64(c - '0')
		if c >= 'a' {
			v = uint64(c-'a') + 10
		}
		w[i/16] |= v << (i % 16 * 4)
	}
	return w
}

func bit(w *Words, i int) uint64 { return w[i/64] >> (i % 64) & 1 }

func xor(a, b Words) Words {
	for i := range a {
		a[i] ^= b[i]
	}
	return a
}

func (g *slow) M() int                  { return g.m }
func (g *slow) Words() int              { return g.w }
func (g *slow) A() uint64               { return g.a }
func (g *slow) B() Words                { return g.b }
func (g *slow) Order() Words            { return g.n }
func (g *slow) OrderBits() int          { return g.nb }
func (g *slow) Cofactor() uint64        { return 4 - 2*g.a }
func (g *slow) Generator() (x, y Words) { return g.gx, g.gy }

func (g *slow) FieldMul(a, b Words) (r Words) {
	for i := g.m - 1; i >= 0; i-- {
		var c uint64
		for j := range r {
			r[j], c = r[j]<<1|c, r[j]>>63
		}
		top := bit(&r, g.m)
		r[g.m/64] ^= top << (g.m % 64)
		r[0] ^= top
		for _, k := range g.ks {
			r[k/64] ^= top << (k % 64)
		}
		if bit(&a, i) == 1 {
			r = xor(r, b)
		}
	}
	return r
}

func (g *slow) Square(x Words) Words { return g.FieldMul(x, x) }
func (g *slow) Sqrt(x Words) Words {
	for range g.m - 1 {
		x = g.Square(x)
	}
	return x
}
func (g *slow) Inverse(x Words) Words {
	r := Words{1}
	for range g.m - 1 {
		x = g.Square(x)
		r = g.FieldMul(r, x)
	}
	return r
}
func (g *slow) Trace(x Words) uint64 {
	t := x
	for range g.m - 1 {
		x = g.Square(x)
		t = xor(t, x)
	}
	return t[0] & 1
}
func (g *slow) HalfTrace(x Words) Words {
	t := x
	for range (g.m - 1) / 2 {
		x = g.Square(g.Square(x))
		t = xor(t, x)
	}
	return t
}

func (g *slow) VarTimeAdd(px, py, qx, qy Words) (x, y Words, finite bool) {
	var l Words
	if px == qx {
		if py != qy || px == (Words{}) {
			return x, y, false
		}
		l = xor(px, g.FieldMul(py, g.Inverse(px)))
	} else {
		l = g.FieldMul(xor(py, qy), g.Inverse(xor(px, qx)))
	}
	x = xor(xor(xor(g.Square(l), l), xor(px, qx)), Words{g.a})
	y = xor(xor(g.FieldMul(l, xor(px, x)), x), py)
	return x, y, true
}
func (g *slow) VarTimeMult(k, qx, qy Words) (x, y Words, finite bool) {
	for i := 64*MaxWords - 1; i >= 0; i-- {
		if finite {
			x, y, finite = g.VarTimeAdd(x, y, x, y)
		}
		if bit(&k, i) == 1 {
			if finite {
				x, y, finite = g.VarTimeAdd(x, y, qx, qy)
			} else {
				x, y, finite = qx, qy, true
			}
		}
	}
	return x, y, finite
}
func (g *slow) BaseMult(k Words) (x, y Words) {
	x, y, _ = g.VarTimeMult(k, g.gx, g.gy)
	return x, y
}
func (g *slow) BaseMultX(k Words) Words { x, _ := g.BaseMult(k); return x }
func (g *slow) MultX(k, x Words) (kx Words, finite uint64) {
	x1, z1, x2, z2 := Words{1}, Words{}, x, Words{1}
	for i := 64*g.w - 1; i >= 0; i-- {
		if bit(&k, i) == 1 {
			x1, z1, x2, z2 = x2, z2, x1, z1
		}
		a, b := g.FieldMul(x1, z2), g.FieldMul(x2, z1)
		z2 = g.Square(xor(a, b))
		x2 = xor(g.FieldMul(x, z2), g.FieldMul(a, b))
		a, b = g.Square(x1), g.Square(z1)
		x1, z1 = xor(g.Square(a), g.FieldMul(g.b, g.Square(b))), g.FieldMul(a, b)
		if bit(&k, i) == 1 {
			x1, z1, x2, z2 = x2, z2, x1, z1
		}
	}
	if z1 != (Words{}) {
		finite = 1
	}
	return g.FieldMul(x1, g.Inverse(z1)), finite
}
func (g *slow) VarTimeCombineX(s, r, qx, qy Words) (x Words, ok bool) {
	ax, ay, af := g.VarTimeMult(s, g.gx, g.gy)
	bx, by, bf := g.VarTimeMult(r, qx, qy)
	switch {
	case !af:
		return bx, bf
	case !bf:
		return ax, true
	}
	x, _, ok = g.VarTimeAdd(ax, ay, bx, by)
	return x, ok
}
func (g *slow) Negate(x, y Words) (nx, ny Words) { return x, xor(x, y) }
func (g *slow) OnCurve(x, y Words) bool {
	// y² + xy = x³ + ax² + b
	l := g.FieldMul(y, xor(y, x))
	r := g.Square(x)
	r = xor(g.FieldMul(r, xor(x, Words{g.a})), g.b)
	return l == r
}
func (g *slow) InSubgroup(x, y Words) bool {
	_, _, finite := g.VarTimeMult(g.n, x, y)
	return !finite
}
func (g *slow) Compress(x, y Words) Words {
	if x == (Words{}) {
		return x
	}
	t := g.Trace(g.FieldMul(y, g.Inverse(x)))
	x[0] = x[0]&^1 | t
	return x
}
func (g *slow) Expand(c Words) (x, y Words, ok bool) {
	if c == (Words{}) {
		return c, g.Sqrt(g.b), true
	}
	k := c[0] & 1
	x = c
	x[0] &^= 1
	if g.Trace(x) != g.a {
		x[0] |= 1
	}
	if x == (Words{}) {
		return x, y, false
	}
	w := xor(xor(x, Words{g.a}), g.FieldMul(g.b, g.Inverse(g.Square(x))))
	if g.Trace(w) != 0 {
		return Words{}, Words{}, false
	}
	z := g.HalfTrace(w)
	if g.Trace(z) != k {
		z[0] ^= 1
	}
	return x, g.FieldMul(x, z), true
}
