//go:build interop

package interop_test

import (
	"encoding/asn1"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
)

// bits writes a key usage as Bouncy Castle's provider gives it, bit 0 first.
func bits(u pkix.KeyUsage) string {
	var b strings.Builder
	for i := range 9 {
		b.WriteByte('0' + byte(u>>i&1))
	}
	return strings.TrimRight(b.String(), "0")
}

func readBouncy(t *testing.T, cert, issuer *pkix.Certificate) {
	t.Helper()
	r := bouncy.must(t, 9, "certificate", cert.Raw, issuer.Raw)
	require.Contains(t, string(r[0]), "CN="+cert.Subject.CommonName())
	require.Equal(t, cert.SerialNumber.Bytes(), r[1])
	require.Equal(t, fmt.Sprint(cert.Curve.FieldBits()), string(r[2]))
	require.Equal(t, cert.PublicKey.(*dstu4145.PublicKey).Bytes(), r[3])
	require.Equal(t, cert.SubjectKeyID, r[4])
	require.Equal(t, bits(cert.KeyUsage), strings.TrimRight(string(r[5]), "0"))
	require.Equal(t, cert.IsCA, string(r[6]) != "-1")
	require.Equal(t, fmt.Sprint(cert.NotBefore.Unix()), string(r[7]))
	require.Equal(t, fmt.Sprint(cert.NotAfter.Unix()), string(r[8]))
}

func TestBouncyCastleReadsCertificates(t *testing.T) {
	p := bouncy.need(t)
	for _, named := range []bool{false, true} {
		for _, algorithm := range []asn1.ObjectIdentifier{testca.WithGOST34311, testca.WithKupyna256} {
			t.Run(fmt.Sprintf("named=%v/%v", named, algorithm), func(t *testing.T) {
				for _, curve := range curves {
					if named && curve == dstu4145.M571PB() {
						continue // it has no name
					}
					a := authority(t, &testca.Options{
						SigningCurve: curve, AgreementCurve: curve, NamedCurve: named, Signature: algorithm,
					})
					id := issue(t, a, "Власник")
					readBouncy(t, a.Certificate, a.Certificate)
					readBouncy(t, id.Signing.Certificate, a.Certificate)
					readBouncy(t, id.Agreement.Certificate, a.Certificate)

					other := authority(t, &testca.Options{SigningCurve: curve, NamedCurve: named, Signature: algorithm})
					p.refuses(t, "certificate", id.Signing.Certificate.Raw, other.Certificate.Raw)
				}
			})
		}
	}
}

// A certificate is hashed with the substitution block of the issuer's key.
func TestBouncyCastleIssuerSBox(t *testing.T) {
	bouncy.need(t)
	key := must(dstu4145.M257PB().GenerateKey(nil))
	now := time.Now().UTC().Truncate(time.Second)
	tmpl := &pkix.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.NewName(pkix.Attribute{Type: pkix.OIDCommonName, Value: "Інший ДКЕ"}),
		NotBefore: now, NotAfter: now.Add(time.Hour), SBox: must(gost28147.DKE(5)),
		KeyUsage: pkix.KeyUsageKeyCertSign, HasKeyUsage: true, BasicConstraintsValid: true, IsCA: true, MaxPathLen: -1,
	}
	der, err := pkix.CreateCertificate(nil, tmpl, nil, key.PublicKey(), key)
	require.NoError(t, err)
	cert, err := pkix.ParseCertificate(der)
	require.NoError(t, err)
	require.True(t, cert.SBox.Equal(tmpl.SBox))
	readBouncy(t, cert, cert)
}

func TestBouncyCastleReadsRequests(t *testing.T) {
	p := bouncy.need(t)
	for _, curve := range []*dstu4145.Curve{dstu4145.M257PB(), dstu4145.M431PB()} {
		for _, named := range []bool{false, true} {
			key := must(curve.GenerateKey(nil))
			tmpl := &pkix.Certificate{
				Subject:    pkix.NewName(pkix.Attribute{Type: pkix.OIDCommonName, Value: "Заявник"}),
				NamedCurve: named, KeyUsage: pkix.KeyUsageDigitalSignature, HasKeyUsage: true,
			}
			der, err := pkix.CreateCertificateRequest(nil, tmpl, key)
			require.NoError(t, err)
			r := p.must(t, 3, "request", der)
			require.Equal(t, "CN=Заявник", string(r[0]))
			require.Equal(t, fmt.Sprint(curve.FieldBits()), string(r[1]))
			require.Equal(t, key.PublicKey().Bytes(), r[2])
			der[len(der)-1] ^= 1
			p.refuses(t, "request", der)
		}
	}
}

