//go:build interop

package interop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// curves are those that the partners know: the ones in polynomial basis.
var curves = slices.DeleteFunc(dstu4145.Curves(), (*dstu4145.Curve).NormalBasis)

// allCurves runs a subtest for each curve.
func allCurves(t *testing.T, run func(*testing.T, *dstu4145.Curve)) {
	for _, c := range curves {
		t.Run(c.Name(), func(t *testing.T) { run(t, c) })
	}
}

// reversed returns the octets in the other order; littleEndian does so with both halves of a signature.
func reversed(b []byte) []byte {
	r := bytes.Clone(b)
	slices.Reverse(r)
	return r
}

func littleEndian(sig []byte) []byte {
	return append(reversed(sig[:len(sig)/2]), reversed(sig[len(sig)/2:])...)
}

func TestBouncyCastleCurves(t *testing.T) {
	p := bouncy.need(t)
	allCurves(t, func(t *testing.T, c *dstu4145.Curve) {
		r := p.must(t, 7, "curve", c.FieldBits())
		order := c.Order()
		for what, pair := range map[string][2][]byte{
			"a":          {r[0], []byte(strconv.Itoa(c.A()))},
			"b":          {r[1], c.B()},
			"order":      {r[2], order[len(order)-c.ScalarSize():]},
			"cofactor":   {r[3], []byte(strconv.Itoa(c.Cofactor()))},
			"base point": {r[4], c.Generator()},
		} {
			if !bytes.Equal(pair[0], pair[1]) {
				t.Errorf("%s: bouncycastle %x, ours %x", what, pair[0], pair[1])
			}
		}
	})
}

func TestBouncyCastlePublicKeys(t *testing.T) {
	p := bouncy.need(t)
	s := &stream{seed: seed(t)}
	allCurves(t, func(t *testing.T, c *dstu4145.Curve) {
		for range 10 {
			k := must(c.GenerateKey(s))
			q := k.PublicKey()
			x, y := q.BytesAffine()
			r := p.must(t, 3, "public", c.FieldBits(), k.Bytes())
			if !bytes.Equal(r[0], q.Bytes()) || !bytes.Equal(r[1], x) || !bytes.Equal(r[2], y) {
				t.Fatalf("d = %x: bouncycastle %x, ours %x %x %x", k.Bytes(), r, q.Bytes(), x, y)
			}
			r = p.must(t, 2, "expand", c.FieldBits(), q.Bytes())
			if !bytes.Equal(r[0], x) || !bytes.Equal(r[1], y) {
				t.Fatalf("expansion of %x: bouncycastle %x, ours %x %x", q.Bytes(), r, x, y)
			}
		}
	})
}

func TestBouncyCastleAgreement(t *testing.T) {
	p := bouncy.need(t)
	s := &stream{seed: seed(t)}
	allCurves(t, func(t *testing.T, c *dstu4145.Curve) {
		for range 10 {
			a, b := must(c.GenerateKey(s)), must(c.GenerateKey(s))
			standard := must(a.ECDH(b.PublicKey()))
			cofactor := must(a.CofactorECDH(b.PublicKey()))
			r := p.must(t, 2, "agree", c.FieldBits(), b.Bytes(), a.PublicKey().Bytes())
			if !bytes.Equal(r[0], standard) || !bytes.Equal(r[1], cofactor) {
				t.Fatalf("keys %x, %x: bouncycastle %x, ours %x %x", a.Bytes(), b.Bytes(), r, standard, cofactor)
			}
		}
	})
}

func TestBouncyCastleVerifiesSignatures(t *testing.T) {
	p := bouncy.need(t)
	from := seed(t)
	const count = 20
	allCurves(t, func(t *testing.T, c *dstu4145.Curve) {
		k := must(c.GenerateKey(nil))
		s := &stream{seed: from}
		var sigs []byte
		for i := range count {
			digest := s.draw(1 + s.below(64))
			random := s
			if i%2 == 0 {
				random = nil // deterministic
			}
			sigs = append(sigs, signDigest(t, k, random, from, i, digest)...)
		}
		r := p.must(t, 1, "verifymany", c.FieldBits(), k.PublicKey().Bytes(), from, sigs)
		if string(r[0]) != strconv.Itoa(count) {
			t.Errorf("d = %x: %s of %d signatures verify", k.Bytes(), r[0], count)
		}
		// One changed bit in each signature: none may verify.
		size := 2 * c.ScalarSize()
		for i := range count {
			sigs[i*size+s.below(size)] ^= 1 << s.below(8)
		}
		r = p.must(t, 1, "verifymany", c.FieldBits(), k.PublicKey().Bytes(), from, sigs)
		if string(r[0]) != "0" {
			t.Errorf("%s changed signatures verify", r[0])
		}
	})
}

