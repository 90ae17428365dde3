package kalyna

import (
	"crypto/cipher"
	"encoding/binary"
)

// TestingOnlyRoundKeys returns the round keys of a cipher.
func TestingOnlyRoundKeys(b cipher.Block) (keys [][]byte) {
	s := b.(*schedule)
	for i := range s.rounds() + 1 {
		var k []byte
		for _, w := range s.enc[i*s.columns : (i+1)*s.columns] {
			k = binary.LittleEndian.AppendUint64(k, w)
		}
		keys = append(keys, k)
	}
	return keys
}

// TestingOnlyEmptyTag returns the tag of GCM that the public calls refuse to make.
func TestingOnlyEmptyTag(a cipher.AEAD) []byte {
	g := a.(*gcm)
	var state [8]uint64
	var tag [BlockSize512]byte
	g.hash.finish(g.s, &tag, &state, 0, 0)
	return tag[:g.tagSize]
}

// TestingOnlyCode returns the tag of CCM before it is encrypted.
func TestingOnlyCode(a cipher.AEAD, nonce, plaintext, data []byte) []byte {
	c := a.(*ccm)
	code := c.tag(nonce, plaintext, data)
	return code[:c.tagSize]
}

// TestingOnlyDecryptionKeys returns the words of the keys of decryption.
func TestingOnlyDecryptionKeys(b cipher.Block) []uint64 { return b.(*schedule).decryptionKeys() }

// TestingOnlyVectorExpand reports whether assembly computes the round keys from a key.
func TestingOnlyVectorExpand(blockSize int, key []byte) bool {
	s := allocate(blockSize, len(key))
	s.columns = blockSize / 8
	s.turns = uint8(len(s.enc)/s.columns - 2)
	return vectorExpand(s, key)
}
