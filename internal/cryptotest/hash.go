package cryptotest

import (
	"bytes"
	"crypto/sha3"
	"encoding"
	"encoding/binary"
	"hash"
	"testing"
)

// TestHash runs the conformance suite of [hash.Hash] and [hash.Cloner] over hashes made by newHash.
func TestHash(t *testing.T, newHash func() hash.Hash) {
	t.Run("Splits", func(t *testing.T) { hashSplits(t, newHash) })
	t.Run("Sum", func(t *testing.T) { hashSum(t, newHash()) })
	t.Run("Reset", func(t *testing.T) { hashReset(t, newHash) })
	t.Run("Input", func(t *testing.T) { hashInput(t, newHash) })
	t.Run("Clone", func(t *testing.T) { hashClone(t, newHash) })
	t.Run("Allocations", func(t *testing.T) { hashAllocations(t, newHash()) })
}

// digest returns the hash of the parts, written one after the other.
func digest(h hash.Hash, parts ...[]byte) []byte {
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// hashSplits cuts messages of up to three blocks at every place, and longer ones at random.
// Under [Slow] it takes every thirteenth place.
func hashSplits(t *testing.T, newHash func() hash.Hash) {
	h := newHash()
	msg := pattern(3*h.BlockSize() + 1)
	seen := make(map[string]int)
	for n := range len(msg) {
		h.Reset()
		want := digest(h, msg[:n])
		if m, ok := seen[string(want)]; ok && len(want) >= 16 {
			t.Fatalf("messages of %d and %d bytes have one digest", m, n)
		}
		seen[string(want)] = n
		step := 1
		if Slow() {
			step = 13
		}
		for cut := n % step; cut < n; cut += step {
			h.Reset()
			if got := digest(h, msg[:cut], msg[cut:n]); !bytes.Equal(got, want) {
				t.Fatalf("%d bytes cut at %d: got %x, want %x", n, cut, got, want)
			}
		}
	}
	long := pattern(40 * h.BlockSize())
	h.Reset()
	want := digest(h, long)
	for seed := range byte(20) {
		h.Reset()
		cuts := sha3.NewSHAKE128()
		cuts.Write([]byte{seed})
		for rest := long; len(rest) > 0; {
			var r [2]byte
			cuts.Read(r[:])
			n := min(len(rest), int(binary.LittleEndian.Uint16(r[:]))%(3*h.BlockSize()))
			h.Write(rest[:n])
			rest = rest[n:]
		}
		if got := h.Sum(nil); !bytes.Equal(got, want) {
			t.Fatalf("random cuts: got %x, want %x", got, want)
		}
	}
}

// hashSum checks that Sum appends and leaves the state alone.
func hashSum(t *testing.T, h hash.Hash) {
	for n := range 2*h.BlockSize() + 2 {
		h.Reset()
		h.Write(pattern(n))
		prefix := []byte("prefix")
		sum := h.Sum(nil)
		if len(sum) != h.Size() {
			t.Fatalf("Sum of %d bytes, Size %d", len(sum), h.Size())
		}
		if got := h.Sum(prefix); !bytes.Equal(got, append([]byte("prefix"), sum...)) {
			t.Fatalf("Sum does not append: %x", got)
		}
		if got := h.Sum(make([]byte, 0, 3*h.Size())); !bytes.Equal(got, sum) {
			t.Fatalf("second Sum differs: %x", got)
		}
		want := digest(h, []byte("more"))
		h.Reset()
		if got := digest(h, pattern(n), []byte("more")); !bytes.Equal(got, want) {
			t.Fatalf("Sum after %d bytes changed the state", n)
		}
	}
}

func hashReset(t *testing.T, newHash func() hash.Hash) {
	want := newHash().Sum(nil)
	for _, n := range []int{0, 1, newHash().BlockSize(), 3*newHash().BlockSize() - 1} {
		h := newHash()
		h.Write(pattern(n))
		h.Reset()
		if got := h.Sum(nil); !bytes.Equal(got, want) {
			t.Errorf("Reset after %d bytes: got %x, want %x", n, got, want)
		}
	}
}

// hashInput checks that Write reports all bytes, and neither changes nor keeps its input.
func hashInput(t *testing.T, newHash func() hash.Hash) {
	for _, n := range []int{0, 1, newHash().BlockSize() - 1, newHash().BlockSize(), 3*newHash().BlockSize() + 1} {
		msg := pattern(n)
		want := digest(newHash(), msg)
		h := newHash()
		if m, err := h.Write(msg); m != n || err != nil {
			t.Errorf("Write of %d bytes = %d, %v", n, m, err)
		}
		if !bytes.Equal(msg, pattern(n)) {
			t.Errorf("Write of %d bytes changed its input", n)
		}
		clear(msg)
		if got := h.Sum(nil); !bytes.Equal(got, want) {
			t.Errorf("Write of %d bytes kept its input", n)
		}
	}
}

// hashClone checks that a clone goes on from the same state and apart from its origin.
func hashClone(t *testing.T, newHash func() hash.Hash) {
	h := newHash()
	msg := pattern(3*h.BlockSize() + 1)
	want := digest(newHash(), msg)
	for n := range len(msg) {
		h.Reset()
		h.Write(msg[:n])
		c, err := h.(hash.Cloner).Clone()
		if err != nil {
			t.Fatal(err)
		}
		h.Write([]byte("something else"))
		if got := digest(c, msg[n:]); !bytes.Equal(got, want) {
			t.Fatalf("clone after %d bytes: got %x, want %x", n, got, want)
		}
		h.Reset()
		h.Write(msg[:n])
		c, err = h.(hash.Cloner).Clone()
		if err != nil {
			t.Fatal(err)
		}
		c.Write([]byte("something else"))
		c.Reset()
		if got := digest(h, msg[n:]); !bytes.Equal(got, want) {
			t.Fatalf("origin of a clone after %d bytes: got %x, want %x", n, got, want)
		}
	}
}

func hashAllocations(t *testing.T, h hash.Hash) {
	msg := pattern(3*h.BlockSize() + 1)
	sum := make([]byte, 0, h.Size())
	NotAllocating(t, "Reset, Write and Sum", func() {
		h.Reset()
		h.Write(msg[:5])
		h.Write(msg)
		sum = h.Sum(sum[:0])
	})
}

// marshaler is what [TestHashState] asks of a hash.
type marshaler interface {
	hash.Hash
	encoding.BinaryMarshaler
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// TestHashState checks the marshalled states of hashes made by newHash: at every offset of up to
// three blocks the state must restore into a fresh and into a used hash, and a damaged one must
// be refused without a change. alien are hashes of other functions, whose states newHash must
// refuse.
func TestHashState(t *testing.T, newHash func() hash.Hash, alien ...hash.Hash) {
	msg := pattern(3*newHash().BlockSize() + 1)
	want := digest(newHash(), msg)
	other := newHash().(marshaler)
	for n := range len(msg) {
		h := newHash().(marshaler)
		h.Write(msg[:n])
		state, err := h.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		appended, err := h.AppendBinary([]byte("prefix"))
		if err != nil || !bytes.Equal(appended, append([]byte("prefix"), state...)) {
			t.Fatalf("after %d bytes AppendBinary = %x, %v; MarshalBinary = %x", n, appended, err, state)
		}
		if got := digest(h, msg[n:]); !bytes.Equal(got, want) {
			t.Fatalf("MarshalBinary after %d bytes changed the state", n)
		}
		if err := other.UnmarshalBinary(state); err != nil {
			t.Fatalf("state after %d bytes: %v", n, err)
		}
		again, err := other.MarshalBinary()
		if err != nil || !bytes.Equal(again, state) {
			t.Fatalf("state after %d bytes is marshalled again as %x, not %x", n, again, state)
		}
		if got := digest(other, msg[n:]); !bytes.Equal(got, want) {
			t.Fatalf("restored after %d bytes: got %x, want %x", n, got, want)
		}
		for cut := range state {
			if n%newHash().BlockSize() < 2 {
				mustRefuse(t, newHash, state[:cut])
			}
		}
		mustRefuse(t, newHash, append(state[:len(state):len(state)], 0))
		state[0] ^= 1
		mustRefuse(t, newHash, state)
	}
	for _, a := range alien {
		a.Reset()
		a.Write(msg[:1])
		state, err := a.(marshaler).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		mustRefuse(t, newHash, state)
	}
	h := newHash().(marshaler)
	state, err := h.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	NotAllocating(t, "UnmarshalBinary", func() {
		if h.UnmarshalBinary(state) != nil {
			t.Fatal("own state refused")
		}
	})
	buf := make([]byte, 0, 2*len(state))
	NotAllocating(t, "AppendBinary", func() { buf, _ = h.AppendBinary(buf[:0]) })
}

// mustRefuse fails the test if state is accepted or leaves a trace.
func mustRefuse(t *testing.T, newHash func() hash.Hash, state []byte) {
	t.Helper()
	h := newHash()
	h.Write([]byte("some bytes"))
	want := h.Sum(nil)
	if h.(marshaler).UnmarshalBinary(state) == nil {
		t.Fatalf("accepted state %x", state)
	}
	if got := h.Sum(nil); !bytes.Equal(got, want) {
		t.Fatalf("refused state %x changed the hash", state)
	}
}
