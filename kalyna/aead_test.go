package kalyna_test

import (
	"bytes"
	"crypto/cipher"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/kalyna"
)

// eachAEAD runs f for both modes with several lengths of tags.
func eachAEAD(t *testing.T, f func(t *testing.T, a cipher.AEAD, iv []byte, ccm bool)) {
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		for _, tag := range []int{8, in.block} {
			t.Run(fmt.Sprintf("GCM-%d", tag), func(t *testing.T) { f(t, must(kalyna.NewGCM(b, tag)), in.iv, false) })
			t.Run(fmt.Sprintf("CCM-%d", tag), func(t *testing.T) { f(t, must(kalyna.NewCCM(b, 4, tag)), in.iv, true) })
		}
	})
}

// TestAEAD checks what crypto/cipher promises.
func TestAEAD(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	eachAEAD(t, func(t *testing.T, a cipher.AEAD, iv []byte, ccm bool) {
		if a.NonceSize() != len(iv) {
			t.Errorf("NonceSize %d", a.NonceSize())
		}
		lengths := []int{0, 1, 15, 16, 63, 64, 65, 200, 5000}
		if cryptotest.Slow() {
			lengths = []int{0, 1, 64, 65}
		}
		for _, n := range lengths {
			for _, m := range lengths {
				if n == 0 && (ccm || m == 0) {
					continue
				}
				msg, data := randomBytes(r, n), randomBytes(r, m)
				sealed := a.Seal(nil, iv, msg, data)
				if len(sealed) != n+a.Overhead() {
					t.Fatalf("%d bytes sealed are %d", n, len(sealed))
				}
				// Appended, and in place.
				prefix := append(make([]byte, 0, r.IntN(2*n+100)), 1, 2, 3)
				checkBytes(t, "appended", a.Seal(prefix, iv, msg, data), append([]byte{1, 2, 3}, sealed...))
				inPlace := append(make([]byte, 0, n+a.Overhead()), msg...)
				checkBytes(t, "in place", a.Seal(inPlace[:0], iv, inPlace, data), sealed)
				// The same object again, and a reused output.
				opened := must(a.Open([]byte{4, 5}, iv, sealed, data))
				checkBytes(t, "opened", opened, append([]byte{4, 5}, msg...))
				checkBytes(t, "opened in place", must(a.Open(inPlace[:0], iv, inPlace[:len(sealed)], data)), msg)
			}
		}
	})
}

// TestAEADRefuses checks every bit, every length, and that nothing is released.
func TestAEADRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	eachAEAD(t, func(t *testing.T, a cipher.AEAD, iv []byte, ccm bool) {
		msg, data := randomBytes(r, 37), randomBytes(r, 21)
		sealed := a.Seal(nil, iv, msg, data)
		refuse := func(what string, iv, sealed, data []byte) {
			t.Helper()
			dst := bytes.Repeat([]byte{0xa5}, len(sealed)+1)
			out, err := a.Open(dst[:1], iv, sealed, data)
			if !errors.Is(err, kalyna.ErrAuthentication) || out != nil {
				t.Errorf("%s: %x, %v", what, out, err)
			}
			if n := len(sealed) - a.Overhead(); n > 0 && !bytes.Equal(dst[1:n+1], make([]byte, n)) {
				t.Errorf("%s: released %x", what, dst[1:n+1])
			}
			if dst[0] != 0xa5 {
				t.Errorf("%s: wrote before the output", what)
			}
		}
		all := slices.Concat(sealed, data)
		step := 1
		if cryptotest.Slow() {
			step = 11
		}
		for bit := 0; bit < 8*len(all); bit += step {
			flip(all, uint16(bit))
			refuse(fmt.Sprintf("bit %d", bit), iv, all[:len(sealed)], all[len(sealed):])
			flip(all, uint16(bit))
		}
		for n := range sealed {
			refuse(fmt.Sprintf("%d bytes", n), iv, sealed[:n], data)
		}
		refuse("a byte more", iv, append(bytes.Clone(sealed), 0), data)
		refuse("no data", iv, sealed, nil)
		refuse("less data", iv, sealed, data[:20])
		refuse("zeros after the data", iv, sealed, append(bytes.Clone(data), 0))
		refuse("padded data", iv, sealed, append(bytes.Clone(data), 0x80))
		refuse("tag alone", iv, sealed[len(msg):], data)
		refuse("nothing", iv, nil, nil)
		refuse("zeros", iv, make([]byte, a.Overhead()), nil)

		other := bytes.Clone(iv)
		other[0] ^= 1
		if ccm {
			refuse("another nonce", other, sealed, data)
		} else if out, err := a.Open(nil, other, sealed, data); err != nil || bytes.Equal(out, msg) {
			t.Errorf("GCM does not authenticate the nonce, and yet: %x, %v", out, err)
		}
		// What was refused leaves no trace.
		checkBytes(t, "opened", must(a.Open(nil, iv, sealed, data)), msg)
		checkBytes(t, "sealed", a.Seal(nil, iv, msg, data), sealed)
	})
}

