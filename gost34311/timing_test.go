package gost34311_test

import (
	"crypto/hmac"
	"hash"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/internal/timing"
)

// TestTiming compares the time of hashes and of HMAC with a fixed message or key to that with random
// ones, for the code that reads no tables.
//
//	DSTU_TIMING=1000000 go test -run '^TestTiming$' -timeout 0 -v ./gost34311
//
// makes so many measurements, prints a table and fails where a difference shows. Without the
// variable a few measurements are made, and not judged.
func TestTiming(t *testing.T) {
	if tier != impl.AVX512 {
		t.Skip("this path reads tables, as docs/timing.md says: there is nothing to hold it to")
	}
	r := rand.NewChaCha8([32]byte{1})
	bytes := func(random bool, size int) []byte {
		b, fixed := make([]byte, size), make([]byte, size)
		r.Read(b)
		if !random {
			copy(b, fixed)
		}
		return b
	}
	type keyed struct {
		mac           hash.Hash
		key, text, to []byte
	}
	prepare := func(key, text bool) keyed {
		in := keyed{key: bytes(key, 32), text: bytes(text, 64), to: make([]byte, 0, gost34311.Size)}
		in.mac = hmac.New(gost34311.New, in.key)
		return in
	}
	code := func(in *keyed) {
		in.mac.Write(in.text)
		in.mac.Sum(in.to)
	}
	timing.Test(t, tier, 10, []timing.Op{
		{Name: "Sum, message", Measure: timing.Experiment[[]byte]{
			Prepare: func(random bool) []byte { return bytes(random, 200) },
			Run:     func(in *[]byte) { gost34311.Sum(*in) },
		}.Measure},
		{Name: "SumMany, messages", Measure: timing.Experiment[[][]byte]{
			Prepare: func(random bool) [][]byte {
				return [][]byte{bytes(random, 64), bytes(random, 64), bytes(random, 64), bytes(random, 64)}
			},
			Run: func(in *[][]byte) { gost34311.SumMany(*in, nil) },
		}.Measure},
		{Name: "HMAC, new key", Measure: timing.Experiment[keyed]{
			Prepare: func(random bool) keyed { return prepare(random, true) },
			Run:     func(in *keyed) { hmac.New(gost34311.New, in.key) },
		}.Measure},
		{Name: "HMAC, key", Measure: timing.Experiment[keyed]{
			Prepare: func(random bool) keyed { return prepare(random, true) },
			Run:     code,
		}.Measure},
		{Name: "HMAC, message", Measure: timing.Experiment[keyed]{
			Prepare: func(random bool) keyed { return prepare(true, random) },
			Run:     code,
		}.Measure},
	})
}
