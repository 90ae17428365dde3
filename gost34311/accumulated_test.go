package gost34311_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
)

// TestAccumulated hashes 10 000 random messages of 0 to 199 bytes with the ten substitution
// blocks of Ukraine in turn, and compares the digest of all digests with that of the reference.
// It compares the digests themselves where they are cheap enough.
func TestAccumulated(t *testing.T) {
	const cases = 10_000
	const want = "b71031dcdea6cb6974e58a4c8e6cac02e6efc51f3641bf4f05a1243616c94c81"
	in := rand.NewChaCha8([32]byte([]byte("gost34311 accumulated test seed!")))
	got, ref := sha256.New(), sha256.New()
	buf := make([]byte, 200)
	for i := range cases {
		msg := buf[:i%len(buf)]
		in.Read(msg)
		s := mustDKE(t, 1+i%10)
		sum := gost34311.SumSBox(msg, s)
		got.Write(sum[:])
		if !cryptotest.Slow() {
			want := naive(msg, s)
			ref.Write(want)
			if !bytes.Equal(sum[:], want) {
				t.Fatalf("case %d: %x, want %x", i, sum, want)
			}
		}
	}
	if sum := hex.EncodeToString(got.Sum(nil)); sum != want {
		t.Errorf("digest of all digests %s, want %s", sum, want)
	}
	if sum := hex.EncodeToString(ref.Sum(nil)); !cryptotest.Slow() && sum != want {
		t.Errorf("reference gives %s, want %s", sum, want)
	}
}
