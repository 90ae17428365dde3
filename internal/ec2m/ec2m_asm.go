//go:build (amd64 || arm64) && !purego

package ec2m

import (
	"github.com/ukrcrypto/dstu/internal/cpu"
	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:generate go run -C ../_asm ./binary -kind ladder -tier avx512 -pkg ec2m -out ../ec2m/ladder_avx512_amd64.s -stubs ../ec2m/ladder_avx512_amd64.go
//go:generate go run -C ../_asm ./binary -kind ladder -tier avx2 -pkg ec2m -out ../ec2m/ladder_avx2_amd64.s -stubs ../ec2m/ladder_avx2_amd64.go
//go:generate go run -C ../_asm ./binary -kind comb -tier avx512 -pkg ec2m -out ../ec2m/comb_avx512_amd64.s -stubs ../ec2m/comb_avx512_amd64.go
//go:generate go run -C ../_asm ./binary -kind comb -tier avx2 -pkg ec2m -out ../ec2m/comb_avx2_amd64.s -stubs ../ec2m/comb_avx2_amd64.go
//go:generate go run -C ../_asm ./binary -kind ladder -tier arm64 -pkg ec2m -out ../ec2m/ladder_arm64.s -stubs ../ec2m/ladder_arm64.go
//go:generate go run -C ../_asm ./binary -kind comb -tier arm64 -pkg ec2m -out ../ec2m/comb_arm64.s -stubs ../ec2m/comb_arm64.go

// Those of other processors are false.
var useAVX512, useAVX2, useARM64 = cpu.AVX512, cpu.AVX2, cpu.ARM64

func init() {
	impl.Register("internal/ec2m", impl.AVX512, &useAVX512)
	impl.Register("internal/ec2m", impl.AVX2, &useAVX2)
	impl.Register("internal/ec2m", impl.ARM64, &useARM64)
}

// changes returns k ^ k>>1: the steps of a ladder after which the points change places.
func changes(k *Words) (s Words) {
	for i := range s[:MaxWords-1] {
		s[i] = k[i] ^ (k[i]>>1 | k[i+1]<<63)
	}
	s[MaxWords-1] = k[MaxWords-1] ^ k[MaxWords-1]>>1
	return s
}
