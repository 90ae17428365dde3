package kupyna

import (
	"encoding/binary"
	"hash"
)

// maxBlock is the longer of the two block lengths.
const maxBlock = BlockSize512

// digest is the state of a hash with a digest of size bytes. A state of 512 bits uses the first
// half of h and buf.
type digest struct {
	size int
	h    [maxBlock / 8]uint64
	len  uint64 // bytes written
	buf  [maxBlock]byte
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
		compress512((*[8]uint64)(d.h[:8]), p)
	} else {
		compress1024(&d.h, p)
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
		permute512(&x)
		for i := range 4 {
			binary.LittleEndian.PutUint64(out[Size256+8*i:], x[4+i]^d.h[4+i])
		}
		return out
	}
	x := d.h
	permute1024(&x)
	for i := range 8 {
		binary.LittleEndian.PutUint64(out[8*i:], x[8+i]^d.h[8+i])
	}
	return out
}
