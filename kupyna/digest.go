package kupyna

import (
	"encoding/binary"
	"hash"

	"github.com/ukrcrypto/dstu/internal/column8"
)

// maxBlock is the longer of the two block lengths.
const maxBlock = BlockSize512

// digest is the state of a hash with a digest of size bytes. A state of 512 bits uses the first
// half of h and buf.
type digest struct {
	size  int
	h     [maxBlock / 8]uint64
	len   uint64 // bytes written
	buf   [maxBlock]byte
	table *column8.Table
}

func newDigest(size int) *digest {
	d := &digest{size: size}
	d.Reset()
	return d
}

func (d *digest) Size() int { return d.size }

func (d *digest) BlockSize() int {
	if d.size <= Size256 {
		return BlockSize256
	}
	return BlockSize512
}

func (d *digest) Reset() {
	d.h = [maxBlock / 8]uint64{uint64(d.BlockSize())}
	d.len = 0
	d.table = column8.Forward()
}

func (d *digest) Clone() (hash.Cloner, error) {
	c := *d
	return &c, nil
}

func (d *digest) Write(p []byte) (int, error) {
	total, size := len(p), d.BlockSize()
	n := int(d.len % uint64(size))
	d.len += uint64(total)
	if n > 0 {
		c := copy(d.buf[n:size], p)
		p = p[c:]
		if n+c < size {
			return total, nil
		}
		d.blocks(d.buf[:size])
	}
	whole := len(p) - len(p)%size
	d.blocks(p[:whole])
	copy(d.buf[:], p[whole:])
	return total, nil
}

// blocks adds whole blocks of the message.
func (d *digest) blocks(p []byte) {
	if d.size <= Size256 {
		for ; len(p) > 0; p = p[BlockSize256:] {
			compress512(d.table, (*[8]uint64)(d.h[:8]), (*[BlockSize256]byte)(p))
		}
		return
	}
	for ; len(p) > 0; p = p[BlockSize512:] {
		compress1024(d.table, &d.h, (*[BlockSize512]byte)(p))
	}
}

// lengthSize is the length of the counter of bits at the end of the padding.
const lengthSize = 12

// pad writes what completes a message of n bytes to whole blocks: a one bit, zeros, and n in bits
// as a little-endian number.
func (d *digest) pad(n uint64) {
	var buf [maxBlock + lengthSize]byte
	size := uint64(d.BlockSize())
	zeros := (2*size - 1 - lengthSize - n%size) % size
	p := buf[:1+zeros+lengthSize]
	p[0] = 0x80
	binary.LittleEndian.PutUint64(p[1+zeros:], n<<3)
	p[1+zeros+8] = byte(n >> 61)
	d.Write(p)
}

func (d *digest) Sum(b []byte) []byte {
	c := *d
	out := c.finish()
	return append(b, out[Size512-d.size:]...)
}

// finish spends d and returns the digest at the end of the array.
func (d *digest) finish() (out [Size512]byte) {
	d.pad(d.len)
	// The digest is the end of Tx(h) xor h.
	if d.size <= Size256 {
		x := [8]uint64(d.h[:])
		permuteX512(d.table, &x)
		for i := range 4 {
			binary.LittleEndian.PutUint64(out[Size256+8*i:], x[4+i]^d.h[4+i])
		}
		return out
	}
	x := d.h
	permuteX1024(d.table, &x)
	for i := range 8 {
		binary.LittleEndian.PutUint64(out[8*i:], x[8+i]^d.h[8+i])
	}
	return out
}

// The rounds of the two state sizes.
const (
	rounds512  = 10
	rounds1024 = 14
)

// plus returns what the permutation T+ adds to column j of c in round v: from the lowest byte,
// F3, six times F0, and 16(c-1-j) xor v.
func plus(c, j, v int) uint64 {
	return 0x00f0f0f0f0f0f0f3 | uint64(16*(c-1-j)^v)<<56
}

// compress512 is h = Tx(h xor m) xor Tp(m) xor h for the state of eight columns.
func compress512(t *column8.Table, h *[8]uint64, m *[BlockSize256]byte) {
	var x, p [8]uint64
	for j := range p {
		p[j] = binary.LittleEndian.Uint64(m[8*j:])
		x[j] = h[j] ^ p[j]
	}
	permuteX512(t, &x)
	for v := range rounds512 {
		for j := range p {
			p[j] += plus(len(p), j, v)
		}
		layers512(t, &p)
	}
	for j := range h {
		h[j] ^= x[j] ^ p[j]
	}
}

// permuteX512 is the permutation Tx of eight columns.
func permuteX512(t *column8.Table, x *[8]uint64) {
	for v := range rounds512 {
		for j := range x {
			x[j] ^= uint64(16*j ^ v)
		}
		layers512(t, x)
	}
}

// layers512 applies SUB, SHIFT and MIX to eight columns; SHIFT moves row r up by r columns.
func layers512(t *column8.Table, x *[8]uint64) {
	x0, x1, x2, x3, x4, x5, x6, x7 := x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]
	x[0] = t.Column(x0, x7, x6, x5, x4, x3, x2, x1)
	x[1] = t.Column(x1, x0, x7, x6, x5, x4, x3, x2)
	x[2] = t.Column(x2, x1, x0, x7, x6, x5, x4, x3)
	x[3] = t.Column(x3, x2, x1, x0, x7, x6, x5, x4)
	x[4] = t.Column(x4, x3, x2, x1, x0, x7, x6, x5)
	x[5] = t.Column(x5, x4, x3, x2, x1, x0, x7, x6)
	x[6] = t.Column(x6, x5, x4, x3, x2, x1, x0, x7)
	x[7] = t.Column(x7, x6, x5, x4, x3, x2, x1, x0)
}

// compress1024 is compress512 for the state of sixteen columns.
func compress1024(t *column8.Table, h *[16]uint64, m *[BlockSize512]byte) {
	var x, p [16]uint64
	for j := range p {
		p[j] = binary.LittleEndian.Uint64(m[8*j:])
		x[j] = h[j] ^ p[j]
	}
	permuteX1024(t, &x)
	for v := range rounds1024 {
		for j := range p {
			p[j] += plus(len(p), j, v)
		}
		layers1024(t, &p)
	}
	for j := range h {
		h[j] ^= x[j] ^ p[j]
	}
}

// permuteX1024 is the permutation Tx of sixteen columns.
func permuteX1024(t *column8.Table, x *[16]uint64) {
	for v := range rounds1024 {
		for j := range x {
			x[j] ^= uint64(16*j ^ v)
		}
		layers1024(t, x)
	}
}

// layers1024 applies SUB, SHIFT and MIX to sixteen columns; SHIFT moves row r up by r columns,
// row 7 by eleven.
func layers1024(t *column8.Table, x *[16]uint64) {
	s := *x
	for j := range x {
		x[j] = t.Column(s[j], s[(j-1)&15], s[(j-2)&15], s[(j-3)&15],
			s[(j-4)&15], s[(j-5)&15], s[(j-6)&15], s[(j-11)&15])
	}
}
