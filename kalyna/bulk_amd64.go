//go:build amd64 && !purego

package kalyna

import (
	"encoding/binary"

	"github.com/ukrcrypto/dstu/internal/column8"
	"github.com/ukrcrypto/dstu/internal/cpu"
	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:generate go run -C ../internal/_asm ./column8 -kind bulk -tier avx512 -pkg kalyna -out ../../kalyna/bulk_avx512_amd64.s -stubs ../../kalyna/bulk_avx512_amd64.go

//go:generate go run -C ../internal/_asm ./column8 -kind bulk -tier avx2 -pkg kalyna -out ../../kalyna/bulk_avx2_amd64.s -stubs ../../kalyna/bulk_avx2_amd64.go

var useAVX512, useAVX2 = cpu.AVX512, cpu.AVX2

func init() {
	impl.Register("kalyna", impl.AVX512, &useAVX512)
	impl.Register("kalyna", impl.AVX2, &useAVX2)
}

// A kernel takes groups of so many bytes. One call takes no more than longest, of the slower kernels
// a part of that, because the scheduler cannot interrupt it.
const (
	group512 = 512
	group256 = 256 // of the AVX2 kernels
	longest  = 64 << 10
)

// operation is what a kernel does.
type operation int

const (
	opEncrypt operation = iota
	opDecrypt
	opCTR
	opXTSEncrypt
	opXTSDecrypt
	opCBCDecrypt
)

// inverts reports whether the operation decrypts blocks.
func (op operation) inverts() bool {
	return op == opDecrypt || op == opXTSDecrypt || op == opCBCDecrypt
}

// kernelKeys are the keys of the operation.
func (s *schedule) kernelKeys(op operation) *uint64 {
	if op.inverts() {
		return &s.decryptionKeys()[0]
	}
	return &s.enc[0]
}

// groups runs the kernel of the operation over whole groups, at least one and not more than the
// longest call. See the kernels for the state.
func (s *schedule) groups(op operation, dst, src []byte, state *[8]uint64) {
	n, t := s.rounds(), column8.VectorSBoxes(op.inverts())
	d, p, groups, keys := &dst[0], &src[0], len(src)/group512, s.kernelKeys(op)
	switch {
	case op == opEncrypt && s.columns == 2:
		encrypt2AVX512(d, p, groups, keys, n, t, state)
	case op == opEncrypt && s.columns == 4:
		encrypt4AVX512(d, p, groups, keys, n, t, state)
	case op == opEncrypt:
		encrypt8AVX512(d, p, groups, keys, n, t, state)
	case op == opDecrypt && s.columns == 2:
		decrypt2AVX512(d, p, groups, keys, n, t, state)
	case op == opDecrypt && s.columns == 4:
		decrypt4AVX512(d, p, groups, keys, n, t, state)
	case op == opDecrypt:
		decrypt8AVX512(d, p, groups, keys, n, t, state)
	case op == opCTR && s.columns == 2:
		ctr2AVX512(d, p, groups, keys, n, t, state)
	case op == opCTR && s.columns == 4:
		ctr4AVX512(d, p, groups, keys, n, t, state)
	case op == opCTR:
		ctr8AVX512(d, p, groups, keys, n, t, state)
	case op == opXTSEncrypt && s.columns == 2:
		xtsEncrypt2AVX512(d, p, groups, keys, n, t, state)
	case op == opXTSEncrypt && s.columns == 4:
		xtsEncrypt4AVX512(d, p, groups, keys, n, t, state)
	case op == opXTSEncrypt:
		xtsEncrypt8AVX512(d, p, groups, keys, n, t, state)
	case op == opXTSDecrypt && s.columns == 2:
		xtsDecrypt2AVX512(d, p, groups, keys, n, t, state)
	case op == opXTSDecrypt && s.columns == 4:
		xtsDecrypt4AVX512(d, p, groups, keys, n, t, state)
	case op == opXTSDecrypt:
		xtsDecrypt8AVX512(d, p, groups, keys, n, t, state)
	case s.columns == 2:
		cbcDecrypt2AVX512(d, p, groups, keys, n, t, state)
	case s.columns == 4:
		cbcDecrypt4AVX512(d, p, groups, keys, n, t, state)
	default:
		cbcDecrypt8AVX512(d, p, groups, keys, n, t, state)
	}
}

// bulk runs an operation over src, however long, and returns its length, or 0 if it cannot. x is
// the counter before the first one, the mask before the first one, or the block before src; it is
// brought up to date.
func (s *schedule) bulk(op operation, dst, src []byte, x *[8]uint64) (done int) {
	if !useAVX512 {
		return 0
	}
	for n := 0; done+group512 <= len(src); done += n {
		n = min((len(src)-done)&^(group512-1), longest)
		s.piece(op, dst[done:done+n], src[done:done+n], n, x)
	}
	if done < len(src) {
		var buf [group512]byte
		n := copy(buf[:], src[done:])
		s.piece(op, buf[:], buf[:], n, x)
		done += copy(dst[done:], buf[:n])
	}
	return done
}

// piece runs an operation over groups of which n bytes count.
func (s *schedule) piece(op operation, dst, src []byte, n int, x *[8]uint64) {
	var state [8]uint64
	c, size := s.columns, s.BlockSize()
	blocks := (n + size - 1) / size
	switch op {
	case opCTR:
		for j := range state {
			state[j] = x[j%c]
		}
		for j := 0; j < 8; j += c {
			state[j] += uint64(j/c + 1)
		}
		x[0] += uint64(blocks)
	case opXTSEncrypt, opXTSDecrypt:
		d := tweak{c, *x}
		for j := 0; j < 8; j += c {
			d.double()
			copy(state[j:], d.x[:c])
		}
	case opCBCDecrypt:
		copy(state[8-c:], x[:c])
		for j := range c {
			x[j] = binary.LittleEndian.Uint64(src[n-size+8*j:])
		}
	}
	s.groups(op, dst, src, &state)
	if op == opXTSEncrypt || op == opXTSDecrypt {
		if n == len(src) {
			copy(x[:c], state[8-c:])
			return
		}
		d := tweak{c, *x}
		for range blocks {
			d.double()
		}
		*x = d.x
	}
}

// bulkEncrypt encrypts the first blocks of src, and returns how many bytes. The slices have equal
// lengths of whole blocks; they are equal or do not overlap.
func bulkEncrypt(s *schedule, dst, src []byte) (done int) { return s.blocks(opEncrypt, dst, src) }

// bulkDecrypt is the inverse of bulkEncrypt.
func bulkDecrypt(s *schedule, dst, src []byte) (done int) { return s.blocks(opDecrypt, dst, src) }

// blocks encrypts or decrypts blocks, and returns their length, or 0 if it cannot.
func (s *schedule) blocks(op operation, dst, src []byte) (done int) {
	switch {
	case len(src) == s.BlockSize() && op == opEncrypt && oneEncrypt(s, dst, src):
		return len(src)
	case useAVX512 && len(src) == s.BlockSize():
		oneDecrypt(s, dst, src)
		return len(src)
	case useAVX512:
		return s.bulk(op, dst, src, nil)
	case !useAVX2:
		return 0
	}
	for n := 0; done+group256 <= len(src); done += n {
		n = min((len(src)-done)&^(group256-1), longest/4)
		s.groups256(op, dst[done:done+n], src[done:done+n])
	}
	if done < len(src) {
		var buf [group256]byte
		n := copy(buf[:], src[done:])
		s.groups256(op, buf[:], buf[:])
		done += copy(dst[done:], buf[:n])
	}
	return done
}

// groups256 encrypts or decrypts whole groups of the AVX2 kernels, at least one.
func (s *schedule) groups256(op operation, dst, src []byte) {
	n, t := s.rounds(), column8.SteppedSBoxes(op.inverts())
	d, p, groups, keys := &dst[0], &src[0], len(src)/group256, s.kernelKeys(op)
	switch {
	case op == opEncrypt && s.columns == 2:
		encrypt2AVX2(d, p, groups, keys, n, t)
	case op == opEncrypt && s.columns == 4:
		encrypt4AVX2(d, p, groups, keys, n, t)
	case op == opEncrypt:
		encrypt8AVX2(d, p, groups, keys, n, t)
	case s.columns == 2:
		decrypt2AVX2(d, p, groups, keys, n, t)
	case s.columns == 4:
		decrypt4AVX2(d, p, groups, keys, n, t)
	default:
		decrypt8AVX2(d, p, groups, keys, n, t)
	}
}

// bulkCTR xors the key stream after the counter next to the first bytes of src, and returns how
// many. The rest of the last block is lost.
func bulkCTR(s *schedule, dst, src []byte, next *[8]uint64) (done int) {
	if next[0] > ^uint64(len(src)/s.BlockSize()+group512) {
		return 0 // the lowest word of the counter would overflow
	}
	return s.bulk(opCTR, dst, src, next)
}

// bulkXTS encrypts or decrypts the first blocks of src with the masks after x, and returns how many
// bytes.
func bulkXTS(s *schedule, dst, src []byte, x *[8]uint64, decrypt bool) (done int) {
	if decrypt {
		return s.bulk(opXTSDecrypt, dst, src, x)
	}
	return s.bulk(opXTSEncrypt, dst, src, x)
}

// bulkCBC decrypts the first blocks of src, and returns how many bytes. last is the block before
// src; it becomes the last of those.
func bulkCBC(s *schedule, dst, src, last []byte) (done int) {
	var x [8]uint64
	for j := range s.columns {
		x[j] = binary.LittleEndian.Uint64(last[8*j:])
	}
	done = s.bulk(opCBCDecrypt, dst, src, &x)
	for j := range s.columns {
		binary.LittleEndian.PutUint64(last[8*j:], x[j])
	}
	return done
}
