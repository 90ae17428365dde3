package speed

import (
	"crypto/cipher"
	"crypto/pbkdf2"
	cryptorand "crypto/rand"
	"errors"
	"fmt"
	"hash"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/kalyna"
	"github.com/ukrcrypto/dstu/kupyna"
)

// bulk is how many bytes a mode of a cipher takes at once.
const bulk = 64 << 10

var errWrong = errors.New("wrong result")

// primitives lists everything in the order of the table.
func primitives() []primitive {
	var out []primitive
	for _, c := range []*dstu4145.Curve{dstu4145.M257PB(), dstu4145.M163PB(), dstu4145.M307PB(), dstu4145.M431PB()} {
		out = append(out, curve(c)...)
	}
	for _, v := range []struct {
		block, key int
		cipher     func(key []byte) (cipher.Block, error)
	}{{128, 128, kalyna.New128}, {128, 256, kalyna.New128}, {256, 256, kalyna.New256}, {256, 512, kalyna.New256}, {512, 512, kalyna.New512}} {
		name := fmt.Sprintf("kalyna/%d-%d/", v.block, v.key)
		out = append(out, kalynaModes(name, func() (cipher.Block, error) { return v.cipher(make([]byte, v.key/8)) })...)
	}
	out = append(out, gost()...)
	out = append(out, hashes()...)
	return append(out, formats()...)
}

func curve(c *dstu4145.Curve) []primitive {
	digest := make([]byte, 32)
	with := func(what, yardstick string, f func(k *dstu4145.PrivateKey) (func() error, error)) primitive {
		return primitive{fmt.Sprintf("dstu4145/m%d/%s", c.FieldBits(), what), []string{"internal/ec2m", "internal/gf2m"}, yardstick, func() (operation, error) {
			k, err := c.GenerateKey(nil)
			if err != nil {
				return operation{}, err
			}
			run, err := f(k)
			return operation{0, run}, err
		}}
	}
	return []primitive{
		with("sign", "ecdsa-p256/sign", func(k *dstu4145.PrivateKey) (func() error, error) {
			return func() error {
				_, err := k.Sign(cryptorand.Reader, digest, nil)
				return err
			}, nil
		}),
		with("verify", "ecdsa-p256/verify", func(k *dstu4145.PrivateKey) (func() error, error) {
			sig, err := k.Sign(nil, digest, nil)
			return func() error { return right(dstu4145.Verify(k.PublicKey(), digest, sig)) }, err
		}),
		with("verify-prepared", "ecdsa-p256/verify", func(k *dstu4145.PrivateKey) (func() error, error) {
			sig, err := k.Sign(nil, digest, nil)
			pub := k.PublicKey()
			pub.Prepare()
			return func() error { return right(dstu4145.Verify(pub, digest, sig)) }, err
		}),
		with("ecdh", "ecdh-p256", func(k *dstu4145.PrivateKey) (func() error, error) {
			peer, err := c.GenerateKey(nil)
			return func() error {
				_, err := k.ECDH(peer.PublicKey())
				return err
			}, err
		}),
		with("keygen", "ecdsa-p256/keygen", func(*dstu4145.PrivateKey) (func() error, error) {
			return func() error {
				_, err := c.GenerateKey(nil)
				return err
			}, nil
		}),
	}
}

func right(ok bool) error {
	if !ok {
		return errWrong
	}
	return nil
}

// mode is a primitive that works on bulk bytes in place.
func mode(name, pkg, yardstick string, newCipher func() (cipher.Block, error), f func(b cipher.Block, iv, data []byte) (func() error, error)) primitive {
	return primitive{name, []string{pkg}, yardstick, func() (operation, error) {
		b, err := newCipher()
		if err != nil {
			return operation{}, err
		}
		run, err := f(b, make([]byte, b.BlockSize()), make([]byte, bulk))
		return operation{bulk, run}, err
	}}
}

func stream(f func(b cipher.Block, iv []byte) (cipher.Stream, error)) func(b cipher.Block, iv, data []byte) (func() error, error) {
	return func(b cipher.Block, iv, data []byte) (func() error, error) {
		s, err := f(b, iv)
		return func() error {
			s.XORKeyStream(data, data)
			return nil
		}, err
	}
}

func blocks(f func(b cipher.Block, iv []byte) (cipher.BlockMode, error)) func(b cipher.Block, iv, data []byte) (func() error, error) {
	return func(b cipher.Block, iv, data []byte) (func() error, error) {
		m, err := f(b, iv)
		return func() error {
			m.CryptBlocks(data, data)
			return nil
		}, err
	}
}

