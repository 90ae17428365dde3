// Package gost28147 implements the block cipher of DSTU GOST 28147:2009.
package gost28147

import (
	"crypto/cipher"
	"errors"
	"hash"
	"io"
)

const (
	KeySize     = 32 // bytes of a key
	BlockSize   = 8  // bytes of a block
	MACSize     = 4  // bytes of a tag of NewMAC
	WrappedSize = 44 // bytes of a wrapped key
)

// KeySizeError is the length of a key that is not KeySize bytes.
type KeySizeError int

func (e KeySizeError) Error() string { return "gost28147: invalid key size" }

// ErrUnwrap is the only error of a failed Unwrap.
var ErrUnwrap = errors.New("gost28147: key unwrap failed")

// SBox is an immutable substitution block.
type SBox struct{ packed [64]byte }

// DKE1 returns the default substitution block of Ukraine.
func DKE1() *SBox { return new(SBox) }

// DKE returns substitution block n, 1 to 10.
func DKE(n int) (*SBox, error) { return nil, errors.ErrUnsupported }

// ParseDKE reads the packed form of 64 bytes.
func ParseDKE(packed []byte) (*SBox, error) { return nil, errors.ErrUnsupported }

// DKE returns the packed form of 64 bytes.
func (s *SBox) DKE() []byte { return append([]byte(nil), s.packed[:]...) }

// Equal reports whether s and o are the same substitution block.
func (s *SBox) Equal(o *SBox) bool { return s.packed == o.packed }

// NewCipher returns the block cipher; s nil means DKE1.
func NewCipher(key []byte, s *SBox) (cipher.Block, error) { return nil, errors.ErrUnsupported }

// NewCTR returns the counter mode over a block of NewCipher; iv is 8 bytes.
func NewCTR(b cipher.Block, iv []byte) (cipher.Stream, error) { return nil, errors.ErrUnsupported }

// NewCFBEncrypter returns the encrypting stream of the feedback mode; iv is 8 bytes.
func NewCFBEncrypter(b cipher.Block, iv []byte) (cipher.Stream, error) {
	return nil, errors.ErrUnsupported
}

// NewCFBDecrypter returns the decrypting stream of the feedback mode; iv is 8 bytes.
func NewCFBDecrypter(b cipher.Block, iv []byte) (cipher.Stream, error) {
	return nil, errors.ErrUnsupported
}

// NewMAC returns the message authentication code of 4 bytes.
func NewMAC(key []byte, s *SBox) (hash.Hash, error) { return nil, errors.ErrUnsupported }

// NewMAC8 returns the message authentication code in its form of 8 bytes.
func NewMAC8(key []byte, s *SBox) (hash.Hash, error) { return nil, errors.ErrUnsupported }

// Wrap protects the key cek under kek; the result is 44 bytes; rand nil means crypto/rand.
func Wrap(rand io.Reader, kek, cek []byte, s *SBox) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// Unwrap recovers the key of 32 bytes protected by Wrap, or returns ErrUnwrap.
func Unwrap(kek, wrapped []byte, s *SBox) ([]byte, error) { return nil, errors.ErrUnsupported }
