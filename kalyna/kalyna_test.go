package kalyna_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/kalyna"
)

// eachVariant runs f for every variant with a random key and iv.
func eachVariant(t *testing.T, f func(t *testing.T, b cipher.Block, in input)) {
	r := rand.New(rand.NewPCG(5, 6))
	for i, v := range variants {
		in := newInput(i, randomBytes(r, 64), randomBytes(r, 64), nil, nil, 0)
		t.Run(fmt.Sprintf("%d-%d", 8*v.block, 8*v.key), func(t *testing.T) { f(t, in.cipher(), in) })
	}
}

func TestBlock(t *testing.T) {
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		cryptotest.TestBlock(t, b)
		cryptotest.TestBlock(t, must(kalyna.NewConstantTime(in.block, in.key)))
	})
}

// TestStandardModes runs modes of the standard library, which are those of the standard.
func TestStandardModes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		msg := randomBytes(r, 50*in.block)
		cbc, want := bytes.Clone(msg), bytes.Clone(msg)
		must(kalyna.NewCBCEncrypter(b, in.iv)).CryptBlocks(cbc, cbc)
		cipher.NewCBCEncrypter(b, in.iv).CryptBlocks(want, want)
		checkBytes(t, "CBC", cbc, want)
		cipher.NewCBCDecrypter(b, in.iv).CryptBlocks(want, want)
		checkBytes(t, "CBC decrypted", want, msg)
	})
}

func TestStreams(t *testing.T) {
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		if in.block == 64 && cryptotest.Slow() {
			t.Skip("short, or under the race detector: thousands of cuts")
		}
		for _, newStream := range []func(cipher.Block, []byte) (cipher.Stream, error){kalyna.NewCTR, kalyna.NewOFB} {
			start := func() cipher.Stream { return must(newStream(b, in.iv)) }
			cryptotest.TestStream(t, in.block, start, start)
		}
	})
}

// TestBlockModes checks what crypto/cipher promises about modes of whole blocks.
func TestBlockModes(t *testing.T) {
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		for name, start := range map[string]func() cipher.BlockMode{
			"ECB encryption": func() cipher.BlockMode { return must(kalyna.NewECBEncrypter(b)) },
			"ECB decryption": func() cipher.BlockMode { return must(kalyna.NewECBDecrypter(b)) },
			"CBC encryption": func() cipher.BlockMode { return must(kalyna.NewCBCEncrypter(b, in.iv)) },
			"CBC decryption": func() cipher.BlockMode { return must(kalyna.NewCBCDecrypter(b, in.iv)) },
		} {
			if start().BlockSize() != in.block {
				t.Errorf("%s: BlockSize %d", name, start().BlockSize())
			}
			checkBuffers(t, name, in.block, []int{0, in.block, 3 * in.block, 313 * in.block}, func(dst, src []byte) {
				start().CryptBlocks(dst, src)
			})
			mustPanic(t, name+" of part of a block", func() { start().CryptBlocks(make([]byte, 99), make([]byte, 99)) })
			m, buf := start(), make([]byte, 3*in.block)
			cryptotest.NotAllocating(t, name, func() { m.CryptBlocks(buf, buf) })
		}
	})
}

// checkBuffers checks that f works in place and into longer slices, and that it panics before it
// writes where slices are short or overlap.
func checkBuffers(t *testing.T, name string, step int, lengths []int, f func(dst, src []byte)) {
	t.Helper()
	r := rand.New(rand.NewPCG(9, 10))
	for _, n := range lengths {
		src := randomBytes(r, n)
		before, want := bytes.Clone(src), make([]byte, n)
		f(want, src)
		checkBytes(t, name+": input", src, before)
		long := bytes.Repeat([]byte{0xa5}, n+10)
		f(long, src)
		checkBytes(t, name+" into a longer slice", long, append(bytes.Clone(want), bytes.Repeat([]byte{0xa5}, 10)...))
		f(src, src)
		checkBytes(t, name+" in place", src, want)
		if n == 0 {
			continue
		}
		buf := randomBytes(r, 2*n+step)
		before = bytes.Clone(buf)
		mustPanic(t, name+": short output", func() { f(buf[:n-1], buf[n:2*n]) })
		for _, by := range []int{1, step, n - 1} {
			if by > 0 && by < n {
				mustPanic(t, name+": output behind input", func() { f(buf[by:], buf[:n]) })
				mustPanic(t, name+": input behind output", func() { f(buf, buf[by:n+by]) })
			}
		}
		checkBytes(t, name+" after panics", buf, before)
		f(buf[n:], buf[:n]) // adjacent
	}
}

