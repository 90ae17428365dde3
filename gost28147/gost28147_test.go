package gost28147_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"hash"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/gost89"
)

var (
	testKey = []byte("0123456789abcdefghijklmnopqrstuv")
	testIV  = []byte("initial!")
)

func mustCipher(tb testing.TB, key []byte, s *gost28147.SBox) cipher.Block {
	tb.Helper()
	b, err := gost28147.NewCipher(key, s)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func mustStream(tb testing.TB, f newStream, b cipher.Block, iv []byte) cipher.Stream {
	tb.Helper()
	s, err := f(b, iv)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestBlock(t *testing.T) {
	b := mustCipher(t, testKey, nil)
	if b.BlockSize() != gost28147.BlockSize {
		t.Errorf("BlockSize = %d", b.BlockSize())
	}
	cryptotest.TestBlock(t, b)
}

func TestStreams(t *testing.T) {
	b := mustCipher(t, testKey, nil)
	make := func(f newStream) func() cipher.Stream {
		return func() cipher.Stream { return mustStream(t, f, b, testIV) }
	}
	ctr := make(gost28147.NewCTR)
	enc, dec := make(gost28147.NewCFBEncrypter), make(gost28147.NewCFBDecrypter)
	const unit = 4 * gost28147.BlockSize // groups of portable code; TestLongStreams is for those of vectors
	t.Run("CTR", func(t *testing.T) { cryptotest.TestStream(t, unit, ctr, ctr) })
	t.Run("CFBEncrypter", func(t *testing.T) { cryptotest.TestStream(t, unit, enc, dec) })
	t.Run("CFBDecrypter", func(t *testing.T) { cryptotest.TestStream(t, unit, dec, enc) })
}

// TestLongStreams cuts messages of some groups of the vectors at random, in place and not, and compares
// with the reference. Nothing is written beyond the message.
func TestLongStreams(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	b, ref := mustCipher(t, testKey, nil), newNaive(testKey, nil)
	msg := make([]byte, 3*gost89.MaxGroup+5)
	for i := range msg {
		msg[i] = byte(r.Uint32())
	}
	for _, s := range []struct {
		name string
		make newStream
		want []byte
	}{
		{"CTR", gost28147.NewCTR, ref.ctr(testIV, msg)},
		{"CFBEncrypter", gost28147.NewCFBEncrypter, ref.cfb(testIV, msg, false)},
		{"CFBDecrypter", gost28147.NewCFBDecrypter, ref.cfb(testIV, msg, true)},
	} {
		for i := range 100 {
			offset := i % 64
			buf, stream := bytes.Repeat([]byte{0xa5}, offset+len(msg)+64), mustStream(t, s.make, b, testIV)
			want := bytes.Clone(buf)
			copy(want[offset:], s.want)
			got, from := buf[offset:], msg
			if i%2 == 0 {
				from = got
				copy(got, msg)
			}
			for at := 0; at < len(msg); {
				n := 1 + r.IntN(1<<r.IntN(11))
				n = min(n, len(msg)-at)
				stream.XORKeyStream(got[at:], from[at:at+n])
				at += n
			}
			checkBytes(t, s.name, buf, want)
		}
	}
}

// TestECB compares the mode with the blocks one by one, and checks what it refuses.
func TestECB(t *testing.T) {
	b := mustCipher(t, testKey, nil)
	enc, err := gost28147.NewECBEncrypter(b)
	if err != nil {
		t.Fatal(err)
	}
	dec, err := gost28147.NewECBDecrypter(b)
	if err != nil {
		t.Fatal(err)
	}
	msg := make([]byte, 150*gost28147.BlockSize)
	for i := range msg {
		msg[i] = byte(i * i >> 3)
	}
	want := make([]byte, len(msg))
	for i := 0; i < len(msg); i += gost28147.BlockSize {
		b.Encrypt(want[i:], msg[i:])
	}
	for n := 0; n <= len(msg); n += gost28147.BlockSize {
		got := make([]byte, len(msg))
		enc.CryptBlocks(got, msg[:n])
		checkBytes(t, "ECB", got, slices.Concat(want[:n], make([]byte, len(msg)-n)))
		dec.CryptBlocks(got[:n], got[:n])
		checkBytes(t, "ECB decrypted", got[:n], msg[:n])
	}
	for _, m := range []cipher.BlockMode{enc, dec} {
		if m.BlockSize() != gost28147.BlockSize {
			t.Errorf("BlockSize = %d", m.BlockSize())
		}
		for what, f := range map[string]func(){
			"a part of a block":        func() { m.CryptBlocks(make([]byte, 16), make([]byte, 15)) },
			"a short output":           func() { m.CryptBlocks(make([]byte, 15), make([]byte, 16)) },
			"output one after input":   func() { m.CryptBlocks(msg[1:17], msg[:16]) },
			"output one block further": func() { m.CryptBlocks(msg[8:24], msg[:16]) },
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s: no panic", what)
					}
				}()
				f()
			}()
		}
	}
	foreign, err := aes.NewCipher(testKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []func(cipher.Block) (cipher.BlockMode, error){gost28147.NewECBEncrypter, gost28147.NewECBDecrypter} {
		if m, err := f(foreign); m != nil || err == nil {
			t.Errorf("foreign cipher: %v, %v", m, err)
		}
	}
}

