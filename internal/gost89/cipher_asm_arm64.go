//go:build !purego

package gost89

import "github.com/ukrcrypto/dstu/internal/impl"

// Every arm64 processor that Go runs on has what it takes.
var useARM64 = true

func init() { impl.Register("internal/gost89", impl.ARM64, &useARM64) }

func asmGroup() int {
	if useARM64 {
		return group256
	}
	return 0
}

// asm does what op says, which has the state of its mode, to at least one block.
func (c *Cipher) asm(op operation, dst, src []byte, state *Block) bool {
	switch {
	case !useARM64:
		return false
	case op <= decrypt:
		c.bulk256(op, dst, src)
	case op <= decryptCFB:
		c.through256(op, dst, src, state)
	default:
		c.serialRows(op, dst, src, state)
	}
	return true
}

// ecb256 does whole groups.
func (c *Cipher) ecb256(op operation, dst, src []byte) {
	forward, backward := op.times()
	ecbARM64(&dst[0], &src[0], len(src)/group256, (*[8]uint32)(&c.key), forward, backward, (*[128]byte)(c.box.Nibbles()))
}
