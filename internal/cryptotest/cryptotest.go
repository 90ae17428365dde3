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

// notAllocating fails the test if f allocates.
func notAllocating(t *testing.T, what string, f func()) {
	t.Helper()
	if n := testing.AllocsPerRun(10, f); n > 0 {
		t.Errorf("%s: %v allocations", what, n)
	}
}
