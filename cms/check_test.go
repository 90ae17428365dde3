package cms_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256"
	"encoding/asn1"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

// TestRefusedSigned has one message for each class of fault, with the reason that the report must
// give.
func TestRefusedSigned(t *testing.T) {
	k, other := identity(t, "a").Signing, identity(t, "kupyna").Signing
	twin := selfSigned(t, "двійник", 3, k.Key, nil) // another certificate of the same key
	contentType := attribute(cmscore.OIDContentType, oid(cms.ContentTypeData))
	digestOf := func(b []byte) []byte {
		return attribute(cmscore.OIDMessageDigest, tlv(4, hash(t, gost, nil, b)))
	}
	const failed, open = validation.Failed, validation.Indeterminate
	for _, tt := range []struct {
		name    string
		verdict validation.Verdict
		code    validation.Code
		change  func(*crafted, *craftedSigner)
	}{
		{"content changed", failed, validation.HashFailure, func(m *crafted, _ *craftedSigner) { m.content[0] ^= 1 }},
		{"content cut", failed, validation.HashFailure, func(m *crafted, _ *craftedSigner) { m.content = m.content[1:] }},
		{"digest cut", failed, validation.HashFailure, func(m *crafted, s *craftedSigner) {
			s.attrs[1] = attribute(cmscore.OIDMessageDigest, tlv(4, hash(t, gost, nil, m.content)[:31]))
		}},
		{"digest reversed", failed, validation.HashFailure, func(m *crafted, s *craftedSigner) {
			d := hash(t, gost, nil, m.content)
			for i := range 16 {
				d[i], d[31-i] = d[31-i], d[i]
			}
			s.attrs[1] = attribute(cmscore.OIDMessageDigest, tlv(4, d))
		}},
		{"signature changed", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) { s.signature = s.value(5) }},
		{"signature halves exchanged", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) {
			v := s.value(-1)
			s.signature = append(v[32:], v[:32]...)
		}},
		{"signature cut", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) { s.signature = s.value(-1)[:63] }},
		{"signature short on both sides", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) { s.signature = s.value(-1)[1:63] }},
		{"signature wrapped twice", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) { s.signature = tlv(4, tlv(4, s.value(-1))) }},
		{"no signature", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) { s.signature = []byte{} }},
		{"zero signature", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) { s.signature = make([]byte, 64) }},
		{"signature over sorted attributes", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) {
			s.signature = s.value(-1)
			s.attrs[0], s.attrs[1] = s.attrs[1], s.attrs[0]
		}},
		{"signature over the content", failed, validation.SigCryptoFailure, func(m *crafted, s *craftedSigner) { s.signature = s.sign(m.content) }},
		{"signature under the tag of the message", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) { s.signature = s.sign(tlv(0xa0, s.attrs...)) }},
		{"attribute added", failed, validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) {
			s.signature = s.value(-1)
			s.attrs = append(s.attrs, attribute(asn1.ObjectIdentifier{1, 2, 3}, null))
		}},

		{"no contentType", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) { s.attrs = s.attrs[1:] }},
		{"contentType twice", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) { s.attrs = append(s.attrs, contentType) }},
		{"contentType of two values", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) {
			s.attrs[0] = attribute(cmscore.OIDContentType, oid(cms.ContentTypeData), oid(cms.ContentTypeData))
		}},
		{"contentType of no value", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) { s.attrs[0] = attribute(cmscore.OIDContentType) }},
		{"contentType is no identifier", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) { s.attrs[0] = attribute(cmscore.OIDContentType, null) }},
		{"contentType of other content", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) {
			s.attrs[0] = attribute(cmscore.OIDContentType, oid(cms.ContentTypeSignedData))
		}},
		{"eContentType changed", failed, validation.FormatFailure, func(m *crafted, _ *craftedSigner) { m.contentType = cms.ContentTypeSignedData }},
		{"no messageDigest", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) { s.attrs = [][]byte{s.attrs[0], s.attrs[2]} }},
		{"messageDigest twice", failed, validation.FormatFailure, func(m *crafted, s *craftedSigner) { s.attrs = append(s.attrs, digestOf(m.content)) }},
		{"two messageDigests", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) { s.attrs = append(s.attrs, digestOf(nil)) }},
		{"messageDigest of two values", failed, validation.FormatFailure, func(m *crafted, s *craftedSigner) {
			d := tlv(4, hash(t, gost, nil, m.content))
			s.attrs[1] = attribute(cmscore.OIDMessageDigest, d, d)
		}},
		{"messageDigest is no string", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) { s.attrs[1] = attribute(cmscore.OIDMessageDigest, null) }},
		{"signingTime twice", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) {
			at := attribute(cmscore.OIDSigningTime, tlv(0x17, []byte("260101000000Z")))
			s.attrs = append(s.attrs, at, at)
		}},
		{"signingTime is no time", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) {
			s.attrs = append(s.attrs, attribute(cmscore.OIDSigningTime, tlv(0x17, []byte("261301000000Z"))))
		}},
		{"signingCertificateV2 twice", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) { s.attrs = append(s.attrs, s.attrs[2]) }},
		{"signingCertificateV2 is none", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) {
			s.attrs[2] = attribute(cmscore.OIDSigningCertificateV2, tlv(0x30, tlv(0x30)))
		}},
		{"no signed attributes", failed, validation.FormatFailure, func(m *crafted, s *craftedSigner) {
			s.noAttrs, s.signature = true, s.sign(m.content)
		}},
		{"signed attributes as content", failed, validation.FormatFailure, func(m *crafted, s *craftedSigner) {
			// The attack of draft-ietf-lamps-cms-euf-cma-signeddata: a right signature over the
			// attributes of one message is one over the content of another.
			s.signature = s.value(-1)
			m.content, s.noAttrs = tlv(0x31, s.attrs...), true
		}},

		{"another certificate of the same key", failed, validation.SigningCertMismatch, func(m *crafted, s *craftedSigner) {
			s.sid, m.certs = issuerSerial(twin), [][]byte{twin.Raw}
		}},
		{"another certificate of the same key, old attribute", failed, validation.SigningCertMismatch, func(m *crafted, s *craftedSigner) {
			s.attrs[2] = attribute(cmscore.OIDSigningCertificate, tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hash(t, alg.OIDSHA1, nil, twin.Raw))))))
		}},
		{"one of two certificate hashes wrong", failed, validation.SigningCertMismatch, func(m *crafted, s *craftedSigner) {
			s.attrs = append(s.attrs, attribute(cmscore.OIDSigningCertificate, tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hash(t, alg.OIDSHA1, nil, twin.Raw)))))))
		}},
		{"certificate hash second in its list", failed, validation.SigningCertMismatch, func(m *crafted, s *craftedSigner) {
			h := func(c *pkix.Certificate) []byte {
				return tlv(0x30, algorithm(gost), tlv(4, hash(t, gost, nil, c.Raw)))
			}
			s.attrs[2] = attribute(cmscore.OIDSigningCertificateV2, tlv(0x30, tlv(0x30, h(twin), h(k.Certificate))))
		}},
		{"certificate of another key", failed, validation.SigCryptoFailure, func(m *crafted, s *craftedSigner) {
			s.sid, m.certs = issuerSerial(other.Certificate), [][]byte{other.Certificate.Raw}
			s.attrs = s.attrs[:2]
		}},
		{"certificate hash of an unknown function", open, validation.AlgorithmUnsupported, func(_ *crafted, s *craftedSigner) {
			s.attrs[2] = attribute(cmscore.OIDSigningCertificateV2, signingCertificateV2(t, k.Certificate, algorithm(asn1.ObjectIdentifier{1, 2, 3}), gost))
		}},
		{"no certificate", open, validation.NoSigningCertificate, func(m *crafted, _ *craftedSigner) { m.certs = nil }},
		{"certificate of another issuer", open, validation.NoSigningCertificate, func(_ *crafted, s *craftedSigner) {
			s.sid = tlv(0x30, twin.RawIssuer, tlv(2, k.Certificate.RawSerial))
		}},
		{"issuer is no name", open, validation.NoSigningCertificate, func(_ *crafted, s *craftedSigner) {
			s.sid = tlv(0x30, tlv(0x30, null), tlv(2, k.Certificate.RawSerial))
		}},
		{"empty key id", open, validation.NoSigningCertificate, func(_ *crafted, s *craftedSigner) { s.sid = tlv(0x80) }},

		{"unknown digest", open, validation.AlgorithmUnsupported, func(_ *crafted, s *craftedSigner) {
			s.digest = algorithm(asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5})
		}},
		{"unknown signature", open, validation.AlgorithmUnsupported, func(_ *crafted, s *craftedSigner) {
			s.algorithm = algorithm(asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 2})
		}},
		{"normal basis signature", failed, validation.AlgorithmMismatch, func(_ *crafted, s *craftedSigner) {
			s.algorithm = algorithm(asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 1, 2})
		}},
		{"RSA signature with GOST 34.311", open, validation.AlgorithmUnsupported, func(_ *crafted, s *craftedSigner) {
			s.algorithm = algorithm(alg.OIDRSAEncryption, null)
		}},
		{"RSASSA-PSS without its parameters", failed, validation.FormatFailure, func(_ *crafted, s *craftedSigner) {
			s.algorithm = algorithm(alg.OIDRSAPSS, tlv(2, []byte{1}))
		}},
		{"no signers", failed, validation.NoSigners, func(m *crafted, _ *craftedSigner) { m.signers = nil }},
		{"one of two signers wrong", failed, validation.SigCryptoFailure, func(m *crafted, s *craftedSigner) {
			bad := *s
			bad.signature = s.value(0)
			m.signers = append(m.signers, &bad)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := craft(t, k, gost, "заборони")
			tt.change(m, m.signers[0])
			res, _, err := check(t, m.der(), nil)
			require.Error(t, err)
			require.NotNil(t, res, "%v", err)
			require.Equal(t, tt.verdict, res.Report.Verdict, "%v", err)
			require.Equal(t, tt.code, res.Report.Code, "%v", err)
			var reported *validation.Error
			require.ErrorAs(t, err, &reported)
			require.Same(t, res.Report, reported.Report)
		})
	}
}

