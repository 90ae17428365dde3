package gost89_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/gost89"
)

// TestGuards runs all operations at the ends of the memory that may be read and written.
func TestGuards(t *testing.T) {
	const most = 140 * gost89.BlockSize
	c := randomCipher(rand.New(rand.NewPCG(1, 9)))
	dst, src := cryptotest.Guarded(t, most), cryptotest.Guarded(t, most)
	for n := 0; n <= most; n += gost89.BlockSize {
		for _, op := range operations {
			selected(func(string) {
				var state gost89.Block
				op.do(c, dst[:n], src[:n], &state)
				op.do(c, dst[len(dst)-n:], src[len(src)-n:], &state)
				op.do(c, dst[len(dst)-n:], dst[len(dst)-n:], &state)
			})
		}
	}
}
