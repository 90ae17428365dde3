package pkix_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/pkix"
)

// TestCreate writes certificates of every kind and reads them again.
func TestCreate(t *testing.T) {
	algorithms := []asn1.ObjectIdentifier{nil, alg.OIDDSTU4145LE, alg.OIDDSTU4145BE, alg.OIDDSTU4145Kupyna256, alg.OIDDSTU4145Kupyna384, alg.OIDDSTU4145Kupyna512}
	boxes := []*gost28147.SBox{nil, gost28147.DKE1(), sbox(t, 4)}
	for i, curve := range []*dstu4145.Curve{dstu4145.M163PB(), dstu4145.M257PB(), dstu4145.M431PB(), dstu4145.M571PB()} {
		for j, algorithm := range algorithms {
			for _, k := range []int{0, 3, 4} {
				key, caKey := newKey(t, curve, 1), newKey(t, dstu4145.M257PB(), 2)
				caTmpl := template("Установа", 1)
				caTmpl.SBox = boxes[(i+j)%3] // the hash of the signature follows it
				ca := issue(t, caTmpl, nil, nil, caKey)
				tmpl := template("Особа", int64(1000*i+10*j+k)+2)
				tmpl.NamedCurve, tmpl.BigEndian, tmpl.SBox = k&1 != 0, k >= 4, boxes[k%3]
				tmpl.SignatureOID = algorithm
				c := issue(t, tmpl, ca, key.PublicKey(), caKey)
				name := fmt.Sprintf("%s %v %d", curve.Name(), algorithm, k)

				require.NoError(t, c.PublicKeyError, name)
				require.True(t, c.MatchesPublicKey(key.PublicKey()), name)
				require.Same(t, curve, c.Curve, name)
				require.Equal(t, tmpl.NamedCurve && curve != dstu4145.M571PB(), c.NamedCurve, name)
				require.Equal(t, tmpl.BigEndian, c.BigEndian, name)
				require.Equal(t, tmpl.SBox == nil, c.SBox == nil, name)
				require.True(t, tmpl.SBox == nil || tmpl.SBox.Equal(c.SBox), name)
				require.Zero(t, tmpl.SerialNumber.Cmp(c.SerialNumber), name)
				if algorithm != nil {
					require.Equal(t, algorithm, c.SignatureOID, name)
				}
				require.Equal(t, ca.RawSubject, c.RawIssuer, name)
				require.Equal(t, ca.SubjectKeyID, c.AuthorityKeyID, name)
				bare := *c
				bare.SubjectKeyID = nil
				require.True(t, bare.MatchesKeyID(c.SubjectKeyID), name)
				require.NoError(t, c.CheckSignatureFrom(ca), name)
				require.ErrorIs(t, c.CheckSignatureFrom(c), pkix.ErrIssuerMismatch, name)

				other := *ca // the same key with another S-box
				other.SBox = sbox(t, 7)
				err := c.CheckSignatureFrom(&other)
				if alg.OIDGOST34311.Equal(digestOf(t, c)) {
					require.ErrorIs(t, err, pkix.ErrSignature, name)
				} else {
					require.NoError(t, err, name)
				}
			}
		}
	}
}

func digestOf(t *testing.T, c *pkix.Certificate) asn1.ObjectIdentifier {
	s, ok := alg.SignatureByOID(c.SignatureOID)
	require.True(t, ok)
	return s.Digest
}

// TestDefaultKeyID: the identifier follows the hash of the signature.
func TestDefaultKeyID(t *testing.T) {
	key := newKey(t, dstu4145.M257PB(), 3)
	tmpl := template("Особа", 1)
	gost := issue(t, tmpl, nil, nil, key)
	require.Equal(t, pkix.KeyID(key.PublicKey(), nil), gost.SubjectKeyID)
	require.Equal(t, gost.SubjectKeyID, gost.AuthorityKeyID, "a self-signed certificate names itself")
	tmpl.SignatureOID = alg.OIDDSTU4145Kupyna256
	kupyna := issue(t, tmpl, nil, nil, key)
	require.Equal(t, pkix.KeyIDKupyna(key.PublicKey()), kupyna.SubjectKeyID)
	require.True(t, gost.MatchesKeyID(kupyna.SubjectKeyID))
	require.True(t, kupyna.MatchesKeyID(gost.SubjectKeyID))
	require.False(t, gost.MatchesKeyID(pkix.KeyID(key.PublicKey(), sbox(t, 5))))
	tmpl.SBox = sbox(t, 5)
	require.True(t, issue(t, tmpl, nil, nil, key).MatchesKeyID(pkix.KeyID(key.PublicKey(), sbox(t, 5))))
}

