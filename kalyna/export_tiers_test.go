package kalyna

import "crypto/cipher"

// TestingOnlyEncryptBlocks encrypts whole blocks; the slices are equal or do not overlap.
func TestingOnlyEncryptBlocks(b cipher.Block, dst, src []byte) { b.(*schedule).encryptBlocks(dst, src) }

// TestingOnlyDecryptBlocks is the inverse of TestingOnlyEncryptBlocks.
func TestingOnlyDecryptBlocks(b cipher.Block, dst, src []byte) { b.(*schedule).decryptBlocks(dst, src) }

// TestingOnlyCount xors the key stream after the counter next to src.
func TestingOnlyCount(b cipher.Block, next *[8]uint64, dst, src []byte) {
	s := b.(*schedule)
	c := counter{columns: s.columns, next: *next}
	var buf [batch]byte
	c.xor(s, dst, src, buf[:])
	*next = c.next
}

// TestingOnlyHash adds whole blocks to the state of the hash of GCM under the key h.
func TestingOnlyHash(b cipher.Block, h, state *[8]uint64, p []byte) {
	k := &hashKey{columns: b.(*schedule).columns, h: *h}
	k.prepare()
	k.blocks(state, p)
}
