//go:build amd64 && !purego

package kupyna

import (
	"sync"

	"github.com/ukrcrypto/dstu/internal/column8"
	"github.com/ukrcrypto/dstu/internal/lanes"
)

// side is how many messages are hashed side by side.
const side = 4

// rows512 holds for each round of eight columns row 0 of what Tx adds and row 7 of what T+ adds, a
// byte for each column, the latter plus 1. The other rows are the same in all rounds.
var rows512 = sync.OnceValue(func() *[rounds512][2]uint64 {
	var k [rounds512][2]uint64
	for v := range k {
		for j := range 8 {
			k[v][0] |= cross(j, v) & 0xff << (8 * j)
			k[v][1] |= (plus(8, j, v)>>56 + 1) << (8 * j)
		}
	}
	return &k
})

// many is the state of hashing messages side by side.
type many struct {
	out  [][Size256]byte
	h    [side][8]uint64
	tail [side][maxTail]byte
}

func asmMany256(out [][Size256]byte, messages [][]byte) bool {
	if !useAVX512 {
		return false
	}
	lanes.Run(&many{out: out}, messages, side, BlockSize256, longest/side/BlockSize256)
	return true
}

func (m *many) Begin(i int) { m.h[i] = [8]uint64{BlockSize256} }

func (m *many) Tail(i int, message []byte) []byte {
	d := digest{size: Size256, len: uint64(len(message))}
	copy(d.buf[:], message[len(message)-len(message)%BlockSize256:])
	m.tail[i] = [maxTail]byte{}
	return d.tail(&m.tail[i])
}

func (m *many) Blocks(p [][]byte, n int) {
	var at [side]*byte
	for i := range at {
		at[i] = &p[i][0]
	}
	compress512ManyAVX512(&m.h, &at, n, rows512(), column8.VectorSBoxes(false))
}

func (m *many) End(i, message int) {
	d := digest{size: Size256}
	copy(d.h[:], m.h[i][:])
	out := d.output()
	m.out[message] = [Size256]byte(out[Size512-Size256:])
}
