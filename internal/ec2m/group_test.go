package ec2m_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/internal/ec2m"
)

func eachGroup(t *testing.T, test func(*testing.T, ec2m.Group)) {
	for _, g := range groups() {
		t.Run(fmt.Sprintf("m%d", g.M()), func(t *testing.T) { test(t, g) })
	}
}

func toInt(w ec2m.Words) *big.Int {
	v := new(big.Int)
	for i := len(w) - 1; i >= 0; i-- {
		v.Lsh(v, 64).Or(v, new(big.Int).SetUint64(w[i]))
	}
	return v
}

func fromInt(v *big.Int) (w ec2m.Words) {
	mask := new(big.Int).SetUint64(1<<64 - 1)
	for i := range w {
		x := new(big.Int).Rsh(v, uint(64*i))
		w[i] = x.And(x, mask).Uint64()
	}
	return w
}

// doubleAndAdd is k·Q by affine additions alone.
func doubleAndAdd(g ec2m.Group, k *big.Int, qx, qy ec2m.Words) (x, y ec2m.Words, finite bool) {
	for i := k.BitLen() - 1; i >= 0; i-- {
		if finite {
			x, y, finite = g.VarTimeAdd(x, y, x, y)
		}
		if k.Bit(i) == 0 {
			continue
		}
		if finite {
			x, y, finite = g.VarTimeAdd(x, y, qx, qy)
		} else {
			x, y, finite = qx, qy, true
		}
	}
	return x, y, finite
}

func TestParameters(t *testing.T) {
	eachGroup(t, func(t *testing.T, g ec2m.Group) {
		n := toInt(g.Order())
		if !n.ProbablyPrime(32) || n.BitLen() != g.OrderBits() {
			t.Error("order")
		}
		if g.Words() != (g.M()+63)/64 || g.A() > 1 || g.Cofactor() != 4-2*g.A() {
			t.Error("words, a or cofactor")
		}
		// By Hasse's bound h·n is the order of the curve if n·G = O.
		size := new(big.Int).Lsh(big.NewInt(1), uint(g.M()))
		d := new(big.Int).Mul(n, new(big.Int).SetUint64(g.Cofactor()))
		d.Sub(d, size).Sub(d, big.NewInt(1))
		if d.Mul(d, d).Cmp(size.Lsh(size, 2)) > 0 {
			t.Error("h·n is outside of Hasse's interval")
		}
		x, y := g.Generator()
		if !g.OnCurve(x, y) || !g.InSubgroup(x, y) {
			t.Error("generator")
		}
		if _, _, finite := doubleAndAdd(g, n, x, y); finite {
			t.Error("n·G is not O")
		}
	})
}

// TestBaseMultEdges takes the scalars at both ends and those for which the last addition of
// the comb meets two equal points: k = 2·d·2^s modulo n for the last windows' weights 2^s and
// odd d.
func TestBaseMultEdges(t *testing.T) {
	eachGroup(t, func(t *testing.T, g ec2m.Group) {
		n := toInt(g.Order())
		gx, gy := g.Generator()
		var edges []*big.Int
		for i := int64(1); i <= 8; i++ {
			edges = append(edges, big.NewInt(i), new(big.Int).Sub(n, big.NewInt(i)))
			h := new(big.Int).Rsh(n, 1)
			edges = append(edges, h.Add(h, big.NewInt(i-4)))
		}
		for i := range g.OrderBits() {
			if v := new(big.Int).Lsh(big.NewInt(1), uint(i)); v.Cmp(n) < 0 && (i%16 == 0 || i > g.OrderBits()-9) {
				edges = append(edges, v, new(big.Int).Sub(n, v))
			}
		}
		for s := g.OrderBits() - 7; s < g.OrderBits(); s++ {
			for d := int64(1); d < 16; d += 2 {
				v := new(big.Int).Lsh(big.NewInt(2*d), uint(s))
				v.Mod(v, n)
				edges = append(edges, v, new(big.Int).Sub(n, v))
			}
		}
		for i, k := range edges {
			if k.Sign() <= 0 || k.Cmp(n) >= 0 || testing.Short() && i%5 != 0 {
				continue
			}
			x, y := g.BaseMult(fromInt(k))
			wx, wy, ok := g.VarTimeMult(fromInt(k), gx, gy)
			if !ok || x != wx || y != wy {
				t.Errorf("%x·G by comb and by ladder differ", k)
			}
			if i%40 == 0 {
				if ax, ay, _ := doubleAndAdd(g, k, gx, gy); ax != x || ay != y {
					t.Errorf("%x·G by comb and by affine additions differ", k)
				}
			}
			if g.BaseMultX(fromInt(k)) != x {
				t.Errorf("BaseMultX(%x)", k)
			}
			if vx, ok := g.VarTimeCombineX(fromInt(k), ec2m.Words{}, gx, gy); !ok || vx != x {
				t.Errorf("%x·G + 0·G", k)
			}
		}
	})
}

