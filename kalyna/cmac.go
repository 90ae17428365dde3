package kalyna

import (
	"crypto/cipher"
	"crypto/subtle"
)

// NewCMAC returns the authentication code CMAC (вироблення імітовставки, DSTU 7624:2014 clause 9)
// over a cipher of this package. The tag has tagSize bytes, from 8 to one block, which is
// recommended. Another [cipher.Block] or another size is an error. The empty message has no code.
//
// It is not the CMAC of NIST: what marks the last block is the encryption of 0, or of 1 if the
// block was padded, without any doubling.
func NewCMAC(b cipher.Block, tagSize int) (*MAC, error) { return newMAC(b, tagSize) }

// lastCMAC adds the last block of the message to the state.
func (m *MAC) lastCMAC(state *[8]uint64) {
	var b, mark [BlockSize512]byte
	size := m.s.BlockSize()
	if copy(b[:], m.last[:m.n]) < size {
		b[m.n] = padMarker
		mark[0] = 1
	}
	m.s.encryptBlock(mark[:size], mark[:size])
	subtle.XORBytes(b[:size], b[:size], mark[:size])
	m.s.chain(state, b[:size])
}
