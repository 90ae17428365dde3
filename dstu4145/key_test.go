package dstu4145_test

import (
	"bytes"
	"crypto"
	"errors"
	"io"
	"math/big"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// plus returns the big-endian number b + d in as many bytes.
func plus(b []byte, d int64) []byte {
	x := new(big.Int).SetBytes(b)
	return x.Add(x, big.NewInt(d)).FillBytes(make([]byte, len(b)))
}

func TestPrivateKeyRange(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		n := c.Order()
		size := c.ScalarSize()
		zero := make([]byte, size)
		ones := bytes.Repeat([]byte{0xff}, size)
		for name, d := range map[string][]byte{
			"0": zero, "n": n, "n+1": plus(n, 1), "all ones": ones,
			"empty": {}, "nil": nil, "one byte short": plus(zero, 1)[1:], "one byte long": append([]byte{0}, plus(zero, 1)...),
		} {
			if k, err := c.NewPrivateKey(d); err == nil || k != nil {
				t.Errorf("%s is accepted", name)
			}
		}
		for name, d := range map[string][]byte{"1": plus(zero, 1), "n-1": plus(n, -1), "2": plus(zero, 2)} {
			k, err := c.NewPrivateKey(d)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !bytes.Equal(k.Bytes(), d) || k.Curve() != c || k.PublicKey().Curve() != c {
				t.Errorf("%s: %x", name, k.Bytes())
			}
			if again, err := c.NewPublicKey(k.PublicKey().Bytes()); err != nil || !again.Equal(k.Public()) {
				t.Errorf("%s: public key is not accepted back: %v", name, err)
			}
		}
		// Q = -dP: the keys of d and n-d are opposite, with the same abscissa.
		a, _ := c.NewPrivateKey(plus(zero, 1))
		b, _ := c.NewPrivateKey(plus(n, -1))
		ax, ay := a.PublicKey().BytesAffine()
		bx, by := b.PublicKey().BytesAffine()
		if !bytes.Equal(ax, bx) || bytes.Equal(ay, by) {
			t.Error("keys of 1 and n-1 are not opposite")
		}
		if !bytes.Equal(b.PublicKey().Bytes(), c.Generator()) {
			t.Error("key of n-1 is not the base point")
		}
	})
}

func TestReducePrivateKey(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		n := new(big.Int).SetBytes(c.Order())
		for _, size := range []int{0, 1, c.ScalarSize() - 1, c.ScalarSize(), c.ScalarSize() + 1, 72, 73, 100, 1000} {
			d := randomBytes(seeded(uint64(size)), size)
			want := new(big.Int).SetBytes(d)
			want.Mod(want, n)
			k, err := c.ReducePrivateKey(d)
			if want.Sign() == 0 {
				if err == nil {
					t.Errorf("%d bytes: zero is accepted", size)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%d bytes: %v", size, err)
			}
			equalBytes(t, "d mod n", k.Bytes(), want.FillBytes(make([]byte, c.ScalarSize())))
		}
		for k := range int64(3) {
			multiple := new(big.Int).Mul(n, big.NewInt(k))
			if _, err := c.ReducePrivateKey(multiple.Bytes()); err == nil {
				t.Errorf("%d·n is accepted", k)
			}
			k1, err := c.ReducePrivateKey(multiple.Add(multiple, big.NewInt(1)).Bytes())
			if err != nil || new(big.Int).SetBytes(k1.Bytes()).Int64() != 1 {
				t.Errorf("%d·n + 1: %v", k, err)
			}
		}
	})
}

