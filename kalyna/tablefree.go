package kalyna

import (
	"encoding/binary"

	"github.com/ukrcrypto/dstu/internal/column8"
)

// shifted moves row r up by rc/8 of the c columns, c being 2, 4 or 8: SHIFT.
func shifted(x *[8]uint64, c int) (y [8]uint64) {
	for j := range c {
		for r := range 8 {
			y[(j+r*c/8)%c] |= x[j] & (0xff << (8 * r))
		}
	}
	return y
}

// unshifted is the inverse of shifted.
func unshifted(x *[8]uint64, c int) (y [8]uint64) {
	for j := range c {
		for r := range 8 {
			y[j] |= x[(j+r*c/8)%c] & (0xff << (8 * r))
		}
	}
	return y
}

// slowRound applies SUB, SHIFT and MIX without tables.
func (s *schedule) slowRound(x *[8]uint64) {
	for j := range s.columns {
		x[j] = column8.ConstantTimeSub(x[j])
	}
	*x = shifted(x, s.columns)
	for j := range s.columns {
		x[j] = column8.Mix(x[j])
	}
}

// slowRounds is middle without tables.
func (s *schedule) slowRounds(x *[8]uint64, keys []uint64) {
	c := s.columns
	s.slowRound(x)
	for ; len(keys) >= c; keys = keys[c:] {
		for j, w := range keys[:c] {
			x[j] ^= w
		}
		s.slowRound(x)
	}
}

func (s *schedule) encryptTableFree(dst, src []byte) {
	c, end := s.columns, len(s.enc)
	for size := 8 * c; len(src) >= size; dst, src = dst[size:], src[size:] {
		var x [8]uint64
		for j, w := range s.enc[:c] {
			x[j] = binary.LittleEndian.Uint64(src[8*j:]) + w
		}
		s.slowRounds(&x, s.enc[c:end-c])
		for j, w := range s.enc[end-c:] {
			binary.LittleEndian.PutUint64(dst[8*j:], x[j]+w)
		}
	}
}

func (s *schedule) decryptTableFree(dst, src []byte) {
	c, keys := s.columns, s.decryptionKeys()
	for size := 8 * c; len(src) >= size; dst, src = dst[size:], src[size:] {
		var x [8]uint64
		for j, w := range keys[:c] {
			x[j] = column8.InvMix(binary.LittleEndian.Uint64(src[8*j:]) - w)
		}
		for i := 1; i <= s.rounds(); i++ {
			x = unshifted(&x, c)
			for j := range c {
				x[j] = column8.ConstantTimeInvSub(x[j])
			}
			if i == s.rounds() {
				break
			}
			for j, w := range keys[i*c : (i+1)*c] {
				x[j] = column8.InvMix(x[j]) ^ w
			}
		}
		for j, w := range keys[s.rounds()*c:] {
			binary.LittleEndian.PutUint64(dst[8*j:], x[j]-w)
		}
	}
}
