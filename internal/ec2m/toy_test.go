package ec2m_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/ec2m"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// toyRef is a toy curve by tables: its points, and the field by logarithms. It shares nothing
// with the package but the parameters.
type toyRef struct {
	g        ec2m.Group
	m, n, h  int
	a, b     int
	exp, log []int
	points   []pt // points[0] is O
	index    map[pt]int
}

type pt struct {
	x, y   int
	finite bool
}

func (p pt) String() string {
	if !p.finite {
		return "O"
	}
	return fmt.Sprintf("(%x, %x)", p.x, p.y)
}

var toyPolys = map[int]int{5: 0b100101, 7: 0b10000011, 9: 0b1000010001, 11: 0b100000000101, 13: 0b10000000011011}

func newToyRef(g ec2m.Group) *toyRef {
	r := &toyRef{g: g, m: g.M(), n: int(g.Order()[0]), h: int(g.Cofactor()), a: int(g.A()), b: int(g.B()[0])}
	size := 1 << r.m
	for gen := 2; len(r.exp) != size-1; gen++ {
		r.exp, r.log = nil, make([]int, size)
		for v := 1; len(r.exp) == 0 || v != 1; {
			r.log[v] = len(r.exp)
			r.exp = append(r.exp, v)
			w := 0
			for i := r.m - 1; i >= 0; i-- {
				if w <<= 1; w >= size {
					w ^= toyPolys[r.m]
				}
				if gen>>i&1 == 1 {
					w ^= v
				}
			}
			v = w
		}
	}
	roots := map[int][]int{} // of z² + z = c
	r.points = []pt{{}}
	for z := range size {
		c := r.mul(z, z) ^ z
		roots[c] = append(roots[c], z)
		if r.mul(z, z) == r.b {
			r.points = append(r.points, pt{0, z, true})
		}
	}
	for x := 1; x < size; x++ {
		for _, z := range roots[x^r.a^r.div(r.b, r.mul(x, x))] {
			r.points = append(r.points, pt{x, r.mul(x, z), true})
		}
	}
	r.index = map[pt]int{}
	for i, p := range r.points {
		r.index[p] = i
	}
	return r
}

func (r *toyRef) mul(a, b int) int {
	if a == 0 || b == 0 {
		return 0
	}
	return r.exp[(r.log[a]+r.log[b])%len(r.exp)]
}

func (r *toyRef) div(a, b int) int {
	if a == 0 {
		return 0
	}
	return r.exp[(r.log[a]+len(r.exp)-r.log[b])%len(r.exp)]
}

func (r *toyRef) add(p, q pt) pt {
	switch {
	case !p.finite:
		return q
	case !q.finite:
		return p
	case p.x == q.x && (p.y != q.y || p.x == 0):
		return pt{}
	}
	var l int
	if p == q {
		l = p.x ^ r.div(p.y, p.x)
	} else {
		l = r.div(p.y^q.y, p.x^q.x)
	}
	x := r.mul(l, l) ^ l ^ p.x ^ q.x ^ r.a
	return pt{x, r.mul(l, p.x^x) ^ x ^ p.y, true}
}

// multiples lists k·p for k = 0, 1, … while k < n.
func (r *toyRef) multiples(p pt, n int) []pt {
	list := make([]pt, n)
	for k := 1; k < n; k++ {
		list[k] = r.add(list[k-1], p)
	}
	return list
}

func (r *toyRef) times(k int, p pt) (q pt) {
	for ; k > 0; k >>= 1 {
		if k&1 == 1 {
			q = r.add(q, p)
		}
		p = r.add(p, p)
	}
	return q
}

func w(v int) ec2m.Words { return ec2m.Words{uint64(v)} }

// eachToy runs test for every toy curve, for the smaller half of them under -short, and once:
// their fields have no assembly.
func eachToy(t *testing.T, test func(*testing.T, *toyRef)) {
	if tier != impl.Generic {
		t.Skip("toy fields have no assembly")
	}
	for _, g := range ec2m.Toys() {
		if testing.Short() && g.M() > 7 {
			continue
		}
		r := newToyRef(g)
		t.Run(ec2m.ToyName(g), func(t *testing.T) {
			if len(r.points) != r.n*r.h {
				t.Fatalf("%d points, want %d·%d", len(r.points), r.h, r.n)
			}
			test(t, r)
		})
	}
}

