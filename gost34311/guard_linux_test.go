package gost34311_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
)

// TestGuards hashes messages at the ends of the memory that may be read.
func TestGuards(t *testing.T) {
	const most = 300
	b := cryptotest.Guarded(t, most)
	for n := range most {
		first, last := b[:n], b[len(b)-n:]
		for _, m := range [][]byte{first, last} {
			gost34311.Sum(m)
		}
		gost34311.SumMany([][]byte{first, last, first}, nil)
	}
}
