package ec2m_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/internal/ec2m"
)

func TestNoAllocations(t *testing.T) {
	eachGroup(t, func(t *testing.T, g ec2m.Group) {
		x, y := g.Generator()
		k := g.Order()
		k[0] -= 2
		g.BaseMult(k) // builds the table
		h := g.WithBase(g.BaseMult(k))
		h.Precompute()
		var sink ec2m.Words
		for name, f := range map[string]func(){
			"BaseMult":        func() { sink, _ = g.BaseMult(k) },
			"BaseMultX":       func() { sink = g.BaseMultX(k) },
			"MultX":           func() { sink, _ = g.MultX(k, x) },
			"VarTimeCombineX": func() { sink, _ = g.VarTimeCombineX(k, k, x, y) },
			"equal terms":     func() { sink, _ = g.VarTimeCombineX(ec2m.Words{1}, ec2m.Words{1}, x, y) },
			"two tables":      func() { sink, _ = g.VarTimeCombineBasesX(k, k, h) },
			"VarTimeMult":     func() { sink, _, _ = g.VarTimeMult(k, x, y) },
			"VarTimeAdd":      func() { sink, _, _ = g.VarTimeAdd(x, y, x, y) },
			"Compress":        func() { sink = g.Compress(x, y) },
			"Expand":          func() { sink, _, _ = g.Expand(g.Compress(x, y)) },
			"checks":          func() { _ = g.OnCurve(x, y) && g.InSubgroup(x, y) },
			"field":           func() { sink = g.FieldMul(g.Square(x), g.Sqrt(g.Inverse(g.HalfTrace(y)))) },
		} {
			if n := testing.AllocsPerRun(2, f); n != 0 {
				t.Errorf("%s: %v allocations", name, n)
			}
		}
		_ = sink
	})
}
