//go:build (!amd64 && !arm64) || purego

package kalyna

// bulkEncrypt encrypts the first blocks of src, and returns how many bytes. The slices have equal
// lengths of whole blocks; they are equal or do not overlap.
func bulkEncrypt(s *schedule, dst, src []byte) (done int) { return 0 }

// bulkDecrypt is the inverse of bulkEncrypt.
func bulkDecrypt(s *schedule, dst, src []byte) (done int) { return 0 }

// oneEncrypt encrypts one block and reports whether it did; the slices have its length.
func oneEncrypt(s *schedule, dst, src []byte) bool { return false }

// oneDecrypt is the inverse of oneEncrypt.
func oneDecrypt(s *schedule, dst, src []byte) bool { return false }

// vectorExpand computes the round keys and reports whether it did.
func vectorExpand(s *schedule, key []byte) bool { return false }

// vectorMiddle does what middle does, without a table, and reports whether it did.
func vectorMiddle(s *schedule, x *[8]uint64, keys []uint64) bool { return false }

// vectorInvert computes the keys of decryption between the first and the last, and reports whether
// it did.
func vectorInvert(s *schedule, dec []uint64) bool { return false }

// bulkHash adds the first blocks of p to b, as hashKey.blocks does, and returns how many bytes. p
// is whole blocks.
func bulkHash(k *hashKey, b *[8]uint64, p []byte) (done int) { return 0 }
