package gost89

import "math/bits"

// Rows is a substitution block in the form for short secret work: row K(i+1) is one word, the
// image of a in bits 4a to 4a+3. A substitution is a shift, so no address depends on the data
// and the time does not either.
type Rows [8]uint64

// Set fills r from a packed block.
func (r *Rows) Set(packed *[PackedSize]byte) {
	for i := range r {
		r[i] = 0
		for a := range 16 {
			r[i] |= uint64(Image(packed, i, a)) << (4 * a)
		}
	}
}

// f is the round function.
func (r *Rows) f(x uint32) uint32 {
	y := uint32(r[0]>>(x<<2&60))&15 |
		uint32(r[1]>>(x>>2&60))&15<<4 |
		uint32(r[2]>>(x>>6&60))&15<<8 |
		uint32(r[3]>>(x>>10&60))&15<<12 |
		uint32(r[4]>>(x>>14&60))&15<<16 |
		uint32(r[5]>>(x>>18&60))&15<<20 |
		uint32(r[6]>>(x>>22&60))&15<<24 |
		uint32(r[7]>>(x>>26&60))&15<<28
	return bits.RotateLeft32(y, 11)
}

// Encrypt encrypts one block.
func (r *Rows) Encrypt(k *Key, n1, n2 uint32) (uint32, uint32) {
	for range 3 {
		n1, n2 = r.forward(k, n1, n2)
	}
	n1, n2 = r.backward(k, n1, n2)
	return n2, n1
}

// Decrypt decrypts one block.
func (r *Rows) Decrypt(k *Key, n1, n2 uint32) (uint32, uint32) {
	n1, n2 = r.forward(k, n1, n2)
	for range 3 {
		n1, n2 = r.backward(k, n1, n2)
	}
	return n2, n1
}

// MAC does the sixteen rounds of the authentication mode.
func (r *Rows) MAC(k *Key, n1, n2 uint32) (uint32, uint32) {
	n1, n2 = r.forward(k, n1, n2)
	return r.forward(k, n1, n2)
}

// forward does eight rounds with the key words in ascending order.
func (r *Rows) forward(k *Key, n1, n2 uint32) (uint32, uint32) {
	for i := 0; i < 8; i += 2 {
		n2 ^= r.f(n1 + k[i])
		n1 ^= r.f(n2 + k[i+1])
	}
	return n1, n2
}

// backward does eight rounds with the key words in descending order.
func (r *Rows) backward(k *Key, n1, n2 uint32) (uint32, uint32) {
	for i := 7; i > 0; i -= 2 {
		n2 ^= r.f(n1 + k[i])
		n1 ^= r.f(n2 + k[i-1])
	}
	return n1, n2
}
