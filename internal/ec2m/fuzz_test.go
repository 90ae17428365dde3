package ec2m_test

import (
	"bytes"
	"testing"

	"github.com/ukrcrypto/dstu/internal/ec2m"
)

// FuzzExpand reads a compressed point and checks that what expands lies on the curve and
// compresses to the same bytes, and that a scalar made of the same bytes acts on it by the
// ladder as by the ladder with the ordinate.
func FuzzExpand(f *testing.F) {
	for i, g := range groups() {
		f.Add(uint8(i), ec2m.AppendBytes(nil, g.Compress(g.Generator()), g.M()))
		f.Add(uint8(i), make([]byte, (g.M()+7)/8))
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		g := groups()[int(which)%len(groups())]
		c, ok := ec2m.FromBytes(data, g.M())
		if !ok {
			return
		}
		if !bytes.Equal(ec2m.AppendBytes(nil, c, g.M()), data) {
			t.Fatalf("%x does not round-trip", data)
		}
		x, y, ok := g.Expand(c)
		if !ok {
			return
		}
		if !g.OnCurve(x, y) || g.Compress(x, y) != c {
			t.Fatalf("%x expands to (%x, %x)", data, x, y)
		}
		_, finite := g.MultX(g.Order(), x)
		if g.InSubgroup(x, y) != (finite == 0) {
			t.Fatalf("(%x, %x): InSubgroup, but n·Q: finite %d", x, y, finite)
		}
		kx, f := g.MultX(c, x)
		mx, my, ok := g.VarTimeMult(c, x, y)
		if ok != (f == 1) || kx != mx || ok && !g.OnCurve(mx, my) {
			t.Fatalf("%x·(%x, %x)", c, x, y)
		}
	})
}
