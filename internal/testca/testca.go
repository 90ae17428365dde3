// Package testca is a throw-away certification authority for tests and examples. Its keys live
// in memory and its certificates have no legal force.
package testca

import (
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"time"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

// Signature algorithms of certificates.
var (
	WithGOST34311 = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 1, 1}
	WithKupyna256 = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 6, 1, 1}
)

var (
	oidCommonName   = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidSerialNumber = asn1.ObjectIdentifier{2, 5, 4, 5}
	oidCountry      = asn1.ObjectIdentifier{2, 5, 4, 6}
	oidLocality     = asn1.ObjectIdentifier{2, 5, 4, 7}
	oidOrganization = asn1.ObjectIdentifier{2, 5, 4, 10}
	oidTitle        = asn1.ObjectIdentifier{2, 5, 4, 12}
	oidDRFO         = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 11, 1, 4, 1, 1}
	oidEDRPOU       = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 11, 1, 4, 2, 1}
	oidSeal         = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 3, 9}
)

// Options chooses the algorithms. The zero value, and nil, mean what most certificates of the
// installed base have: keys on M257 for signing and on M431 for key agreement, parameters
// written in full with DKE No. 1, and GOST 34.311.
type Options struct {
	SigningCurve   *dstu4145.Curve       // nil: M257
	AgreementCurve *dstu4145.Curve       // nil: M431
	Signature      asn1.ObjectIdentifier // nil: with GOST 34.311 for the basis of the curve
	NamedCurve     bool                  // write the curve's identifier, and no DKE
	Rand           io.Reader             // nil: crypto/rand
	Now            time.Time             // zero: the present
}

func (o *Options) withDefaults() Options {
	var out Options
	if o != nil {
		out = *o
	}
	if out.SigningCurve == nil {
		out.SigningCurve = dstu4145.M257PB()
	}
	if out.AgreementCurve == nil {
		out.AgreementCurve = dstu4145.M431PB()
	}
	if out.Now.IsZero() {
		out.Now = time.Now()
	}
	out.Now = out.Now.UTC().Truncate(time.Second)
	return out
}

// Authority issues certificates. It is not safe for concurrent use.
type Authority struct {
	Certificate *pkix.Certificate // self-signed
	key         *dstu4145.PrivateKey
	o           Options
	serial      int64
}

// New makes an authority of the given name.
func New(name string, o *Options) (*Authority, error) {
	a := &Authority{o: o.withDefaults()}
	key, err := a.o.SigningCurve.GenerateKey(a.o.Rand)
	if err != nil {
		return nil, fmt.Errorf("testca: %w", err)
	}
	a.key = key
	tmpl := a.template(pkix.NewName(
		pkix.Attribute{Type: oidOrganization, Value: name},
		pkix.Attribute{Type: oidCommonName, Value: name},
		pkix.Attribute{Type: oidSerialNumber, Value: "UA-00000000-1"},
		pkix.Attribute{Type: oidCountry, Value: "UA"},
		pkix.Attribute{Type: oidLocality, Value: "Київ"},
	))
	tmpl.KeyUsage = pkix.KeyUsageKeyCertSign | pkix.KeyUsageCRLSign
	tmpl.IsCA = true
	if a.Certificate, err = a.sign(tmpl, tmpl, key); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Authority) template(subject pkix.Name) *pkix.Certificate {
	a.serial++
	tmpl := &pkix.Certificate{
		// Serial numbers of the field are twenty octets long.
		SerialNumber:          new(big.Int).Add(new(big.Int).Lsh(big.NewInt(0x5f), 152), big.NewInt(a.serial)),
		Subject:               subject,
		NotBefore:             a.o.Now.Add(-time.Hour),
		NotAfter:              a.o.Now.Add(2 * 365 * 24 * time.Hour),
		SignatureOID:          a.o.Signature,
		BasicConstraintsValid: true,
		HasKeyUsage:           true,
		MaxPathLen:            -1,
		NamedCurve:            a.o.NamedCurve,
	}
	if !a.o.NamedCurve {
		tmpl.SBox = gost28147.DKE1()
	}
	return tmpl
}