// signDigest signs without drawing from the stream that both sides share.
func signDigest(t *testing.T, k *dstu4145.PrivateKey, random *stream, from []byte, i int, digest []byte) []byte {
	t.Helper()
	if random == nil {
		return must(k.Sign(nil, digest, nil))
	}
	own := &stream{seed: fmt.Appendf(nil, "%x nonce %d", from, i)}
	return must(k.Sign(own, digest, nil))
}

func TestBouncyCastleSignatures(t *testing.T) {
	p := bouncy.need(t)
	from := seed(t)
	const count = 20
	allCurves(t, func(t *testing.T, c *dstu4145.Curve) {
		k := must(c.GenerateKey(nil))
		sigs := p.must(t, 1, "signmany", c.FieldBits(), k.Bytes(), count, from)[0]
		size := 2 * c.ScalarSize()
		if len(sigs) != count*size {
			t.Fatalf("%d octets of signatures, want %d", len(sigs), count*size)
		}
		s := &stream{seed: from}
		for i := range count {
			digest, sig := s.draw(1+s.below(64)), sigs[i*size:(i+1)*size]
			if !dstu4145.Verify(k.PublicKey(), digest, sig) {
				t.Errorf("d = %x, digest %x: signature %x refused", k.Bytes(), digest, sig)
			}
			sig[i%size] ^= 1
			if dstu4145.Verify(k.PublicKey(), digest, sig) {
				t.Errorf("changed signature %d verifies", i)
			}
		}
	})
}

// jkurwaCurves are the two that jkurwa itself carries; it does not end with M191_PB, for one.
var jkurwaCurves = []*dstu4145.Curve{dstu4145.M257PB(), dstu4145.M431PB()}

// jkurwaCurve describes a curve to jkurwa.
func jkurwaCurve(c *dstu4145.Curve) string {
	return string(must(json.Marshal(map[string]any{
		"m": c.FieldBits(), "ks": c.Exponents(), "a": c.A(), "cofactor": c.Cofactor(),
		"b": fmt.Sprintf("%x", c.B()), "order": fmt.Sprintf("%x", c.Order()), "base": fmt.Sprintf("%x", c.Generator()),
	})))
}

func TestJkurwaKeysAndSignatures(t *testing.T) {
	p := node.need(t)
	s := &stream{seed: seed(t)}
	for _, c := range jkurwaCurves {
		t.Run(c.Name(), func(t *testing.T) {
			params := jkurwaCurve(c)
			for range 3 {
				k := must(c.GenerateKey(s))
				for k.Bytes()[0]>>((c.OrderBits()-1)%8) != 0 {
					// jkurwa multiplies the scalar by the cofactor as a field element. That is
					// the integer product only below 2^(L(n)-1), where keys of the standard lie.
					k = must(c.GenerateKey(s))
				}
				peer := must(c.GenerateKey(s))
				if r := p.must(t, 1, "public", params, k.Bytes()); !bytes.Equal(r[0], k.PublicKey().Bytes()) {
					t.Fatalf("d = %x: jkurwa %x, ours %x", k.Bytes(), r[0], k.PublicKey().Bytes())
				}
				z := must(peer.CofactorECDH(k.PublicKey()))
				if r := p.must(t, 1, "derive", params, k.Bytes(), peer.PublicKey().Bytes()); !bytes.Equal(r[0], z) {
					t.Fatalf("keys %x, %x: jkurwa %x, ours %x", k.Bytes(), peer.Bytes(), r[0], z)
				}
				digest := s.draw(32)
				sig := must(k.Sign(s, digest, nil))
				for _, want := range []string{"yes", "no"} {
					r := p.must(t, 1, "verifyhash", params, k.PublicKey().Bytes(), digest, littleEndian(sig))
					if string(r[0]) != want {
						t.Errorf("d = %x, digest %x, signature %x: jkurwa says %s", k.Bytes(), digest, sig, r[0])
					}
					digest[0] ^= 1
				}
			}
		})
	}
}
