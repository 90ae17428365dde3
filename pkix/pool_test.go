package pkix_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	x509pkix "crypto/x509/pkix"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/pkix"
)

var curveSmall = dstu4145.M163PB()

func TestPoolLookup(t *testing.T) {
	a, b := newCA(t, "Перша", newKey(t, curveSmall, 1)), newCA(t, "Друга", newKey(t, curveSmall, 2))
	p := pkix.NewPool(a, nil, a)
	require.Equal(t, 1, p.Len())
	p.AddBundle(&pkix.Bundle{Certificates: []*pkix.Certificate{b, a}})
	p.AddBundle(nil)
	require.Equal(t, []*pkix.Certificate{a, b}, p.Certificates())
	require.True(t, p.Contains(a))
	require.Same(t, b, p.FindBySHA256(b.SHA256()))
	require.Equal(t, []*pkix.Certificate{b}, p.FindBySubject(b.Subject))
	require.Equal(t, []*pkix.Certificate{b}, p.FindByIssuerSerial(b.Issuer, []byte{1}))
	require.Equal(t, []*pkix.Certificate{b}, p.FindByIssuerSerial(b.Issuer, []byte{0, 1}), "leading zeros mean nothing")
	require.Empty(t, p.FindByIssuerSerial(b.Issuer, []byte{2}))
	for _, id := range [][]byte{a.SubjectKeyID, pkix.KeyIDKupyna(a.PublicKey.(*dstu4145.PublicKey))} {
		require.Equal(t, []*pkix.Certificate{a}, p.FindByKeyID(id))
	}
	require.Empty(t, p.FindByKeyID(nil))

	for _, none := range []*pkix.Pool{nil, {}, pkix.NewPool()} {
		require.Zero(t, none.Len())
		require.Empty(t, none.Certificates())
		require.False(t, none.Contains(a))
		require.Empty(t, none.FindBySubject(a.Subject))
		require.Empty(t, none.FindByIssuerSerial(a.Issuer, a.RawSerial))
		require.Empty(t, none.FindByKeyID(a.SubjectKeyID))
	}
}

// TestFindIssuer: authorities renew keys under one name, and have keys of several kinds.
func TestFindIssuer(t *testing.T) {
	oldKey, nextKey, foreignKey, userKey := newKey(t, curveSmall, 1), newKey(t, curveSmall, 2), newKey(t, curveSmall, 3), newKey(t, curveSmall, 4)
	oldCA, renewed := newCA(t, "Установа", oldKey), newCA(t, "Установа", nextKey)
	foreign := newCA(t, "Інша", foreignKey)
	user := func(change func(*pkix.Certificate)) *pkix.Certificate {
		tmpl := template("Особа", 5)
		if change != nil {
			change(tmpl)
		}
		return issue(t, tmpl, renewed, userKey.PublicKey(), nextKey)
	}
	plain := user(nil)

	for name, p := range map[string]*pkix.Pool{
		"alone": pkix.NewPool(renewed), "after the old key": pkix.NewPool(oldCA, foreign, renewed), "before it": pkix.NewPool(renewed, oldCA),
	} {
		got, err := p.FindIssuer(plain)
		require.NoError(t, err, name)
		require.Same(t, renewed, got, name)
	}

	// an identifier of no known rule: the name alone leads to the key
	odd := user(func(c *pkix.Certificate) { c.AuthorityKeyID = []byte("no rule") })
	got, err := pkix.NewPool(oldCA, renewed).FindIssuer(odd)
	require.NoError(t, err)
	require.Same(t, renewed, got)
	_, err = pkix.NewPool(oldCA).FindIssuer(odd)
	require.ErrorIs(t, err, pkix.ErrIssuerNotFound, "not a bad signature: its key is just not here")
	_, err = pkix.NewPool(oldCA).FindIssuer(plain)
	require.ErrorIs(t, err, pkix.ErrIssuerNotFound)
	_, err = pkix.NewPool(foreign).FindIssuer(plain)
	require.ErrorIs(t, err, pkix.ErrIssuerNotFound)
	_, err = (*pkix.Pool)(nil).FindIssuer(plain)
	require.ErrorIs(t, err, pkix.ErrIssuerNotFound)

	// the named key is here, the signature is wrong
	p := takeApart(t, plain.Raw)
	p.signature[len(p.signature)-1] ^= 1
	bad, err := pkix.ParseCertificate(p.join())
	require.NoError(t, err)
	_, err = pkix.NewPool(oldCA, renewed).FindIssuer(bad)
	require.ErrorIs(t, err, pkix.ErrSignature)

	// no identifier at all: the only key of that name does not fit
	p = takeApart(t, plain.Raw)
	p.fields = p.fields[:fieldExtensions]
	bare, err := pkix.ParseCertificate(p.sign(t, nextKey))
	require.NoError(t, err)
	got, err = pkix.NewPool(oldCA, renewed).FindIssuer(bare)
	require.NoError(t, err)
	require.Same(t, renewed, got)
	_, err = pkix.NewPool(oldCA).FindIssuer(bare)
	require.ErrorIs(t, err, pkix.ErrSignature)
	_, err = pkix.NewPool(foreign).FindIssuer(bare)
	require.ErrorIs(t, err, pkix.ErrIssuerNotFound)

	// a self-signed certificate is its own candidate
	got, err = pkix.NewPool().FindIssuer(oldCA)
	require.NoError(t, err)
	require.Same(t, oldCA, got)

	// of certificates of one key that of an authority is preferred
	tmpl := template("Установа", 77)
	plainTwin := issue(t, tmpl, nil, nil, nextKey)
	got, err = pkix.NewPool(plainTwin, renewed).FindIssuer(plain)
	require.NoError(t, err)
	require.Same(t, renewed, got)
}

