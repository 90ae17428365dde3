//go:build (amd64 || arm64) && !purego

package gost89

import "crypto/subtle"

//go:generate go run -C ../_asm ./gost -kind cipher -tier arm64 -pkg gost89 -out ../gost89/cipher_arm64.s -stubs ../gost89/cipher_arm64.go

const (
	group256 = 256     // bytes that a function for bulk takes at a time, if it does nothing but ECB
	longest  = 1 << 16 // bytes of one call: assembly can not be preempted
)

// times returns how many times the words of the key are taken in ascending and then in descending
// order.
func (op operation) times() (forward, backward int) {
	if op == decrypt {
		return 1, 3
	}
	return 3, 1
}

// fewBlocks is up to how many bytes blocks take less time one by one than in a group.
const fewBlocks = 3 * BlockSize

func (c *Cipher) bulk256(op operation, dst, src []byte) {
	if len(src) <= fewBlocks {
		c.serialRows(op, dst, src, nil)
		return
	}
	for len(src) >= group256 {
		n := min(len(src), longest) &^ (group256 - 1)
		c.ecb256(op, dst[:n], src[:n])
		dst, src = dst[n:], src[n:]
	}
	if len(src) > 0 {
		var buf [group256]byte
		copy(buf[:], src)
		c.ecb256(op, buf[:], buf[:])
		copy(dst, buf[:len(src)])
	}
}

// through256 writes what the mode encrypts, before dst may overwrite src, and has it encrypted.
func (c *Cipher) through256(op operation, dst, src []byte, state *Block) {
	var buf [8 * group256]byte
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
		c.bulk256(encrypt, b, b)
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
