package kalyna

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
)

type cbc struct {
	s    *schedule
	last [BlockSize512]byte // the ciphertext block before
}

func (c *cbc) BlockSize() int { return c.s.BlockSize() }

type cbcEncrypter struct{ cbc }

type cbcDecrypter struct {
	cbc
	buf [batch]byte
}

// NewCBCEncrypter returns the chaining mode (зчеплення шифроблоків, DSTU 7624:2014 clause 10) for
// encryption over a cipher of this package with an iv of one block, which must be random and
// unpredictable. Another [cipher.Block] or another length of iv is an error. The result must not
// be used concurrently.
//
// Messages are whole blocks; others are padded before, see [Pad].
func NewCBCEncrypter(b cipher.Block, iv []byte) (cipher.BlockMode, error) {
	s, err := modeArgs(b, iv)
	if err != nil {
		return nil, err
	}
	c := &cbcEncrypter{cbc{s: s}}
	copy(c.last[:], iv)
	return c, nil
}

// NewCBCDecrypter returns the mode for decryption; see [NewCBCEncrypter].
func NewCBCDecrypter(b cipher.Block, iv []byte) (cipher.BlockMode, error) {
	s, err := modeArgs(b, iv)
	if err != nil {
		return nil, err
	}
	c := &cbcDecrypter{cbc: cbc{s: s}}
	copy(c.last[:], iv)
	return c, nil
}

func (c *cbcEncrypter) CryptBlocks(dst, src []byte) {
	dst = c.s.checkBlocks(dst, src)
	last := c.last[:c.BlockSize()]
	var x [8]uint64
	for j := range c.s.columns {
		x[j] = binary.LittleEndian.Uint64(last[8*j:])
	}
	n := serialChain(c.s, dst, src, true, &x)
	for j := range c.s.columns {
		binary.LittleEndian.PutUint64(last[8*j:], x[j])
	}
	dst, src = dst[n:], src[n:]
	for len(src) > 0 {
		subtle.XORBytes(last, last, src)
		c.s.encryptBlock(last, last)
		n := copy(dst, last)
		dst, src = dst[n:], src[n:]
	}
}

func (c *cbcDecrypter) CryptBlocks(dst, src []byte) {
	dst = c.s.checkBlocks(dst, src)
	size := c.BlockSize()
	n := bulkCBC(c.s, dst, src, c.last[:])
	dst, src = dst[n:], src[n:]
	for len(src) > 0 {
		n := min(len(src), len(c.buf))
		buf := c.buf[:n]
		c.s.decryptBlocks(buf, src[:n])
		subtle.XORBytes(buf, buf, c.last[:size])
		subtle.XORBytes(buf[size:], buf[size:], src)
		copy(c.last[:size], src[n-size:])
		copy(dst, buf)
		dst, src = dst[n:], src[n:]
	}
}
