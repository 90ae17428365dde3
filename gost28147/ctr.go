package gost28147

import (
	"crypto/cipher"
	"crypto/subtle"

	"github.com/ukrcrypto/dstu/internal/gost89"
)

// ctr is the counter mode.
type ctr struct {
	c     *gost89.Cipher
	state gost89.Block
	gamma [gost89.MaxGroup]byte
	left  []byte // of gamma
}

// NewCTR returns the counter mode (гамування, GOST 28147-89 section 3) over a cipher of
// [NewCipher] with an iv of 8 bytes, which must never repeat under one key. Encryption and
// decryption are the same. Another cipher.Block or another length of iv is an error. The stream
// may be cut anywhere; it must not be used concurrently.
func NewCTR(b cipher.Block, iv []byte) (cipher.Stream, error) {
	own, err := modeArgs(b, iv)
	if err != nil {
		return nil, err
	}
	c := &ctr{c: own}
	own.Encrypt(c.gamma[:BlockSize], iv)
	c.state = gost89.Load(c.gamma[:])
	return c, nil
}

func (c *ctr) XORKeyStream(dst, src []byte) {
	checkStream(dst, src)
	n := subtle.XORBytes(dst, src, c.left)
	c.left = c.left[n:]
	dst, src = dst[n:len(src)], src[n:]
	group := c.c.Group()
	whole := len(src) - len(src)%group
	c.c.CTR(dst[:whole], src[:whole], &c.state)
	if dst, src = dst[whole:], src[whole:]; len(src) > 0 {
		clear(c.gamma[:group])
		c.c.CTR(c.gamma[:group], c.gamma[:group], &c.state)
		c.left = c.gamma[subtle.XORBytes(dst, src, c.gamma[:group]):group]
	}
}
