// Package speed measures the primitives of this module on every code path of the processor, each
// beside a yardstick of the standard library.
//
// Ours and the yardstick take turns in short slices of one run, and the fastest slice of each counts:
// what else the machine does hits both, and the ratio means something.
//
// While it runs nothing else in the process may use the packages it measures.
package speed

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/ukrcrypto/dstu/internal/impl"
)

// Row is the result of one primitive on one code path.
type Row struct {
	Name        string  `json:"name"`
	Tier        string  `json:"tier"`
	NsPerOp     float64 `json:"ns_per_op"`
	MBPerS      float64 `json:"mb_per_s"` // 0 where it has no meaning
	AllocsPerOp int     `json:"allocs_per_op"`
	Yardstick   string  `json:"yardstick"`
	// Ratio is our time by that of the yardstick, or, where there are MB/s, our throughput by that
	// of the yardstick.
	Ratio float64 `json:"ratio"`
}

// operation is what is repeated.
type operation struct {
	bytes int // processed by one call, 0 where that has no meaning
	run   func() error
}

// primitive is an operation with a name. It runs on the code paths of packages; the yardstick is
// one of yardsticks, for as many bytes.
type primitive struct {
	name      string
	packages  []string
	yardstick string
	prepare   func() (operation, error)
}

// tiers lists the code paths that make a difference to p, best first.
func (p *primitive) tiers() []string {
	return slices.DeleteFunc(impl.Tiers(), func(tier string) bool {
		return !slices.ContainsFunc(p.packages, func(pkg string) bool { return slices.Contains(impl.Names(pkg), tier) })
	})
}

// Names lists the primitives.
func Names() []string {
	var out []string
	for _, p := range primitives() {
		out = append(out, p.name)
	}
	return out
}

// Options chooses what to measure, and for how long.
type Options struct {
	Names []string      // names, or beginnings of them up to a slash; none: everything
	Tier  string        // "": all
	Time  time.Duration // of each row
	Clock func() time.Duration
}

// NameError is a name that fits no primitive.
type NameError string

func (e NameError) Error() string { return fmt.Sprintf("speed: nothing is named %q", string(e)) }

// TierError is a code path that this processor does not have, or what was to be measured.
type TierError string

func (e TierError) Error() string {
	return fmt.Sprintf("speed: there is no code path %q for that on this processor", string(e))
}

// Measure measures and hands out one row after another.
func Measure(ctx context.Context, o Options, row func(Row) error) error {
	if o.Clock == nil {
		start := time.Now()
		o.Clock = func() time.Duration { return time.Since(start) }
	}
	chosen, err := choose(o.Names)
	if err != nil {
		return err
	}
	rows := 0
	for _, p := range chosen {
		for _, tier := range p.tiers() {
			if o.Tier != "" && o.Tier != tier {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			r, err := p.measure(tier, o)
			if err != nil {
				return fmt.Errorf("speed: %s: %w", p.name, err)
			}
			if err := row(r); err != nil {
				return err
			}
			rows++
		}
	}
	if rows == 0 {
		return TierError(o.Tier)
	}
	return nil
}

func choose(names []string) ([]primitive, error) {
	all := primitives()
	if len(names) == 0 {
		return all, nil
	}
	fits := func(p primitive, name string) bool {
		return p.name == name || strings.HasPrefix(p.name, strings.TrimSuffix(name, "/")+"/")
	}
	for _, name := range names {
		if !slices.ContainsFunc(all, func(p primitive) bool { return fits(p, name) }) {
			return nil, NameError(name)
		}
	}
	return slices.DeleteFunc(all, func(p primitive) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return fits(p, name) })
	}), nil
}

// slicesPerRow is how often ours and the yardstick each have their turn.
const slicesPerRow = 10

func (p *primitive) measure(tier string, o Options) (Row, error) {
	yardstick := yardsticks[p.yardstick]
	defer impl.TestingOnlySelect(tier)()
	ours, err := p.prepare()
	if err != nil {
		return Row{}, err
	}
	theirs, err := yardstick(ours.bytes)
	if err != nil {
		return Row{}, fmt.Errorf("%s: %w", p.yardstick, err)
	}
	slice := o.Time / (2 * slicesPerRow)
	a, err := start(ours, o.Clock, slice)
	if err != nil {
		return Row{}, err
	}
	b, err := start(theirs, o.Clock, slice)
	if err != nil {
		return Row{}, fmt.Errorf("%s: %w", p.yardstick, err)
	}
	for range slicesPerRow {
		if err := cmp.Or(a.slice(), b.slice()); err != nil {
			return Row{}, err
		}
	}
	r := Row{Name: p.name, Tier: tier, NsPerOp: a.best, AllocsPerOp: a.allocations, Yardstick: p.yardstick, Ratio: a.best / b.best}
	if ours.bytes > 0 {
		r.MBPerS = float64(ours.bytes) / a.best * 1000
		r.Ratio = b.best / a.best
	}
	return r, nil
}

// stopwatch repeats an operation and remembers its best time.
type stopwatch struct {
	operation
	clock       func() time.Duration
	count       int // calls in a slice
	best        float64
	allocations int
}

// start warms up, counts allocations and finds how many calls make a slice.
func start(o operation, clock func() time.Duration, slice time.Duration) (*stopwatch, error) {
	s := &stopwatch{operation: o, clock: clock, count: 1}
	if err := s.run(); err != nil {
		return nil, err
	}
	for i := range 5 { // the least: other goroutines allocate too
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := s.run()
		runtime.ReadMemStats(&after)
		if err != nil {
			return nil, err
		}
		if n := int(after.Mallocs - before.Mallocs); i == 0 || n < s.allocations {
			s.allocations = n
		}
	}
	for {
		took, err := s.time()
		if err != nil {
			return nil, err
		}
		if took >= slice || s.count >= 1<<30 {
			s.count = max(1, int(float64(s.count)*float64(slice)/float64(max(took, 1))))
			return s, nil
		}
		s.count *= 2
	}
}

func (s *stopwatch) time() (time.Duration, error) {
	start := s.clock()
	for range s.count {
		if err := s.run(); err != nil {
			return 0, err
		}
	}
	return s.clock() - start, nil
}

func (s *stopwatch) slice() error {
	took, err := s.time()
	if each := float64(max(took, 1)) / float64(s.count); s.best == 0 || each < s.best {
		s.best = each
	}
	return err
}
