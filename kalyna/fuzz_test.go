package kalyna_test

import (
	"bytes"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/kalyna"
)

// FuzzModes compares all modes, on every implementation, with the reference, and undoes them, on
// messages in two parts.
func FuzzModes(f *testing.F) {
	f.Fuzz(func(t *testing.T, variant uint8, key, iv, msg, data []byte, cut uint16) {
		if len(msg) > 2000 || len(data) > 2000 {
			return // the reference is slow
		}
		names := impl.Names("kalyna")
		if tier != "" { // seeds only: TestMain sees to the others
			names = []string{tier}
		}
		for _, name := range names {
			restore := impl.TestingOnlySelect(name)
			compare(t, newInput(int(variant), key, iv, msg, data, int(cut)))
			restore()
			if t.Failed() {
				t.Fatalf("with implementation %s", name)
			}
		}
	})
}

// FuzzTamper changes one bit of what is authenticated, and wants the one error.
func FuzzTamper(f *testing.F) {
	f.Fuzz(func(t *testing.T, variant uint8, key, iv, msg, data []byte, bit uint16) {
		if len(msg) == 0 {
			return
		}
		in := newInput(int(variant), key, iv, msg, data, 0)
		b := in.cipher()
		gcm, ccm := must(kalyna.NewGCM(b, in.block)), must(kalyna.NewCCM(b, 4, in.block))
		for _, a := range []interface {
			Seal(dst, nonce, plaintext, data []byte) []byte
			Open(dst, nonce, ciphertext, data []byte) ([]byte, error)
		}{gcm, ccm} {
			all := append(a.Seal(nil, in.iv, in.msg, in.data), in.data...)
			n := len(all) - len(in.data)
			flip(all, bit)
			dst := bytes.Repeat([]byte{0xa5}, n)
			if out, err := a.Open(dst[:0], in.iv, all[:n], all[n:]); err != kalyna.ErrAuthentication || out != nil {
				t.Errorf("Open = %x, %v", out, err)
			}
			if released := dst[:len(in.msg)]; !bytes.Equal(released, make([]byte, len(released))) {
				t.Errorf("released %x", released)
			}
		}
		for _, m := range []*kalyna.MAC{must(kalyna.NewCMAC(b, in.block)), must(kalyna.NewGMAC(b, in.block))} {
			m.Write(in.msg)
			tag := must(m.Sum(nil))
			flip(tag, bit)
			if err := m.Verify(tag); err != kalyna.ErrAuthentication {
				t.Errorf("Verify of another tag: %v", err)
			}
			other := bytes.Clone(in.msg)
			flip(tag, bit)
			flip(other, bit)
			m.Reset()
			m.Write(other)
			if err := m.Verify(tag); err != kalyna.ErrAuthentication {
				t.Errorf("Verify of another message: %v", err)
			}
		}
	})
}

// flip changes one bit.
func flip(b []byte, bit uint16) { b[int(bit)/8%len(b)] ^= 1 << (bit % 8) }

// FuzzUnwrap checks that what unwraps wraps to the same bytes, and that all else is one error.
func FuzzUnwrap(f *testing.F) {
	f.Fuzz(func(t *testing.T, variant uint8, kek, wrapped []byte) {
		in := newInput(int(variant), kek, nil, nil, nil, 0)
		if len(wrapped) > 10*in.block {
			return // it is slow without tables
		}
		w := must(kalyna.NewKW(in.block, in.key))
		if key, err := w.Unwrap(wrapped); !refused(t, key, err) {
			checkBytes(t, "wrapped again", must(w.Wrap(key)), wrapped)
		}
		if key, err := w.UnwrapPadded(wrapped); !refused(t, key, err) {
			checkBytes(t, "wrapped with padding again", must(w.WrapPadded(key)), wrapped)
		}
		cek, err := kalyna.Unwrap(kek, wrapped)
		if refused(t, cek, err) {
			return
		}
		// The inner IV is what the reference finds under the outer layer: by decryption of the last
		// segment of the reversed text, that is by encryption of the one before.
		iv := xor(wrapped[64:], newNaive(32, kek).encrypt(wrapped[32:64]))
		for i := range 16 {
			iv[i], iv[31-i] = iv[31-i], iv[i]
		}
		checkBytes(t, "wrapped for CMS again", must(kalyna.Wrap(bytes.NewReader(iv), kek, cek)), wrapped)
	})
}

// refused reports an error, which must be the one.
func refused(t *testing.T, key []byte, err error) bool {
	t.Helper()
	if err != nil && (err != kalyna.ErrUnwrap || key != nil) {
		t.Errorf("unwrapped %x, %v", key, err)
	}
	return err != nil
}

// FuzzUnpad checks that what unpads pads to the same bytes.
func FuzzUnpad(f *testing.F) {
	f.Fuzz(func(t *testing.T, variant uint8, padded []byte) {
		size := variants[int(variant)%len(variants)].block
		msg, err := kalyna.Unpad(padded, size)
		if err != nil {
			if msg != nil {
				t.Errorf("%x with an error", msg)
			}
			return
		}
		if len(msg) == 0 {
			t.Error("nothing remains")
		}
		checkBytes(t, "padded again", kalyna.Pad(bytes.Clone(msg), size), padded)
	})
}
