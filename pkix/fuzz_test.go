package pkix_test

import (
	"bytes"
	"crypto"
	"testing"
	"unicode/utf8"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/pkix"
)

// checkName: a name is written again to its octets, equals itself, and prints as text.
func checkName(t *testing.T, n pkix.Name, raw []byte) {
	got, err := n.Marshal()
	if err != nil || !bytes.Equal(got, raw) {
		t.Errorf("name %x written as %x, %v", raw, got, err)
	}
	if !n.Equal(n) || !utf8.ValidString(n.String()) {
		t.Errorf("name %q", n.String())
	}
}

// checkKey: a key is written and read again as the same key.
func checkKey(t *testing.T, spki []byte, key crypto.PublicKey) {
	info, err := pkix.ParsePublicKey(spki)
	if (err == nil) != (key != nil) {
		t.Fatalf("key %v alone: %v", key, err)
	}
	if err != nil {
		return
	}
	written, err := pkix.MarshalPublicKey(info)
	if err != nil {
		t.Fatal(err)
	}
	again, err := pkix.ParsePublicKey(written)
	if err != nil || !key.(interface{ Equal(crypto.PublicKey) bool }).Equal(again.Key) {
		t.Errorf("key %x written as %x: %v", spki, written, err)
	}
}

func FuzzParseCertificate(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := pkix.ParseCertificate(data)
		if err != nil {
			return
		}
		again, err := pkix.ParseCertificate(c.Raw)
		if err != nil || !bytes.Equal(c.Raw, data) || !again.Equal(c) {
			t.Fatalf("does not read again: %v", err)
		}
		checkName(t, c.Subject, c.RawSubject)
		checkName(t, c.Issuer, c.RawIssuer)
		checkKey(t, c.RawSPKI, c.PublicKey)
		if (c.PublicKey == nil) != (c.PublicKeyError != nil) {
			t.Error("a key and an error, or neither")
		}
		if !bytes.Contains(c.Raw, c.RawTBS) || !bytes.Contains(c.RawTBS, c.RawSPKI) {
			t.Error("parts that are not in the whole")
		}
		for _, id := range c.KeyIDs() {
			if !c.MatchesKeyID(id) {
				t.Errorf("own identifier %x", id)
			}
		}
		_ = c.CheckSignatureFrom(c)
		_ = c.EDRPOU() + c.DRFO() + c.UNZR()
		b, err := pkix.ParseBundle(data)
		if err != nil || len(b.Certificates) != 1 || len(b.Failed) != 0 || !b.Certificates[0].Equal(c) {
			t.Errorf("as a bundle: %v", err)
		}
		pool := pkix.NewPool(c)
		if issuer, err := pool.FindIssuer(c); err == nil && !issuer.Subject.Equal(c.Issuer) {
			t.Error("issuer of another name")
		}
		if got := pool.FindByIssuerSerial(c.Issuer, c.RawSerial); len(got) != 1 {
			t.Errorf("%d of its issuer and serial number", len(got))
		}
	})
}

func FuzzParseBundle(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := pkix.ParseBundle(data)
		if b == nil {
			t.Fatal("no bundle")
		}
		if err != nil && len(b.Certificates) > 0 {
			t.Errorf("certificates beside %v", err)
		}
		seen := map[int]bool{}
		for _, e := range b.Failed {
			if e.Err == nil || seen[e.Index] || e.Index >= len(b.Certificates)+len(b.Failed) {
				t.Errorf("failed member %+v", e)
			}
			seen[e.Index] = true
		}
		if len(b.Certificates) == 0 {
			return
		}
		var whole []byte
		for _, c := range b.Certificates {
			whole = append(whole, c.Raw...)
		}
		again, err := pkix.ParseBundle(whole)
		if err != nil || len(again.Certificates) != len(b.Certificates) || len(again.Failed) > 0 {
			t.Errorf("one after another: %v", err)
		}
	})
}

func FuzzParseCertificateRequest(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := pkix.ParseCertificateRequest(data)
		if err != nil {
			return
		}
		if !bytes.Equal(q.Raw, data) || !bytes.Contains(q.Raw, q.RawTBS) || !bytes.Contains(q.RawTBS, q.RawSPKI) {
			t.Error("parts that are not in the whole")
		}
		checkName(t, q.Subject, q.RawSubject)
		checkKey(t, q.RawSPKI, q.PublicKey)
		_ = q.CheckSignature()
		_ = q.KeyIDs()
	})
}

func FuzzParsePrivateKey(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := pkix.ParsePrivateKey(data)
		if err != nil {
			if info != nil {
				t.Error("a key beside an error")
			}
			return
		}
		written, err := pkix.MarshalPrivateKey(info)
		if err != nil {
			t.Fatal(err)
		}
		again, err := pkix.ParsePrivateKey(written)
		if err != nil || !info.Key.(interface{ Equal(crypto.PrivateKey) bool }).Equal(again.Key) {
			t.Fatalf("does not read again: %v", err)
		}
		key, ok := info.Key.(*dstu4145.PrivateKey)
		if !ok {
			return
		}
		if again.Reduced || again.NamedCurve != info.NamedCurve || again.BigEndian != info.BigEndian || !bytes.Equal(again.Attributes(), info.Attributes()) {
			t.Errorf("read %+v", again)
		}
		twice, err := pkix.MarshalPrivateKey(again)
		if err != nil || !bytes.Equal(twice, written) || len(key.Bytes()) != key.Curve().ScalarSize() {
			t.Errorf("written again as %x, then %x", written, twice)
		}
	})
}

func FuzzParseName(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		if n, err := pkix.ParseName(data); err == nil {
			checkName(t, n, data)
			if same := n.Equal(pkix.Name{}); same != (len(n.RDNs) == 0) {
				t.Errorf("%s equals the empty name: %v", n, same)
			}
		}
	})
}