// TestOtherBasePoints: the curves in normal basis differ from those in polynomial basis by the
// base point alone, and their combs are of that point.
func TestOtherBasePoints(t *testing.T) {
	for _, pair := range [][2]ec2m.Group{
		{ec2m.M173(), ec2m.M173ONB()}, {ec2m.M179(), ec2m.M179ONB()}, {ec2m.M191(), ec2m.M191ONB()},
		{ec2m.M233(), ec2m.M233ONB()}, {ec2m.M431(), ec2m.M431ONB()},
	} {
		p, g := pair[0], pair[1]
		t.Run(fmt.Sprintf("m%d", g.M()), func(t *testing.T) {
			gx, gy := g.Generator()
			if px, _ := p.Generator(); px == gx || p.M() != g.M() || p.B() != g.B() || p.Order() != g.Order() {
				t.Error("base points, coefficients or orders")
			}
			if !g.OnCurve(gx, gy) || !g.InSubgroup(gx, gy) {
				t.Fatal("base point")
			}
			r := rand.New(rand.NewPCG(23, uint64(g.M())))
			for range 8 {
				s, k := scalar(g, r), scalar(g, r)
				x, y := g.BaseMult(s)
				if wx, wy, _ := g.VarTimeMult(s, gx, gy); x != wx || y != wy || g.BaseMultX(s) != wx {
					t.Errorf("%x·G by comb and by ladder differ", s)
				}
				qx, qy, _ := g.VarTimeMult(k, x, y)
				wx, _, _ := g.VarTimeAdd(x, y, qx, qy)
				if cx, ok := g.VarTimeCombineX(s, k, x, y); !ok || cx != wx {
					t.Error("combination")
				}
			}
		})
	}
}

// points returns some points of the curve: multiples of G, the same plus the point of order
// two, that point itself, and those of order four where they exist.
func points(g ec2m.Group, r *rand.Rand) (all [][2]ec2m.Words) {
	gx, gy := g.Generator()
	t := [2]ec2m.Words{{}, g.Sqrt(g.B())}
	all = append(all, t, [2]ec2m.Words{gx, gy})
	if g.A() == 0 {
		x := g.Sqrt(g.Sqrt(g.B()))
		// y² + xy = x³ + b with x⁴ = b: y = x·z, z² + z = x + b/x² = x + x².
		all = append(all, [2]ec2m.Words{x, g.Square(x)}, [2]ec2m.Words{x, xor(g.Square(x), x)})
	}
	for range 3 {
		x, y := g.BaseMult(scalar(g, r))
		all = append(all, [2]ec2m.Words{x, y})
		for _, p := range all[:min(len(all), 4)] {
			if p[0] != gx {
				x, y, _ := g.VarTimeAdd(x, y, p[0], p[1])
				all = append(all, [2]ec2m.Words{x, y})
			}
		}
	}
	return all
}

func xor(a, b ec2m.Words) ec2m.Words {
	for i := range a {
		a[i] ^= b[i]
	}
	return a
}

