package kalyna_test

import (
	"bytes"
	"crypto/cipher"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/internal/timing"
	"github.com/ukrcrypto/dstu/kalyna"
)

// TestTiming compares the time of operations on a fixed secret with that on random ones.
//
//	DSTU_TIMING=1000000 go test -run '^TestTiming$' -timeout 0 -v ./kalyna
//
// makes so many measurements of each, on every code path, prints a table and fails where a
// difference shows. Without the variable a few measurements are made, and not judged.
func TestTiming(t *testing.T) {
	ops := timedSecrets()
	if tier != impl.Generic {
		ops = append(ops, timedBulk()...)
	}
	timing.Test(t, tier, 5, ops)
}

// secrets makes fixed and random bytes, by the same steps.
type secrets struct{ *rand.Rand }

func (s secrets) bytes(n int, random bool) []byte {
	b, fixed := randomBytes(s.Rand, n), make([]byte, n)
	if !random {
		copy(b, fixed)
	}
	return b
}

// timedSecrets lists what is free of tables everywhere.
func timedSecrets() []timing.Op {
	r := secrets{rand.New(rand.NewPCG(21, 22))}
	iv, cek := r.bytes(32, true), r.bytes(32, true)
	type pair struct{ kek, text []byte }
	type mac struct {
		m   *kalyna.MAC
		tag []byte
	}
	type block struct {
		b    cipher.Block
		text []byte
	}
	return []timing.Op{
		{Name: "Wrap, kek", Measure: timing.Experiment[pair]{
			Prepare: func(random bool) pair { return pair{r.bytes(32, random), r.bytes(32, true)} },
			Run:     func(in *pair) { must(kalyna.Wrap(bytes.NewReader(iv), in.kek, in.text)) },
		}.Measure},
		{Name: "Wrap, cek", Measure: timing.Experiment[pair]{
			Prepare: func(random bool) pair { return pair{r.bytes(32, true), r.bytes(32, random)} },
			Run:     func(in *pair) { must(kalyna.Wrap(bytes.NewReader(iv), in.kek, in.text)) },
		}.Measure},
		{Name: "Unwrap, kek", Measure: timing.Experiment[pair]{
			Prepare: func(random bool) pair {
				kek := r.bytes(32, random)
				return pair{kek, must(kalyna.Wrap(bytes.NewReader(iv), kek, cek))}
			},
			Run: func(in *pair) { must(kalyna.Unwrap(in.kek, in.text)) },
		}.Measure},
		// The fixed input is wrong in the last byte of the code, the random one everywhere.
		{Name: "Unwrap, failure", Measure: timing.Experiment[pair]{
			Prepare: func(random bool) pair {
				wrapped := must(kalyna.Wrap(bytes.NewReader(iv), cek, cek))
				wrapped[95] ^= 1
				other := r.bytes(96, true)
				if random {
					copy(wrapped, other)
				}
				return pair{cek, wrapped}
			},
			Run: func(in *pair) { kalyna.Unwrap(in.kek, in.text) },
		}.Measure},
		{Name: "KW, key", Measure: timing.Experiment[pair]{
			Prepare: func(random bool) pair { return pair{r.bytes(16, true), r.bytes(16, random)} },
			Run:     func(in *pair) { must(must(kalyna.NewKW(16, in.kek)).Wrap(in.text)) },
		}.Measure},
		{Name: "NewConstantTime, key", Measure: timing.Experiment[pair]{
			Prepare: func(random bool) pair { return pair{kek: r.bytes(32, random)} },
			Run:     func(in *pair) { must(kalyna.NewConstantTime(16, in.kek)) },
		}.Measure},
		{Name: "Decrypt, text", Measure: timing.Experiment[block]{
			Prepare: func(random bool) block {
				return block{must(kalyna.NewConstantTime(16, r.bytes(16, true))), r.bytes(16, random)}
			},
			Run: func(in *block) { in.b.Decrypt(in.text, in.text) },
		}.Measure},
		{Name: "Verify, tag", Measure: timing.Experiment[mac]{
			Prepare: func(random bool) mac {
				m := must(kalyna.NewCMAC(must(kalyna.NewConstantTime(16, cek[:16])), 16))
				m.Write(iv)
				tag, other := must(m.Sum(nil)), r.bytes(16, true)
				tag[15] ^= 1
				if random {
					copy(tag, other)
				}
				return mac{m, tag}
			},
			Run: func(in *mac) { in.m.Verify(in.tag) },
		}.Measure},
		{Name: "Unpad, length", Measure: timing.Experiment[pair]{
			Prepare: func(random bool) pair {
				text, n, fixed := r.bytes(64, true), 1+r.IntN(63), 1
				if !random {
					n = fixed
				}
				copy(text, kalyna.Pad(text[:n:n], 64))
				return pair{text: text}
			},
			Run: func(in *pair) { must(kalyna.Unpad(in.text, 64)) },
		}.Measure},
	}
}

// timedBulk lists what assembly does without tables.
func timedBulk() []timing.Op {
	r := secrets{rand.New(rand.NewPCG(23, 24))}
	type blocks struct {
		m    cipher.BlockMode
		text []byte
	}
	var ops []timing.Op
	for _, v := range variants {
		newCipher := func(random bool) cipher.Block {
			in := input{block: v.block, key: r.bytes(v.key, random)}
			return in.cipher()
		}
		run := func(in *blocks) { in.m.CryptBlocks(in.text, in.text) }
		name := fmt.Sprintf("%d-%d, ", 8*v.block, 8*v.key)
		ops = append(ops,
			timing.Op{Name: name + "ECB, key", Measure: timing.Experiment[blocks]{
				Prepare: func(random bool) blocks {
					return blocks{must(kalyna.NewECBEncrypter(newCipher(random))), r.bytes(1024, true)}
				},
				Run: run,
			}.Measure},
			timing.Op{Name: name + "ECB, text", Measure: timing.Experiment[blocks]{
				Prepare: func(random bool) blocks {
					return blocks{must(kalyna.NewECBEncrypter(newCipher(true))), r.bytes(1024, random)}
				},
				Run: run,
			}.Measure},
			timing.Op{Name: name + "CBC decryption, text", Measure: timing.Experiment[blocks]{
				Prepare: func(random bool) blocks {
					return blocks{must(kalyna.NewCBCDecrypter(newCipher(true), make([]byte, v.block))), r.bytes(1024, random)}
				},
				Run: run,
			}.Measure})
	}
	return ops
}