// value returns the right signature with one bit changed, or as it is if the bit is negative.
func (s *craftedSigner) value(bit int) []byte {
	v := s.sign(tlv(0x31, s.attrs...))
	if bit >= 0 {
		v[bit/8] ^= 1 << (bit % 8)
	}
	return v
}

// All signers count, and each has its own report.
func TestOneOfTwoSigners(t *testing.T) {
	a, b := identity(t, "a").Signing, identity(t, "kupyna").Signing
	msg, err := cms.Sign([]byte("зміст"), []cms.Signer{signerOf(a), signerOf(b)}, nil)
	require.NoError(t, err)
	msg[len(msg)-1] ^= 1 // the last octet of the second signature
	res, _, err := check(t, msg, nil)
	require.Error(t, err)
	require.Equal(t, validation.Failed, res.Report.Verdict)
	require.NoError(t, res.Signers[0].Report.Err())
	require.Error(t, res.Signers[1].Report.Err())
	require.Equal(t, validation.Passed, res.Signers[0].SignatureValid)
	require.Equal(t, validation.Failed, res.Signers[1].SignatureValid)
	require.Len(t, res.Report.Parts, 2)
}

// Digest and signature of a signer belong together: four by four, and only the diagonal passes.
func TestAlgorithmMatrix(t *testing.T) {
	k := identity(t, "a").Signing
	all := []asn1.ObjectIdentifier{gost, kupyna256, kupyna384, kupyna512}
	for i, digest := range all {
		for j, signed := range all {
			m := craft(t, k, digest, "зміст")
			sig, _ := alg.SignatureFor(signed, k.Key.PublicKey().Curve())
			m.signers[0].algorithm = algorithm(sig.OID)
			m.signers[0].sign = craft(t, k, signed, "").signers[0].sign // right under its own algorithm
			res, _, err := check(t, m.der(), nil)
			require.Equal(t, i == j, err == nil, "%v with %v: %v", digest, signed, err)
			if i != j {
				require.Equal(t, validation.AlgorithmMismatch, res.Report.Code)
				require.Equal(t, validation.Failed, res.Report.Verdict)
			}
		}
	}
}

