package kalyna

import "crypto/cipher"

// TestingOnlyEncryptBlocks encrypts whole blocks; the slices are equal or do not overlap.
func TestingOnlyEncryptBlocks(b cipher.Block, dst, src []byte) { b.(*schedule).encryptBlocks(dst, src) }

// TestingOnlyDecryptBlocks is the inverse of TestingOnlyEncryptBlocks.
func TestingOnlyDecryptBlocks(b cipher.Block, dst, src []byte) { b.(*schedule).decryptBlocks(dst, src) }
