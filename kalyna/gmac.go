package kalyna

import "crypto/cipher"

// NewGMAC returns the authentication code GMAC (DSTU 7624:2014 clause 12) over a cipher of this
// package. The tag has tagSize bytes, from 8 to one block. Another [cipher.Block] or another size
// is an error. There is no IV: equal messages have equal codes. The empty message has no code: it
// would be the key of the hash.
//
// A message that is not whole blocks is padded by a byte 80 and zero bytes, and its length counts
// before that, as in [NewGCM].
func NewGMAC(b cipher.Block, tagSize int) (*MAC, error) {
	m, err := newMAC(b, tagSize)
	if err == nil {
		m.hash = newHashKey(m.s)
	}
	return m, err
}