func TestForeignSignatures(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	ecCert, rsaCert := certified(t, "ecdsa", ec.Public()), certified(t, "rsa", r.Public())
	sum := func(tbs []byte) []byte { return hash(t, alg.OIDSHA256, nil, tbs) }
	withEC := func(tbs []byte) []byte {
		v, err := ec.Sign(rand.Reader, sum(tbs), crypto.SHA256)
		require.NoError(t, err)
		return v
	}
	withRSA := func(tbs []byte) []byte {
		v, err := r.Sign(rand.Reader, sum(tbs), crypto.SHA256)
		require.NoError(t, err)
		return v
	}
	withPSS := func(tbs []byte) []byte {
		v, err := r.Sign(rand.Reader, sum(tbs), &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256})
		require.NoError(t, err)
		return v
	}
	sha := algorithm(alg.OIDSHA256, null)
	pss := algorithm(alg.OIDRSAPSS, tlv(0x30, tlv(0xa0, sha), tlv(0xa1, algorithm(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}, sha)), tlv(0xa2, tlv(2, []byte{32}))))
	for _, tt := range []struct {
		name      string
		cert      *pkix.Certificate
		algorithm []byte
		sign      func([]byte) []byte
	}{
		{"ecdsa-with-SHA256", ecCert, algorithm(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}), withEC},
		{"id-ecPublicKey", ecCert, algorithm(alg.OIDECPublicKey), withEC},
		{"sha256WithRSAEncryption", rsaCert, algorithm(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, null), withRSA},
		{"rsaEncryption", rsaCert, algorithm(alg.OIDRSAEncryption, null), withRSA},
		{"RSASSA-PSS", rsaCert, pss, withPSS},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := craftWith(t, tt.cert, sha, alg.OIDSHA256, tt.algorithm, "зміст", tt.sign)
			_, _, err := check(t, m.der(), nil)
			require.NoError(t, err)
			v := m.signers[0].value(-1)
			v[len(v)-1] ^= 1
			m.signers[0].signature = v
			res, _, err := check(t, m.der(), nil)
			require.Error(t, err)
			require.Equal(t, validation.SigCryptoFailure, res.Report.Code)

			m = craftWith(t, identity(t, "a").Signing.Certificate, sha, alg.OIDSHA256, tt.algorithm, "зміст", tt.sign)
			res, _, err = check(t, m.der(), nil)
			require.Error(t, err, "key of another kind")
			require.Equal(t, validation.AlgorithmMismatch, res.Report.Code)
		})
	}
}

