//go:build amd64 && !purego

package gost34311

import "github.com/ukrcrypto/dstu/internal/gost89"

// lanes is how many messages are hashed at a time.
const lanes = 4

// many is the state of hashing messages side by side. A lane goes through the whole blocks of its
// message, then through the last blocks, and takes the next message.
type many struct {
	sbox     *gost89.SBox
	out      [][Size]byte // of the messages not begun
	messages [][]byte     // not begun

	h, sum [lanes][4]uint64
	lane   [lanes]struct {
		message []byte
		rest    []byte      // of the whole blocks, or of the last ones
		last    bool        // which of them
		out     *[Size]byte // nil: the lane is idle
		tail    [3 * BlockSize]byte
	}
}

func asmMany(s *gost89.SBox, out [][Size]byte, messages [][]byte) bool {
	if !useAVX512 {
		return false
	}
	m := many{sbox: s, out: out, messages: messages}
	for i := range m.lane {
		m.begin(i)
	}
	for m.step() {
	}
	return true
}

// begin takes the next message into lane i, if there is one.
func (m *many) begin(i int) {
	l := &m.lane[i]
	l.out = nil
	if len(m.messages) == 0 {
		return
	}
	l.message, l.out, l.last = m.messages[0], &m.out[0], false
	m.messages, m.out = m.messages[1:], m.out[1:]
	m.h[i], m.sum[i] = [4]uint64{}, [4]uint64{}
	l.rest = l.message[:len(l.message)-len(l.message)%BlockSize]
	if len(l.rest) == 0 {
		m.end(i)
	}
}

// end makes the last blocks of lane i.
func (m *many) end(i int) {
	l := &m.lane[i]
	d := digest{sum: m.sum[i], len: uint64(len(l.message))}
	copy(d.buf[:], l.message[len(l.message)-len(l.message)%BlockSize:])
	l.rest = l.tail[d.tail(&l.tail):]
	l.last = true
}

// step hashes as many blocks as every busy lane has. It returns false when all lanes are idle.
func (m *many) step() bool {
	n := chunk
	var some *byte
	for i := range m.lane {
		if l := &m.lane[i]; l.out != nil {
			n = min(n, len(l.rest)/BlockSize)
			some = &l.rest[0]
		}
	}
	if some == nil {
		return false
	}
	var p [lanes]*byte
	for i := range m.lane {
		p[i] = some // an idle lane runs along on what another one hashes
		if l := &m.lane[i]; l.out != nil {
			p[i] = &l.rest[0]
		}
	}
	compress4AVX512(&m.h, &m.sum, &p, n, (*[128]byte)(m.sbox.Nibbles()))
	for i := range m.lane {
		if l := &m.lane[i]; l.out != nil {
			l.rest = l.rest[n*BlockSize:]
			if len(l.rest) == 0 {
				m.advance(i)
			}
		}
	}
	return true
}

// advance goes on from the end of the blocks of lane i.
func (m *many) advance(i int) {
	l := &m.lane[i]
	if !l.last {
		m.end(i)
		return
	}
	putWords(l.out[:], &m.h[i])
	m.begin(i)
}
