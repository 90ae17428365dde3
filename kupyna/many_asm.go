//go:build amd64 && !purego

package kupyna

import (
	"sync"

	"github.com/ukrcrypto/dstu/internal/column8"
	"github.com/ukrcrypto/dstu/internal/lanes"
)

// side is how many words the states of the messages have together that are hashed side by side: four
// messages with eight columns, or two with sixteen.
const side = 32

// rows512 holds for each round of eight columns row 0 of what Tx adds and row 7 of what T+ adds, the
// latter plus 1. The other rows are the same in all rounds.
var rows512 = sync.OnceValue(func() *[rounds512][2][8]byte {
	var k [rounds512][2][8]byte
	for v := range k {
		for j := range 8 {
			k[v][0][j], k[v][1][j] = byte(cross(j, v)), byte(plus(8, j, v)>>56+1)
		}
	}
	return &k
})

// rows1024 is rows512 for sixteen columns.
var rows1024 = sync.OnceValue(func() *[rounds1024][2][16]byte {
	var k [rounds1024][2][16]byte
	for v := range k {
		for j := range 16 {
			k[v][0][j], k[v][1][j] = byte(cross(j, v)), byte(plus(16, j, v)>>56+1)
		}
	}
	return &k
})

// many is the state of hashing messages side by side.
type many struct {
	size, block int // of digests and of blocks
	end         func(message int, sum []byte)
	h           [side]uint64
	tail        [4][maxTail]byte
	sum         [Size512]byte // the last one, kept here so that it is not allocated
}

func asmMany(size int, messages [][]byte, end func(message int, sum []byte)) bool {
	if !useAVX512 {
		return false
	}
	m := &many{size: size, block: (&digest{size: size}).BlockSize(), end: end}
	lanes.Run(m, messages, 8*side/m.block, m.block, longest/(8*side))
	return true
}

// state is that of one message.
func (m *many) state(i int) []uint64 { return m.h[m.block/8*i:][:m.block/8] }

func (m *many) Begin(i int) {
	h := m.state(i)
	clear(h)
	h[0] = uint64(m.block)
}

func (m *many) Tail(i int, message []byte) []byte {
	d := digest{size: m.size, len: uint64(len(message))}
	copy(d.buf[:], message[len(message)-len(message)%m.block:])
	m.tail[i] = [maxTail]byte{}
	return d.tail(&m.tail[i])
}

func (m *many) Blocks(p [][]byte, n int) {
	var at [4]*byte
	if lanes.Starts(at[:], p) <= len(p)/2 { // then it takes less time one by one
		for i, b := range p {
			if b != nil {
				m.single(i, b[:n*m.block])
			}
		}
		return
	}
	if m.size <= Size256 {
		compress512ManyAVX512(&m.h, &at, n, rows512(), column8.VectorSBoxes(false))
	} else {
		compress1024ManyAVX512(&m.h, &at, n, rows1024(), column8.VectorSBoxes(false))
	}
}

// single adds blocks to one message.
func (m *many) single(i int, p []byte) {
	d := digest{size: m.size}
	copy(d.h[:], m.state(i))
	d.blocks(p)
	copy(m.state(i), d.h[:])
}

func (m *many) End(i, message int) {
	d := digest{size: m.size}
	copy(d.h[:], m.state(i))
	m.sum = d.output()
	m.end(message, m.sum[Size512-m.size:])
}
