package kalyna_test

import (
	"bytes"
	"crypto/cipher"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/kalyna"
)

// variants are the block and key sizes in bytes.
var variants = []struct{ block, key int }{{16, 16}, {16, 32}, {32, 32}, {32, 64}, {64, 64}}

// fourGroups is the length of four groups of the widest kernel and some blocks.
const fourGroups = 4*512 + 3*64

// eachTierVariant runs f for all variants, with the cipher under a random key.
func eachTierVariant(t *testing.T, seed uint64, f func(t *testing.T, r *rand.Rand, b cipher.Block)) {
	if tier == impl.Generic {
		t.Skip("nothing to compare with the portable code")
	}
	for _, v := range variants {
		t.Run(fmt.Sprintf("%d-%d", 8*v.block, 8*v.key), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, uint64(v.block+v.key)))
			f(t, r, newBlock(t, v.block, randomBytes(r, v.key)))
		})
	}
}

// portable runs f with portable code.
func portable(f func()) {
	defer impl.TestingOnlySelect(impl.Generic)()
	f()
}

// operands are bytes at random, all of them ones, or a single one.
func operands(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	switch r.IntN(4) {
	case 0:
		return bytes.Repeat([]byte{0xff}, n)
	case 1:
		if n > 0 {
			b[r.IntN(n)] = 1 << r.IntN(8)
		}
		return b
	}
	return randomBytes(r, n)
}

// TestTiersKeys compares the round keys and those of decryption, with and without tables, under many
// keys.
func TestTiersKeys(t *testing.T) {
	rounds := 100
	if cryptotest.Slow() {
		rounds = 5
	}
	for _, v := range variants {
		r := rand.New(rand.NewPCG(7, uint64(v.block+v.key)))
		for range rounds {
			key := operands(r, v.key)
			b, slow := newBlock(t, v.block, key), must(kalyna.NewConstantTime(v.block, key))
			keys, dec := kalyna.TestingOnlyRoundKeys(b), kalyna.TestingOnlyDecryptionKeys(b)
			if n := v.block / 8 * len(keys); n != len(dec) {
				t.Fatalf("%d-%d: %d words for decryption, want %d", 8*v.block, 8*v.key, len(dec), n)
			}
			if !slices.Equal(dec, kalyna.TestingOnlyDecryptionKeys(slow)) {
				t.Fatalf("%d-%d: decryption, without tables: wrong", 8*v.block, 8*v.key)
			}
			portable(func() {
				b = newBlock(t, v.block, key)
				if !slices.Equal(dec, kalyna.TestingOnlyDecryptionKeys(b)) {
					t.Errorf("%d-%d: decryption: wrong", 8*v.block, 8*v.key)
				}
			})
			for i, want := range kalyna.TestingOnlyRoundKeys(b) {
				if !bytes.Equal(keys[i], want) {
					t.Fatalf("%d-%d: key %d is %x, want %x", 8*v.block, 8*v.key, i, keys[i], want)
				}
			}
		}
	}
}

// TestTiersExpand: where there is assembly no table is read for the round keys either.
func TestTiersExpand(t *testing.T) {
	for _, v := range variants {
		if got, want := kalyna.TestingOnlyVectorExpand(v.block, make([]byte, v.key)), tier != impl.Generic; got != want {
			t.Errorf("%d-%d, %s: expanded by assembly: %t", 8*v.block, 8*v.key, tier, got)
		}
	}
}

// TestFirstDecryption decrypts for the first time in many goroutines at once.
func TestFirstDecryption(t *testing.T) {
	for _, v := range variants {
		r := rand.New(rand.NewPCG(8, uint64(v.block+v.key)))
		plain := randomBytes(r, 64*v.block)
		for range 8 {
			b := newBlock(t, v.block, randomBytes(r, v.key))
			text := make([]byte, len(plain))
			must(kalyna.NewECBEncrypter(b)).CryptBlocks(text, plain)
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Add(1)
				go func() {
					defer wg.Done()
					got := make([]byte, len(text))
					if i%2 == 0 {
						got = got[:v.block]
						b.Decrypt(got, text)
					} else {
						must(kalyna.NewECBDecrypter(b)).CryptBlocks(got, text)
					}
					if !bytes.Equal(got, plain[:len(got)]) {
						t.Errorf("%d-%d: wrong", 8*v.block, 8*v.key)
					}
				}()
			}
			wg.Wait()
		}
	}
}

