package gost28147_test

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
)

func BenchmarkBlock(b *testing.B) {
	c, buf := mustCipher(b, testKey, nil), make([]byte, gost28147.BlockSize)
	b.Run("encrypt", func(b *testing.B) {
		b.SetBytes(gost28147.BlockSize)
		for b.Loop() {
			c.Encrypt(buf, buf)
		}
	})
	b.Run("decrypt", func(b *testing.B) {
		b.SetBytes(gost28147.BlockSize)
		for b.Loop() {
			c.Decrypt(buf, buf)
		}
	})
}

func BenchmarkStreams(b *testing.B) {
	own := mustCipher(b, testKey, nil)
	yardstick, err := aes.NewCipher(testKey)
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []int{32, 1024, 16384} {
		buf := make([]byte, size)
		for _, s := range []struct {
			name   string
			stream cipher.Stream
		}{
			{"ctr", mustStream(b, gost28147.NewCTR, own, testIV)},
			{"cfb-encrypt", mustStream(b, gost28147.NewCFBEncrypter, own, testIV)},
			{"cfb-decrypt", mustStream(b, gost28147.NewCFBDecrypter, own, testIV)},
			{"aes-256-ctr", cipher.NewCTR(yardstick, make([]byte, aes.BlockSize))},
		} {
			b.Run(fmt.Sprintf("%s/%d", s.name, size), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					s.stream.XORKeyStream(buf, buf)
				}
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
	b.SetBytes(int64(len(buf)))
	for b.Loop() {
		m.Write(buf)
	}
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
