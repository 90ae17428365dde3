package dstu4145_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"hash"
	"io"
	"math/big"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// recoverNonce solves s = e + dr for e.
func recoverNonce(k *dstu4145.PrivateKey, sig []byte) []byte {
	c := k.Curve()
	size := c.ScalarSize()
	number := func(b []byte) *big.Int { return new(big.Int).SetBytes(b) }
	e := number(k.Bytes())
	e.Mul(e, number(sig[:size]))
	e.Sub(number(sig[size:]), e)
	return e.Mod(e, number(c.Order())).FillBytes(make([]byte, size))
}

func TestSign(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		r := seeded(20)
		for i := range cases(40) {
			k := testKey(t, c, uint64(i/8))
			digest := randomBytes(r, i)
			sig, err := k.Sign(r, digest, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(sig) != 2*c.ScalarSize() || !dstu4145.Verify(k.PublicKey(), digest, sig) {
				t.Fatalf("digest of %d bytes: signature %x does not verify", i, sig)
			}
			// The arithmetic once more, from the nonce that the signature tells the key's owner.
			again, ok, err := dstu4145.SignWithNonce(k, digest, recoverNonce(k, sig))
			if err != nil || !ok || !bytes.Equal(again, sig) {
				t.Fatalf("nonce does not reproduce the signature: %x, %v", again, err)
			}
		}
	})
}

func TestSignReaders(t *testing.T) {
	digest := make([]byte, 32)
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		k := testKey(t, c, 1)
		for name, r := range map[string]io.Reader{
			"failing": iotest.ErrReader(errReader), "empty": bytes.NewReader(nil), "short": bytes.NewReader(make([]byte, 63)),
			"failing late": io.MultiReader(bytes.NewReader(make([]byte, 63)), iotest.ErrReader(errReader)),
		} {
			if sig, err := k.Sign(r, digest, nil); err == nil || sig != nil {
				t.Errorf("%s: signature %x", name, sig)
			}
			if sig, err := k.SignMessage(r, digest, &dstu4145.Options{Hash: sha256.New}); err == nil || sig != nil {
				t.Errorf("%s: signature %x of a message", name, sig)
			}
		}
		if _, err := k.Sign(iotest.ErrReader(errReader), digest, nil); !errors.Is(err, errReader) {
			t.Errorf("cause is lost: %v", err)
		}
		a, err := k.Sign(iotest.OneByteReader(seeded(3)), digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := k.Sign(seeded(3), digest, nil); err != nil || !bytes.Equal(a, b) {
			t.Errorf("the reader's chunks matter: %v", err)
		}
		if b, err := k.Sign(io.LimitReader(seeded(3), 64), digest, nil); err != nil || !bytes.Equal(a, b) {
			t.Errorf("more than 64 bytes are read: %v", err)
		}
	})
}

// TestNonceHedging: what nonces depend on. A source that repeats itself must not repeat nonces
// for other digests or keys; a good source must not repeat them at all.
func TestNonceHedging(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		k1, k2 := testKey(t, c, 1), testKey(t, c, 2)
		d1, d2 := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
		nonces := map[string]string{}
		sign := func(name string, k *dstu4145.PrivateKey, r io.Reader, digest []byte) []byte {
			t.Helper()
			sig, err := k.Sign(r, digest, nil)
			if err != nil {
				t.Fatal(err)
			}
			e := string(recoverNonce(k, sig))
			if other, ok := nonces[e]; ok {
				t.Errorf("nonce of %s is that of %s", name, other)
			}
			nonces[e] = name
			return sig
		}
		same := func(name string, k *dstu4145.PrivateKey, r io.Reader, digest, want []byte) {
			t.Helper()
			if sig, err := k.Sign(r, digest, nil); err != nil || !bytes.Equal(sig, want) {
				t.Errorf("%s: not reproduced: %v", name, err)
			}
		}
		same("deterministic", k1, nil, d1, sign("deterministic", k1, nil, d1))
		same("zero reader", k1, constant(0), d1, sign("zero reader", k1, constant(0), d1))
		sign("deterministic, other digest", k1, nil, d2)
		sign("deterministic, other key", k2, nil, d1)
		sign("zero reader, other digest", k1, constant(0), d2)
		sign("zero reader, other key", k2, constant(0), d1)
		sign("other constant reader", k1, constant(1), d1)
		last := bytes.Repeat([]byte{0}, 64)
		last[63] = 1
		sign("last byte of the reader", k1, bytes.NewReader(last), d1)
		r := seeded(9)
		for range 20 {
			sign("random", k1, r, d1)
		}
	})
	// The same number as a key on curves of the same scalar size.
	one := append(make([]byte, 20), 1)
	a, _ := dstu4145.M163PB().NewPrivateKey(one)
	b, _ := dstu4145.M167PB().NewPrivateKey(one)
	if e, f := dstu4145.Nonce(a, nil, one), dstu4145.Nonce(b, nil, one); bytes.Equal(e[3:], f[3:]) {
		t.Error("two curves share a nonce")
	}
}

