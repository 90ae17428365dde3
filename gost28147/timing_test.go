package gost28147_test

import (
	"bytes"
	"crypto/cipher"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/internal/timing"
)

// TestTiming compares the time of operations with fixed keys and texts to that with random ones.
//
//	DSTU_TIMING=1000000 go test -run '^TestTiming$' -timeout 0 -v ./gost28147
//
// makes so many measurements, prints a table and fails where a difference shows. Without the
// variable a few measurements are made, and not judged.
func TestTiming(t *testing.T) {
	ops := timed(t)
	if tier != impl.Generic {
		ops = append(ops, timedVectors(t)...)
	}
	timing.Test(t, tier, 10, ops)
}

// secrets makes random bytes, and by the same steps fixed ones: zeros but for one bit.
type secrets struct{ *rand.ChaCha8 }

func (s secrets) bytes(random bool, size int) []byte {
	b, fixed := make([]byte, size), make([]byte, size)
	s.Read(b)
	fixed[0] = 1
	if !random {
		copy(b, fixed)
	}
	return b
}

// wrapped is a key with the one that protects it.
type wrapped struct {
	kek, cek, iv, wrapped []byte
}

// timed lists what is free of tables everywhere.
func timed(t *testing.T) []timing.Op {
	r := secrets{rand.NewChaCha8([32]byte{1})}
	key := r.bytes
	prepare := func(kek, cek bool) wrapped {
		w := wrapped{kek: key(kek, gost28147.KeySize), cek: key(cek, gost28147.KeySize), iv: key(true, gost28147.BlockSize)}
		var err error
		if w.wrapped, err = gost28147.Wrap(bytes.NewReader(w.iv), w.kek, w.cek, nil); err != nil {
			t.Fatal(err)
		}
		return w
	}
	wrap := func(in *wrapped) {
		if _, err := gost28147.Wrap(bytes.NewReader(in.iv), in.kek, in.cek, nil); err != nil {
			t.Fatal(err)
		}
	}
	unwrap := func(in *wrapped) {
		if _, err := gost28147.Unwrap(in.kek, in.wrapped, nil); err != nil {
			t.Fatal(err)
		}
	}
	fixedKEK := func(random bool) wrapped { return prepare(random, true) }
	fixedCEK := func(random bool) wrapped { return prepare(true, random) }
	return []timing.Op{
		{Name: "Wrap, wrapping key", Measure: timing.Experiment[wrapped]{Prepare: fixedKEK, Run: wrap}.Measure},
		{Name: "Wrap, wrapped key", Measure: timing.Experiment[wrapped]{Prepare: fixedCEK, Run: wrap}.Measure},
		{Name: "Unwrap, wrapping key", Measure: timing.Experiment[wrapped]{Prepare: fixedKEK, Run: unwrap}.Measure},
		{Name: "Unwrap, wrapped key", Measure: timing.Experiment[wrapped]{Prepare: fixedCEK, Run: unwrap}.Measure},
		// The first bit or any other is wrong: where must not show.
		{Name: "Unwrap, damaged", Measure: timing.Experiment[wrapped]{
			Prepare: func(random bool) wrapped {
				w := prepare(true, true)
				bit := r.Uint64() % uint64(8*len(w.wrapped))
				if !random {
					bit = 0
				}
				w.wrapped[bit/8] ^= 1 << (bit % 8)
				return w
			},
			Run: func(in *wrapped) {
				if _, err := gost28147.Unwrap(in.kek, in.wrapped, nil); err == nil {
					t.Fatal("a damaged key passes")
				}
			},
		}.Measure},
	}
}

// run is a mode under a fresh key, and what it is to work on.
type run struct {
	do   func(text []byte)
	text []byte
}

// timedVectors lists what assembly does without tables.
func timedVectors(t *testing.T) []timing.Op {
	const bulk, serial = 1024, 64
	r := secrets{rand.NewChaCha8([32]byte{2})}
	iv := r.bytes(true, gost28147.BlockSize)
	var ops []timing.Op
	for _, m := range []struct {
		name string
		size int
		mode func(b cipher.Block) (func(text []byte), error)
	}{
		{"ECB", bulk, func(b cipher.Block) (func([]byte), error) {
			m, err := gost28147.NewECBEncrypter(b)
			return func(text []byte) { m.CryptBlocks(text, text) }, err
		}},
		{"ECB decryption", bulk, func(b cipher.Block) (func([]byte), error) {
			m, err := gost28147.NewECBDecrypter(b)
			return func(text []byte) { m.CryptBlocks(text, text) }, err
		}},
		{"CTR", bulk, func(b cipher.Block) (func([]byte), error) {
			s, err := gost28147.NewCTR(b, iv)
			return func(text []byte) { s.XORKeyStream(text, text) }, err
		}},
		{"CFB decryption", bulk, func(b cipher.Block) (func([]byte), error) {
			s, err := gost28147.NewCFBDecrypter(b, iv)
			return func(text []byte) { s.XORKeyStream(text, text) }, err
		}},
		{"CFB", serial, func(b cipher.Block) (func([]byte), error) {
			s, err := gost28147.NewCFBEncrypter(b, iv)
			return func(text []byte) { s.XORKeyStream(text, text) }, err
		}},
	} {
		newRun := func(key, text []byte) run {
			b, err := gost28147.NewCipher(key, nil)
			if err != nil {
				t.Fatal(err)
			}
			do, err := m.mode(b)
			if err != nil {
				t.Fatal(err)
			}
			return run{do, text}
		}
		ops = append(ops, keyAndText(m.name, m.size, r, newRun)...)
	}
	return append(ops, keyAndText("MAC", serial, r, func(key, text []byte) run {
		h, err := gost28147.NewMAC(key, nil)
		if err != nil {
			t.Fatal(err)
		}
		return run{func(text []byte) { h.Write(text); h.Sum(nil) }, text}
	})...)
}

// keyAndText makes two operations of one: in the first the key is the secret, in the second the text.
func keyAndText(name string, size int, r secrets, newRun func(key, text []byte) run) []timing.Op {
	op := func(secret string, randomKey, randomText func(bool) bool) timing.Op {
		return timing.Op{Name: name + ", " + secret, Measure: timing.Experiment[run]{
			Prepare: func(random bool) run {
				return newRun(r.bytes(randomKey(random), gost28147.KeySize), r.bytes(randomText(random), size))
			},
			Run: func(in *run) { in.do(in.text) },
		}.Measure}
	}
	always, drawn := func(bool) bool { return true }, func(random bool) bool { return random }
	return []timing.Op{op("key", drawn, always), op("text", always, drawn)}
}
