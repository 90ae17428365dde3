//go:build amd64 && !purego

package kupyna

import (
	"sync"

	"github.com/ukrcrypto/dstu/internal/column8"
	"github.com/ukrcrypto/dstu/internal/cpu"
	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:generate go run -C ../internal/_asm ./column8 -kind kupyna -tier avx512 -pkg kupyna -out ../../kupyna/compress_avx512_amd64.s -stubs ../../kupyna/compress_avx512_amd64.go

var useAVX512 = cpu.AVX512

func init() { impl.Register("kupyna", impl.AVX512, &useAVX512) }

// longest is how many bytes a call takes at most: assembly can not be preempted.
const longest = 1 << 14

func asmCompress512(h *[8]uint64, p []byte) bool {
	if !useAVX512 {
		return false
	}
	for len(p) > 0 {
		n := min(len(p), longest)
		compress512AVX512(h, &p[0], n/BlockSize256, constants512(), column8.VectorSBoxes(false))
		p = p[n:]
	}
	return true
}

func asmCompress1024(h *[16]uint64, p []byte) bool {
	if !useAVX512 {
		return false
	}
	for len(p) > 0 {
		n := min(len(p), longest)
		compress1024AVX512(h, &p[0], n/BlockSize512, turned1024(), column8.VectorSBoxes(false))
		p = p[n:]
	}
	return true
}

// turned1024 holds the constants of the rounds of sixteen columns as the assembly takes them: of the
// lower columns and then of the upper ones those of T+, and those of Tx turned up.
var turned1024 = sync.OnceValue(func() *[rounds1024][4][8]uint64 {
	var k [rounds1024][4][8]uint64
	for v := range k {
		for j := range 8 {
			k[v][0][j], k[v][1][j] = plus(16, j, v), cross(j, v)<<8
			k[v][2][j], k[v][3][j] = plus(16, 8+j, v), cross(8+j, v)<<24
		}
	}
	return &k
})
