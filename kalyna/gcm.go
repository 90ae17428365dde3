package kalyna

import (
	"crypto/cipher"
	"crypto/subtle"
	"slices"

	"github.com/ukrcrypto/dstu/internal/alias"
)

// gcmChunk is how many bytes GCM encrypts before it reads them again for the tag.
const gcmChunk = 4 * batch

// gcm is the Galois counter mode.
type gcm struct {
	s       *schedule
	hash    *hashKey
	tagSize int
}

// NewGCM returns the authenticated mode GCM (режим Галуа з лічильником, DSTU 7624:2014 clause 12)
// over a cipher of this package. The nonce is one block and must never repeat under one key. The
// tag has tagSize bytes, from 8 to one block, and follows the ciphertext. Another [cipher.Block] or
// another size is an error. The result is safe for concurrent use.
//
// It is not the GCM of NIST. In particular THE NONCE IS NOT AUTHENTICATED: the tag covers the
// ciphertext and the additional data, so under another nonce a message opens, as other plaintext.
// Where the nonce travels unprotected, repeat it at the start of the additional data.
//
// Without plaintext and additional data the tag would be the key of the hash. Seal panics for such
// an input, and Open returns an error. All errors of Open are [ErrAuthentication]; it decrypts
// nothing before the tag is verified.
func NewGCM(b cipher.Block, tagSize int) (cipher.AEAD, error) {
	s, err := own(b)
	if err != nil {
		return nil, err
	}
	if tagSize < minTag || tagSize > s.BlockSize() {
		return nil, errTagSize
	}
	return &gcm{s, newHashKey(s), tagSize}, nil
}

func (g *gcm) NonceSize() int { return g.s.BlockSize() }
func (g *gcm) Overhead() int  { return g.tagSize }

func (g *gcm) Seal(dst, nonce, plaintext, data []byte) []byte {
	if len(nonce) != g.NonceSize() {
		panic("kalyna: incorrect nonce length given to GCM")
	}
	if len(plaintext) == 0 && len(data) == 0 {
		panic("kalyna: neither plaintext nor additional data given to GCM")
	}
	ret, out := grow(dst, len(plaintext)+g.tagSize)
	checkAEAD(out, plaintext, data)

	var c counter
	var buf [batch]byte
	var state [8]uint64
	c.start(g.s, nonce)
	g.hash.padded(&state, data)
	secret := uint64(len(plaintext))
	for len(plaintext) > gcmChunk {
		c.xor(g.s, out[:gcmChunk], plaintext[:gcmChunk], buf[:])
		g.hash.blocks(&state, out[:gcmChunk])
		out, plaintext = out[gcmChunk:], plaintext[gcmChunk:]
	}
	c.xor(g.s, out[:len(plaintext)], plaintext, buf[:])
	g.hash.padded(&state, out[:len(plaintext)])
	var tag [BlockSize512]byte
	g.hash.finish(g.s, &tag, &state, uint64(len(data)), secret)
	copy(out[len(plaintext):], tag[:])
	return ret
}

func (g *gcm) Open(dst, nonce, ciphertext, data []byte) ([]byte, error) {
	if len(nonce) != g.NonceSize() {
		panic("kalyna: incorrect nonce length given to GCM")
	}
	n := len(ciphertext) - g.tagSize
	if n < 0 || n == 0 && len(data) == 0 {
		return nil, ErrAuthentication
	}
	tag, ciphertext := ciphertext[n:], ciphertext[:n]
	ret, out := grow(dst, n)
	checkAEAD(out, ciphertext, data)

	var state [8]uint64
	g.hash.padded(&state, data)
	g.hash.padded(&state, ciphertext)
	var want [BlockSize512]byte
	g.hash.finish(g.s, &want, &state, uint64(len(data)), uint64(n))
	if subtle.ConstantTimeCompare(want[:g.tagSize], tag) != 1 {
		clear(out)
		return nil, ErrAuthentication
	}
	var c counter
	var buf [batch]byte
	c.start(g.s, nonce)
	c.xor(g.s, out, ciphertext, buf[:])
	return ret, nil
}

// grow appends n bytes to dst, in its capacity if that suffices, and returns all and the new part.
func grow(dst []byte, n int) (all, added []byte) {
	all = slices.Grow(dst, n)[:len(dst)+n]
	return all, all[len(dst):]
}

// checkAEAD does what the documentation of [cipher.AEAD] promises before any byte is written.
func checkAEAD(out, in, data []byte) {
	if alias.InexactOverlap(out, in) {
		panic("kalyna: invalid buffer overlap of output and input")
	}
	if alias.AnyOverlap(out, data) {
		panic("kalyna: invalid buffer overlap of output and additional data")
	}
}
