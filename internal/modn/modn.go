// Package modn is arithmetic modulo the odd order of a group, up to nine 64-bit words.
//
// Every function runs in time that depends on the modulus and on the lengths of its arguments
// only: operands are secret, moduli are public. Operands and results go by value, nothing is
// allocated. There is no inversion, because DSTU 4145 needs none.
package modn

import (
	"encoding/binary"
	"math/bits"
)

// MaxWords is the number of words of an operand.
const MaxWords = 9

// Words is a number, least significant 64-bit word first.
type Words = [MaxWords]uint64

// Modulus is an odd modulus with what Montgomery multiplication needs. It is immutable and safe
// for concurrent use.
type Modulus struct {
	n    Words
	w    int    // words in use
	bits int    // bit length of n
	n0   uint64 // -1/n mod 2^64
	rr   Words  // R^2 mod n, R = 2^(64w)
	next Words  // 2^64·R mod n: a Montgomery product with it shifts by one word
}

// New prepares arithmetic modulo n, which must be odd and longer than 64 bits. Anything else is
// a mistake in the program, and New panics.
func New(n Words) *Modulus {
	m := &Modulus{n: n}
	for i, v := range n {
		if v != 0 {
			m.w, m.bits = i+1, 64*i+bits.Len64(v)
		}
	}
	if n[0]&1 == 0 || m.bits <= 64 {
		panic("modn: modulus is even or shorter than two words")
	}

	// Newton iteration: each step doubles the number of correct low bits, from three.
	inv := n[0]
	for range 5 {
		inv *= 2 - n[0]*inv
	}
	m.n0 = -inv

	x := Words{1}
	for i := 1; i <= 128*m.w; i++ {
		x = m.Add(x, x)
		if i == 64*(m.w+1) {
			m.next = x
		}
	}
	m.rr = x
	return m
}

// BitLen returns the bit length of the modulus.
func (m *Modulus) BitLen() int { return m.bits }

// Order returns the modulus.
func (m *Modulus) Order() Words { return m.n }

// MulAdd returns e + d·r mod n. Operands must be below n.
func (m *Modulus) MulAdd(e, d, r Words) (z Words) {
	m.montMul(&z, &d, &r)
	m.montMul(&z, &z, &m.rr)
	m.add(&z, &z, &e)
	return z
}

// Mul returns a·b mod n. Operands must be below n.
func (m *Modulus) Mul(a, b Words) (z Words) {
	m.montMul(&z, &a, &b)
	m.montMul(&z, &z, &m.rr)
	return z
}

// Add returns a + b mod n. Operands must be below n.
func (m *Modulus) Add(a, b Words) (z Words) {
	m.add(&z, &a, &b)
	return z
}

// add sets z = a + b mod n. The words in use are written, here and in what follows.
func (m *Modulus) add(z, a, b *Words) {
	var sum Words
	var c uint64
	for i := range m.w {
		sum[i], c = bits.Add64(a[i], b[i], c)
	}
	m.reduceOnce(z, &sum, c)
}

// Neg returns -a mod n. The operand must be below n.
func (m *Modulus) Neg(a Words) Words {
	var z Words
	var c, any uint64
	for i := range m.w {
		z[i], c = bits.Sub64(m.n[i], a[i], c)
		any |= a[i]
	}
	mask := -nonZero(any) // -0 is 0, not n
	for i := range z {
		z[i] &= mask
	}
	return z
}

// Reduce returns w mod n for any w.
func (m *Modulus) Reduce(w Words) (z Words) {
	for i := MaxWords - 1; i >= 0; i-- {
		m.shiftIn(&z, w[i])
	}
	return z
}

// ReduceBytes returns the big-endian number b of any length modulo n.
func (m *Modulus) ReduceBytes(b []byte) (z Words) {
	if head := len(b) % 8; head != 0 {
		var first uint64
		for _, v := range b[:head] {
			first = first<<8 | uint64(v)
		}
		m.shiftIn(&z, first)
		b = b[head:]
	}
	for ; len(b) > 0; b = b[8:] {
		m.shiftIn(&z, binary.BigEndian.Uint64(b))
	}
	return z
}

