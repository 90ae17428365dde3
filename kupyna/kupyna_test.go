package kupyna_test

import (
	"bytes"
	"crypto/hmac"
	"encoding"
	"encoding/binary"
	"errors"
	"hash"
	"math/big"
	"strconv"
	"sync"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/kupyna"
)

func mustNew(tb testing.TB, size int) hash.Hash {
	tb.Helper()
	h, err := kupyna.New(size)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

func TestHash(t *testing.T) {
	for _, size := range []int{1, 32, 33, 48, 64} {
		t.Run(strconv.Itoa(8*size), func(t *testing.T) {
			newHash := func() hash.Hash { return mustNew(t, size) }
			if size == 32 || size == 48 { // one of each state
				cryptotest.TestHash(t, newHash)
			}
			cryptotest.TestHashState(t, newHash, mustNew(t, size%64+1), mustNew(t, (size+31)%64+1))
		})
	}
}

// TestSizes checks every digest size: its length, and that it is the end of the longest of its
// state.
func TestSizes(t *testing.T) {
	msg := []byte("sizes")
	long256, long512 := kupyna.Sum256(msg), kupyna.Sum512(msg)
	for size := 1; size <= 64; size++ {
		h := mustNew(t, size)
		h.Write(msg)
		got, want, block := h.Sum(nil), long256[:], kupyna.BlockSize256
		if size > 32 {
			want, block = long512[:], kupyna.BlockSize512
		}
		if h.Size() != size || h.BlockSize() != block || !bytes.Equal(got, want[len(want)-size:]) {
			t.Errorf("size %d: Size %d, BlockSize %d, digest %x", size, h.Size(), h.BlockSize(), got)
		}
	}
	for _, size := range []int{-1, 0, 65, 1 << 30} {
		if h, err := kupyna.New(size); h != nil || err == nil {
			t.Errorf("New(%d) = %v, %v", size, h, err)
		}
	}
	if got := kupyna.Sum384(msg); !bytes.Equal(got[:], long512[16:]) {
		t.Errorf("Sum384 = %x", got)
	}
}

// TestBits checks messages of every number of bits up to more than a block of the longer state, whose
// last byte has bits beyond the message.
func TestBits(t *testing.T) {
	data := bytes.Repeat([]byte{0xb7, 0x5f, 0xff}, 50)
	for _, size := range []int{1, kupyna.Size256, kupyna.Size384, kupyna.Size512} {
		for bits := range 8*kupyna.BlockSize512 + 20 {
			if cryptotest.Slow() && bits%8 != bits/8%8 {
				continue
			}
			msg := data[:(bits+7)/8]
			got, err := kupyna.SumBits(size, msg, uint64(bits))
			if want := naiveBits(size, msg, bits); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%d bytes of %d bits: %x, %v, want %x", size, bits, got, err, want)
			}
		}
	}
	if !bytes.Equal(data, bytes.Repeat([]byte{0xb7, 0x5f, 0xff}, 50)) {
		t.Error("the message has changed")
	}
	for _, c := range []struct {
		size, bytes int
		bits        uint64
	}{{0, 1, 8}, {65, 1, 8}, {-1, 1, 8}, {32, 0, 1}, {32, 1, 0}, {32, 1, 9}, {32, 2, 8}, {32, 0, 1<<64 - 1}, {32, 0, 1<<64 - 8}} {
		if got, err := kupyna.SumBits(c.size, data[:c.bytes], c.bits); got != nil || err == nil {
			t.Errorf("%d bytes of %d bits in %d bytes: %x, %v", c.size, c.bits, c.bytes, got, err)
		}
	}
}

var macs = map[int]func([]byte) (hash.Hash, error){
	kupyna.Size256: kupyna.NewMAC256, kupyna.Size384: kupyna.NewMAC384, kupyna.Size512: kupyna.NewMAC512,
}

