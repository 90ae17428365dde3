package gost28147

import (
	"crypto/cipher"

	"github.com/ukrcrypto/dstu/internal/gost89"
)

// feedback is what both directions of the feedback mode share. reg holds the gamma of the
// current block; each spent byte of it is replaced by the ciphertext of that place, so a full
// register is the ciphertext to encrypt next.
type feedback struct {
	c    *gost89.Cipher
	reg  [BlockSize]byte
	used int // bytes of reg that are ciphertext
}

func newFeedback(b cipher.Block, iv []byte) (f feedback, err error) {
	f.c, err = modeArgs(b, iv)
	if err == nil {
		f.used = copy(f.reg[:], iv)
	}
	return f, err
}

// refill makes new gamma if the last one is spent.
func (f *feedback) refill() {
	if f.used == BlockSize {
		f.c.Encrypt(f.reg[:], f.reg[:])
		f.used = 0
	}
}

// cfbEncrypter is the encrypting direction; each block waits for the one before.
type cfbEncrypter struct{ feedback }

// NewCFBEncrypter returns the feedback mode (гамування зі зворотним зв'язком, GOST 28147-89
// section 4) for encryption over a cipher of [NewCipher] with an iv of 8 bytes, which must never
// repeat under one key. Another cipher.Block or another length of iv is an error. The stream may
// be cut anywhere; it must not be used concurrently.
func NewCFBEncrypter(b cipher.Block, iv []byte) (cipher.Stream, error) {
	f, err := newFeedback(b, iv)
	if err != nil {
		return nil, err
	}
	return &cfbEncrypter{f}, nil
}

func (c *cfbEncrypter) XORKeyStream(dst, src []byte) {
	checkStream(dst, src)
	dst = dst[:len(src)]
	for len(src) > 0 {
		if c.used == BlockSize && len(src) >= BlockSize {
			whole := len(src) - len(src)%BlockSize
			last := gost89.Load(c.reg[:])
			c.c.EncryptCFB(dst[:whole], src[:whole], &last)
			last.Store(c.reg[:])
			dst, src = dst[whole:], src[whole:]
			continue
		}
		c.refill()
		n := min(len(src), BlockSize-c.used)
		for i := range n {
			c.reg[c.used+i] ^= src[i]
			dst[i] = c.reg[c.used+i]
		}
		c.used += n
		dst, src = dst[n:], src[n:]
	}
}

// cfbDecrypter is the decrypting direction; all ciphertext is there, so many blocks go at once.
type cfbDecrypter struct{ feedback }

// NewCFBDecrypter returns the feedback mode for decryption; see [NewCFBEncrypter].
func NewCFBDecrypter(b cipher.Block, iv []byte) (cipher.Stream, error) {
	f, err := newFeedback(b, iv)
	if err != nil {
		return nil, err
	}
	return &cfbDecrypter{f}, nil
}

func (c *cfbDecrypter) XORKeyStream(dst, src []byte) {
	checkStream(dst, src)
	dst = dst[:len(src)]
	for len(src) > 0 {
		if c.used == BlockSize && len(src) >= BlockSize {
			whole := len(src) - len(src)%BlockSize
			last := gost89.Load(c.reg[:])
			c.c.DecryptCFB(dst[:whole], src[:whole], &last)
			last.Store(c.reg[:])
			dst, src = dst[whole:], src[whole:]
			continue
		}
		c.refill()
		n := min(len(src), BlockSize-c.used)
		for i := range n {
			x := src[i]
			dst[i] = x ^ c.reg[c.used+i]
			c.reg[c.used+i] = x
		}
		c.used += n
		dst, src = dst[n:], src[n:]
	}
}