// scalar returns a random 0 < k < n.
func scalar(g ec2m.Group, r *rand.Rand) ec2m.Words {
	for {
		var k ec2m.Words
		for i := range g.Words() {
			k[i] = r.Uint64()
		}
		top := g.OrderBits()
		for i := range k {
			if low := top - 64*i; low < 64 {
				k[i] &= 1<<max(low, 0) - 1
			}
		}
		if k != (ec2m.Words{}) && less(k, g.Order()) {
			return k
		}
	}
}

func TestInSubgroup(t *testing.T) {
	eachGroup(t, func(t *testing.T, g ec2m.Group) {
		r := rand.New(rand.NewPCG(7, uint64(g.M())))
		inside := 0
		for _, p := range points(g, r) {
			if !g.OnCurve(p[0], p[1]) {
				t.Fatal("point off the curve")
			}
			_, finite := g.MultX(g.Order(), p[0])
			_, _, vf := g.VarTimeMult(g.Order(), p[0], p[1])
			if got := g.InSubgroup(p[0], p[1]); got != (finite == 0) || vf != (finite == 1) {
				t.Errorf("InSubgroup = %v", got)
			}
			inside += int(1 - finite)
		}
		if inside < 4 {
			t.Errorf("only %d points in the subgroup", inside)
		}
	})
}

// TestCombine compares with affine arithmetic, for points of every kind and for scalars that
// make the two terms equal, opposite or complementary.
func TestCombine(t *testing.T) {
	eachGroup(t, func(t *testing.T, g ec2m.Group) {
		r := rand.New(rand.NewPCG(11, uint64(g.M())))
		n := toInt(g.Order())
		var last ec2m.Words
		var prepared ec2m.Group
		check := func(s, k, qx, qy ec2m.Words) {
			t.Helper()
			px, py := g.BaseMult(s)
			rx, ry, ok := g.VarTimeMult(k, qx, qy)
			wx, wok := px, true
			if ok {
				wx, _, wok = g.VarTimeAdd(px, py, rx, ry)
			}
			if x, ok := g.VarTimeCombineX(s, k, qx, qy); ok != wok || x != wx {
				t.Errorf("%x·G + %x·(%x, %x) = %x %v", s, k, qx, qy, x, ok)
			}
			if !g.InSubgroup(qx, qy) || !less(s, g.Order()) || !less(k, g.Order()) {
				return
			}
			if qx != last {
				last, prepared = qx, g.WithBase(qx, qy)
				if x, y := prepared.Generator(); x != qx || y != qy {
					t.Fatalf("base point (%x, %x), want (%x, %x)", x, y, qx, qy)
				}
			}
			if x, ok := g.VarTimeCombineBasesX(s, k, prepared); ok != wok || x != wx {
				t.Errorf("%x·G + %x·(%x, %x) with two tables = %x %v", s, k, qx, qy, x, ok)
			}
		}
		for _, p := range points(g, r) {
			for range 3 {
				check(scalar(g, r), scalar(g, r), p[0], p[1])
			}
			check(scalar(g, r), ec2m.Words{}, p[0], p[1])
			check(scalar(g, r), ec2m.Words{1}, p[0], p[1])
			check(scalar(g, r), ec2m.Words{4}, p[0], p[1])
			check(scalar(g, r), fromInt(new(big.Int).Sub(n, big.NewInt(1))), p[0], p[1])
		}
		for range 3 {
			d, k := scalar(g, r), scalar(g, r)
			x, y := g.BaseMult(d)
			s := new(big.Int).Mul(toInt(d), toInt(k))
			s.Mod(s, n)
			check(fromInt(s), k, x, y) // equal
			s.Sub(n, s)
			check(fromInt(s), k, x, y) // opposite
			x, y, _ = g.VarTimeAdd(x, y, ec2m.Words{}, g.Sqrt(g.B()))
			check(fromInt(s), k, x, y) // O or the point of order two
		}
	})
}

