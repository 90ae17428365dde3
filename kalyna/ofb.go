package kalyna

import (
	"crypto/cipher"
	"crypto/subtle"
)

// ofb is the output feedback mode.
type ofb struct {
	s     *schedule
	gamma [BlockSize512]byte
	used  int // bytes of gamma that are spent
}

// NewOFB returns the output feedback mode (гамування зі зворотним зв'язком за шифргамою, DSTU
// 7624:2014 clause 11) over a cipher of this package with an iv of one block, which must never
// repeat under one key. Encryption and decryption are the same. Another [cipher.Block] or another
// length of iv is an error. The stream may be cut anywhere; it must not be used concurrently.
func NewOFB(b cipher.Block, iv []byte) (cipher.Stream, error) {
	s, err := modeArgs(b, iv)
	if err != nil {
		return nil, err
	}
	o := &ofb{s: s}
	o.used = copy(o.gamma[:], iv)
	return o, nil
}

func (o *ofb) XORKeyStream(dst, src []byte) {
	dst = checkStream(dst, src)
	for len(src) > 0 {
		gamma := o.gamma[:o.s.BlockSize()]
		if o.used == len(gamma) {
			o.s.encryptBlock(gamma, gamma)
			o.used = 0
		}
		n := subtle.XORBytes(dst, src, gamma[o.used:])
		o.used += n
		dst, src = dst[n:], src[n:]
	}
}
