//go:build interop

package interop_test

import (
	"crypto/hmac"
	"fmt"
	"hash"
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

func bouncyCases() []differentialCase {
	cases := []differentialCase{
		{"gost34311", 3000, func(s *stream) []byte {
			sum := gost34311.Sum(s.draw(1 + s.below(200)))
			return sum[:]
		}},
		{"gost34311-sbox", 2000, func(s *stream) []byte {
			h := gost34311.NewSBox(s.sbox())
			h.Write(s.draw(1 + s.below(100)))
			return h.Sum(nil)
		}},
		{"ecb", 2000, func(s *stream) []byte {
			b := must(gost28147.NewCipher(s.draw(32), s.sbox()))
			return gostECB(b, s.draw(8*(1+s.below(10))))
		}},
		{"ecbdec", 2000, func(s *stream) []byte {
			b := must(gost28147.NewCipher(s.draw(32), s.sbox()))
			data := s.draw(8 * (1 + s.below(10)))
			out := make([]byte, len(data))
			for i := 0; i < len(data); i += 8 {
				b.Decrypt(out[i:], data[i:])
			}
			return out
		}},
		{"cfb", 2000, func(s *stream) []byte {
			b := must(gost28147.NewCipher(s.draw(32), s.sbox()))
			e := must(gost28147.NewCFBEncrypter(b, s.draw(8)))
			return xored(e, s.draw(1+s.below(100)))
		}},
		{"cfbdec", 2000, func(s *stream) []byte {
			b := must(gost28147.NewCipher(s.draw(32), s.sbox()))
			d := must(gost28147.NewCFBDecrypter(b, s.draw(8)))
			return xored(d, s.draw(1+s.below(100)))
		}},
		{"ctr", 2000, func(s *stream) []byte {
			b := must(gost28147.NewCipher(s.draw(32), s.sbox()))
			c := must(gost28147.NewCTR(b, s.draw(8)))
			return xored(c, s.draw(1+s.below(100)))
		}},
		{"mac", 2000, func(s *stream) []byte {
			h := must(gost28147.NewMAC(s.draw(32), s.sbox()))
			return gostMAC(h, s.draw(1+s.below(100)))
		}},
		{"hmac", 2000, func(s *stream) []byte {
			h := hmac.New(gost34311.New, s.draw(1+s.below(100)))
			h.Write(s.draw(s.below(100)))
			return h.Sum(nil)
		}},
		{"pbkdf2", 1000, func(s *stream) []byte {
			password, salt := s.draw(1+s.below(80)), s.draw(1+s.below(40))
			return gostPBKDF2(password, salt, 1+s.below(5))
		}},
		{"wrap", 1000, func(s *stream) []byte {
			kek, cek := s.draw(32), s.draw(32)
			return must(gost28147.Wrap(s, kek, cek, nil))
		}},
	}
	macs := map[int]func([]byte) (hash.Hash, error){
		256: kupyna.NewMAC256, 384: kupyna.NewMAC384, 512: kupyna.NewMAC512,
	}
	for size, newMAC := range macs {
		cases = append(cases,
			differentialCase{fmt.Sprintf("kupyna%d", size), 2000, func(s *stream) []byte {
				h := must(kupyna.New(size / 8))
				h.Write(s.draw(s.below(400)))
				return h.Sum(nil)
			}},
			differentialCase{fmt.Sprintf("kupynamac%d", size), 2000, func(s *stream) []byte {
				h := must(newMAC(s.draw(size / 8)))
				h.Write(s.draw(s.below(400)))
				return h.Sum(nil)
			}},
		)
	}
	return cases
}

func TestBouncyCastleDifferential(t *testing.T) {
	p := bouncy.need(t)
	for _, c := range bouncyCases() {
		t.Run(c.name, func(t *testing.T) { differential(t, p, c.name, c.count, c.one) })
	}
}
