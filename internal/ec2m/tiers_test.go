package ec2m_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/ukrcrypto/dstu/internal/ec2m"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// rounds is the number of random operands: DSTU_TIER_ROUNDS, or what every run can afford.
func rounds(t *testing.T, short int) int {
	s := os.Getenv("DSTU_TIER_ROUNDS")
	if s == "" {
		return short
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// operand returns a string of n bits: random, all ones, one bit, or ones below or above a bit.
func operand(r *rand.Rand, n int) (w ec2m.Words) {
	at, kind := r.IntN(n), r.IntN(8)
	for i := range n {
		var bit bool
		switch kind {
		case 0:
			bit = i == at
		case 1:
			bit = i < at
		case 2:
			bit = i >= at
		case 3:
			bit = true
		default:
			bit = r.IntN(2) == 1
		}
		if bit {
			w[i/64] |= 1 << (i % 64)
		}
	}
	return w
}

// TestTiers compares every implementation with the portable one.
func TestTiers(t *testing.T) {
	type answer struct {
		x, y ec2m.Words
		ok   bool
	}
	type operation struct {
		name string
		do   func(g ec2m.Group, a, b, k ec2m.Words) answer
	}
	ops := []operation{
		{"MultX", func(g ec2m.Group, a, b, k ec2m.Words) answer {
			x, finite := g.MultX(k, a)
			return answer{x: x, ok: finite == 1}
		}},
		{"VarTimeMult", func(g ec2m.Group, a, b, k ec2m.Words) answer {
			if x, y, ok := g.Expand(a); ok {
				x, y, ok = g.VarTimeMult(k, x, y)
				return answer{x, y, ok}
			}
			return answer{}
		}},
		{"VarTimeCombineX", func(g ec2m.Group, a, b, k ec2m.Words) answer {
			if x, y, ok := g.Expand(a); ok && less(b, g.Order()) && less(k, g.Order()) {
				x, ok = g.VarTimeCombineX(b, k, x, y)
				return answer{x: x, ok: ok}
			}
			return answer{}
		}},
		{"BaseMult", func(g ec2m.Group, a, b, k ec2m.Words) answer {
			if k == (ec2m.Words{}) || !less(k, g.Order()) {
				return answer{}
			}
			x, y := g.BaseMult(k)
			return answer{x, y, g.BaseMultX(k) == x}
		}},
		{"FieldMul", func(g ec2m.Group, a, b, k ec2m.Words) answer { return answer{x: g.FieldMul(a, b), y: g.Square(a)} }},
		{"Inverse", func(g ec2m.Group, a, b, k ec2m.Words) answer { return answer{x: g.Inverse(a), y: g.HalfTrace(b)} }},
	}
	eachGroup(t, func(t *testing.T, g ec2m.Group) {
		r := rand.New(rand.NewPCG(uint64(g.M()), 7))
		for range rounds(t, 20) {
			a, b := operand(r, g.M()), operand(r, g.M())
			k := operand(r, []int{g.OrderBits(), g.OrderBits() + 2, 64 * g.Words()}[r.IntN(3)])
			for _, op := range ops {
				restore := impl.TestingOnlySelect(impl.Generic)
				want := op.do(g, a, b, k)
				restore()
				for _, tier := range impl.Tiers() {
					restore := impl.TestingOnlySelect(tier)
					got := op.do(g, a, b, k)
					restore()
					if got != want {
						t.Fatalf("%s of %x, %x, %x with %s: %x %x %v, want %x %x %v",
							op.name, a, b, k, tier, got.x, got.y, got.ok, want.x, want.y, want.ok)
					}
				}
			}
		}
	})
}

// TestCombInAssembly wants a comb of every tier but the portable one. Where it met an exceptional
// case the portable comb would step in, unnoticed.
func TestCombInAssembly(t *testing.T) {
	k := ec2m.Words{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9}
	for _, tier := range impl.Names("internal/ec2m") {
		restore := impl.TestingOnlySelect(tier)
		for i, ok := range ec2m.CombInAssembly(k) {
			if ok != (tier != impl.Generic) {
				t.Errorf("%s, field %d: %v", tier, i, ok)
			}
		}
		restore()
	}
}
