package gost28147

import (
	"crypto/cipher"
	"encoding/binary"

	"github.com/ukrcrypto/dstu/internal/gost89"
)

// feedback is what both directions of the feedback mode share. reg holds the gamma of the
// current block; each spent byte of it is replaced by the ciphertext of that place, so a full
// register is the ciphertext to encrypt next.
type feedback struct {
	*block
	reg  [BlockSize]byte
	used int // bytes of reg that are ciphertext
}

func newFeedback(b cipher.Block, iv []byte) (f feedback, err error) {
	f.block, err = modeArgs(b, iv)
	if err == nil {
		f.used = copy(f.reg[:], iv)
	}
	return f, err
}

// refill makes new gamma if the last one is spent.
func (f *feedback) refill() {
	if f.used == BlockSize {
		n1, n2 := load(f.reg[:])
		n1, n2 = f.tables.Encrypt(&f.key, n1, n2)
		store(f.reg[:], n1, n2)
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
			dst, src = c.blocks(dst, src)
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

// blocks encrypts the whole blocks of src and returns what is left.
func (c *cfbEncrypter) blocks(dst, src []byte) ([]byte, []byte) {
	n1, n2 := load(c.reg[:])
	for len(src) >= BlockSize {
		n1, n2 = c.tables.Encrypt(&c.key, n1, n2)
		p1, p2 := load(src)
		n1, n2 = n1^p1, n2^p2
		store(dst, n1, n2)
		dst, src = dst[BlockSize:], src[BlockSize:]
	}
	store(c.reg[:], n1, n2)
	return dst, src
}

// cfbDecrypter is the decrypting direction; all ciphertext is there, so four blocks go at once.
type cfbDecrypter struct {
	feedback
	key4 gost89.Key4
}

// NewCFBDecrypter returns the feedback mode for decryption; see [NewCFBEncrypter].
func NewCFBDecrypter(b cipher.Block, iv []byte) (cipher.Stream, error) {
	f, err := newFeedback(b, iv)
	if err != nil {
		return nil, err
	}
	c := &cfbDecrypter{feedback: f}
	c.key4.Set(&f.key)
	return c, nil
}

func (c *cfbDecrypter) XORKeyStream(dst, src []byte) {
	checkStream(dst, src)
	dst = dst[:len(src)]
	for len(src) > 0 {
		if c.used == BlockSize && len(src) >= span {
			dst, src = c.spans(dst, src)
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

// spans decrypts groups of four blocks of src and returns what is left.
func (c *cfbDecrypter) spans(dst, src []byte) ([]byte, []byte) {
	for len(src) >= span {
		var b gost89.Block4
		b[0][0], b[1][0] = load(c.reg[:])
		for j := range 3 {
			b[0][j+1], b[1][j+1] = load(src[8*j:])
		}
		copy(c.reg[:], src[span-BlockSize:span])
		c.tables.Encrypt4(&c.key4, &b)
		for j := range 4 {
			x := uint64(b[0][j]) | uint64(b[1][j])<<32
			x ^= binary.LittleEndian.Uint64(src[8*j:])
			binary.LittleEndian.PutUint64(dst[8*j:], x)
		}
		dst, src = dst[span:], src[span:]
	}
	return dst, src
}
