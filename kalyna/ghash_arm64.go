//go:build !purego

package kalyna

import "github.com/ukrcrypto/dstu/internal/cpu"

//go:generate go run -C ../internal/_asm ./column8 -kind hash -tier arm64 -pkg kalyna -out ../../kalyna/hash_pmull_arm64.s -stubs ../../kalyna/hash_pmull_arm64.go

// bulkHash adds the first blocks of p to b, as hashKey.blocks does, and returns how many bytes. p
// is whole blocks.
func bulkHash(k *hashKey, b *[8]uint64, p []byte) (done int) {
	if !useARM64 || !cpu.ARM64 {
		return 0
	}
	for n := 0; done < len(p); done += n {
		n = min(len(p)-done, longest)
		blocks := n / (8 * k.columns)
		switch k.columns {
		case 2:
			hash2ARM64(b, &k.h, &p[done], blocks)
		case 4:
			hash4ARM64(b, &k.h, &p[done], blocks)
		default:
			hash8ARM64(b, &k.h, &p[done], blocks)
		}
	}
	return done
}
