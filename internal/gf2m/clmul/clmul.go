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
	// The top nibble of a, left out below.
	t0, t1, t2, t3 := b&-(a>>60&1), b&-(a>>61&1), b&-(a>>62&1), b&-(a>>63)
	hi = t0>>4 ^ t1>>3 ^ t2>>2 ^ t3>>1
	lo = t0<<60 ^ t1<<61 ^ t2<<62 ^ t3<<63

	a0, a1, a2, a3 := a&(class0&low60), a&(class1&low60), a&(class2&low60), a&(class3&low60)
	b0, b1, b2, b3 := b&class0, b&class1, b&class2, b&class3

	// The order of the products within a class is the one the compiler does best with.
	h, l := bits.Mul64(a1, b3)
	p, q := bits.Mul64(a2, b2)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b1)
	h, l = h^p, l^q
	p, q = bits.Mul64(a0, b0)
	h, l = h^p, l^q
	hi, lo = hi^h&class0, lo^l&class0

	h, l = bits.Mul64(a2, b3)
	p, q = bits.Mul64(a3, b2)
	h, l = h^p, l^q
	p, q = bits.Mul64(a0, b1)
	h, l = h^p, l^q
	p, q = bits.Mul64(a1, b0)
	h, l = h^p, l^q
	hi, lo = hi^h&class1, lo^l&class1

	h, l = bits.Mul64(a3, b3)
	p, q = bits.Mul64(a0, b2)
	h, l = h^p, l^q
	p, q = bits.Mul64(a1, b1)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b0)
	h, l = h^p, l^q
	hi, lo = hi^h&class2, lo^l&class2

	h, l = bits.Mul64(a0, b3)
	p, q = bits.Mul64(a1, b2)
	h, l = h^p, l^q
	p, q = bits.Mul64(a2, b1)
	h, l = h^p, l^q
	p, q = bits.Mul64(a3, b0)
	h, l = h^p, l^q
	hi, lo = hi^h&class3, lo^l&class3
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
