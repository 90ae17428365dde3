package gost28147

import (
	"crypto/cipher"

	"github.com/ukrcrypto/dstu/internal/alias"
	"github.com/ukrcrypto/dstu/internal/gost89"
)

type ecbEncrypter struct{ c *gost89.Cipher }

type ecbDecrypter struct{ c *gost89.Cipher }

// NewECBEncrypter returns the mode that encrypts each block by itself (проста заміна, GOST 28147-89
// section 2) over a cipher of [NewCipher]; another is an error. It is a building block: equal
// blocks give equal blocks, and nothing is authenticated. Do not protect messages with it.
//
// It is safe for concurrent use.
func NewECBEncrypter(b cipher.Block) (cipher.BlockMode, error) {
	c, err := own(b)
	if err != nil {
		return nil, err
	}
	return ecbEncrypter{c}, nil
}

// NewECBDecrypter returns the inverse of [NewECBEncrypter].
func NewECBDecrypter(b cipher.Block) (cipher.BlockMode, error) {
	c, err := own(b)
	if err != nil {
		return nil, err
	}
	return ecbDecrypter{c}, nil
}

func (ecbEncrypter) BlockSize() int { return BlockSize }
func (ecbDecrypter) BlockSize() int { return BlockSize }

func (e ecbEncrypter) CryptBlocks(dst, src []byte) { e.c.Encrypt(checkBlocks(dst, src), src) }
func (d ecbDecrypter) CryptBlocks(dst, src []byte) { d.c.Decrypt(checkBlocks(dst, src), src) }

// checkBlocks does what the documentation of [cipher.BlockMode] promises before any byte is
// written, and returns the first len(src) bytes of dst.
func checkBlocks(dst, src []byte) []byte {
	if len(src)%BlockSize != 0 {
		panic("gost28147: input not full blocks")
	}
	if len(dst) < len(src) {
		panic("gost28147: output smaller than input")
	}
	if alias.InexactOverlap(dst[:len(src)], src) {
		panic("gost28147: invalid buffer overlap")
	}
	return dst[:len(src)]
}
