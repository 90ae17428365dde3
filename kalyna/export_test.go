package kalyna

import (
	"crypto/cipher"
	"encoding/binary"
)

// TestingOnlyRoundKeys returns the round keys of a cipher.
func TestingOnlyRoundKeys(b cipher.Block) (keys [][]byte) {
	s := b.(*schedule)
	for i := range s.rounds + 1 {
		var k []byte
		for _, w := range s.enc[i][:s.columns] {
			k = binary.LittleEndian.AppendUint64(k, w)
		}
		keys = append(keys, k)
	}
	return keys
}
