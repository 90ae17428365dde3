//go:build amd64 && !purego

package kalyna

import "github.com/ukrcrypto/dstu/internal/column8"

//go:generate go run -C ../internal/_asm ./column8 -kind serial -tier avx512 -pkg kalyna -out ../../kalyna/serial_avx512_amd64.s -stubs ../../kalyna/serial_avx512_amd64.go
//go:generate go run -C ../internal/_asm ./column8 -kind serial -tier avx2 -pkg kalyna -out ../../kalyna/serial_avx2_amd64.s -stubs ../../kalyna/serial_avx2_amd64.go

// serialChain encrypts blocks after it has added to each the one encrypted before, the first time
// state, which becomes the last. If all is set it writes all of them to dst, one after another, and
// else the last one. It returns how many bytes of src it took.
func serialChain(s *schedule, dst, src []byte, all bool, state *[8]uint64) (done int) {
	if !useAVX512 && !useAVX2 {
		return 0
	}
	size, step := s.BlockSize(), 0
	if all {
		step = size
	}
	for n := 0; done < len(src); done += n {
		n = min(len(src)-done, longest/16) // the speed is less than a sixteenth
		s.chainBlocks(&dst[done*step/size], &src[done], n/size, step, state)
	}
	return done
}

// chainBlocks runs the kernel.
func (s *schedule) chainBlocks(dst, src *byte, blocks, step int, state *[8]uint64) {
	switch {
	case useAVX512 && s.columns == 2:
		chain2AVX512(dst, src, blocks, step, &s.enc[0], s.rounds(), column8.VectorSBoxes(false), state)
	case useAVX512 && s.columns == 4:
		chain4AVX512(dst, src, blocks, step, &s.enc[0], s.rounds(), column8.VectorSBoxes(false), state)
	case useAVX512:
		chain8AVX512(dst, src, blocks, step, &s.enc[0], s.rounds(), column8.VectorSBoxes(false), state)
	case s.columns == 2:
		chain2AVX2(dst, src, blocks, step, &s.enc[0], s.rounds(), column8.SteppedSBoxes(false), state)
	case s.columns == 4:
		chain4AVX2(dst, src, blocks, step, &s.enc[0], s.rounds(), column8.SteppedSBoxes(false), state)
	default:
		chain8AVX2(dst, src, blocks, step, &s.enc[0], s.rounds(), column8.SteppedSBoxes(false), state)
	}
}

// oneEncrypt encrypts one block and reports whether it did; the slices have its length.
func oneEncrypt(s *schedule, dst, src []byte) bool {
	var state [8]uint64
	return serialChain(s, dst, src, true, &state) > 0
}

// oneDecrypt is the inverse of oneEncrypt.
func oneDecrypt(s *schedule, dst, src []byte) bool {
	if !useAVX512 {
		return s.blocks(opDecrypt, dst, src) > 0
	}
	keys, t := &s.decryptionKeys()[0], column8.VectorSBoxes(true)
	switch s.columns {
	case 2:
		single2AVX512(&dst[0], &src[0], keys, s.rounds(), t)
	case 4:
		single4AVX512(&dst[0], &src[0], keys, s.rounds(), t)
	default:
		single8AVX512(&dst[0], &src[0], keys, s.rounds(), t)
	}
	return true
}
