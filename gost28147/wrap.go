package gost28147

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ukrcrypto/dstu/internal/gost89"
)

// WrappedSize is the length of a wrapped key in bytes.
const WrappedSize = BlockSize + KeySize + MACSize

// ErrUnwrap is the only error of [Unwrap]: a wrong length, a wrong key, a wrong substitution
// block, or damaged data.
var ErrUnwrap = errors.New("gost28147: key unwrap failed")

// wrapIV is the fixed IV of the outer layer.
var wrapIV = [BlockSize]byte{0x4a, 0xdd, 0xa2, 0x2c, 0x79, 0xe8, 0x21, 0x05}

// newKey reads the words of a key.
func newKey(key []byte) (k gost89.Key, err error) {
	if len(key) != KeySize {
		return k, KeySizeError(len(key))
	}
	for i := range k {
		k[i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	return k, nil
}

// Wrap protects the key cek under kek (захист ключа, order No 108/22640 of 14.01.2013, OID
// 1.2.804.2.1.1.1.1.1.1.5), both of [KeySize] bytes, with the substitution block s; nil is
// DKE No 1. The result is a new slice of [WrappedSize] bytes. The random IV of 8 bytes is read
// from random; nil is [crypto/rand.Reader]. A key of another length is a [KeySizeError]; a failed
// read is an error.
//
// The check value has four bytes, so a forged result passes with probability 2^-32: do not rely
// on it as the only authentication. Wrap runs in constant time.
func Wrap(random io.Reader, kek, cek []byte, s *SBox) ([]byte, error) {
	k, err := newKey(kek)
	if err != nil {
		return nil, err
	}
	if len(cek) != KeySize {
		return nil, KeySizeError(len(cek))
	}
	if random == nil {
		random = rand.Reader
	}
	out := make([]byte, WrappedSize)
	if _, err := io.ReadFull(random, out[:BlockSize]); err != nil {
		return nil, fmt.Errorf("gost28147: reading the IV of a key wrap: %w", err)
	}
	rows := s.get().Rows()
	iv, body := [BlockSize]byte(out), out[BlockSize:]
	icv := checkValue(rows, &k, cek)
	copy(body, cek)
	copy(body[KeySize:], icv[:])
	encryptCFB(rows, &k, iv, body)
	slices.Reverse(out)
	encryptCFB(rows, &k, wrapIV, out)
	return out, nil
}

// Unwrap recovers the key of [KeySize] bytes that [Wrap] protected under kek with the same
// substitution block; nil is DKE No 1. The result is a new slice. Every failure is [ErrUnwrap].
// Unwrap runs in constant time.
func Unwrap(kek, wrapped []byte, s *SBox) ([]byte, error) {
	k, err := newKey(kek)
	if err != nil || len(wrapped) != WrappedSize {
		return nil, ErrUnwrap
	}
	rows := s.get().Rows()
	t := slices.Clone(wrapped)
	decryptCFB(rows, &k, wrapIV, t)
	slices.Reverse(t)
	iv, body := [BlockSize]byte(t), t[BlockSize:]
	decryptCFB(rows, &k, iv, body)
	icv := checkValue(rows, &k, body[:KeySize])
	if subtle.ConstantTimeCompare(icv[:], body[KeySize:]) != 1 {
		clear(t)
		return nil, ErrUnwrap
	}
	return body[:KeySize:KeySize], nil
}

// checkValue is the authentication code of a key, without tables.
func checkValue(r *gost89.Rows, k *gost89.Key, key []byte) [MACSize]byte {
	var n1, n2 uint32
	for ; len(key) > 0; key = key[BlockSize:] {
		b := gost89.Load(key)
		n1, n2 = r.MAC(k, n1^b[0], n2^b[1])
	}
	var tag [BlockSize]byte
	gost89.Block{n1, n2}.Store(tag[:])
	return [MACSize]byte(tag[:])
}

// gamma encrypts a register.
func gamma(r *gost89.Rows, k *gost89.Key, reg *[BlockSize]byte) {
	b := gost89.Load(reg[:])
	b[0], b[1] = r.Encrypt(k, b[0], b[1])
	b.Store(reg[:])
}

// encryptCFB is the feedback mode in place, without tables.
func encryptCFB(r *gost89.Rows, k *gost89.Key, reg [BlockSize]byte, b []byte) {
	for len(b) > 0 {
		gamma(r, k, &reg)
		n := subtle.XORBytes(b, b, reg[:])
		copy(reg[:], b[:n])
		b = b[n:]
	}
}

// decryptCFB is the inverse of encryptCFB.
func decryptCFB(r *gost89.Rows, k *gost89.Key, reg [BlockSize]byte, b []byte) {
	for len(b) > 0 {
		g := reg
		gamma(r, k, &g)
		n := copy(reg[:], b)
		subtle.XORBytes(b, b, g[:])
		b = b[n:]
	}
}
