//go:build interop

package interop_test

import (
	"bytes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"hash"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
)

// must returns v of a call that cannot fail in these tests.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func gostECB(b cipher.Block, data []byte) []byte {
	out := make([]byte, len(data))
	for i := 0; i < len(data); i += b.BlockSize() {
		b.Encrypt(out[i:], data[i:])
	}
	return out
}

func gostMAC(h hash.Hash, data []byte) []byte {
	h.Write(data)
	return h.Sum(nil)
}

func xored(s cipher.Stream, data []byte) []byte {
	out := make([]byte, len(data))
	s.XORKeyStream(out, data)
	return out
}

func gostPBKDF2(password, salt []byte, iterations int) []byte {
	return must(pbkdf2.Key(gost34311.New, string(password), salt, iterations, 32))
}

func TestGost89Differential(t *testing.T) {
	p := node.need(t)
	cases := []differentialCase{
		{"hash", 2000, func(s *stream) []byte {
			sum := gost34311.Sum(s.draw(1 + s.below(200)))
			return sum[:]
		}},
		{"pbkdf", 1000, func(s *stream) []byte {
			password, salt := s.draw(1+s.below(32)), s.draw(32)
			return gostPBKDF2(password, salt, 1+s.below(5))
		}},
		{"iitkdf", 1000, func(s *stream) []byte {
			sum := gost34311.Sum(s.draw(1 + s.below(40)))
			for range s.below(5) {
				sum = gost34311.Sum(sum[:])
			}
			return sum[:]
		}},
		{"wrap", 1000, func(s *stream) []byte {
			kek, cek := s.draw(32), s.draw(32)
			return must(gost28147.Wrap(s, kek, cek, nil))
		}},
		{"ecb", 2000, func(s *stream) []byte {
			b := must(gost28147.NewCipher(s.draw(32), nil))
			return gostECB(b, s.draw(8*(1+s.below(10))))
		}},
		{"cfb", 2000, func(s *stream) []byte {
			b := must(gost28147.NewCipher(s.draw(32), nil))
			e := must(gost28147.NewCFBEncrypter(b, s.draw(8)))
			return xored(e, s.draw(1+s.below(100)))
		}},
		{"mac", 2000, func(s *stream) []byte {
			h := must(gost28147.NewMAC(s.draw(32), nil))
			return gostMAC(h, s.draw(9+s.below(100)))
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { differential(t, p, c.name, c.count, c.one) })
	}
}

// A long message crosses every buffer of the hash.
func TestGost89LongHash(t *testing.T) {
	p := node.need(t)
	s := &stream{seed: seed(t)}
	data := s.draw(100_003)
	sum := gost34311.Sum(data)
	if got := p.must(t, 1, "hash", data)[0]; !bytes.Equal(got, sum[:]) {
		t.Errorf("ours %x, gost89 %x", sum, got)
	}
}
