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
			digest := randomBytes(r, 1+i)
			sig, err := k.Sign(r, digest, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(sig) != 2*c.ScalarSize() || !dstu4145.Verify(k.PublicKey(), digest, sig) {
				t.Fatalf("digest of %d bytes: signature %x does not verify", len(digest), sig)
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
			"failing": iotest.ErrReader(errReader), "empty": bytes.NewReader(nil), "short": bytes.NewReader(make([]byte, 31)),
			"failing late": io.MultiReader(bytes.NewReader(make([]byte, 31)), iotest.ErrReader(errReader)),
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
		if b, err := k.Sign(io.LimitReader(seeded(3), 32), digest, nil); err != nil || !bytes.Equal(a, b) {
			t.Errorf("more than 32 bytes are read: %v", err)
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
		last := make([]byte, 32)
		last[31] = 1
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

// TestNonceValues pins the construction of nonces: these were computed with KBKDFHMAC of the Python
// package cryptography. d is 0, 1, 2, …, entropy 128, 129, …, the digest 64, 65, … of 20 bytes.
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
			"033fde2b6eb9839c49dbe3258be4737c8ef2c0e52b",
			"00f8089cb33f06cf008d998a288a0a4f3c8926d6c5"},
		{"M167_PB",
			"10b6bf9f88dc0c4f69253ac65b53ed53d5f4fbf641",
			"1b48570a20e8d9f39cf1019ab113b4aaeef1e01f66"},
		{"M173_PB",
			"049fd140c26ffce4e38e33852ec2c06625ffec0bea17",
			"07de4481eedd5d08bfd4f8da2e1ef97c339d5ea47d8c"},
		{"M179_PB",
			"01a86e6391e79a335a4cb06b3c76406d336c9fe59d095c",
			"01987f6753137cd67ca3ec755a3a9e465c292f0bcdafdf"},
		{"M191_PB",
			"1df78010126299e243f4e04378c9e979bb245f983ffb3cf3",
			"17fc0485e994dad8e60c40fc6d3c5e5a8bb5abbd3d6ecf4c"},
		{"M233_PB",
			"001a9d760fd91557d615fe6c374506bfda62e58f3d43fd72c94a293c14c7",
			"001bcbea964c0aa3253b4d5f63af9c089a326940f3e214bde5a298c099ef"},
		{"M257_PB",
			"7eb76cb6fe2449dcc5051cfe21a05f9f412a5aa3e6f17cf4f14e2b74b6b84936",
			"7f24ae31daeacc013b49b394f82b6a4074e398ba5e242c79e65d6fb91808a5e8"},
		{"M307_PB",
			"010d588c95b3ec6473a2c6a190bdbaeb1caddc61fae82f593c4b22d312c96a94528a8ebc09cc99",
			"01f7095f6719dab3b18e2803956c2a63342ab4458cba8dcf384bc844bc0606deec207d9859df5b"},
		{"M367_PB",
			"24fc1fc0780e9c1b82dfd27e16fdce5c36a6049043dc086f805f5bfe9438389abb042f117f8632833d9cfa1f9339",
			"102dcef12d956ffc9913e156ace972bd049357257bc960bd3b45666487e050bcb5fc08df1c0e0fd80f57621d8915"},
		{"M431_PB",
			"14c4914bb921ba4ff94b580261af69326585a6e01bad166d1989d45915eeb9947343c2a5c2b1cc2c00f15a4f1052b309205f82d29e8f",
			"31b6cdea12fcf9c3b865d56e270b3490af3e8b0f4125bd1bc08ccdd4434bab0678dc79dd035c0e1538f0bcdd96667e5827c88e813ea3"},
		{"M571_PB",
			"02fa46bd233be4512c1012942c86f39b4e9e38a036ef8d4c10fb4afacf0e1664592a256da7489b31034e315557ceb9ef103104265ef0e51b11a6b453c0e98f31f5abf7cc1539cfdf",
			"0166de00498e5914bf1643b88f646efdc66103cd07d3637be08472145cb9957152b1f90b4a7d48c1e4102708f085be903ad386e4b148b4063d555ed070b6698f4267794a6e7d2f5a"},
	} {
		c := curveNamed(v.curve)
		k, err := c.NewPrivateKey(count(0, c.ScalarSize()))
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(dstu4145.Nonce(k, count(128, 32), count(64, 20))); got != v.hedged {
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
			equalBytes(t, "hedged nonce", recoverNonce(k, sig), dstu4145.Nonce(k, randomBytes(seeded(uint64(i+100)), 32), digest))
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
		"hash of this length": &dstu4145.Options{Hash: sha256.New}, "crypto.Hash": crypto.SHA256,
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
		one := dstu4145.ElementBytes(c, [9]uint64{1})
		reference := func(digest []byte) []byte {
			h := new(big.Int).SetBytes(reversed(digest))
			h.And(h, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(m)), big.NewInt(1)))
			if h.Sign() == 0 {
				h.SetBytes(one)
			}
			return h.FillBytes(make([]byte, size))
		}
		bit := func(n int) []byte { // a digest of 100 bytes with one bit
			b := make([]byte, 100)
			b[n/8] = 1 << (n % 8)
			return b
		}
		bit0 := append(make([]byte, size-1), 1) // 1 in polynomial basis, but not in normal basis
		ones := bytes.Repeat([]byte{0xff}, 100)
		for name, v := range map[string]struct{ digest, want []byte }{
			"nil": {nil, one}, "empty": {[]byte{}, one}, "one zero byte": {[]byte{0}, one}, "zeros": {make([]byte, 100), one},
			"one": {[]byte{1}, bit0}, "bit 0": {bit(0), bit0}, "bit m": {bit(m), one}, "last bit": {bit(799), one},
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
