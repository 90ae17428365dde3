package speed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/pbkdf2"
	cryptorand "crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"time"
)

// yardsticks make operations of the standard library, for messages of size bytes.
var yardsticks = map[string]func(size int) (operation, error){
	"ecdsa-p256/sign": func(int) (operation, error) {
		digest := make([]byte, 32)
		k, err := p256()
		return operation{0, func() error {
			_, err := ecdsa.SignASN1(cryptorand.Reader, k, digest)
			return err
		}}, err
	},
	"ecdsa-p256/verify": func(int) (operation, error) {
		digest := make([]byte, 32)
		k, err := p256()
		if err != nil {
			return operation{}, err
		}
		sig, err := ecdsa.SignASN1(cryptorand.Reader, k, digest)
		return operation{0, func() error { return right(ecdsa.VerifyASN1(&k.PublicKey, digest, sig)) }}, err
	},
	"ecdsa-p256/keygen": func(int) (operation, error) {
		return operation{0, func() error {
			_, err := p256()
			return err
		}}, nil
	},
	"ecdh-p256": func(int) (operation, error) {
		k, err := ecdh.P256().GenerateKey(cryptorand.Reader)
		if err != nil {
			return operation{}, err
		}
		peer, err := ecdh.P256().GenerateKey(cryptorand.Reader)
		return operation{0, func() error {
			_, err := k.ECDH(peer.PublicKey())
			return err
		}}, err
	},
	"aes128-ctr": func(size int) (operation, error) {
		b, err := aes.NewCipher(make([]byte, 16))
		if err != nil {
			return operation{}, err
		}
		data := make([]byte, size)
		s := cipher.NewCTR(b, make([]byte, aes.BlockSize))
		return operation{size, func() error {
			s.XORKeyStream(data, data)
			return nil
		}}, nil
	},
	"aes128-gcm": func(size int) (operation, error) {
		b, err := aes.NewCipher(make([]byte, 16))
		if err != nil {
			return operation{}, err
		}
		a, err := cipher.NewGCM(b)
		if err != nil {
			return operation{}, err
		}
		data, out, nonce := make([]byte, size), make([]byte, 0, size+16), make([]byte, a.NonceSize())
		return operation{size, func() error {
			a.Seal(out, nonce, data, nil)
			return nil
		}}, nil
	},
	"sha256": func(size int) (operation, error) {
		data := make([]byte, size)
		return operation{size, func() error {
			sha256.Sum256(data)
			return nil
		}}, nil
	},
	"sha256-64B": func(size int) (operation, error) {
		data := make([]byte, shortMessage)
		return operation{size, func() error {
			for range size / shortMessage {
				sha256.Sum256(data)
			}
			return nil
		}}, nil
	},
	"pbkdf2-sha256/10000": func(int) (operation, error) {
		salt := make([]byte, 32)
		return operation{0, func() error {
			_, err := pbkdf2.Key(sha256.New, "password", salt, iterations, 32)
			return err
		}}, nil
	},
	"x509-p256/verify": func(int) (operation, error) {
		k, err := p256()
		if err != nil {
			return operation{}, err
		}
		der, err := x509.CreateCertificate(cryptorand.Reader, authority, authority, k.Public(), k)
		if err != nil {
			return operation{}, err
		}
		c, err := x509.ParseCertificate(der)
		return operation{0, func() error { return c.CheckSignatureFrom(c) }}, err
	},
}

func p256() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
}

var authority = &x509.Certificate{
	SerialNumber:          big.NewInt(1),
	NotAfter:              time.Now().AddDate(1, 0, 0),
	IsCA:                  true,
	BasicConstraintsValid: true,
	KeyUsage:              x509.KeyUsageCertSign,
}
