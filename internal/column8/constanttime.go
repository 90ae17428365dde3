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
	for r := range 4 { // rows r and r+4 share an S-box
		a, b := x>>(8*r)&0xff, x>>(8*r+32)&0xff
		var wa, wb uint64
		for i, w := range p[r] {
			// The differences are below 32, so the subtraction borrows from bit 63 for zero alone.
			wa |= w & -(((a>>3 ^ uint64(i)) - 1) >> 63)
			wb |= w & -(((b>>3 ^ uint64(i)) - 1) >> 63)
		}
		y |= wa >> (8 * (a & 7)) & 0xff << (8 * r)
		y |= wb >> (8 * (b & 7)) & 0xff << (8*r + 32)
	}
	return y
}
