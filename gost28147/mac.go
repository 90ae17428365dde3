package gost28147

import (
	"hash"

	"github.com/ukrcrypto/dstu/internal/gost89"
)

const (
	MACSize  = 4 // bytes of a tag of NewMAC
	MAC8Size = 8 // bytes of a tag of NewMAC8
)

// mac is the authentication mode.
type mac struct {
	key    gost89.Key
	tables *gost89.Tables
	size   int
	n1, n2 uint32
	buf    [BlockSize]byte
	n      int // bytes in buf
}

// NewMAC returns the authentication code (імітовставка, GOST 28147-89 section 5) of [MACSize]
// bytes under a key of [KeySize] bytes, which is copied, with the substitution block s; nil is
// DKE No 1. A key of another length is a [KeySizeError]. The result implements [hash.Cloner].
//
// The code does not bind the length: trailing zero bytes up to a whole block change nothing, and
// the code of the empty message is zero under every key. The standard asks for at least two
// blocks of data; for less, implementations differ, and this one treats such messages like all
// others. Compare codes with [crypto/hmac.Equal].
func NewMAC(key []byte, s *SBox) (hash.Hash, error) { return newMAC(key, s, MACSize) }

// NewMAC8 is [NewMAC] with the whole state of [MAC8Size] bytes as its result.
func NewMAC8(key []byte, s *SBox) (hash.Hash, error) { return newMAC(key, s, MAC8Size) }

func newMAC(key []byte, s *SBox, size int) (hash.Hash, error) {
	k, err := newKey(key)
	if err != nil {
		return nil, err
	}
	return &mac{key: k, tables: s.get().Tables(), size: size}, nil
}

func (m *mac) Size() int      { return m.size }
func (m *mac) BlockSize() int { return BlockSize }
func (m *mac) Reset()         { m.n1, m.n2, m.n = 0, 0, 0 }

func (m *mac) Clone() (hash.Cloner, error) {
	c := *m
	return &c, nil
}

func (m *mac) Write(p []byte) (int, error) {
	total := len(p)
	if m.n > 0 {
		n := copy(m.buf[m.n:], p)
		m.n += n
		p = p[n:]
		if m.n < BlockSize {
			return total, nil
		}
		m.block(m.buf[:])
	}
	for len(p) >= BlockSize {
		m.block(p)
		p = p[BlockSize:]
	}
	m.n = copy(m.buf[:], p)
	return total, nil
}

// block adds one block to the state.
func (m *mac) block(b []byte) {
	b1, b2 := load(b)
	m.n1, m.n2 = m.tables.MAC(&m.key, m.n1^b1, m.n2^b2)
}

func (m *mac) Sum(b []byte) []byte {
	c := *m
	if c.n > 0 {
		clear(c.buf[c.n:])
		c.block(c.buf[:])
	}
	var tag [MAC8Size]byte
	store(tag[:], c.n1, c.n2)
	return append(b, tag[:c.size]...)
}
