package gf2m_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/gf2m"
	"github.com/ukrcrypto/dstu/internal/gf2m/toy"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// element is what every generated type offers, for tests that run over all of them.
type element[T any] interface {
	*T
	Words() []uint64
	Add(x, y *T) *T
	Mul(x, y *T) *T
	MulAdd(x, y, u, v *T) *T
	Square(x *T) *T
	SquareN(x *T, n int) *T
	Inverse(x *T) *T
	Sqrt(x *T) *T
	Trace() uint64
	HalfTrace(x *T) *T
	Select(x, y *T, cond int) *T
	Swap(y *T, cond int)
	Equal(y *T) int
	IsZero() int
}

// oracle is the field over math/big, bit by bit.
type oracle struct {
	m int
	f *big.Int
}

func newOracle(m int, ks ...int) *oracle {
	f := new(big.Int).SetBit(big.NewInt(1), m, 1)
	for _, k := range ks {
		f.SetBit(f, k, 1)
	}
	return &oracle{m, f}
}

func (o *oracle) mul(a, b *big.Int) *big.Int {
	r := new(big.Int)
	for i := o.m - 1; i >= 0; i-- {
		if r.Lsh(r, 1); r.Bit(o.m) == 1 {
			r.Xor(r, o.f)
		}
		if b.Bit(i) == 1 {
			r.Xor(r, a)
		}
	}
	return r
}

// operands returns the edges: 0, 1, single bits, all ones, runs, and one word at a time.
func (o *oracle) operands() []*big.Int {
	one := big.NewInt(1)
	ones := new(big.Int).Sub(new(big.Int).Lsh(one, uint(o.m)), one)
	all := []*big.Int{new(big.Int), one, ones}
	for i := range o.m {
		bit := new(big.Int).Lsh(one, uint(i))
		all = append(all, bit)
		if i%16 == 15 || o.m-i < 3 {
			all = append(all, new(big.Int).Sub(bit, one), new(big.Int).Xor(ones, bit), new(big.Int).Xor(ones, new(big.Int).Sub(bit, one)))
		}
	}
	word := new(big.Int).SetUint64(1<<64 - 1)
	for i := 0; i < o.m; i += 64 {
		v := new(big.Int).Lsh(word, uint(i))
		all = append(all, v.And(v, ones))
	}
	return all
}

// random returns an element; one in three has long runs of equal bits.
func (o *oracle) random(r *rand.Rand) *big.Int {
	v := new(big.Int)
	bit, mode := uint(0), r.IntN(3)
	for i := range o.m {
		switch {
		case mode > 0:
			bit = uint(r.IntN(2))
		case r.IntN(24) == 0:
			bit ^= 1
		}
		v.SetBit(v, i, bit)
	}
	return v
}

func set[T any, P element[T]](v *big.Int) P {
	z := P(new(T))
	words := z.Words()
	mask := new(big.Int).SetUint64(1<<64 - 1)
	for i := range words {
		w := new(big.Int).Rsh(v, uint(64*i))
		words[i] = w.And(w, mask).Uint64()
	}
	return z
}

func get[T any, P element[T]](z P) *big.Int {
	v := new(big.Int)
	for i, w := range z.Words() {
		v.Or(v, new(big.Int).Lsh(new(big.Int).SetUint64(w), uint(64*i)))
	}
	return v
}

func TestFields(t *testing.T) {
	t.Run("m163", testField[gf2m.E163](newOracle(163, 7, 6, 3)))
	t.Run("m167", testField[gf2m.E167](newOracle(167, 6)))
	t.Run("m173", testField[gf2m.E173](newOracle(173, 10, 2, 1)))
	t.Run("m179", testField[gf2m.E179](newOracle(179, 4, 2, 1)))
	t.Run("m191", testField[gf2m.E191](newOracle(191, 9)))
	t.Run("m233", testField[gf2m.E233](newOracle(233, 9, 4, 1)))
	t.Run("m257", testField[gf2m.E257](newOracle(257, 12)))
	t.Run("m307", testField[gf2m.E307](newOracle(307, 8, 4, 2)))
	t.Run("m367", testField[gf2m.E367](newOracle(367, 21)))
	t.Run("m431", testField[gf2m.E431](newOracle(431, 5, 3, 1)))
	t.Run("m571", testField[gf2m.E571](newOracle(571, 10, 5, 2)))
}

