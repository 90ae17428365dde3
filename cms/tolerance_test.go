package cms_test

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

// TestToleratedSigned has one message for each named tolerance of the package documentation that
// concerns SignedData.
func TestToleratedSigned(t *testing.T) {
	k := identity(t, "a").Signing
	c := k.Certificate
	const content = "допуски"
	for _, tt := range []struct {
		name   string
		digest asn1.ObjectIdentifier
		change func(*crafted, *craftedSigner)
	}{
		{"none", gost, func(*crafted, *craftedSigner) {}},
		{"NullParameters of SignedData", gost, func(m *crafted, _ *craftedSigner) { m.digests = [][]byte{algorithm(gost, null)} }},
		{"NullParameters of the digest", gost, func(_ *crafted, s *craftedSigner) { s.digest = algorithm(gost, null) }},
		{"NullParameters of the signature", gost, func(_ *crafted, s *craftedSigner) { s.algorithm = algorithm(alg.OIDDSTU4145LE, null) }},
		{"NullParameters of the certificate hash", gost, func(_ *crafted, s *craftedSigner) {
			s.attrs[2] = attribute(cmscore.OIDSigningCertificateV2, signingCertificateV2(t, c, algorithm(gost, null), gost))
		}},
		{"WrappedSignature", gost, func(_ *crafted, s *craftedSigner) { s.signature = tlv(4, s.sign(tlv(0x31, s.attrs...))) }},
		{"LongHalves", gost, func(_ *crafted, s *craftedSigner) {
			rs, zeros := s.sign(tlv(0x31, s.attrs...)), make([]byte, 31)
			s.signature = slices.Concat(rs[:len(rs)/2], zeros, rs[len(rs)/2:], zeros)
		}},
		{"UnsortedAttributes", gost, func(_ *crafted, s *craftedSigner) { s.attrs[0], s.attrs[2] = s.attrs[2], s.attrs[0] }},
		{"Versions: SignedData 3", gost, func(m *crafted, _ *craftedSigner) { m.version = 3 }},
		{"Versions: SignerInfo 3 by issuer and serial", gost, func(_ *crafted, s *craftedSigner) { s.version = 3 }},
		{"Versions: SignerInfo 1 by key id", gost, func(_ *crafted, s *craftedSigner) { s.sid = tlv(0x80, c.SubjectKeyID) }},
		{"by key id", gost, func(_ *crafted, s *craftedSigner) { s.version, s.sid = 3, tlv(0x80, c.SubjectKeyID) }},
		{"by another key id", gost, func(_ *crafted, s *craftedSigner) { s.sid = tlv(0x80, pkix.KeyIDKupyna(k.Key.PublicKey())) }},
		{"ExplicitKeyID", gost, func(_ *crafted, s *craftedSigner) { s.sid = tlv(0xa0, tlv(4, c.SubjectKeyID)) }},
		{"KupynaNode 256", kupyna256, func(_ *crafted, s *craftedSigner) {
			s.algorithm = algorithm(asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 6, 1})
		}},
		{"KupynaNode 384", kupyna384, func(_ *crafted, s *craftedSigner) {
			s.algorithm = algorithm(asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 6, 2})
		}},
		{"KupynaNode 512", kupyna512, func(_ *crafted, s *craftedSigner) {
			s.algorithm = algorithm(asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 6, 3})
		}},
		{"BareProfile", gost, func(_ *crafted, s *craftedSigner) { s.attrs = s.attrs[:2] }},
		{"DigestNotAnnounced", gost, func(m *crafted, _ *craftedSigner) { m.digests = nil }},
		{"SHA-256 as default of the certificate hash", gost, func(_ *crafted, s *craftedSigner) {
			s.attrs[2] = attribute(cmscore.OIDSigningCertificateV2, signingCertificateV2(t, c, nil, alg.OIDSHA256))
		}},
		{"another hash of the certificate", gost, func(_ *crafted, s *craftedSigner) {
			s.attrs[2] = attribute(cmscore.OIDSigningCertificateV2, signingCertificateV2(t, c, algorithm(kupyna512), kupyna512))
		}},
		{"certificate hash alone", gost, func(_ *crafted, s *craftedSigner) {
			h := tlv(0x30, algorithm(gost), tlv(4, hash(t, gost, nil, c.Raw)))
			s.attrs[2] = attribute(cmscore.OIDSigningCertificateV2, tlv(0x30, tlv(0x30, h, h), tlv(0x30)))
		}},
		{"signingCertificate of the first version", gost, func(_ *crafted, s *craftedSigner) {
			s.attrs[2] = attribute(cmscore.OIDSigningCertificate, tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hash(t, alg.OIDSHA1, nil, c.Raw))))))
		}},
		{"unknown attributes", gost, func(_ *crafted, s *craftedSigner) {
			s.attrs = append(s.attrs, attribute(asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 7845, 123, 7, 1, 1}, tlv(0x13, []byte("1.22.2.1189"))))
			s.unsigned = [][]byte{attribute(asn1.ObjectIdentifier{1, 2, 3}, null, null)}
		}},
		{"no unsigned attributes in a list of them", gost, func(_ *crafted, s *craftedSigner) { s.unsigned = [][]byte{} }},
		{"other kinds of certificates", gost, func(m *crafted, _ *craftedSigner) { m.certs = append([][]byte{tlv(0xa2, null)}, m.certs...) }},
		{"a certificate that cannot be read", gost, func(m *crafted, _ *craftedSigner) { m.certs = append(m.certs, tlv(0x30, null)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := craft(t, k, tt.digest, content)
			tt.change(m, m.signers[0])
			for name, msg := range map[string][]byte{"DER": m.der(), "BER": indefinite(t, m.der())} {
				res, got, err := check(t, msg, nil)
				require.NoError(t, err, name)
				require.Equal(t, content, string(got), name)
				require.True(t, res.Signers[0].Certificate.Equal(c), name)
			}
		})
	}
}

