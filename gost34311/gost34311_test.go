package gost34311_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"encoding"
	"encoding/binary"
	"hash"
	"math/big"
	"slices"
	"sync"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
)

func mustDKE(tb testing.TB, n int) *gost28147.SBox {
	tb.Helper()
	s, err := gost28147.DKE(n)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestHash(t *testing.T) {
	h := gost34311.New()
	if h.Size() != gost34311.Size || h.BlockSize() != gost34311.BlockSize {
		t.Errorf("Size = %d, BlockSize = %d", h.Size(), h.BlockSize())
	}
	t.Run("DKE1", func(t *testing.T) { cryptotest.TestHash(t, gost34311.New) })
	t.Run("DKE2", func(t *testing.T) {
		cryptotest.TestHash(t, func() hash.Hash { return gost34311.NewSBox(mustDKE(t, 2)) })
	})
}

func TestState(t *testing.T) {
	cryptotest.TestHashState(t, gost34311.New, gost34311.NewSBox(mustDKE(t, 2)))
	cryptotest.TestHashState(t, func() hash.Hash { return gost34311.NewSBox(mustDKE(t, 3)) },
		gost34311.New(), gost34311.NewSBox(mustDKE(t, 2)))
}

// TestSBox checks that all ways to name DKE No 1 agree and that every other block differs.
func TestSBox(t *testing.T) {
	msg := []byte("substitution blocks")
	want := gost34311.Sum(msg)
	copied, err := gost28147.ParseDKE(gost28147.DKE1().DKE())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*gost28147.SBox{nil, new(gost28147.SBox), gost28147.DKE1(), copied} {
		if got := gost34311.SumSBox(msg, s); got != want {
			t.Errorf("SumSBox = %x, want %x", got, want)
		}
		h := gost34311.NewSBox(s)
		h.Write(msg)
		if got := h.Sum(nil); !bytes.Equal(got, want[:]) {
			t.Errorf("NewSBox: %x, want %x", got, want)
		}
	}
	for n := 2; n <= 10; n++ {
		got := gost34311.SumSBox(msg, mustDKE(t, n))
		if got == want {
			t.Errorf("DKE %d gives the digest of DKE 1", n)
		}
		if ref := naive(msg, mustDKE(t, n)); !bytes.Equal(got[:], ref) {
			t.Errorf("DKE %d: %x, want %x", n, got, ref)
		}
	}
}

// edit returns the marshalled state of h with another sum and length; length and the written
// bytes must agree modulo the block.
func edit(t *testing.T, h hash.Hash, sum []byte, length uint64) {
	t.Helper()
	state, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	const sumAt = 4 + gost28147.SBoxSize + gost34311.Size
	copy(state[sumAt:], sum)
	binary.BigEndian.PutUint64(state[sumAt+32:], length)
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		t.Fatal(err)
	}
}

// TestCounters checks the carries of sum and length, without hashing 2^61 bytes: the state is
// edited.
func TestCounters(t *testing.T) {
	ones := bytes.Repeat([]byte{0xff}, 32)
	for _, length := range []uint64{32, 1<<29 - 32, 1<<32 - 32, 1<<32 + 64, 1<<61 - 32, 1<<61 + 32, 1<<63 + 1<<62 + 96} {
		for zeros := range 33 { // how far the carry goes
			sum := slices.Concat(make([]byte, zeros), ones[zeros:])
			for _, msg := range [][]byte{{}, {1}, ones, slices.Concat(ones, ones, []byte{2, 3})} {
				h := gost34311.New()
				edit(t, h, sum, length)
				h.Write(msg)
				want := naiveFrom(make([]byte, 32), new(big.Int).SetBytes(sum), length, msg, nil)
				if got := h.Sum(nil); !bytes.Equal(got, want) {
					t.Fatalf("length %d, sum %x, message %x: got %x, want %x", length, sum, msg, got, want)
				}
			}
		}
	}
}

// counter counts the bytes that a hash is given.
type counter struct {
	hash.Hash
	written *int
}

func (c counter) Write(p []byte) (int, error) {
	*c.written += len(p)
	return c.Hash.Write(p)
}

func (c counter) MarshalBinary() ([]byte, error) {
	return c.Hash.(encoding.BinaryMarshaler).MarshalBinary()
}

func (c counter) UnmarshalBinary(state []byte) error {
	return c.Hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
}

// TestPadsKept checks that an iteration of PBKDF2 hashes only the two inner values of 32 bytes,
// that is, six compressions with the two last stages: crypto/hmac must keep the states behind
// its pads, and they must be past the pads' compressions.
func TestPadsKept(t *testing.T) {
	const iterations = 1000
	var written int
	newHash := func() hash.Hash { return counter{gost34311.New(), &written} }
	got, err := pbkdf2.Key(newHash, "password", []byte("salt"), iterations, gost34311.Size)
	if err != nil {
		t.Fatal(err)
	}
	if once := 4*gost34311.BlockSize + len("salt") + 4; written > 2*gost34311.Size*iterations+once {
		t.Errorf("%d bytes hashed in %d iterations", written, iterations)
	}
	want, err := pbkdf2.Key(gost34311.New, "password", []byte("salt"), iterations, gost34311.Size)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x, %v", got, want, err)
	}
	h := hmac.New(gost34311.New, []byte("key"))
	h.Reset() // keeps the states from here on
	msg, sum := make([]byte, 32), make([]byte, 0, gost34311.Size)
	cryptotest.NotAllocating(t, "HMAC", func() {
		h.Reset()
		h.Write(msg)
		sum = h.Sum(sum[:0])
	})
}

func TestSumAllocations(t *testing.T) {
	msg := make([]byte, 100)
	cryptotest.NotAllocating(t, "Sum", func() { gost34311.Sum(msg) })
}

// TestConcurrent lets the race detector see the first use of the tables.
func TestConcurrent(t *testing.T) {
	msg := []byte("message")
	want := naive(msg, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if got := gost34311.Sum(msg); !bytes.Equal(got[:], want) {
				t.Errorf("got %x, want %x", got, want)
			}
		}()
	}
	wg.Wait()
}