func kalynaModes(name string, newCipher func() (cipher.Block, error)) []primitive {
	const pkg = "kalyna"
	return []primitive{
		mode(name+"ecb", pkg, "aes128-ctr", newCipher, blocks(func(b cipher.Block, _ []byte) (cipher.BlockMode, error) {
			return kalyna.NewECBEncrypter(b)
		})),
		mode(name+"ctr", pkg, "aes128-ctr", newCipher, stream(kalyna.NewCTR)),
		mode(name+"gcm", pkg, "aes128-gcm", newCipher, func(b cipher.Block, iv, data []byte) (func() error, error) {
			out := make([]byte, 0, len(data)+16)
			a, err := kalyna.NewGCM(b, 16)
			return func() error {
				a.Seal(out, iv, data, nil)
				return nil
			}, err
		}),
		mode(name+"xts", pkg, "aes128-ctr", newCipher, func(b cipher.Block, iv, data []byte) (func() error, error) {
			x, err := kalyna.NewXTS(b)
			return func() error { return x.Encrypt(data, data, iv) }, err
		}),
		mode(name+"cbc-enc", pkg, "aes128-ctr", newCipher, blocks(kalyna.NewCBCEncrypter)),
		mode(name+"cbc-dec", pkg, "aes128-ctr", newCipher, blocks(kalyna.NewCBCDecrypter)),
	}
}

func gost() []primitive {
	const name, pkg = "gost28147/", "internal/gost89"
	key := make([]byte, gost28147.KeySize)
	newCipher := func() (cipher.Block, error) { return gost28147.NewCipher(key, nil) }
	return []primitive{
		mode(name+"ecb", pkg, "aes128-ctr", newCipher, blocks(func(b cipher.Block, _ []byte) (cipher.BlockMode, error) {
			return gost28147.NewECBEncrypter(b)
		})),
		mode(name+"ctr", pkg, "aes128-ctr", newCipher, stream(gost28147.NewCTR)),
		mode(name+"cfb-enc", pkg, "aes128-ctr", newCipher, stream(gost28147.NewCFBEncrypter)),
		mode(name+"cfb-dec", pkg, "aes128-ctr", newCipher, stream(gost28147.NewCFBDecrypter)),
		digest(name+"mac", pkg, "aes128-ctr", bulk, func() (hash.Hash, error) { return gost28147.NewMAC(key, nil) }),
	}
}

// digest is a primitive that hashes size bytes.
func digest(name, pkg, yardstick string, size int, newHash func() (hash.Hash, error)) primitive {
	return primitive{name, []string{pkg}, yardstick, func() (operation, error) {
		h, err := newHash()
		data, sum := make([]byte, size), make([]byte, 0, 64)
		return operation{size, func() error {
			h.Reset()
			h.Write(data)
			h.Sum(sum)
			return nil
		}}, err
	}}
}

func hashes() []primitive {
	const long, short = 1 << 20, shortMessage
	infallible := func(f func() hash.Hash) func() (hash.Hash, error) {
		return func() (hash.Hash, error) { return f(), nil }
	}
	salt := make([]byte, 32)
	kupynaMAC := func() (hash.Hash, error) { return kupyna.NewMAC256(make([]byte, kupyna.Size256)) }
	return []primitive{
		digest("gost34311/1MiB", "gost34311", "sha256", long, infallible(gost34311.New)),
		digest("gost34311/64B", "gost34311", "sha256", short, infallible(gost34311.New)),
		digest("kupyna256/1MiB", "kupyna", "sha256", long, infallible(kupyna.New256)),
		digest("kupyna256/64B", "kupyna", "sha256", short, infallible(kupyna.New256)),
		digest("kupyna512/1MiB", "kupyna", "sha256", long, infallible(kupyna.New512)),
		digest("kupyna512/64B", "kupyna", "sha256", short, infallible(kupyna.New512)),
		digest("kupyna-mac256/64B", "kupyna", "sha256", short, kupynaMAC),
		side("gost34311/many64B", "gost34311", func(messages [][]byte) { gost34311.SumMany(messages, nil) }),
		side("kupyna256/many64B", "kupyna", func(messages [][]byte) { kupyna.SumMany256(messages) }),
		side("kupyna512/many64B", "kupyna", func(messages [][]byte) { kupyna.SumMany512(messages) }),
		{"pbkdf2-gost34311/10000", []string{"gost34311"}, "pbkdf2-sha256/10000", func() (operation, error) {
			return operation{0, func() error {
				_, err := pbkdf2.Key(gost34311.New, "password", salt, iterations, 32)
				return err
			}}, nil
		}},
	}
}

const iterations = 10_000

// side is a primitive that hashes messages of shortMessage bytes side by side.
func side(name, pkg string, sum func(messages [][]byte)) primitive {
	return primitive{name, []string{pkg}, "sha256-64B", func() (operation, error) {
		messages := make([][]byte, 64)
		for i := range messages {
			messages[i] = make([]byte, shortMessage)
		}
		return operation{len(messages) * shortMessage, func() error {
			sum(messages)
			return nil
		}}, nil
	}}
}

// shortMessage is the length of a short message in bytes.
const shortMessage = 64
