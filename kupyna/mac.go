package kupyna

import (
	"hash"
	"strconv"
)

// KeySizeError is the length of a key that does not fit the authentication code.
type KeySizeError int

func (e KeySizeError) Error() string { return "kupyna: invalid key size " + strconv.Itoa(int(e)) }

// mac is the authentication code: the hash of the padded key, the padded message and the
// complement of the key.
type mac struct {
	keyed digest // after the padded key
	d     digest
	not   [Size512]byte // complement of the key
}

// NewMAC256 returns the Kupyna-256 authentication code (DSTU 7564:2014, annex V, КАП) under a key
// of 32 bytes, which is copied; another length is a [KeySizeError]. The tag has the length of
// the key. The result implements [hash.Cloner]; it must not be used concurrently. Reset keeps
// the key. Compare tags with [crypto/hmac.Equal].
func NewMAC256(key []byte) (hash.Hash, error) { return newMAC(key, Size256) }

// NewMAC384 is [NewMAC256] for Kupyna-384 and a key of 48 bytes.
func NewMAC384(key []byte) (hash.Hash, error) { return newMAC(key, Size384) }

// NewMAC512 is [NewMAC256] for Kupyna-512 and a key of 64 bytes.
func NewMAC512(key []byte) (hash.Hash, error) { return newMAC(key, Size512) }

func newMAC(key []byte, size int) (hash.Hash, error) {
	if len(key) != size {
		return nil, KeySizeError(len(key))
	}
	m := &mac{keyed: digest{size: size}}
	for i, b := range key {
		m.not[i] = ^b
	}
	m.keyed.Reset()
	m.keyed.Write(key)
	m.keyed.pad(uint64(len(key)))
	m.Reset()
	return m, nil
}

func (m *mac) Size() int                   { return m.d.size }
func (m *mac) BlockSize() int              { return m.d.BlockSize() }
func (m *mac) Reset()                      { m.d = m.keyed }
func (m *mac) Write(p []byte) (int, error) { return m.d.Write(p) }

func (m *mac) Clone() (hash.Cloner, error) {
	c := *m
	return &c, nil
}

func (m *mac) Sum(b []byte) []byte {
	c := m.d
	c.pad(c.len - m.keyed.len) // the padded key is whole blocks, so the length alone says how
	c.Write(m.not[:c.size])
	out := c.finish()
	return append(b, out[Size512-c.size:]...)
}
