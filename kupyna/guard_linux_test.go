package kupyna_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/kupyna"
)

// TestGuards hashes messages at the ends of the memory that may be read.
func TestGuards(t *testing.T) {
	const most = 700
	b := cryptotest.Guarded(t, most)
	for n := range most {
		if k := n % 16; cryptotest.Slow() && k > 1 && k < 15 {
			continue
		}
		first, last := b[:n], b[len(b)-n:]
		for _, m := range [][]byte{first, last} {
			kupyna.Sum256(m)
			kupyna.Sum512(m)
		}
		kupyna.SumMany256([][]byte{first, last, first})
		kupyna.SumMany512([][]byte{first, last, last})
	}
}
