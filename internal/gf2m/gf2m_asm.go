//go:build amd64 && !purego

package gf2m

import (
	"github.com/ukrcrypto/dstu/internal/cpu"
	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:generate go run -C ../_asm ./binary -kind field -tier avx512 -pkg gf2m -out ../gf2m/field_avx512_amd64.s -stubs ../gf2m/field_avx512_amd64.go
//go:generate go run -C ../_asm ./binary -kind field -tier avx2 -pkg gf2m -out ../gf2m/field_avx2_amd64.s -stubs ../gf2m/field_avx2_amd64.go

var useAVX512, useAVX2 = cpu.AVX512, cpu.AVX2

func init() {
	impl.Register("internal/gf2m", impl.AVX512, &useAVX512)
	impl.Register("internal/gf2m", impl.AVX2, &useAVX2)
}

// appendMap appends the table of a linear map that is given by the images of the single bits: for
// each byte of an element and each word of the result eight words, one for each bit of the byte.
func appendMap(table []uint64, m int, image func(bit int) []uint64) []uint64 {
	for i := 0; i < m; i += 8 {
		words := (m + 63) / 64
		at := len(table)
		table = append(table, make([]uint64, 8*words)...)
		for j := range min(8, m-i) {
			for w, v := range image(i + j) {
				table[at+8*w+j] = v
			}
		}
	}
	return table
}
