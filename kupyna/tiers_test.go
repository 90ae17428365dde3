package kupyna_test

import (
	"bytes"
	"encoding"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/kupyna"
)

// fill writes random bytes, or mostly zeros or ones, which carry far in T+.
func fill(r *rand.Rand, b []byte) {
	kind := r.IntN(4)
	for i := range b {
		switch {
		case kind == 0 && r.IntN(16) > 0:
			b[i] = 0
		case kind == 1 && r.IntN(16) > 0:
			b[i] = [...]byte{0xff, 0x0f, 0x0e, 0x10}[r.IntN(4)]
		default:
			b[i] = byte(r.Uint32())
		}
	}
}

// TestTiers compares the states that every implementation reaches, and the digests.
func TestTiers(t *testing.T) {
	r := rand.New(rand.NewPCG(75, 64))
	buf := make([]byte, 20*kupyna.BlockSize512)
	for i := range 200 {
		at := r.IntN(64)
		msg := buf[at : at+r.IntN(len(buf)-at)]
		fill(r, msg)
		size := []int{kupyna.Size256, kupyna.Size384, kupyna.Size512, 6, 38}[i%5]
		answers := map[string]string{}
		for _, name := range impl.Names("kupyna") {
			restore := impl.TestingOnlySelect(name)
			h := mustNew(t, size)
			h.Write(msg)
			state, err := h.(encoding.BinaryMarshaler).MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			answers[name] = fmt.Sprintf("state %x, digest %x", state, h.Sum(nil))
			restore()
		}
		for name, got := range answers {
			if want := answers[impl.Generic]; got != want {
				t.Fatalf("digest of %d bytes of %d bytes at %d: %s gives %s, want %s", size, len(msg), at, name, got, want)
			}
		}
	}
}

// TestLong is for what is longer than one call of assembly takes.
func TestLong(t *testing.T) {
	msg := make([]byte, 1<<15+77)
	fill(rand.New(rand.NewPCG(1, 2)), msg)
	for _, size := range []int{kupyna.Size256, kupyna.Size512} {
		restore := impl.TestingOnlySelect(impl.Generic)
		want := digestOf(t, size, msg)
		restore()
		for _, name := range impl.Names("kupyna") {
			restore := impl.TestingOnlySelect(name)
			if got := digestOf(t, size, msg); !bytes.Equal(got, want) {
				t.Errorf("%s: %x, want %x", name, got, want)
			}
			restore()
		}
	}
}

func digestOf(t *testing.T, size int, msg []byte) []byte {
	t.Helper()
	h := mustNew(t, size)
	h.Write(msg)
	return h.Sum(nil)
}

// TestMebibytes compares the digests of 8 MiB with those of Bouncy Castle 1.72, DSTU7564Digest.
func TestMebibytes(t *testing.T) {
	if cryptotest.Slow() {
		t.Skip("short, or under the race detector: 8 MiB")
	}
	buf := make([]byte, 1<<20)
	for i := range buf {
		buf[i] = byte(i ^ i>>8 ^ i>>16)
	}
	for size, want := range map[int]string{
		kupyna.Size256: "836dcbc466f9dea1cabf14e7ff004e6a29922617dadd9bb9d5d9bfd116fd1852",
		kupyna.Size512: "ab972ba7d715fe0e1c6569f52a3204264ebb7dbb741f7490e1c216e755fdc446" +
			"068cb1e7c2d664fc645e35f8e47b8b11a5ad0e76150f02827eff08ef751ffcc3",
	} {
		h := mustNew(t, size)
		for range 8 {
			h.Write(buf)
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != want {
			t.Errorf("%d bytes: got %s, want %s", size, got, want)
		}
	}
}

// TestSumMany compares the digests of messages hashed side by side, for every number of messages up to
// four times the lanes and more, and for lengths that differ much or not at all.
func TestSumMany(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for n := range 18 {
		for _, bound := range []int{1, 2, 65, 200, 3000} {
			messages := make([][]byte, n)
			for i := range messages {
				messages[i] = make([]byte, r.IntN(bound))
				fill(r, messages[i])
			}
			checkMany(t, messages)
		}
	}
	checkMany(t, [][]byte{make([]byte, 1<<15+5), {1}, nil, make([]byte, 1<<15+40)})
}

func checkMany(t *testing.T, messages [][]byte) {
	t.Helper()
	short, middle, long := kupyna.SumMany256(messages), kupyna.SumMany384(messages), kupyna.SumMany512(messages)
	if n := len(messages); len(short) != n || len(middle) != n || len(long) != n {
		t.Fatalf("%d, %d and %d digests of %d messages", len(short), len(middle), len(long), n)
	}
	for i, m := range messages {
		if want := kupyna.Sum256(m); short[i] != want {
			t.Fatalf("message %d of %d, %d bytes: %x, want %x", i, len(messages), len(m), short[i], want)
		}
		if want := kupyna.Sum384(m); middle[i] != want {
			t.Fatalf("message %d of %d, %d bytes: %x, want %x", i, len(messages), len(m), middle[i], want)
		}
		if want := kupyna.Sum512(m); long[i] != want {
			t.Fatalf("message %d of %d, %d bytes: %x, want %x", i, len(messages), len(m), long[i], want)
		}
	}
}