// TestFindIssuerOtherKeys: certificates of the same name with keys of other kinds, or with keys
// that cannot be used, do not hide the right one.
func TestFindIssuerOtherKeys(t *testing.T) {
	key := newKey(t, curveSmall, 1)
	ca := newCA(t, "Установа", key)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	ecCA := issue(t, template("Установа", 2), ca, ec.Public(), key)
	unusable, err := pkix.ParseCertificate(func() []byte {
		p := takeApart(t, ca.Raw)
		p.fields[fieldSPKI] = sequence(identifier(alg.OIDDSTU4145LE), []byte{3, 1, 0})
		return p.join()
	}())
	require.NoError(t, err)
	c := issue(t, template("Особа", 3), ca, newKey(t, curveSmall, 2).PublicKey(), key)
	got, err := pkix.NewPool(ecCA, unusable, ca).FindIssuer(c)
	require.NoError(t, err)
	require.Same(t, ca, got)
	require.ErrorIs(t, c.CheckSignatureFrom(ecCA), pkix.ErrIssuerMismatch)
	_, err = pkix.NewPool(ecCA).FindIssuer(c)
	require.ErrorIs(t, err, pkix.ErrIssuerNotFound)
	_, err = pkix.NewPool(unusable).FindIssuer(c)
	require.ErrorIs(t, err, pkix.ErrPublicKey, "the right identifier, a key that cannot be used")
}

// TestIssuerBudget: a pool full of keys of one name costs a bounded number of checks, which
// begin with the key that the certificate names.
func TestIssuerBudget(t *testing.T) {
	decoyKey, key := newKey(t, curveSmall, 1), newKey(t, curveSmall, 2)
	p := pkix.NewPool()
	for i := range 100 {
		tmpl := template("Установа", int64(i+2))
		tmpl.IsCA = true
		p.Add(issue(t, tmpl, nil, nil, decoyKey))
	}
	ca := newCA(t, "Установа", key)
	p.Add(ca)
	tmpl := template("Особа", 500)
	got, err := p.FindIssuer(issue(t, tmpl, ca, key.PublicKey(), key))
	require.NoError(t, err)
	require.Same(t, ca, got)
	tmpl.AuthorityKeyID = []byte("no rule")
	_, err = p.FindIssuer(issue(t, tmpl, ca, key.PublicKey(), key))
	require.ErrorIs(t, err, pkix.ErrIssuerNotFound)
}

// TestStandardCertificates: chains that crypto/x509 made are checked too.
func TestStandardCertificates(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	require.NoError(t, err)
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: x509pkix.Name{CommonName: "ECDSA"}, NotBefore: begin, NotAfter: end, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	raw, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	require.NoError(t, err)
	c, err := pkix.ParseCertificate(raw)
	require.NoError(t, err)
	require.True(t, c.IsCA)
	require.Equal(t, pkix.KeyUsageKeyCertSign, c.KeyUsage)
	require.NoError(t, c.CheckSignatureFrom(c))
	p := takeApart(t, c.Raw)
	p.signature[20] ^= 1
	bad, err := pkix.ParseCertificate(p.join())
	require.NoError(t, err)
	require.ErrorIs(t, bad.CheckSignatureFrom(c), pkix.ErrSignature)
}
