// Package gost34311 implements the hash function of GOST 34.311-95 (the text of GOST R 34.11-94)
// with any substitution block and with the zero start vector that Ukraine prescribes.
//
// A digest is 32 bytes, the least significant byte first. For the empty message the final stage
// of the standard is taken literally: it contributes one block of zeros, as the products in use
// in Ukraine do.
//
// Not implemented: other start vectors; messages that are not whole bytes.
//
// The hashes of this package keep the state behind a key for HMAC and PBKDF2: use [crypto/hmac]
// and [crypto/pbkdf2] with [New].
//
// # Timing
//
// On amd64 processors with AVX-512 a hash takes the same time for all messages of one length, and
// reads no memory at an address that depends on them. Elsewhere, and under the build tag purego,
// the four encryptions of a step read tables of 4096 bytes at addresses that depend on the message
// and, under HMAC and PBKDF2, on key or password; who shares the processor cache with the caller
// may learn about them. See docs/timing.md.
package gost34311

import (
	"encoding/binary"
	"hash"
	"math/bits"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/gost89"
)

const (
	Size      = 32 // bytes of a digest
	BlockSize = 32 // bytes of a block
)

// digest is the state of a hash. Numbers of 256 bits are four words, the lowest first.
type digest struct {
	h    [4]uint64 // chaining value
	sum  [4]uint64 // of all blocks, modulo 2^256
	len  uint64    // bytes written
	buf  [BlockSize]byte
	sbox *gost89.SBox
}

// New returns the hash with DKE No 1, which applies wherever no other substitution block is
// stated. The result also implements [hash.Cloner], [encoding.BinaryMarshaler],
// [encoding.BinaryAppender] and [encoding.BinaryUnmarshaler]; it must not be used concurrently.
func New() hash.Hash { return newDigest(nil) }

// NewSBox returns the hash with the substitution block s; nil is DKE No 1. Its marshalled state
// names the substitution block and is refused by hashes with another one.
func NewSBox(s *gost28147.SBox) hash.Hash { return newDigest(s) }

func newDigest(s *gost28147.SBox) *digest { return &digest{sbox: gost89.Of(s)} }

// Sum returns the digest of data with DKE No 1.
func Sum(data []byte) [Size]byte { return SumSBox(data, nil) }

// SumSBox returns the digest of data with the substitution block s; nil is DKE No 1.
func SumSBox(data []byte, s *gost28147.SBox) [Size]byte {
	d := digest{sbox: gost89.Of(s)}
	d.Write(data)
	return d.finish()
}

func (d *digest) Size() int      { return Size }
func (d *digest) BlockSize() int { return BlockSize }
func (d *digest) Reset()         { *d = digest{sbox: d.sbox} }

func (d *digest) Clone() (hash.Cloner, error) {
	c := *d
	return &c, nil
}

func (d *digest) Write(p []byte) (int, error) {
	total := len(p)
	n := int(d.len % BlockSize)
	d.len += uint64(total)
	if n > 0 {
		c := copy(d.buf[n:], p)
		p = p[c:]
		if n+c < BlockSize {
			return total, nil
		}
		d.blocks(d.buf[:])
	}
	whole := len(p) - len(p)%BlockSize
	d.blocks(p[:whole])
	copy(d.buf[:], p[whole:])
	return total, nil
}

// blocks adds whole blocks of the message.
func (d *digest) blocks(p []byte) {
	if len(p) > 0 && !d.asmBlocks(p) {
		d.genericBlocks(p)
	}
}

func (d *digest) genericBlocks(p []byte) {
	t := d.sbox.Tables()
	for ; len(p) >= BlockSize; p = p[BlockSize:] {
		m := words(p)
		add(&d.sum, &m)
		step(t, &d.h, &m)
	}
}

// add adds m to sum modulo 2^256.
func add(sum, m *[4]uint64) {
	var carry uint64
	for i := range m {
		sum[i], carry = bits.Add64(sum[i], m[i], carry)
	}
}

// words reads a number of 256 bits.
func words(p []byte) [4]uint64 {
	_ = p[BlockSize-1]
	return [4]uint64{
		binary.LittleEndian.Uint64(p),
		binary.LittleEndian.Uint64(p[8:]),
		binary.LittleEndian.Uint64(p[16:]),
		binary.LittleEndian.Uint64(p[24:]),
	}
}

func putWords(b []byte, n *[4]uint64) {
	for i, w := range n {
		binary.LittleEndian.PutUint64(b[8*i:], w)
	}
}

func (d *digest) Sum(b []byte) []byte {
	c := *d
	out := c.finish()
	return append(b, out[:]...)
}

// finish spends d. What follows the whole blocks goes as blocks too: the last piece, the length and
// the sum, which must be known before they are added to it.
func (d *digest) finish() (out [Size]byte) {
	var tail [3 * BlockSize]byte
	n := d.tail(&tail)
	d.blocks(tail[n:])
	putWords(out[:], &d.h)
	return out
}

// tail writes the last blocks and returns where they start: there may be no last piece.
func (d *digest) tail(b *[3 * BlockSize]byte) (start int) {
	start = BlockSize
	if n := d.len % BlockSize; n > 0 || d.len == 0 {
		clear(b[copy(b[:BlockSize], d.buf[:n]):BlockSize])
		m := words(b[:])
		add(&d.sum, &m)
		start = 0
	}
	putWords(b[BlockSize:], &[4]uint64{d.len << 3, d.len >> 61})
	putWords(b[2*BlockSize:], &d.sum)
	return start
}
