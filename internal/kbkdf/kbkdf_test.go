package kbkdf_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/kbkdf"
)

// TestVectors: computed by KBKDFHMAC of the Python package cryptography 48.0.0, the second also by
// "openssl kdf KBKDF" of OpenSSL 3.0.19. The key is 0, 1, 2, …, the label 100, 101, …, byte i of
// the context 7i + 3.
func TestVectors(t *testing.T) {
	for _, v := range []struct {
		key, label, context int
		out                 string
	}{
		{1, 0, 0, "4b"},
		{20, 4, 20, "a359b200dbbfc486f5eda4bd7d73a7ca1dbc12d410"},
		{32, 18, 76, "233f84210004c8def74cf6be5ca2073075af1eb9fbba23f97e5173c3080bc2e5"},
		{54, 18, 98, "b34b7a2908cce3db8cd9eb5573b8c1526bd0a6460ce028f60e41f985fbace4348b78a44dfe2fcb1d2dfcf24a2ac8046241e61197fbbb"},
		{64, 10, 55, "b3eb6dcb6f07b15da650070c62e5ea672a75898703438a08ded078a42ce2e598a1"},
		{65, 10, 173, "faa1a615f6772a3d07def28f6d0ebf53f2e1ac5ea5b5ae24fab36c47950deea78d830a4a8cf79431df16c6d4c291b4a0fd5d9e00571f2d9ba89bcf6b158d234f"},
		{72, 18, 120, "25beaf1ec9a332b528baa44b636745caaa8e99a50fc6fd52206ec955dea2430ef337ec4cbebee982ba19805199b389c301916f7abb9387f0bde3e9a7730d8b80cb9fd79be52f940b"},
		{32, 18, 76, "03098d8bed6bd9c991f8a7c8f920b7875c29047800bb69679d05410c589fb02bfa93cd4b4754247c39e89673af05ee7bd9b3ba065655bee5d2224fd3e59c1864d2c701235cfb6b489310a87cd077ed2468b51be46ac849ecc92e52dbc4ef20e1339a7131091e590e42fbeb0b267d446fac81376c365f7b65d8217d7daeca2cf906cac70894fdf835b99605e8045689157fdbf9786856c133f21010163cf9b69e5878212a3812c3a5235cc2f3201c98fc7d99ece89a0e1a38cbcc4fefb4aae8f884f76278dafaf4b3"},
	} {
		var key, label, context []byte
		for i := range v.key {
			key = append(key, byte(i))
		}
		for i := range v.label {
			label = append(label, byte(100+i))
		}
		for i := range v.context {
			context = append(context, byte(7*i+3))
		}
		got := make([]byte, len(v.out)/2)
		kbkdf.Fill(got, key, label, context)
		if hex.EncodeToString(got) != v.out {
			t.Errorf("key of %d, label of %d, context of %d bytes: %x, want %s", v.key, v.label, v.context, got, v.out)
		}
	}
}

// reference is the function over crypto/hmac.
func reference(n int, key, label, context []byte) (out []byte) {
	for i := uint32(1); len(out) < n; i++ {
		h := hmac.New(sha256.New, key)
		h.Write(binary.BigEndian.AppendUint32(nil, i))
		h.Write(label)
		h.Write([]byte{0})
		h.Write(context)
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(8*n)))
		out = h.Sum(out)
	}
	return out[:n]
}

func TestAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	for n := range 300 {
		total := min(n, kbkdf.MaxInput)
		split := r.IntN(total + 1)
		key, label, context := random(r.IntN(140)), random(split), random(total-split)
		got := make([]byte, n)
		kbkdf.Fill(got, key, label, context)
		if want := reference(n, key, label, context); !bytes.Equal(got, want) {
			t.Fatalf("key %x, label %x, context %x: %x, want %x", key, label, context, got, want)
		}
	}
}

func TestTooLong(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("input beyond the limit is taken")
		}
	}()
	kbkdf.Fill(make([]byte, 1), nil, make([]byte, 1), make([]byte, kbkdf.MaxInput))
}

func TestNoAllocation(t *testing.T) {
	key, context := make([]byte, 72), make([]byte, 120)
	label := []byte("label")
	var out [72]byte
	if got := testing.AllocsPerRun(100, func() { kbkdf.Fill(out[:], key, label, context) }); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkNonce(b *testing.B) {
	key, label, context := make([]byte, 32), make([]byte, 18), make([]byte, 75)
	var out [32]byte
	for b.Loop() {
		kbkdf.Fill(out[:], key, label, context)
	}
}
