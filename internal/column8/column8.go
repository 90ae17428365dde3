// Package column8 holds what the cipher DSTU 7624 and the hash DSTU 7564 share: four S-boxes and
// a linear layer over columns of eight bytes.
//
// A column is a 64-bit word; row r of it is byte r, counted from the lowest. Rows r and r+4 use
// S-box r mod 4. The linear layer (MIX) multiplies the column by a circulant matrix over GF(2^8)
// with the polynomial x^8 + x^4 + x^3 + x^2 + 1:
//
//	out_r = sum over d of v_d * in_((r+d) mod 8)
//
// Because the matrix is circulant and the S-boxes repeat after four rows, the contribution of
// row r+4 is that of row r rotated by four bytes. So four tables serve all eight rows.
package column8

//go:generate go run generate.go

import (
	"math/bits"
	"sync"
)

// Mix applies the matrix with the first row 01 01 05 01 08 06 07 04 to a column. It takes the same
// time for every column.
func Mix(x uint64) uint64 {
	t := x ^ down(x, 1)
	x2 := double(x)
	x4 := double(x2)
	x8 := double(x4)
	t6 := x2 ^ x4
	t6 ^= down(t6, 1)
	return t ^ down(t^x4, 2) ^ down(x8, 4) ^ down(t6, 5) ^ down(x, 6) ^ down(x4, 7)
}

// InvMix is the inverse of [Mix]: its matrix has the first row AD 95 76 A8 2F 49 D7 CA. It takes the
// same time for every column.
func InvMix(x uint64) uint64 {
	x1, x2, x3, x4 := down(x, 1), down(x, 2), down(x, 3), down(x, 4)
	x5, x6, x7 := down(x, 5), down(x, 6), down(x, 7)
	// From the highest bit of the coefficients to the lowest.
	y := x ^ x1 ^ x3 ^ x6 ^ x7
	y = double(y) ^ x2 ^ x5 ^ x6 ^ x7
	y = double(y) ^ x ^ x2 ^ x3 ^ x4
	y = double(y) ^ x1 ^ x2 ^ x6
	y = double(y) ^ x ^ x3 ^ x4 ^ x5 ^ x7
	y = double(y) ^ x ^ x1 ^ x2 ^ x4 ^ x6
	y = double(y) ^ x2 ^ x4 ^ x6 ^ x7
	return double(y) ^ x ^ x1 ^ x4 ^ x5 ^ x6
}

// down moves row r+n of a column to row r.
func down(x uint64, n int) uint64 { return bits.RotateLeft64(x, -8*n) }

// double multiplies each byte of x by 2 in GF(2^8).
func double(x uint64) uint64 {
	const low, poly = 0x0101010101010101, 0x1d
	return x&(0x7f*low)<<1 ^ x>>7&low*poly
}

// Sub replaces each byte of column x by its image under the S-box of its row. It reads a table
// at addresses that depend on x.
func Sub(x uint64) uint64 { return substitute(&sboxes, x) }

// InvSub is the inverse of [Sub]. It reads a table at addresses that depend on x.
func InvSub(x uint64) uint64 { return substitute(inverseSBoxes(), x) }

func substitute(s *[4][256]byte, x uint64) uint64 {
	var y uint64
	for r := range 8 {
		y |= uint64(s[r%4][byte(x>>(8*r))]) << (8 * r)
	}
	return y
}

var inverseSBoxes = sync.OnceValue(func() *[4][256]byte {
	var inv [4][256]byte
	for r := range sboxes {
		for x, y := range sboxes[r] {
			inv[r][y] = byte(x)
		}
	}
	return &inv
})

// Table maps byte x of row r, r from 0 to 3, to its contribution to a column; the contribution of
// row r+4 is the same rotated by four bytes. Reading it with secret indices leaves traces in the
// data cache.
type Table [4][256]uint64

// InvMix applies the inverse matrix to a column by the table [Inverse], at addresses that depend on
// the column.
func (t *Table) InvMix(x uint64) uint64 {
	s := &sboxes
	return t[0][s[0][byte(x)]] ^
		t[1][s[1][byte(x>>8)]] ^
		t[2][s[2][byte(x>>16)]] ^
		t[3][s[3][byte(x>>24)]] ^ bits.RotateLeft64(
		t[0][s[0][byte(x>>32)]]^
			t[1][s[1][byte(x>>40)]]^
			t[2][s[2][byte(x>>48)]]^
			t[3][s[3][x>>56]], 32)
}

// Forward returns the table of [Mix] after [Sub].
var Forward = sync.OnceValue(func() *Table { return newTable(&sboxes, Mix) })

// Inverse returns the table of [InvMix] after [InvSub].
var Inverse = sync.OnceValue(func() *Table { return newTable(inverseSBoxes(), InvMix) })

func newTable(s *[4][256]byte, mix func(uint64) uint64) *Table {
	var t Table
	for r := range t {
		for x := range t[r] {
			t[r][x] = mix(uint64(s[r][x]) << (8 * r))
		}
	}
	return &t
}

// VectorSBoxes returns the S-boxes for code that looks up bytes in vectors of the processor; those
// of [InvSub] if invert is set. The objects have no pointers and the size of a whole number of cache
// lines, so that Go aligns them to one.
func VectorSBoxes(invert bool) *[4][256]byte {
	if invert {
		return vectorInverseSBoxes()
	}
	return vectorSBoxes()
}

var (
	vectorSBoxes        = sync.OnceValue(func() *[4][256]byte { s := sboxes; return &s })
	vectorInverseSBoxes = sync.OnceValue(func() *[4][256]byte { s := *inverseSBoxes(); return &s })
)

// SteppedSBoxes is [VectorSBoxes] for code that adds up tables of 16 entries. Of entries x below 128,
// x has the sum of the entries x and x-16, but for the first 16; the other half has what is to be
// added to those. Its 16 tables alternate with those of another S-box: first the tables of 0 and 1,
// then those of 2 and 3.
func SteppedSBoxes(invert bool) *[2][16][2][16]byte {
	if invert {
		return steppedInverseSBoxes()
	}
	return steppedSBoxes()
}

var (
	steppedSBoxes        = sync.OnceValue(func() *[2][16][2][16]byte { return stepped(&sboxes) })
	steppedInverseSBoxes = sync.OnceValue(func() *[2][16][2][16]byte { return stepped(inverseSBoxes()) })
)

func stepped(s *[4][256]byte) *[2][16][2][16]byte {
	var t [2][16][2][16]byte
	for r := range s {
		for x, y := range s[r] {
			if x%128 >= 16 {
				y ^= s[r][x-16]
			}
			if x >= 128 {
				y ^= t[r/2][x/16-8][r%2][x%16]
			}
			t[r/2][x/16][r%2][x%16] = y
		}
	}
	return &t
}
