package kalyna

import (
	"encoding/binary"
	"math/bits"
)

// newSchedule expands a key. Sizes are in bytes.
func newSchedule(blockSize int, key []byte, tableFree bool) (*schedule, error) {
	s := &schedule{columns: blockSize / 8, tableFree: tableFree}
	switch blockSize {
	case BlockSize128, BlockSize256, BlockSize512:
	default:
		return nil, errBlockSize
	}
	switch len(key) {
	case blockSize:
	case 2 * blockSize:
		if blockSize == BlockSize512 {
			return nil, KeySizeError(len(key))
		}
	default:
		return nil, KeySizeError(len(key))
	}
	s.rounds = 4*bits.Len(uint(len(key))) - 10 // 10, 14 or 18
	s.expand(key)
	return s, nil
}

// expand computes the round keys (розгортання ключів) from a key of one or two blocks.
func (s *schedule) expand(key []byte) {
	c := s.columns
	var k [8]uint64 // the key, least word first
	n := len(key) / 8
	for j := range n {
		k[j] = binary.LittleEndian.Uint64(key[8*j:])
	}
	ks := s.intermediate(&k, n)

	words := k // the key, turned as the even round keys want it
	for i := 0; i <= s.rounds; i += 2 {
		var kt, x [8]uint64
		for j := range c {
			kt[j] = ks[j] + 0x0001000100010001<<(i/2)
		}
		d := words[:c]
		if n > c && i%4 == 2 {
			d = words[c:n]
		}
		for j := range c {
			x[j] = d[j] + kt[j]
		}
		s.round(&x)
		for j := range c {
			x[j] ^= kt[j]
		}
		s.round(&x)
		for j := range c {
			s.enc[i][j] = x[j] + kt[j]
		}
		if n == c || i%4 == 2 { // down by one word
			first := words[0]
			copy(words[:n-1], words[1:n])
			words[n-1] = first
		}
	}
	for i := 1; i < s.rounds; i += 2 {
		s.enc[i] = s.turned(&s.enc[i-1])
	}
	s.dec[0], s.dec[s.rounds] = s.enc[s.rounds], s.enc[0]
	for i := 1; i < s.rounds; i++ {
		s.dec[i] = s.unmixed(&s.enc[s.rounds-i])
	}
}

// intermediate is the key that all round keys come from, given the n words of the key.
func (s *schedule) intermediate(k *[8]uint64, n int) [8]uint64 {
	c := s.columns
	first, second := k[:c], k[n-c:n]
	x := [8]uint64{uint64(c + n + 1)}
	for j := range c {
		x[j] += first[j]
	}
	s.round(&x)
	for j := range c {
		x[j] ^= second[j]
	}
	s.round(&x)
	for j := range c {
		x[j] += first[j]
	}
	s.round(&x)
	return x
}

// turned is the odd round key after an even one: each byte of a block of c columns comes from 2c+3
// bytes further on, that is 7, 11 or 19.
func (s *schedule) turned(k *[8]uint64) (t [8]uint64) {
	c := s.columns
	by := 2*c + 3
	for j := range c {
		low, high := k[(j+by/8)%c], k[(j+by/8+1)%c]
		t[j] = low>>(8*(by%8)) | high<<(64-8*(by%8))
	}
	return t
}