// sampled says whether a case of a large toy is in the sample of about limit cases of total.
func sampled(i, total, limit int) bool {
	return total <= limit || i%(total/limit|1) == 0
}

func TestToyBaseMult(t *testing.T) {
	eachToy(t, func(t *testing.T, r *toyRef) {
		gx, gy := r.g.Generator()
		want := r.multiples(pt{int(gx[0]), int(gy[0]), true}, r.n)
		for k := 1; k < r.n; k++ {
			x, y := r.g.BaseMult(w(k))
			if x != w(want[k].x) || y != w(want[k].y) {
				t.Errorf("%d·G = (%x, %x), want %v", k, x[0], y[0], want[k])
			}
			if r.g.BaseMultX(w(k)) != x {
				t.Errorf("BaseMultX(%d)", k)
			}
		}
	})
}

func TestToyPoints(t *testing.T) {
	eachToy(t, func(t *testing.T, r *toyRef) {
		size := 1 << r.m
		for x := range size {
			for i := range min(size, 128) {
				y := i
				if size > 128 {
					y = rand.IntN(size)
				}
				_, want := r.index[pt{x, y, true}]
				if got := r.g.OnCurve(w(x), w(y)); got != want {
					t.Fatalf("OnCurve(%x, %x) = %v", x, y, got)
				}
			}
		}
		for _, p := range r.points[1:] {
			if !r.g.OnCurve(w(p.x), w(p.y)) {
				t.Fatalf("%v is off the curve", p)
			}
			nx, ny := r.g.Negate(w(p.x), w(p.y))
			neg := pt{int(nx[0]), int(ny[0]), true}
			if _, ok := r.index[neg]; !ok || r.add(p, neg).finite {
				t.Fatalf("-%v = %v", p, neg)
			}
			sub := !r.multiples(p, r.n+1)[r.n].finite
			if got := r.g.InSubgroup(w(p.x), w(p.y)); got != sub {
				t.Fatalf("InSubgroup(%v) = %v", p, got)
			}
		}
	})
}

func TestToyCompress(t *testing.T) {
	eachToy(t, func(t *testing.T, r *toyRef) {
		// Points with Tr(x) = a, which are the doubles, and the point of order two, survive;
		// every string that expands does so to a point that compresses to it.
		forms := map[int]pt{}
		for _, p := range r.points[1:] {
			c := r.g.Compress(w(p.x), w(p.y))
			if p.x == 0 && c != w(0) {
				t.Fatalf("point of order two: %x", c[0])
			}
			// For a = 1 one of the points with x = 1 has the form of the point of order two too.
			if p.x == 0 || r.g.Trace(w(p.x)) == uint64(r.a) && c != w(0) {
				forms[int(c[0])] = p
			}
			y := r.div(p.y, max(p.x, 1))
			if p.x != 0 && (c[0]>>1 != uint64(p.x)>>1 || c[0]&1 != r.g.Trace(w(y))) {
				t.Fatalf("compress %v = %x", p, c[0])
			}
		}
		for c := range 1 << r.m {
			x, y, ok := r.g.Expand(w(c))
			want, exists := forms[c]
			if ok != exists || x != w(want.x) || y != w(want.y) {
				t.Fatalf("expand %x = (%x, %x) %v, want %v %v", c, x[0], y[0], ok, want, exists)
			}
		}
	})
}

func TestToyAdd(t *testing.T) {
	eachToy(t, func(t *testing.T, r *toyRef) {
		pairs := len(r.points) * len(r.points)
		for i, p := range r.points[1:] {
			for j, q := range r.points[1:] {
				if p.x != q.x && !sampled(i*len(r.points)+j, pairs, 1<<16) {
					continue
				}
				want := r.add(p, q)
				x, y, finite := r.g.VarTimeAdd(w(p.x), w(p.y), w(q.x), w(q.y))
				if finite != want.finite || x != w(want.x) || y != w(want.y) {
					t.Fatalf("%v + %v = (%x, %x) %v, want %v", p, q, x[0], y[0], finite, want)
				}
			}
		}
	})
}

