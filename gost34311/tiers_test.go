package gost34311_test

import (
	"encoding"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// randomSBox returns a substitution block whose rows are random permutations.
func randomSBox(t *testing.T, r *rand.Rand) *gost28147.SBox {
	t.Helper()
	packed := make([]byte, gost28147.SBoxSize)
	for row := range 8 {
		p := r.Perm(16)
		for j := range 8 {
			packed[8*row+j] = byte(p[2*j]<<4 | p[2*j+1])
		}
	}
	s, err := gost28147.ParseDKE(packed)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fill writes random bytes, or mostly zeros or ones, which carry far in the sum.
func fill(r *rand.Rand, b []byte) {
	kind := r.IntN(4)
	for i := range b {
		switch {
		case kind == 0 && r.IntN(16) > 0:
			b[i] = 0
		case kind == 1 && r.IntN(64) > 0:
			b[i] = 0xff
		default:
			b[i] = byte(r.Uint32())
		}
	}
}

// TestTiers compares the states that every implementation reaches: chaining value and sum.
func TestTiers(t *testing.T) {
	r := rand.New(rand.NewPCG(34, 311))
	buf := make([]byte, 40*gost34311.BlockSize)
	for range 100 {
		s := randomSBox(t, r)
		at := r.IntN(64)
		msg := buf[at : at+r.IntN(len(buf)-at)]
		fill(r, msg)
		answers := map[string]string{}
		for _, name := range impl.Names("gost34311") {
			restore := impl.TestingOnlySelect(name)
			h := gost34311.NewSBox(s)
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
				t.Fatalf("%d bytes at %d: %s gives %s, want %s", len(msg), at, name, got, want)
			}
		}
	}
}

// TestLong is for what is longer than one call of assembly takes.
func TestLong(t *testing.T) {
	msg := make([]byte, 1<<15+77)
	fill(rand.New(rand.NewPCG(1, 2)), msg)
	defer impl.TestingOnlySelect(impl.Generic)()
	want := gost34311.Sum(msg)
	for _, name := range impl.Names("gost34311") {
		restore := impl.TestingOnlySelect(name)
		if got := gost34311.Sum(msg); got != want {
			t.Errorf("%s: %x, want %x", name, got, want)
		}
		restore()
	}
}

// TestMebibytes compares the digest of 8 MiB with that of Bouncy Castle 1.72, GOST3411Digest.
func TestMebibytes(t *testing.T) {
	if cryptotest.Slow() {
		t.Skip("short, or under the race detector: 8 MiB")
	}
	const want = "bec5a03c617398ccee84de951b59fa2424faeb2b451a082080b56106195607ec"
	h, buf := gost34311.New(), make([]byte, 1<<20)
	for i := range buf {
		buf[i] = byte(i ^ i>>8 ^ i>>16)
	}
	for range 8 {
		h.Write(buf)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSumMany compares the digests of messages hashed side by side, for every number of messages
// up to twice the lanes and more, and for lengths that differ much or not at all.
func TestSumMany(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for n := range 18 {
		for _, bound := range []int{1, 2, 33, 100, 3000} {
			s := randomSBox(t, r)
			messages := make([][]byte, n)
			for i := range messages {
				messages[i] = make([]byte, r.IntN(bound))
				fill(r, messages[i])
			}
			got := gost34311.SumMany(messages, s)
			if len(got) != n {
				t.Fatalf("%d digests of %d messages", len(got), n)
			}
			for i, m := range messages {
				if want := gost34311.SumSBox(m, s); got[i] != want {
					t.Fatalf("message %d of %d, %d bytes: %x, want %x", i, n, len(m), got[i], want)
				}
			}
		}
	}
	long := [][]byte{make([]byte, 1<<15+5), {1}, nil, make([]byte, 1<<15+40)}
	for i, got := range gost34311.SumMany(long, nil) {
		if want := gost34311.Sum(long[i]); got != want {
			t.Errorf("message %d: %x, want %x", i, got, want)
		}
	}
}
