package dstu4145_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"math/big"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/ec2m"
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

// TestNonceValues pins the construction of nonces: these were computed with another implementation
// of HMAC_DRBG. d is 0, 1, 2, …, entropy 128, 129, …, the digest 64, 65, … of 20 bytes.
func TestNonceValues(t *testing.T) {
	count := func(from byte, n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = from + byte(i)
		}
		return b
	}
	for _, v := range []struct{ curve, hedged, deterministic string }{
		{"M163_PB",
			"01130f693d4d1f58675208102e0e50ab7b753a1896",
			"02e2674df7ee5fbe193fb538f998e8cf23b2a73f11"},
		{"M167_PB",
			"2ded77ba3e98f2387e7808ee5a35c4c81ef607020e",
			"29d237f421171e513a5a7e7e942e4d100e53f823e5"},
		{"M173_PB",
			"009c977b509592fa02211e48474f1fdfb73cd9770e63",
			"0414cc5fc6d71d0b868f0b50ac1050dd6922e9e99da8"},
		{"M179_PB",
			"026c579c27b5f2651dbdd1ac57bd3e3aaf782601c3d2dc",
			"00fc95c7ccb1844ff0a07441b2f0f35609fcf6408c7d2d"},
		{"M191_PB",
			"11c34bed3939b5ee2247af8840c3900faf0cdb26d1107980",
			"00ef65c8730b6cdcd64431a9790693e727b623631f3ae1e0"},
		{"M233_PB",
			"006f0058c0fffb54e18e9c8f71cc9d24456931e04b2bd40f2f4fe5fdc750",
			"000ce10b6b9bed25f11f5a63d1b7fd416204c633b3308477579242b27c99"},
		{"M257_PB",
			"14bdb8b1f77f693a7ed51794156c871a8027bbc34d8ec4fa4c8c276fc731b857",
			"2dba4c40f5fc76ae4b9985c54e08e5e94308d2f20f8a186543312412fce8aa3d"},
		{"M307_PB",
			"0056b16ba6ca67de61e2905c7f718ec3e325bf4137c007e930ca2b95d9a9a85c38fbc48d8eea6c",
			"0076b1a4e72168e1701e1732164815c10ff9bee4e0c630d920e12268de77996c1e0fc53615aedc"},
		{"M367_PB",
			"2f81e7d27a5f35f46bbeac4e832b74008ee6985ccb3190b3b819784dc6652c10b127a72609db9d5c4fb0ad1f1415",
			"097804e34057b8330c3b2e0fd41119d623c85464da57bef01b14bedaf041c81d8cd42e51d362529c9111b50e9f16"},
		{"M431_PB",
			"0390a7dff097ebeccc0ffd80b191491f46114cbff9409137c1ccc985a6e51ab316be33232a668bbf2dc585d87e78275524fcc36ea81e",
			"1226422391d9ed82495ed7dc7d9c194b5b3166ea840b0f5cb0bc0b19b66205d2b36bd50e67a30c4d0fc0f3bc287a7f6507d393b78476"},
		{"M571_PB",
			"02222c2e69b9a9b86153c7205abbe7ffe3e5e36118b18d051c410a3fbb5275aa7e1d8750bbd71868403ec747c8976843da018f70c752e7393d026f11180d773f1553f31911528cac",
			"030e2c3e07a13d08fe8a94ef41b823bf0c370b1c84de64947d0b05bb422a327bb741d660ef40a20eab9f4eccac1a43187cba57eb4a50122dff9e7d110105af9561016e8dd2c2efe6"},
	} {
		c := curveNamed(v.curve)
		k, err := c.NewPrivateKey(count(0, c.ScalarSize()))
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(dstu4145.Nonce(k, count(128, 64), count(64, 20))); got != v.hedged {
			t.Errorf("%s: nonce %s, want %s", v.curve, got, v.hedged)
		}
		if got := hex.EncodeToString(dstu4145.Nonce(k, nil, count(64, 20))); got != v.deterministic {
			t.Errorf("%s: deterministic nonce %s, want %s", v.curve, got, v.deterministic)
		}
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

// TestAnotherNonce: r = 0 and s = 0 are no signatures, and Sign then takes the next nonce. Neither
// happens with a group of this size, so the point comes from elsewhere.
func TestAnotherNonce(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		k := testKey(t, c, 1)
		digest := randomBytes(seeded(1), 32)
		n := new(big.Int).SetBytes(c.Order())
		xr := make([]byte, c.FieldSize())
		one := plus(make([]byte, c.ScalarSize()), 1)
		if sig, ok := dstu4145.SignatureFromPoint(c, digest, xr, one, k.Bytes()); ok {
			t.Errorf("r = 0 is taken: %x", sig)
		}
		xr[len(xr)-1] = 2
		sig, ok := dstu4145.SignatureFromPoint(c, digest, xr, one, k.Bytes())
		if !ok {
			t.Fatal("refused without reason")
		}
		r := new(big.Int).SetBytes(sig[:c.ScalarSize()])
		dr := r.Mul(r, new(big.Int).SetBytes(k.Bytes()))
		e := new(big.Int).Sub(n, dr.Mod(dr, n)).FillBytes(make([]byte, c.ScalarSize()))
		if sig, ok := dstu4145.SignatureFromPoint(c, digest, xr, e, k.Bytes()); ok {
			t.Errorf("s = 0 is taken: %x", sig)
		}

		first, err := k.Sign(nil, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := &zeroOnce{Group: dstu4145.Group(c)}
		second, err := dstu4145.Rebind(k, dstu4145.WithGroup(c, g), k.Bytes()).Sign(nil, digest, nil)
		if err != nil || bytes.Equal(first, second) || !dstu4145.Verify(k.PublicKey(), digest, second) {
			t.Errorf("after r = 0: %x, %v", second, err)
		}
	})
}

// zeroOnce is a group that answers 0 to the first BaseMultX.
type zeroOnce struct {
	ec2m.Group
	called bool
}

func (z *zeroOnce) BaseMultX(k ec2m.Words) ec2m.Words {
	if !z.called {
		z.called = true
		return ec2m.Words{}
	}
	return z.Group.BaseMultX(k)
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
