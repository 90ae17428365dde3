package kalyna

import (
	"crypto/cipher"
	"errors"

	"github.com/ukrcrypto/dstu/internal/alias"
)

var errForeign = errors.New("kalyna: cipher is not from this package")

// own returns the schedule behind a cipher of this package.
func own(b cipher.Block) (*schedule, error) {
	if s, ok := b.(*schedule); ok {
		return s, nil
	}
	return nil, errForeign
}

// checkBlocks does what the documentation of [cipher.BlockMode] promises before any byte is
// written, and returns the first len(src) bytes of dst.
func (s *schedule) checkBlocks(dst, src []byte) []byte {
	if len(src)%s.BlockSize() != 0 {
		panic("kalyna: input not full blocks")
	}
	return checkStream(dst, src)
}

// checkStream is the same for [cipher.Stream].
func checkStream(dst, src []byte) []byte {
	if len(dst) < len(src) {
		panic("kalyna: output smaller than input")
	}
	if alias.InexactOverlap(dst[:len(src)], src) {
		panic("kalyna: invalid buffer overlap")
	}
	return dst[:len(src)]
}

type ecbEncrypter struct{ *schedule }

type ecbDecrypter struct{ *schedule }

// NewECBEncrypter returns the mode that encrypts each block by itself (проста заміна, DSTU
// 7624:2014 clause 6), over a cipher of this package; another is an error. It is a building block:
// equal blocks give equal blocks, and nothing is authenticated. Do not protect messages with it.
//
// It is safe for concurrent use.
func NewECBEncrypter(b cipher.Block) (cipher.BlockMode, error) {
	s, err := own(b)
	if err != nil {
		return nil, err
	}
	return ecbEncrypter{s}, nil
}

// NewECBDecrypter returns the inverse of [NewECBEncrypter].
func NewECBDecrypter(b cipher.Block) (cipher.BlockMode, error) {
	s, err := own(b)
	if err != nil {
		return nil, err
	}
	return ecbDecrypter{s}, nil
}

func (e ecbEncrypter) CryptBlocks(dst, src []byte) { e.encryptBlocks(e.checkBlocks(dst, src), src) }

func (d ecbDecrypter) CryptBlocks(dst, src []byte) { d.decryptBlocks(d.checkBlocks(dst, src), src) }