func elementOf(t testing.TB, data []byte) ber.Element {
	t.Helper()
	e, rest, err := ber.ReadElement(data)
	require.NoError(t, err)
	require.Empty(t, rest)
	return e
}

func childrenOf(t testing.TB, e ber.Element) []ber.Element {
	t.Helper()
	list, err := e.Children(1000)
	require.NoError(t, err)
	return list
}

func indefiniteTLV(tag byte, parts ...[]byte) []byte {
	return append(append([]byte{tag, 0x80}, bytes.Join(parts, nil)...), 0, 0)
}

// worst re-encodes an element as BER at its worst: every length indefinite or padded, every OCTET
// STRING in parts.
func worst(t testing.TB, e ber.Element) []byte {
	t.Helper()
	switch {
	case e.Tag == 4:
		half := len(e.Body) / 2
		return indefiniteTLV(0x24, tlv(4, e.Body[:half]), indefiniteTLV(0x24, tlv(4, e.Body[half:]), tlv(4)))
	case !e.Constructed():
		return append([]byte{byte(e.Tag), 0x82, byte(len(e.Body) >> 8), byte(len(e.Body))}, e.Body...)
	}
	var parts [][]byte
	for _, c := range childrenOf(t, e) {
		parts = append(parts, worst(t, c))
	}
	return indefiniteTLV(byte(e.Tag), parts...)
}

// indefinite re-encodes a signed message by worst, but for certificates and signed attributes,
// which stay DER.
func indefinite(t testing.TB, msg []byte) []byte {
	t.Helper()
	info := func(e ber.Element) []byte {
		var parts [][]byte
		for i, c := range childrenOf(t, e) {
			if i == 3 && c.Tag == 0xa0 { // signed attributes
				parts = append(parts, c.Raw)
			} else {
				parts = append(parts, worst(t, c))
			}
		}
		return indefiniteTLV(0x30, parts...)
	}
	outer := childrenOf(t, elementOf(t, msg))
	var parts [][]byte
	for i, f := range childrenOf(t, childrenOf(t, outer[1])[0]) {
		switch {
		case i > 2 && f.Tag == 0x31:
			var infos [][]byte
			for _, s := range childrenOf(t, f) {
				infos = append(infos, info(s))
			}
			parts = append(parts, indefiniteTLV(0x31, infos...))
		case i > 2:
			parts = append(parts, indefiniteTLV(byte(f.Tag), f.Body))
		default:
			parts = append(parts, worst(t, f))
		}
	}
	return indefiniteTLV(0x30, outer[0].Raw, indefiniteTLV(0xa0, indefiniteTLV(0x30, parts...)))
}

