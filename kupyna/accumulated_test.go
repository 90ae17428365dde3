package kupyna_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha3"
	"encoding/hex"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
)

// TestAccumulated hashes 10 000 random messages of 0 to 299 bytes with all digest sizes in turn,
// tags a tenth of them, and compares the digest of all results with the value that the reference
// gave. One case in stride is compared directly too; with a stride of 1, all are.
func TestAccumulated(t *testing.T) {
	const cases = 10_000
	stride := 13
	if cryptotest.Slow() {
		stride = 101
	}
	const want = "1bf32c3026fa97a9423a112a0a66576c4aa2eb8d1ea974174ee89bfe87a7737a"
	in := sha3.NewSHAKE128()
	all := sha256.New()
	buf, key := make([]byte, 300), make([]byte, 64)
	check := func(i int, sum []byte, reference func() []byte) {
		all.Write(sum)
		if i%stride != 0 {
			return
		}
		if want := reference(); !bytes.Equal(sum, want) {
			t.Fatalf("case %d: %x, want %x", i, sum, want)
		}
	}
	for i := range cases {
		msg := buf[:i%len(buf)]
		in.Read(msg)
		size := 1 + i%64
		h := mustNew(t, size)
		h.Write(msg)
		check(i, h.Sum(nil), func() []byte { return naive(size, msg) })
		if i%10 != 0 {
			continue
		}
		size = 32 + i/10%3*16
		in.Read(key[:size])
		m, err := macs[size](key[:size])
		if err != nil {
			t.Fatal(err)
		}
		m.Write(msg)
		check(i, m.Sum(nil), func() []byte { return naiveMAC(key[:size], msg) })
	}
	if got := hex.EncodeToString(all.Sum(nil)); got != want {
		t.Errorf("digest of all results %s, want %s", got, want)
	}
}
