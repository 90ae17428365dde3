package gost34311

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/ukrcrypto/dstu/gost28147"
)

// A marshalled state is the magic, the packed substitution block, h, sum and len, and the
// len mod 32 bytes that wait for their block. Numbers are big-endian words, the highest first.
const (
	magic     = "g34\x01"
	stateSize = len(magic) + gost28147.SBoxSize + 2*Size + 8
)

var errState = errors.New("gost34311: invalid hash state")

func (d *digest) MarshalBinary() ([]byte, error) {
	return d.AppendBinary(make([]byte, 0, stateSize+BlockSize))
}

func (d *digest) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, magic...)
	b = append(b, d.sbox.Packed()[:]...)
	for _, n := range [][4]uint64{d.h, d.sum} {
		for i := range n {
			b = binary.BigEndian.AppendUint64(b, n[3-i])
		}
	}
	b = binary.BigEndian.AppendUint64(b, d.len)
	return append(b, d.buf[:d.len%BlockSize]...), nil
}

// UnmarshalBinary refuses, without a change to d, what is not a state of a hash with the same
// substitution block.
func (d *digest) UnmarshalBinary(b []byte) error {
	if len(b) < stateSize || string(b[:len(magic)]) != magic {
		return errState
	}
	b = b[len(magic):]
	if !bytes.Equal(b[:gost28147.SBoxSize], d.sbox.Packed()[:]) {
		return errors.New("gost34311: hash state is of another substitution block")
	}
	b = b[gost28147.SBoxSize:]
	length := binary.BigEndian.Uint64(b[2*Size:])
	rest := b[2*Size+8:]
	if uint64(len(rest)) != length%BlockSize {
		return errState
	}
	for i := range 4 {
		d.h[3-i] = binary.BigEndian.Uint64(b[8*i:])
		d.sum[3-i] = binary.BigEndian.Uint64(b[Size+8*i:])
	}
	d.len = length
	copy(d.buf[:], rest)
	return nil
}
