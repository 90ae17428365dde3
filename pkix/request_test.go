package pkix_test

import (
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/pkix"
)

func TestRequest(t *testing.T) {
	for _, curve := range []*dstu4145.Curve{dstu4145.M257PB(), dstu4145.M431PB(), dstu4145.M571PB()} {
		for i, algorithm := range []asn1.ObjectIdentifier{nil, alg.OIDDSTU4145Kupyna256, alg.OIDDSTU4145BE} {
			key := newKey(t, curve, 1)
			tmpl := &pkix.Certificate{Subject: named("Особа"), SignatureOID: algorithm, NamedCurve: i == 1, BigEndian: i == 2}
			if i == 0 {
				tmpl.SBox = sbox(t, 6)
				tmpl.KeyUsage = pkix.KeyUsageDigitalSignature
				tmpl.SubjectKeyID = []byte{1}
			}
			raw, err := pkix.CreateCertificateRequest(nil, tmpl, key)
			require.NoError(t, err)
			q, err := pkix.ParseCertificateRequest(raw)
			require.NoError(t, err)
			require.NoError(t, q.PublicKeyError)
			require.True(t, key.PublicKey().Equal(q.PublicKey))
			require.Equal(t, named("Особа").String(), q.Subject.String())
			require.Equal(t, i == 1 && curve != dstu4145.M571PB(), q.NamedCurve)
			require.Equal(t, i == 2, q.BigEndian)
			require.Equal(t, i == 0, q.SBox != nil)
			require.NoError(t, q.CheckSignature())
			if i != 2 { // identifiers are over the octets as written
				require.Contains(t, q.KeyIDs(), pkix.KeyID(key.PublicKey(), nil))
			}
			ku, ok := q.Extension(asn1.ObjectIdentifier{2, 5, 29, 15})
			require.Equal(t, i == 0, ok)
			if ok {
				require.Equal(t, unhex(t, "03020780"), ku.Value)
				require.Len(t, q.Extensions, 2)
			}

			for n := range 40 { // the first octets of the signature and of what is signed
				for _, at := range []int{len(raw) - 1 - n, len(raw) - len(q.Signature) - len(q.RawTBS)/2 + n} {
					raw[at] ^= 0x10
					if bad, err := pkix.ParseCertificateRequest(raw); err == nil {
						require.Error(t, bad.CheckSignature())
					}
					raw[at] ^= 0x10
				}
			}
		}
	}
}

// TestNormalBasis: keys, requests and certificates of a curve in normal basis bear the identifiers
// for it, and those of the other basis are refused.
func TestNormalBasis(t *testing.T) {
	const arcs = "1.2.804.2.1.1.1.1."
	for i, algorithm := range []asn1.ObjectIdentifier{nil, {1, 2, 804, 2, 1, 1, 1, 1, 3, 6, 1, 2}, alg.OIDDSTU4145NormalBE} {
		for _, curve := range []*dstu4145.Curve{dstu4145.M173ONB(), dstu4145.M431ONB()} {
			key := newKey(t, curve, 1)
			tmpl := template("Особа", int64(i)+1)
			tmpl.SignatureOID, tmpl.NamedCurve, tmpl.BigEndian = algorithm, i == 1, i == 2
			raw, err := pkix.CreateCertificateRequest(nil, tmpl, key)
			require.NoError(t, err)
			q, err := pkix.ParseCertificateRequest(raw)
			require.NoError(t, err)
			require.NoError(t, q.PublicKeyError)
			require.True(t, key.PublicKey().Equal(q.PublicKey))
			require.Same(t, curve, q.Curve)
			require.NoError(t, q.CheckSignature())
			require.Equal(t, arcs+[]string{"3.1.2", "3.6.1.2", "3.1.2.1.1"}[i], q.SignatureOID.String())
			require.Equal(t, arcs+[]string{"3.1.2", "3.1.2", "3.1.2.1.1"}[i], q.PublicKeyOID.String())

			c := issue(t, tmpl, nil, nil, key)
			require.NoError(t, c.CheckSignatureFrom(c))
			require.True(t, c.MatchesPublicKey(key.PublicKey()))
			under := issue(t, template("Інша особа", 9), c, newKey(t, dstu4145.M257PB(), 2).PublicKey(), key)
			require.NoError(t, under.CheckSignatureFrom(c))
			require.Equal(t, arcs+"3.1.1", under.PublicKeyOID.String())

			tmpl.SignatureOID = alg.OIDDSTU4145Kupyna256
			_, err = pkix.CreateCertificateRequest(nil, tmpl, key)
			require.ErrorIs(t, err, pkix.ErrUnsupported)
		}
	}
}