func TestPublicKeyRefused(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		g := dstu4145.Group(c)
		r := seeded(7)
		size := c.FieldSize()
		good := testKey(t, c, 1).PublicKey()
		q := good.Bytes()
		x, y := good.BytesAffine()
		refuse := func(name string, compressed, x, y []byte) {
			t.Helper()
			if p, err := c.NewPublicKey(compressed); err == nil || p != nil {
				t.Errorf("%s: %x is accepted compressed", name, compressed)
			}
			if p, err := c.NewPublicKeyAffine(x, y); err == nil || p != nil {
				t.Errorf("%s: %x, %x is accepted", name, x, y)
			}
		}
		zero := make([]byte, size)
		refuse("zero", zero, zero, zero)
		refuse("nil", nil, nil, nil)
		refuse("short", q[1:], x[1:], y[1:])
		refuse("long", append([]byte{0}, q...), append([]byte{0}, x...), append([]byte{0}, y...))
		refuse("short y", q[:size-1], x, y[1:])
		for bit := c.FieldBits(); bit < 8*size; bit++ { // the same residue with a bit beyond the field
			q2, x2, y2 := slices.Clone(q), slices.Clone(x), slices.Clone(y)
			for _, b := range [][]byte{q2, x2, y2} {
				b[size-1-bit/8] |= 1 << (bit % 8)
			}
			refuse("high bit", q2, x2, y)
			refuse("high bit of y", q2, x, y2)
		}

		px, _ := dstu4145.Element(c, x)
		py, _ := dstu4145.Element(c, y)
		tx, ty, _ := g.Expand([9]uint64{}) // (0, sqrt b)
		bytesOf := func(w [9]uint64) []byte { return dstu4145.ElementBytes(c, w) }
		refuse("order 2", zero, bytesOf(tx), bytesOf(ty))
		ux, uy, _ := g.VarTimeAdd(px, py, tx, ty)
		if _, err := c.NewPublicKeyAffine(bytesOf(ux), bytesOf(uy)); err == nil {
			t.Error("Q + T2 is accepted")
		}
		if c.Cofactor() == 4 {
			fx := g.Sqrt(g.Sqrt(g.B())) // order 4: y = x·z, z² + z = x + a + b/x²
			w := fx
			b2 := g.FieldMul(g.B(), g.Square(g.Inverse(fx)))
			for i := range w {
				w[i] ^= b2[i]
			}
			w[0] ^= g.A()
			fy := g.FieldMul(fx, g.HalfTrace(w))
			if !g.OnCurve(fx, fy) {
				t.Fatal("no point of order 4")
			}
			if _, err := c.NewPublicKeyAffine(bytesOf(fx), bytesOf(fy)); err == nil {
				t.Error("order 4 is accepted")
			}
			// Compression keeps points with Tr(x) = a only, order 4 need not be among them.
			if g.Trace(fx) == g.A() {
				refuse("order 4", dstu4145.UncheckedPublicKey(c, fx, fy).Bytes(), bytesOf(fx), bytesOf(fy))
			}
			vx, vy, _ := g.VarTimeAdd(px, py, fx, fy)
			if _, err := c.NewPublicKeyAffine(bytesOf(vx), bytesOf(vy)); err == nil {
				t.Error("Q + T4 is accepted")
			}
		}
		for range cases(200) { // points of no curve
			y2 := randomBytes(r, size)
			y2[0] &= 1<<((c.FieldBits()-1)%8+1) - 1
			nx, ny := g.Negate(px, py)
			if w, _ := dstu4145.Element(c, y2); nx != px || (w != py && w != ny) {
				if _, err := c.NewPublicKeyAffine(x, y2); err == nil {
					t.Fatalf("%x, %x is accepted", x, y2)
				}
			}
		}
	})
}

// TestPublicKeyRandom: a random string is a key exactly when its point is killed by n, and then
// it comes back unchanged.
func TestPublicKeyRandom(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		g := dstu4145.Group(c)
		r := seeded(8)
		accepted := 0
		total := cases(200)
		for range total {
			q := randomBytes(r, c.FieldSize())
			q[0] &= 1<<((c.FieldBits()-1)%8+1) - 1
			pub, err := c.NewPublicKey(q)
			x, y, ok := dstu4145.Expand(c, q)
			if ok {
				_, _, finite := g.VarTimeMult(g.Order(), x, y)
				ok = !finite
			}
			if (err == nil) != ok {
				t.Fatalf("%x: %v, n·P = O: %v", q, err, ok)
			}
			if err != nil {
				continue
			}
			accepted++
			equalBytes(t, "key", pub.Bytes(), q)
			ax, ay := pub.BytesAffine()
			if again, err := c.NewPublicKeyAffine(ax, ay); err != nil || !again.Equal(pub) || !bytes.Equal(again.Bytes(), q) {
				t.Fatalf("%x: affine form: %v", q, err)
			}
		}
		// Half of the abscissas have points; with cofactor 4 half of those are of order 2n.
		if want := total / c.Cofactor(); accepted < want/2 || accepted > want*2 {
			t.Errorf("%d of %d strings are keys, expected about %d", accepted, total, want)
		}
	})
}

