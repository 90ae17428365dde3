package dstu4145_test

import (
	"bytes"
	"math/big"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// pick takes a curve by number, those in polynomial basis first.
func pick(n byte) *dstu4145.Curve {
	curves := append(inBasis(false), inBasis(true)...)
	return curves[int(n)%len(curves)]
}

// FuzzNewPublicKey: what is accepted has its one encoding and order n, what is refused has no
// point of order n.
func FuzzNewPublicKey(f *testing.F) {
	f.Fuzz(func(t *testing.T, curve byte, q []byte) {
		c := pick(curve)
		g := dstu4145.Group(c)
		inSubgroup := false // by the definition, n·P = O
		if x, y, ok := dstu4145.Expand(c, q); ok {
			if !g.OnCurve(x, y) {
				t.Fatal("Expand leaves the curve")
			}
			_, _, finite := g.VarTimeMult(g.Order(), x, y)
			inSubgroup = !finite
		}
		pub, err := c.NewPublicKey(q)
		if (err == nil) != inSubgroup {
			t.Fatalf("%v, but in the subgroup: %v", err, inSubgroup)
		}
		if err != nil {
			return
		}
		if !bytes.Equal(pub.Bytes(), q) {
			t.Fatalf("encodes as %x", pub.Bytes())
		}
		x, y := pub.BytesAffine()
		again, err := c.NewPublicKeyAffine(x, y)
		if err != nil || !again.Equal(pub) || !bytes.Equal(again.Bytes(), q) {
			t.Fatalf("coordinates %x, %x: %v", x, y, err)
		}
		y[len(y)-1] ^= 1
		if _, err := c.NewPublicKeyAffine(x, y); err == nil {
			t.Fatal("a point beside the curve is accepted")
		}
	})
}

// FuzzVerify compares Verify with the equation of clause 13 written down with multiplications
// and additions of points, and with math/big.
func FuzzVerify(f *testing.F) {
	f.Fuzz(func(t *testing.T, curve byte, q, digest, sig []byte) {
		c := pick(curve)
		pub, err := c.NewPublicKey(q)
		if err != nil {
			pub = testKey(t, c, 1).PublicKey()
		}
		want := verifyReference(t, pub, digest, sig)
		if got := verify(t, pub, digest, sig); got != want {
			t.Fatalf("accepted: %v, by the equation: %v", got, want)
		}
		if !want {
			return
		}
		for i := range sig { // nothing near a signature is a signature
			sig[i] ^= 1
			if dstu4145.Verify(pub, digest, sig) {
				t.Fatalf("accepted with byte %d changed", i)
			}
			sig[i] ^= 1
			if i > 2 {
				break
			}
		}
	})
}

func verifyReference(t *testing.T, pub *dstu4145.PublicKey, digest, sig []byte) bool {
	if len(digest) == 0 {
		return false
	}
	c := pub.Curve()
	g := dstu4145.Group(c)
	size := c.ScalarSize()
	if len(sig) != 2*size {
		return false
	}
	n := new(big.Int).SetBytes(c.Order())
	r, s := new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:])
	for _, x := range []*big.Int{r, s} {
		if x.Sign() == 0 || x.Cmp(n) >= 0 {
			return false
		}
	}
	element := func(b []byte) [9]uint64 {
		w, ok := dstu4145.Element(c, b)
		if !ok {
			t.Fatalf("%x is no element", b)
		}
		return w
	}
	gx, gy := g.Generator()
	ax, ay, okA := g.VarTimeMult(words(s), gx, gy)
	qx, qy := pub.BytesAffine()
	bx, by, okB := g.VarTimeMult(words(r), element(qx), element(qy))
	if !okA || !okB {
		t.Fatal("a multiple of a point of order n is O")
	}
	rx, _, finite := g.VarTimeAdd(ax, ay, bx, by)
	if !finite {
		return false
	}
	mask := new(big.Int).Lsh(big.NewInt(1), uint(c.FieldBits()))
	h := new(big.Int).SetBytes(reversed(digest))
	hx := [9]uint64{1}
	if h.And(h, mask.Sub(mask, big.NewInt(1))); h.Sign() != 0 {
		hx = element(h.FillBytes(make([]byte, c.FieldSize())))
	}
	y := new(big.Int).SetBytes(dstu4145.ElementBytes(c, g.FieldMul(hx, rx)))
	cut := new(big.Int).Lsh(big.NewInt(1), uint(c.OrderBits()-1))
	return y.And(y, cut.Sub(cut, big.NewInt(1))).Cmp(r) == 0
}
