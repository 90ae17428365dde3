// Package drbg is HMAC_DRBG of NIST SP 800-90A Rev. 1, section 10.1.2, over SHA-256, for the
// nonces of signatures. Its strength is 256 bits, which is more than that of the curves of the
// standard (215 bits for m = 431).
// Processors have instructions for SHA-256, and SHA-512 would take longer than the signature.
//
// A generator is instantiated for one signature and serves one request of up to 64 KiB, which
// may be read piece by piece; there is no reseeding. Time depends on lengths only, and nothing is
// allocated as long as the generator stays on the stack.
package drbg

import "crypto/sha256"

const (
	size       = sha256.Size
	block      = sha256.BlockSize
	maxRequest = 1 << 16 // bytes: max_number_of_bits_per_request = 2^19, table 2
)

// DRBG is a generator. The zero value is not usable; see [New].
type DRBG struct {
	k, v [size]byte
	pos  int // bytes of v already given out
	left int // bytes that the request may still take
}

// New instantiates a generator. The seed material is the concatenation of the parts: entropy
// input, nonce and personalization string. Separating parts of variable length from each other
// is up to the caller. It must not be empty.
func New(seed ...[]byte) DRBG {
	d := DRBG{pos: size, left: maxRequest}
	for i := range d.v {
		d.v[i] = 1
	}
	for round := range 2 {
		d.k = d.hmac([]byte{byte(round)}, seed)
		d.v = d.hmac(nil, nil)
	}
	return d
}

// Fill fills p with the next bytes of the request. More than 64 KiB in all is a mistake in the
// program, and Fill panics.
func (d *DRBG) Fill(p []byte) {
	if len(p) > d.left {
		panic("drbg: request too long")
	}
	d.left -= len(p)
	for len(p) > 0 {
		if d.pos == size {
			d.v = d.hmac(nil, nil)
			d.pos = 0
		}
		n := copy(p, d.v[d.pos:])
		d.pos += n
		p = p[n:]
	}
}

// hmac returns HMAC(k, v ‖ sep ‖ parts). crypto/hmac is not used because it allocates. What fits
// a buffer is hashed in one call, which is quicker than piece by piece.
func (d *DRBG) hmac(sep []byte, parts [][]byte) (sum [size]byte) {
	var buf [6 * block]byte
	copy(buf[:], d.k[:])
	for i := range block {
		buf[i] ^= 0x36
	}
	n := block + copy(buf[block:], d.v[:])
	n += copy(buf[n:], sep)
	total := n
	for _, p := range parts {
		total += len(p)
	}
	if total <= len(buf) {
		for _, p := range parts {
			n += copy(buf[n:], p)
		}
		sum = sha256.Sum256(buf[:n])
	} else {
		inner := sha256.New()
		inner.Write(buf[:n])
		for _, p := range parts {
			inner.Write(p)
		}
		inner.Sum(sum[:0])
	}

	for i := range block {
		buf[i] ^= 0x36 ^ 0x5c
	}
	copy(buf[block:], sum[:])
	return sha256.Sum256(buf[:block+size])
}
