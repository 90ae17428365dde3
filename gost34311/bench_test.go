package gost34311_test

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
)

func BenchmarkHash(b *testing.B) {
	for _, size := range []int{0, 32, 1024, 16384} {
		data := make([]byte, size)
		b.Run(fmt.Sprintf("gost34311/%d", size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				gost34311.Sum(data)
			}
		})
		b.Run(fmt.Sprintf("sha256/%d", size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				sha256.Sum256(data)
			}
		})
	}
}

// BenchmarkWrite is the cost of blocks without the finish: one compression each.
func BenchmarkWrite(b *testing.B) {
	h, block := gost34311.New(), make([]byte, gost34311.BlockSize)
	b.SetBytes(gost34311.BlockSize)
	for b.Loop() {
		h.Write(block)
	}
}

func BenchmarkPBKDF2(b *testing.B) {
	b.Run("gost34311", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			pbkdf2.Key(gost34311.New, "password", []byte("salt"), 10_000, 32)
		}
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