// No change of one bit gives a message that passes with another content or another signer.
func TestEveryBit(t *testing.T) {
	k := identity(t, "m163").Signing
	msg, err := cms.Sign([]byte("abc"), []cms.Signer{signerOf(k)}, nil)
	require.NoError(t, err)
	step := 1
	if testing.Short() {
		step = 11
	}
	for bit := 0; bit < 8*len(msg); bit += step {
		bad := bytes.Clone(msg)
		bad[bit/8] ^= 1 << (bit % 8)
		s, err := cms.NewSignedReader(bytes.NewReader(bad))
		if err != nil {
			continue
		}
		got, err := io.ReadAll(s)
		if err != nil {
			continue
		}
		res, err := s.CheckSignatures(context.Background(), nil)
		if err == nil && (string(got) != "abc" || !res.Signers[0].Certificate.Equal(k.Certificate)) {
			t.Errorf("bit %d of octet %d changed: passes with %q", bit%8, bit/8, got)
		}
	}
}

// A message cut anywhere is an error, never an end.
func TestTruncated(t *testing.T) {
	k := identity(t, "m163").Signing
	der, err := cms.Sign([]byte("abc"), []cms.Signer{signerOf(k)}, nil)
	require.NoError(t, err)
	for _, msg := range [][]byte{der, indefinite(t, der)} {
		for n := range len(msg) {
			_, err := cms.ParseSigned(msg[:n])
			require.Error(t, err, "%d octets of %d", n, len(msg))
			s, err := cms.NewSignedReader(bytes.NewReader(msg[:n]))
			if err == nil {
				_, err = io.ReadAll(s)
			}
			require.Error(t, err, "%d octets of %d", n, len(msg))
			require.NotErrorIs(t, err, io.EOF)
		}
		_, err = cms.ParseSigned(append(bytes.Clone(msg), 0))
		require.Error(t, err, "trailing data")
	}
}

