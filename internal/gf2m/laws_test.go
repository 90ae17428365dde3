package gf2m_test

import (
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/ukrcrypto/dstu/internal/gf2m"
)

// TestLaws checks the axioms of a field of characteristic two on elements whose words are
// drawn from the extremes as well as at random.
func TestLaws(t *testing.T) {
	t.Run("m163", testLaws[gf2m.E163](163))
	t.Run("m191", testLaws[gf2m.E191](191))
	t.Run("m233", testLaws[gf2m.E233](233))
	t.Run("m257", testLaws[gf2m.E257](257))
	t.Run("m307", testLaws[gf2m.E307](307))
	t.Run("m367", testLaws[gf2m.E367](367))
	t.Run("m431", testLaws[gf2m.E431](431))
	t.Run("m571", testLaws[gf2m.E571](571))
}

func testLaws[T any, P element[T]](m int) func(*testing.T) {
	word := gen.OneGenOf(gen.UInt64(), gen.OneConstOf(
		uint64(0), uint64(1), ^uint64(0), uint64(1)<<63, ^uint64(0)>>1,
		uint64(0x1111111111111111), uint64(0x8888888888888888), uint64(0xffffffff00000000)))
	element := gen.SliceOfN((m+63)/64, word).Map(func(words []uint64) P {
		z := P(new(T))
		copy(z.Words(), words)
		z.Words()[(m-1)/64] &= 1<<(m%64) - 1
		return z
	})
	fresh := func() P { return P(new(T)) }
	equal := func(x, y P) bool { return x.Equal(y) == 1 }

	return func(t *testing.T) {
		p := gopter.DefaultTestParameters()
		p.MinSuccessfulTests = 200
		laws := gopter.NewProperties(p)
		laws.Property("x·y = y·x", prop.ForAll(func(x, y P) bool {
			return equal(fresh().Mul(x, y), fresh().Mul(y, x))
		}, element, element))
		laws.Property("(x·y)·z = x·(y·z)", prop.ForAll(func(x, y, z P) bool {
			l, r := fresh(), fresh()
			return equal(l.Mul(l.Mul(x, y), z), r.Mul(x, r.Mul(y, z)))
		}, element, element, element))
		laws.Property("x·(y + z) = x·y + x·z", prop.ForAll(func(x, y, z P) bool {
			l := fresh()
			return equal(l.Mul(x, l.Add(y, z)), fresh().MulAdd(x, y, x, z))
		}, element, element, element))
		laws.Property("(x + y)² = x² + y², x² = x·x", prop.ForAll(func(x, y P) bool {
			l, r := fresh(), fresh()
			l.Square(l.Add(x, y))
			return equal(l, r.MulAdd(x, x, y, y))
		}, element, element))
		laws.Property("x·(1/x) = 1", prop.ForAll(func(x P) bool {
			l := fresh()
			l.Mul(l.Inverse(x), x)
			return int(l.Words()[0]) == 1-x.IsZero() && equal(l.Mul(l, x), x)
		}, element))
		laws.Property("the root of x² is x", prop.ForAll(func(x P) bool {
			l, r := fresh(), fresh()
			return equal(l.Sqrt(l.Square(x)), x) && equal(r.Square(r.Sqrt(x)), x)
		}, element))
		laws.Property("Tr is linear, Tr(x²) = Tr(x), h² + h = x + Tr(x) for the half-trace h", prop.ForAll(func(x, y P) bool {
			s, h, q := P(fresh().Add(x, y)), fresh(), fresh()
			h.HalfTrace(x)
			h.Add(q.Square(h), h)
			h.Words()[0] ^= x.Trace()
			return s.Trace() == x.Trace()^y.Trace() && P(q.Square(x)).Trace() == x.Trace() && equal(h, x)
		}, element, element))
		laws.TestingRun(t)
	}
}
