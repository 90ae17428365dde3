//go:build interop

package interop_test

import (
	"crypto/cipher"
	"crypto/hmac"
	"fmt"
	"hash"
	"maps"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/kupyna"
)

// sbox draws eight random permutations of 0 … 15, as the Java side does.
func (s *stream) sbox() *gost28147.SBox {
	var packed [64]byte
	for row := range 8 {
		var values [16]byte
		for i := range values {
			values[i] = byte(i)
		}
		for i := 15; i > 0; i-- {
			j := s.below(i + 1)
			values[i], values[j] = values[j], values[i]
		}
		for i := range 8 {
			packed[8*row+i] = values[2*i]<<4 | values[2*i+1]
		}
	}
	return must(gost28147.ParseDKE(packed[:]))
}

// size draws a length: one in eight is up to long, which is some groups of the widest vectors, the
// others are up to short.
func (s *stream) size(short, long int) int {
	if s.below(8) == 0 {
		return s.below(long + 1)
	}
	return s.below(short + 1)
}

// blocks draws whole blocks of GOST 28147, at least one.
func (s *stream) blocks() []byte { return s.draw(8 * (1 + s.size(20, 500))) }

func gostBlocks(mode func(cipher.Block) (cipher.BlockMode, error)) func(*stream) []byte {
	return func(s *stream) []byte {
		m := must(mode(must(gost28147.NewCipher(s.draw(32), s.sbox()))))
		data := s.blocks()
		m.CryptBlocks(data, data)
		return data
	}
}

func gostStream(mode func(cipher.Block, []byte) (cipher.Stream, error)) func(*stream) []byte {
	return func(s *stream) []byte {
		b := must(gost28147.NewCipher(s.draw(32), s.sbox()))
		return xored(must(mode(b, s.draw(8))), s.draw(1+s.size(200, 4000)))
	}
}

var bouncyGost = map[string]func(*stream) []byte{
	"gost34311": func(s *stream) []byte {
		sum := gost34311.Sum(s.draw(1 + s.size(200, 4000)))
		return sum[:]
	},
	"gost34311-sbox": func(s *stream) []byte {
		sum := gost34311.SumSBox(s.draw(1+s.size(200, 4000)), s.sbox())
		return sum[:]
	},
	"gost34311-many": func(s *stream) (all []byte) {
		messages := make([][]byte, 1+s.below(9))
		for i := range messages {
			messages[i] = s.draw(1 + s.size(100, 1000))
		}
		for _, sum := range gost34311.SumMany(messages, nil) {
			all = append(all, sum[:]...)
		}
		return all
	},
	"ecb":    gostBlocks(gost28147.NewECBEncrypter),
	"ecbdec": gostBlocks(gost28147.NewECBDecrypter),
	"cfb":    gostStream(gost28147.NewCFBEncrypter),
	"cfbdec": gostStream(gost28147.NewCFBDecrypter),
	"ctr":    gostStream(gost28147.NewCTR),
	"mac": func(s *stream) []byte {
		h := must(gost28147.NewMAC(s.draw(32), s.sbox()))
		return gostMAC(h, s.draw(1+s.size(100, 2000)))
	},
	"hmac": func(s *stream) []byte {
		h := hmac.New(gost34311.New, s.draw(1+s.below(100)))
		h.Write(s.draw(s.size(100, 2000)))
		return h.Sum(nil)
	},
	"pbkdf2": func(s *stream) []byte {
		password, salt := s.draw(1+s.below(80)), s.draw(1+s.below(40))
		return gostPBKDF2(password, salt, 1+s.below(5))
	},
	"wrap": func(s *stream) []byte {
		kek, cek := s.draw(32), s.draw(32)
		return must(gost28147.Wrap(s, kek, cek, nil))
	},
}

// bouncyKupyna adds the cases of one size.
func bouncyKupyna(cases map[string]func(*stream) []byte, size int, newMAC func([]byte) (hash.Hash, error)) {
	cases[fmt.Sprintf("kupyna%d", size)] = func(s *stream) []byte {
		h := must(kupyna.New(size / 8))
		h.Write(s.draw(s.size(400, 4000)))
		return h.Sum(nil)
	}
	cases[fmt.Sprintf("kupynamac%d", size)] = func(s *stream) []byte {
		h := must(newMAC(s.draw(size / 8)))
		h.Write(s.draw(s.size(400, 4000)))
		return h.Sum(nil)
	}
}

// kupynaMany makes a case of a function that hashes messages side by side and returns one digest.
func kupynaMany(sum func(messages [][]byte, i int) []byte) func(*stream) []byte {
	return func(s *stream) (all []byte) {
		messages := make([][]byte, 1+s.below(9))
		for i := range messages {
			messages[i] = s.draw(s.size(200, 1000))
		}
		for i := range messages {
			all = append(all, sum(messages, i)...)
		}
		return all
	}
}

func TestBouncyCastleDifferential(t *testing.T) {
	p := bouncy.need(t)
	count := 10_000
	if testing.Short() {
		count = 1000
	}
	cases := maps.Clone(bouncyGost)
	bouncyKupyna(cases, 256, kupyna.NewMAC256)
	bouncyKupyna(cases, 384, kupyna.NewMAC384)
	bouncyKupyna(cases, 512, kupyna.NewMAC512)
	cases["kupyna256-many"] = kupynaMany(func(m [][]byte, i int) []byte { return kupyna.SumMany256(m)[i][:] })
	cases["kupyna384-many"] = kupynaMany(func(m [][]byte, i int) []byte { return kupyna.SumMany384(m)[i][:] })
	cases["kupyna512-many"] = kupynaMany(func(m [][]byte, i int) []byte { return kupyna.SumMany512(m)[i][:] })
	for name, one := range cases {
		t.Run(name, func(t *testing.T) { differential(t, p, name, count, one) })
	}
}
