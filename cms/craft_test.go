package cms_test

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/asn1"
	"fmt"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
)

// A message with any fault is made of its parts here; what a test does not change is right.

type builder = *cryptobyte.Builder

// tlv encodes an element around the parts.
func tlv(tag byte, parts ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.Tag(tag), func(b builder) {
		for _, p := range parts {
			b.AddBytes(p)
		}
	})
	return b.BytesOrPanic()
}

func oid(o asn1.ObjectIdentifier) []byte {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(o)
	return b.BytesOrPanic()
}

var null = []byte{5, 0}

func algorithm(o asn1.ObjectIdentifier, params ...[]byte) []byte {
	return tlv(0x30, append([][]byte{oid(o)}, params...)...)
}

func attribute(o asn1.ObjectIdentifier, values ...[]byte) []byte {
	return tlv(0x30, oid(o), tlv(0x31, values...))
}

func hash(t testing.TB, digest asn1.ObjectIdentifier, sbox *gost28147.SBox, data []byte) []byte {
	t.Helper()
	h, err := alg.NewHash(digest, sbox)
	require.NoError(t, err)
	d := h()
	d.Write(data)
	return d.Sum(nil)
}

// craftedSigner is a SignerInfo to be.
type craftedSigner struct {
	version   byte
	sid       []byte
	digest    []byte // AlgorithmIdentifier
	attrs     [][]byte
	noAttrs   bool
	algorithm []byte // AlgorithmIdentifier
	sign      func(tbs []byte) []byte
	signature []byte // nil: made by sign
	unsigned  [][]byte
}

// crafted is a message to be.
type crafted struct {
	version     byte
	digests     [][]byte
	contentType asn1.ObjectIdentifier
	content     []byte
	detached    bool
	certs       [][]byte
	signers     []*craftedSigner
}

func issuerSerial(c *pkix.Certificate) []byte { return tlv(0x30, c.RawIssuer, tlv(2, c.RawSerial)) }

func signingCertificateV2(t testing.TB, c *pkix.Certificate, algID []byte, digest asn1.ObjectIdentifier) []byte {
	h := tlv(4, hash(t, digest, nil, c.Raw))
	return tlv(0x30, tlv(0x30, tlv(0x30, algID, h, tlv(0x30, tlv(0x30, tlv(0xa4, c.RawIssuer)), tlv(2, c.RawSerial)))))
}

// craft makes a right message of one DSTU signer.
func craft(t testing.TB, k testca.KeyPair, digest asn1.ObjectIdentifier, content string) *crafted {
	t.Helper()
	sig, ok := alg.SignatureFor(digest, k.Key.PublicKey().Curve())
	require.True(t, ok)
	return craftWith(t, k.Certificate, algorithm(digest), digest, algorithm(sig.OID), content, func(tbs []byte) []byte {
		value, err := k.Key.Sign(nil, hash(t, digest, k.Certificate.SBox, tbs), nil)
		require.NoError(t, err)
		return sig.ToWire(value)
	})
}

func craftWith(t testing.TB, c *pkix.Certificate, digestID []byte, digest asn1.ObjectIdentifier, signatureID []byte, content string, sign func([]byte) []byte) *crafted {
	t.Helper()
	return &crafted{
		version: 1, digests: [][]byte{digestID}, contentType: cms.ContentTypeData, content: []byte(content), certs: [][]byte{c.Raw},
		signers: []*craftedSigner{{
			version: 1, sid: issuerSerial(c), digest: digestID,
			attrs: [][]byte{
				attribute(cmscore.OIDContentType, oid(cms.ContentTypeData)),
				attribute(cmscore.OIDMessageDigest, tlv(4, hash(t, digest, nil, []byte(content)))),
				attribute(cmscore.OIDSigningCertificateV2, signingCertificateV2(t, c, digestID, digest)),
			},
			algorithm: signatureID, sign: sign,
		}},
	}
}

func (s *craftedSigner) der() []byte {
	parts := [][]byte{tlv(2, []byte{s.version}), s.sid, s.digest}
	signature := s.signature
	if s.noAttrs {
		if signature == nil {
			panic("no attributes and no signature")
		}
	} else {
		if signature == nil {
			signature = s.sign(tlv(0x31, s.attrs...))
		}
		parts = append(parts, tlv(0xa0, s.attrs...))
	}
	parts = append(parts, s.algorithm, tlv(4, signature))
	if s.unsigned != nil {
		parts = append(parts, tlv(0xa1, s.unsigned...))
	}
	return tlv(0x30, parts...)
}