func TestAEADMisuse(t *testing.T) {
	eachAEAD(t, func(t *testing.T, a cipher.AEAD, iv []byte, ccm bool) {
		buf := make([]byte, 300)
		sealed := a.Seal(nil, iv, buf[:40], buf[40:50])
		for n := range 2*len(iv) + 1 {
			if n != len(iv) {
				mustPanic(t, "nonce", func() { a.Seal(nil, make([]byte, n), buf[:9], nil) })
				mustPanic(t, "nonce", func() { a.Open(nil, make([]byte, n), sealed, buf[40:50]) })
			}
		}
		mustPanic(t, "nothing to seal", func() { a.Seal(nil, iv, nil, nil) })
		if ccm {
			mustPanic(t, "no plaintext", func() { a.Seal(nil, iv, nil, buf) })
		}
		before := bytes.Clone(buf)
		mustPanic(t, "output behind input", func() { a.Seal(buf[1:1], iv, buf[:40], nil) })
		mustPanic(t, "input behind output", func() { a.Seal(buf[:0], iv, buf[1:40], nil) })
		mustPanic(t, "output over data", func() { a.Seal(buf[:0], iv, buf[:40], buf[40:50]) })
		mustPanic(t, "output over the end of data", func() { a.Seal(buf[50:50], iv, make([]byte, 40), buf[40:51]) })
		if !bytes.Equal(buf, before) {
			t.Error("wrote before the panic")
		}
		copy(buf, sealed)
		mustPanic(t, "output behind input", func() { a.Open(buf[1:1], iv, buf[:len(sealed)], before[40:50]) })
		mustPanic(t, "output over data", func() { a.Open(buf[150:150], iv, buf[:len(sealed)], buf[160:170]) })

		dst := make([]byte, 0, 300)
		cryptotest.NotAllocating(t, "Seal", func() { a.Seal(dst, iv, before[:100], before[:30]) })
		sealed = a.Seal(nil, iv, before[:100], before[:30])
		cryptotest.NotAllocating(t, "Open", func() { must(a.Open(dst, iv, sealed, before[:30])) })
	})
}

// TestAEADOverNonce writes the output in the place of the nonce.
func TestAEADOverNonce(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	eachAEAD(t, func(t *testing.T, a cipher.AEAD, iv []byte, ccm bool) {
		msg, data := randomBytes(r, 90), randomBytes(r, 21)
		want := a.Seal(nil, iv, msg, data)
		buf := append(make([]byte, 0, 200), iv...)
		checkBytes(t, "sealed", a.Seal(buf[:0], buf, msg, data), want)
		copy(buf, iv)
		checkBytes(t, "opened", must(a.Open(buf[:0], buf, want, data)), msg)
	})
}

// TestCCMLengths checks that lengths fit into their fields.
func TestCCMLengths(t *testing.T) {
	b := must(kalyna.New128(make([]byte, 16)))
	iv := make([]byte, 16)
	a := must(kalyna.NewCCM(b, 1, 16))
	buf := make([]byte, 256)
	sealed := a.Seal(nil, iv, buf[:255], buf[:255])
	checkBytes(t, "opened", must(a.Open(nil, iv, sealed, buf[:255])), buf[:255])
	mustPanic(t, "plaintext too long", func() { a.Seal(nil, iv, buf, nil) })
	mustPanic(t, "data too long", func() { a.Seal(nil, iv, buf[:1], buf) })
	for _, data := range [][]byte{buf[:255], buf} {
		if _, err := a.Open(nil, iv, make([]byte, 256+16), data); err != kalyna.ErrAuthentication {
			t.Error(err)
		}
	}
}

// TestMAC checks splits, Sum in the middle, Reset and the empty message.
func TestMAC(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	eachVariant(t, func(t *testing.T, b cipher.Block, in input) {
		for name, newMAC := range map[string]func(cipher.Block, int) (*kalyna.MAC, error){"CMAC": kalyna.NewCMAC, "GMAC": kalyna.NewGMAC} {
			m := must(newMAC(b, in.block-1))
			if m.Size() != in.block-1 || m.BlockSize() != in.block {
				t.Errorf("%s: Size %d, BlockSize %d", name, m.Size(), m.BlockSize())
			}
			empty := func() {
				t.Helper()
				m.Write(nil)
				tag, err := m.Sum([]byte{1})
				if err == nil || tag != nil || m.Verify(make([]byte, m.Size())) != kalyna.ErrAuthentication {
					t.Errorf("%s of nothing: %x, %v", name, tag, err)
				}
			}
			empty()
			msg := randomBytes(r, 3*in.block+1)
			for n := 1; n <= len(msg); n += 1 + in.block/8 {
				m.Reset()
				m.Write(msg[:n])
				want := must(m.Sum(nil))
				for cut := range n {
					m.Reset()
					for _, part := range [][]byte{msg[:cut], nil, msg[cut:n]} {
						if k, err := m.Write(part); k != len(part) || err != nil {
							t.Fatalf("Write: %d, %v", k, err)
						}
						m.Sum(nil)
						m.Verify(want)
					}
					if got := must(m.Sum([]byte{7})); got[0] != 7 || !bytes.Equal(got[1:], want) {
						t.Fatalf("%s of %d bytes cut at %d: %x, want %x", name, n, cut, got, want)
					}
				}
				if err := m.Verify(want); err != nil {
					t.Error(err)
				}
				for _, bad := range [][]byte{nil, want[:8], want[1:], append(bytes.Clone(want), 0)} {
					if m.Verify(bad) != kalyna.ErrAuthentication {
						t.Errorf("%s: verified a tag of %d bytes", name, len(bad))
					}
				}
			}
			m.Reset()
			empty()
			tag := make([]byte, 0, 64)
			cryptotest.NotAllocating(t, name, func() { m.Write(msg); must(m.Sum(tag)); m.Verify(msg) })
		}
	})
}