func TestMAC(t *testing.T) {
	for _, f := range []func([]byte, *gost28147.SBox) (hash.Hash, error){gost28147.NewMAC, gost28147.NewMAC8} {
		cryptotest.TestHash(t, func() hash.Hash {
			m, err := f(testKey, nil)
			if err != nil {
				t.Fatal(err)
			}
			return m
		})
	}
}

// TestArguments checks what the constructors refuse.
func TestArguments(t *testing.T) {
	for n := range 65 {
		if n == gost28147.KeySize {
			continue
		}
		key := make([]byte, n)
		_, errCipher := gost28147.NewCipher(key, nil)
		_, errMAC := gost28147.NewMAC(key, nil)
		_, errMAC8 := gost28147.NewMAC8(key, nil)
		_, errKEK := gost28147.Wrap(nil, key, testKey, nil)
		_, errCEK := gost28147.Wrap(nil, testKey, key, nil)
		for _, err := range []error{errCipher, errMAC, errMAC8, errKEK, errCEK} {
			if size := gost28147.KeySizeError(0); !errors.As(err, &size) || int(size) != n {
				t.Errorf("key of %d bytes: error %v", n, err)
			}
		}
		if _, err := gost28147.Unwrap(key, make([]byte, gost28147.WrappedSize), nil); err != gost28147.ErrUnwrap {
			t.Errorf("Unwrap with a key of %d bytes: error %v", n, err)
		}
	}
	foreign, err := aes.NewCipher(testKey)
	if err != nil {
		t.Fatal(err)
	}
	own := mustCipher(t, testKey, nil)
	for _, f := range []newStream{gost28147.NewCTR, gost28147.NewCFBEncrypter, gost28147.NewCFBDecrypter} {
		for n := range 17 {
			if s, err := f(own, make([]byte, n)); (err == nil) != (n == gost28147.BlockSize) || (s == nil) != (err != nil) {
				t.Errorf("IV of %d bytes: %v, %v", n, s, err)
			}
		}
		for _, b := range []cipher.Block{foreign, nil} {
			if s, err := f(b, testIV); s != nil || err == nil {
				t.Errorf("foreign cipher: %v, %v", s, err)
			}
		}
	}
}

// TestArgumentsCopied checks that later changes of the arguments do not matter.
func TestArgumentsCopied(t *testing.T) {
	key, iv, packed := bytes.Clone(testKey), bytes.Clone(testIV), gost28147.DKE1().DKE()
	s, err := gost28147.ParseDKE(packed)
	if err != nil {
		t.Fatal(err)
	}
	b := mustCipher(t, key, s)
	enc := mustStream(t, gost28147.NewCFBEncrypter, b, iv)
	clear(key)
	clear(iv)
	clear(packed)
	clear(s.DKE())
	msg := []byte("a message of some length")
	want := newNaive(testKey, gost28147.DKE1()).cfb(testIV, msg, false)
	got := make([]byte, len(msg))
	enc.XORKeyStream(got, msg)
	if !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}