func TestDiffieHellman(t *testing.T) {
	eachGroup(t, func(t *testing.T, g ec2m.Group) {
		r := rand.New(rand.NewPCG(13, uint64(g.M())))
		for range 4 {
			a, b := scalar(g, r), scalar(g, r)
			ax, bx := g.BaseMultX(a), g.BaseMultX(b)
			ab, f1 := g.MultX(a, bx)
			ba, f2 := g.MultX(b, ax)
			if ab != ba || f1&f2 != 1 {
				t.Error("a·(b·G) and b·(a·G) differ")
			}
			// A multiple of the order of the curve, as long as a cofactor makes it.
			h := new(big.Int).SetUint64(g.Cofactor())
			if x, f := g.MultX(fromInt(h.Mul(h, toInt(g.Order()))), ax); f != 0 || x != (ec2m.Words{}) {
				t.Error("the order of the curve times a point is not O")
			}
			// All bits of the scalar count.
			k := a
			for i := range g.Words() {
				k[i] |= r.Uint64()
			}
			low := new(big.Int).Mod(toInt(k), toInt(g.Order()))
			x1, _ := g.MultX(k, bx)
			x2, _ := g.MultX(fromInt(low), bx)
			if x1 != x2 {
				t.Error("long scalar")
			}
		}
	})
}

func TestCompress(t *testing.T) {
	eachGroup(t, func(t *testing.T, g ec2m.Group) {
		r := rand.New(rand.NewPCG(17, uint64(g.M())))
		x, y, ok := g.Expand(ec2m.Words{})
		if !ok || x != (ec2m.Words{}) || !g.OnCurve(x, y) || g.InSubgroup(x, y) {
			t.Error("the zero string is the point of order two")
		}
		bad := 0
		for range 64 {
			px, py := g.BaseMult(scalar(g, r))
			c := g.Compress(px, py)
			if x, y, ok := g.Expand(c); !ok || x != px || y != py {
				t.Error("a point of the subgroup does not survive compression")
			}
			c[0] ^= 1
			nx, ny := g.Negate(px, py)
			if x, y, ok := g.Expand(c); !ok || x != nx || y != ny {
				t.Error("the other bit 0 is not the opposite point")
			}
			c = g.Square(c)
			x, y, ok := g.Expand(c)
			switch {
			case !ok:
				bad++
				if x != (ec2m.Words{}) || y != (ec2m.Words{}) {
					t.Error("a refused string gives coordinates")
				}
			case !g.OnCurve(x, y) || g.Compress(x, y) != c:
				t.Error("expanded point")
			}
		}
		if bad < 10 || bad > 54 {
			t.Errorf("%d of 64 random strings refused", bad)
		}
	})
}

func TestBytes(t *testing.T) {
	for _, m := range []int{5, 163, 257, 571} {
		size := (m + 7) / 8
		r := rand.New(rand.NewPCG(19, uint64(m)))
		for range 100 {
			v := make([]byte, size)
			for i := range v {
				v[i] = byte(r.Uint32())
			}
			w, ok := ec2m.FromBytes(v, m)
			if want := new(big.Int).SetBytes(v); ok != (want.BitLen() <= m) || ok && toInt(w).Cmp(want) != 0 {
				t.Fatalf("FromBytes(%x, %d) = %x %v", v, m, w, ok)
			}
			if ok && !slices.Equal(ec2m.AppendBytes([]byte{1}, w, m), append([]byte{1}, v...)) {
				t.Fatalf("AppendBytes(%x)", v)
			}
		}
		for _, v := range [][]byte{nil, make([]byte, size-1), make([]byte, size+1)} {
			if _, ok := ec2m.FromBytes(v, m); ok {
				t.Errorf("FromBytes takes %d bytes for m = %d", len(v), m)
			}
		}
	}
	for _, m := range []int{-1, 0, 577} {
		if _, ok := ec2m.FromBytes(make([]byte, max((m+7)/8, 0)), m); ok {
			t.Errorf("FromBytes takes m = %d", m)
		}
	}
}
