//go:build amd64 && !purego

package kalyna

import "github.com/ukrcrypto/dstu/internal/column8"

//go:generate go run -C ../internal/_asm ./column8 -kind expand -tier avx512 -pkg kalyna -out ../../kalyna/expand_avx512_amd64.s -stubs ../../kalyna/expand_avx512_amd64.go
//go:generate go run -C ../internal/_asm ./column8 -kind expand -tier avx2 -pkg kalyna -out ../../kalyna/expand_avx2_amd64.s -stubs ../../kalyna/expand_avx2_amd64.go

// vectorExpand computes the round keys and reports whether it did. There is room in s.enc for one
// key more than the cipher has.
func vectorExpand(s *schedule, key []byte) bool {
	keys, k, words, n := &s.enc[0], &key[0], len(key)/8, s.rounds()
	switch {
	case useAVX512 && s.columns == 2:
		expand2AVX512(keys, k, words, n, column8.VectorSBoxes(false))
	case useAVX512 && s.columns == 4:
		expand4AVX512(keys, k, words, n, column8.VectorSBoxes(false))
	case useAVX512:
		expand8AVX512(keys, k, words, n, column8.VectorSBoxes(false))
	case useAVX2 && s.columns == 2:
		expand2AVX2(keys, k, words, n, column8.SteppedSBoxes(false))
	case useAVX2 && s.columns == 4:
		expand4AVX2(keys, k, words, n, column8.SteppedSBoxes(false))
	case useAVX2:
		expand8AVX2(keys, k, words, n, column8.SteppedSBoxes(false))
	default:
		return false
	}
	return true
}

// vectorMiddle is for processors where the expansion has no kernel of its own.
func vectorMiddle(s *schedule, x *[8]uint64, keys []uint64) bool { return false }

// vectorInvert computes the keys of decryption between the first and the last, and reports whether
// it did.
func vectorInvert(s *schedule, dec []uint64) bool {
	if !useAVX512 {
		return false
	}
	invertAVX512(&dec[0], &s.enc[0], s.columns, s.rounds())
	return true
}