func (m *crafted) der() []byte {
	encap := oid(m.contentType)
	if !m.detached {
		encap = append(encap, tlv(0xa0, tlv(4, m.content))...)
	}
	parts := [][]byte{tlv(2, []byte{m.version}), tlv(0x31, m.digests...), tlv(0x30, encap)}
	if m.certs != nil {
		parts = append(parts, tlv(0xa0, m.certs...))
	}
	var infos [][]byte
	for _, s := range m.signers {
		infos = append(infos, s.der())
	}
	parts = append(parts, tlv(0x31, infos...))
	return tlv(0x30, oid(cms.ContentTypeSignedData), tlv(0xa0, tlv(0x30, parts...)))
}

var (
	gost      = alg.OIDGOST34311
	kupyna256 = alg.OIDKupyna256
	kupyna384 = alg.OIDKupyna384
	kupyna512 = alg.OIDKupyna512
)

// identity returns one of the identities of a test authority. They are made once.
func identity(t testing.TB, name string) *testca.Identity {
	t.Helper()
	identities.Lock()
	defer identities.Unlock()
	if id, ok := identities.m[name]; ok {
		return id
	}
	o := &testca.Options{}
	switch name {
	case "kupyna":
		o.Signature = testca.WithKupyna256
	case "m431":
		o.SigningCurve = dstu4145.M431PB()
	case "m163":
		o.SigningCurve, o.AgreementCurve, o.NamedCurve = dstu4145.M163PB(), dstu4145.M163PB(), true
	case "m257", "m257 too":
		o.AgreementCurve = dstu4145.M257PB()
	case "normal basis":
		o.SigningCurve, o.AgreementCurve = dstu4145.M191ONB(), dstu4145.M431ONB()
	case "m571":
		o.AgreementCurve = dstu4145.M571PB()
	}
	ca, err := testca.New("Тестовий центр "+name, o)
	require.NoError(t, err)
	id, err := ca.Issue(testca.Subject{CommonName: name})
	require.NoError(t, err)
	if identities.m == nil {
		identities.m = map[string]*testca.Identity{}
	}
	identities.m[name] = id
	return id
}

var identities struct {
	sync.Mutex
	m map[string]*testca.Identity
}

// selfSigned makes a certificate for a key, which signs it; certificates of one name and serial
// number may have several keys.
func selfSigned(t testing.TB, name string, serial int64, k *dstu4145.PrivateKey, sbox *gost28147.SBox) *pkix.Certificate {
	t.Helper()
	tmpl := certTemplate(name, serial)
	tmpl.SBox = sbox
	raw, err := pkix.CreateCertificate(nil, tmpl, tmpl, k.PublicKey(), k)
	require.NoError(t, err)
	c, err := pkix.ParseCertificate(raw)
	require.NoError(t, err)
	return c
}

// certified has the test authority certify a foreign key.
func certified(t testing.TB, name string, pub any) *pkix.Certificate {
	t.Helper()
	switch pub.(type) {
	case *ecdsa.PublicKey, *rsa.PublicKey:
	default:
		t.Fatalf("%T", pub)
	}
	tmpl := certTemplate(name, 77)
	ca := identity(t, "a")
	raw, err := pkix.CreateCertificate(nil, tmpl, ca.Signing.Certificate, pub, ca.Signing.Key)
	require.NoError(t, err)
	c, err := pkix.ParseCertificate(raw)
	require.NoError(t, err)
	return c
}

func certTemplate(name string, serial int64) *pkix.Certificate {
	return &pkix.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.NewName(pkix.Attribute{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: name}),
		NotBefore:    time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
		SignatureOID: testca.WithGOST34311,
		KeyUsage:     pkix.KeyUsageDigitalSignature,
		HasKeyUsage:  true,
	}
}

func newKey(t testing.TB, c *dstu4145.Curve) *dstu4145.PrivateKey {
	t.Helper()
	k, err := c.GenerateKey(nil)
	require.NoError(t, err)
	return k
}

func hexOf(b []byte) string { return fmt.Sprintf("%x", b) }
