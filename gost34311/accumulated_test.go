package gost34311_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha3"
	"encoding/hex"
	"testing"

	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
)

// TestAccumulated hashes 10 000 random messages of 0 to 199 bytes with the ten substitution
// blocks of Ukraine in turn, and compares the digest of all digests with that of the reference.
// It compares the digests themselves where they are cheap enough.
func TestAccumulated(t *testing.T) {
	const cases = 10_000
	const want = "62729f2867c6eb026ce2d3112e5f7d27b56536813b4a17834ad596b2120d4b3a"
	in := sha3.NewSHAKE128()
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