func TestCFB(t *testing.T) {
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		for name, start := range map[string]func(cipher.Block, []byte, int) (*kalyna.CFB, error){
			"encryption": kalyna.NewCFBEncrypter,
			"decryption": kalyna.NewCFBDecrypter,
		} {
			for _, q := range []int{1, 8, in.block} {
				checkBuffers(t, name, q, []int{0, 1, q, 5 * q, 200*q + 7}, func(dst, src []byte) {
					must(start(b, in.iv, q)).XORKeyStream(dst, src)
				})
				c, buf := must(start(b, in.iv, q)), make([]byte, 64)
				cryptotest.NotAllocating(t, name, func() { c.XORKeyStream(buf, buf) })
			}
			c, buf := must(start(b, in.iv, 8)), make([]byte, 64)
			c.XORKeyStream(buf[:16], buf[:16])
			c.XORKeyStream(buf[:13], buf[:13])
			c.XORKeyStream(nil, nil)
			mustPanic(t, name+" after the short segment", func() { c.XORKeyStream(buf[:8], buf[:8]) })
			for _, q := range []int{-1, 0, 2, 7, 24, in.block + 8, 2 * in.block, 8 * in.block} {
				if c, err := start(b, in.iv, q); err == nil || c != nil {
					t.Errorf("segments of %d bytes", q)
				}
			}
		}
	})
}

// TestCounter checks the counter mode at carries: it starts with the value that makes the next
// blocks cross it. The expected values are counted in big integers.
func TestCounter(t *testing.T) {
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		half := in.block / 2
		for bit := 8; bit <= 8*half; bit += 8 {
			low := new(big.Int).Lsh(big.NewInt(1), uint(bit))
			low.Sub(low, big.NewInt(5))
			checkCounter(t, b, append(little(low, half), in.iv[half:]...), 12*in.block+3)
		}
		blocks := 1<<17 + 3
		if cryptotest.Slow() {
			blocks = 1 << 12
		}
		checkCounter(t, b, append(make([]byte, half), in.iv[half:]...), blocks*in.block)
	})
}

func checkCounter(t *testing.T, b cipher.Block, s0 []byte, n int) {
	t.Helper()
	size := b.BlockSize()
	iv := make([]byte, size)
	b.Decrypt(iv, s0)
	want := make([]byte, (n+size-1)/size*size)
	next := bytes.Clone(s0)
	for i := 0; i < len(want); i += size {
		for j := range size / 2 {
			if next[j]++; next[j] != 0 {
				break
			}
		}
		copy(want[i:], next)
	}
	must(kalyna.NewECBEncrypter(b)).CryptBlocks(want, want)
	got := make([]byte, n)
	must(kalyna.NewCTR(b, iv)).XORKeyStream(got, got)
	if !bytes.Equal(got, want[:n]) {
		t.Errorf("wrong after %x", s0)
	}
	// GCM counts the same way.
	sealed := must(kalyna.NewGCM(b, 8)).Seal(nil, iv, make([]byte, n), nil)
	if !bytes.Equal(sealed[:n], want[:n]) {
		t.Errorf("GCM: wrong after %x", s0)
	}
}

// TestTweaks checks that the masks of XTS double at every length of a batch: all blocks of one
// value, so that the masks are what differs.
func TestTweaks(t *testing.T) {
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		x := must(kalyna.NewXTS(b))
		long := make([]byte, 6000)
		must(0, x.Encrypt(long, long, in.iv))
		for n := in.block; n < len(long); n += 7 * in.block {
			got := make([]byte, n)
			must(0, x.Encrypt(got, got, in.iv))
			if !bytes.Equal(got, long[:n]) {
				t.Fatalf("%d bytes are not the start of %d", n, len(long))
			}
		}
	})
}

func TestXTSArguments(t *testing.T) {
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		x := must(kalyna.NewXTS(b))
		for name, f := range map[string]func(dst, src, iv []byte) error{"encryption": x.Encrypt, "decryption": x.Decrypt} {
			checkBuffers(t, name, in.block, []int{in.block, in.block + 1, 2*in.block - 1, 4 * in.block, 5001}, func(dst, src []byte) {
				must(0, f(dst, src, in.iv))
			})
			buf := make([]byte, 3*in.block+1)
			for _, iv := range [][]byte{nil, in.iv[1:], append(bytes.Clone(in.iv), 0)} {
				if f(buf, buf, iv) == nil {
					t.Errorf("%s with an iv of %d bytes", name, len(iv))
				}
			}
			if f(buf, buf[:in.block-1], in.iv) == nil || f(nil, nil, in.iv) == nil {
				t.Errorf("%s of less than a block", name)
			}
			cryptotest.NotAllocating(t, name, func() { must(0, f(buf, buf, in.iv)) })
		}
	})
}

