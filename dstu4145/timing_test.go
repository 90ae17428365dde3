package dstu4145_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/timing"
)

// TestTiming compares the time of operations on a fixed secret with that on random ones.
//
//	DSTU_TIMING=1000000 go test -run '^TestTiming$' -timeout 0 -v ./dstu4145
//
// makes so many measurements of each, on every curve and code path, prints a table and fails where
// a difference shows; -run 'TestTiming/avx2/M257_PB/ECDH' selects. Without the variable a few
// measurements are made, and not judged.
//
// The fixed scalars are short: that is what leaks have shown first in other places.
func TestTiming(t *testing.T) {
	count, curves := 20, []*dstu4145.Curve{dstu4145.M257PB()}
	s, judge := os.LookupEnv("DSTU_TIMING")
	if judge {
		var err error
		if count, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
		curves = dstu4145.Curves()
		fmt.Println("path | curve | operation | measurements | time, ns | fixed - random, ns | t")
	}
	t.Run(tier, func(t *testing.T) {
		for _, c := range curves {
			t.Run(c.Name(), func(t *testing.T) {
				for _, o := range timed(t, c) {
					t.Run(o.name, func(t *testing.T) {
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
						fmt.Printf("%s | %s | %s | %v\n", tier, c.Name(), o.name, r)
						if r.Leaks() {
							t.Errorf("t = %.2f", r.T)
						}
					})
				}
			})
		}
	})
}

type timedOp struct {
	name    string
	measure func(count int) (timing.Result, error)
}

// timed lists the operations on secrets of c. Whatever an operation needs is made anew for each
// measurement, by the same steps for both classes.
func timed(t *testing.T, c *dstu4145.Curve) []timedOp {
	r := seeded(1)
	order := c.Order()
	scalar := func(random bool) []byte {
		d := make([]byte, c.ScalarSize())
		for {
			copy(d, randomBytes(r, len(d)))
			if d[0] &= 1<<((c.OrderBits()-1)%8+1) - 1; bytes.Compare(d, order) < 0 {
				break
			}
		}
		fixed := bytes.Repeat([]byte{0x6b}, len(d))
		clear(fixed[:5])
		if !random {
			copy(d, fixed)
		}
		return d
	}
	key := func(random bool) *dstu4145.PrivateKey {
		k, err := c.NewPrivateKey(scalar(random))
		must(t, err)
		return k
	}
	digest := randomBytes(r, 32)
	me, peer := testKey(t, c, 1), testKey(t, c, 2).PublicKey()
	point := me.PublicKey()

	type signing struct {
		k     *dstu4145.PrivateKey
		bytes []byte // nonce or entropy
	}
	withNonce := func(in *signing) {
		_, ok, err := dstu4145.SignWithNonce(in.k, digest, in.bytes)
		if must(t, err); !ok {
			t.Fatal("a signature of zero")
		}
	}
	return []timedOp{
		{"Sign, private key", timing.Experiment[signing]{
			Prepare: func(random bool) signing { return signing{key(random), scalar(true)} },
			Run:     withNonce,
		}.Measure},
		{"Sign, nonce", timing.Experiment[signing]{
			Prepare: func(random bool) signing { return signing{key(true), scalar(random)} },
			Run:     withNonce,
		}.Measure},
		// How many candidates for a nonce are thrown away is drawn anew by the entropy, for both classes.
		{"Sign, whole call", timing.Experiment[signing]{
			Prepare: func(random bool) signing { return signing{key(random), randomBytes(r, 64)} },
			Run: func(in *signing) {
				_, err := in.k.Sign(bytes.NewReader(in.bytes), digest, nil)
				must(t, err)
			},
		}.Measure},
		{"GenerateKey", timing.Experiment[[]byte]{
			Prepare: scalar,
			Run: func(in *[]byte) {
				_, err := c.GenerateKey(bytes.NewReader(*in))
				must(t, err)
			},
		}.Measure},
		{"ECDH", timing.Experiment[*dstu4145.PrivateKey]{
			Prepare: key,
			Run: func(in **dstu4145.PrivateKey) {
				_, err := (*in).ECDH(peer)
				must(t, err)
			},
		}.Measure},
		{"NewPublicKey", timing.Experiment[[]byte]{
			Prepare: func(random bool) []byte {
				q := key(true).PublicKey()
				if !random {
					q = point
				}
				return q.Bytes()
			},
			Run: func(in *[]byte) {
				_, err := c.NewPublicKey(*in)
				must(t, err)
			},
		}.Measure},
	}
}
