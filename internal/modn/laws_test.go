package modn_test

import (
	"math/big"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/ukrcrypto/dstu/internal/modn"
)

// TestLaws checks the axioms of a commutative ring on operands whose words are often all zeros
// or all ones.
func TestLaws(t *testing.T) {
	word := gen.Weighted([]gen.WeightedGen{
		{Weight: 1, Gen: gen.Const(uint64(0))},
		{Weight: 1, Gen: gen.Const(^uint64(0))},
		{Weight: 4, Gen: gen.UInt64()},
	})
	forEachOrder(t, func(t *testing.T, _ *big.Int, m *modn.Modulus) {
		number := gen.SliceOfN(modn.MaxWords, word).Map(func(s []uint64) modn.Words {
			return m.Reduce(modn.Words(s))
		})
		one := modn.Words{1}
		params := gopter.DefaultTestParametersWithSeed(4145)
		params.MinSuccessfulTests = 50
		p := gopter.NewProperties(params)
		p.Property("commutes", prop.ForAll(func(a, b modn.Words) bool {
			return m.Mul(a, b) == m.Mul(b, a) && m.Add(a, b) == m.Add(b, a)
		}, number, number))
		p.Property("associates and distributes", prop.ForAll(func(a, b, c modn.Words) bool {
			return m.Mul(a, m.Mul(b, c)) == m.Mul(m.Mul(a, b), c) &&
				m.Add(a, m.Add(b, c)) == m.Add(m.Add(a, b), c) &&
				m.Mul(a, m.Add(b, c)) == m.MulAdd(m.Mul(a, b), a, c)
		}, number, number, number))
		p.Property("neutral and opposite", prop.ForAll(func(a modn.Words) bool {
			return m.Mul(a, one) == a && m.Add(a, modn.Words{}) == a &&
				m.Add(a, m.Neg(a)) == modn.Words{} && m.Neg(m.Neg(a)) == a && m.Reduce(a) == a
		}, number))
		p.TestingRun(t)
	})
}
