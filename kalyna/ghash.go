package kalyna

import (
	"crypto/subtle"
	"encoding/binary"

	"github.com/ukrcrypto/dstu/internal/gf2m/clmul"
)

// newHashKey returns the key of the polynomial hash of GCM and GMAC: T(0), an element of GF(2^l) where
// l is the length of a block. Bit i of a block, taken as a little-endian number, is the coefficient
// of x^i. The fields are modulo
//
//	x^128 + x^7 + x^2 + x + 1, x^256 + x^10 + x^5 + x^2 + 1, x^512 + x^8 + x^5 + x^2 + 1.
//
// Nothing here branches or reads memory by its value.
func newHashKey(s *schedule) *hashKey {
	k := &hashKey{columns: s.columns}
	var b [BlockSize512]byte
	s.encryptBlock(b[:s.BlockSize()], b[:s.BlockSize()])
	for j := range k.columns {
		k.h[j] = binary.LittleEndian.Uint64(b[8*j:])
	}
	k.prepare()
	return k
}

// blocks adds whole blocks to the state: b = (b xor block) * h for each.
func (k *hashKey) blocks(b *[8]uint64, p []byte) {
	p = p[bulkHash(k, b, p):]
	for size := 8 * k.columns; len(p) >= size; p = p[size:] {
		for j := range k.columns {
			b[j] ^= binary.LittleEndian.Uint64(p[8*j:])
		}
		k.multiply(b)
	}
}

// padded adds p, padded if it is not whole blocks.
func (k *hashKey) padded(b *[8]uint64, p []byte) {
	size := 8 * k.columns
	whole := len(p) &^ (size - 1)
	k.blocks(b, p[:whole])
	if p = p[whole:]; len(p) > 0 {
		var last [BlockSize512]byte
		last[copy(last[:], p)] = padMarker
		k.blocks(b, last[:size])
	}
}

// finish encrypts the state with the lengths, in bytes, of open and secret data.
func (k *hashKey) finish(s *schedule, tag *[BlockSize512]byte, b *[8]uint64, open, secret uint64) {
	var lengths [BlockSize512]byte
	size := 8 * k.columns
	for i, n := range [2]uint64{open, secret} { // in bits, each in half a block
		binary.LittleEndian.PutUint64(lengths[i*size/2:], n<<3)
		if size > BlockSize128 {
			binary.LittleEndian.PutUint64(lengths[i*size/2+8:], n>>61)
		}
	}
	for j := range k.columns {
		binary.LittleEndian.PutUint64(tag[8*j:], b[j])
	}
	subtle.XORBytes(tag[:size], tag[:size], lengths[:size])
	s.encryptBlock(tag[:size], tag[:size])
}

// multiply sets b to b * h.
func (k *hashKey) multiply(b *[8]uint64) {
	var z [16]uint64
	c := k.columns
	switch c {
	case 2:
		multiply2((*[4]uint64)(z[:]), (*[2]uint64)(b[:]), (*[2]uint64)(k.h[:]))
		reduce(b, &z, c, 1, 2, 7)
	case 4:
		multiply4((*[8]uint64)(z[:]), (*[4]uint64)(b[:]), (*[4]uint64)(k.h[:]))
		reduce(b, &z, c, 2, 5, 10)
	default:
		multiply8(&z, b, &k.h)
		reduce(b, &z, c, 2, 5, 8)
	}
}

// reduce sets the first c words of b to the 2c words of z modulo
// x^(64c) + x^e3 + x^e2 + x^e1 + 1.
func reduce(b *[8]uint64, z *[16]uint64, c int, e1, e2, e3 uint) {
	var over uint64 // what the upper half times the low terms has above the lower half
	for j := range c {
		x := z[c+j]
		z[j] ^= x ^ x<<e1 ^ x<<e2 ^ x<<e3 ^ over
		over = x>>(64-e1) ^ x>>(64-e2) ^ x>>(64-e3)
	}
	z[0] ^= over ^ over<<e1 ^ over<<e2 ^ over<<e3
	copy(b[:c], z[:c])
}

// multiply2 sets z to the carry-less product of x and y, by the rule of Karatsuba.
func multiply2(z *[4]uint64, x, y *[2]uint64) {
	h0, l0 := clmul.Mul(x[0], y[0])
	h1, l1 := clmul.Mul(x[1], y[1])
	h, l := clmul.Mul(x[0]^x[1], y[0]^y[1])
	l ^= l0 ^ l1
	h ^= h0 ^ h1
	*z = [4]uint64{l0, h0 ^ l, l1 ^ h, h1}
}

// multiply4 is multiply2 for twice the length.
func multiply4(z *[8]uint64, x, y *[4]uint64) {
	var low, high, both [4]uint64
	multiply2(&low, (*[2]uint64)(x[:]), (*[2]uint64)(y[:]))
	multiply2(&high, (*[2]uint64)(x[2:]), (*[2]uint64)(y[2:]))
	multiply2(&both, &[2]uint64{x[0] ^ x[2], x[1] ^ x[3]}, &[2]uint64{y[0] ^ y[2], y[1] ^ y[3]})
	copy(z[:], low[:])
	copy(z[4:], high[:])
	for j := range both {
		z[j+2] ^= both[j] ^ low[j] ^ high[j]
	}
}

// multiply8 is multiply4 for twice the length.
func multiply8(z *[16]uint64, x, y *[8]uint64) {
	var low, high, both [8]uint64
	var u, v [4]uint64
	for j := range u {
		u[j], v[j] = x[j]^x[j+4], y[j]^y[j+4]
	}
	multiply4(&low, (*[4]uint64)(x[:]), (*[4]uint64)(y[:]))
	multiply4(&high, (*[4]uint64)(x[4:]), (*[4]uint64)(y[4:]))
	multiply4(&both, &u, &v)
	copy(z[:], low[:])
	copy(z[8:], high[:])
	for j := range both {
		z[j+4] ^= both[j] ^ low[j] ^ high[j]
	}
}
