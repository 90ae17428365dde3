//go:build !purego

package kalyna

import (
	"encoding/binary"

	"github.com/ukrcrypto/dstu/internal/column8"
	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:generate go run -C ../internal/_asm ./column8 -kind bulk -tier arm64 -pkg kalyna -out ../../kalyna/bulk_neon_arm64.s -stubs ../../kalyna/bulk_neon_arm64.go

// Every arm64 processor that Go runs on has what it takes.
var useARM64 = true

func init() { impl.Register("kalyna", impl.ARM64, &useARM64) }

// A kernel takes groups of so many bytes. One call takes no more than longest, because the
// scheduler cannot interrupt it.
const (
	group128 = 128
	longest  = 16 << 10
)

// bulkEncrypt encrypts the first blocks of src, and returns how many bytes. The slices have equal
// lengths of whole blocks; they are equal or do not overlap.
func bulkEncrypt(s *schedule, dst, src []byte) (done int) { return s.blocks(dst, src, false) }

// bulkDecrypt is the inverse of bulkEncrypt.
func bulkDecrypt(s *schedule, dst, src []byte) (done int) { return s.blocks(dst, src, true) }

// oneEncrypt encrypts one block and reports whether it did; the slices have its length. It takes as
// long as a group.
func oneEncrypt(s *schedule, dst, src []byte) bool { return s.blocks(dst, src, false) > 0 }

// oneDecrypt is the inverse of oneEncrypt.
func oneDecrypt(s *schedule, dst, src []byte) bool { return s.blocks(dst, src, true) > 0 }

// blocks encrypts or decrypts blocks, and returns their length, or 0 if it cannot.
func (s *schedule) blocks(dst, src []byte, decrypt bool) (done int) {
	if !useARM64 {
		return 0
	}
	for n := 0; done+group128 <= len(src); done += n {
		n = min((len(src)-done)&^(group128-1), longest)
		s.groups(dst[done:done+n], src[done:done+n], decrypt)
	}
	if done < len(src) {
		var buf [group128]byte
		n := copy(buf[:], src[done:])
		s.groups(buf[:], buf[:], decrypt)
		done += copy(dst[done:], buf[:n])
	}
	return done
}

// groups encrypts or decrypts whole groups, at least one.
func (s *schedule) groups(dst, src []byte, decrypt bool) {
	if decrypt {
		s.decryptGroups(dst, src)
		return
	}
	s.encryptGroups(dst, src, s.enc, s.rounds())
}

// encryptGroups encrypts groups with the given keys.
func (s *schedule) encryptGroups(dst, src []byte, enc []uint64, rounds int) {
	t, groups := column8.VectorSBoxes(false), len(src)/group128
	switch s.columns {
	case 2:
		encrypt2ARM64(&dst[0], &src[0], groups, &enc[0], rounds, t)
	case 4:
		encrypt4ARM64(&dst[0], &src[0], groups, &enc[0], rounds, t)
	default:
		encrypt8ARM64(&dst[0], &src[0], groups, &enc[0], rounds, t)
	}
}

// decryptGroups is the inverse.
func (s *schedule) decryptGroups(dst, src []byte) {
	t, groups, dec := column8.VectorSBoxes(true), len(src)/group128, s.decryptionKeys()
	switch s.columns {
	case 2:
		decrypt2ARM64(&dst[0], &src[0], groups, &dec[0], s.rounds(), t)
	case 4:
		decrypt4ARM64(&dst[0], &src[0], groups, &dec[0], s.rounds(), t)
	default:
		decrypt8ARM64(&dst[0], &src[0], groups, &dec[0], s.rounds(), t)
	}
}

// vectorExpand computes the round keys, in steps of vectorMiddle, and reports whether it did.
func vectorExpand(s *schedule, key []byte) bool {
	if useARM64 {
		s.expand(key)
	}
	return useARM64
}

// vectorMiddle does what middle does, without a table, and reports whether it did. The keys that the
// kernel adds first and last are zero.
func vectorMiddle(s *schedule, x *[8]uint64, keys []uint64) bool {
	if !useARM64 {
		return false
	}
	var all [3 * 8]uint64 // for keys of one round
	copy(all[s.columns:], keys)
	var buf [group128]byte
	for j, w := range x[:s.columns] {
		binary.LittleEndian.PutUint64(buf[8*j:], w)
	}
	s.encryptGroups(buf[:], buf[:], all[:], len(keys)/s.columns+1)
	for j := range x[:s.columns] {
		x[j] = binary.LittleEndian.Uint64(buf[8*j:])
	}
	return true
}

// vectorInvert computes the keys of decryption between the first and the last, and reports whether
// it did.
func vectorInvert(s *schedule, dec []uint64) bool {
	if !useARM64 {
		return false
	}
	c, end := s.columns, len(dec)
	for i := c; i < end-c; i += c {
		for j, w := range s.enc[end-c-i : end-i] {
			dec[i+j] = column8.InvMix(w)
		}
	}
	return true
}
