//go:build !amd64 || purego

package gost34311

import "github.com/ukrcrypto/dstu/internal/gost89"

func (d *digest) asmBlocks([]byte) bool { return false }

func asmMany(*gost89.SBox, [][Size]byte, [][]byte) bool { return false }
