package dstu4145_test

import (
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// seeded returns a reproducible reader, for tests only.
func seeded(n uint64) io.Reader {
	var seed [32]byte
	for i := range 8 {
		seed[i] = byte(n >> (8 * i))
	}
	return rand.NewChaCha8(seed)
}

func testKey(t testing.TB, c *dstu4145.Curve, n uint64) *dstu4145.PrivateKey {
	t.Helper()
	k, err := c.GenerateKey(seeded(n))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func randomBytes(r io.Reader, n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		panic(err) // readers of tests do not end
	}
	return b
}

// forEachCurve runs f as a parallel subtest per curve.
func forEachCurve(t *testing.T, f func(t *testing.T, c *dstu4145.Curve)) {
	for _, c := range dstu4145.Curves() {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			f(t, c)
		})
	}
}

// inBasis returns the curves in normal or in polynomial basis.
func inBasis(normal bool) []*dstu4145.Curve {
	return slices.DeleteFunc(dstu4145.Curves(), func(c *dstu4145.Curve) bool { return c.NormalBasis() != normal })
}

// cases returns n, or a tenth in short mode.
func cases(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}
