package timing_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ukrcrypto/dstu/internal/timing"
)

// machine is an imaginary processor: a clock that code under test advances step by step, with noise
// that has the long tail of a real one.
type machine struct {
	now time.Duration
	r   *rand.Rand
}

func (m *machine) clock() time.Duration {
	m.now += time.Duration(40 + m.r.NormFloat64()*3)
	if m.r.IntN(200) == 0 {
		m.now += time.Duration(1000 * m.r.ExpFloat64())
	}
	return m.now
}

// earlyExit compares as bytes.Equal may: it stops at the first difference.
func (m *machine) earlyExit(a, b []byte) bool {
	for i := range a {
		m.now++
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// constant compares as crypto/subtle does.
func (m *machine) constant(a, b []byte) bool {
	var d byte
	for i := range a {
		m.now++
		d |= a[i] ^ b[i]
	}
	return d == 0
}

// rare is slow for one secret of 16.
func (m *machine) rare(a, _ []byte) bool {
	m.now += 200
	if a[0]&15 == 0 {
		m.now += 20
	}
	return true
}

func TestDetection(t *testing.T) {
	secret := bytes.Repeat([]byte{0xa5}, 16)
	for _, c := range []struct {
		name  string
		run   func(m *machine, a, b []byte) bool
		count int
		leaks bool
	}{
		{"early exit", (*machine).earlyExit, 2000, true},
		{"constant", (*machine).constant, 20_000, false},
		{"rare", (*machine).rare, 20_000, true},
	} {
		for seed := range uint64(3) {
			m := &machine{r: rand.New(rand.NewPCG(seed, 1))}
			r, err := timing.Experiment[[]byte]{
				Prepare: func(random bool) []byte {
					in := bytes.Clone(secret)
					if random {
						for i := range in {
							in[i] = byte(m.r.Uint32())
						}
					}
					return in
				},
				Run:    func(in *[]byte) { c.run(m, *in, secret) },
				Clock:  m.clock,
				Random: rand.NewChaCha8([32]byte{byte(seed)}),
			}.Measure(c.count)
			if err != nil {
				t.Fatal(err)
			}
			if r.Leaks() != c.leaks {
				t.Errorf("%s: %v", c.name, r)
			}
			if r.N[0]+r.N[1] != c.count || math.Abs(float64(r.N[0]-r.N[1])) > 5*math.Sqrt(float64(c.count)) {
				t.Errorf("%s: %d measurements, %v of the classes", c.name, c.count, r.N)
			}
		}
	}
}

func TestSign(t *testing.T) { // the fixed secret is slower by two nanoseconds of ten
	m := &machine{r: rand.New(rand.NewPCG(1, 1))}
	r, err := timing.Experiment[time.Duration]{
		Prepare: func(random bool) time.Duration {
			if random {
				return 10
			}
			return 12
		},
		Run:    func(in *time.Duration) { m.now += *in },
		Clock:  func() time.Duration { return m.now },
		Random: rand.NewChaCha8([32]byte{}),
	}.Measure(100)
	if err != nil || !math.IsInf(r.T, 1) || r.Mean != [2]float64{12, 10} {
		t.Errorf("%v, %v", r, err)
	}
}

// TestSystemClock measures operations that last until the clock moves, however coarse it is. Those
// that only warm up and set the limits are slower, so that the limits keep nearly all the others.
func TestSystemClock(t *testing.T) {
	const count = 50
	runs := 0
	r, err := timing.Experiment[int]{
		Prepare: func(bool) int { return 0 },
		Run: func(*int) {
			if runs++; runs <= 2*count {
				time.Sleep(5 * time.Millisecond)
			}
			for start := time.Now(); time.Since(start) == 0; {
			}
		},
	}.Measure(count)
	if err != nil || runs != 3*count || r.N[0]+r.N[1] != count || !(r.Mean[0] > 0 && r.Mean[1] > 0) {
		t.Errorf("%d runs: %v, %v", runs, r, err)
	}
}

func TestNoRandomness(t *testing.T) {
	want := errors.New("dry")
	_, err := timing.Experiment[int]{
		Prepare: func(bool) int { return 0 },
		Run:     func(*int) {},
		Random:  iotest.ErrReader(want),
	}.Measure(10)
	if !errors.Is(err, want) {
		t.Errorf("%v", err)
	}
}

// TestWelch uses data of Student (1908), as in the documentation of R: t.test(extra ~ group, sleep).
func TestWelch(t *testing.T) {
	a := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	b := []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	if got := timing.Welch(a, b); math.Abs(got - -1.8608) > 0.00005 {
		t.Errorf("t = %v", got)
	}
	if got := timing.Welch(b, a); math.Abs(got-1.8608) > 0.00005 {
		t.Errorf("t = %v", got)
	}
	if got := timing.Welch(a[:1], b); got != 0 {
		t.Errorf("one sample: t = %v", got)
	}
}