func TestSyntaxRefused(t *testing.T) {
	k := identity(t, "a").Signing
	c := k.Certificate
	good := func() *crafted { return craft(t, k, gost, "зміст") }
	for name, change := range map[string]func(*crafted){
		"SignedData version":         func(m *crafted) { m.version = 6 },
		"SignerInfo version":         func(m *crafted) { m.signers[0].version = 2 },
		"digest is no algorithm":     func(m *crafted) { m.digests = [][]byte{null} },
		"no attributes in the list":  func(m *crafted) { m.signers[0].attrs = nil },
		"attribute without values":   func(m *crafted) { m.signers[0].attrs[0] = tlv(0x30, oid(cmscore.OIDContentType)) },
		"attribute with a tail":      func(m *crafted) { m.signers[0].attrs[0] = tlv(0x30, oid(cmscore.OIDContentType), tlv(0x31), null) },
		"attribute is no SEQUENCE":   func(m *crafted) { m.signers[0].attrs[0] = null },
		"sid of another kind":        func(m *crafted) { m.signers[0].sid = tlv(0x81, c.SubjectKeyID) },
		"issuer and serial reversed": func(m *crafted) { m.signers[0].sid = tlv(0x30, tlv(2, c.RawSerial), c.RawIssuer) },
		"parameters of two elements": func(m *crafted) { m.signers[0].digest = algorithm(gost, null, null) },
		"unsigned attribute":         func(m *crafted) { m.signers[0].unsigned = [][]byte{null} },
		"attributes in BER": func(m *crafted) {
			value := bytes.Join([][]byte{{0x31, 0x80}, oid(cms.ContentTypeData), {0, 0}}, nil)
			m.signers[0].attrs[0] = tlv(0x30, oid(cmscore.OIDContentType), value)
		},
	} {
		m := good()
		change(m)
		_, err := cms.ParseSigned(m.der())
		require.Error(t, err, name)
		var format *cms.FormatError
		require.ErrorAs(t, err, &format, name)
	}
	env, err := cms.Encrypt(nil, []*pkix.Certificate{identity(t, "a").Agreement.Certificate}, nil)
	require.NoError(t, err)
	var other *cms.ContentTypeError
	_, err = cms.ParseSigned(env)
	require.ErrorAs(t, err, &other)
	require.Equal(t, cms.ContentTypeEnvelopedData, other.Type)
	_, err = cms.NewSignedReader(bytes.NewReader(env))
	require.ErrorAs(t, err, &other)
}

func TestDetachedRules(t *testing.T) {
	k := identity(t, "a").Signing
	content := []byte("зміст")
	attached, err := cms.Sign(content, []cms.Signer{signerOf(k)}, nil)
	require.NoError(t, err)
	detached, err := cms.Sign(content, []cms.Signer{signerOf(k)}, &cms.SignOptions{Detached: true})
	require.NoError(t, err)
	ctx := context.Background()

	_, err = cms.CheckDetached(ctx, attached, bytes.NewReader(content), nil)
	require.Error(t, err, "attached message")

	res, err := cms.CheckDetached(ctx, detached, nil, nil)
	require.Error(t, err)
	require.Equal(t, validation.Indeterminate, res.Report.Verdict)
	require.Equal(t, validation.SignedDataNotFound, res.Report.Code)
	require.Equal(t, validation.Passed, res.Signers[0].SignatureValid)
	require.Equal(t, validation.Indeterminate, res.Signers[0].DigestValid)

	s, err := cms.NewSignedReader(bytes.NewReader(detached))
	require.NoError(t, err)
	require.True(t, s.Detached())
	_, err = s.CheckSignatures(ctx, nil)
	require.Error(t, err, "before the end")
	_, err = s.SignedData()
	require.Error(t, err, "before the end")
	_, err = io.Copy(io.Discard, s)
	require.NoError(t, err)
	res, err = s.CheckSignatures(ctx, nil)
	require.Error(t, err)
	require.Equal(t, validation.SignedDataNotFound, res.Report.Code)

	res, err = cms.CheckDetached(ctx, detached, bytes.NewReader(content[1:]), nil)
	require.Error(t, err)
	require.Equal(t, validation.HashFailure, res.Report.Code)

	boom := errors.New("boom")
	_, err = cms.CheckDetached(ctx, detached, io.MultiReader(bytes.NewReader(content), errReader{boom}), nil)
	require.ErrorIs(t, err, boom)
	done, cancel := context.WithCancel(ctx)
	cancel()
	_, err = cms.CheckDetached(done, detached, bytes.NewReader(content), nil)
	require.ErrorIs(t, err, context.Canceled)
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

// A source that gives other content the second time does not pass with the first.
func TestMessageChangedBetweenReadings(t *testing.T) {
	k := identity(t, "a").Signing
	m := craft(t, k, gost, "перший зміст")
	m.digests = nil // so that the content is read twice
	bad := craft(t, k, gost, "другий зміст")
	bad.digests = nil
	src := &turncoat{first: bad.der(), second: m.der()}
	require.Len(t, src.second, len(src.first))
	src.Reader = bytes.NewReader(src.first)
	s, err := cms.NewSignedReader(src)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, s)
	require.NoError(t, err)
	_, err = s.CheckSignatures(context.Background(), nil)
	require.ErrorContains(t, err, "changed")
}

