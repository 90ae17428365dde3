package gost28147

import (
	"crypto/cipher"
	"errors"
	"strconv"

	"github.com/ukrcrypto/dstu/internal/alias"
	"github.com/ukrcrypto/dstu/internal/gost89"
)

const (
	KeySize   = 32 // bytes of a key
	BlockSize = 8  // bytes of a block
)

// KeySizeError is the length of a key that is not [KeySize] bytes.
type KeySizeError int

func (e KeySizeError) Error() string {
	return "gost28147: invalid key size " + strconv.Itoa(int(e))
}

// block is the cipher of NewCipher.
type block struct{ c *gost89.Cipher }

// NewCipher returns the block cipher (проста заміна, GOST 28147-89 section 2) with a key of
// [KeySize] bytes, which is copied, and the substitution block s; nil is DKE No 1. A key of
// another length is a [KeySizeError]. The result is safe for concurrent use.
//
// To protect a key, use [Wrap]; see the package comment on timing.
func NewCipher(key []byte, s *SBox) (cipher.Block, error) {
	if len(key) != KeySize {
		return nil, KeySizeError(len(key))
	}
	return block{gost89.NewCipher((*[KeySize]byte)(key), s.get())}, nil
}

func (b block) BlockSize() int { return BlockSize }

func (b block) Encrypt(dst, src []byte) {
	checkBlock(dst, src)
	b.c.Encrypt(dst[:BlockSize], src[:BlockSize])
}

func (b block) Decrypt(dst, src []byte) {
	checkBlock(dst, src)
	b.c.Decrypt(dst[:BlockSize], src[:BlockSize])
}

func checkBlock(dst, src []byte) {
	if len(src) < BlockSize {
		panic("gost28147: input not full block")
	}
	if len(dst) < BlockSize {
		panic("gost28147: output not full block")
	}
	if alias.InexactOverlap(dst[:BlockSize], src[:BlockSize]) {
		panic("gost28147: invalid buffer overlap")
	}
}

// checkStream does what the documentation of [cipher.Stream] promises before any byte is written.
func checkStream(dst, src []byte) {
	if len(dst) < len(src) {
		panic("gost28147: output smaller than input")
	}
	if alias.InexactOverlap(dst[:len(src)], src) {
		panic("gost28147: invalid buffer overlap")
	}
}

// own returns what is behind a cipher of this package.
func own(b cipher.Block) (*gost89.Cipher, error) {
	if b, ok := b.(block); ok {
		return b.c, nil
	}
	return nil, errors.New("gost28147: cipher is not from NewCipher")
}

// modeArgs checks what the stream modes take.
func modeArgs(b cipher.Block, iv []byte) (*gost89.Cipher, error) {
	c, err := own(b)
	if err == nil && len(iv) != BlockSize {
		return nil, errors.New("gost28147: IV is not 8 bytes")
	}
	return c, err
}