// TestLongCTR runs over many wraps of both halves of the counter, and sees no block of gamma
// twice.
func TestLongCTR(t *testing.T) {
	blocks := 1 << 20
	if cryptotest.Slow() {
		blocks = 1<<17 + 1
	}
	gamma := make([]byte, blocks*gost28147.BlockSize)
	mustStream(t, gost28147.NewCTR, mustCipher(t, testKey, nil), testIV).XORKeyStream(gamma, gamma)
	naive := newNaive(testKey, gost28147.DKE1()).ctr(testIV, make([]byte, (1<<17+1)*gost28147.BlockSize))
	if !bytes.Equal(gamma[:len(naive)], naive) {
		t.Error("gamma differs from the text of the standard")
	}
	seen := make(map[[gost28147.BlockSize]byte]struct{}, blocks)
	for i := 0; i < len(gamma); i += gost28147.BlockSize {
		seen[[gost28147.BlockSize]byte(gamma[i:])] = struct{}{}
	}
	if len(seen) != blocks {
		t.Errorf("%d blocks of gamma in %d", len(seen), blocks)
	}
}

func TestSBox(t *testing.T) {
	var zero gost28147.SBox
	one, err := gost28147.DKE(1)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*gost28147.SBox{nil, &zero, one} {
		if !s.Equal(gost28147.DKE1()) || !gost28147.DKE1().Equal(s) || !bytes.Equal(s.DKE(), one.DKE()) {
			t.Errorf("%v is not DKE No 1", s)
		}
	}
	for i := 1; i <= 10; i++ {
		s, err := gost28147.DKE(i)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := gost28147.ParseDKE(s.DKE())
		if err != nil || !parsed.Equal(s) {
			t.Errorf("DKE %d does not survive its packed form: %v", i, err)
		}
		for j := 1; j < i; j++ {
			if o, _ := gost28147.DKE(j); s.Equal(o) || o.Equal(s) {
				t.Errorf("DKE %d equals DKE %d", i, j)
			}
		}
	}
	for _, n := range []int{-1, 0, 11} {
		if s, err := gost28147.DKE(n); s != nil || err == nil {
			t.Errorf("DKE(%d) = %v, %v", n, s, err)
		}
	}
}

// TestParseDKE checks the refusal of what is not a substitution block.
func TestParseDKE(t *testing.T) {
	good := gost28147.DKE1().DKE()
	for n := range 130 {
		if n != gost28147.SBoxSize {
			if s, err := gost28147.ParseDKE(make([]byte, n)); s != nil || err == nil {
				t.Errorf("%d bytes: %v, %v", n, s, err)
			}
		}
	}
	for i := range good { // a change of one nibble repeats an image
		for _, flip := range []byte{0x01, 0x80} {
			bad := bytes.Clone(good)
			bad[i] ^= flip
			if s, err := gost28147.ParseDKE(bad); s != nil || err == nil {
				t.Errorf("byte %d changed: %v, %v", i, s, err)
			}
		}
	}
	good[3], good[5] = good[5], good[3] // still permutations
	if s, err := gost28147.ParseDKE(good); err != nil || s.Equal(gost28147.DKE1()) {
		t.Errorf("exchanged images: %v, %v", s, err)
	}
}

