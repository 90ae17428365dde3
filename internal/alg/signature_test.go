package alg_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"errors"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
)

func TestSignatureTable(t *testing.T) {
	const ua = "1.2.804.2.1.1.1.1."
	for _, c := range []struct {
		text      string
		digest    asn1.ObjectIdentifier
		scheme    alg.Scheme
		bigEndian bool
	}{
		{ua + "3.1.1", alg.OIDGOST34311, alg.SchemeDSTU4145, false},
		{ua + "3.1.1.1.1", alg.OIDGOST34311, alg.SchemeDSTU4145, true},
		{ua + "3.6.1", alg.OIDKupyna256, alg.SchemeDSTU4145, false},
		{ua + "3.6.1.1", alg.OIDKupyna256, alg.SchemeDSTU4145, false},
		{ua + "3.6.1.1.1.1", alg.OIDKupyna256, alg.SchemeDSTU4145, true},
		{ua + "3.6.2", alg.OIDKupyna384, alg.SchemeDSTU4145, false},
		{ua + "3.6.2.1", alg.OIDKupyna384, alg.SchemeDSTU4145, false},
		{ua + "3.6.2.1.1.1", alg.OIDKupyna384, alg.SchemeDSTU4145, true},
		{ua + "3.6.3", alg.OIDKupyna512, alg.SchemeDSTU4145, false},
		{ua + "3.6.3.1", alg.OIDKupyna512, alg.SchemeDSTU4145, false},
		{ua + "3.6.3.1.1.1", alg.OIDKupyna512, alg.SchemeDSTU4145, true},
		{ua + "3.1.2", alg.OIDGOST34311, alg.SchemeDSTU4145, false},
		{ua + "3.1.2.1.1", alg.OIDGOST34311, alg.SchemeDSTU4145, true},
		{ua + "3.6.1.2", alg.OIDKupyna256, alg.SchemeDSTU4145, false},
		{ua + "3.6.2.2.1.1", alg.OIDKupyna384, alg.SchemeDSTU4145, true},
		{ua + "3.6.3.2", alg.OIDKupyna512, alg.SchemeDSTU4145, false},
		{"1.2.840.10045.4.3.2", alg.OIDSHA256, alg.SchemeECDSA, false},
		{"1.2.840.10045.4.3.3", alg.OIDSHA384, alg.SchemeECDSA, false},
		{"1.2.840.10045.4.3.4", alg.OIDSHA512, alg.SchemeECDSA, false},
		{"1.2.840.113549.1.1.11", alg.OIDSHA256, alg.SchemeRSA, false},
		{"1.2.840.113549.1.1.5", alg.OIDSHA1, alg.SchemeRSA, false},
	} {
		s, ok := alg.SignatureByOID(oid(t, c.text))
		if !ok || !s.Digest.Equal(c.digest) || s.Scheme != c.scheme || s.BigEndian != c.bigEndian || !s.OID.Equal(oid(t, c.text)) {
			t.Errorf("%s: %+v, %v", c.text, s, ok)
		}
		// parameters of any kind are ignored
		for _, params := range [][]byte{nil, {5, 0}, {0x30, 0}} {
			if got, err := alg.ParseSignature(oid(t, c.text), params); err != nil || !got.OID.Equal(s.OID) {
				t.Errorf("%s with %x: %v", c.text, params, err)
			}
		}
	}
	for _, text := range []string{
		ua + "3.1", ua + "3.1.3", ua + "3.1.0", ua + "3.1.2.2.0", ua + "3.1.2.1", ua + "3.1.2.1.1.1", ua + "3.1.1.1", ua + "3.1.1.1.1.1", ua + "3.6", ua + "3.6.0", ua + "3.6.4", ua + "3.6.1.3",
		ua + "3.6.1.1.1", ua + "3.6.1.1.1.1.1", ua + "3.6.1.2.1", ua + "3.6.1.2.2.1.1", ua + "2.1", "1.2.840.113549.1.1.1", "1.2.3", "1.3.101.112",
	} {
		if s, ok := alg.SignatureByOID(oid(t, text)); ok {
			t.Errorf("%s: %+v", text, s)
		}
		if _, err := alg.ParseSignature(oid(t, text), nil); !errors.Is(err, alg.ErrUnsupported) || !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestSignatureFor(t *testing.T) {
	for digest, want := range map[string][2]string{
		alg.OIDGOST34311.String(): {alg.OIDDSTU4145LE.String(), "1.2.804.2.1.1.1.1.3.1.2"},
		alg.OIDKupyna256.String(): {alg.OIDDSTU4145Kupyna256.String(), "1.2.804.2.1.1.1.1.3.6.1.2"},
		alg.OIDKupyna384.String(): {alg.OIDDSTU4145Kupyna384.String(), "1.2.804.2.1.1.1.1.3.6.2.2"},
		alg.OIDKupyna512.String(): {alg.OIDDSTU4145Kupyna512.String(), "1.2.804.2.1.1.1.1.3.6.3.2"},
	} {
		for i, curve := range []*dstu4145.Curve{dstu4145.M173PB(), dstu4145.M173ONB()} {
			s, ok := alg.SignatureFor(oid(t, digest), curve)
			if !ok || s.OID.String() != want[i] || !s.Fits(curve) || s.Fits([]*dstu4145.Curve{dstu4145.M173ONB(), dstu4145.M173PB()}[i]) {
				t.Errorf("%s: %+v", digest, s)
			}
		}
	}
	if _, ok := alg.SignatureFor(alg.OIDSHA256, dstu4145.M257PB()); ok {
		t.Error("DSTU 4145 with SHA-256")
	}
}

// TestBasisOfSignature: an identifier that names a basis takes keys of that basis only.
func TestBasisOfSignature(t *testing.T) {
	digest := bytes.Repeat([]byte{7}, 32)
	for normal, curve := range map[bool]*dstu4145.Curve{false: dstu4145.M173PB(), true: dstu4145.M173ONB()} {
		key, err := curve.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		rs, err := key.Sign(nil, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		for text, fits := range map[string]bool{
			"3.1.1": !normal, "3.1.1.1.1": !normal, "3.6.2.1": !normal,
			"3.1.2": normal, "3.1.2.1.1": normal, "3.6.1.2": normal, "3.6.3": true,
		} {
			s, ok := alg.SignatureByOID(oid(t, "1.2.804.2.1.1.1.1."+text))
			if !ok {
				t.Fatal(text)
			}
			got, err := s.VerifyDigest(key.PublicKey(), digest, s.ToWire(rs))
			if got != fits || errors.Is(err, alg.ErrKeyType) == fits {
				t.Errorf("%s, %s: %v, %v", curve.Name(), text, got, err)
			}
		}
	}
}

// TestWrongLengths: everything but two equal halves of at least the right length, and at most 64
// octets where that is more, is refused.
func TestWrongLengths(t *testing.T) {
	for _, id := range []asn1.ObjectIdentifier{alg.OIDDSTU4145LE, alg.OIDDSTU4145BE} {
		s, _ := alg.SignatureByOID(id)
		for _, curve := range dstu4145.Curves() {
			size := 2 * curve.ScalarSize()
			for n := range 2*max(size, 64) + 40 {
				_, err := s.FromWire(make([]byte, n), curve)
				if want := n >= size && n%2 == 0 && n <= max(size, 2*64); (err == nil) != want {
					t.Errorf("%s: %d octets: %v", curve.Name(), n, err)
				}
				if err != nil && !errors.Is(err, alg.ErrEncoding) {
					t.Errorf("untyped error %v", err)
				}
			}
			if size+2 > 2*64 {
				continue
			}
			long := bytes.Repeat([]byte{0}, size+2)
			for _, at := range []int{size / 2, size + 1} { // the octets beyond the halves, little-endian
				if s.BigEndian {
					at = map[int]int{size / 2: 0, size + 1: size/2 + 1}[at]
				}
				long[at] = 1
				if _, err := s.FromWire(long, curve); err == nil {
					t.Errorf("%s: a half too large is accepted", curve.Name())
				}
				long[at] = 0
			}
		}
	}
}

func TestUnwrap(t *testing.T) {
	if got, ok := alg.Unwrap([]byte{4, 2, 1, 2}); !ok || !bytes.Equal(got, []byte{1, 2}) {
		t.Errorf("%x, %v", got, ok)
	}
	for _, bad := range [][]byte{nil, {4}, {4, 2, 1}, {4, 2, 1, 2, 3}, {4, 0x81, 2, 1, 2}, {3, 2, 1, 2}, {0x24, 4, 4, 2, 1, 2}, {4, 0x80, 0, 0}} {
		if got, ok := alg.Unwrap(bad); ok {
			t.Errorf("%x gives %x", bad, got)
		}
	}
}

// TestVerifyKinds signs with every kind of key and verifies under every algorithm: only the
// right pairs are true, and pairs of different kinds are ErrKeyType.
func TestVerifyKinds(t *testing.T) {
	dstu, err := dstu4145.M163PB().GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	digest := bytes.Repeat([]byte{7}, 32)
	sign := func(k crypto.Signer, o crypto.SignerOpts) []byte {
		sig, err := k.Sign(rand.Reader, digest, o)
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	find := func(text string, params []byte) alg.Signature {
		s, err := alg.ParseSignature(oid(t, text), params)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	le := find("1.2.804.2.1.1.1.1.3.1.1", nil)
	be := find("1.2.804.2.1.1.1.1.3.1.1.1.1", nil)
	pss256 := unhex(t, "3030a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201a203020120")
	algs := map[string]alg.Signature{
		"le": le, "be": be, "ecdsa": find("1.2.840.10045.4.3.2", nil), "rsa": find("1.2.840.113549.1.1.11", nil),
		"pss": find("1.2.840.113549.1.1.10", pss256),
	}
	rs := sign(dstu, nil)
	signatures := []struct {
		kind string
		pub  crypto.PublicKey
		sig  []byte
	}{
		{"le", dstu.PublicKey(), le.ToWire(rs)},
		{"be", dstu.PublicKey(), be.ToWire(rs)},
		{"ecdsa", ec.Public(), sign(ec, crypto.SHA256)},
		{"rsa", rsaKey.Public(), sign(rsaKey, crypto.SHA256)},
		{"pss", rsaKey.Public(), sign(rsaKey, &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256})},
	}
	families := map[string]int{"le": 1, "be": 1, "ecdsa": 2, "rsa": 3, "pss": 3}
	for _, v := range signatures {
		for name, a := range algs {
			ok, err := a.VerifyDigest(v.pub, digest, v.sig)
			switch {
			case name == v.kind:
				if !ok || err != nil {
					t.Errorf("%s: %v, %v", name, ok, err)
				}
				bad := bytes.Clone(digest)
				bad[0] ^= 1
				if ok, _ := a.VerifyDigest(v.pub, bad, v.sig); ok {
					t.Errorf("%s: another digest verifies", name)
				}
			case ok:
				t.Errorf("signature of %s verifies as %s", v.kind, name)
			case families[name] != families[v.kind] && !errors.Is(err, alg.ErrKeyType):
				t.Errorf("key of %s under %s: %v", v.kind, name, err)
			}
		}
	}
	if _, err := le.VerifyDigest(ed25519.PublicKey(digest), digest, rs); !errors.Is(err, alg.ErrKeyType) {
		t.Errorf("unknown kind of key: %v", err)
	}
}

func TestPSSParams(t *testing.T) {
	pss := "1.2.840.113549.1.1.10"
	if s, err := alg.ParseSignature(oid(t, pss), []byte{0x30, 0}); err != nil || !s.Digest.Equal(alg.OIDSHA1) {
		t.Errorf("defaults: %+v, %v", s, err)
	}
	for name, c := range map[string]struct {
		params string
		kind   error
	}{
		"absent":             {"", alg.ErrParams},
		"null":               {"0500", alg.ErrParams},
		"trailing":           {"30000500", alg.ErrParams},
		"unknown digest":     {"300aa008300606042a030405", alg.ErrUnsupported},
		"GOST digest":        {"3010a00e300c060a2a862402010101010201", alg.ErrUnsupported},
		"other mask digest":  {"300fa00d300b0609608648016503040201", alg.ErrUnsupported}, // MGF1 with SHA-1
		"trailer 2":          {"3005a303020102", alg.ErrParams},
		"huge salt":          {"3007a20502037fffff", alg.ErrParams},
		"negative salt":      {"3005a2030201ff", alg.ErrParams},
		"empty salt":         {"3005a203020100", alg.ErrUnsupported},
		"unknown mask":       {"300ca10a300806042a0304050500", alg.ErrParams},
		"digest with params": {"3011a00f300d06096086480165030402013000", alg.ErrParams},
	} {
		if s, err := alg.ParseSignature(oid(t, pss), unhex(t, c.params)); !errors.Is(err, c.kind) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}
