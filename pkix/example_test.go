package pkix_test

import (
	"errors"
	"fmt"
	"log"
	"math/big"
	"time"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/pkix"
)

// An authority certifies a key; whoever has the authority's certificate in a bundle finds it and
// checks the signature. Whether the authority is to be trusted is another question.
func Example() {
	authority, err := dstu4145.M257PB().GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	name := func(cn string) pkix.Name {
		return pkix.NewName(pkix.Attribute{Type: pkix.OIDCommonName, Value: cn}, pkix.Attribute{Type: pkix.OIDCountry, Value: "UA"})
	}
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	root := &pkix.Certificate{
		SerialNumber: big.NewInt(1), Subject: name("Установа"), NotBefore: now, NotAfter: now.AddDate(5, 0, 0),
		KeyUsage: pkix.KeyUsageKeyCertSign, BasicConstraintsValid: true, IsCA: true,
	}
	rootDER, err := pkix.CreateCertificate(nil, root, nil, nil, authority)
	if err != nil {
		log.Fatal(err)
	}
	bundle, err := pkix.ParseBundle(rootDER) // one certificate, many, PEM, .p7b …
	if err != nil {
		log.Fatal(err)
	}
	pool := pkix.NewPool(bundle.Certificates...)

	holder, err := dstu4145.M431PB().GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	der, err := pkix.CreateCertificate(nil, &pkix.Certificate{
		SerialNumber: big.NewInt(2), Subject: name("Особа"), NotBefore: now, NotAfter: now.AddDate(2, 0, 0),
		KeyUsage: pkix.KeyUsageKeyAgreement, NamedCurve: true,
	}, bundle.Certificates[0], holder.PublicKey(), authority)
	if err != nil {
		log.Fatal(err)
	}
	c, err := pkix.ParseCertificate(der)
	if err != nil {
		log.Fatal(err)
	}
	issuer, err := pool.FindIssuer(c)
	if errors.Is(err, pkix.ErrIssuerNotFound) {
		log.Fatal("bring the authority's certificate")
	}
	fmt.Println(c.Subject, "<-", issuer.Subject)
	fmt.Println(c.KeyUsage, c.Curve.Name(), err)
	// Output:
	// CN=Особа, C=UA <- CN=Установа, C=UA
	// keyAgreement M431_PB <nil>
}
