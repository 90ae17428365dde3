// Package timing asks by measurement whether the time of an operation depends on a secret, in the
// manner of dudect (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017).
//
// An operation is measured many times, each time with either the one fixed secret or a fresh random
// one, in random order. Welch's t-test compares the two classes; with |t| below [Threshold] the
// measurements show no difference. Tests in other packages use it; nothing else does.
package timing

import (
	"cmp"
	cryptorand "crypto/rand"
	"fmt"
	"io"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"time"
)

// Threshold is the |t| from which a difference counts as found. Chance alone reaches it once in
// 150 000 comparisons, and each operation is compared at seven limits, which hang together.
const Threshold = 4.5

// percentiles are where slow measurements are cut off: each limit is one comparison. Interrupts and
// other programs make the tail of the distribution, and a difference may show in any part of it.
// The limits come from measurements that are not used again.
var percentiles = [...]float64{1, 0.999, 0.99, 0.95, 0.90, 0.75, 0.50}

// batch is how many inputs are prepared before they are measured, at most.
const batch = 1000

// Experiment is an operation with a secret input of type T.
type Experiment[T any] struct {
	// Prepare makes the input of one measurement, with a secret that is fixed or random. It must do
	// the same work and leave the same traces in memory and caches for both: where a fixed input
	// needs preparation it is prepared anew every time.
	Prepare func(random bool) T
	// Run is what is measured.
	Run func(in *T)

	// Clock is nil for the monotonic clock of the system.
	Clock func() time.Duration
	// Random decides which measurement is of which class; nil is [crypto/rand.Reader].
	Random io.Reader
}

// Result is what the measurements say.
type Result struct {
	N    [2]int     // measurements with the fixed and with random secrets
	Mean [2]float64 // nanoseconds, without the slowest tenth
	T    float64    // of the comparison with the largest |t|; positive if the fixed secret is slower
}

// Leaks reports whether the classes differ.
func (r Result) Leaks() bool { return math.Abs(r.T) >= Threshold }

// String is a row of a table: the number of measurements, the mean time in nanoseconds with random
// secrets, by how much the mean with fixed secrets is larger, and t.
func (r Result) String() string {
	return fmt.Sprintf("%8d | %9.0f | %+7.1f | %+5.2f", r.N[0]+r.N[1], r.Mean[1], r.Mean[0]-r.Mean[1], r.T)
}

// Measure takes count measurements, one at least, after some that it only derives the limits from. It holds the
// thread, and the garbage collector waits for the end of each batch.
func (e Experiment[T]) Measure(count int) (Result, error) {
	if e.Clock == nil {
		start := time.Now()
		e.Clock = func() time.Duration { return time.Since(start) }
	}
	if e.Random == nil {
		e.Random = cryptorand.Reader
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))

	b := newBatch[T](min(batch, count))
	for range 2 { // the first one warms up
		if err := e.fill(b); err != nil {
			return Result{}, err
		}
		e.measure(b)
	}
	test := newTest(b.took)
	for done := 0; done < count; done += len(b.took) {
		b = b.first(count - done)
		if err := e.fill(b); err != nil {
			return Result{}, err
		}
		runtime.GC()
		e.measure(b)
		for i, took := range b.took {
			test.add(b.random[i]&1, took)
		}
	}
	return test.result(), nil
}

// batched is a batch of inputs and measurements.
type batched[T any] struct {
	random []byte // bit 0 is the class
	in     []T
	took   []float64 // nanoseconds
}

func newBatch[T any](n int) *batched[T] {
	return &batched[T]{make([]byte, n), make([]T, n), make([]float64, n)}
}

func (b *batched[T]) first(n int) *batched[T] {
	n = min(n, len(b.in))
	return &batched[T]{b.random[:n], b.in[:n], b.took[:n]}
}

func (e *Experiment[T]) fill(b *batched[T]) error {
	if _, err := io.ReadFull(e.Random, b.random); err != nil {
		return err
	}
	for i := range b.in {
		b.in[i] = e.Prepare(b.random[i]&1 == 1)
	}
	return nil
}

func (e *Experiment[T]) measure(b *batched[T]) {
	for i := range b.in {
		start := e.Clock()
		e.Run(&b.in[i])
		b.took[i] = float64(e.Clock() - start)
	}
}

// test compares two classes of samples at every limit.
type test struct {
	limits  [len(percentiles)]float64
	classes [len(percentiles)][2]moments
}

func newTest(calibration []float64) *test {
	sorted := slices.Sorted(slices.Values(calibration))
	t := new(test)
	for i, p := range percentiles {
		t.limits[i] = math.Inf(1)
		if p < 1 {
			t.limits[i] = sorted[int(p*float64(len(sorted)-1))]
		}
	}
	return t
}

func (t *test) add(class byte, v float64) {
	for i, limit := range t.limits {
		if v <= limit {
			t.classes[i][class].add(v)
		}
	}
}

func (t *test) result() Result {
	r := Result{N: [2]int{t.classes[0][0].n, t.classes[0][1].n}}
	for i, p := range percentiles {
		c := &t.classes[i]
		if v := welch(&c[0], &c[1]); math.Abs(v) > math.Abs(r.T) {
			r.T = v
		}
		if p == 0.90 {
			r.Mean = [2]float64{c[0].mean, c[1].mean}
		}
	}
	return r
}

// moments are the count, the mean and the sum of squared deviations of samples (Welford).
type moments struct {
	n        int
	mean, sq float64
}

func (m *moments) add(v float64) {
	m.n++
	d := v - m.mean
	m.mean += d / float64(m.n)
	m.sq += d * (v - m.mean)
}

// welch is the t statistic of samples with different variances. Without enough samples it is 0. If
// neither class varies, any difference is infinite.
func welch(a, b *moments) float64 {
	if min(a.n, b.n) < 2 {
		return 0
	}
	d := a.mean - b.mean
	v := a.sq/float64(a.n-1)/float64(a.n) + b.sq/float64(b.n-1)/float64(b.n)
	switch {
	case d == 0:
		return 0
	case v == 0:
		return math.Inf(cmp.Compare(d, 0))
	}
	return d / math.Sqrt(v)
}