// TestTiersBlocks compares many blocks with single blocks in portable code: every length up to
// four groups and some more, at any alignment, in place and not.
func TestTiersBlocks(t *testing.T) {
	eachTierVariant(t, 1, func(t *testing.T, r *rand.Rand, b cipher.Block) {
		plain, want := randomBytes(r, fourGroups), make([]byte, fourGroups)
		portable(func() {
			for i := 0; i < fourGroups; i += b.BlockSize() {
				b.Encrypt(want[i:], plain[i:])
			}
		})
		for n := 0; n <= fourGroups; n += b.BlockSize() {
			checkBlocks(t, "encrypted", kalyna.TestingOnlyEncryptBlocks, b, plain[:n], want[:n], r.IntN(65), r.IntN(65))
			checkBlocks(t, "decrypted", kalyna.TestingOnlyDecryptBlocks, b, want[:n], plain[:n], r.IntN(65), r.IntN(65))
		}
	})
}

// TestTiersRuns compares runs of 128 blocks under many keys.
func TestTiersRuns(t *testing.T) {
	rounds := 20
	if cryptotest.Slow() {
		rounds = 2
	}
	eachTierVariant(t, 2, func(t *testing.T, r *rand.Rand, b cipher.Block) {
		for range rounds {
			plain := operands(r, 128*b.BlockSize())
			want := make([]byte, len(plain))
			portable(func() { kalyna.TestingOnlyEncryptBlocks(b, want, plain) })
			checkBlocks(t, "encrypted", kalyna.TestingOnlyEncryptBlocks, b, plain, want, 0, 0)
			checkBlocks(t, "decrypted", kalyna.TestingOnlyDecryptBlocks, b, want, plain, 0, 0)
			one := make([]byte, b.BlockSize())
			b.Encrypt(one, plain)
			checkBytes(t, "one block", one, want[:len(one)])
			b.Decrypt(one, one)
			checkBytes(t, "one block decrypted", one, plain[:len(one)])
		}
	})
}

type blocksFunc = func(b cipher.Block, dst, src []byte)

// checkBlocks runs f out of place, with slices that start so many bytes into an array, and in place.
// It looks at the bytes around the result too.
func checkBlocks(t *testing.T, name string, f blocksFunc, b cipher.Block, in, want []byte, dstAt, srcAt int) {
	t.Helper()
	const guard = 0xa5
	src := append(make([]byte, srcAt), in...)[srcAt:]
	full := bytes.Repeat([]byte{guard}, dstAt+len(in)+64)
	dst := full[dstAt : dstAt+len(in)]
	f(b, dst, src)
	if !bytes.Equal(dst, want) {
		t.Fatalf("%s, %d bytes: wrong", name, len(in))
	}
	if !bytes.Equal(src, in) {
		t.Fatalf("%s, %d bytes: source changed", name, len(in))
	}
	for i, x := range full {
		if (i < dstAt || i >= dstAt+len(in)) && x != guard {
			t.Fatalf("%s, %d bytes: byte %d beside the result changed", name, len(in), i-dstAt)
		}
	}
	f(b, src, src)
	if !bytes.Equal(src, want) {
		t.Fatalf("%s, %d bytes in place: wrong", name, len(in))
	}
}

// TestTiersModes compares the modes that have kernels of their own, in place and not, at lengths up
// to four groups and some more.
func TestTiersModes(t *testing.T) {
	step := 5
	if testing.Short() {
		step = 101
	}
	eachTierVariant(t, 3, func(t *testing.T, r *rand.Rand, b cipher.Block) {
		size := b.BlockSize()
		iv := randomBytes(r, size)
		x := must(kalyna.NewXTS(b))
		modes := map[string]blocksFunc{
			"CTR": func(b cipher.Block, dst, src []byte) { must(kalyna.NewCTR(b, iv)).XORKeyStream(dst, src) },
			"CBC": func(b cipher.Block, dst, src []byte) {
				n := len(src) - len(src)%size
				must(kalyna.NewCBCEncrypter(b, iv)).CryptBlocks(dst[:n], src[:n])
				copy(dst[n:], src[n:])
			},
			"CBC decrypted": func(b cipher.Block, dst, src []byte) {
				n := len(src) - len(src)%size
				m := must(kalyna.NewCBCDecrypter(b, iv))
				first := n / 3 / size * size
				m.CryptBlocks(dst[:first], src[:first])
				m.CryptBlocks(dst[first:n], src[first:n])
				copy(dst[n:], src[n:])
			},
			"XTS":           func(b cipher.Block, dst, src []byte) { must(0, x.Encrypt(dst, src, iv)) },
			"XTS decrypted": func(b cipher.Block, dst, src []byte) { must(0, x.Decrypt(dst, src, iv)) },
		}
		for n := size; n <= fourGroups; n += 1 + r.IntN(step) {
			in, want := randomBytes(r, n), make([]byte, n)
			for name, f := range modes {
				portable(func() { f(b, want, in) })
				checkBlocks(t, name, f, b, in, want, r.IntN(65), r.IntN(65))
			}
		}
	})
}