// TestRequestForms: what else may stand in attributes, and what may not.
func TestRequestForms(t *testing.T) {
	key := newKey(t, dstu4145.M257PB(), 1)
	raw, err := pkix.CreateCertificateRequest(nil, &pkix.Certificate{}, key)
	require.NoError(t, err)
	p := takeApart(t, raw) // a request has the same outer shape
	require.Len(t, p.fields, 4)
	require.Equal(t, unhex(t, "3000"), p.fields[1], "an empty subject")
	require.Equal(t, unhex(t, "a000"), p.fields[3], "attributes are present and empty")

	parse := func(fields ...[]byte) (*pkix.CertificateRequest, error) {
		q := p
		q.fields = fields
		return pkix.ParseCertificateRequest(q.sign(t, key))
	}
	oid := []byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e}
	extension := sequence([]byte{6, 3, 0x2a, 3, 4}, []byte{4, 2, 5, 0})
	request := sequence(oid, element(cbasn1.SET, sequence(extension)))
	attributes := func(list ...[]byte) []byte { return element(0xa0, list...) }

	q, err := parse(p.fields[0], p.fields[1], p.fields[2])
	require.NoError(t, err, "tolerated: no attributes")
	require.NoError(t, q.CheckSignature())
	q, err = parse(p.fields[0], p.fields[1], p.fields[2], attributes(sequence([]byte{6, 3, 0x2a, 3, 5}, element(cbasn1.SET, []byte{5, 0})), request))
	require.NoError(t, err, "other attributes are passed over")
	require.Len(t, q.Extensions, 1)
	require.Equal(t, asn1.ObjectIdentifier{1, 2, 3, 4}, q.Extensions[0].ID)

	for name, fields := range map[string][][]byte{
		"version 1":             {{2, 1, 1}, p.fields[1], p.fields[2], p.fields[3]},
		"no key":                {p.fields[0], p.fields[1], p.fields[3]},
		"trailing":              {p.fields[0], p.fields[1], p.fields[2], p.fields[3], {5, 0}},
		"two extensionRequests": {p.fields[0], p.fields[1], p.fields[2], attributes(request, request)},
		"two values":            {p.fields[0], p.fields[1], p.fields[2], attributes(sequence(oid, element(cbasn1.SET, sequence(extension), sequence(extension))))},
		"extension repeated":    {p.fields[0], p.fields[1], p.fields[2], attributes(sequence(oid, element(cbasn1.SET, sequence(extension, extension))))},
	} {
		_, err := parse(fields...)
		require.Error(t, err, name)
	}
	_, err = pkix.ParseCertificateRequest(append(raw, 0))
	require.Error(t, err)

	// an algorithm of another kind than the key's
	q2 := p
	q2.algorithm = identifier(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2})
	other, err := pkix.ParseCertificateRequest(q2.join())
	require.NoError(t, err)
	require.ErrorIs(t, other.CheckSignature(), pkix.ErrSignature)
	q2.algorithm = identifier(asn1.ObjectIdentifier{1, 2, 3})
	other, err = pkix.ParseCertificateRequest(q2.join())
	require.NoError(t, err)
	require.ErrorIs(t, other.CheckSignature(), pkix.ErrUnsupported)
}
