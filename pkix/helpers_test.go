package pkix_test

import (
	"bytes"
	"crypto"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/pkix"
)

var (
	begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	end   = time.Date(2028, 1, 2, 3, 4, 5, 0, time.UTC)
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

// newKey returns a key that depends on the curve and n alone.
func newKey(t testing.TB, c *dstu4145.Curve, n byte) *dstu4145.PrivateKey {
	t.Helper()
	d := bytes.Repeat([]byte{0x0f ^ n}, c.ScalarSize())
	d[0] = 0
	k, err := c.NewPrivateKey(d)
	require.NoError(t, err)
	return k
}

func sbox(t testing.TB, n int) *gost28147.SBox {
	t.Helper()
	s, err := gost28147.DKE(n)
	require.NoError(t, err)
	return s
}

func named(cn string) pkix.Name {
	return pkix.NewName(
		pkix.Attribute{Type: pkix.OIDOrganization, Value: "Вигадана установа"},
		pkix.Attribute{Type: pkix.OIDCommonName, Value: cn},
		pkix.Attribute{Type: pkix.OIDSerialNumber, Value: "UA-00000000-1"},
		pkix.Attribute{Type: pkix.OIDCountry, Value: "UA"},
	)
}

// template returns what every certificate of these tests has.
func template(cn string, serial int64) *pkix.Certificate {
	return &pkix.Certificate{
		SerialNumber: big.NewInt(serial), Subject: named(cn), NotBefore: begin, NotAfter: end,
		BasicConstraintsValid: true, MaxPathLen: -1,
	}
}

// issue creates and parses a certificate.
func issue(t testing.TB, tmpl, parent *pkix.Certificate, pub crypto.PublicKey, s crypto.Signer) *pkix.Certificate {
	t.Helper()
	raw, err := pkix.CreateCertificate(nil, tmpl, parent, pub, s)
	require.NoError(t, err)
	c, err := pkix.ParseCertificate(raw)
	require.NoError(t, err)
	return c
}

// newCA returns a self-signed authority.
func newCA(t testing.TB, cn string, key *dstu4145.PrivateKey) *pkix.Certificate {
	t.Helper()
	tmpl := template(cn, 1)
	tmpl.IsCA, tmpl.KeyUsage = true, pkix.KeyUsageKeyCertSign|pkix.KeyUsageCRLSign
	return issue(t, tmpl, nil, key.PublicKey(), key)
}

// parts of a certificate or a request, each DER, so that tests can write others.
type parts struct {
	tbs       []byte // as a whole; fields are used if it is nil
	fields    [][]byte
	algorithm []byte
	signature []byte // contents of the BIT STRING
}

func element(tag cbasn1.Tag, contents ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) {
		for _, c := range contents {
			b.AddBytes(c)
		}
	})
	return b.BytesOrPanic()
}

func sequence(contents ...[]byte) []byte { return element(cbasn1.SEQUENCE, contents...) }

func identifier(oid asn1.ObjectIdentifier, params ...byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(oid)
	return sequence(b.BytesOrPanic(), params)
}

// takeApart splits a certificate into the elements of its tbsCertificate and the rest.
func takeApart(t testing.TB, raw []byte) parts {
	t.Helper()
	s := cryptobyte.String(raw)
	var outer, tbs, field, algorithm cryptobyte.String
	var signature []byte
	require.True(t, s.ReadASN1(&outer, cbasn1.SEQUENCE) && outer.ReadASN1(&tbs, cbasn1.SEQUENCE))
	var p parts
	for !tbs.Empty() {
		var tag cbasn1.Tag
		require.True(t, tbs.ReadAnyASN1Element(&field, &tag))
		p.fields = append(p.fields, bytes.Clone(field))
	}
	require.True(t, outer.ReadASN1Element(&algorithm, cbasn1.SEQUENCE) && outer.ReadASN1BitStringAsBytes(&signature))
	p.algorithm, p.signature = bytes.Clone(algorithm), bytes.Clone(signature)
	return p
}

// join writes the parts.
func (p parts) join() []byte {
	tbs := p.tbs
	if tbs == nil {
		tbs = sequence(p.fields...)
	}
	return sequence(tbs, p.algorithm, element(cbasn1.BIT_STRING, []byte{0}, p.signature))
}

// sign writes the parts with a new signature.
func (p parts) sign(t testing.TB, key *dstu4145.PrivateKey) []byte {
	t.Helper()
	newHash, err := alg.NewHash(alg.OIDGOST34311, nil)
	require.NoError(t, err)
	h := newHash()
	h.Write(sequence(p.fields...))
	rs, err := key.Sign(nil, h.Sum(nil), nil)
	require.NoError(t, err)
	a, _ := alg.SignatureByOID(alg.OIDDSTU4145LE)
	p.signature = element(cbasn1.OCTET_STRING, a.ToWire(rs))
	return p.join()
}

// numbers of fields in parts of a certificate
const (
	fieldVersion = iota
	fieldSerial
	fieldSignature
	fieldIssuer
	fieldValidity
	fieldSubject
	fieldSPKI
	fieldExtensions
)
