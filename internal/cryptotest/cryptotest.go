// Package cryptotest holds conformance suites for the interfaces of the standard library that
// the primitives of this module implement. It is imported by tests only.
package cryptotest

import (
	"crypto/sha3"
	"testing"
)

// pattern returns n bytes that look random and are the same in every run.
func pattern(n int) []byte {
	return sha3.SumSHAKE128([]byte("cryptotest"), n)
}

// mustPanic fails the test unless f panics.
func mustPanic(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if recover() == nil {
			t.Errorf("%s: no panic", what)
		}
	}()
	f()
}

// NotAllocating fails the test if f allocates. Under the race detector, which allocates itself,
// it does nothing.
func NotAllocating(t *testing.T, what string, f func()) {
	t.Helper()
	if race {
		return
	}
	if n := testing.AllocsPerRun(10, f); n > 0 {
		t.Errorf("%s: %v allocations", what, n)
	}
}

// Slow reports whether exhaustive tests should take samples: in short mode and under the race
// detector.
func Slow() bool { return race || testing.Short() }
