package alg_test

import (
	"bytes"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
)

// algorithm takes an AlgorithmIdentifier apart; ok is false if data is none.
func algorithm(data []byte) (r *der.Reader, ok bool) {
	root := der.New(data, "x")
	r = root.Sequence("")
	return r, root.End() == nil
}

// FuzzKeyParams: what is read is written as something that reads the same, and for the order of
// exponents of certificates the same octets.
func FuzzKeyParams(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		r, ok := algorithm(data)
		id := r.OID("algorithm")
		if !ok || r.Err() != nil {
			return
		}
		p, err := alg.ParseKeyParams(id, r.Rest())
		if err != nil {
			return
		}
		var b cryptobyte.Builder
		p.AddAlgorithmIdentifier(&b)
		again, _ := algorithm(b.BytesOrPanic())
		back, err := alg.ParseKeyParams(again.OID(""), again.Rest())
		if err != nil || back.Curve != p.Curve || back.Named != p.Named || back.BigEndian != p.BigEndian {
			t.Fatalf("%+v reads again as %+v, %v", p, back, err)
		}
		params := der.New(r.Rest(), "").Sequence("") // those of X9.62 are written in our way
		if len(b.BytesOrPanic()) != len(data) && id.Equal(p.OID()) && params.Err() == nil && !params.Peek(2) {
			t.Errorf("%x written as %x", data, b.BytesOrPanic())
		}
	})
}

// FuzzSignature: algorithms are read without panics, and octets of any length are turned into
// halves and back, or refused.
func FuzzSignature(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, ok := algorithm(data); ok {
			if id := r.OID("algorithm"); id != nil {
				if s, err := alg.ParseSignature(id, r.Rest()); err == nil && (s.Digest == nil || s.Scheme == 0) {
					t.Errorf("%v: %+v", id, s)
				}
			}
		}
		for _, id := range []bool{false, true} {
			s := alg.Signature{Scheme: alg.SchemeDSTU4145, BigEndian: id}
			curve := dstu4145.M163PB()
			be, err := s.FromWire(data, curve)
			if err != nil {
				continue
			}
			if len(be) != 2*curve.ScalarSize() {
				t.Errorf("%d octets", len(be))
			}
			if back := s.ToWire(be); len(back) == len(data) && !bytes.Equal(back, data) {
				t.Errorf("%x written as %x", data, back)
			}
		}
	})
}

// FuzzContentCipher: what is read is written as the same octets, but for an initialisation
// vector that is too long.
func FuzzContentCipher(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		r, ok := algorithm(data)
		id := r.OID("algorithm")
		if !ok || r.Err() != nil {
			return
		}
		c, err := alg.ParseContentCipher(id, r.Rest())
		if err != nil {
			return
		}
		var b cryptobyte.Builder
		c.AddAlgorithmIdentifier(&b)
		if got := b.BytesOrPanic(); !c.LongIV && !bytes.Equal(got, data) {
			t.Errorf("%x written as %x", data, got)
		}
		if _, err := c.Decrypter(make([]byte, c.KeySize())); err != nil {
			t.Errorf("no stream: %v", err)
		}
	})
}
