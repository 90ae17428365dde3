package pkix_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/pkix"
)

func BenchmarkParseCertificate(b *testing.B) {
	c, _ := sample(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pkix.ParseCertificate(c.Raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckSignatureFrom(b *testing.B) {
	for _, curve := range []*dstu4145.Curve{dstu4145.M257PB(), dstu4145.M431PB()} {
		b.Run(curve.Name(), func(b *testing.B) {
			c := newCA(b, "Установа", newKey(b, curve, 1))
			b.ReportAllocs()
			for b.Loop() {
				if err := c.CheckSignatureFrom(c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("x509-p256", func(b *testing.B) { // the yardstick
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: begin, NotAfter: end, IsCA: true, BasicConstraintsValid: true}
		raw, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
		if err != nil {
			b.Fatal(err)
		}
		c, err := x509.ParseCertificate(raw)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := c.CheckSignatureFrom(c); err != nil {
				b.Fatal(err)
			}
		}
	})
}