func testField[T any, P element[T]](o *oracle) func(*testing.T) {
	return func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, uint64(o.m)))
		edges := o.operands()
		every := 1 + o.m/40 // the oracle needs m squarings for each
		if testing.Short() {
			every *= 4
		}
		for i, a := range edges {
			if i < 3 || i%every == 0 {
				checkUnary[T, P](t, o, a)
			}
			checkPair[T, P](t, o, a, edges[r.IntN(len(edges))], o.random(r))
			checkPair[T, P](t, o, a, edges[len(edges)-1-i], edges[2])
		}
		for range 200 {
			checkPair[T, P](t, o, o.random(r), o.random(r), o.random(r))
		}
		for range 10 {
			checkUnary[T, P](t, o, o.random(r))
		}
	}
}

// checkPair compares the operations of two and more elements with the oracle, in every way the
// receiver can alias an argument.
func checkPair[T any, P element[T]](t *testing.T, o *oracle, a, b, c *big.Int) {
	t.Helper()
	x, y, u, v := set[T, P](a), set[T, P](b), set[T, P](c), set[T, P](a)
	product := o.mul(a, b)
	z := P(new(T))
	check := func(op string, got P, want *big.Int) {
		t.Helper()
		if g := get[T, P](got); g.Cmp(want) != 0 {
			t.Fatalf("%s: a = %x, b = %x, c = %x: got %x, want %x", op, a, b, c, g, want)
		}
	}
	check("add", z.Add(x, y), new(big.Int).Xor(a, b))
	check("mul", z.Mul(x, y), product)
	check("square", z.Square(x), o.mul(a, a))
	check("muladd", z.MulAdd(x, y, u, v), new(big.Int).Xor(product, o.mul(a, c)))
	check("squaren 0", z.SquareN(x, 0), a)
	check("squaren 2", z.SquareN(x, 2), o.mul(o.mul(a, a), o.mul(a, a)))
	for cond, want := range []*big.Int{b, a} {
		check("select", z.Select(x, y, cond), want)
		p, q := set[T, P](a), set[T, P](b)
		p.Swap(q, cond)
		check("swap", q, want)
	}
	if eq := x.Equal(y); (eq == 1) != (a.Cmp(b) == 0) || eq>>1 != 0 {
		t.Fatalf("Equal(%x, %x) = %d", a, b, eq)
	}

	// Aliases.
	fresh := func() P { return set[T, P](a) }
	z = fresh()
	check("add z x", z.Add(z, y), new(big.Int).Xor(a, b))
	z = fresh()
	check("mul z x", z.Mul(z, y), product)
	z = fresh()
	check("mul z y", z.Mul(y, z), product)
	z = fresh()
	check("mul z z", z.Mul(z, z), o.mul(a, a))
	z = fresh()
	check("square z", z.Square(z), o.mul(a, a))
	z = fresh()
	check("muladd z", z.MulAdd(z, y, u, z), new(big.Int).Xor(product, o.mul(a, c)))
	z = fresh()
	check("select z", z.Select(y, z, 0), a)
	for name, p := range map[string]P{"x": x, "v": v} {
		check("unchanged "+name, p, a)
	}
	check("unchanged y", y, b)
	check("unchanged u", u, c)
}