func TestReadCertificatesOfBouncyCastle(t *testing.T) {
	p := bouncy.need(t)
	now := time.Now().Unix()
	for i, curve := range curves[:10] {
		for _, algorithm := range []asn1.ObjectIdentifier{testca.WithGOST34311, testca.WithKupyna256, oidWithKupyna512} {
			oid := fmt.Sprintf("1.2.804.2.1.1.1.1.3.1.1.2.%d", i)
			// When both halves of a signature begin with zero octets the provider
			// leaves them out; such a certificate is made again.
			var r [][]byte
			var cert *pkix.Certificate
			for cert == nil || len(cert.Signature) < 2*curve.ScalarSize()+2 {
				r = p.must(t, 3, "issue", oid, algorithm, now, now+3600)
				var err error
				cert, err = pkix.ParseCertificate(r[0])
				require.NoError(t, err)
			}
			require.Equal(t, "Bouncy Castle", cert.Subject.CommonName())
			require.Equal(t, curve, cert.Curve)
			require.NoError(t, cert.CheckSignatureFrom(cert))
			require.Equal(t, r[2], cert.SubjectKeyID)
			require.True(t, cert.MatchesKeyID(r[2]))
			require.Equal(t, pkix.KeyUsageKeyCertSign|pkix.KeyUsageDigitalSignature, cert.KeyUsage)
			require.True(t, cert.IsCA)
			require.Equal(t, now, cert.NotBefore.Unix())
			key, err := curve.NewPrivateKey(r[1])
			require.NoError(t, err)
			require.True(t, key.PublicKey().Equal(cert.PublicKey))

			require.ErrorIs(t, cert.CheckSignature(identifier(t, algorithm), append(cert.RawTBS, 0), cert.Signature),
				pkix.ErrSignature)
		}
	}
}

func identifier(t *testing.T, oid asn1.ObjectIdentifier) []byte {
	t.Helper()
	der, err := asn1.Marshal(struct{ Algorithm asn1.ObjectIdentifier }{oid})
	require.NoError(t, err)
	return der
}

func TestJkurwaReadsCertificates(t *testing.T) {
	p := node.need(t)
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			a := authority(t, &profile.o)
			id := issue(t, a, "Власник")
			for _, cert := range []*pkix.Certificate{a.Certificate, id.Signing.Certificate, id.Agreement.Certificate} {
				r := p.must(t, 6, "certificate", cert.Raw, a.Certificate.Raw, time.Now().UnixMilli())
				require.Contains(t, string(r[0]), `"commonName":"`+cert.Subject.CommonName()+`"`)
				require.Equal(t, cert.SerialNumber.Bytes(), r[1])
				require.Equal(t, fmt.Sprint(cert.Curve.FieldBits()), string(r[2]))
				x, y := cert.PublicKey.(*dstu4145.PublicKey).BytesAffine()
				require.Zero(t, new(big.Int).SetBytes(x).Cmp(new(big.Int).SetBytes(r[3])))
				require.Zero(t, new(big.Int).SetBytes(y).Cmp(new(big.Int).SetBytes(r[4])))
				require.Equal(t, cert.SubjectKeyID, r[5])
			}
			other := authority(t, &profile.o)
			p.refuses(t, "certificate", id.Signing.Certificate.Raw, other.Certificate.Raw, time.Now().UnixMilli())
		})
	}
}

// jkurwa writes key identifiers as bare OCTET STRINGs, one of the tolerances of the reader.
func TestReadCertificatesOfJkurwa(t *testing.T) {
	p := node.need(t)
	for _, curve := range jkurwaCurves {
		key := must(curve.GenerateKey(nil))
		der := pkcs8(t, testca.KeyPair{Key: key, Certificate: &pkix.Certificate{SBox: gost28147.DKE1(), NamedCurve: true}})
		now := time.Now().Truncate(time.Second)
		usage := []byte{3, 2, 6, 0xc0} // digitalSignature, nonRepudiation
		r := p.must(t, 1, "selfsigned", der, usage, now.UnixMilli(), now.Add(time.Hour).UnixMilli())
		cert, err := pkix.ParseCertificate(r[0])
		require.NoError(t, err)
		require.Equal(t, "Партнер jkurwa", cert.Subject.CommonName())
		require.True(t, key.PublicKey().Equal(cert.PublicKey))
		require.NoError(t, cert.CheckSignatureFrom(cert))
		require.Equal(t, pkix.KeyUsageDigitalSignature|pkix.KeyUsageNonRepudiation, cert.KeyUsage)
		require.Equal(t, pkix.KeyID(key.PublicKey(), nil), cert.SubjectKeyID)
		require.WithinDuration(t, now, cert.NotBefore, 0)
	}
}
