package kalyna

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
)

// minTag is the length of the shortest tags of the standard.
const minTag = 8

// ErrAuthentication is the only error of [MAC.Verify], and of Open of the authenticated modes: a
// wrong key, a wrong length, or changed data.
var ErrAuthentication = errors.New("kalyna: message authentication failed")

var (
	errTagSize = errors.New("kalyna: tag size is not 8 bytes to one block")
	errNoData  = errors.New("kalyna: the code of the empty message is not defined")
)

// MAC is a message authentication code (імітовставка) of [NewCMAC] or [NewGMAC]. It must not be
// used concurrently.
//
// It is no [hash.Hash], because the standard does not define the code of the empty message, and
// that of GMAC would publish its key: Sum has an error to say so.
type MAC struct {
	s      *schedule
	hash   *hashKey // nil: CMAC
	size   int
	state  [8]uint64
	last   [BlockSize512]byte // the last bytes of the message, at most a block
	n      int                // how many; none before the first byte of the message
	length uint64             // of the message, in bytes
}

func newMAC(b cipher.Block, tagSize int) (*MAC, error) {
	s, err := own(b)
	if err != nil {
		return nil, err
	}
	if tagSize < minTag || tagSize > s.BlockSize() {
		return nil, errTagSize
	}
	return &MAC{s: s, size: tagSize}, nil
}

// Size is the length of the tag in bytes.
func (m *MAC) Size() int { return m.size }

// BlockSize is the length of a block of the cipher in bytes.
func (m *MAC) BlockSize() int { return m.s.BlockSize() }

// Reset forgets the message.
func (m *MAC) Reset() { m.state, m.n, m.length = [8]uint64{}, 0, 0 }

// Write adds p to the message. It never fails.
func (m *MAC) Write(p []byte) (int, error) {
	total, size := len(p), m.s.BlockSize()
	if total == 0 {
		return 0, nil
	}
	m.length += uint64(total)
	if m.n > 0 {
		n := copy(m.last[m.n:size], p)
		m.n += n
		if p = p[n:]; len(p) == 0 {
			return total, nil
		}
		m.blocks(m.last[:size])
	}
	// What is last stays behind, even a whole block.
	whole := (len(p) - 1) &^ (size - 1)
	m.blocks(p[:whole])
	m.n = copy(m.last[:size], p[whole:])
	return total, nil
}

// blocks adds whole blocks to the state.
func (m *MAC) blocks(p []byte) {
	if m.hash != nil {
		m.hash.blocks(&m.state, p)
		return
	}
	m.s.chain(&m.state, p)
}

// Sum appends the tag of the message so far to b and returns the longer slice. Before the first
// byte of a message it returns an error. Compare tags by [MAC.Verify].
func (m *MAC) Sum(b []byte) ([]byte, error) {
	if m.n == 0 {
		return nil, errNoData
	}
	tag := m.tag()
	return append(b, tag[:m.size]...), nil
}

// Verify returns nil if tag is that of the message so far, and [ErrAuthentication] otherwise, also
// before the first byte of a message. It takes the same time for every tag of one length.
func (m *MAC) Verify(tag []byte) error {
	if m.n == 0 {
		return ErrAuthentication
	}
	want := m.tag()
	if subtle.ConstantTimeCompare(want[:m.size], tag) != 1 {
		return ErrAuthentication
	}
	return nil
}

// tag returns the tag of the message, and what follows it in the block.
func (m *MAC) tag() (out [BlockSize512]byte) {
	state := m.state
	if m.hash != nil {
		m.hash.padded(&state, m.last[:m.n])
		m.hash.finish(m.s, &out, &state, m.length, 0)
		return out
	}
	m.lastCMAC(&state)
	for j, w := range state {
		binary.LittleEndian.PutUint64(out[8*j:], w)
	}
	return out
}

// chain adds whole blocks to the state of a chained code: x = T(x xor block).
func (s *schedule) chain(x *[8]uint64, p []byte) {
	var b [BlockSize512]byte
	size := s.BlockSize()
	block := b[:size]
	p = p[serialChain(s, block, p, false, x):]
	for j := range s.columns {
		binary.LittleEndian.PutUint64(b[8*j:], x[j])
	}
	for ; len(p) >= size; p = p[size:] {
		subtle.XORBytes(block, block, p)
		s.encryptBlock(block, block)
	}
	for j := range s.columns {
		x[j] = binary.LittleEndian.Uint64(b[8*j:])
	}
}
