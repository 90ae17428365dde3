//go:build interop

package interop_test

import (
	"crypto/cipher"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/kalyna"
)

// kalynaModes are the modes of DSTU 7624 on what Bouncy Castle does as the standard says; see
// Kalyna.java.
var kalynaModes = map[string]func(s *stream, key []byte, b cipher.Block) []byte{
	"ecb":    func(s *stream, _ []byte, b cipher.Block) []byte { return crypted(kalyna.NewECBEncrypter, s, b) },
	"ecbdec": func(s *stream, _ []byte, b cipher.Block) []byte { return crypted(kalyna.NewECBDecrypter, s, b) },
	"cbc":    func(s *stream, _ []byte, b cipher.Block) []byte { return chained(kalyna.NewCBCEncrypter, s, b) },
	"cbcdec": func(s *stream, _ []byte, b cipher.Block) []byte { return chained(kalyna.NewCBCDecrypter, s, b) },
	"cfb": func(s *stream, _ []byte, b cipher.Block) []byte {
		return xored(must(kalyna.NewCFBEncrypter(b, s.draw(b.BlockSize()), b.BlockSize())), whole(s, b))
	},
	"cfbdec": func(s *stream, _ []byte, b cipher.Block) []byte {
		return xored(must(kalyna.NewCFBDecrypter(b, s.draw(b.BlockSize()), b.BlockSize())), whole(s, b))
	},
	"ctr": func(s *stream, _ []byte, b cipher.Block) []byte {
		return xored(must(kalyna.NewCTR(b, s.draw(b.BlockSize()))), s.draw(1+s.below(40*b.BlockSize())))
	},
	"ofb": func(s *stream, _ []byte, b cipher.Block) []byte {
		return xored(must(kalyna.NewOFB(b, s.draw(b.BlockSize()))), s.draw(1+s.below(40*b.BlockSize())))
	},
	"xts": func(s *stream, _ []byte, b cipher.Block) []byte {
		iv, data := s.draw(b.BlockSize()), whole(s, b)
		orPanic(must(kalyna.NewXTS(b)).Encrypt(data, data, iv))
		return data
	},
	"xtsdec": func(s *stream, _ []byte, b cipher.Block) []byte {
		iv, data := s.draw(b.BlockSize()), whole(s, b)
		orPanic(must(kalyna.NewXTS(b)).Decrypt(data, data, iv))
		return data
	},
	"cmac": func(s *stream, _ []byte, b cipher.Block) []byte { return coded(kalyna.NewCMAC, s, b) },
	"gmac": func(s *stream, _ []byte, b cipher.Block) []byte { return coded(kalyna.NewGMAC, s, b) },
	"gcm": func(s *stream, _ []byte, b cipher.Block) []byte {
		nonce, data := s.draw(b.BlockSize()), s.draw(b.BlockSize()*s.below(5))
		return must(kalyna.NewGCM(b, b.BlockSize())).Seal(nil, nonce, whole(s, b), data)
	},
	"ccm": func(s *stream, _ []byte, b cipher.Block) []byte {
		nonce := s.draw(b.BlockSize())
		nonce[0] &= 0x7f // the counter there does not carry
		b.Decrypt(nonce, nonce)
		data := s.draw(b.BlockSize() * (1 + s.below(5)))
		return must(kalyna.NewCCM(b, 4, b.BlockSize())).Seal(nil, nonce, s.draw(b.BlockSize()*(1+s.below(10))), data)
	},
	"kw": func(s *stream, key []byte, b cipher.Block) []byte {
		return must(must(kalyna.NewKW(b.BlockSize(), key)).Wrap(s.draw(b.BlockSize() * (1 + s.below(4)))))
	},
}

func whole(s *stream, b cipher.Block) []byte { return s.draw(b.BlockSize() * (1 + s.below(40))) }

func crypted(mode func(cipher.Block) (cipher.BlockMode, error), s *stream, b cipher.Block) []byte {
	data := whole(s, b)
	must(mode(b)).CryptBlocks(data, data)
	return data
}

func chained(mode func(cipher.Block, []byte) (cipher.BlockMode, error), s *stream, b cipher.Block) []byte {
	m := must(mode(b, s.draw(b.BlockSize())))
	data := whole(s, b)
	m.CryptBlocks(data, data)
	return data
}

func coded(mode func(cipher.Block, int) (*kalyna.MAC, error), s *stream, b cipher.Block) []byte {
	m := must(mode(b, b.BlockSize()))
	m.Write(s.draw(b.BlockSize() * (1 + s.below(10))))
	return must(m.Sum(nil))
}

func TestBouncyCastleKalyna(t *testing.T) {
	p := bouncy.need(t)
	count := 10_000
	if testing.Short() {
		count = 1000
	}
	for _, v := range []struct {
		block, key int
		cipher     func([]byte) (cipher.Block, error)
	}{
		{16, 16, kalyna.New128}, {16, 32, kalyna.New128},
		{32, 32, kalyna.New256}, {32, 64, kalyna.New256},
		{64, 64, kalyna.New512},
	} {
		for mode, one := range kalynaModes {
			name := fmt.Sprintf("kalyna%d-%d-%s", 8*v.block, 8*v.key, mode)
			t.Run(name, func(t *testing.T) {
				n := count
				if mode == "kw" { // the path without tables
					n /= 10
				}
				differential(t, p, name, n, func(s *stream) []byte {
					key := s.draw(v.key)
					return one(s, key, must(v.cipher(key)))
				})
			})
		}
	}
	t.Run("wrap", func(t *testing.T) {
		differential(t, p, "kalyna-wrap", count/10, func(s *stream) []byte {
			kek, cek := s.draw(32), s.draw(32)
			return must(kalyna.Wrap(s, kek, cek))
		})
	})
}

func orPanic(err error) {
	if err != nil {
		panic(err)
	}
}
