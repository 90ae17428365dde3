package kalyna

import (
	"crypto/rand"
	"fmt"
	"io"
	"slices"
)

// WrappedSize is the length of what [Wrap] returns, in bytes.
const WrappedSize = 3 * wrapBlock

// wrapBlock is the length of keys, blocks and codes of the key wrap.
const wrapBlock = BlockSize256

// wrapIV is the fixed IV of the outer layer.
var wrapIV = [wrapBlock]byte{
	0x69, 0x73, 0x27, 0x1d, 0x6e, 0x61, 0x1d, 0x06, 0x61, 0x67, 0x15, 0x04, 0x6c, 0x65, 0x50, 0x4c,
	0x20, 0x20, 0x00, 0x4f, 0x6d, 0x68, 0x01, 0x1f, 0x65, 0x61, 0x0c, 0x0c, 0x73, 0x73, 0x47, 0x14,
}

// Wrap protects the key cek under kek as CMS messages want it (захист ключа, order No 687 of
// 27.10.2020, OID 1.2.804.2.1.1.1.1.1.3.11); it is not the mode KW of the standard, see [KW]. Both
// keys have 32 bytes; another length is a [KeySizeError]. The result is a new slice of
// [WrappedSize] bytes. The random IV of 32 bytes is read from random; nil is [crypto/rand.Reader].
// A failed read is an error.
//
// Wrap takes the same time for all keys, on every processor.
func Wrap(random io.Reader, kek, cek []byte) ([]byte, error) {
	s, err := newWrap(kek)
	if err != nil {
		return nil, err
	}
	if len(cek) != wrapBlock {
		return nil, KeySizeError(len(cek))
	}
	if random == nil {
		random = rand.Reader
	}
	out := make([]byte, WrappedSize)
	if _, err := io.ReadFull(random, out[:wrapBlock]); err != nil {
		return nil, fmt.Errorf("kalyna: reading the IV of a key wrap: %w", err)
	}
	m := MAC{s: s, size: wrapBlock}
	m.Write(cek)
	code := m.tag()
	copy(out[wrapBlock:], cek)
	copy(out[2*wrapBlock:], code[:])
	s.wrapLayer(out[:wrapBlock], out[wrapBlock:], false)
	slices.Reverse(out)
	s.wrapLayer(wrapIV[:], out, false)
	return out, nil
}

// Unwrap recovers the key of 32 bytes that [Wrap] protected under kek. The result is a new slice.
// Every failure is [ErrUnwrap]. Unwrap takes the same time for all keys, on every processor.
func Unwrap(kek, wrapped []byte) ([]byte, error) {
	s, err := newWrap(kek)
	if err != nil || len(wrapped) != WrappedSize {
		return nil, ErrUnwrap
	}
	t := slices.Clone(wrapped)
	s.wrapLayer(wrapIV[:], t, true)
	slices.Reverse(t)
	cek, code := t[wrapBlock:2*wrapBlock:2*wrapBlock], t[2*wrapBlock:]
	s.wrapLayer(t[:wrapBlock], t[wrapBlock:], true)
	m := MAC{s: s, size: wrapBlock}
	m.Write(cek)
	if m.Verify(code) != nil {
		clear(t)
		return nil, ErrUnwrap
	}
	return cek, nil
}

func newWrap(kek []byte) (*schedule, error) {
	if len(kek) != wrapBlock {
		return nil, KeySizeError(len(kek))
	}
	return newSchedule(BlockSize256, kek, true)
}

// wrapLayer is the ciphertext feedback mode over b in place.
func (s *schedule) wrapLayer(iv, b []byte, decrypt bool) {
	c := CFB{s: s, segment: wrapBlock, decrypt: decrypt, spent: true}
	copy(c.gamma[:], iv)
	c.XORKeyStream(b, b)
}