// TestCreateExtensions compares every field of a template with what is read.
func TestCreateExtensions(t *testing.T) {
	caKey, key := newKey(t, dstu4145.M257PB(), 1), newKey(t, dstu4145.M431PB(), 2)
	ca := newCA(t, "Установа", caKey)
	tmpl := template("Особа", 7)
	tmpl.KeyUsage = pkix.KeyUsageKeyAgreement
	tmpl.ExtKeyUsage = []asn1.ObjectIdentifier{{1, 2, 804, 2, 1, 1, 1, 3, 9}}
	tmpl.SubjectKeyID, tmpl.AuthorityKeyID = []byte{1, 2, 3}, []byte{4, 5}
	drfo, edrpou, unzr := asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 11, 1, 4, 1, 1}, asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 11, 1, 4, 2, 1}, asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 11, 1, 4, 11, 1}
	tmpl.DirectoryAttributes = []pkix.Attribute{{Type: drfo, Value: "АБ123456"}, {Type: edrpou, Value: "00000001"}, {Type: unzr, Value: ""}, {Type: edrpou, Value: "2"}}
	own := pkix.Extension{ID: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}
	tmpl.Extensions = []pkix.Extension{own}
	c := issue(t, tmpl, ca, key.PublicKey(), caKey)

	require.Equal(t, tmpl.KeyUsage, c.KeyUsage)
	require.True(t, c.HasKeyUsage)
	require.Equal(t, tmpl.ExtKeyUsage, c.ExtKeyUsage)
	require.Equal(t, tmpl.SubjectKeyID, c.SubjectKeyID)
	require.Equal(t, tmpl.AuthorityKeyID, c.AuthorityKeyID)
	require.True(t, c.BasicConstraintsValid)
	require.False(t, c.IsCA)
	require.Equal(t, "АБ123456", c.DRFO())
	require.Equal(t, "2", c.EDRPOU(), "values of one type in DER order")
	require.Empty(t, c.UNZR(), "a present but empty code counts as absent")
	got, ok := c.Extension(own.ID)
	require.True(t, ok)
	require.Equal(t, own.Value, got.Value)
	require.True(t, got.Critical)
	_, ok = c.Extension(asn1.ObjectIdentifier{1, 2, 3})
	require.False(t, ok)
	ku, ok := c.Extension(asn1.ObjectIdentifier{2, 5, 29, 15})
	require.True(t, ok)
	require.Equal(t, unhex(t, "03020308"), ku.Value, "as in real agreement certificates")
	require.True(t, ku.Critical)
	bc, _ := c.Extension(asn1.ObjectIdentifier{2, 5, 29, 19})
	require.Equal(t, unhex(t, "3000"), bc.Value, "present and empty, as in real user certificates")

	tmpl.ExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}}
	eku, _ := issue(t, tmpl, ca, key.PublicKey(), caKey).Extension(asn1.ObjectIdentifier{2, 5, 29, 37})
	require.True(t, eku.Critical, "timeStamping must be critical")

	// a ready extension replaces the one made from fields
	tmpl.Extensions = []pkix.Extension{{ID: asn1.ObjectIdentifier{2, 5, 29, 15}, Value: unhex(t, "030206c0")}}
	c = issue(t, tmpl, ca, key.PublicKey(), caKey)
	require.Equal(t, pkix.KeyUsageDigitalSignature|pkix.KeyUsageNonRepudiation, c.KeyUsage)

	for _, limit := range []struct {
		n    int
		zero bool
		want int
	}{{-1, false, -1}, {0, false, -1}, {0, true, 0}, {2, false, 2}} {
		tmpl := template("Установа", 9)
		tmpl.IsCA, tmpl.MaxPathLen, tmpl.MaxPathLenZero = true, limit.n, limit.zero
		c := issue(t, tmpl, nil, nil, caKey)
		require.True(t, c.IsCA)
		require.Equal(t, limit.want, c.MaxPathLen)
		require.Equal(t, limit.want == 0, c.MaxPathLenZero)
	}
}