// A source that is read twice is left where the first reading left it.
func TestSecondReadingRestoresPosition(t *testing.T) {
	m := craft(t, identity(t, "a").Signing, gost, "зміст")
	m.digests = nil
	m.certs = append(m.certs, tlv(0x30, make([]byte, 100_000))) // more than is read ahead
	src := bytes.NewReader(append([]byte("перед"), m.der()...))
	_, err := src.Seek(int64(len("перед")), io.SeekStart)
	require.NoError(t, err)
	s, err := cms.NewSignedReader(src)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, s)
	require.NoError(t, err)
	for range 2 {
		_, err = s.CheckSignatures(context.Background(), nil)
		require.NoError(t, err)
		require.Zero(t, src.Len())
	}
}

type turncoat struct {
	*bytes.Reader
	first, second []byte
}

func (s *turncoat) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekStart {
		s.Reader = bytes.NewReader(s.second)
	}
	return s.Reader.Seek(offset, whence)
}

func TestCertificateID(t *testing.T) {
	k := identity(t, "a").Signing
	for serial, want := range map[string]int64{"\x00": 0, "\x7f": 127, "\x00\x80": 128, "\x80": -128, "\xff": -1, "\xfe\xff": -257} {
		m := craft(t, k, gost, "")
		m.signers[0].sid = tlv(0x30, k.Certificate.RawIssuer, tlv(2, []byte(serial)))
		data, err := cms.ParseSigned(m.der())
		require.NoError(t, err)
		require.Equal(t, want, data.Signers[0].ID.SerialNumber.Int64())
		require.Equal(t, []byte(serial), data.Signers[0].ID.RawSerial)
		require.Contains(t, data.Signers[0].ID.String(), k.Certificate.Issuer.CommonName())
	}
}

func TestLevels(t *testing.T) {
	k := identity(t, "a").Signing
	att := func(o asn1.ObjectIdentifier) []byte { return attribute(o, null) }
	ts, certs, revs := att(cmscore.OIDSignatureTimestamp), att(cmscore.OIDCertificateRefs), att(cmscore.OIDRevocationRefs)
	certVals, revVals := att(cmscore.OIDCertificateValues), att(cmscore.OIDRevocationValues)
	for _, tt := range []struct {
		want     cms.Level
		unsigned [][]byte
	}{
		{cms.LevelBES, nil},
		{cms.LevelBES, [][]byte{certs}},
		{cms.LevelT, [][]byte{ts}},
		{cms.LevelT, [][]byte{revs, ts}},
		{cms.LevelC, [][]byte{ts, certs, revs}},
		{cms.LevelC, [][]byte{ts, revs, certs, certVals}},
		{cms.LevelXL, [][]byte{revVals, ts, certs, revs, certVals}},
		{cms.LevelXL, [][]byte{ts, certVals, revVals}},
		{cms.LevelA, [][]byte{ts, certs, revs, certVals, revVals, att(cmscore.OIDArchiveTimestampV3)}},
		{cms.LevelA, [][]byte{ts, certs, revs, certVals, revVals, att(cmscore.OIDArchiveTimestampV2)}},
	} {
		m := craft(t, k, gost, "рівні")
		m.signers[0].unsigned = tt.unsigned
		m.signers[0].attrs = append(m.signers[0].attrs, att(cmscore.OIDContentTimestamp))
		res, _, err := check(t, m.der(), nil)
		require.NoError(t, err)
		require.Equal(t, tt.want, res.Signers[0].Level)
		require.Equal(t, bytes.Contains(m.der(), ts), res.Signers[0].HasSignatureTimestamp)
		require.True(t, res.Signers[0].HasContentTimestamp)
		text, err := tt.want.MarshalText()
		require.NoError(t, err)
		require.Equal(t, tt.want.String(), string(text))
	}
	require.Equal(t, "Level(9)", cms.Level(9).String())
}
