// Package clmul is carry-less multiplication of 64-bit words, that is multiplication of
// polynomials over GF(2) of degree below 64, in portable Go.
//
// Nothing here branches or indexes memory by the value of an argument. The product is made of
// integer products of operands "with holes": only every fourth bit of a factor is kept, so
// that a column of the integer product sums at most 15 ones, and its lowest bit, the sum
// modulo 2, stays clear of the carries of its neighbours. Go's bits.Mul64 is constant time on
// the targets where the processor's multiplication is.
package clmul

import "math/bits"

const (
	class0 = 0x1111111111111111 // the bits of degree 0 modulo 4
	class1 = class0 << 1
	class2 = class0 << 2
	class3 = class0 << 3
	low60  = 1<<60 - 1 // 15 bits of each class: a column cannot reach 16
)

// Mul returns the carry-less product of a and b.
func Mul(a, b uint64) (hi, lo uint64) {
	a0, a1, a2, a3 := a&(class0&low60), a&(class1&low60), a&(class2&low60), a&(class3&low60)
	b0, b1, b2, b3 := b&class0, b&class1, b&class2, b&class3

	h, l := bits.Mul64(a0, b0)
	p, q := bits.Mul64(a1, b3)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b2)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b1)
	hi, lo = (h^p)&class0, (l^q)&class0

	h, l = bits.Mul64(a0, b1)
	p, q = bits.Mul64(a1, b0)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b3)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b2)
	hi, lo = hi|(h^p)&class1, lo|(l^q)&class1

	h, l = bits.Mul64(a0, b2)
	p, q = bits.Mul64(a1, b1)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b0)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b3)
	hi, lo = hi|(h^p)&class2, lo|(l^q)&class2

	h, l = bits.Mul64(a0, b3)
	p, q = bits.Mul64(a1, b2)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b1)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b0)
	hi, lo = hi|(h^p)&class3, lo|(l^q)&class3

	// The top nibble of a, left out above.
	t := b & -(a >> 60 & 1)
	hi, lo = hi^t>>4, lo^t<<60
	t = b & -(a >> 61 & 1)
	hi, lo = hi^t>>3, lo^t<<61
	t = b & -(a >> 62 & 1)
	hi, lo = hi^t>>2, lo^t<<62
	t = b & -(a >> 63)
	hi, lo = hi^t>>1, lo^t<<63
	return hi, lo
}

// MulAdd returns the sum of the carry-less products a·b and c·d.
func MulAdd(a, b, c, d uint64) (hi, lo uint64) {
	a0, a1, a2, a3 := a&(class0&low60), a&(class1&low60), a&(class2&low60), a&(class3&low60)
	b0, b1, b2, b3 := b&class0, b&class1, b&class2, b&class3
	c0, c1, c2, c3 := c&(class0&low60), c&(class1&low60), c&(class2&low60), c&(class3&low60)
	d0, d1, d2, d3 := d&class0, d&class1, d&class2, d&class3

	h, l := bits.Mul64(a0, b0)
	p, q := bits.Mul64(a1, b3)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b2)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b1)
	h, l = h^p, l^q
	p, q = bits.Mul64(c0, d0)
	h, l = h^p, l^q
	p, q = bits.Mul64(c1, d3)
	h, l = h^p, l^q
	p, q = bits.Mul64(c2, d2)
	h, l = h^p, l^q
	p, q = bits.Mul64(c3, d1)
	hi, lo = (h^p)&class0, (l^q)&class0

	h, l = bits.Mul64(a0, b1)
	p, q = bits.Mul64(a1, b0)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b3)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b2)
	h, l = h^p, l^q
	p, q = bits.Mul64(c0, d1)
	h, l = h^p, l^q
	p, q = bits.Mul64(c1, d0)
	h, l = h^p, l^q
	p, q = bits.Mul64(c2, d3)
	h, l = h^p, l^q
	p, q = bits.Mul64(c3, d2)
	hi, lo = hi|(h^p)&class1, lo|(l^q)&class1

	h, l = bits.Mul64(a0, b2)
	p, q = bits.Mul64(a1, b1)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b0)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b3)
	h, l = h^p, l^q
	p, q = bits.Mul64(c0, d2)
	h, l = h^p, l^q
	p, q = bits.Mul64(c1, d1)
	h, l = h^p, l^q
	p, q = bits.Mul64(c2, d0)
	h, l = h^p, l^q
	p, q = bits.Mul64(c3, d3)
	hi, lo = hi|(h^p)&class2, lo|(l^q)&class2

	h, l = bits.Mul64(a0, b3)
	p, q = bits.Mul64(a1, b2)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b1)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b0)
	h, l = h^p, l^q
	p, q = bits.Mul64(c0, d3)
	h, l = h^p, l^q
	p, q = bits.Mul64(c1, d2)
	h, l = h^p, l^q
	p, q = bits.Mul64(c2, d1)
	h, l = h^p, l^q
	p, q = bits.Mul64(c3, d0)
	hi, lo = hi|(h^p)&class3, lo|(l^q)&class3

	t := b&-(a>>60&1) ^ d&-(c>>60&1)
	hi, lo = hi^t>>4, lo^t<<60
	t = b&-(a>>61&1) ^ d&-(c>>61&1)
	hi, lo = hi^t>>3, lo^t<<61
	t = b&-(a>>62&1) ^ d&-(c>>62&1)
	hi, lo = hi^t>>2, lo^t<<62
	t = b&-(a>>63&1) ^ d&-(c>>63&1)
	hi, lo = hi^t>>1, lo^t<<63
	return hi, lo
}

// Spread returns the carry-less square of x: bit i of x at bit 2i.
func Spread(x uint32) uint64 {
	v := uint64(x)
	v = (v | v<<16) & 0x0000ffff0000ffff
	v = (v | v<<8) & 0x00ff00ff00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f0f0f0f0f
	v = (v | v<<2) & 0x3333333333333333
	v = (v | v<<1) & 0x5555555555555555
	return v
}

// Squeeze inverts [Spread]: bit 2i of v at bit i; the odd bits of v are dropped.
func Squeeze(v uint64) uint32 {
	v &= 0x5555555555555555
	v = (v | v>>1) & 0x3333333333333333
	v = (v | v>>2) & 0x0f0f0f0f0f0f0f0f
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return uint32(v | v>>16)
}
