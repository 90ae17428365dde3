package gost28147

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"math/bits"

	"github.com/ukrcrypto/dstu/internal/gost89"
)

// The steps of the two halves of the counter, constants C2 and C1 of the standard.
const (
	step3 = 0x01010101
	step4 = 0x01010104
)

// span is the gamma made at once: four blocks.
const span = 4 * BlockSize

// ctr is the counter mode.
type ctr struct {
	tables *gost89.Tables
	key    gost89.Key4
	n3, n4 uint32
	gamma  [span]byte
	used   int // bytes of gamma that are spent
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
	c := &ctr{tables: own.tables, used: span}
	c.key.Set(&own.key)
	n1, n2 := load(iv)
	c.n3, c.n4 = own.tables.Encrypt(&own.key, n1, n2)
	return c, nil
}

// next sets b to the encrypted values of the next four states of the counter.
func (c *ctr) next(b *gost89.Block4) {
	for j := range 4 {
		// n3 counts modulo 2^32, n4 modulo 2^32-1 with the carry brought round.
		c.n3 += step3
		sum, carry := bits.Add32(c.n4, step4, 0)
		c.n4 = sum + carry
		b[0][j], b[1][j] = c.n3, c.n4
	}
	c.tables.Encrypt4(&c.key, b)
}

func (c *ctr) XORKeyStream(dst, src []byte) {
	checkStream(dst, src)
	dst = dst[:len(src)]
	if c.used < span {
		n := subtle.XORBytes(dst, src, c.gamma[c.used:])
		c.used += n
		dst, src = dst[n:], src[n:]
	}
	var g gost89.Block4
	for len(src) >= span {
		c.next(&g)
		for j := range 4 {
			x := uint64(g[0][j]) | uint64(g[1][j])<<32
			x ^= binary.LittleEndian.Uint64(src[8*j:])
			binary.LittleEndian.PutUint64(dst[8*j:], x)
		}
		dst, src = dst[span:], src[span:]
	}
	if len(src) > 0 {
		c.next(&g)
		for j := range 4 {
			store(c.gamma[8*j:], g[0][j], g[1][j])
		}
		c.used = subtle.XORBytes(dst, src, c.gamma[:])
	}
}