// TestNonceHook ties the hook that other tests use to what Sign does.
func TestNonceHook(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		k := testKey(t, c, 1)
		for i := range 10 {
			digest := randomBytes(seeded(uint64(i)), 32)
			sig, err := k.Sign(seeded(uint64(i+100)), digest, nil)
			if err != nil {
				t.Fatal(err)
			}
			equalBytes(t, "hedged nonce", recoverNonce(k, sig), dstu4145.Nonce(k, randomBytes(seeded(uint64(i+100)), 64), digest))
			sig, err = k.Sign(nil, digest, nil)
			if err != nil {
				t.Fatal(err)
			}
			equalBytes(t, "deterministic nonce", recoverNonce(k, sig), dstu4145.Nonce(k, nil, digest))
		}
	})
}

func TestSignOptions(t *testing.T) {
	k := testKey(t, dstu4145.M257PB(), 1)
	digest := make([]byte, 32)
	for name, o := range map[string]crypto.SignerOpts{
		"nil": nil, "nil options": (*dstu4145.Options)(nil), "no hash": &dstu4145.Options{},
		"hash of this length": &dstu4145.Options{Hash: sha256.New}, "crypto.Hash": crypto.SHA512,
	} {
		if _, err := k.Sign(nil, digest, o); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := &dstu4145.Options{Hash: sha512.New}
	if sig, err := k.Sign(nil, digest, long); err == nil || sig != nil {
		t.Error("32 bytes are signed as a digest of 64")
	}
	if long.HashFunc() != 0 || (*dstu4145.Options)(nil).HashFunc() != 0 {
		t.Error("HashFunc is not 0")
	}
	for name, o := range map[string]crypto.SignerOpts{
		"nil": nil, "nil options": (*dstu4145.Options)(nil), "no hash": &dstu4145.Options{}, "crypto.Hash": crypto.SHA256,
	} {
		if sig, err := k.SignMessage(nil, digest, o); err == nil || sig != nil {
			t.Errorf("message is signed with %s", name)
		}
	}
}

func TestSignMessage(t *testing.T) {
	k := testKey(t, dstu4145.M257PB(), 1)
	msg := []byte("message")
	for _, f := range []func() hash.Hash{sha256.New, sha512.New} {
		h := f()
		h.Write(msg)
		want, err := k.Sign(nil, h.Sum(nil), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := crypto.SignMessage(k, nil, msg, &dstu4145.Options{Hash: f})
		if err != nil {
			t.Fatal(err)
		}
		equalBytes(t, "signature", got, want)
	}
}

// TestDigestElement goes through the edges of clause 5.9.
func TestDigestElement(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		m, size := c.FieldBits(), c.FieldSize()
		one := append(make([]byte, size-1), 1)
		reference := func(digest []byte) []byte {
			h := new(big.Int).SetBytes(reversed(digest))
			h.And(h, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(m)), big.NewInt(1)))
			if h.Sign() == 0 {
				h.SetInt64(1)
			}
			return h.FillBytes(make([]byte, size))
		}
		bit := func(n int) []byte { // a digest of 100 bytes with one bit
			b := make([]byte, 100)
			b[n/8] = 1 << (n % 8)
			return b
		}
		ones := bytes.Repeat([]byte{0xff}, 100)
		for name, v := range map[string]struct{ digest, want []byte }{
			"nil": {nil, one}, "empty": {[]byte{}, one}, "one zero byte": {[]byte{0}, one}, "zeros": {make([]byte, 100), one},
			"one": {[]byte{1}, one}, "bit 0": {bit(0), one}, "bit m": {bit(m), one}, "last bit": {bit(799), one},
			"bit m-1": {bit(m - 1), reversed(bit(m - 1)[:size])},
			"ones":    {ones, reference(ones)}, "ones of the field": {ones[:size], reference(ones)},
		} {
			equalBytes(t, name, dstu4145.DigestElement(c, v.digest), v.want)
			equalBytes(t, name+" by reference", reference(v.digest), v.want)
		}
		r := seeded(30)
		for i := range 200 {
			digest := randomBytes(r, i)
			equalBytes(t, "element", dstu4145.DigestElement(c, digest), reference(digest))
			// Zero bytes at the end change nothing, as long as the digest is a number.
			equalBytes(t, "padded", dstu4145.DigestElement(c, append(digest, 0, 0)), reference(digest))
			if digest = append([]byte{0}, digest...); i > 0 {
				equalBytes(t, "shifted", dstu4145.DigestElement(c, digest), reference(digest))
			}
		}

		// Digests with the same element have the same signatures; the next bit counts.
		k := testKey(t, c, 1)
		digest := randomBytes(r, 100)
		sig, err := k.Sign(nil, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		for at, want := range map[int]bool{0: false, m - 1: false, m: true, 799: true} {
			other := slices.Clone(digest)
			other[at/8] ^= 1 << (at % 8)
			if dstu4145.Verify(k.PublicKey(), other, sig) != want {
				t.Errorf("bit %d flipped: accepted %v", at, !want)
			}
		}
	})
}
