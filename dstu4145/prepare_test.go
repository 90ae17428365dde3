package dstu4145_test

import (
	"math/big"
	"strings"
	"sync"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/ec2m"
)

// prepared imports a key once more and prepares it.
func prepared(t testing.TB, pub *dstu4145.PublicKey) *dstu4145.PublicKey {
	t.Helper()
	p, err := pub.Curve().NewPublicKey(pub.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	p.Prepare()
	return p
}

// verify verifies with pub as it is and prepared, which must agree.
func verify(t testing.TB, pub *dstu4145.PublicKey, digest, sig []byte) bool {
	t.Helper()
	ok := dstu4145.Verify(pub, digest, sig)
	if got := dstu4145.Verify(prepared(t, pub), digest, sig); got != ok {
		t.Errorf("prepared key: %v, otherwise %v", got, ok)
	}
	return ok
}

// TestPrepare: right and wrong signatures, for keys whose multiples meet those of the base point.
func TestPrepare(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		n := new(big.Int).SetBytes(c.Order())
		size := c.ScalarSize()
		number := func(v *big.Int) []byte { return new(big.Int).Mod(v, n).FillBytes(make([]byte, size)) }
		// Q = -dP: 1 and n-1 make it opposite and equal to the base point.
		for _, d := range []*big.Int{
			big.NewInt(1), big.NewInt(2), big.NewInt(3), new(big.Int).Sub(n, big.NewInt(1)),
			new(big.Int).Sub(n, big.NewInt(2)), new(big.Int).SetBytes(testKey(t, c, 1).Bytes()),
		} {
			k, err := c.NewPrivateKey(number(d))
			if err != nil {
				t.Fatal(err)
			}
			pub := prepared(t, k.PublicKey())
			digest := randomBytes(seeded(1), 32)
			same := func(what string, sig []byte, want bool) {
				t.Helper()
				if ok := dstu4145.Verify(k.PublicKey(), digest, sig); ok != want {
					t.Errorf("d = %v, %s: %v, want %v", d, what, ok, want)
				}
				if ok := dstu4145.Verify(pub, digest, sig); ok != want {
					t.Errorf("d = %v, %s, prepared key: %v, want %v", d, what, ok, want)
				}
			}
			sig, err := k.Sign(seeded(2), digest, nil)
			if err != nil {
				t.Fatal(err)
			}
			same("signature", sig, true)
			sig[2*size-1] ^= 1
			same("wrong s", sig, false)
			r := new(big.Int).SetBytes(randomBytes(seeded(3), size))
			dr := new(big.Int).Mul(d, r)
			same("R = O", append(number(r), number(dr)...), false)
			same("equal terms", append(number(r), number(dr.Neg(dr))...), false)
			// A right signature with equal terms, sP = rQ. Then s = -dr, so that e = -2dr, and the
			// digest is made to fit: h = r/x(eP).
			if !strings.HasSuffix(c.Name(), "_PB") {
				continue
			}
			r.SetBit(new(big.Int).Mod(r, n), c.OrderBits()-1, 0)
			dr.Mul(d, r)
			g := dstu4145.Group(c)
			x := g.BaseMultX(words(new(big.Int).Mod(new(big.Int).Lsh(new(big.Int).Neg(dr), 1), n)))
			digest = reversed(dstu4145.ElementBytes(c, g.FieldMul(words(r), g.Inverse(x))))
			same("right with equal terms", append(number(r), number(dr.Neg(dr))...), true)
		}
	})
}

func words(x *big.Int) (w ec2m.Words) {
	b := x.FillBytes(make([]byte, 8*len(w)))
	for i := range w {
		for _, v := range b[8*(len(w)-1-i) : 8*(len(w)-i)] {
			w[i] = w[i]<<8 | uint64(v)
		}
	}
	return w
}

// TestPrepareConcurrently prepares a key in use; run it under the race detector.
func TestPrepareConcurrently(t *testing.T) {
	k := testKey(t, dstu4145.M257PB(), 1)
	digest := make([]byte, 32)
	sig, err := k.Sign(nil, digest, nil)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for i := range 4 {
				if i == 2 {
					k.PublicKey().Prepare()
				}
				if !dstu4145.Verify(k.PublicKey(), digest, sig) {
					t.Error("does not verify")
				}
			}
		})
	}
	wg.Wait()
	if other := testKey(t, dstu4145.M257PB(), 1).PublicKey(); !other.Equal(k.PublicKey()) || !k.PublicKey().Equal(other) {
		t.Error("a prepared key is another key")
	}
}
