package kalyna

import (
	"encoding/binary"
	"math/bits"

	"github.com/ukrcrypto/dstu/internal/column8"
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

// expand computes the round keys (розгортання ключів) from a key of one or two blocks. Its rounds
// are those of the cipher: an even round key is what two of them make of a part of the key.
func (s *schedule) expand(key []byte) {
	c := s.columns
	var words [8]uint64 // the key, least word first, turned as the even round keys want it
	n := len(key) / 8
	for j := range n {
		words[j] = binary.LittleEndian.Uint64(key[8*j:])
	}
	tmp := schedule{columns: c, tableFree: s.tableFree}
	ks := tmp.intermediate(words[:n])
	for i := 0; i <= s.rounds; i += 2 {
		kt := ks
		for j := range c {
			kt[j] += 0x0001000100010001 << (i / 2)
		}
		d := words[:c]
		if n > c && i%4 == 2 {
			d = words[c:n]
		}
		tmp.enc[0], tmp.enc[1], tmp.enc[2] = kt, kt, kt
		s.enc[i] = tmp.encryptWords(d, 2)
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
		for j := range c {
			s.dec[i][j] = column8.InvMix(s.enc[s.rounds-i][j])
		}
	}
}

// intermediate is the key that all round keys come from. It leaves keys behind in s.
func (s *schedule) intermediate(key []uint64) [8]uint64 {
	c := s.columns
	copy(s.enc[0][:], key[:c])
	copy(s.enc[1][:], key[len(key)-c:])
	copy(s.enc[2][:], key[:c])
	start := [8]uint64{uint64(c + len(key) + 1)}
	x := s.encryptWords(start[:c], 2)
	s.enc[0], s.enc[1] = [8]uint64{}, [8]uint64{}
	return s.encryptWords(x[:c], 1)
}

// encryptWords encrypts one block in the given number of rounds.
func (s *schedule) encryptWords(x []uint64, rounds int) (y [8]uint64) {
	s.rounds = rounds
	var b [BlockSize512]byte
	for j, w := range x {
		binary.LittleEndian.PutUint64(b[8*j:], w)
	}
	block := b[:8*len(x)]
	s.encryptBlock(block, block)
	for j := range x {
		y[j] = binary.LittleEndian.Uint64(b[8*j:])
	}
	return y
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