// Certificates may come from outside, and of several with one issuer and serial number the
// signed hash tells which one is meant, or else the signature.
func TestSignerCertificate(t *testing.T) {
	var pairs []testca.KeyPair
	for range 3 {
		k := newKey(t, dstu4145.M257PB())
		pairs = append(pairs, testca.KeyPair{Key: k, Certificate: selfSigned(t, "однакові", 1, k, nil)})
	}
	for _, attrs := range []int{3, 2} { // with signingCertificateV2 and without
		for i, k := range pairs {
			m := craft(t, k, gost, "зміст")
			m.signers[0].attrs = m.signers[0].attrs[:attrs]
			m.certs = nil
			for _, p := range pairs {
				m.certs = append(m.certs, p.Certificate.Raw)
			}
			res, _, err := check(t, m.der(), nil)
			require.NoError(t, err)
			require.True(t, res.Signers[0].Certificate.Equal(k.Certificate), "signer %d", i)

			m.certs = nil
			res, _, err = check(t, m.der(), nil, pairs[0].Certificate, pairs[1].Certificate, pairs[2].Certificate)
			require.NoError(t, err)
			require.True(t, res.Signers[0].Certificate.Equal(k.Certificate), "signer %d", i)

			res, _, err = check(t, m.der(), nil)
			require.Error(t, err)
			require.Equal(t, validation.Indeterminate, res.Report.Verdict)
			require.Equal(t, validation.NoSigningCertificate, res.Report.Code)
			require.Nil(t, res.Signers[0].Certificate)
			require.Equal(t, validation.Indeterminate, res.Signers[0].SignatureValid)
			require.Equal(t, validation.Passed, res.Signers[0].DigestValid)
		}
	}
}

// Without signed attributes everything hangs on the content, and the caller has to allow it.
func TestNoSignedAttributes(t *testing.T) {
	allowed := &cms.CheckOptions{AllowNoSignedAttributes: true}
	sbox, err := gost28147.DKE(3)
	require.NoError(t, err)
	key := newKey(t, dstu4145.M257PB())
	k := testca.KeyPair{Key: key, Certificate: selfSigned(t, "ДКЕ", 9, key, sbox)}
	for _, content := range []string{"", "1", "123", "10\x06", "0123456789", "\x31\x03\x30\x01\x05"} {
		m := craft(t, k, gost, content)
		m.signers[0].noAttrs, m.signers[0].signature = true, m.signers[0].sign(m.content)
		res, _, err := check(t, m.der(), nil)
		require.Error(t, err)
		require.Equal(t, validation.FormatFailure, res.Report.Code)
		require.Equal(t, validation.Indeterminate, res.Signers[0].SignatureValid)
		require.Equal(t, validation.Indeterminate, res.Signers[0].DigestValid)

		res, got, err := checkWith(t, m.der(), nil, allowed)
		require.NoError(t, err, "%q", content)
		require.Equal(t, content, string(got))
		require.Equal(t, validation.Passed, res.Signers[0].SignatureValid)
		require.Equal(t, validation.Passed, res.Signers[0].DigestValid)
		require.False(t, res.Signers[0].CertificateSigned)
		require.Nil(t, res.Signers[0].MessageDigest)

		m.detached = true
		_, err = cms.CheckDetached(t.Context(), m.der(), bytes.NewReader(m.content), allowed)
		require.NoError(t, err)
		res, err = cms.CheckDetached(t.Context(), m.der(), bytes.NewReader([]byte("інший")), allowed)
		require.Error(t, err)
		require.Equal(t, validation.SigCryptoFailure, res.Report.Code)
		require.Equal(t, validation.Indeterminate, res.Signers[0].DigestValid)
		res, err = cms.CheckDetached(t.Context(), m.der(), nil, allowed)
		require.Error(t, err)
		require.Equal(t, validation.SignedDataNotFound, res.Report.Code)
		require.Equal(t, validation.Indeterminate, res.Report.Verdict)
		require.Equal(t, validation.Indeterminate, res.Signers[0].SignatureValid)
	}
}

