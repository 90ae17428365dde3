package dstu4145_test

import (
	"bytes"
	"math/big"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// TestVerifyRefuses goes through the classes of bad signatures for all curves, on random
// signatures: 10^4 cases of those that are refused before any arithmetic, fewer of the others.
func TestVerifyRefuses(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		n := new(big.Int).SetBytes(c.Order())
		size := c.ScalarSize()
		limit := new(big.Int).Lsh(big.NewInt(1), uint(8*size))
		k := testKey(t, c, 1)
		d := new(big.Int).SetBytes(k.Bytes())
		pub := k.PublicKey()
		rnd := seeded(40)
		for i := range cases(20) {
			digest := randomBytes(rnd, 32)
			sig, err := k.Sign(rnd, digest, nil)
			if err != nil {
				t.Fatal(err)
			}
			r, s := new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:])
			refuse := func(class string, r, s *big.Int) {
				t.Helper()
				if r.Sign() < 0 || s.Sign() < 0 || r.Cmp(limit) >= 0 || s.Cmp(limit) >= 0 {
					return // not expressible
				}
				bad := append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
				if dstu4145.Verify(pub, digest, bad) {
					t.Errorf("%s: %x is accepted", class, bad)
				}
			}
			zero, one := new(big.Int), big.NewInt(1)
			refuse("r = 0", zero, s)
			refuse("s = 0", r, zero)
			refuse("r = s = 0", zero, zero)
			refuse("r = n", n, s)
			refuse("s = n", r, n)
			refuse("r + n", new(big.Int).Add(r, n), s)
			refuse("s + n", r, new(big.Int).Add(s, n))
			top := new(big.Int).Sub(limit, one)
			refuse("r = 2^k-1", top, s)
			refuse("s = 2^k-1", r, top)
			for range 500 { // numbers of n … 2^k-1
				x := new(big.Int).SetBytes(randomBytes(rnd, size))
				x.Mod(x, new(big.Int).Sub(limit, n)).Add(x, n)
				refuse("r >= n", x, s)
				refuse("s >= n", r, x)
				refuse("r, s >= n", x, x)
			}
			testWrongLengths(t, pub, digest, sig)
			if i%4 != 0 {
				continue
			}
			refuse("n - s", r, new(big.Int).Sub(n, s))
			refuse("n - r", new(big.Int).Sub(n, r), s)
			refuse("s + 1", r, new(big.Int).Mod(new(big.Int).Add(s, one), n))
			refuse("exchanged", s, r)
			x := new(big.Int).Mul(d, r)
			refuse("R = O", r, x.Mod(x, n))
			// Above bit L(n)-1 nothing of y is kept: r with such a bit is below n on some curves.
			refuse("r not truncated", new(big.Int).SetBit(r, c.OrderBits()-1, 1), s)
			bit := int(randomBytes(rnd, 1)[0]) % (8 * size)
			refuse("bit of r", new(big.Int).SetBit(r, bit, 1-r.Bit(bit)), s)
			refuse("bit of s", r, new(big.Int).SetBit(s, bit, 1-s.Bit(bit)))
			if other := testKey(t, c, 2).PublicKey(); dstu4145.Verify(other, digest, sig) {
				t.Error("accepted under another key")
			}
			if !dstu4145.Verify(pub, digest, sig) {
				t.Error("the signature itself is refused")
			}
		}
	})
}

func testWrongLengths(t *testing.T, pub *dstu4145.PublicKey, digest, sig []byte) {
	t.Helper()
	size := len(sig) / 2
	r, s := sig[:size], sig[size:]
	zero := []byte{0}
	for class, bad := range map[string][]byte{
		"nil": nil, "empty": {}, "r only": r, "byte missing": sig[:len(sig)-1], "first byte missing": sig[1:],
		"byte appended": slices.Concat(sig, zero), "byte in front": slices.Concat(zero, sig),
		"halves padded in front": slices.Concat(zero, r, zero, s), "halves padded behind": slices.Concat(r, zero, s, zero),
		"halves shortened": slices.Concat(r[1:], s[1:]), "twice": slices.Concat(sig, sig),
	} {
		if dstu4145.Verify(pub, digest, bad) {
			t.Errorf("%s: %x is accepted", class, bad)
		}
	}
}

func TestVerifyWithoutKey(t *testing.T) {
	for _, size := range []int{0, 42, 64} {
		sig := bytes.Repeat([]byte{1}, size)
		if dstu4145.Verify(nil, nil, sig) || dstu4145.Verify(&dstu4145.PublicKey{}, nil, sig) {
			t.Error("accepted without a key")
		}
	}
}

// TestSameKeyBytesOtherCurve: 163 and 167 share all sizes, signatures do not carry over.
func TestSameKeyBytesOtherCurve(t *testing.T) {
	d := append(make([]byte, 20), 77)
	a, _ := dstu4145.M163PB().NewPrivateKey(d)
	b, _ := dstu4145.M167PB().NewPrivateKey(d)
	digest := make([]byte, 32)
	sig, err := a.Sign(nil, digest, nil)
	if err != nil {
		t.Fatal(err)
	}
	if dstu4145.Verify(b.PublicKey(), digest, sig) {
		t.Error("accepted on another curve")
	}
}
