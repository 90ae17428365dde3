package gost89

import "sync"

// SBox is a substitution block with the forms of it that the rounds take. It is immutable once
// made and safe for concurrent use.
type SBox struct {
	packed  [PackedSize]byte
	rows    Rows
	nibbles Nibbles
	sliced  Sliced
	once    sync.Once
	tables  Tables
}

// NewSBox returns the substitution block with the packed form.
func NewSBox(packed *[PackedSize]byte) *SBox {
	s := &SBox{packed: *packed}
	s.rows.Set(packed)
	s.nibbles.Set(packed)
	s.sliced.Set(packed)
	return s
}

// Packed returns the packed form.
func (s *SBox) Packed() *[PackedSize]byte { return &s.packed }

// Rows returns the form for short secret work.
func (s *SBox) Rows() *Rows { return &s.rows }

// Nibbles returns the form for vectors.
func (s *SBox) Nibbles() *Nibbles { return &s.nibbles }

// Sliced returns the form for vectors of one byte of many words.
func (s *SBox) Sliced() *Sliced { return &s.sliced }

// Tables returns the form for bulk work; it is made at the first call.
func (s *SBox) Tables() *Tables {
	s.once.Do(func() { s.tables.Set(&s.packed) })
	return &s.tables
}

// Equal reports whether s and o are the same substitution block.
func (s *SBox) Equal(o *SBox) bool { return s == o || s.packed == o.packed }

// Of returns what is behind the *gost28147.SBox s, which may be nil. That package sets it; so the
// hash shares what the cipher has made of a substitution block, and no call for it is exported.
var Of func(s any) *SBox

// Nibbles is a substitution block in the form for vectors: byte 16j+a is the image of the low
// nibble a of byte j of a word, byte 64+16j+a that of the high nibble, both in their places in the
// byte.
type Nibbles [128]byte

// Set fills n from a packed block.
func (n *Nibbles) Set(packed *[PackedSize]byte) {
	for j := range 4 {
		for a := range 16 {
			n[16*j+a] = Image(packed, 2*j, a)
			n[64+16*j+a] = Image(packed, 2*j+1, a) << 4
		}
	}
}

// Sliced is a substitution block in the form for vectors of one byte of many words, in which every
// byte has its top bit inverted. There are three tables of 16 bytes for each byte of a word. Rotated
// left by 11, the image of byte j is in bits 3 to 7 of byte j+1 and in bits 0 to 2 of byte j+2: the
// first table is what the low nibble gives to byte j+1, the second and third are what the high
// nibble, its top bit inverted, gives to the bytes j+1 and j+2.
type Sliced [4][3][16]byte

// Set fills s from a packed block.
func (s *Sliced) Set(packed *[PackedSize]byte) {
	for j := range s {
		for a := range 16 {
			s[j][0][a] = Image(packed, 2*j, a) << 3
			high := Image(packed, 2*j+1, a^8)
			s[j][1][a] = high << 7
			s[j][2][a] = high >> 1
		}
	}
}