// What is signed without attributes may be those of another message.
func TestNoSignedAttributesForms(t *testing.T) {
	k := identity(t, "a").Signing
	for _, tt := range []struct {
		name   string
		code   validation.Code // empty: it passes
		change func(*crafted, *craftedSigner)
	}{
		{"right", "", func(m *crafted, s *craftedSigner) { s.signature = s.sign(m.content) }},
		{"wrapped signature", "", func(m *crafted, s *craftedSigner) { s.signature = tlv(4, s.sign(m.content)) }},
		{"digest not announced", "", func(m *crafted, s *craftedSigner) { m.digests, s.signature = nil, s.sign(m.content) }},
		{"another type", validation.FormatFailure, func(m *crafted, s *craftedSigner) {
			m.contentType, s.signature = cms.ContentTypeSignedData, s.sign(m.content)
		}},
		{"content changed", validation.SigCryptoFailure, func(m *crafted, s *craftedSigner) {
			s.signature = s.sign(m.content)
			m.content[0] ^= 1
		}},
		{"attributes taken away", validation.SigCryptoFailure, func(_ *crafted, s *craftedSigner) { s.signature = s.value(-1) }},
		{"attributes as content", validation.FormatFailure, func(m *crafted, s *craftedSigner) {
			s.signature = s.value(-1)
			m.content = tlv(0x31, s.attrs...)
		}},
		{"attributes in endless BER as content", validation.FormatFailure, func(m *crafted, s *craftedSigner) {
			m.content = append(append([]byte{0x31, 0xa0}, make([]byte, 31)...), 0x60)
			m.content = append(m.content, make([]byte, 0x60)...)
			s.signature = s.sign(m.content)
		}},
		{"attributes in BER as content", validation.FormatFailure, func(m *crafted, s *craftedSigner) {
			m.content = indefiniteTLV(0x31, append([]byte{0x30, 0x81}, s.attrs[0][1:]...), s.attrs[1])
			s.signature = s.sign(m.content)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := craft(t, k, gost, "зміст")
			tt.change(m, m.signers[0])
			m.signers[0].noAttrs = true
			res, _, err := checkWith(t, m.der(), nil, &cms.CheckOptions{AllowNoSignedAttributes: true})
			if tt.code == "" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			require.Equal(t, tt.code, res.Report.Code)
			require.Equal(t, validation.Failed, res.Report.Verdict)
		})
	}
}

// A digest over the content with DKE No. 1 passes beside a certificate with another S-box: it is
// the signature that follows the key.
func TestDigestWithDKE1(t *testing.T) {
	sbox, err := gost28147.DKE(3)
	require.NoError(t, err)
	k := newKey(t, dstu4145.M257PB())
	m := craft(t, testca.KeyPair{Key: k, Certificate: selfSigned(t, "ДКЕ", 9, k, sbox)}, gost, "зміст")
	_, _, err = check(t, m.der(), nil)
	require.NoError(t, err)
	plain := craft(t, testca.KeyPair{Key: k, Certificate: selfSigned(t, "ДКЕ", 9, k, nil)}, gost, "зміст")
	plain.certs = nil
	plain.signers[0].attrs = plain.signers[0].attrs[:2]
	res, _, err := check(t, plain.der(), nil, selfSigned(t, "ДКЕ", 9, k, sbox))
	require.Error(t, err, "signature with DKE No. 1 under a key with another S-box")
	require.Equal(t, validation.SigCryptoFailure, res.Report.Code)
}

// A bare SignedData, without ContentInfo, is read everywhere.
func TestBareSignedData(t *testing.T) {
	k := identity(t, "a").Signing
	msg, err := cms.Sign([]byte("зміст"), []cms.Signer{signerOf(k)}, &cms.SignOptions{OmitContentInfo: true})
	require.NoError(t, err)
	require.Equal(t, []byte{2, 1, 1}, msg[4:7])
	_, got, err := check(t, msg, nil)
	require.NoError(t, err)
	require.Equal(t, "зміст", string(got))
}