// checkUnary compares the long operations with the oracle.
func checkUnary[T any, P element[T]](t *testing.T, o *oracle, a *big.Int) {
	t.Helper()
	x, z := set[T, P](a), P(new(T))
	if (x.IsZero() == 1) != (a.Sign() == 0) || x.IsZero()>>1 != 0 {
		t.Fatalf("IsZero(%x) = %d", a, x.IsZero())
	}
	inv := get[T, P](z.Inverse(x))
	if want := min(a.BitLen(), 1); o.mul(inv, a).Cmp(big.NewInt(int64(want))) != 0 || want == 0 && inv.Sign() != 0 {
		t.Fatalf("Inverse(%x) = %x", a, inv)
	}
	root := get[T, P](z.Sqrt(x))
	if o.mul(root, root).Cmp(a) != 0 {
		t.Fatalf("Sqrt(%x) = %x", a, root)
	}
	trace, half, p := new(big.Int), new(big.Int), a
	for i := range o.m {
		trace.Xor(trace, p)
		if i%2 == 0 {
			half.Xor(half, p)
		}
		p = o.mul(p, p)
	}
	if x.Trace() != trace.Uint64() || trace.BitLen() > 1 {
		t.Fatalf("Trace(%x) = %d, want %x", a, x.Trace(), trace)
	}
	if h := get[T, P](z.HalfTrace(x)); h.Cmp(half) != 0 {
		t.Fatalf("HalfTrace(%x) = %x, want %x", a, h, half)
	}
	alias := set[T, P](a)
	if alias.Inverse(alias); get[T, P](alias).Cmp(inv) != 0 {
		t.Fatalf("Inverse(%x) in place", a)
	}
	alias = set[T, P](a)
	if alias.Sqrt(alias); get[T, P](alias).Cmp(root) != 0 {
		t.Fatalf("Sqrt(%x) in place", a)
	}
	alias = set[T, P](a)
	if alias.HalfTrace(alias); get[T, P](alias).Cmp(half) != 0 {
		t.Fatalf("HalfTrace(%x) in place", a)
	}
}

// TestToyFields goes through all elements, and all pairs of them up to m = 9.
func TestToyFields(t *testing.T) {
	if tier != impl.Generic {
		t.Skip("toy fields have no assembly")
	}
	t.Run("m5", testToy[toy.E5](newOracle(5, 2)))
	t.Run("m7", testToy[toy.E7](newOracle(7, 1)))
	t.Run("m9", testToy[toy.E9](newOracle(9, 4)))
	t.Run("m11", testToy[toy.E11](newOracle(11, 2)))
	t.Run("m13", testToy[toy.E13](newOracle(13, 4, 3, 1)))
}

func testToy[T any, P element[T]](o *oracle) func(*testing.T) {
	return func(t *testing.T) {
		size := 1 << o.m
		// Powers of a generator give a second, independent product.
		exp, log := powers(o)
		for i := range size {
			checkUnary[T, P](t, o, big.NewInt(int64(i)))
			for j := range size {
				if o.m > 9 && (i*size+j)%61 != 0 {
					continue
				}
				want := 0
				if i != 0 && j != 0 {
					want = exp[(log[i]+log[j])%(size-1)]
				}
				x, y, z := P(new(T)), P(new(T)), P(new(T))
				x.Words()[0] = uint64(i)
				y.Words()[0] = uint64(j)
				if got := P(z.Mul(x, y)).Words()[0]; got != uint64(want) {
					t.Fatalf("%x * %x = %x, want %x", i, j, got, want)
				}
			}
			for range 4 {
				checkPair[T, P](t, o, big.NewInt(int64(i)), big.NewInt(rand.Int64N(int64(size))), big.NewInt(rand.Int64N(int64(size))))
			}
		}
	}
}

// powers lists the powers of some element of full order, and their exponents.
func powers(o *oracle) (exp, log []int) {
	size := 1 << o.m
	for g := int64(2); ; g++ {
		exp, log = nil, make([]int, size)
		for v := big.NewInt(1); len(exp) == 0 || v.Int64() != 1; v = o.mul(v, big.NewInt(g)) {
			log[v.Int64()] = len(exp)
			exp = append(exp, int(v.Int64()))
		}
		if len(exp) == size-1 {
			return exp, log
		}
	}
}

func TestNoAllocations(t *testing.T) {
	t.Run("m163", testAllocs[gf2m.E163])
	t.Run("m257", testAllocs[gf2m.E257])
	t.Run("m571", testAllocs[gf2m.E571])
}

func testAllocs[T any, P element[T]](t *testing.T) {
	x, z := P(new(T)), P(new(T))
	x.Words()[0] = 12345
	n := testing.AllocsPerRun(10, func() {
		z.Mul(x, x)
		z.MulAdd(z, x, x, z)
		z.SquareN(z, 3)
		z.Inverse(z)
		z.Sqrt(z)
		z.HalfTrace(z)
		z.Select(x, z, z.Equal(x))
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
