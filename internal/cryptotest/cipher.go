package cryptotest

import (
	"bytes"
	"crypto/cipher"
	"fmt"
	"testing"
)

// guard is the number of bytes around a buffer that must stay as they are.
const guard = 16

// TestBlock runs the conformance suite of [cipher.Block].
func TestBlock(t *testing.T, b cipher.Block) {
	size := b.BlockSize()
	for _, dir := range []struct {
		name     string
		do, undo func(dst, src []byte)
	}{
		{"Encrypt", b.Encrypt, b.Decrypt},
		{"Decrypt", b.Decrypt, b.Encrypt},
	} {
		t.Run(dir.name, func(t *testing.T) {
			src := pattern(size)
			want := make([]byte, size)
			dir.do(want, src)
			if bytes.Equal(want, src) || !bytes.Equal(src, pattern(size)) {
				t.Fatalf("output %x, input afterwards %x", want, src)
			}
			back := make([]byte, size)
			dir.undo(back, want)
			if !bytes.Equal(back, src) {
				t.Errorf("not undone: %x, want %x", back, src)
			}

			for off := range 2 * size { // longer slices and every alignment
				buf := pattern(5*size + guard)
				frame := bytes.Clone(buf)
				dir.do(buf[off+size:], pattern(2*size))
				copy(frame[off+size:], want)
				if !bytes.Equal(buf, frame) {
					t.Fatalf("offset %d: wrote %x, want %x", off, buf, frame)
				}
			}
			inPlace := pattern(size)
			dir.do(inPlace, inPlace)
			if !bytes.Equal(inPlace, want) {
				t.Errorf("in place: %x, want %x", inPlace, want)
			}

			buf := make([]byte, 3*size)
			mustPanic(t, "short input", func() { dir.do(buf[size:], buf[:size-1]) })
			mustPanic(t, "short output", func() { dir.do(buf[:size-1], buf[size:]) })
			mustPanic(t, "nil", func() { dir.do(nil, nil) })
			for _, shift := range []int{1, size / 2, size - 1} {
				mustPanic(t, "output after input", func() { dir.do(buf[shift:], buf) })
				mustPanic(t, "output before input", func() { dir.do(buf, buf[shift:]) })
			}
			dir.do(buf[size:], buf[:size+1]) // the block itself does not overlap
			NotAllocating(t, dir.name, func() { dir.do(buf, buf) })
		})
	}
}

// TestStream runs the conformance suite of [cipher.Stream] over streams made by newStream, each
// from the same start. unit is the number of bytes the stream makes at once; messages of up to
// three units are cut at every place. undo makes the stream that undoes newStream.
func TestStream(t *testing.T, unit int, newStream, undo func() cipher.Stream) {
	t.Run("Splits", func(t *testing.T) { streamSplits(t, unit, newStream) })
	t.Run("Undo", func(t *testing.T) {
		for n := range 5*unit + 2 {
			buf := pattern(n)
			newStream().XORKeyStream(buf, buf)
			undo().XORKeyStream(buf, buf)
			if !bytes.Equal(buf, pattern(n)) {
				t.Fatalf("%d bytes: not undone", n)
			}
		}
	})
	t.Run("Buffers", func(t *testing.T) { streamBuffers(t, unit, newStream) })
	t.Run("Allocations", func(t *testing.T) {
		s, buf := newStream(), pattern(5*unit+1)
		NotAllocating(t, "XORKeyStream", func() { s.XORKeyStream(buf, buf) })
	})
}

func streamSplits(t *testing.T, unit int, newStream func() cipher.Stream) {
	msg := pattern(3*unit + 1)
	all := make([]byte, len(msg))
	newStream().XORKeyStream(all, msg)
	got := make([]byte, len(msg))
	for n := range len(msg) + 1 {
		for cut := range n + 1 {
			clear(got)
			s := newStream()
			s.XORKeyStream(got[:cut], msg[:cut])
			s.XORKeyStream(got[cut:n], msg[cut:n])
			s.XORKeyStream(got[n:], msg[n:])
			if !bytes.Equal(got, all) {
				t.Fatalf("cut at %d and %d: got %x, want %x", cut, n, got, all)
			}
		}
	}
	for step := 1; step <= unit+1; step++ {
		s := newStream()
		for i := 0; i < len(msg); i += step {
			end := min(i+step, len(msg))
			s.XORKeyStream(got[i:end], msg[i:end])
		}
		if !bytes.Equal(got, all) {
			t.Fatalf("in steps of %d: got %x, want %x", step, got, all)
		}
	}
}

func streamBuffers(t *testing.T, unit int, newStream func() cipher.Stream) {
	for _, n := range []int{0, 1, unit - 1, unit, unit + 1, 5*unit + 3} {
		src := pattern(n)
		want := make([]byte, n)
		newStream().XORKeyStream(want, src)
		if !bytes.Equal(src, pattern(n)) {
			t.Errorf("%d bytes: input changed", n)
		}
		inPlace := pattern(n)
		newStream().XORKeyStream(inPlace, inPlace)
		if !bytes.Equal(inPlace, want) {
			t.Errorf("%d bytes in place: got %x, want %x", n, inPlace, want)
		}
		for off := range guard {
			buf := pattern(off + n + guard)
			frame := bytes.Clone(buf)
			newStream().XORKeyStream(buf[off:], src) // a longer output is allowed
			copy(frame[off:], want)
			if !bytes.Equal(buf, frame) {
				t.Fatalf("%d bytes at offset %d: got %x, want %x", n, off, buf, frame)
			}
		}
		if n == 0 {
			newStream().XORKeyStream(nil, nil)
			continue
		}
		buf := pattern(3*n + 1)
		frame := bytes.Clone(buf)
		mustPanic(t, fmt.Sprintf("%d bytes, short output", n), func() {
			newStream().XORKeyStream(buf[:n-1], src)
		})
		if n > 1 {
			mustPanic(t, fmt.Sprintf("%d bytes, output one after input", n), func() {
				newStream().XORKeyStream(buf[1:], buf[:n])
			})
			mustPanic(t, fmt.Sprintf("%d bytes, input one after output", n), func() {
				newStream().XORKeyStream(buf, buf[1:n+1])
			})
		}
		if !bytes.Equal(buf, frame) {
			t.Errorf("%d bytes: wrote before the panic", n)
		}
		newStream().XORKeyStream(buf[n:], buf[:n]) // adjacent
	}
}
