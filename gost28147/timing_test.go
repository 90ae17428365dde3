package gost28147_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/timing"
)

// TestTiming compares the time of the key wrap with fixed keys to that with random ones.
//
//	DSTU_TIMING=1000000 go test -run '^TestTiming$' -timeout 0 -v ./gost28147
//
// makes so many measurements, prints a table and fails where a difference shows. Without the
// variable a few measurements are made, and not judged.
func TestTiming(t *testing.T) {
	count := 10
	s, judge := os.LookupEnv("DSTU_TIMING")
	if judge {
		var err error
		if count, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
		fmt.Println("path | operation | measurements | time, ns | fixed - random, ns | t")
	}
	for _, o := range timed(t) {
		t.Run(tier+"/"+o.name, func(t *testing.T) {
			r, err := o.measure(count)
			if err != nil {
				t.Fatal(err)
			}
			if n := r.N[0] + r.N[1]; n != count {
				t.Errorf("%d measurements, not %d", n, count)
			}
			if !judge {
				return
			}
			fmt.Printf("%s | %s | %v\n", tier, o.name, r)
			if r.Leaks() {
				t.Errorf("t = %.2f", r.T)
			}
		})
	}
}

type timedOp struct {
	name    string
	measure func(count int) (timing.Result, error)
}

// wrapped is a key with the one that protects it.
type wrapped struct {
	kek, cek, iv, wrapped []byte
}

// timed lists the operations. The fixed keys are zero but for one bit.
func timed(t *testing.T) []timedOp {
	r := rand.NewChaCha8([32]byte{1})
	key := func(random bool, size int) []byte {
		k, fixed := make([]byte, size), make([]byte, size)
		r.Read(k)
		fixed[0] = 1
		if !random {
			copy(k, fixed)
		}
		return k
	}
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
	return []timedOp{
		{"Wrap, wrapping key", timing.Experiment[wrapped]{Prepare: fixedKEK, Run: wrap}.Measure},
		{"Wrap, wrapped key", timing.Experiment[wrapped]{Prepare: fixedCEK, Run: wrap}.Measure},
		{"Unwrap, wrapping key", timing.Experiment[wrapped]{Prepare: fixedKEK, Run: unwrap}.Measure},
		{"Unwrap, wrapped key", timing.Experiment[wrapped]{Prepare: fixedCEK, Run: unwrap}.Measure},
		// The first bit or any other is wrong: where must not show.
		{"Unwrap, damaged", timing.Experiment[wrapped]{
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