func TestMAC(t *testing.T) {
	for size, newMAC := range macs {
		key := bytes.Repeat([]byte{0x5a}, size)
		kept := bytes.Clone(key)
		shared, err := newMAC(key)
		if err != nil {
			t.Fatal(err)
		}
		clear(key) // the key is copied
		for n := range 300 {
			if cryptotest.Slow() && n%8 > 3 {
				continue
			}
			msg := bytes.Repeat([]byte{byte(n)}, n)
			shared.Reset()
			shared.Write(msg)
			if got, want := shared.Sum(nil), naiveMAC(kept, msg); !bytes.Equal(got, want) {
				t.Fatalf("%d bytes: tag %x, want %x", n, got, want)
			}
		}
		if size == kupyna.Size512 {
			cryptotest.TestHash(t, func() hash.Hash {
				m, err := newMAC(kept)
				if err != nil {
					t.Fatal(err)
				}
				return m
			})
		}
		if _, ok := shared.(encoding.BinaryMarshaler); ok {
			t.Error("the state behind a key can be marshalled")
		}
		for n := range 130 {
			if n == size {
				continue
			}
			m, err := newMAC(make([]byte, n))
			if keySize := kupyna.KeySizeError(0); m != nil || !errors.As(err, &keySize) || int(keySize) != n {
				t.Errorf("key of %d bytes: %v, %v", n, m, err)
			}
		}
	}
}

// TestHMAC checks that HMAC, which keeps marshalled states, agrees with its definition.
func TestHMAC(t *testing.T) {
	for _, newHash := range []func() hash.Hash{kupyna.New256, kupyna.New384, kupyna.New512} {
		key, msg := []byte("key"), []byte("message")
		pad := func(b byte) []byte {
			p := bytes.Repeat([]byte{b}, newHash().BlockSize())
			for i := range key {
				p[i] ^= key[i]
			}
			return p
		}
		inner, outer := newHash(), newHash()
		inner.Write(pad(0x36))
		inner.Write(msg)
		outer.Write(pad(0x5c))
		outer.Write(inner.Sum(nil))
		want := outer.Sum(nil)
		h := hmac.New(newHash, key)
		for range 3 {
			h.Write(msg)
			if got := h.Sum(nil); !bytes.Equal(got, want) {
				t.Errorf("HMAC %x, want %x", got, want)
			}
			h.Reset()
		}
	}
}

// TestLength checks the counter of the padding for lengths that nobody hashes: the state is
// edited.
func TestLength(t *testing.T) {
	for _, size := range []int{32, 64} {
		block := mustNew(t, size).BlockSize()
		for _, length := range []uint64{1 << 29, 1 << 32, 5 << 30, 1<<61 - uint64(block), 1 << 61, 1<<63 + 1<<62} {
			for n := range block + 1 {
				if cryptotest.Slow() && n%8 > 3 {
					continue
				}
				h := mustNew(t, size)
				state, err := h.(encoding.BinaryMarshaler).MarshalBinary()
				if err != nil {
					t.Fatal(err)
				}
				binary.BigEndian.PutUint64(state[len(state)-8:], length)
				if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
					t.Fatal(err)
				}
				msg := bytes.Repeat([]byte{1}, n)
				h.Write(msg)
				want := naiveFrom(size, nil, new(big.Int).SetUint64(length), msg)
				if got := h.Sum(nil); !bytes.Equal(got, want) {
					t.Fatalf("%d bytes after %d: got %x, want %x", n, length, got, want)
				}
			}
		}
	}
}

func TestSumAllocations(t *testing.T) {
	msg := make([]byte, 200)
	cryptotest.NotAllocating(t, "Sum256", func() { kupyna.Sum256(msg) })
	cryptotest.NotAllocating(t, "Sum384", func() { kupyna.Sum384(msg) })
	cryptotest.NotAllocating(t, "Sum512", func() { kupyna.Sum512(msg) })
}

// TestSumManyAllocations: what is allocated does not grow with the number of messages.
func TestSumManyAllocations(t *testing.T) {
	messages := make([][]byte, 64)
	for _, sum := range []func([][]byte){
		func(m [][]byte) { kupyna.SumMany256(m) },
		func(m [][]byte) { kupyna.SumMany384(m) },
		func(m [][]byte) { kupyna.SumMany512(m) },
	} {
		few := testing.AllocsPerRun(10, func() { sum(messages[:8]) })
		if many := testing.AllocsPerRun(10, func() { sum(messages) }); many > few {
			t.Errorf("%v allocations for 64 messages, %v for 8", many, few)
		}
	}
}

// TestConcurrent lets the race detector see the first use of the tables.
func TestConcurrent(t *testing.T) {
	msg := []byte("message")
	want := naive(32, msg)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if got := kupyna.Sum256(msg); !bytes.Equal(got[:], want) {
				t.Errorf("got %x, want %x", got, want)
			}
		}()
	}
	wg.Wait()
}
