package cms_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
)

// fixed is a key that is the same in every run, so that committed seeds stay what they are.
func fixed(t testing.TB) testca.KeyPair {
	k, err := dstu4145.M163PB().ReducePrivateKey([]byte("a key for fuzzing"))
	if err != nil {
		t.Fatal(err)
	}
	return testca.KeyPair{Key: k, Certificate: selfSigned(t, "fuzz", 1, k, nil)}
}

func signedSeeds(t testing.TB) [][]byte {
	k := fixed(t)
	m := craft(t, k, gost, "content")
	seeds := [][]byte{m.der(), indefinite(t, m.der())}
	m.detached = true
	m.signers[0].unsigned = [][]byte{attribute([]int{1, 2, 3}, null)}
	m.certs = append(m.certs, tlv(0xa1, null), tlv(0x30))
	seeds = append(seeds, m.der())
	m = craft(t, k, kupyna256, "content")
	m.signers[0].sid = tlv(0xa0, tlv(4, k.Certificate.SubjectKeyID))
	m.signers[0].attrs = m.signers[0].attrs[:2]
	m.digests = nil
	seeds = append(seeds, m.der())
	m.signers = nil
	return append(seeds, m.der(), tlv(0x30, tlv(2, []byte{1}), tlv(0x31), tlv(0x30, oid(cms.ContentTypeData)), tlv(0x31)))
}

// FuzzSignedReader checks that a message read in a stream, and in a stream that cannot be read
// twice, is the message read in one piece, and that no fault becomes a success on the way.
func FuzzSignedReader(f *testing.F) {
	for _, s := range signedSeeds(f) {
		f.Add(s)
	}
	pool := pkix.NewPool(fixed(f).Certificate)
	f.Fuzz(func(t *testing.T, data []byte) {
		whole, errWhole := parseBounded(t, data)
		var verdicts []error
		for _, r := range []io.Reader{bytes.NewReader(data), struct{ io.Reader }{bytes.NewReader(data)}} {
			s, err := cms.NewSignedReader(r)
			var content []byte
			if err == nil {
				content, err = io.ReadAll(s)
			}
			if (err == nil) != (errWhole == nil) {
				t.Fatalf("stream: %v, whole: %v", err, errWhole)
			}
			if err != nil {
				if s != nil {
					if _, err := s.CheckSignatures(context.Background(), nil); err == nil {
						t.Fatal("a message that cannot be read passes")
					}
				}
				return
			}
			if !bytes.Equal(content, whole.Content) || s.Detached() != whole.Detached {
				t.Fatalf("contents differ: %q, %q", content, whole.Content)
			}
			res, err := s.CheckSignatures(context.Background(), &cms.CheckOptions{Certificates: pool})
			if res == nil || (err == nil && (s.Detached() || len(whole.Signers) == 0)) || len(res.Signers) != len(whole.Signers) {
				t.Fatalf("result %+v, %v", res, err)
			}
			verdicts = append(verdicts, err)
		}
		if verdicts[1] == nil && verdicts[0] != nil {
			t.Fatalf("only what is read once passes: %v", verdicts[0])
		}
	})
}

// parseBounded parses a message and fails if that takes memory out of proportion.
func parseBounded(t *testing.T, data []byte) (*cms.SignedData, error) {
	var s *cms.SignedData
	var err error
	octets, _ := cryptotest.Allocated(func() { s, err = cms.ParseSigned(data) })
	if octets > uint64(4*len(data)+4<<20) {
		t.Fatalf("%d octets allocated for %d", octets, len(data))
	}
	return s, err
}

