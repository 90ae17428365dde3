//go:build amd64 && !purego

package gost34311

import (
	"github.com/ukrcrypto/dstu/internal/gost89"
	"github.com/ukrcrypto/dstu/internal/lanes"
)

// side is how many messages are hashed side by side.
const side = 4

// many is the state of hashing messages side by side.
type many struct {
	sbox   *gost89.SBox
	out    [][Size]byte
	h, sum [side][4]uint64
	tail   [side][3 * BlockSize]byte
}

func asmMany(s *gost89.SBox, out [][Size]byte, messages [][]byte) bool {
	if !useAVX512 {
		return false
	}
	lanes.Run(&many{sbox: s, out: out}, messages, side, BlockSize, chunk)
	return true
}

func (m *many) Begin(i int) { m.h[i], m.sum[i] = [4]uint64{}, [4]uint64{} }

func (m *many) Tail(i int, message []byte) []byte {
	d := digest{sum: m.sum[i], len: uint64(len(message))}
	copy(d.buf[:], message[len(message)-len(message)%BlockSize:])
	return m.tail[i][d.tail(&m.tail[i]):]
}

func (m *many) Blocks(p [][]byte, n int) {
	var at [side]*byte
	lanes.Starts(at[:], p)
	compress4AVX512(&m.h, &m.sum, &at, n, (*[128]byte)(m.sbox.Nibbles()))
}

func (m *many) End(i, message int) { putWords(m.out[message][:], &m.h[i]) }
