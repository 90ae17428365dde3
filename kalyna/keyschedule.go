package kalyna

import (
	"encoding/binary"

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
	s := allocate(blockSize, len(key))
	s.columns, s.tableFree = blockSize/8, tableFree
	s.turns = uint8(len(s.enc)/s.columns - 2)
	switch {
	case vectorExpand(s, key):
	case tableFree:
		s.expand(key)
	default:
		s.expandByTable(key)
	}
	s.enc = s.enc[:len(s.enc)-s.columns]
	return s, nil
}

// allocate returns a schedule with room for the round keys and one more.
func allocate(blockSize, keySize int) *schedule {
	switch {
	case keySize == BlockSize128:
		o := new(schedule128x128)
		o.enc = o.keys[:]
		return &o.schedule
	case blockSize == BlockSize128:
		o := new(schedule128x256)
		o.enc = o.keys[:]
		return &o.schedule
	case keySize == BlockSize256:
		o := new(schedule256x256)
		o.enc = o.keys[:]
		return &o.schedule
	case blockSize == BlockSize256:
		o := new(schedule256x512)
		o.enc = o.keys[:]
		return &o.schedule
	default:
		o := new(schedule512x512)
		o.enc = o.keys[:]
		return &o.schedule
	}
}

// expandByTable is expand at addresses that depend on the key.
func (s *schedule) expandByTable(key []byte) {
	n := len(key) / 8
	var words [8]uint64
	for j := range n {
		words[j&7] = binary.LittleEndian.Uint64(key[8*j:])
	}
	switch t := column8.Forward(); s.columns {
	case 2:
		t.Expand2(s.enc, &words, n)
	case 4:
		t.Expand4(s.enc, &words, n)
	default:
		t.Expand8(s.enc, &words, n)
	}
}

// expand computes the round keys (розгортання ключів) from a key of one or two blocks, in constant
// time. Its rounds are those of the cipher: an even round key is what two of them make of a part of
// the key, turned by some words. The odd round key after it takes each byte of a block of c columns
// from 2c+3 bytes further on, that is 7, 11 or 19.
func (s *schedule) expand(key []byte) {
	c, n := s.columns, len(key)/8
	var words, base, k, x [8]uint64
	for j := range n {
		words[j] = binary.LittleEndian.Uint64(key[8*j:])
	}
	s.intermediate(&base, words[:n])
	ahead, right := (2*c+3)/8, (2*c+3)%8*8
	for i := 0; i <= s.rounds(); i += 2 {
		at := i / 2
		if n > c {
			at = i/4 + i/2%2*c
		}
		for j := range c {
			k[j&7] = base[j&7] + 0x0001000100010001<<(i/2&63)
			x[j&7] = k[j&7] + words[(at+j)&(n-1)&7]
		}
		s.middle(&x, k[:c])
		for j := range c {
			x[j&7] += k[j&7]
		}
		keys := s.enc[i*c : (i+2)*c]
		even, odd := keys[:c], keys[c:]
		for j := range even {
			even[j] = x[j&7]
			low, high := x[(j+ahead)&(c-1)&7], x[(j+ahead+1)&(c-1)&7]
			odd[j] = low>>(right&63) | high<<(-right&63)
		}
	}
}

// intermediate sets x, all zeros, to what all round keys come from.
func (s *schedule) intermediate(x *[8]uint64, key []uint64) {
	first, last := key[:s.columns], key[len(key)-s.columns:]
	x[0] = uint64(s.columns + len(key) + 1)
	for j, w := range first {
		x[j] += w
	}
	s.middle(x, last)
	for j, w := range first {
		x[j] += w
	}
	s.middle(x, nil)
}

// middle applies SUB, SHIFT and MIX; then, for each key in turn, it xors the key into x and applies
// them again.
func (s *schedule) middle(x *[8]uint64, keys []uint64) {
	if !vectorMiddle(s, x, keys) {
		s.slowRounds(x, keys)
	}
}

// decryptionKeys returns the keys in the order of decryption: Kt, then MIX inverted of K(t-1) to K1,
// then K0. The first call computes them, because many ciphers never decrypt.
func (s *schedule) decryptionKeys() []uint64 {
	if dec := s.dec.Load(); dec != nil {
		return *dec
	}
	return s.invert()
}

// invert computes the keys of decryption. If calls at once do so, their keys are equal.
func (s *schedule) invert() []uint64 {
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
	s.dec.Store(&dec)
	return dec
}