// TestTiersLong compares messages that are longer than what a kernel takes in one call, in place.
func TestTiersLong(t *testing.T) {
	eachTierVariant(t, 6, func(t *testing.T, r *rand.Rand, b cipher.Block) {
		size := b.BlockSize()
		iv := randomBytes(r, size)
		in := randomBytes(r, 64<<10+512+3*size+5)
		all := func() map[string][]byte {
			out := map[string][]byte{}
			run := func(name string, n int, f func(dst, src []byte)) {
				out[name] = bytes.Clone(in[:n])
				f(out[name], out[name])
			}
			whole, x := len(in)-len(in)%size, must(kalyna.NewXTS(b))
			run("ECB", whole, must(kalyna.NewECBEncrypter(b)).CryptBlocks)
			run("ECB decrypted", whole, must(kalyna.NewECBDecrypter(b)).CryptBlocks)
			run("CBC", whole, must(kalyna.NewCBCEncrypter(b, iv)).CryptBlocks)
			run("CBC decrypted", whole, must(kalyna.NewCBCDecrypter(b, iv)).CryptBlocks)
			run("CTR", len(in), must(kalyna.NewCTR(b, iv)).XORKeyStream)
			run("XTS", len(in), func(dst, src []byte) { must(0, x.Encrypt(dst, src, iv)) })
			run("XTS decrypted", len(in), func(dst, src []byte) { must(0, x.Decrypt(dst, src, iv)) })
			for name, m := range map[string]*kalyna.MAC{"CMAC": must(kalyna.NewCMAC(b, size)), "GMAC": must(kalyna.NewGMAC(b, size))} {
				m.Write(in)
				out[name] = must(m.Sum(nil))
			}
			return out
		}
		got := all()
		portable(func() {
			for name, want := range all() {
				if !bytes.Equal(got[name], want) {
					t.Errorf("%s: wrong", name)
				}
			}
		})
	})
}

// TestTiersCounter compares the counter mode where a word of the counter overflows.
func TestTiersCounter(t *testing.T) {
	eachTierVariant(t, 4, func(t *testing.T, r *rand.Rand, b cipher.Block) {
		for _, before := range []uint64{0, 1, 31, 32, 33, 100, 500, 1 << 20} {
			var next [8]uint64
			for j := range b.BlockSize() / 8 {
				next[j] = r.Uint64()
				if j < b.BlockSize()/16 {
					next[j] = ^uint64(0)
				}
			}
			next[0] -= before
			in := randomBytes(r, 4000)
			got, want, end := make([]byte, len(in)), make([]byte, len(in)), next
			portable(func() { kalyna.TestingOnlyCount(b, &end, want, in) })
			kalyna.TestingOnlyCount(b, &next, got, in)
			checkBytes(t, fmt.Sprintf("%d before the end", before), got, want)
			if next != end {
				t.Errorf("%d before the end: counter at %x, want %x", before, next, end)
			}
		}
	})
}

// TestTiersHash compares the hash of GCM over every number of blocks, with operands of all kinds.
func TestTiersHash(t *testing.T) {
	eachTierVariant(t, 5, func(t *testing.T, r *rand.Rand, b cipher.Block) {
		size := b.BlockSize()
		words := func() (w [8]uint64) {
			for i, x := range operands(r, size) {
				w[i/8] |= uint64(x) << (i % 8 * 8)
			}
			return w
		}
		for n := 0; n <= fourGroups; n += size {
			h, got, in := words(), words(), operands(r, n)
			want := got
			portable(func() { kalyna.TestingOnlyHash(b, &h, &want, in) })
			kalyna.TestingOnlyHash(b, &h, &got, in)
			if got != want {
				t.Fatalf("%d bytes: %x, want %x", n, got, want)
			}
		}
	})
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
