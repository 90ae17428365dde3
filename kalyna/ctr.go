package kalyna

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"math/bits"
)

// batch is how many bytes the parallel modes prepare at once: whole blocks of every size, few
// enough to stay in the first cache.
const batch = 2048

var errIV = errors.New("kalyna: IV is not one block")

// modeArgs checks what the modes with an IV take.
func modeArgs(b cipher.Block, iv []byte) (*schedule, error) {
	s, err := own(b)
	if err == nil && len(iv) != s.BlockSize() {
		err = errIV
	}
	return s, err
}

// counter makes the blocks that the counter mode encrypts. The low half of next counts, the high
// half stays.
type counter struct {
	columns int
	next    [8]uint64
}

// start sets the counter to the encrypted iv: the value before the first.
func (c *counter) start(s *schedule, iv []byte) {
	var b [BlockSize512]byte
	c.columns = s.columns
	s.encryptBlock(b[:8*c.columns], iv)
	for j := range c.columns {
		c.next[j] = binary.LittleEndian.Uint64(b[8*j:])
	}
}

// fill writes the next values of the counter, as many blocks as buf has.
func (c *counter) fill(buf []byte) {
	if c.columns == 2 {
		low, high := c.next[0], c.next[1]
		for ; len(buf) >= 16; buf = buf[16:] {
			low++
			binary.LittleEndian.PutUint64(buf, low)
			binary.LittleEndian.PutUint64(buf[8:], high)
		}
		c.next[0] = low
		return
	}
	x := c.next
	for size := 8 * c.columns; len(buf) >= size; buf = buf[size:] {
		carry := uint64(1)
		for j := range c.columns / 2 {
			x[j], carry = bits.Add64(x[j], 0, carry)
		}
		for j := range c.columns {
			binary.LittleEndian.PutUint64(buf[8*j:], x[j])
		}
	}
	c.next = x
}

// xor adds the key stream to src, from the next block on; what is left of the last block is lost.
// buf is room for the key stream, in whole blocks.
func (c *counter) xor(s *schedule, dst, src, buf []byte) {
	n := bulkCTR(s, dst, src, &c.next)
	dst, src = dst[n:], src[n:]
	for len(src) > 0 {
		gamma := buf[:min(len(buf), roundUp(len(src), 8*c.columns))]
		c.fill(gamma)
		s.encryptBlocks(gamma, gamma)
		n := subtle.XORBytes(dst, src, gamma)
		dst, src = dst[n:], src[n:]
	}
}

// roundUp returns the smallest multiple of size, a power of two, that is not less than n. It may
// wrap for lengths that no slice has.
func roundUp(n, size int) int { return (n + size - 1) &^ (size - 1) }

// ctr is the counter mode.
type ctr struct {
	s       *schedule
	counter counter
	gamma   [batch]byte // its first block is what the last call did not use up
	used    int         // bytes of that block that are spent
}

// NewCTR returns the counter mode (гамування, DSTU 7624:2014 clause 7) over a cipher of this
// package with an iv of one block, which must never repeat under one key. Encryption and
// decryption are the same. Another [cipher.Block] or another length of iv is an error. The stream
// may be cut anywhere; it must not be used concurrently.
//
// The first block of the stream is the encryption of T(iv)+1, T being the cipher. Only the low
// half of the block counts, as the standard has it, where other implementations carry into the high
// half: after 2^64 blocks of 128 bits or, with the same probability, for one iv in 2^64.
func NewCTR(b cipher.Block, iv []byte) (cipher.Stream, error) {
	s, err := modeArgs(b, iv)
	if err != nil {
		return nil, err
	}
	c := new(ctr)
	c.start(s, iv)
	return c, nil
}

func (c *ctr) start(s *schedule, iv []byte) {
	c.s, c.used = s, s.BlockSize()
	c.counter.start(s, iv)
}

func (c *ctr) XORKeyStream(dst, src []byte) { c.xor(checkStream(dst, src), src) }

func (c *ctr) xor(dst, src []byte) {
	size := c.s.BlockSize()
	n := subtle.XORBytes(dst, src, c.gamma[c.used:size])
	c.used, dst, src = c.used+n, dst[n:], src[n:]
	if whole := len(src) &^ (size - 1); whole > 0 {
		c.counter.xor(c.s, dst[:whole], src[:whole], c.gamma[:])
		dst, src = dst[whole:], src[whole:]
	}
	if len(src) > 0 {
		last := c.gamma[:size]
		c.counter.fill(last)
		c.s.encryptBlock(last, last)
		c.used = subtle.XORBytes(dst, src, last)
	}
}
