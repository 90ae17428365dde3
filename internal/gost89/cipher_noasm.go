//go:build (!amd64 && !arm64) || purego

package gost89

func asmGroup() int { return 0 }

func (c *Cipher) asm(operation, []byte, []byte, *Block) bool { return false }
