//go:build amd64 && !purego

package kalyna

import (
	"github.com/ukrcrypto/dstu/internal/column8"
	"github.com/ukrcrypto/dstu/internal/cpu"
	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:generate go run -C ../internal/_asm ./column8 -kind bulk -tier avx512 -pkg kalyna -out ../../kalyna/bulk_avx512_amd64.s -stubs ../../kalyna/bulk_avx512_amd64.go

var useAVX512 = cpu.AVX512

func init() {
	impl.Register("kalyna", impl.AVX512, &useAVX512)
}

// A kernel takes group512 bytes at a time. One call takes no more than longest bytes, because the
// scheduler cannot interrupt it.
const (
	group512 = 512
	longest  = 64 << 10
)

// bulkEncrypt encrypts the first blocks of src, and returns how many bytes. The slices have equal
// lengths of whole blocks; they are equal or do not overlap.
func bulkEncrypt(s *schedule, dst, src []byte) (done int) {
	if !useAVX512 {
		return 0
	}
	for len(src)-done >= group512 {
		n := min(len(src)-done, longest) &^ (group512 - 1)
		encryptGroups512(s, dst[done:done+n], src[done:done+n])
		done += n
	}
	if done < len(src) {
		var buf [group512]byte
		copy(buf[:], src[done:])
		encryptGroups512(s, buf[:], buf[:])
		done += copy(dst[done:], buf[:])
	}
	return done
}

// encryptGroups512 encrypts whole groups, at least one.
func encryptGroups512(s *schedule, dst, src []byte) {
	groups, boxes := len(src)/group512, column8.VectorSBoxes(false)
	switch s.columns {
	case 2:
		encrypt2AVX512(&dst[0], &src[0], groups, &s.enc, s.rounds, boxes)
	case 4:
		encrypt4AVX512(&dst[0], &src[0], groups, &s.enc, s.rounds, boxes)
	default:
		encrypt8AVX512(&dst[0], &src[0], groups, &s.enc, s.rounds, boxes)
	}
}

// bulkDecrypt is the inverse of bulkEncrypt.
func bulkDecrypt(s *schedule, dst, src []byte) (done int) {
	if !useAVX512 {
		return 0
	}
	for len(src)-done >= group512 {
		n := min(len(src)-done, longest) &^ (group512 - 1)
		decryptGroups512(s, dst[done:done+n], src[done:done+n])
		done += n
	}
	if done < len(src) {
		var buf [group512]byte
		copy(buf[:], src[done:])
		decryptGroups512(s, buf[:], buf[:])
		done += copy(dst[done:], buf[:])
	}
	return done
}

// decryptGroups512 is the inverse of encryptGroups512.
func decryptGroups512(s *schedule, dst, src []byte) {
	groups, boxes := len(src)/group512, column8.VectorSBoxes(true)
	switch s.columns {
	case 2:
		decrypt2AVX512(&dst[0], &src[0], groups, &s.dec, s.rounds, boxes)
	case 4:
		decrypt4AVX512(&dst[0], &src[0], groups, &s.dec, s.rounds, boxes)
	default:
		decrypt8AVX512(&dst[0], &src[0], groups, &s.dec, s.rounds, boxes)
	}
}

// oneEncrypt encrypts one block and reports whether it did; the slices have its length.
func oneEncrypt(s *schedule, dst, src []byte) bool { return false }

// oneDecrypt is the inverse of oneEncrypt.
func oneDecrypt(s *schedule, dst, src []byte) bool { return false }