func TestEqual(t *testing.T) {
	c := dstu4145.M163PB()
	one := append(make([]byte, 20), 1)
	k1, _ := c.NewPrivateKey(one)
	k2, _ := c.NewPrivateKey(slices.Clone(one))
	k3, _ := c.NewPrivateKey(append(make([]byte, 20), 2))
	k4, _ := dstu4145.M167PB().NewPrivateKey(one)
	if !k1.Equal(k1) || !k1.Equal(k2) || !k1.PublicKey().Equal(k2.Public()) {
		t.Error("equal keys differ")
	}
	for name, o := range map[string]*dstu4145.PrivateKey{"another value": k3, "another curve": k4} {
		if k1.Equal(o) || k1.PublicKey().Equal(o.PublicKey()) {
			t.Errorf("%s: keys are equal", name)
		}
	}
	for _, o := range []any{nil, 1, (*dstu4145.PrivateKey)(nil), (*dstu4145.PublicKey)(nil), *k1, k1.PublicKey()} {
		if k1.Equal(o) {
			t.Errorf("private key equals a %T", o)
		}
	}
	for _, o := range []any{nil, (*dstu4145.PublicKey)(nil), *k1.PublicKey(), k1} {
		if k1.PublicKey().Equal(o) {
			t.Errorf("public key equals a %T", o)
		}
	}
	x, y := dstu4145.M163PB(), dstu4145.M167PB()
	if dstu4145.UncheckedPublicKey(x, [9]uint64{1}, [9]uint64{2}).Equal(dstu4145.UncheckedPublicKey(y, [9]uint64{1}, [9]uint64{2})) {
		t.Error("keys of two curves with the same coordinates are equal")
	}
	b := k1.Bytes()
	b[0] = 99
	if q := k1.PublicKey().Bytes(); k1.Bytes()[0] == 99 || &q[0] == &k1.PublicKey().Bytes()[0] {
		t.Error("keys can be changed from outside")
	}
	var _ crypto.PrivateKey = k1
}

type constant byte

func (c constant) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}

var errReader = errors.New("reader is broken")

func TestGenerateKeyReaders(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		size := c.ScalarSize()
		for name, r := range map[string]io.Reader{
			"failing": iotest.ErrReader(errReader), "empty": bytes.NewReader(nil),
			"short": bytes.NewReader(make([]byte, size-1)), "zeros": constant(0), "ones": constant(0xff),
		} {
			if k, err := c.GenerateKey(r); err == nil || k != nil {
				t.Errorf("%s: a key is made", name)
			}
		}
		if _, err := c.GenerateKey(iotest.ErrReader(errReader)); !errors.Is(err, errReader) {
			t.Errorf("cause is lost: %v", err)
		}
		if _, err := c.GenerateKey(bytes.NewReader(make([]byte, size-1))); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cause is lost: %v", err)
		}
		a, err := c.GenerateKey(iotest.OneByteReader(seeded(5)))
		if err != nil || !a.Equal(testKey(t, c, 5)) {
			t.Errorf("the reader's chunks matter: %v", err)
		}
		b, err := c.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := c.GenerateKey(nil); err != nil || again.Equal(b) {
			t.Errorf("keys repeat: %v", err)
		}
		// Refused candidates: n, then zero, then the bits above L(n) are dropped from 2.
		mask := byte(0xff) << ((c.OrderBits()-1)%8 + 1)
		two := append([]byte{mask}, make([]byte, size-1)...)
		two[size-1] = 2
		k, err := c.GenerateKey(bytes.NewReader(slices.Concat(c.Order(), make([]byte, size), two)))
		if err != nil {
			t.Fatal(err)
		}
		equalBytes(t, "d", k.Bytes(), append(make([]byte, size-1), 2))
	})
}
