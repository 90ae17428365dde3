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
	c     *gost89.Cipher
	size  int
	state gost89.Block
	buf   [BlockSize]byte
	n     int // bytes in buf
}

// NewMAC returns the authentication code (імітовставка, GOST 28147-89 section 5) of [MACSize]
// bytes under a key of [KeySize] bytes, which is copied, with the substitution block s; nil is
// DKE No 1. A key of another length is a [KeySizeError]. The result implements [hash.Cloner]; it must
// not be used concurrently.
//
// The code does not bind the length: trailing zero bytes up to a whole block change nothing, and
// the code of the empty message is zero under every key. The standard asks for at least two
// blocks of data; for less, implementations differ, and this one treats such messages like all
// others. Compare codes with [crypto/hmac.Equal].
func NewMAC(key []byte, s *SBox) (hash.Hash, error) { return newMAC(key, s, MACSize) }

// NewMAC8 is [NewMAC] with the whole state of [MAC8Size] bytes as its result.
func NewMAC8(key []byte, s *SBox) (hash.Hash, error) { return newMAC(key, s, MAC8Size) }

func newMAC(key []byte, s *SBox, size int) (hash.Hash, error) {
	if len(key) != KeySize {
		return nil, KeySizeError(len(key))
	}
	return &mac{c: gost89.NewCipher((*[KeySize]byte)(key), s.get()), size: size}, nil
}

func (m *mac) Size() int      { return m.size }
func (m *mac) BlockSize() int { return BlockSize }
func (m *mac) Reset()         { m.state, m.n = gost89.Block{}, 0 }

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
		m.c.MAC(&m.state, m.buf[:])
	}
	whole := len(p) - len(p)%BlockSize
	m.c.MAC(&m.state, p[:whole])
	m.n = copy(m.buf[:], p[whole:])
	return total, nil
}

func (m *mac) Sum(b []byte) []byte {
	c := *m
	if c.n > 0 {
		clear(c.buf[c.n:])
		c.c.MAC(&c.state, c.buf[:])
	}
	var tag [MAC8Size]byte
	c.state.Store(tag[:])
	return append(b, tag[:c.size]...)
}
