//go:build amd64 && !purego

package gost34311

import (
	"github.com/ukrcrypto/dstu/internal/cpu"
	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:generate go run -C ../internal/_asm ./gost -kind hash -tier avx512 -pkg gost34311 -out ../../gost34311/compress_avx512_amd64.s -stubs ../../gost34311/compress_avx512_amd64.go

var useAVX512 = cpu.AVX512

func init() { impl.Register("gost34311", impl.AVX512, &useAVX512) }

// chunk is how many blocks a call takes at most: assembly can not be preempted.
const chunk = 512

func (d *digest) asmBlocks(p []byte) bool {
	if !useAVX512 {
		return false
	}
	for len(p) > 0 {
		n := min(len(p)/BlockSize, chunk)
		compressAVX512(&d.h, &d.sum, &p[0], n, (*[128]byte)(d.sbox.Nibbles()))
		p = p[n*BlockSize:]
	}
	return true
}