// TestCreateForeignKeys certifies keys of other kinds under a DSTU authority.
func TestCreateForeignKeys(t *testing.T) {
	caKey := newKey(t, dstu4145.M257PB(), 1)
	ca := newCA(t, "Установа", caKey)
	ec, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	c := issue(t, template("Особа", 3), ca, ec.Public(), caKey)
	require.True(t, c.MatchesPublicKey(ec.Public()))
	require.Len(t, c.SubjectKeyID, 20)
	require.True(t, c.MatchesKeyID(c.SubjectKeyID))
	require.NoError(t, c.CheckSignatureFrom(ca))
}

// TestValidityBounds: UTCTime until 2049, GeneralizedTime after it.
func TestValidityBounds(t *testing.T) {
	key := newKey(t, dstu4145.M163PB(), 1)
	tmpl := template("Особа", 1)
	tmpl.NotBefore = time.Date(2049, 12, 31, 23, 59, 59, 999, time.FixedZone("", 0))
	tmpl.NotAfter = time.Date(2050, 1, 1, 2, 0, 0, 0, time.FixedZone("", 3600))
	c := issue(t, tmpl, nil, nil, key)
	require.True(t, c.NotBefore.Equal(time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC)))
	require.True(t, c.NotAfter.Equal(time.Date(2050, 1, 1, 1, 0, 0, 0, time.UTC)))
	validity := takeApart(t, c.Raw).fields[fieldValidity]
	require.Equal(t, byte(0x17), validity[2])
	require.Equal(t, byte(0x18), validity[2+15])
}

// badSigner returns a signature of something else.
type badSigner struct{ *dstu4145.PrivateKey }

func (b badSigner) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	return b.PrivateKey.Sign(r, append([]byte{1}, digest...), o)
}

func TestCreateRefuses(t *testing.T) {
	key, other := newKey(t, dstu4145.M257PB(), 1), newKey(t, dstu4145.M257PB(), 2)
	ca := newCA(t, "Установа", key)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	tmpl := template("Особа", 1)
	for name, serial := range map[string]*big.Int{"no": nil, "zero": big.NewInt(0), "negative": big.NewInt(-5)} {
		bad := *tmpl
		bad.SerialNumber = serial
		_, err := pkix.CreateCertificate(nil, &bad, ca, other.PublicKey(), key)
		require.ErrorContains(t, err, "serial number", name)
	}
	_, err = pkix.CreateCertificate(nil, tmpl, ca, other.PublicKey(), other)
	require.ErrorContains(t, err, "not that of the parent")
	_, err = pkix.CreateCertificate(nil, tmpl, tmpl, other.PublicKey(), key)
	require.ErrorContains(t, err, "own key")
	_, err = pkix.CreateCertificate(nil, tmpl, nil, nil, ec)
	require.ErrorIs(t, err, pkix.ErrUnsupported)
	_, err = pkix.CreateCertificate(nil, tmpl, ca, "no key", key)
	require.ErrorIs(t, err, pkix.ErrUnsupported)
	_, err = pkix.CreateCertificate(nil, tmpl, ca, other.PublicKey(), badSigner{key})
	require.ErrorContains(t, err, "does not verify")
	_, err = pkix.CreateCertificate(iotest.ErrReader(errors.New("dry")), tmpl, ca, other.PublicKey(), key)
	require.Error(t, err)
	bad := *tmpl
	bad.SignatureOID = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	_, err = pkix.CreateCertificate(nil, &bad, ca, other.PublicKey(), key)
	require.ErrorIs(t, err, pkix.ErrUnsupported)
	bad = *tmpl
	bad.Subject = pkix.Name{RDNs: [][]pkix.Attribute{{{Type: asn1.ObjectIdentifier{9}, Value: "x"}}}}
	_, err = pkix.CreateCertificate(nil, &bad, ca, other.PublicKey(), key)
	require.ErrorContains(t, err, "name")
	bad = *tmpl
	bad.ExtKeyUsage = []asn1.ObjectIdentifier{{9}}
	_, err = pkix.CreateCertificate(nil, &bad, ca, other.PublicKey(), key)
	require.ErrorContains(t, err, "extension")
}
