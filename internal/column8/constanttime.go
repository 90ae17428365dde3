package column8

import "sync"

// packed is four S-boxes, eight entries a word: entry x is byte x mod 8 of word x div 8.
type packed [4][32]uint64

func pack(s *[4][256]byte) *packed {
	var p packed
	for r := range s {
		for x, y := range s[r] {
			p[r][x/8] |= uint64(y) << (8 * (x % 8))
		}
	}
	return &p
}

var (
	packedSBoxes        = sync.OnceValue(func() *packed { return pack(&sboxes) })
	packedInverseSBoxes = sync.OnceValue(func() *packed { return pack(inverseSBoxes()) })
)

// ConstantTimeSub is [Sub] without an address, a branch or a count that depends on x: for every
// byte it reads the whole S-box.
func ConstantTimeSub(x uint64) uint64 { return packedSBoxes().substitute(x) }

// ConstantTimeInvSub is the inverse of [ConstantTimeSub], with the same promise.
func ConstantTimeInvSub(x uint64) uint64 { return packedInverseSBoxes().substitute(x) }

func (p *packed) substitute(x uint64) uint64 {
	var y uint64
	for r := range 8 {
		y |= lookup(&p[r%4], x>>(8*r)&0xff) << (8 * r)
	}
	return y
}

// lookup returns byte x of a table, and reads all of it.
func lookup(t *[32]uint64, x uint64) uint64 {
	low, high := x>>3&3, x>>5
	m0, m1, m2, m3 := equal(low, 0), equal(low, 1), equal(low, 2), equal(low, 3)
	var word uint64
	for i := range uint64(8) {
		four := t[4*i:][:4]
		word |= (four[0]&m0 | four[1]&m1 | four[2]&m2 | four[3]&m3) & equal(high, i)
	}
	return word >> (8 * (x & 7)) & 0xff
}

// equal returns all ones if a and b, both below 2^63, are equal, and zero otherwise.
func equal(a, b uint64) uint64 { return -(((a ^ b) - 1) >> 63) }
