package kupyna_test

import (
	"fmt"
	"hash"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/internal/timing"
	"github.com/ukrcrypto/dstu/kupyna"
)

// TestTiming compares the time of hashes and authentication codes with a fixed message or key to that
// with random ones, for the code that reads no tables.
//
//	DSTU_TIMING=1000000 go test -run '^TestTiming$' -timeout 0 -v ./kupyna
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
	side := func(random bool) [][]byte {
		return [][]byte{bytes(random, 64), bytes(random, 64), bytes(random, 64), bytes(random, 64)}
	}
	ops := []timing.Op{
		{Name: "SumMany256, messages", Measure: timing.Experiment[[][]byte]{
			Prepare: side,
			Run:     func(in *[][]byte) { kupyna.SumMany256(*in) },
		}.Measure},
		{Name: "SumMany512, messages", Measure: timing.Experiment[[][]byte]{
			Prepare: side,
			Run:     func(in *[][]byte) { kupyna.SumMany512(*in) },
		}.Measure},
	}
	type keyed struct {
		mac           hash.Hash
		key, text, to []byte
	}
	for _, size := range []int{kupyna.Size256, kupyna.Size512} {
		prepare := func(key, text bool) keyed {
			in := keyed{key: bytes(key, size), text: bytes(text, 200), to: make([]byte, 0, size)}
			var err error
			if in.mac, err = macs[size](in.key); err != nil {
				t.Fatal(err)
			}
			return in
		}
		code := func(in *keyed) {
			in.mac.Write(in.text)
			in.mac.Sum(in.to)
		}
		name := fmt.Sprintf("MAC%d, ", 8*size)
		ops = append(ops,
			timing.Op{Name: name + "new key", Measure: timing.Experiment[keyed]{
				Prepare: func(random bool) keyed { return prepare(random, true) },
				Run: func(in *keyed) {
					if _, err := macs[size](in.key); err != nil {
						t.Fatal(err)
					}
				},
			}.Measure},
			timing.Op{Name: name + "key", Measure: timing.Experiment[keyed]{
				Prepare: func(random bool) keyed { return prepare(random, true) },
				Run:     code,
			}.Measure},
			timing.Op{Name: name + "message", Measure: timing.Experiment[keyed]{
				Prepare: func(random bool) keyed { return prepare(true, random) },
				Run:     code,
			}.Measure})
	}
	timing.Test(t, tier, 10, ops)
}
