//go:build amd64 && !purego

package gost89

import (
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
	chained  = 1 << 12 // the same where each block waits for the one before
)

func asmGroup() int {
	switch {
	case useAVX512:
		return group512
	case useAVX2:
		return group256
	}
	return 0
}

// asm does what op says, which has the state of its mode, to at least one block.
func (c *Cipher) asm(op operation, dst, src []byte, state *Block) bool {
	switch {
	case !useAVX512 && !useAVX2:
		return false
	case op == encryptCFB || op == addMAC:
		c.serial(op, dst, src, state)
	case op <= decrypt && len(src) == BlockSize:
		c.one(op, dst, src)
	case useAVX512:
		c.bulk512(op, dst, src, state)
	case op <= decrypt:
		c.bulk256(op, dst, src)
	default:
		c.through256(op, dst, src, state)
	}
	return true
}

func (c *Cipher) serial(op operation, dst, src []byte, state *Block) {
	for len(src) > 0 {
		n := min(len(src), chained)
		if op == addMAC {
			c.mac(state, src[:n])
		} else {
			c.feedback(op, dst, src[:n], state)
			dst = dst[n:]
		}
		src = src[n:]
	}
}

// one does one block: as feedback, with a block of zeros.
func (c *Cipher) one(op operation, dst, src []byte) {
	b, zero := Load(src), [BlockSize]byte{}
	c.feedback(op, dst, zero[:], &b)
}

func (c *Cipher) feedback(op operation, dst, src []byte, last *Block) {
	n, k, t := len(src)/BlockSize, (*[8]uint32)(&c.key), (*[128]byte)(c.box.Nibbles())
	forward, backward := op.times()
	if useAVX512 {
		cfbEncryptAVX512(&dst[0], &src[0], n, (*[2]uint32)(last), k, forward, backward, t)
	} else {
		cfbEncryptAVX2(&dst[0], &src[0], n, (*[2]uint32)(last), k, forward, backward, t)
	}
}

func (c *Cipher) mac(state *Block, src []byte) {
	n, k, t := len(src)/BlockSize, (*[8]uint32)(&c.key), (*[128]byte)(c.box.Nibbles())
	if useAVX512 {
		macAVX512((*[2]uint32)(state), &src[0], n, k, t)
	} else {
		macAVX2((*[2]uint32)(state), &src[0], n, k, t)
	}
}

func (c *Cipher) bulk512(op operation, dst, src []byte, state *Block) {
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

// ecb256 does whole groups.
func (c *Cipher) ecb256(op operation, dst, src []byte) {
	forward, backward := op.times()
	ecbAVX2(&dst[0], &src[0], len(src)/group256, (*[8]uint32)(&c.key), forward, backward, (*[4][3][16]byte)(c.box.Sliced()))
}
