package kalyna_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/kalyna"
)

func TestPad(t *testing.T) {
	for _, size := range []int{16, 32, 64} {
		for n := range 3*size + 1 {
			msg := bytes.Repeat([]byte{0x80}, n)
			padded := kalyna.Pad(bytes.Clone(msg), size)
			if len(padded) != (n/size+1)*size || padded[n] != 0x80 || !bytes.Equal(padded[n+1:], make([]byte, len(padded)-n-1)) {
				t.Fatalf("Pad(%x) = %x", msg, padded)
			}
			got, err := kalyna.Unpad(padded, size)
			if n == 0 {
				if err == nil || got != nil {
					t.Errorf("nothing remains, and yet: %x, %v", got, err)
				}
				continue
			}
			if err != nil || !bytes.Equal(got, msg) {
				t.Fatalf("Unpad(%x) = %x, %v", padded, got, err)
			}
		}
		for what, bad := range map[string][]byte{
			"empty":            nil,
			"short":            kalyna.Pad(nil, size)[:size-1],
			"zeros":            make([]byte, 2*size),
			"ones":             bytes.Repeat([]byte{1}, 2*size),
			"a block too much": append(kalyna.Pad([]byte{1}, size), make([]byte, size)...),
			"another bit":      append(make([]byte, size-1), 0x40),
			"two bits":         append(make([]byte, size-1), 0xc0),
		} {
			if got, err := kalyna.Unpad(bad, size); err == nil || got != nil {
				t.Errorf("%s: %x, %v", what, got, err)
			}
		}
	}
	mustPanic(t, "block size", func() { kalyna.Pad(nil, 8) })
	mustPanic(t, "block size", func() { kalyna.Unpad(make([]byte, 48), 48) })
}

// TestKW refuses every changed bit and every other length.
func TestKW(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for _, v := range variants {
		t.Run(fmt.Sprintf("%d-%d", 8*v.block, 8*v.key), func(t *testing.T) {
			w := must(kalyna.NewKW(v.block, randomBytes(r, v.key)))
			for n := range 2*v.block + 1 {
				whole := n > 0 && n%v.block == 0
				if _, err := w.Wrap(make([]byte, n)); !whole && err == nil {
					t.Errorf("KW of %d bytes", n)
				}
				if n%v.block == 0 {
					if _, err := w.WrapPadded(make([]byte, n)); err == nil {
						t.Errorf("KW-p of %d bytes", n)
					}
				}
				if n < 2*v.block {
					wrong := randomBytes(r, n)
					for _, unwrap := range []func([]byte) ([]byte, error){w.Unwrap, w.UnwrapPadded} {
						if key, err := unwrap(wrong); err != kalyna.ErrUnwrap || key != nil {
							t.Errorf("%d bytes: %x, %v", n, key, err)
						}
					}
				}
			}
			key := randomBytes(r, v.block+3)
			whole, padded := must(w.Wrap(key[:v.block])), must(w.WrapPadded(key))
			if _, err := w.UnwrapPadded(whole); err != kalyna.ErrUnwrap {
				t.Error("KW-p unwraps KW")
			}
			for range 5 {
				at := uint16(r.Uint32())
				flip(whole, at)
				flip(padded, at)
				if _, err := w.Unwrap(whole); err != kalyna.ErrUnwrap {
					t.Error(err)
				}
				if _, err := w.UnwrapPadded(padded); err != kalyna.ErrUnwrap {
					t.Error(err)
				}
				flip(whole, at)
				flip(padded, at)
			}
			checkBytes(t, "key", must(w.UnwrapPadded(padded)), key)
		})
	}
}

// TestUnwrapWrongPadding wraps what the padded mode must refuse.
func TestUnwrapWrongPadding(t *testing.T) {
	w := must(kalyna.NewKW(16, make([]byte, 16)))
	for what, text := range map[string][]byte{
		"whole blocks":           kalyna.Pad(append(make([]byte, 16), 128, 0, 0, 0, 0, 0, 0, 0), 16),
		"no key":                 kalyna.Pad(make([]byte, 8), 16),
		"padding in the length":  append(make([]byte, 4), 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		"padding alone":          kalyna.Pad(nil, 16),
		"a length too large":     kalyna.Pad([]byte{1, 2, 3, 32, 0, 0, 0, 0, 0, 0, 0}, 16),
		"a length of bytes":      kalyna.Pad([]byte{1, 2, 3, 3, 0, 0, 0, 0, 0, 0, 0}, 16),
		"a length with high bit": kalyna.Pad([]byte{1, 2, 3, 24, 0, 0, 0, 0, 0, 0, 1}, 16),
		"zeros":                  make([]byte, 16),
		"a block too much":       append(kalyna.Pad([]byte{1, 2, 3, 24, 0, 0, 0, 0, 0, 0, 0}, 16), make([]byte, 16)...),
	} {
		if key, err := w.UnwrapPadded(must(w.Wrap(text))); err != kalyna.ErrUnwrap || key != nil {
			t.Errorf("%s: %x, %v", what, key, err)
		}
	}
	good := kalyna.Pad([]byte{1, 2, 3, 24, 0, 0, 0, 0, 0, 0, 0}, 16)
	checkBytes(t, "key", must(w.UnwrapPadded(must(w.Wrap(good)))), []byte{1, 2, 3})
}

func TestWrap(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	kek, cek, iv := randomBytes(r, 32), randomBytes(r, 32), randomBytes(r, 32)
	wrapped := must(kalyna.Wrap(bytes.NewReader(iv), kek, cek))
	checkBytes(t, "wrapped", wrapped, newNaive(32, kek).wrap(iv, cek))
	random := must(kalyna.Wrap(nil, kek, cek))
	if bytes.Equal(random, must(kalyna.Wrap(nil, kek, cek))) {
		t.Error("the IV is not random")
	}
	checkBytes(t, "key", must(kalyna.Unwrap(kek, random)), cek)
	for n := range 130 {
		var size kalyna.KeySizeError
		if _, err := kalyna.Wrap(nil, make([]byte, n), cek); n != 32 && !errors.As(err, &size) {
			t.Errorf("kek of %d bytes: %v", n, err)
		}
		if _, err := kalyna.Wrap(nil, kek, make([]byte, n)); n != 32 && !errors.As(err, &size) {
			t.Errorf("cek of %d bytes: %v", n, err)
		}
		if _, err := kalyna.Unwrap(make([]byte, n), wrapped); err != kalyna.ErrUnwrap {
			t.Errorf("kek of %d bytes: %v", n, err)
		}
		if _, err := kalyna.Unwrap(kek, append(bytes.Clone(wrapped), wrapped...)[:n]); n != 96 && err != kalyna.ErrUnwrap {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if _, err := kalyna.Wrap(iotest.ErrReader(iotest.ErrTimeout), kek, cek); !errors.Is(err, iotest.ErrTimeout) {
		t.Error(err)
	}
	if _, err := kalyna.Wrap(bytes.NewReader(iv[1:]), kek, cek); err == nil {
		t.Error("a short IV")
	}
	step := 1
	if cryptotest.Slow() {
		step = 37
	}
	for bit := 0; bit < 8*len(wrapped); bit += step {
		flip(wrapped, uint16(bit))
		if key, err := kalyna.Unwrap(kek, wrapped); err != kalyna.ErrUnwrap || key != nil {
			t.Errorf("bit %d: %x, %v", bit, key, err)
		}
		flip(wrapped, uint16(bit))
	}
}
