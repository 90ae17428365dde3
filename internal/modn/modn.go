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
func (m *Modulus) MulAdd(e, d, r Words) Words { return m.Add(e, m.Mul(d, r)) }

// Mul returns a·b mod n. Operands must be below n.
func (m *Modulus) Mul(a, b Words) Words {
	p := m.montMul(&a, &b)
	return m.montMul(&p, &m.rr)
}

// Add returns a + b mod n. Operands must be below n.
func (m *Modulus) Add(a, b Words) Words {
	var sum Words
	var c uint64
	for i := range m.w {
		sum[i], c = bits.Add64(a[i], b[i], c)
	}
	return m.reduceOnce(&sum, c)
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
func (m *Modulus) Reduce(w Words) Words {
	var acc Words
	for i := MaxWords - 1; i >= 0; i-- {
		acc = m.shiftIn(&acc, w[i])
	}
	return acc
}

// ReduceBytes returns the big-endian number b of any length modulo n.
func (m *Modulus) ReduceBytes(b []byte) Words {
	var acc Words
	if head := len(b) % 8; head != 0 {
		var first uint64
		for _, v := range b[:head] {
			first = first<<8 | uint64(v)
		}
		acc = m.shiftIn(&acc, first)
		b = b[head:]
	}
	for ; len(b) > 0; b = b[8:] {
		acc = m.shiftIn(&acc, binary.BigEndian.Uint64(b))
	}
	return acc
}

// shiftIn returns acc·2^64 + v mod n.
func (m *Modulus) shiftIn(acc *Words, v uint64) Words {
	return m.Add(m.montMul(acc, &m.next), Words{v})
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

// montMul returns a·b/R mod n. b must be below n, and a below R.
func (m *Modulus) montMul(a, b *Words) Words {
	var t Words
	var top uint64
	w := m.w
	for i := range w {
		var carry, c uint64
		for j := range w {
			hi, lo := bits.Mul64(a[i], b[j])
			lo, c = bits.Add64(lo, t[j], 0)
			hi += c
			t[j], c = bits.Add64(lo, carry, 0)
			carry = hi + c
		}
		var over uint64
		top, over = bits.Add64(top, carry, 0)

		q := t[0] * m.n0
		hi, lo := bits.Mul64(q, m.n[0])
		_, c = bits.Add64(lo, t[0], 0)
		carry = hi + c
		for j := 1; j < w; j++ {
			hi, lo = bits.Mul64(q, m.n[j])
			lo, c = bits.Add64(lo, t[j], 0)
			hi += c
			t[j-1], c = bits.Add64(lo, carry, 0)
			carry = hi + c
		}
		t[w-1], c = bits.Add64(top, carry, 0)
		top = over + c
	}
	return m.reduceOnce(&t, top)
}

// reduceOnce returns (carry·R + t) mod n for a value below 2n.
func (m *Modulus) reduceOnce(t *Words, carry uint64) Words {
	var z Words
	var c uint64
	for i := range m.w {
		z[i], c = bits.Sub64(t[i], m.n[i], c)
	}
	_, c = bits.Sub64(carry, 0, c)
	keep := -c // all ones if the subtraction went below zero
	for i := range m.w {
		z[i] ^= keep & (z[i] ^ t[i])
	}
	return z
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
