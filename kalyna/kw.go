package kalyna

import (
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"slices"
)

// ErrUnwrap is the only error of the unwrapping functions: a wrong length, a wrong key, or damaged
// data.
var ErrUnwrap = errors.New("kalyna: key unwrap failed")

var (
	errWrapWhole = errors.New("kalyna: key to wrap is not whole blocks, or none")
	errWrapPart  = errors.New("kalyna: key to wrap by the padded mode is whole blocks, or none")
)

// KW is the mode that protects keys (захист ключових даних, DSTU 7624:2014 clause 15): KW for keys
// of whole blocks, and KW-p for others. It is safe for concurrent use, and takes the same time for
// all keys of one length, on every processor.
//
// There is no IV: equal keys give equal results. A result does not tell which of the two modes made
// it. It is not the key wrap of CMS, which is [Wrap].
type KW struct{ s *schedule }

// NewKW returns the mode over the cipher with blocks of blockSize bytes, 16, 32 or 64, under the
// key kek, the lengths of which are those of [New128], [New256] and [New512].
func NewKW(blockSize int, kek []byte) (*KW, error) {
	s, err := newSchedule(blockSize, kek, true)
	if err != nil {
		return nil, err
	}
	return &KW{s}, nil
}

// Wrap protects key, which is one or more whole blocks; other lengths are errors. The result is a
// new slice, one block longer.
func (w *KW) Wrap(key []byte) ([]byte, error) {
	size := w.s.BlockSize()
	if len(key) == 0 || len(key)%size != 0 {
		return nil, errWrapWhole
	}
	out := make([]byte, len(key)+size)
	copy(out, key)
	w.wrap(out)
	return out, nil
}

// Unwrap recovers what [KW.Wrap] protected, in a new slice. Every failure is [ErrUnwrap].
func (w *KW) Unwrap(wrapped []byte) ([]byte, error) {
	size := w.s.BlockSize()
	n := len(wrapped) - size
	if n < size || n%size != 0 {
		return nil, ErrUnwrap
	}
	out := slices.Clone(wrapped)
	if w.unwrap(out) != 1 {
		clear(out)
		return nil, ErrUnwrap
	}
	return out[:n:n], nil
}

// WrapPadded protects key, which is not whole blocks, by the mode KW-p; whole blocks and the empty
// key are errors. The result is a new slice of up to two and a half blocks more.
//
// To key its length in bits is appended, in half a block, and then the padding of [Pad], which is a
// whole block if none would be needed: other implementations add none there, and cannot unwrap.
func (w *KW) WrapPadded(key []byte) ([]byte, error) {
	size := w.s.BlockSize()
	if len(key)%size == 0 {
		return nil, errWrapPart
	}
	n := len(key) + size/2
	out := make([]byte, roundUp(n+1, size)+size)
	copy(out, key)
	bitLength(out[len(key):], len(key))
	out[n] = padMarker
	w.wrap(out)
	return out, nil
}

// UnwrapPadded recovers what [KW.WrapPadded] protected, in a new slice. Every failure is
// [ErrUnwrap].
func (w *KW) UnwrapPadded(wrapped []byte) ([]byte, error) {
	size := w.s.BlockSize()
	n := len(wrapped) - size
	if n < size || n%size != 0 {
		return nil, ErrUnwrap
	}
	out := slices.Clone(wrapped)
	ok := w.unwrap(out)
	pad, padded := padding(out[n-size : n])
	// A key of one byte or more, half a block of length, padding: every length of padding is tried.
	end, good := 0, 0
	for p := 1; p <= size && n-p-size/2 > 0; p++ {
		at := n - p - size/2
		if at%size == 0 {
			continue // a key of whole blocks, which the other mode protects
		}
		var length [BlockSize512 / 2]byte
		bitLength(length[:], at)
		hit := subtle.ConstantTimeEq(int32(p), int32(pad)) &
			subtle.ConstantTimeCompare(length[:size/2], out[at:at+size/2])
		end = subtle.ConstantTimeSelect(hit, at, end)
		good |= hit
	}
	if ok&padded&good != 1 {
		clear(out)
		return nil, ErrUnwrap
	}
	return out[:end:end], nil
}

// bitLength writes the length of n bytes in bits; behind it b is zeros.
func bitLength(b []byte, n int) {
	binary.LittleEndian.PutUint64(b, uint64(n)<<3)
}

// wrap runs the mode over b in place, the last block of which is zeros. The standard shifts the list
// of half-blocks b2 to bn by one at every step; here the place of b2 moves instead.
func (w *KW) wrap(b []byte) {
	size := w.s.BlockSize()
	half := size / 2
	list := b[half:]
	var x [BlockSize512]byte
	copy(x[:half], b)
	steps, at := 6*(len(list)/half), 0
	for j := 1; j <= steps; j++ {
		second := list[at : at+half]
		copy(x[half:size], second)
		w.s.encryptBlock(x[:size], x[:size])
		copy(second, x[:half])
		copy(x[:half], x[half:size])
		xorStep(x[:], j)
		at = (at + half) % len(list)
	}
	copy(b, x[:half])
}

// unwrap is the inverse of wrap; it returns 1 if the last block becomes zeros, and 0 otherwise.
func (w *KW) unwrap(b []byte) int {
	size := w.s.BlockSize()
	half := size / 2
	list := b[half:]
	var x [BlockSize512]byte
	copy(x[:half], b)
	at := 0
	for j := 6 * (len(list) / half); j >= 1; j-- {
		at = (at + len(list) - half) % len(list)
		second := list[at : at+half]
		xorStep(x[:], j)
		copy(x[half:size], x[:half])
		copy(x[:half], second)
		w.s.decryptBlock(x[:size], x[:size])
		copy(second, x[half:size])
	}
	copy(b, x[:half])
	var zero [BlockSize512]byte
	return subtle.ConstantTimeCompare(b[len(b)-size:], zero[:size])
}

// xorStep xors the number of a step into the beginning of a half-block.
func xorStep(x []byte, j int) {
	binary.LittleEndian.PutUint64(x, binary.LittleEndian.Uint64(x)^uint64(j))
}
