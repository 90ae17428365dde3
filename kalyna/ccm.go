package kalyna

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
)

// ccm is the counter mode with a chained code.
type ccm struct {
	s       *schedule
	nb      int // bytes of a length
	tagSize int
}

var (
	errLengthSize = errors.New("kalyna: length field of CCM is not 1 to 16 bytes, or leaves no byte of the IV")
	errCCMTag     = errors.New("kalyna: tag size of CCM is not 8, 16, 32, 48 or 64 bytes, or longer than a block")
)

// NewCCM returns the authenticated mode CCM (вироблення імітовставки і гамування, DSTU 7624:2014
// clause 13) over a cipher of this package. nb is the length of the length fields in bytes, from 1
// to 16 and at most the block without two: 4 is enough for 2^32-1 bytes of plaintext and as many of
// additional data. The tag has 8, 16, 32, 48 or 64 bytes and at most one block; it is encrypted
// and follows the ciphertext. Another [cipher.Block], nb or tag size is an error. The result is
// safe for concurrent use.
//
// The nonce is one block; its first bytes, all but nb+1, must never repeat under one key. The
// others are not authenticated as such, but a change of them changes the key stream.
//
// The plaintext has at least one byte. Seal panics if it has none and if a length does not fit into
// nb bytes; Open returns an error. All errors of Open are [ErrAuthentication], and then the room in
// dst is zeros.
//
// Without additional data implementations differ; this one follows the text of the standard, which
// does not encrypt the first block of the code. Formats do well to have additional data always.
func NewCCM(b cipher.Block, nb, tagSize int) (cipher.AEAD, error) {
	s, err := own(b)
	if err != nil {
		return nil, err
	}
	if nb < 1 || nb > 16 || nb > s.BlockSize()-2 {
		return nil, errLengthSize
	}
	if tagCode(tagSize) == 0 || tagSize > s.BlockSize() {
		return nil, errCCMTag
	}
	return &ccm{s, nb, tagSize}, nil
}

// tagCode is how the first block of the code tells the length of the tag.
func tagCode(size int) byte {
	switch size {
	case 8:
		return 2
	case 16:
		return 3
	case 32:
		return 4
	case 48:
		return 5
	case 64:
		return 6
	}
	return 0
}

func (c *ccm) NonceSize() int { return c.s.BlockSize() }
func (c *ccm) Overhead() int  { return c.tagSize }

// fits reports whether a length can be told in nb bytes.
func (c *ccm) fits(n int) bool { return c.nb >= 8 || uint64(n)>>(8*c.nb) == 0 }

func (c *ccm) Seal(dst, nonce, plaintext, data []byte) []byte {
	if len(nonce) != c.NonceSize() {
		panic("kalyna: incorrect nonce length given to CCM")
	}
	if len(plaintext) == 0 {
		panic("kalyna: no plaintext given to CCM")
	}
	if !c.fits(len(plaintext)) || !c.fits(len(data)) {
		panic("kalyna: message too large for CCM")
	}
	ret, out := grow(dst, len(plaintext)+c.tagSize)
	checkAEAD(out, plaintext, data)

	tag := c.tag(nonce, plaintext, data)
	var stream ctr
	stream.start(c.s, nonce)
	stream.xor(out[:len(plaintext)], plaintext)
	stream.xor(out[len(plaintext):], tag[:c.tagSize])
	return ret
}

func (c *ccm) Open(dst, nonce, ciphertext, data []byte) ([]byte, error) {
	if len(nonce) != c.NonceSize() {
		panic("kalyna: incorrect nonce length given to CCM")
	}
	n := len(ciphertext) - c.tagSize
	if n <= 0 || !c.fits(n) || !c.fits(len(data)) {
		return nil, ErrAuthentication
	}
	ret, out := grow(dst, n)
	checkAEAD(out, ciphertext[:n], data)

	// Before out is written, which may be in the place of both.
	var tag, iv [BlockSize512]byte
	copy(tag[:], ciphertext[n:])
	copy(iv[:], nonce)
	var stream ctr
	stream.start(c.s, nonce)
	stream.xor(out, ciphertext[:n])
	stream.xor(tag[:c.tagSize], tag[:c.tagSize])
	want := c.tag(iv[:], out, data)
	if subtle.ConstantTimeCompare(want[:c.tagSize], tag[:c.tagSize]) != 1 {
		clear(out)
		return nil, ErrAuthentication
	}
	return ret, nil
}

// tag computes the code, of which the tag is the beginning, before encryption.
func (c *ccm) tag(nonce, plaintext, data []byte) [BlockSize512]byte {
	m := chained{s: c.s}
	size := c.s.BlockSize()
	var g [BlockSize512]byte
	copy(g[:size-c.nb-1], nonce)
	c.putLength(g[size-c.nb-1:], len(plaintext))
	g[size-1] = tagCode(c.tagSize)<<4 | byte(c.nb-1)
	if len(data) == 0 {
		m.x = g // not encrypted
	} else {
		g[size-1] |= 0x80
		m.add(g[:size])
		// The length, zeros, and the data, which end with a block.
		var before [BlockSize512 + 16]byte
		part := len(data) % size
		c.putLength(before[:], len(data))
		m.add(before[:roundUp(c.nb+part, size)-part])
		m.add(data)
	}
	m.add(plaintext)
	m.pad()
	return m.x
}

// putLength writes a length into nb bytes.
func (c *ccm) putLength(b []byte, n int) {
	var x [16]byte
	binary.LittleEndian.PutUint64(x[:], uint64(n))
	copy(b[:c.nb], x[:])
}

// chained is a code x = T(x xor block), fed with any number of bytes.
type chained struct {
	s *schedule
	x [BlockSize512]byte
	n int // bytes that are in x but not encrypted
}

func (m *chained) add(p []byte) {
	block := m.x[:m.s.BlockSize()]
	for len(p) > 0 {
		rest := block[m.n:]
		n := subtle.XORBytes(rest, rest, p)
		m.n += n
		p = p[n:]
		if m.n == len(block) {
			m.s.encryptBlock(block, block)
			m.n = 0
		}
	}
}

// pad ends a block that was begun.
func (m *chained) pad() {
	if m.n > 0 {
		block := m.x[:m.s.BlockSize()]
		block[m.n] ^= padMarker
		m.s.encryptBlock(block, block)
		m.n = 0
	}
}
