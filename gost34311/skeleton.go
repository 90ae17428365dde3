// Package gost34311 implements the hash function of GOST 34.311-95.
package gost34311

import (
	"hash"

	"github.com/ukrcrypto/dstu/gost28147"
)

const (
	Size      = 32 // bytes of a digest
	BlockSize = 32 // bytes of a block
)

type digest struct{}

func (*digest) Write(p []byte) (int, error) { return len(p), nil }
func (*digest) Sum(b []byte) []byte         { return append(b, make([]byte, Size)...) }
func (*digest) Reset()                      {}
func (*digest) Size() int                   { return Size }
func (*digest) BlockSize() int              { return BlockSize }

// New returns the hash with DKE No 1 and the zero start vector.
func New() hash.Hash { return new(digest) }

// NewSBox returns the hash with the substitution block s; nil means DKE No 1.
func NewSBox(s *gost28147.SBox) hash.Hash { return new(digest) }

// Sum returns the digest of data with DKE No 1.
func Sum(data []byte) [Size]byte { return [Size]byte{} }

// SumSBox returns the digest of data with the substitution block s; nil means DKE No 1.
func SumSBox(data []byte, s *gost28147.SBox) [Size]byte { return [Size]byte{} }