func (a *Authority) sign(tmpl, parent *pkix.Certificate, key *dstu4145.PrivateKey) (*pkix.Certificate, error) {
	der, err := pkix.CreateCertificate(a.o.Rand, tmpl, parent, key.PublicKey(), a.key)
	if err != nil {
		return nil, fmt.Errorf("testca: %w", err)
	}
	return pkix.ParseCertificate(der)
}

// Subject describes a holder of certificates. Empty fields are left out.
type Subject struct {
	CommonName   string
	Organization string
	Title        string
	EDRPOU       string // code of the organisation, 8 digits
	DRFO         string // tax number of a person, 10 digits
	Seal         bool   // an electronic seal (печатка): the extended key usage says so
}

// KeyPair is a private key with its certificate.
type KeyPair struct {
	Key         *dstu4145.PrivateKey
	Certificate *pkix.Certificate
	use         keystore.Use
}

// Identity is what a user of the Ukrainian infrastructure holds: one key for signatures and
// one for key agreement, each with a certificate.
type Identity struct {
	Subject   Subject
	Signing   KeyPair
	Agreement KeyPair
}

// Issue makes the keys and certificates of a subject.
func (a *Authority) Issue(s Subject) (*Identity, error) {
	id := &Identity{Subject: s}
	var err error
	if id.Signing, err = a.issue(s, a.o.SigningCurve, keystore.UseSign); err != nil {
		return nil, err
	}
	if id.Agreement, err = a.issue(s, a.o.AgreementCurve, keystore.UseAgree); err != nil {
		return nil, err
	}
	return id, nil
}

func (a *Authority) issue(s Subject, curve *dstu4145.Curve, use keystore.Use) (KeyPair, error) {
	key, err := curve.GenerateKey(a.o.Rand)
	if err != nil {
		return KeyPair{}, fmt.Errorf("testca: %w", err)
	}
	var name, codes []pkix.Attribute
	add := func(to *[]pkix.Attribute, oid asn1.ObjectIdentifier, value string) {
		if value != "" {
			*to = append(*to, pkix.Attribute{Type: oid, Value: value})
		}
	}
	add(&name, oidOrganization, s.Organization)
	add(&name, oidTitle, s.Title)
	add(&name, oidCommonName, s.CommonName)
	add(&name, oidSerialNumber, fmt.Sprint(a.serial+1))
	add(&name, oidCountry, "UA")
	add(&name, oidLocality, "Київ")
	add(&codes, oidDRFO, s.DRFO)
	add(&codes, oidEDRPOU, s.EDRPOU)

	tmpl := a.template(pkix.NewName(name...))
	tmpl.DirectoryAttributes = codes
	if use == keystore.UseAgree {
		tmpl.KeyUsage = pkix.KeyUsageKeyAgreement
	} else {
		tmpl.KeyUsage = pkix.KeyUsageDigitalSignature | pkix.KeyUsageNonRepudiation
	}
	if s.Seal {
		tmpl.ExtKeyUsage = []asn1.ObjectIdentifier{oidSeal}
	}
	cert, err := a.sign(tmpl, a.Certificate, key)
	if err != nil {
		return KeyPair{}, err
	}
	return KeyPair{Key: key, Certificate: cert, use: use}, nil
}

// Container writes both keys of the identity as a key container under the password. Formats
// that hold certificates get those of the keys.
func (id *Identity) Container(f keystore.Format, password string, o *keystore.MarshalOptions) ([]byte, error) {
	var entries []*keystore.Entry
	var certs []*pkix.Certificate
	for _, pair := range []KeyPair{id.Signing, id.Agreement} {
		entries = append(entries, &keystore.Entry{
			Key:        pair.Key,
			Use:        pair.use,
			NamedCurve: pair.Certificate.NamedCurve,
			SBox:       pair.Certificate.SBox,
			Chain:      []*pkix.Certificate{pair.Certificate},
		})
		if f == keystore.FormatPKCS12 {
			certs = append(certs, pair.Certificate)
		}
	}
	return keystore.Marshal(f, entries, certs, password, o)
}
