package dstu4145_test

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	cryptorand "crypto/rand"
	"strings"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// benchmark runs f for every curve and tier. P-256 of the standard library, of the size of m257,
// is the yardstick beside it.
func benchmark(b *testing.B, f func(b *testing.B, c *dstu4145.Curve)) {
	for _, c := range dstu4145.Curves() {
		for _, tier := range impl.Tiers() {
			b.Run(strings.TrimSuffix(strings.ToLower(c.Name()), "_pb")+"/"+tier, func(b *testing.B) {
				defer impl.TestingOnlySelect(tier)()
				testKey(b, c, 1) // makes the tables
				b.ReportAllocs()
				f(b, c)
			})
		}
	}
}

func must(t testing.TB, err error) {
	if err != nil {
		t.Helper() // takes time
		t.Fatal(err)
	}
}

func BenchmarkSign(b *testing.B) {
	digest := make([]byte, 32)
	benchmark(b, func(b *testing.B, c *dstu4145.Curve) {
		k := testKey(b, c, 1)
		for b.Loop() {
			_, err := k.Sign(cryptorand.Reader, digest, nil)
			must(b, err)
		}
	})
	b.Run("p256/std", func(b *testing.B) {
		k, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
		must(b, err)
		b.ReportAllocs()
		for b.Loop() {
			_, err := ecdsa.SignASN1(cryptorand.Reader, k, digest)
			must(b, err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	digest := make([]byte, 32)
	benchmark(b, func(b *testing.B, c *dstu4145.Curve) {
		k := testKey(b, c, 1)
		sig, err := k.Sign(nil, digest, nil)
		must(b, err)
		for b.Loop() {
			if !dstu4145.Verify(k.PublicKey(), digest, sig) {
				b.Fatal("does not verify")
			}
		}
	})
	benchVerifyP256(b, digest)
}

func benchVerifyP256(b *testing.B, digest []byte) {
	b.Run("p256/std", func(b *testing.B) {
		k, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
		must(b, err)
		sig, err := ecdsa.SignASN1(cryptorand.Reader, k, digest)
		must(b, err)
		b.ReportAllocs()
		for b.Loop() {
			if !ecdsa.VerifyASN1(&k.PublicKey, digest, sig) {
				b.Fatal("does not verify")
			}
		}
	})
}

func BenchmarkVerifyPrepared(b *testing.B) {
	digest := make([]byte, 32)
	benchmark(b, func(b *testing.B, c *dstu4145.Curve) {
		k := testKey(b, c, 1)
		sig, err := k.Sign(nil, digest, nil)
		must(b, err)
		pub := prepared(b, k.PublicKey())
		for b.Loop() {
			if !dstu4145.Verify(pub, digest, sig) {
				b.Fatal("does not verify")
			}
		}
	})
	benchVerifyP256(b, digest)
}

func BenchmarkPrepare(b *testing.B) {
	benchmark(b, func(b *testing.B, c *dstu4145.Curve) {
		x, y := testKey(b, c, 1).PublicKey().BytesAffine()
		for b.Loop() {
			pub, err := c.NewPublicKeyAffine(x, y)
			must(b, err)
			pub.Prepare()
		}
	})
}

func BenchmarkGenerateKey(b *testing.B) {
	benchmark(b, func(b *testing.B, c *dstu4145.Curve) {
		for b.Loop() {
			_, err := c.GenerateKey(cryptorand.Reader)
			must(b, err)
		}
	})
	b.Run("p256/std", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
			must(b, err)
		}
	})
}

func BenchmarkECDH(b *testing.B) {
	benchmark(b, func(b *testing.B, c *dstu4145.Curve) {
		k, peer := testKey(b, c, 1), testKey(b, c, 2).PublicKey()
		for b.Loop() {
			_, err := k.ECDH(peer)
			must(b, err)
		}
	})
	b.Run("p256/std", func(b *testing.B) {
		k, err := ecdh.P256().GenerateKey(cryptorand.Reader)
		must(b, err)
		peer, err := ecdh.P256().GenerateKey(cryptorand.Reader)
		must(b, err)
		b.ReportAllocs()
		for b.Loop() {
			_, err := k.ECDH(peer.PublicKey())
			must(b, err)
		}
	})
}

func BenchmarkNewPublicKey(b *testing.B) {
	benchmark(b, func(b *testing.B, c *dstu4145.Curve) {
		q := testKey(b, c, 1).PublicKey().Bytes()
		for b.Loop() {
			_, err := c.NewPublicKey(q)
			must(b, err)
		}
	})
}
