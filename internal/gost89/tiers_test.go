package gost89_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/gost89"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// operations are what a cipher does to blocks, with the state of its mode.
var operations = []struct {
	name string
	do   func(c *gost89.Cipher, dst, src []byte, state *gost89.Block)
}{
	{"Encrypt", func(c *gost89.Cipher, dst, src []byte, _ *gost89.Block) { c.Encrypt(dst, src) }},
	{"Decrypt", func(c *gost89.Cipher, dst, src []byte, _ *gost89.Block) { c.Decrypt(dst, src) }},
	{"CTR", (*gost89.Cipher).CTR},
	{"DecryptCFB", (*gost89.Cipher).DecryptCFB},
	{"EncryptCFB", (*gost89.Cipher).EncryptCFB},
	{"MAC", func(c *gost89.Cipher, dst, src []byte, state *gost89.Block) {
		copy(dst, src)
		c.MAC(state, src)
	}},
}

// selected calls f with the portable code first and then with every implementation.
func selected(f func(name string)) {
	names := impl.Names("internal/gost89")
	for i := len(names) - 1; i >= 0; i-- {
		restore := impl.TestingOnlySelect(names[i])
		f(names[i])
		restore()
	}
}

const guard = 9

// compare runs all operations on src at the given offset, in place and from elsewhere, with every
// implementation, and compares outputs, states and what is around the output.
func compare(t *testing.T, c *gost89.Cipher, src []byte, offset int, state gost89.Block) {
	t.Helper()
	for _, op := range operations {
		var want string
		selected(func(name string) {
			for _, inPlace := range []bool{false, true} {
				buf := bytes.Repeat([]byte{0xa5}, offset+len(src)+guard)
				dst, from := buf[offset:offset+len(src)], src
				if inPlace {
					from = dst
					copy(dst, src)
				}
				s := state
				op.do(c, dst, from, &s)
				got := fmt.Sprintf("%x, state %x", buf, s)
				if want == "" {
					want = got
				} else if got != want {
					t.Fatalf("%s of %d bytes at %d, in place %t, state %x, with %s:\n%s, want\n%s",
						op.name, len(src), offset, inPlace, state, name, got, want)
				}
			}
		})
	}
}

func randomCipher(r *rand.Rand) *gost89.Cipher {
	var packed [gost89.PackedSize]byte
	var key [32]byte
	for i := range packed {
		packed[i] = byte(r.Uint32())
	}
	for i := range key { // with many zeros and ones, for carries from byte to byte
		key[i] = [...]byte{0, 0xff, 1, 0x80, 0x7f, 0xfe, byte(r.Uint32()), byte(r.Uint32())}[r.IntN(8)]
	}
	return gost89.NewCipher(&key, gost89.NewSBox(&packed))
}

func randomBlocks(r *rand.Rand, n int) []byte {
	b := make([]byte, n*gost89.BlockSize)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// TestTiers compares the implementations for every number of blocks up to more than two groups.
func TestTiers(t *testing.T) {
	r := rand.New(rand.NewPCG(281, 47))
	for n := range 140 {
		compare(t, randomCipher(r), randomBlocks(r, n), n%32, gost89.Block{r.Uint32(), r.Uint32()})
	}
	// More than one call of assembly takes.
	compare(t, randomCipher(r), randomBlocks(r, 1<<13+77), 3, gost89.Block{r.Uint32(), r.Uint32()})
}

// TestCounter brings the carry of each half of the counter to every place of two groups, and the
// sum to either side of it.
func TestCounter(t *testing.T) {
	const step3, step4 = 0x01010101, 0x01010104
	r := rand.New(rand.NewPCG(3, 4))
	c := randomCipher(r)
	const blocks = 130
	src := randomBlocks(r, blocks)
	for i := range uint32(blocks) {
		for delta := range uint32(7) {
			start := gost89.Block{delta - 3 - i*step3, delta - 3 - i*step4}
			var want string
			selected(func(name string) {
				dst, counter := make([]byte, len(src)), start
				c.CTR(dst, src, &counter)
				got := fmt.Sprintf("%x, %x", dst, counter)
				if want == "" {
					want = got
				} else if got != want {
					t.Fatalf("counter %x, with %s: %s, want %s", start, name, got, want)
				}
			})
		}
	}
	for _, n4 := range []uint32{0, 1, 1<<32 - 1, 1<<32 - step4, 1<<32 - step4 - 1, 1<<32 - step4 + 1} {
		compare(t, c, src, 0, gost89.Block{1<<32 - 1, n4})
	}
}

// TestCounterText checks single steps of the counter against the text of the standard.
func TestCounterText(t *testing.T) {
	c := randomCipher(rand.New(rand.NewPCG(7, 8)))
	for _, n4 := range []uint32{0, 5, 0xfefefefa, 0xfefefefb, 0xfefefefc, 0xfefefefd, 0xffffffff} {
		counter := gost89.Block{0xffffff00, n4}
		c.CTR(make([]byte, 8), make([]byte, 8), &counter)
		sum := uint64(n4) + 0x01010104
		if sum >= 1<<32 {
			sum -= 1<<32 - 1
		}
		if want := (gost89.Block{0x01010001, uint32(sum)}); counter != want {
			t.Errorf("after %x: %x, want %x", n4, counter, want)
		}
	}
}

func FuzzTiers(f *testing.F) {
	f.Fuzz(func(t *testing.T, packed, key, src []byte, n3, n4 uint32, offset uint8) {
		if len(packed) != gost89.PackedSize || len(key) != 32 || len(src) > 2000 {
			return
		}
		c := gost89.NewCipher((*[32]byte)(key), gost89.NewSBox((*[gost89.PackedSize]byte)(packed)))
		compare(t, c, src[:len(src)/gost89.BlockSize*gost89.BlockSize], int(offset%64), gost89.Block{n3, n4})
	})
}