func TestToyMult(t *testing.T) {
	eachToy(t, func(t *testing.T, r *toyRef) {
		// Scalars beyond the order of the curve, and every point: of order 2, 4, 2n, 4n.
		top := 2*len(r.points) + 3
		for i, p := range r.points[1:] {
			special := p.x == 0 || !r.multiples(p, 5)[4].finite
			if !special && !sampled(i, len(r.points), 1<<16/top) {
				continue
			}
			for k, want := range r.multiples(p, top) {
				x, y, finite := r.g.VarTimeMult(w(k), w(p.x), w(p.y))
				if finite != want.finite || x != w(want.x) || y != w(want.y) {
					t.Fatalf("%d·%v = (%x, %x) %v, want %v", k, p, x[0], y[0], finite, want)
				}
				kx, f := r.g.MultX(w(k), w(p.x))
				if f == 1 != want.finite || f>>1 != 0 || kx != w(want.x) {
					t.Fatalf("x(%d·%v) = %x %d, want %v", k, p, kx[0], f, want)
				}
			}
		}
	})
}

// TestToyLongScalar gives the ladder scalars beyond the range of its usual length.
func TestToyLongScalar(t *testing.T) {
	eachToy(t, func(t *testing.T, r *toyRef) {
		for _, k := range []uint64{1<<64 - 1, 1 << 63, 1<<40 + 12345} {
			for _, p := range r.points[1:min(len(r.points), 40)] {
				want := r.times(int(k%uint64(len(r.points))), p)
				kx, f := r.g.MultX(ec2m.Words{k}, w(p.x))
				if f == 1 != want.finite || kx != w(want.x) {
					t.Fatalf("x(%d·%v) = %x %d, want %v", k, p, kx[0], f, want)
				}
			}
		}
	})
}

func TestToyCombine(t *testing.T) {
	eachToy(t, func(t *testing.T, r *toyRef) {
		gx, gy := r.g.Generator()
		base := r.multiples(pt{int(gx[0]), int(gy[0]), true}, r.n)
		log := map[pt]int{}
		for s, p := range base {
			log[p] = s
		}
		order2 := r.points[1]
		if order2.x != 0 {
			t.Fatal("the first point is not the one of order two")
		}
		var prepared ec2m.Group // for q of the subgroup
		check := func(s, k int, q, sum pt) {
			t.Helper()
			x, ok := r.g.VarTimeCombineX(w(s), w(k), w(q.x), w(q.y))
			if ok != sum.finite || x != w(sum.x) {
				t.Fatalf("x(%d·G + %d·%v) = %x %v, want %v", s, k, q, x[0], ok, sum)
			}
			if prepared == nil {
				return
			}
			if x, ok := r.g.VarTimeCombineBasesX(w(s), w(k), prepared); ok != sum.finite || x != w(sum.x) {
				t.Fatalf("x(%d·G + %d·%v) with two tables = %x %v, want %v", s, k, q, x[0], ok, sum)
			}
		}
		for i, q := range r.points[1:] {
			if special := !r.times(4, q).finite; !special && r.m > 7 && i%(r.n/3) > 1 {
				continue
			}
			prepared = nil
			if log[q] != 0 {
				prepared = r.g.WithBase(w(q.x), w(q.y))
			}
			rq := pt{}
			for k := range r.n {
				// All s for the small curves; for all curves those that meet an exception: the
				// terms equal or opposite, the sum of order two, and no term or one.
				if r.n < 50 {
					for s, sg := range base {
						check(s, k, q, r.add(sg, rq))
					}
				} else {
					s := rand.IntN(r.n)
					check(s, k, q, r.add(base[s], rq))
					neg := pt{rq.x, rq.y ^ rq.x, rq.finite}
					for _, p := range []pt{{}, rq, neg, r.add(neg, order2)} {
						if s, ok := log[p]; ok {
							check(s, k, q, r.add(p, rq))
						}
					}
				}
				rq = r.add(rq, q)
			}
		}
	})
}