func TestWrap(t *testing.T) {
	cek := []byte("VUTSRQPONMLKJIHGFEDCBA9876543210")
	w, err := gost28147.Wrap(bytes.NewReader(testIV), testKey, cek, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := newNaive(testKey, gost28147.DKE1()).wrap(testIV, cek); !bytes.Equal(w, want) {
		t.Errorf("wrapped %x, want %x", w, want)
	}
	// Every damage of one bit, every other length, and every other substitution block.
	for i := range 8 * len(w) {
		bad := bytes.Clone(w)
		bad[i/8] ^= 1 << (i % 8)
		if k, err := gost28147.Unwrap(testKey, bad, nil); k != nil || err != gost28147.ErrUnwrap {
			t.Errorf("bit %d: %x, %v", i, k, err)
		}
	}
	for n := range 100 {
		if k, err := gost28147.Unwrap(testKey, make([]byte, n), nil); k != nil || err != gost28147.ErrUnwrap {
			t.Errorf("%d bytes: %x, %v", n, k, err)
		}
	}
	for n := 2; n <= 10; n++ {
		s, err := gost28147.DKE(n)
		if err != nil {
			t.Fatal(err)
		}
		if k, err := gost28147.Unwrap(testKey, w, s); k != nil || err != gost28147.ErrUnwrap {
			t.Errorf("DKE %d: %x, %v", n, k, err)
		}
	}
	kept := bytes.Clone(w)
	got, err := gost28147.Unwrap(testKey, w, gost28147.DKE1())
	if err != nil || !bytes.Equal(got, cek) {
		t.Errorf("Unwrap = %x, %v", got, err)
	}
	if !bytes.Equal(w, kept) {
		t.Error("Unwrap changed its input")
	}
}

// TestParseKnown: nearly every certificate has a substitution block of the ten, which is not made anew.
func TestParseKnown(t *testing.T) {
	for i := 1; i <= 10; i++ {
		s, err := gost28147.DKE(i)
		if err != nil {
			t.Fatal(err)
		}
		packed := s.DKE()
		cryptotest.NotAllocating(t, "ParseDKE", func() {
			if _, err := gost28147.ParseDKE(packed); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestWrapRandom checks the use of the random reader.
func TestWrapRandom(t *testing.T) {
	a, errA := gost28147.Wrap(nil, testKey, testKey, nil)
	b, errB := gost28147.Wrap(nil, testKey, testKey, nil)
	if errA != nil || errB != nil || bytes.Equal(a, b) {
		t.Errorf("two wraps: %x, %v and %x, %v", a, errA, b, errB)
	}
	broken := errors.New("broken")
	for _, r := range []struct {
		reader io.Reader
		want   error
	}{
		{iotest.ErrReader(broken), broken},
		{bytes.NewReader(testIV[:7]), io.ErrUnexpectedEOF},
		{bytes.NewReader(nil), io.EOF},
	} {
		if w, err := gost28147.Wrap(r.reader, testKey, testKey, nil); w != nil || !errors.Is(err, r.want) {
			t.Errorf("Wrap = %x, %v, want error %v", w, err, r.want)
		}
	}
	w, err := gost28147.Wrap(iotest.OneByteReader(bytes.NewReader(testIV)), testKey, testKey, nil)
	if want := newNaive(testKey, gost28147.DKE1()).wrap(testIV, testKey); err != nil || !bytes.Equal(w, want) {
		t.Errorf("slow reader: %x, %v", w, err)
	}
}

// TestConcurrent lets the race detector see the first use of a substitution block and shared
// ciphers.
func TestConcurrent(t *testing.T) {
	s := randomSBox(t, rand.NewChaCha8([32]byte{8}))
	want := newNaive(testKey, s).encrypt(testIV)
	shared := mustCipher(t, testKey, s)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			own, err := gost28147.NewCipher(testKey, s)
			if err != nil {
				t.Error(err)
				return
			}
			for _, b := range []cipher.Block{own, shared} {
				got := make([]byte, gost28147.BlockSize)
				b.Encrypt(got, testIV)
				if !bytes.Equal(got, want) {
					t.Errorf("got %x, want %x", got, want)
				}
			}
		}()
	}
	wg.Wait()
}

// randomSBox returns a substitution block of eight shuffled rows.
func randomSBox(tb testing.TB, random io.Reader) *gost28147.SBox {
	tb.Helper()
	packed := make([]byte, gost28147.SBoxSize)
	for row := range 8 {
		var swaps, images [16]byte
		if _, err := io.ReadFull(random, swaps[:]); err != nil {
			tb.Fatal(err)
		}
		for a := range images {
			b := int(swaps[a]) % (a + 1)
			images[a] = images[b]
			images[b] = byte(a)
		}
		for j := range 8 {
			packed[8*row+j] = images[2*j]<<4 | images[2*j+1]
		}
	}
	s, err := gost28147.ParseDKE(packed)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
