package gost34311_test

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// tiers runs a benchmark with every implementation.
func tiers(b *testing.B, f func(*testing.B)) {
	for _, name := range impl.Names("gost34311") {
		b.Run(name, func(b *testing.B) {
			defer impl.TestingOnlySelect(name)()
			f(b)
		})
	}
}

func BenchmarkHash(b *testing.B) {
	for _, size := range []int{0, 32, 64, 1024, 16384, 1 << 20} {
		data := make([]byte, size)
		b.Run(fmt.Sprintf("gost34311/%d", size), func(b *testing.B) {
			tiers(b, func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					gost34311.Sum(data)
				}
			})
		})
		b.Run(fmt.Sprintf("sha256/%d", size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				sha256.Sum256(data)
			}
		})
	}
}

// BenchmarkMany hashes messages of 64 bytes one after the other and side by side.
func BenchmarkMany(b *testing.B) {
	messages := make([][]byte, 64)
	for i := range messages {
		messages[i] = make([]byte, 64)
	}
	b.Run("single", func(b *testing.B) {
		tiers(b, func(b *testing.B) {
			b.SetBytes(64 * 64)
			for b.Loop() {
				for _, m := range messages {
					gost34311.Sum(m)
				}
			}
		})
	})
	b.Run("many", func(b *testing.B) {
		tiers(b, func(b *testing.B) {
			b.SetBytes(64 * 64)
			for b.Loop() {
				gost34311.SumMany(messages, nil)
			}
		})
	})
}

func BenchmarkPBKDF2(b *testing.B) {
	b.Run("gost34311", func(b *testing.B) {
		tiers(b, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pbkdf2.Key(gost34311.New, "password", []byte("salt"), 10_000, 32)
			}
		})
	})
	b.Run("sha256", func(b *testing.B) {
		for b.Loop() {
			pbkdf2.Key(sha256.New, "password", []byte("salt"), 10_000, 32)
		}
	})
}

func BenchmarkNewSBox(b *testing.B) {
	s, err := gost28147.DKE(2)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		gost34311.NewSBox(s)
	}
}
