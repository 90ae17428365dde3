// Package gost89 holds the rounds of GOST 28147-89 that the cipher and the hash function over it
// share: with tables for bulk work, without tables for short secrets, and in vectors.
//
// A substitution block has eight rows K1..K8; row K(i+1) replaces nibble i of a word, nibble 0
// being the lowest. It comes in its packed form (DKE): eight bytes a row, K1 first, two images a
// byte, that of the even argument in the high nibble.
//
// Blocks are two words n1 (bytes 0 to 3, little endian) and n2 (bytes 4 to 7); a key is eight
// little-endian words.
package gost89

import "math/bits"

// PackedSize is the length of a packed substitution block.
const PackedSize = 64

// Key is the eight words of a key.
type Key [8]uint32

// Image returns the image of a, 0 to 15, in row K(row+1) of a packed block.
func Image(packed *[PackedSize]byte, row, a int) byte {
	b := packed[8*row+a/2]
	if a%2 == 0 {
		return b >> 4
	}
	return b & 15
}

// Tables is a substitution block in the form for bulk work: table j maps byte j of a word to its
// two images, in their places, rotated left by 11 as the round does. Reading it with secret
// indices leaves traces in the data cache.
type Tables [4][256]uint32

// Set fills t from a packed block.
func (t *Tables) Set(packed *[PackedSize]byte) {
	for j := range t {
		var lo, hi [16]uint32
		for a := range 16 {
			lo[a] = bits.RotateLeft32(uint32(Image(packed, 2*j, a)), 8*j+11)
			hi[a] = bits.RotateLeft32(uint32(Image(packed, 2*j+1, a)), 8*j+15)
		}
		for b := range t[j] {
			t[j][b] = lo[b&15] | hi[b>>4]
		}
	}
}

// round returns n xor f(x), f being the round function. The terms are in the order in which
// their addresses are known.
func (t *Tables) round(n, x uint32) uint32 {
	return n ^ t[0][byte(x)] ^ t[3][x>>24] ^ (t[1][byte(x>>8)] ^ t[2][byte(x>>16)])
}

// forward does eight rounds with the key words in ascending order.
func (t *Tables) forward(k *Key, n1, n2 uint32) (uint32, uint32) {
	n2 = t.round(n2, n1+k[0])
	n1 = t.round(n1, n2+k[1])
	n2 = t.round(n2, n1+k[2])
	n1 = t.round(n1, n2+k[3])
	n2 = t.round(n2, n1+k[4])
	n1 = t.round(n1, n2+k[5])
	n2 = t.round(n2, n1+k[6])
	n1 = t.round(n1, n2+k[7])
	return n1, n2
}

// backward does eight rounds with the key words in descending order.
func (t *Tables) backward(k *Key, n1, n2 uint32) (uint32, uint32) {
	n2 = t.round(n2, n1+k[7])
	n1 = t.round(n1, n2+k[6])
	n2 = t.round(n2, n1+k[5])
	n1 = t.round(n1, n2+k[4])
	n2 = t.round(n2, n1+k[3])
	n1 = t.round(n1, n2+k[2])
	n2 = t.round(n2, n1+k[1])
	n1 = t.round(n1, n2+k[0])
	return n1, n2
}

// Encrypt encrypts one block.
func (t *Tables) Encrypt(k *Key, n1, n2 uint32) (uint32, uint32) {
	n1, n2 = t.forward(k, n1, n2)
	n1, n2 = t.forward(k, n1, n2)
	n1, n2 = t.forward(k, n1, n2)
	n1, n2 = t.backward(k, n1, n2)
	return n2, n1
}

// Decrypt decrypts one block.
func (t *Tables) Decrypt(k *Key, n1, n2 uint32) (uint32, uint32) {
	n1, n2 = t.forward(k, n1, n2)
	n1, n2 = t.backward(k, n1, n2)
	n1, n2 = t.backward(k, n1, n2)
	n1, n2 = t.backward(k, n1, n2)
	return n2, n1
}

// MAC does the sixteen rounds of the authentication mode.
func (t *Tables) MAC(k *Key, n1, n2 uint32) (uint32, uint32) {
	n1, n2 = t.forward(k, n1, n2)
	return t.forward(k, n1, n2)
}

// Key4 is four keys side by side: word i of key j is Key4[i][j].
type Key4 [8][4]uint32

// Set makes all four keys equal to k.
func (k4 *Key4) Set(k *Key) {
	for i, x := range k {
		k4[i] = [4]uint32{x, x, x, x}
	}
}

// Block4 is four blocks side by side: n1 of block j is Block4[0][j], n2 is Block4[1][j].
type Block4 [2][4]uint32

