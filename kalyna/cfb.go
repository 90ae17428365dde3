package kalyna

import (
	"crypto/cipher"
	"crypto/subtle"
	"errors"
)

// CFB is the ciphertext feedback mode (гамування зі зворотним зв'язком за шифртекстом, DSTU
// 7624:2014 clause 8) in one direction. It must not be used concurrently.
//
// It is a [cipher.Stream] with a limit: which bytes of the key stream a segment takes depends on
// its length, so the message can be cut only between segments.
type CFB struct {
	s       *schedule
	segment int
	decrypt bool
	ended   bool
	spent   bool               // gamma is the register
	gamma   [BlockSize512]byte // the encryption of the register
	buf     [batch]byte        // for many segments at once
}

var errSegment = errors.New("kalyna: segment is not 1, 8, 16, 32 or 64 bytes, or longer than a block")

// NewCFBEncrypter returns the ciphertext feedback mode for encryption over a cipher of this package
// with an iv of one block, which must be random and unpredictable. The segment is the parameter q
// of the mode in bytes: 1, 8, 16, 32 or 64, and no longer than a block; that of a block is
// recommended. Other arguments are errors.
//
// The mode is that of NIST where the segments are whole blocks, up to the last one; with shorter
// ones, and in the last one, it differs, because the key stream is taken from the end of the block
// and the register keeps the output of the cipher.
func NewCFBEncrypter(b cipher.Block, iv []byte, segment int) (*CFB, error) {
	return newCFB(b, iv, segment, false)
}

// NewCFBDecrypter returns the mode for decryption; see [NewCFBEncrypter].
func NewCFBDecrypter(b cipher.Block, iv []byte, segment int) (*CFB, error) {
	return newCFB(b, iv, segment, true)
}

func newCFB(b cipher.Block, iv []byte, segment int, decrypt bool) (*CFB, error) {
	s, err := modeArgs(b, iv)
	if err != nil {
		return nil, err
	}
	switch segment {
	case 1, 8, 16, 32, 64:
	default:
		return nil, errSegment
	}
	if segment > s.BlockSize() {
		return nil, errSegment
	}
	c := &CFB{s: s, segment: segment, decrypt: decrypt, spent: true}
	copy(c.gamma[:], iv)
	return c, nil
}

// XORKeyStream encrypts or decrypts src into dst, which may be src itself but not overlap it
// otherwise and not be shorter. A call with a length that is not whole segments ends the message:
// a later call with any bytes panics.
func (c *CFB) XORKeyStream(dst, src []byte) {
	dst = checkStream(dst, src)
	if len(src) == 0 {
		return
	}
	if c.ended {
		panic("kalyna: data after the short segment that ends a CFB message")
	}
	whole := len(src) - len(src)%c.segment
	c.ended = whole < len(src)
	if c.decrypt && c.segment == c.s.BlockSize() {
		c.parallel(dst[:whole], src[:whole])
	} else {
		c.serial(dst[:whole], src[:whole])
	}
	if c.ended {
		gamma := c.ready()
		subtle.XORBytes(dst[whole:], src[whole:], gamma[len(gamma)-len(src)+whole:])
	}
}

// ready returns the key stream of the next segment, at its end.
func (c *CFB) ready() []byte {
	gamma := c.gamma[:c.s.BlockSize()]
	if c.spent {
		c.s.encryptBlock(gamma, gamma)
		c.spent = false
	}
	return gamma
}

// serial takes one segment after the other.
func (c *CFB) serial(dst, src []byte) {
	for len(src) > 0 {
		gamma := c.ready()
		end := gamma[len(gamma)-c.segment:] // key stream, then ciphertext
		if c.decrypt {
			var text [BlockSize512]byte
			n := copy(text[:], src[:c.segment])
			subtle.XORBytes(dst, src[:c.segment], end)
			copy(end, text[:n])
		} else {
			subtle.XORBytes(end, end, src)
			copy(dst, end)
		}
		c.spent = true
		dst, src = dst[c.segment:], src[c.segment:]
	}
}

// parallel decrypts segments of whole blocks, the encryptions of which are the key stream.
func (c *CFB) parallel(dst, src []byte) {
	for len(src) > 0 {
		gamma := c.ready()
		size, n := len(gamma), min(len(src), len(c.buf))
		buf := c.buf[:n]
		c.s.encryptBlocks(buf, src[:n])
		subtle.XORBytes(dst, src[:size], gamma)
		copy(gamma, buf[n-size:])
		// Behind the first block the key stream is the encryption of the block before.
		subtle.XORBytes(dst[size:n], src[size:n], buf[:n-size])
		dst, src = dst[n:], src[n:]
	}
}
