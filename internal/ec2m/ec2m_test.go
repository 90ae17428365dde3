package ec2m_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/internal/ec2m"
)

func TestSkeleton(t *testing.T) {
	for _, g := range []ec2m.Group{ec2m.M163(), ec2m.M257(), ec2m.M571()} {
		x, y := g.Generator()
		if !g.OnCurve(x, y) {
			t.Error(g.M(), "generator is not on the curve")
		}
		cx, cy, ok := g.Expand(g.Compress(x, y))
		if !ok || cx != x || cy != y {
			t.Error(g.M(), "compress")
		}
		if g.M() == 163 && !g.InSubgroup(x, y) {
			t.Error(g.M(), "order")
		}
		nx, finite := g.MultX(g.Order(), x)
		if finite != 0 || nx != (ec2m.Words{}) {
			t.Error(g.M(), "ladder")
		}
	}
}