// shiftIn sets z to z·2^64 + v mod n.
func (m *Modulus) shiftIn(z *Words, v uint64) {
	m.montMul(z, z, &m.next)
	m.add(z, z, &Words{v})
}

// InRange returns 1 if 0 < w < n and 0 otherwise, for any w.
func (m *Modulus) InRange(w Words) uint64 { return Less(w, m.n) &^ IsZero(w) }

// Less returns 1 if a < b and 0 otherwise.
func Less(a, b Words) uint64 {
	var c uint64
	for i := range a {
		_, c = bits.Sub64(a[i], b[i], c)
	}
	return c
}

// IsZero returns 1 if w = 0 and 0 otherwise.
func IsZero(w Words) uint64 {
	var any uint64
	for _, v := range w {
		any |= v
	}
	return 1 ^ nonZero(any)
}

// Equal returns 1 if a = b and 0 otherwise.
func Equal(a, b Words) uint64 {
	var diff uint64
	for i := range a {
		diff |= a[i] ^ b[i]
	}
	return 1 ^ nonZero(diff)
}

// nonZero returns 1 if v is not 0 and 0 otherwise.
func nonZero(v uint64) uint64 { return (v | -v) >> 63 }

// montMul sets z to a·b/R mod n. b must be below n, and a below R.
func (m *Modulus) montMul(z, a, b *Words) {
	var sum Words
	var top uint64
	// Slices of one length: the compiler then needs no checks in the loops.
	t, n, y := sum[:m.w], m.n[:m.w], b[:m.w]
	n, y = n[:len(t)], y[:len(t)]
	for _, x := range a[:m.w] {
		var carry, c uint64
		for j := range t {
			hi, lo := bits.Mul64(x, y[j])
			lo, c = bits.Add64(lo, t[j], 0)
			hi, _ = bits.Add64(hi, 0, c)
			t[j], c = bits.Add64(lo, carry, 0)
			carry, _ = bits.Add64(hi, 0, c)
		}
		var over uint64
		top, over = bits.Add64(top, carry, 0)

		q := t[0] * m.n0
		hi, lo := bits.Mul64(q, n[0])
		_, c = bits.Add64(lo, t[0], 0)
		carry, _ = bits.Add64(hi, 0, c)
		for j := 1; j < len(t); j++ {
			hi, lo := bits.Mul64(q, n[j])
			lo, c = bits.Add64(lo, t[j], 0)
			hi, _ = bits.Add64(hi, 0, c)
			t[j-1], c = bits.Add64(lo, carry, 0)
			carry, _ = bits.Add64(hi, 0, c)
		}
		t[len(t)-1], c = bits.Add64(top, carry, 0)
		top = over + c
	}
	m.reduceOnce(z, &sum, top)
}

// reduceOnce sets z to (carry·R + t) mod n for a value below 2n.
func (m *Modulus) reduceOnce(z, t *Words, carry uint64) {
	var d Words
	var c uint64
	for i := range m.w {
		d[i], c = bits.Sub64(t[i], m.n[i], c)
	}
	_, c = bits.Sub64(carry, 0, c)
	keep := -c // all ones if the subtraction went below zero
	for i := range m.w {
		z[i] = d[i] ^ keep&(d[i]^t[i])
	}
}

// SetBytes reads a big-endian number. It returns false if b is longer than 72 bytes.
func SetBytes(b []byte) (w Words, ok bool) {
	if len(b) > 8*MaxWords {
		return Words{}, false
	}
	for i := range w {
		if len(b) < 8 {
			for _, v := range b {
				w[i] = w[i]<<8 | uint64(v)
			}
			break
		}
		w[i] = binary.BigEndian.Uint64(b[len(b)-8:])
		b = b[:len(b)-8]
	}
	return w, true
}

// AppendBytes appends the low size bytes of w to dst, big-endian. size is at most 72.
func AppendBytes(dst []byte, w Words, size int) []byte {
	for at := size%8 - 1; at >= 0; at-- {
		dst = append(dst, byte(w[size/8]>>(8*at)))
	}
	for i := size/8 - 1; i >= 0; i-- {
		dst = binary.BigEndian.AppendUint64(dst, w[i])
	}
	return dst
}
