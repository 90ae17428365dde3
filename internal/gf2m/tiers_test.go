package gf2m_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/ukrcrypto/dstu/internal/gf2m"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// tierRounds is the number of random operands: DSTU_TIER_ROUNDS, or what every run can afford.
// Inversion and half-trace, which are slow, have one round of eight.
func tierRounds(t *testing.T) int {
	s := os.Getenv("DSTU_TIER_ROUNDS")
	if s == "" {
		return 100
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTiers compares every implementation with the portable one on random and edge operands. It
// selects the implementations itself, so that one run of all tests is enough for it.
func TestTiers(t *testing.T) {
	if tier != impl.Generic {
		return
	}
	t.Run("m163", testTiers[gf2m.E163](newOracle(163, 7, 6, 3)))
	t.Run("m167", testTiers[gf2m.E167](newOracle(167, 6)))
	t.Run("m173", testTiers[gf2m.E173](newOracle(173, 10, 2, 1)))
	t.Run("m179", testTiers[gf2m.E179](newOracle(179, 4, 2, 1)))
	t.Run("m191", testTiers[gf2m.E191](newOracle(191, 9)))
	t.Run("m233", testTiers[gf2m.E233](newOracle(233, 9, 4, 1)))
	t.Run("m257", testTiers[gf2m.E257](newOracle(257, 12)))
	t.Run("m307", testTiers[gf2m.E307](newOracle(307, 8, 4, 2)))
	t.Run("m367", testTiers[gf2m.E367](newOracle(367, 21)))
	t.Run("m431", testTiers[gf2m.E431](newOracle(431, 5, 3, 1)))
	t.Run("m571", testTiers[gf2m.E571](newOracle(571, 10, 5, 2)))
}

func testTiers[T any, P element[T]](o *oracle) func(*testing.T) {
	return func(t *testing.T) {
		r := rand.New(rand.NewPCG(uint64(o.m), 3))
		edges := o.operands()
		operand := func() P {
			if r.IntN(2) == 0 {
				return set[T, P](edges[r.IntN(len(edges))])
			}
			return randomElement[T, P](r, o.m)
		}
		for i := range tierRounds(t) {
			x, y, u, v := operand(), operand(), operand(), operand()
			n := r.IntN(9)
			all := func() (z [6]T) {
				P(&z[0]).Mul(x, y)
				P(&z[1]).MulAdd(x, y, u, v)
				P(&z[2]).Square(x)
				P(&z[3]).SquareN(y, n)
				if i%8 == 0 {
					P(&z[4]).Inverse(x)
					P(&z[5]).HalfTrace(x)
				}
				return z
			}
			restore := impl.TestingOnlySelect(impl.Generic)
			want := all()
			restore()
			for _, tier := range impl.Tiers() {
				if tier == impl.Generic {
					continue
				}
				restore := impl.TestingOnlySelect(tier)
				got := all()
				restore()
				for j := range got {
					if P(&got[j]).Equal(&want[j]) != 1 {
						t.Fatalf("operation %d with %s, x = %x, y = %x, u = %x, v = %x, n = %d: %x, want %x", j, tier,
							x.Words(), y.Words(), u.Words(), v.Words(), n, P(&got[j]).Words(), P(&want[j]).Words())
					}
				}
			}
		}
	}
}

// randomElement is quicker than the one of the oracle.
func randomElement[T any, P element[T]](r *rand.Rand, m int) P {
	z := P(new(T))
	w := z.Words()
	for i := range w {
		w[i] = r.Uint64()
	}
	w[len(w)-1] &= 1<<(m%64) - 1
	return z
}
