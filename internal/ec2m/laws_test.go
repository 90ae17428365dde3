package ec2m_test

import (
	"math/rand/v2"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/ukrcrypto/dstu/internal/ec2m"
)

// TestLaws checks that multiplication by scalars is a homomorphism, by all the ways there are
// to multiply.
func TestLaws(t *testing.T) {
	eachGroup(t, func(t *testing.T, g ec2m.Group) {
		p := gopter.DefaultTestParameters()
		p.MinSuccessfulTests = 8
		laws := gopter.NewProperties(p)
		k := gen.UInt64().Map(func(seed uint64) ec2m.Words {
			return scalar(g, rand.New(rand.NewPCG(seed, 23)))
		})
		gx, gy := g.Generator()
		laws.Property("a·G + b·(c·G) by the parts and at once", prop.ForAll(func(a, b, c ec2m.Words) bool {
			ax, ay := g.BaseMult(a)
			cx, cy := g.BaseMult(c)
			bx, by, _ := g.VarTimeMult(b, cx, cy)
			x, _, ok := g.VarTimeAdd(ax, ay, bx, by)
			cy2, ok2 := g.VarTimeCombineX(a, b, cx, cy)
			return ok == ok2 && x == cy2
		}, k, k, k))
		laws.Property("addition commutes and associates", prop.ForAll(func(a, b, c ec2m.Words) bool {
			ax, ay := g.BaseMult(a)
			bx, by := g.BaseMult(b)
			cx, cy := g.BaseMult(c)
			abx, aby, _ := g.VarTimeAdd(ax, ay, bx, by)
			bax, bay, _ := g.VarTimeAdd(bx, by, ax, ay)
			bcx, bcy, _ := g.VarTimeAdd(bx, by, cx, cy)
			lx, ly, _ := g.VarTimeAdd(abx, aby, cx, cy)
			rx, ry, _ := g.VarTimeAdd(ax, ay, bcx, bcy)
			return abx == bax && aby == bay && lx == rx && ly == ry && g.OnCurve(lx, ly)
		}, k, k, k))
		laws.Property("-(a·G) = (n-1)·(a·G)", prop.ForAll(func(a ec2m.Words) bool {
			x, y := g.BaseMult(a)
			n := g.Order()
			n[0]-- // n is odd
			nx, ny := g.Negate(x, y)
			mx, my, ok := g.VarTimeMult(n, x, y)
			return ok && nx == mx && ny == my
		}, k))
		laws.Property("the comb and the ladder agree on G", prop.ForAll(func(a ec2m.Words) bool {
			x, y := g.BaseMult(a)
			lx, ly, ok := g.VarTimeMult(a, gx, gy)
			return ok && x == lx && y == ly
		}, k))
		laws.TestingRun(t)
	})
}
