package kalyna

import (
	"encoding/binary"
	"math/bits"

	"github.com/ukrcrypto/dstu/internal/column8"
)

// newSchedule expands a key. Sizes are in bytes.
func newSchedule(blockSize int, key []byte, tableFree bool) (*schedule, error) {
	switch blockSize {
	case BlockSize128, BlockSize256, BlockSize512:
	default:
		return nil, errBlockSize
	}
	if n := len(key); n != blockSize && (n != 2*blockSize || blockSize == BlockSize512) {
		return nil, KeySizeError(n)
	}
	var s *schedule
	switch blockSize {
	case BlockSize128:
		o := new(schedule128)
		s, o.enc = &o.schedule, o.keys[:]
	case BlockSize256:
		o := new(schedule256)
		s, o.enc = &o.schedule, o.keys[:]
	default:
		o := new(schedule512)
		s, o.enc = &o.schedule, o.keys[:]
	}
	s.columns, s.tableFree = blockSize/8, tableFree
	s.rounds = 4*bits.Len(uint(len(key))) - 10 // 10, 14 or 18
	if !vectorExpand(s, key) {
		s.expand(key)
	}
	s.enc = s.enc[:s.columns*(s.rounds+1)]
	return s, nil
}

// expand computes the round keys (розгортання ключів) from a key of one or two blocks. Its rounds
// are those of the cipher: an even round key is what two of them make of a part of the key.
func (s *schedule) expand(key []byte) {
	c := s.columns
	var buf [8]uint64
	words := buf[:len(key)/8] // the key, least word first, turned as the even round keys want it
	for j := range words {
		words[j] = binary.LittleEndian.Uint64(key[8*j:])
	}
	n := len(words)
	base := s.intermediate(words)
	for i := 0; i <= s.rounds; i += 2 {
		d := words[:c]
		if n > c && i%4 == 2 {
			d = words[c:]
		}
		var k, x [8]uint64
		for j, w := range d {
			k[j] = base[j] + 0x0001000100010001<<(i/2)
			x[j] = w + k[j]
		}
		s.middle(&x, k[:c])
		for j, w := range k[:c] {
			s.enc[i*c+j] = x[j] + w
		}
		if n == c || i%4 == 2 { // down by one word
			first := words[0]
			copy(words, words[1:])
			words[n-1] = first
		}
	}
	s.expandOdd()
}

// intermediate is what all round keys come from.
func (s *schedule) intermediate(key []uint64) (x [8]uint64) {
	c := s.columns
	first, last := key[:c], key[len(key)-c:]
	x[0] = uint64(c + len(key) + 1)
	for j, w := range first {
		x[j] += w
	}
	s.middle(&x, last)
	for j, w := range first {
		x[j] += w
	}
	s.middle(&x, nil)
	return x
}

// middle applies SUB, SHIFT and MIX; then, for each key in turn, it xors the key into x and applies
// them again.
func (s *schedule) middle(x *[8]uint64, keys []uint64) {
	switch {
	case s.tableFree:
		s.slowRounds(x, keys)
	case s.columns == 2:
		column8.Forward().Rounds2((*[2]uint64)(x[:]), keys)
	case s.columns == 4:
		column8.Forward().Rounds4((*[4]uint64)(x[:]), keys)
	default:
		column8.Forward().Rounds8(x, keys)
	}
}

// expandOdd computes the odd round keys from the even ones: each byte of a block of c columns comes
// from 2c+3 bytes further on, that is 7, 11 or 19.
func (s *schedule) expandOdd() {
	c := s.columns
	by := 2*c + 3
	for i := 1; i < s.rounds; i += 2 {
		k, t := s.enc[(i-1)*c:i*c], s.enc[i*c:(i+1)*c]
		high := k[by/8]
		for j := range t {
			low := high
			high = k[(j+by/8+1)&(c-1)]
			t[j] = low>>(8*(by%8)) | high<<(64-8*(by%8))
		}
	}
}

// decryptionKeys returns the keys in the order of decryption: Kt, then MIX inverted of K(t-1) to K1,
// then K0. The first call computes them, because many ciphers never decrypt.
func (s *schedule) decryptionKeys() []uint64 {
	s.decOnce.Do(s.invert)
	return s.dec
}

func (s *schedule) invert() {
	c, end := s.columns, len(s.enc)
	dec := make([]uint64, end)
	copy(dec, s.enc[end-c:])
	copy(dec[end-c:], s.enc[:c])
	if !vectorInvert(s, dec) {
		invMix := column8.InvMix
		if !s.tableFree {
			invMix = column8.Inverse().InvMix
		}
		for i := c; i < end-c; i += c {
			for j, w := range s.enc[end-c-i : end-i] {
				dec[i+j] = invMix(w)
			}
		}
	}
	s.dec = dec
}
