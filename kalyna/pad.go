package kalyna

import (
	"crypto/subtle"
	"errors"
)

// padMarker is a one bit and seven zero bits.
const padMarker = 0x80

// errPadding is the only error of Unpad.
var errPadding = errors.New("kalyna: invalid padding")

// Pad appends the padding of the standard (доповнення, DSTU 7624:2014 annex B) to msg: a byte 80,
// then zero bytes up to a multiple of blockSize; a message of whole blocks grows by a block. It
// returns the longer slice and may write into the capacity of msg. blockSize is 16, 32 or 64;
// another panics.
//
// The standard pads a message for the chaining mode only if it is not whole blocks, so the receiver
// has to know whether it was.
func Pad(msg []byte, blockSize int) []byte {
	checkBlockSize(blockSize)
	msg = append(msg, padMarker)
	return append(msg, make([]byte, roundUp(len(msg), blockSize)-len(msg))...)
}

// Unpad returns padded without the padding of [Pad]. If it has no padding in the last block, is
// not whole blocks or holds nothing but padding, Unpad returns an error. Its time depends only on
// the length of padded; but what a caller does with the answer about a message that is not
// authenticated may tell an attacker the plaintext.
func Unpad(padded []byte, blockSize int) ([]byte, error) {
	checkBlockSize(blockSize)
	if len(padded) == 0 || len(padded)%blockSize != 0 {
		return nil, errPadding
	}
	n, ok := padding(padded[len(padded)-blockSize:])
	if len(padded) == blockSize { // something must remain
		ok &^= subtle.ConstantTimeEq(int32(n), int32(blockSize))
	}
	if ok != 1 {
		return nil, errPadding
	}
	return padded[:len(padded)-n], nil
}

func checkBlockSize(n int) {
	if n != BlockSize128 && n != BlockSize256 && n != BlockSize512 {
		panic("kalyna: block size is not 16, 32 or 64 bytes")
	}
}

// padding finds the length of the padding at the end of a block, in constant time; ok is 0 if
// there is none.
func padding(block []byte) (n, ok int) {
	zeros := 1 // 1 while only zero bytes were seen
	for i := range block {
		b := block[len(block)-1-i]
		here := zeros & subtle.ConstantTimeByteEq(b, padMarker)
		n = subtle.ConstantTimeSelect(here, i+1, n)
		ok |= here
		zeros &= subtle.ConstantTimeByteEq(b, 0)
	}
	return n, ok
}