// foreign is a block cipher of another package.
type foreign struct{ cipher.Block }

// TestConstructors gives every constructor a foreign cipher and wrong lengths.
func TestConstructors(t *testing.T) {
	for n := range 130 {
		for size, newCipher := range map[int]func([]byte) (cipher.Block, error){16: kalyna.New128, 32: kalyna.New256, 64: kalyna.New512} {
			b, err := newCipher(make([]byte, n))
			ok := n == size || n == 2*size && size < 64
			var sizeError kalyna.KeySizeError
			if ok != (err == nil) || ok != (b != nil) || !ok && (!errors.As(err, &sizeError) || int(sizeError) != n) {
				t.Errorf("block %d, key %d: %v", size, n, err)
			}
			if want := fmt.Sprintf("kalyna: invalid key size %d", n); !ok && err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
			if b, err := kalyna.NewConstantTime(size, make([]byte, n)); ok != (err == nil) || ok != (b != nil) {
				t.Errorf("block %d, key %d: %v", size, n, err)
			}
		}
	}
	for _, size := range []int{-16, 0, 8, 24, 128} {
		if _, err := kalyna.NewConstantTime(size, make([]byte, size&127)); err == nil {
			t.Errorf("block of %d", size)
		}
		if _, err := kalyna.NewKW(size, make([]byte, size&127)); err == nil {
			t.Errorf("KW with a block of %d", size)
		}
	}
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		for name, f := range map[string]func(b cipher.Block, iv []byte) error{
			"CTR":            func(b cipher.Block, iv []byte) error { _, err := kalyna.NewCTR(b, iv); return err },
			"OFB":            func(b cipher.Block, iv []byte) error { _, err := kalyna.NewOFB(b, iv); return err },
			"CBC encryption": func(b cipher.Block, iv []byte) error { _, err := kalyna.NewCBCEncrypter(b, iv); return err },
			"CBC decryption": func(b cipher.Block, iv []byte) error { _, err := kalyna.NewCBCDecrypter(b, iv); return err },
			"CFB encryption": func(b cipher.Block, iv []byte) error { _, err := kalyna.NewCFBEncrypter(b, iv, 1); return err },
			"CFB decryption": func(b cipher.Block, iv []byte) error { _, err := kalyna.NewCFBDecrypter(b, iv, 1); return err },
		} {
			if err := f(b, in.iv); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if f(foreign{b}, in.iv) == nil {
				t.Errorf("%s with a foreign cipher", name)
			}
			for n := range 2*in.block + 1 {
				if n != in.block && f(b, make([]byte, n)) == nil {
					t.Errorf("%s with an iv of %d bytes", name, n)
				}
			}
		}
		checkTagSizes(t, b, in.block)
	})
}

func checkTagSizes(t *testing.T, b cipher.Block, block int) {
	t.Helper()
	other := must(aes.NewCipher(make([]byte, 16)))
	for size := -1; size < 2*block+1; size++ {
		_, gcm := kalyna.NewGCM(b, size)
		_, gmac := kalyna.NewGMAC(b, size)
		_, cmac := kalyna.NewCMAC(b, size)
		if ok := size >= 8 && size <= block; ok != (gcm == nil) || ok != (gmac == nil) || ok != (cmac == nil) {
			t.Errorf("tag of %d bytes: %v, %v, %v", size, gcm, gmac, cmac)
		}
		_, ccm := kalyna.NewCCM(b, 4, size)
		if ok := (size == 8 || size == 16 || size == 32 || size == 48 || size == 64) && size <= block; ok != (ccm == nil) {
			t.Errorf("CCM tag of %d bytes: %v", size, ccm)
		}
		_, nb := kalyna.NewCCM(b, size, 8)
		if ok := size >= 1 && size <= 16 && size <= block-2; ok != (nb == nil) {
			t.Errorf("CCM lengths of %d bytes: %v", size, nb)
		}
		_, e1 := kalyna.NewGCM(other, size)
		_, e2 := kalyna.NewGMAC(other, size)
		_, e3 := kalyna.NewCMAC(other, size)
		_, e4 := kalyna.NewCCM(other, 4, size)
		_, e5 := kalyna.NewXTS(other)
		_, e6 := kalyna.NewECBEncrypter(other)
		_, e7 := kalyna.NewECBDecrypter(other)
		if e1 == nil || e2 == nil || e3 == nil || e4 == nil || e5 == nil || e6 == nil || e7 == nil {
			t.Error("a foreign cipher")
		}
	}
}
