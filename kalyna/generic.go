package kalyna

import (
	"encoding/binary"

	"github.com/ukrcrypto/dstu/internal/column8"
)

// encryptGeneric encrypts whole blocks in portable code.
func (s *schedule) encryptGeneric(dst, src []byte) {
	switch {
	case len(src) == 0:
	case s.tableFree:
		s.encryptTableFree(dst, src)
	case s.columns == 2:
		s.encrypt2(dst, src)
	case s.columns == 4:
		s.encrypt4(dst, src)
	default:
		s.encrypt8(dst, src)
	}
}

// decryptGeneric is the inverse of encryptGeneric.
func (s *schedule) decryptGeneric(dst, src []byte) {
	switch {
	case len(src) == 0:
	case s.tableFree:
		s.decryptTableFree(dst, src)
	case s.columns == 2:
		s.decrypt2(dst, src)
	case s.columns == 4:
		s.decrypt4(dst, src)
	default:
		s.decrypt8(dst, src)
	}
}

func (s *schedule) encrypt2(dst, src []byte) {
	t := column8.Forward()
	first, middle, last := split2(s.enc)
	for ; len(src) >= 16; dst, src = dst[16:], src[16:] {
		x := [2]uint64{
			binary.LittleEndian.Uint64(src) + first[0],
			binary.LittleEndian.Uint64(src[8:]) + first[1],
		}
		t.Rounds2(&x, middle)
		binary.LittleEndian.PutUint64(dst, x[0]+last[0])
		binary.LittleEndian.PutUint64(dst[8:], x[1]+last[1])
	}
}

func (s *schedule) encrypt4(dst, src []byte) {
	t := column8.Forward()
	first, middle, last := split4(s.enc)
	for ; len(src) >= 32; dst, src = dst[32:], src[32:] {
		var x [4]uint64
		for j := range x {
			x[j] = binary.LittleEndian.Uint64(src[8*j:]) + first[j]
		}
		t.Rounds4(&x, middle)
		for j := range x {
			binary.LittleEndian.PutUint64(dst[8*j:], x[j]+last[j])
		}
	}
}

func (s *schedule) encrypt8(dst, src []byte) {
	t := column8.Forward()
	first, middle, last := split8(s.enc)
	for ; len(src) >= 64; dst, src = dst[64:], src[64:] {
		var x [8]uint64
		for j := range x {
			x[j] = binary.LittleEndian.Uint64(src[8*j:]) + first[j]
		}
		t.Rounds8(&x, middle)
		for j := range x {
			binary.LittleEndian.PutUint64(dst[8*j:], x[j]+last[j])
		}
	}
}

func (s *schedule) decrypt2(dst, src []byte) {
	t := column8.Inverse()
	first, middle, last := split2(s.decryptionKeys())
	for ; len(src) >= 16; dst, src = dst[16:], src[16:] {
		var x [2]uint64
		for j := range x {
			x[j] = t.InvMix(binary.LittleEndian.Uint64(src[8*j:]) - first[j])
		}
		t.InvRounds2(&x, middle)
		column8.InvSubShift2(&x)
		for j := range x {
			binary.LittleEndian.PutUint64(dst[8*j:], x[j]-last[j])
		}
	}
}

func (s *schedule) decrypt4(dst, src []byte) {
	t := column8.Inverse()
	first, middle, last := split4(s.decryptionKeys())
	for ; len(src) >= 32; dst, src = dst[32:], src[32:] {
		var x [4]uint64
		for j := range x {
			x[j] = t.InvMix(binary.LittleEndian.Uint64(src[8*j:]) - first[j])
		}
		t.InvRounds4(&x, middle)
		column8.InvSubShift4(&x)
		for j := range x {
			binary.LittleEndian.PutUint64(dst[8*j:], x[j]-last[j])
		}
	}
}

func (s *schedule) decrypt8(dst, src []byte) {
	t := column8.Inverse()
	first, middle, last := split8(s.decryptionKeys())
	for ; len(src) >= 64; dst, src = dst[64:], src[64:] {
		var x [8]uint64
		for j := range x {
			x[j] = t.InvMix(binary.LittleEndian.Uint64(src[8*j:]) - first[j])
		}
		t.InvRounds8(&x, middle)
		column8.InvSubShift8(&x)
		for j := range x {
			binary.LittleEndian.PutUint64(dst[8*j:], x[j]-last[j])
		}
	}
}

// split2 returns the first key, those in the middle and the last one.
func split2(keys []uint64) (first *[2]uint64, middle []uint64, last *[2]uint64) {
	end := len(keys) - 2
	return (*[2]uint64)(keys), keys[2:end], (*[2]uint64)(keys[end:])
}

// split4 returns the first key, those in the middle and the last one.
func split4(keys []uint64) (first *[4]uint64, middle []uint64, last *[4]uint64) {
	end := len(keys) - 4
	return (*[4]uint64)(keys), keys[4:end], (*[4]uint64)(keys[end:])
}

// split8 returns the first key, those in the middle and the last one.
func split8(keys []uint64) (first *[8]uint64, middle []uint64, last *[8]uint64) {
	end := len(keys) - 8
	return (*[8]uint64)(keys), keys[8:end], (*[8]uint64)(keys[end:])
}