// Encrypt4 encrypts block j of b under key j of k, for the four at once: the chains of four
// blocks are independent, which hides the latency of the tables.
func (t *Tables) Encrypt4(k *Key4, b *Block4) {
	t.forward4(k, b)
	t.forward4(k, b)
	t.forward4(k, b)
	t.backward4(k, b)
	b[0], b[1] = b[1], b[0]
}

// Decrypt4 is the inverse of Encrypt4.
func (t *Tables) Decrypt4(k *Key4, b *Block4) {
	t.forward4(k, b)
	t.backward4(k, b)
	t.backward4(k, b)
	t.backward4(k, b)
	b[0], b[1] = b[1], b[0]
}

// forward4 is forward for four blocks.
func (t *Tables) forward4(k *Key4, b *Block4) {
	a0, a1, a2, a3 := b[0][0], b[0][1], b[0][2], b[0][3]
	c0, c1, c2, c3 := b[1][0], b[1][1], b[1][2], b[1][3]
	c0 = t.round(c0, a0+k[0][0])
	c1 = t.round(c1, a1+k[0][1])
	c2 = t.round(c2, a2+k[0][2])
	c3 = t.round(c3, a3+k[0][3])
	a0 = t.round(a0, c0+k[1][0])
	a1 = t.round(a1, c1+k[1][1])
	a2 = t.round(a2, c2+k[1][2])
	a3 = t.round(a3, c3+k[1][3])
	c0 = t.round(c0, a0+k[2][0])
	c1 = t.round(c1, a1+k[2][1])
	c2 = t.round(c2, a2+k[2][2])
	c3 = t.round(c3, a3+k[2][3])
	a0 = t.round(a0, c0+k[3][0])
	a1 = t.round(a1, c1+k[3][1])
	a2 = t.round(a2, c2+k[3][2])
	a3 = t.round(a3, c3+k[3][3])
	c0 = t.round(c0, a0+k[4][0])
	c1 = t.round(c1, a1+k[4][1])
	c2 = t.round(c2, a2+k[4][2])
	c3 = t.round(c3, a3+k[4][3])
	a0 = t.round(a0, c0+k[5][0])
	a1 = t.round(a1, c1+k[5][1])
	a2 = t.round(a2, c2+k[5][2])
	a3 = t.round(a3, c3+k[5][3])
	c0 = t.round(c0, a0+k[6][0])
	c1 = t.round(c1, a1+k[6][1])
	c2 = t.round(c2, a2+k[6][2])
	c3 = t.round(c3, a3+k[6][3])
	a0 = t.round(a0, c0+k[7][0])
	a1 = t.round(a1, c1+k[7][1])
	a2 = t.round(a2, c2+k[7][2])
	a3 = t.round(a3, c3+k[7][3])
	*b = Block4{{a0, a1, a2, a3}, {c0, c1, c2, c3}}
}

// backward4 is backward for four blocks.
func (t *Tables) backward4(k *Key4, b *Block4) {
	a0, a1, a2, a3 := b[0][0], b[0][1], b[0][2], b[0][3]
	c0, c1, c2, c3 := b[1][0], b[1][1], b[1][2], b[1][3]
	c0 = t.round(c0, a0+k[7][0])
	c1 = t.round(c1, a1+k[7][1])
	c2 = t.round(c2, a2+k[7][2])
	c3 = t.round(c3, a3+k[7][3])
	a0 = t.round(a0, c0+k[6][0])
	a1 = t.round(a1, c1+k[6][1])
	a2 = t.round(a2, c2+k[6][2])
	a3 = t.round(a3, c3+k[6][3])
	c0 = t.round(c0, a0+k[5][0])
	c1 = t.round(c1, a1+k[5][1])
	c2 = t.round(c2, a2+k[5][2])
	c3 = t.round(c3, a3+k[5][3])
	a0 = t.round(a0, c0+k[4][0])
	a1 = t.round(a1, c1+k[4][1])
	a2 = t.round(a2, c2+k[4][2])
	a3 = t.round(a3, c3+k[4][3])
	c0 = t.round(c0, a0+k[3][0])
	c1 = t.round(c1, a1+k[3][1])
	c2 = t.round(c2, a2+k[3][2])
	c3 = t.round(c3, a3+k[3][3])
	a0 = t.round(a0, c0+k[2][0])
	a1 = t.round(a1, c1+k[2][1])
	a2 = t.round(a2, c2+k[2][2])
	a3 = t.round(a3, c3+k[2][3])
	c0 = t.round(c0, a0+k[1][0])
	c1 = t.round(c1, a1+k[1][1])
	c2 = t.round(c2, a2+k[1][2])
	c3 = t.round(c3, a3+k[1][3])
	a0 = t.round(a0, c0+k[0][0])
	a1 = t.round(a1, c1+k[0][1])
	a2 = t.round(a2, c2+k[0][2])
	a3 = t.round(a3, c3+k[0][3])
	*b = Block4{{a0, a1, a2, a3}, {c0, c1, c2, c3}}
}
