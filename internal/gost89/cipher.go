package gost89

import (
	"encoding/binary"
	"math/bits"
)

// BlockSize is the length of a block in bytes.
const BlockSize = 8

// Block is the words n1 and n2 of a block.
type Block [2]uint32

// Load reads a block, Store writes it.
func Load(b []byte) Block {
	x := binary.LittleEndian.Uint64(b)
	return Block{uint32(x), uint32(x >> 32)}
}

func (b Block) Store(p []byte) {
	binary.LittleEndian.PutUint64(p, uint64(b[0])|uint64(b[1])<<32)
}

// Cipher is a key with a substitution block. Its methods take whole blocks; dst and src have one
// length and are the same memory or do not overlap. It is safe for concurrent use.
type Cipher struct {
	key  Key
	key4 Key4
	box  *SBox
}

// NewCipher returns the cipher with a key of 32 bytes.
func NewCipher(key *[32]byte, s *SBox) *Cipher {
	c := &Cipher{box: s}
	for i := range c.key {
		c.key[i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	c.key4.Set(&c.key)
	return c
}

// span is the bytes that the portable code takes at a time; a longer group is that of assembly.
const span = 4 * BlockSize

// Group returns how many bytes it is best to take at a time.
func (c *Cipher) Group() int { return max(span, asmGroup()) }

// MaxGroup is the most that Group returns.
const MaxGroup = 512

// Encrypt encrypts each block.
func (c *Cipher) Encrypt(dst, src []byte) {
	if len(src) > 0 && !c.asm(encrypt, dst, src, nil) {
		c.generic(encrypt, dst, src)
	}
}

// Decrypt decrypts each block.
func (c *Cipher) Decrypt(dst, src []byte) {
	if len(src) > 0 && !c.asm(decrypt, dst, src, nil) {
		c.generic(decrypt, dst, src)
	}
}

// operation is what is done to blocks.
type operation int

const (
	encrypt operation = iota
	decrypt
	addGamma
	decryptCFB
	encryptCFB
	addMAC
)

// generic encrypts or decrypts each block.
func (c *Cipher) generic(op operation, dst, src []byte) {
	t := c.box.Tables()
	for len(src) >= span {
		var b Block4
		b.load(src)
		if op == decrypt {
			t.Decrypt4(&c.key4, &b)
		} else {
			t.Encrypt4(&c.key4, &b)
		}
		b.store(dst)
		dst, src = dst[span:], src[span:]
	}
	for len(src) > 0 {
		b := Load(src)
		if op == decrypt {
			b[0], b[1] = t.Decrypt(&c.key, b[0], b[1])
		} else {
			b[0], b[1] = t.Encrypt(&c.key, b[0], b[1])
		}
		b.Store(dst)
		dst, src = dst[BlockSize:], src[BlockSize:]
	}
}

// load and store are those of four blocks; xor stores their sum with src.
func (b *Block4) load(p []byte) {
	for j := range 4 {
		x := binary.LittleEndian.Uint64(p[8*j:])
		b[0][j], b[1][j] = uint32(x), uint32(x>>32)
	}
}

func (b *Block4) store(p []byte) {
	for j := range 4 {
		binary.LittleEndian.PutUint64(p[8*j:], uint64(b[0][j])|uint64(b[1][j])<<32)
	}
}

func (b *Block4) xor(dst, src []byte) {
	for j := range 4 {
		x := uint64(b[0][j]) | uint64(b[1][j])<<32
		binary.LittleEndian.PutUint64(dst[8*j:], x^binary.LittleEndian.Uint64(src[8*j:]))
	}
}

// The steps of the two halves of the counter, constants C2 and C1 of the standard.
const (
	step3 = 0x01010101
	step4 = 0x01010104
)

// next steps a counter: the first half modulo 2^32, the second modulo 2^32-1 with the carry brought
// round.
func (b *Block) next() {
	b[0] += step3
	sum, carry := bits.Add32(b[1], step4, 0)
	b[1] = sum + carry
}

// CTR adds to each block the encrypted next state of the counter.
func (c *Cipher) CTR(dst, src []byte, counter *Block) {
	if len(src) == 0 || c.asm(addGamma, dst, src, counter) {
		return
	}
	t := c.box.Tables()
	for len(src) >= span {
		var b Block4
		for j := range 4 {
			counter.next()
			b[0][j], b[1][j] = counter[0], counter[1]
		}
		t.Encrypt4(&c.key4, &b)
		b.xor(dst, src)
		dst, src = dst[span:], src[span:]
	}
	for len(src) > 0 {
		counter.next()
		n1, n2 := t.Encrypt(&c.key, counter[0], counter[1])
		b := Load(src)
		Block{b[0] ^ n1, b[1] ^ n2}.Store(dst)
		dst, src = dst[BlockSize:], src[BlockSize:]
	}
}

// DecryptCFB decrypts blocks in the feedback mode. last is the block of ciphertext before them, and
// becomes the last of them.
func (c *Cipher) DecryptCFB(dst, src []byte, last *Block) {
	if len(src) == 0 || c.asm(decryptCFB, dst, src, last) {
		return
	}
	t := c.box.Tables()
	for len(src) >= span {
		var b Block4
		b.load(src)
		next := Block{b[0][3], b[1][3]}
		for i, h := range b {
			b[i] = [4]uint32{last[i], h[0], h[1], h[2]}
		}
		*last = next
		t.Encrypt4(&c.key4, &b)
		b.xor(dst, src)
		dst, src = dst[span:], src[span:]
	}
	for len(src) > 0 {
		n1, n2 := t.Encrypt(&c.key, last[0], last[1])
		*last = Load(src)
		Block{last[0] ^ n1, last[1] ^ n2}.Store(dst)
		dst, src = dst[BlockSize:], src[BlockSize:]
	}
}

// EncryptCFB is the inverse of DecryptCFB.
func (c *Cipher) EncryptCFB(dst, src []byte, last *Block) {
	if len(src) == 0 || c.asm(encryptCFB, dst, src, last) {
		return
	}
	t := c.box.Tables()
	n1, n2 := last[0], last[1]
	for len(src) > 0 {
		n1, n2 = t.Encrypt(&c.key, n1, n2)
		b := Load(src)
		n1, n2 = n1^b[0], n2^b[1]
		Block{n1, n2}.Store(dst)
		dst, src = dst[BlockSize:], src[BlockSize:]
	}
	*last = Block{n1, n2}
}

// MAC adds blocks to the state of the authentication code.
func (c *Cipher) MAC(state *Block, src []byte) {
	if len(src) == 0 || c.asm(addMAC, nil, src, state) {
		return
	}
	t := c.box.Tables()
	n1, n2 := state[0], state[1]
	for len(src) > 0 {
		b := Load(src)
		n1, n2 = t.MAC(&c.key, n1^b[0], n2^b[1])
		src = src[BlockSize:]
	}
	*state = Block{n1, n2}
}
