// Package kbkdf is the key derivation function in counter mode of NIST SP 800-108 Rev. 1, section
// 4.1, over HMAC with SHA-256, for the nonces of signatures:
//
//	K(i) = HMAC(key, [i] ‖ label ‖ 00 ‖ context ‖ [L]),  i = 1, 2, …
//
// with i and the length L of the output in bits as four bytes, the highest first. Without the key
// the output cannot be told from random bytes as long as HMAC is a pseudo-random function, the
// strength of which is 256 bits: more than that of the curves of DSTU 4145 (215 for m = 431).
//
// Processors have instructions for SHA-256, and SHA-512 would take as long as the signature.
package kbkdf

import (
	"crypto/sha256"
	"encoding/binary"
)

const (
	size  = sha256.Size
	block = sha256.BlockSize

	// MaxInput bounds label and context together.
	MaxInput = 4*block - block - 4 - 1 - 4
)

// Fill fills out. The time depends on the lengths only, and nothing is allocated: every HMAC is
// two calls of a hash function on a buffer, for which crypto/hmac has no room on the stack.
//
// Within a label, telling the parts of the context from each other is up to the caller. A label
// must not contain zero bytes. More than [MaxInput] bytes of label and context, or an output that
// the counter or [L] cannot count, is a mistake in the program, and Fill panics.
func Fill(out, key, label, context []byte) {
	if len(label)+len(context) > MaxInput || uint64(len(out)) >= 1<<29 {
		panic("kbkdf: too long")
	}
	var inner [4 * block]byte
	var outer [block + size]byte
	if len(key) > block {
		sum := sha256.Sum256(key)
		copy(inner[:block], sum[:])
	} else {
		copy(inner[:block], key)
	}
	for i := range block {
		outer[i] = inner[i] ^ 0x5c
		inner[i] ^= 0x36
	}
	msg := append(inner[:block+4], label...)
	msg = append(msg, 0)
	msg = append(msg, context...)
	msg = binary.BigEndian.AppendUint32(msg, 8*uint32(len(out)))
	for i := uint32(1); len(out) > 0; i++ {
		binary.BigEndian.PutUint32(msg[block:], i)
		sum := sha256.Sum256(msg)
		copy(outer[block:], sum[:])
		sum = sha256.Sum256(outer[:])
		out = out[copy(out, sum[:]):]
	}
}
