package kalyna_test

import (
	"bytes"
	"crypto/cipher"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/kalyna"
)

// variants are the block and key sizes in bytes.
var variants = []struct{ block, key int }{{16, 16}, {16, 32}, {32, 32}, {32, 64}, {64, 64}}

// TestTiersBlocks compares many blocks on every implementation with single blocks in portable code
// without tables: every length up to four groups and some more, at any alignment, in place and not.
func TestTiersBlocks(t *testing.T) {
	const longest = 4*512 + 3*64
	r := rand.New(rand.NewPCG(1, 2))
	random := func(n int) []byte {
		p := make([]byte, n)
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		return p
	}
	for _, v := range variants {
		key, plain := random(v.key), random(longest)
		want := make([]byte, longest)
		restore := impl.TestingOnlySelect(impl.Generic)
		b := newBlock(t, v.block, key)
		for i := 0; i < longest; i += v.block {
			b.Encrypt(want[i:], plain[i:])
		}
		restore()
		for _, tier := range impl.Names("kalyna") {
			t.Run(fmt.Sprintf("%d-%d/%s", 8*v.block, 8*v.key, tier), func(t *testing.T) {
				defer impl.TestingOnlySelect(tier)()
				b := newBlock(t, v.block, key)
				for n := 0; n <= longest; n += v.block {
					checkBlocks(t, kalyna.TestingOnlyEncryptBlocks, b, plain[:n], want[:n], n/v.block%67, n/v.block%71)
					checkBlocks(t, kalyna.TestingOnlyDecryptBlocks, b, want[:n], plain[:n], n/v.block%71, n/v.block%67)
				}
			})
		}
	}
}

type blocksFunc = func(b cipher.Block, dst, src []byte)

// checkBlocks runs f out of place, with slices that start so many bytes into an array, and in place.
// It looks at the bytes around the result too.
func checkBlocks(t *testing.T, f blocksFunc, b cipher.Block, in, want []byte, dstAt, srcAt int) {
	t.Helper()
	const guard = 0xa5
	src := append(make([]byte, srcAt), in...)[srcAt:]
	full := bytes.Repeat([]byte{guard}, dstAt+len(in)+64)
	dst := full[dstAt : dstAt+len(in)]
	f(b, dst, src)
	if !bytes.Equal(dst, want) {
		t.Fatalf("%d bytes: wrong", len(in))
	}
	if !bytes.Equal(src, in) {
		t.Fatalf("%d bytes: source changed", len(in))
	}
	for i, x := range full {
		if (i < dstAt || i >= dstAt+len(in)) && x != guard {
			t.Fatalf("%d bytes: byte %d beside the result changed", len(in), i-dstAt)
		}
	}
	f(b, src, src)
	if !bytes.Equal(src, want) {
		t.Fatalf("%d bytes in place: wrong", len(in))
	}
}

func newBlock(t *testing.T, block int, key []byte) cipher.Block {
	t.Helper()
	b, err := map[int]func([]byte) (cipher.Block, error){
		16: kalyna.New128, 32: kalyna.New256, 64: kalyna.New512,
	}[block](key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
