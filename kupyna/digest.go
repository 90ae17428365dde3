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

// maxPadding is the most that completes a message to whole blocks: less than a block for the last
// piece, and what may go over it.
const maxPadding = 2 * maxBlock

// padding writes what completes a message of n bytes to whole blocks, and returns how much it is: a
// one bit, zeros, and n in bits as a little-endian number. p is zeros.
func (d *digest) padding(p []byte, n uint64) int {
	size := uint64(d.BlockSize())
	zeros := (2*size - 1 - lengthSize - n%size) % size
	p[0] = 0x80
	binary.LittleEndian.PutUint64(p[1+zeros:], n<<3)
	p[1+zeros+8] = byte(n >> 61)
	return int(1 + zeros + lengthSize)
}

// pad writes the padding of a message of n bytes.
func (d *digest) pad(n uint64) {
	var buf [maxPadding]byte
	d.Write(buf[:d.padding(buf[:], n)])
}

func (d *digest) Sum(b []byte) []byte {
	c := *d
	out := c.finish()
	return append(b, out[Size512-d.size:]...)
}

// finish spends d and returns the digest at the end of the array.
func (d *digest) finish() [Size512]byte {
	var tail [maxTail]byte
	d.blocks(d.tail(&tail))
	return d.output()
}

// maxTail is the longest tail of a message.
const maxTail = maxPadding + maxBlock

// tail returns what follows the whole blocks of the message, in b, which is zeros: the last piece, the
// padding and the block of zeros for the last permutation.
func (d *digest) tail(b *[maxTail]byte) []byte {
	size := d.BlockSize()
	n := copy(b[:], d.buf[:d.len%uint64(size)])
	n += d.padding(b[n:], d.len)
	return b[:n+size]
}

// padBits turns the tail of whole bytes into that of a message with so many bits more, 1 to 7, the
// first of last.
func (d *digest) padBits(tail []byte, last byte, bits int) {
	size := d.BlockSize()
	tail[d.len%uint64(size)] = last&^(0xff>>bits) | 0x80>>bits
	tail[len(tail)-size-lengthSize] |= byte(bits)
}

// output returns the digest that d holds after the tail, at the end of the array.
func (d *digest) output() (out [Size512]byte) {
	if d.size <= Size256 {
		for i, z := range zero512()[4:] {
			binary.LittleEndian.PutUint64(out[Size256+8*i:], d.h[4+i]^z)
		}
		return out
	}
	for i, z := range zero1024()[8:] {
		binary.LittleEndian.PutUint64(out[8*i:], d.h[8+i]^z)
	}
	return out
}
