package kalyna_test

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/kalyna"
)

var benchSizes = []int{256, 16 << 10, 64 << 10, 1 << 20}

// benchmark runs one operation for every variant, implementation and size.
func benchmark(b *testing.B, newOperation func(c cipher.Block, size int) func()) {
	for i, v := range variants {
		for _, tier := range impl.Names("kalyna") {
			for _, size := range benchSizes {
				b.Run(fmt.Sprintf("%d-%d/%s/%d", 8*v.block, 8*v.key, tier, size), func(b *testing.B) {
					defer impl.TestingOnlySelect(tier)()
					in := newInput(i, nil, nil, nil, nil, 0)
					f := newOperation(in.cipher(), size)
					b.SetBytes(int64(size))
					for b.Loop() {
						f()
					}
				})
			}
		}
	}
}

// yardstick runs AES with a key of 128 bits of the standard library.
func yardstick(b *testing.B, newOperation func(c cipher.Block, size int) func()) {
	for _, size := range benchSizes {
		b.Run(fmt.Sprintf("aes-128/std/%d", size), func(b *testing.B) {
			f := newOperation(must(aes.NewCipher(make([]byte, 16))), size)
			b.SetBytes(int64(size))
			for b.Loop() {
				f()
			}
		})
	}
}

func benchBlocks(newMode func(c cipher.Block) cipher.BlockMode) func(c cipher.Block, size int) func() {
	return func(c cipher.Block, size int) func() {
		m, buf := newMode(c), make([]byte, size)
		return func() { m.CryptBlocks(buf, buf) }
	}
}

func BenchmarkECB(b *testing.B) {
	benchmark(b, benchBlocks(func(c cipher.Block) cipher.BlockMode { return must(kalyna.NewECBEncrypter(c)) }))
}

func BenchmarkECBDecrypt(b *testing.B) {
	benchmark(b, benchBlocks(func(c cipher.Block) cipher.BlockMode { return must(kalyna.NewECBDecrypter(c)) }))
}

func BenchmarkCBCEncrypt(b *testing.B) {
	benchmark(b, benchBlocks(func(c cipher.Block) cipher.BlockMode {
		return must(kalyna.NewCBCEncrypter(c, make([]byte, c.BlockSize())))
	}))
	yardstick(b, benchBlocks(func(c cipher.Block) cipher.BlockMode { return cipher.NewCBCEncrypter(c, make([]byte, 16)) }))
}

func BenchmarkCBCDecrypt(b *testing.B) {
	benchmark(b, benchBlocks(func(c cipher.Block) cipher.BlockMode {
		return must(kalyna.NewCBCDecrypter(c, make([]byte, c.BlockSize())))
	}))
	yardstick(b, benchBlocks(func(c cipher.Block) cipher.BlockMode { return cipher.NewCBCDecrypter(c, make([]byte, 16)) }))
}

func BenchmarkCTR(b *testing.B) {
	stream := func(newStream func(c cipher.Block) cipher.Stream) func(c cipher.Block, size int) func() {
		return func(c cipher.Block, size int) func() {
			s, buf := newStream(c), make([]byte, size)
			return func() { s.XORKeyStream(buf, buf) }
		}
	}
	benchmark(b, stream(func(c cipher.Block) cipher.Stream { return must(kalyna.NewCTR(c, make([]byte, c.BlockSize()))) }))
	yardstick(b, stream(func(c cipher.Block) cipher.Stream { return cipher.NewCTR(c, make([]byte, 16)) }))
}

func BenchmarkGCM(b *testing.B) {
	aead := func(newAEAD func(c cipher.Block) cipher.AEAD) func(c cipher.Block, size int) func() {
		return func(c cipher.Block, size int) func() {
			a := newAEAD(c)
			buf, nonce := make([]byte, size, size+a.Overhead()), make([]byte, a.NonceSize())
			return func() { a.Seal(buf[:0], nonce, buf, nil) }
		}
	}
	benchmark(b, aead(func(c cipher.Block) cipher.AEAD { return must(kalyna.NewGCM(c, c.BlockSize())) }))
	yardstick(b, aead(func(c cipher.Block) cipher.AEAD { return must(cipher.NewGCM(c)) }))
}

func BenchmarkXTS(b *testing.B) {
	benchmark(b, func(c cipher.Block, size int) func() {
		x, buf, iv := must(kalyna.NewXTS(c)), make([]byte, size), make([]byte, c.BlockSize())
		return func() { must(0, x.Encrypt(buf, buf, iv)) }
	})
}

func BenchmarkKeySchedule(b *testing.B) {
	for i, v := range variants {
		for _, tier := range impl.Names("kalyna") {
			b.Run(fmt.Sprintf("%d-%d/%s", 8*v.block, 8*v.key, tier), func(b *testing.B) {
				defer impl.TestingOnlySelect(tier)()
				in := newInput(i, nil, nil, nil, nil, 0)
				for b.Loop() {
					in.cipher()
				}
			})
		}
	}
}

func BenchmarkWrap(b *testing.B) {
	key := make([]byte, 32)
	wrapped := must(kalyna.Wrap(nil, key, key))
	for _, tier := range impl.Names("kalyna") {
		b.Run("wrap/"+tier, func(b *testing.B) {
			defer impl.TestingOnlySelect(tier)()
			for b.Loop() {
				must(kalyna.Wrap(nil, key, key))
			}
		})
		b.Run("unwrap/"+tier, func(b *testing.B) {
			defer impl.TestingOnlySelect(tier)()
			for b.Loop() {
				must(kalyna.Unwrap(key, wrapped))
			}
		})
	}
}
