//go:build (amd64 || arm64) && !purego

package gf2m

import (
	"github.com/ukrcrypto/dstu/internal/cpu"
	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:generate go run -C ../_asm ./binary -kind field -tier avx512 -pkg gf2m -out ../gf2m/field_avx512_amd64.s -stubs ../gf2m/field_avx512_amd64.go
//go:generate go run -C ../_asm ./binary -kind field -tier avx2 -pkg gf2m -out ../gf2m/field_avx2_amd64.s -stubs ../gf2m/field_avx2_amd64.go
//go:generate go run -C ../_asm ./binary -kind field -tier arm64 -pkg gf2m -out ../gf2m/field_arm64.s -stubs ../gf2m/field_arm64.go

// Those of other processors are false.
var useAVX512, useAVX2, useARM64 = cpu.AVX512, cpu.AVX2, cpu.ARM64

func init() {
	impl.Register("internal/gf2m", impl.AVX512, &useAVX512)
	impl.Register("internal/gf2m", impl.AVX2, &useAVX2)
	impl.Register("internal/gf2m", impl.ARM64, &useARM64)
}
