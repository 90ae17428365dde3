// Package kupyna implements the hash function Kupyna of DSTU 7564:2014 (Купина) and its message
// authentication code.
//
// [New256], [New384] and [New512] are the recommended sizes; [New] gives any other whole number
// of bytes up to 64.
//
// [SumBits] takes messages that are not whole bytes; the hashes and codes that are written to do
// not. Not implemented: digests that are not whole bytes, which the standard does not have either;
// messages of 2^64 bytes and more.
//
// # Timing
//
// On amd64 processors with AVX-512 a hash takes the same time for all messages of one length, and
// reads no memory at an address that depends on them. Elsewhere, and under the build tag purego, the
// S-boxes and the linear layer are read from tables of 8192 bytes in all, at addresses that depend on
// the message and, in the authentication code, on the key; who shares the processor cache with the
// caller may learn about them. See docs/timing.md.
package kupyna

import (
	"errors"
	"hash"
)

const (
	Size256 = 32 // bytes of a Kupyna-256 digest
	Size384 = 48 // bytes of a Kupyna-384 digest
	Size512 = 64 // bytes of a Kupyna-512 digest

	BlockSize256 = 64  // bytes of a block for digests of up to 32 bytes
	BlockSize512 = 128 // bytes of a block for longer digests
)

// New256 returns Kupyna-256. The result also implements [hash.Cloner],
// [encoding.BinaryMarshaler], [encoding.BinaryAppender] and [encoding.BinaryUnmarshaler]; it must
// not be used concurrently.
func New256() hash.Hash { return newDigest(Size256) }

// New384 returns Kupyna-384; see [New256].
func New384() hash.Hash { return newDigest(Size384) }

// New512 returns Kupyna-512; see [New256].
func New512() hash.Hash { return newDigest(Size512) }

var errSize = errors.New("kupyna: digest size is not 1 to 64 bytes")

// New returns Kupyna with a digest of size bytes, from 1 to 64; another size is an error. A
// digest of up to 32 bytes is the end of the Kupyna-256 digest, a longer one that of Kupyna-512.
// See [New256] for the interfaces of the result.
func New(size int) (hash.Hash, error) {
	if size < 1 || size > Size512 {
		return nil, errSize
	}
	return newDigest(size), nil
}

// Sum256 returns the Kupyna-256 digest of data.
func Sum256(data []byte) [Size256]byte {
	out := sum(data, Size256)
	return [Size256]byte(out[Size512-Size256:])
}

// Sum384 returns the Kupyna-384 digest of data.
func Sum384(data []byte) [Size384]byte {
	out := sum(data, Size384)
	return [Size384]byte(out[Size512-Size384:])
}

// Sum512 returns the Kupyna-512 digest of data.
func Sum512(data []byte) [Size512]byte { return sum(data, Size512) }

// SumBits returns the digest of size bytes, from 1 to 64, of a message that need not be whole bytes:
// the first bits of data, counted in each byte from the highest one. The rest of the last byte does
// not matter. Another size, or a length of data that is not that of so many bits, is an error.
func SumBits(size int, data []byte, bits uint64) ([]byte, error) {
	if size < 1 || size > Size512 {
		return nil, errSize
	}
	whole, over := bits/8, int(bits%8)
	if uint64(len(data)) != whole+uint64(over+7)/8 {
		return nil, errors.New("kupyna: length of the message is not that of its bits")
	}
	d := newDigest(size)
	d.Write(data[:whole])
	var tail [maxTail]byte
	t := d.tail(&tail)
	if over > 0 {
		d.padBits(t, data[whole], over)
	}
	d.blocks(t)
	out := d.output()
	return out[Size512-size:], nil
}

func sum(data []byte, size int) [Size512]byte {
	d := digest{size: size}
	d.Reset()
	d.Write(data)
	return d.finish()
}
