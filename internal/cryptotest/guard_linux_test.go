package cryptotest_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
)

// TestGuarded reads and writes all bytes, and finds that the slice has no more of them.
func TestGuarded(t *testing.T) {
	for _, n := range []int{1, 4096, 100_000} {
		b := cryptotest.Guarded(t, n)
		if len(b) < n || cap(b) != len(b) {
			t.Errorf("%d bytes of %d for %d", len(b), cap(b), n)
		}
		for i := range b {
			b[i]++
		}
	}
}
