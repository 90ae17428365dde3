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
			"036abd5447e7ba1be3d7ac3485a6ab0d88e212ec74",
			"03d733b5c7be95e14e5c76936e5a7a53674ac706b1"},
		{"M167_PB",
			"10cba9a3aa06b00b1895f316dd7b5f2cfabd5f6f90",
			"201fa85a36d513b589fa3092e605e95664423eb348"},
		{"M173_PB",
			"050becfbc463185cbec6ebdde87dc84c7f902ec4e58d",
			"071685ec23655b065ee03941f962d7d5d228a7098cf1"},
		{"M179_PB",
			"01b3dd1e0753f9eaf0e7986a68dd6082d0f4dcec19ee6d",
			"02fceea65e3efa1e975728bcefa4994c97c4d79df56c4d"},
		{"M191_PB",
			"038664b6d26da1ddb90e23f3d986e82380a6da6c35931fa5",
			"29fba3af5ef2bc2cc98e6b55e4d82064f85c0c2cfa8deb92"},
		{"M233_PB",
			"00eef03f10b302df32953f1811a442c5d0479fe2ae32d0c8da409893c2bb",
			"00aad6b136755cc17f92f9402c6c85ca4165a668fc19b4bb71ad275fafc4"},
		{"M257_PB",
			"0ea92f220808ea3d2bf87f1b953100f8d492a7d7b0598cf5b6703463313f6fdf",
			"6ae7c7be9be5d552bf484913b0a7d7457ee1436e3802fecb0cc666a9b37b7da0"},
		{"M307_PB",
			"01f92e97b149ff96e8c6dfb450739bc1ff9b61ea5e3eb5a4e83f129afffe30db0d4d8000354db1",
			"017730e8870373f1cc184da5a007209a45399b2687a83862b83f68a217b25ef7bea80b6d9b9412"},
		{"M367_PB",
			"3e29669040de66b00c619eef11cfd942557fecc69f74dd661f8d53aabac92aadb8372cad62cc523e8636199c8fff",
			"3ab799c8c5896140cb0ade010090b46ba0e3b2dd9254272d24185606b854084a857f416b6a524fdf7e2338a196b2"},
		{"M431_PB",
			"333eb569f5d48b91490f55be8b66ee8b1b5e8a17702ec6614625c2b2d31f493e7ef26ea2b76afb865fe7ca412c3ea7344f18f4908248",
			"09219fdc4765d42df4f8453bd0bb1ed34bb5d685822c1c64de539697bd6fec91ffd00a201fab16259f21dd5075ddce6a235b976b6154"},
		{"M571_PB",
			"02129d54395949bb7bbd4a64ee48f2848c0f28f77a9ffea3ab8232f5ff610d4af5a32d0bcb5eb9533a4f4b33dc2ec922d724092e0323043be967c0f18214b89666db07a2f9da7562",
			"00269c1e8f4d18643c756551231e8cfbc586ed9b00b477403ced0a560a7fa820de18332a8f5ada716bb742019fd652fb06e3eb305c420cea2ff5210efe470c3ff0e8047fe32d01c3"},
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
