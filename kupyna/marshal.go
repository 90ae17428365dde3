package kupyna

import (
	"encoding/binary"
	"errors"
)

// A marshalled state is the magic, the digest size, the words of h, len, and the bytes that wait
// for their block. Words are big-endian.
const magic = "kup\x01"

var errState = errors.New("kupyna: invalid hash state")

func (d *digest) MarshalBinary() ([]byte, error) {
	return d.AppendBinary(make([]byte, 0, len(magic)+1+2*maxBlock+8))
}

func (d *digest) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, magic...)
	b = append(b, byte(d.size))
	size := d.BlockSize()
	for _, w := range d.h[:size/8] {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	b = binary.BigEndian.AppendUint64(b, d.len)
	return append(b, d.buf[:d.len%uint64(size)]...), nil
}

// UnmarshalBinary refuses, without a change to d, what is not a state of a hash of the same size.
func (d *digest) UnmarshalBinary(b []byte) error {
	size := d.BlockSize()
	if len(b) < len(magic)+1+size+8 || string(b[:len(magic)]) != magic {
		return errState
	}
	if b[len(magic)] != byte(d.size) {
		return errors.New("kupyna: hash state is of another digest size")
	}
	b = b[len(magic)+1:]
	length := binary.BigEndian.Uint64(b[size:])
	rest := b[size+8:]
	if uint64(len(rest)) != length%uint64(size) {
		return errState
	}
	for i := range size / 8 {
		d.h[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	d.len = length
	copy(d.buf[:], rest)
	return nil
}