// FuzzParseSigned checks that what is parsed can be written again: a message with one more signer
// has the same parts as before, and the new signer is right.
func FuzzParseSigned(f *testing.F) {
	for _, s := range signedSeeds(f) {
		f.Add(s)
	}
	k := fixed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		before, err := parseBounded(t, data)
		if err != nil {
			return
		}
		var content io.Reader
		if before.Detached {
			content = bytes.NewReader(nil)
		}
		out, err := cms.AddSigners(data, content, []cms.Signer{signerOf(k)}, nil)
		if err != nil {
			t.Fatalf("a signer cannot be added: %v", err)
		}
		after, err := cms.ParseSigned(out)
		if err != nil {
			if len(before.Signers) > 500 || len(before.RawCertificates) > 1000 || len(before.DigestAlgorithms) > 60 {
				return // at the limits
			}
			t.Fatalf("not parsed again: %v", err)
		}
		n := len(before.Signers)
		if len(after.Signers) != n+1 || !bytes.Equal(after.Content, before.Content) || after.Detached != before.Detached ||
			!after.ContentType.Equal(before.ContentType) || len(after.RawCRLs) != len(before.RawCRLs) {
			t.Fatal("another message")
		}
		for i := range before.Signers {
			if !bytes.Equal(before.Signers[i].Raw, after.Signers[i].Raw) {
				t.Fatalf("signer %d changed", i)
			}
		}
		for i := range before.RawCertificates {
			if !bytes.Equal(before.RawCertificates[i], after.RawCertificates[i]) {
				t.Fatalf("certificate %d changed", i)
			}
		}
		var res *cms.Result
		if after.Detached {
			res, _ = cms.CheckDetached(context.Background(), out, bytes.NewReader(nil), nil)
		} else {
			s, err := cms.NewSignedReader(bytes.NewReader(out))
			if err == nil {
				_, err = io.Copy(io.Discard, s)
			}
			if err != nil {
				t.Fatal(err)
			}
			res, _ = s.CheckSignatures(context.Background(), nil)
		}
		if err := res.Signers[n].Report.Err(); err != nil {
			t.Fatalf("the new signer: %v", err)
		}
	})
}

func envelopeSeeds(t testing.TB) [][]byte {
	k := fixed(t)
	e := craftEnvelope(t, k.Key.PublicKey(), kdf, true, "content")
	seeds := [][]byte{e.der()}
	e.rid = issuerSerial(k.Certificate)
	e.more = [][]byte{keyTransport(k.Certificate), tlv(0xa2, tlv(2, []byte{4}))}
	seeds = append(seeds, e.der())
	e.originator = issuerSerial(k.Certificate)
	seeds = append(seeds, e.der())
	e.noContent = true
	return append(seeds, e.der())
}

// FuzzDecrypt checks that an envelope opened in a stream is the one opened in one piece, that what
// opens can be parsed, and that failures are of the documented kinds.
func FuzzDecrypt(f *testing.F) {
	for _, s := range envelopeSeeds(f) {
		f.Add(s)
	}
	k := fixed(f)
	o := with(recipient(k))
	f.Fuzz(func(t *testing.T, data []byte) {
		parsed, errParse := cms.ParseEnveloped(data)
		whole, errWhole := cms.Decrypt(data, o)
		d, err := cms.NewDecrypter(struct{ io.Reader }{bytes.NewReader(data)}, o)
		var content []byte
		if err == nil {
			content, err = io.ReadAll(d)
		}
		if (err == nil) != (errWhole == nil) || (err == nil && !bytes.Equal(content, whole)) {
			t.Fatalf("stream: %q, %v; whole: %q, %v", content, err, whole, errWhole)
		}
		if err == nil {
			if errParse != nil || len(parsed.EncryptedContent) != len(whole) {
				t.Fatalf("opens but is not parsed: %v", errParse)
			}
			return
		}
		var format *cms.FormatError
		var other *cms.ContentTypeError
		for _, target := range []error{cms.ErrDecryption, cms.ErrNoRecipient, cms.ErrNoSenderCertificate, cms.ErrUnsupported} {
			if errors.Is(err, target) {
				return
			}
		}
		if !errors.As(err, &format) && !errors.As(err, &other) {
			t.Fatalf("error of no kind: %v", err)
		}
	})
}
