//go:build amd64 && !purego

package gost89

import (
	"crypto/subtle"

	"github.com/ukrcrypto/dstu/internal/cpu"
	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:generate go run -C ../_asm ./gost -kind cipher -tier avx512 -pkg gost89 -out ../gost89/cipher_avx512_amd64.s -stubs ../gost89/cipher_avx512_amd64.go
//go:generate go run -C ../_asm ./gost -kind cipher -tier avx2 -pkg gost89 -out ../gost89/cipher_avx2_amd64.s -stubs ../gost89/cipher_avx2_amd64.go

var useAVX512, useAVX2 = cpu.AVX512, cpu.AVX2

func init() {
	impl.Register("internal/gost89", impl.AVX512, &useAVX512)
	impl.Register("internal/gost89", impl.AVX2, &useAVX2)
}

const (
	group512 = 512     // bytes that a function for bulk takes at a time
	group2   = 256     // the same with AVX2
	longest  = 1 << 16 // bytes of one call: assembly can not be preempted
	serial   = 1 << 12 // the same where each block waits for the one before
)

func asmGroup() int {
	switch {
	case useAVX512:
		return group512
	case useAVX2:
		return group2
	}
	return 0
}

// asm does what op says, which has the state of its mode, to at least one block.
func (c *Cipher) asm(op operation, dst, src []byte, state *Block) bool {
	switch {
	case useAVX512 && (op == encryptCFB || op == addMAC):
		c.serial512(op, dst, src, state)
	case useAVX512:
		c.bulk512(op, dst, src, state)
	case useAVX2 && op <= decrypt:
		c.bulk2(op, dst, src)
	case useAVX2 && op <= decryptCFB:
		c.through2(op, dst, src, state)
	case useAVX2:
		c.serialRows(op, dst, src, state)
	default:
		return false
	}
	return true
}

func (c *Cipher) serial512(op operation, dst, src []byte, state *Block) {
	k, t := (*[8]uint32)(&c.key), (*[128]byte)(c.box.Nibbles())
	for len(src) > 0 {
		n := min(len(src), serial)
		if op == addMAC {
			macAVX512((*[2]uint32)(state), &src[0], n/BlockSize, k, t)
		} else {
			cfbEncryptAVX512(&dst[0], &src[0], n/BlockSize, (*[2]uint32)(state), k, 3, 1, t)
			dst = dst[n:]
		}
		src = src[n:]
	}
}

func (c *Cipher) bulk512(op operation, dst, src []byte, state *Block) {
	if len(src) == BlockSize && op <= decrypt {
		c.one512(op, dst, src)
		return
	}
	for len(src) >= group512 {
		n := min(len(src), longest) &^ (group512 - 1)
		c.groups512(op, dst[:n], src[:n], state)
		dst, src = dst[n:], src[n:]
	}
	if len(src) == 0 {
		return
	}
	// What is left takes a whole group, but not the state.
	var end Block
	switch op {
	case addGamma:
		end = *state
		for range len(src) / BlockSize {
			end.next()
		}
	case decryptCFB:
		end = Load(src[len(src)-BlockSize:])
	}
	var buf [group512]byte
	copy(buf[:], src)
	c.groups512(op, buf[:], buf[:], state)
	copy(dst, buf[:len(src)])
	if op > decrypt {
		*state = end
	}
}

// one512 does one block: as feedback, with a block of zeros.
func (c *Cipher) one512(op operation, dst, src []byte) {
	k, t := (*[8]uint32)(&c.key), (*[128]byte)(c.box.Nibbles())
	b, zero := Load(src), [BlockSize]byte{}
	forward, backward := op.times()
	cfbEncryptAVX512(&dst[0], &zero[0], 1, (*[2]uint32)(&b), k, forward, backward, t)
}

// times returns how many times the words of the key are taken in ascending and then in descending
// order.
func (op operation) times() (forward, backward int) {
	if op == decrypt {
		return 1, 3
	}
	return 3, 1
}

func (c *Cipher) groups512(op operation, dst, src []byte, state *Block) {
	n, k, t := len(src)/group512, (*[8]uint32)(&c.key), (*[128]byte)(c.box.Nibbles())
	switch op {
	case addGamma:
		ctrAVX512(&dst[0], &src[0], n, (*[2]uint32)(state), k, t)
	case decryptCFB:
		cfbDecryptAVX512(&dst[0], &src[0], n, (*[2]uint32)(state), k, t)
	default:
		forward, backward := op.times()
		ecbAVX512(&dst[0], &src[0], n, k, forward, backward, t)
	}
}

// fewBlocks is up to how many bytes blocks take less time one by one than in a group.
const fewBlocks = 3 * BlockSize

func (c *Cipher) bulk2(op operation, dst, src []byte) {
	if len(src) <= fewBlocks {
		c.serialRows(op, dst, src, nil)
		return
	}
	k, t := (*[8]uint32)(&c.key), (*[4][3][16]byte)(c.box.Sliced())
	forward, backward := op.times()
	for len(src) >= group2 {
		n := min(len(src), longest) &^ (group2 - 1)
		ecbAVX2(&dst[0], &src[0], n/group2, k, forward, backward, t)
		dst, src = dst[n:], src[n:]
	}
	if len(src) > 0 {
		var buf [group2]byte
		copy(buf[:], src)
		ecbAVX2(&buf[0], &buf[0], 1, k, forward, backward, t)
		copy(dst, buf[:len(src)])
	}
}

// through2 writes what the mode encrypts, before dst may overwrite src, and has it encrypted.
func (c *Cipher) through2(op operation, dst, src []byte, state *Block) {
	var buf [8 * group2]byte
	for len(src) > 0 {
		b := buf[:min(len(src), len(buf))]
		if op == addGamma {
			for i := 0; i < len(b); i += BlockSize {
				state.next()
				state.Store(b[i:])
			}
		} else {
			state.Store(b)
			copy(b[BlockSize:], src)
			*state = Load(src[len(b)-BlockSize:])
		}
		c.bulk2(encrypt, b, b)
		n := subtle.XORBytes(dst, src, b)
		dst, src = dst[n:], src[n:]
	}
}

// serialRows does blocks one by one.
func (c *Cipher) serialRows(op operation, dst, src []byte, state *Block) {
	r, k := c.box.Rows(), &c.key
	for i := 0; i < len(src); i += BlockSize {
		b := Load(src[i:])
		switch op {
		case encrypt:
			b[0], b[1] = r.Encrypt(k, b[0], b[1])
		case decrypt:
			b[0], b[1] = r.Decrypt(k, b[0], b[1])
		case encryptCFB:
			n1, n2 := r.Encrypt(k, state[0], state[1])
			b = Block{b[0] ^ n1, b[1] ^ n2}
			*state = b
		case addMAC:
			state[0], state[1] = r.MAC(k, state[0]^b[0], state[1]^b[1])
			continue
		}
		b.Store(dst[i:])
	}
}
