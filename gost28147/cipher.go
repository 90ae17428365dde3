package gost28147

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"strconv"

	"github.com/ukrcrypto/dstu/internal/alias"
	"github.com/ukrcrypto/dstu/internal/gost89"
)

const (
	KeySize   = 32 // bytes of a key
	BlockSize = 8  // bytes of a block
)

// KeySizeError is the length of a key that is not [KeySize] bytes.
type KeySizeError int

func (e KeySizeError) Error() string {
	return "gost28147: invalid key size " + strconv.Itoa(int(e))
}

// newKey reads the words of a key.
func newKey(key []byte) (k gost89.Key, err error) {
	if len(key) != KeySize {
		return k, KeySizeError(len(key))
	}
	for i := range k {
		k[i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	return k, nil
}

// load and store turn a block of eight bytes into its words n1 and n2 and back.
func load(b []byte) (n1, n2 uint32) {
	x := binary.LittleEndian.Uint64(b)
	return uint32(x), uint32(x >> 32)
}

func store(b []byte, n1, n2 uint32) {
	binary.LittleEndian.PutUint64(b, uint64(n1)|uint64(n2)<<32)
}

// block is the cipher of NewCipher.
type block struct {
	key    gost89.Key
	tables *gost89.Tables
}

// NewCipher returns the block cipher (проста заміна, GOST 28147-89 section 2) with a key of
// [KeySize] bytes, which is copied, and the substitution block s; nil is DKE No 1. A key of
// another length is a [KeySizeError]. The result is safe for concurrent use.
//
// The cipher uses tables: see the package comment on timing. To protect a key, use [Wrap].
func NewCipher(key []byte, s *SBox) (cipher.Block, error) {
	k, err := newKey(key)
	if err != nil {
		return nil, err
	}
	return &block{k, s.get().Tables()}, nil
}

func (b *block) BlockSize() int { return BlockSize }

func (b *block) Encrypt(dst, src []byte) {
	checkBlock(dst, src)
	n1, n2 := load(src)
	n1, n2 = b.tables.Encrypt(&b.key, n1, n2)
	store(dst, n1, n2)
}

func (b *block) Decrypt(dst, src []byte) {
	checkBlock(dst, src)
	n1, n2 := load(src)
	n1, n2 = b.tables.Decrypt(&b.key, n1, n2)
	store(dst, n1, n2)
}

func checkBlock(dst, src []byte) {
	if len(src) < BlockSize {
		panic("gost28147: input not full block")
	}
	if len(dst) < BlockSize {
		panic("gost28147: output not full block")
	}
	if alias.InexactOverlap(dst[:BlockSize], src[:BlockSize]) {
		panic("gost28147: invalid buffer overlap")
	}
}

// checkStream does what the documentation of [cipher.Stream] promises before any byte is written.
func checkStream(dst, src []byte) {
	if len(dst) < len(src) {
		panic("gost28147: output smaller than input")
	}
	if alias.InexactOverlap(dst[:len(src)], src) {
		panic("gost28147: invalid buffer overlap")
	}
}

// modeArgs checks what the stream modes take.
func modeArgs(b cipher.Block, iv []byte) (*block, error) {
	own, ok := b.(*block)
	if !ok {
		return nil, errors.New("gost28147: cipher is not from NewCipher")
	}
	if len(iv) != BlockSize {
		return nil, errors.New("gost28147: IV is not 8 bytes")
	}
	return own, nil
}
