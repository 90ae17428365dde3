package gost28147_test

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// tiers runs a benchmark with every implementation.
func tiers(b *testing.B, f func(*testing.B)) {
	for _, name := range impl.Names("internal/gost89") {
		b.Run(name, func(b *testing.B) {
			defer impl.TestingOnlySelect(name)()
			f(b)
		})
	}
}

func BenchmarkBlock(b *testing.B) {
	c, buf := mustCipher(b, testKey, nil), make([]byte, gost28147.BlockSize)
	tiers(b, func(b *testing.B) {
		b.SetBytes(gost28147.BlockSize)
		for b.Loop() {
			c.Encrypt(buf, buf)
		}
	})
}

func BenchmarkECB(b *testing.B) {
	m, err := gost28147.NewECBDecrypter(mustCipher(b, testKey, nil))
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 65536)
	tiers(b, func(b *testing.B) {
		b.SetBytes(int64(len(buf)))
		for b.Loop() {
			m.CryptBlocks(buf, buf)
		}
	})
}

func BenchmarkStreams(b *testing.B) {
	own := mustCipher(b, testKey, nil)
	yardstick, err := aes.NewCipher(testKey[:16])
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []int{32, 1024, 65536} {
		buf := make([]byte, size)
		run := func(s cipher.Stream) func(*testing.B) {
			return func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					s.XORKeyStream(buf, buf)
				}
			}
		}
		b.Run(fmt.Sprintf("aes-128-ctr/%d", size), run(cipher.NewCTR(yardstick, make([]byte, aes.BlockSize))))
		for _, s := range []struct {
			name string
			make newStream
		}{
			{"ctr", gost28147.NewCTR},
			{"cfb-encrypt", gost28147.NewCFBEncrypter},
			{"cfb-decrypt", gost28147.NewCFBDecrypter},
		} {
			b.Run(fmt.Sprintf("%s/%d", s.name, size), func(b *testing.B) {
				tiers(b, run(mustStream(b, s.make, own, testIV)))
			})
		}
	}
}

func BenchmarkMAC(b *testing.B) {
	m, err := gost28147.NewMAC(testKey, nil)
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 16384)
	tiers(b, func(b *testing.B) {
		b.SetBytes(int64(len(buf)))
		for b.Loop() {
			m.Write(buf)
		}
	})
}

func BenchmarkWrap(b *testing.B) {
	w, err := gost28147.Wrap(nil, testKey, testKey, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("wrap", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			gost28147.Wrap(nil, testKey, testKey, nil)
		}
	})
	b.Run("unwrap", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			gost28147.Unwrap(testKey, w, nil)
		}
	})
}
