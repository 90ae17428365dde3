package speed_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/internal/speed"
)

// TestEverything runs each primitive a few times on each code path. How long that takes is not judged.
func TestEverything(t *testing.T) {
	names := speed.Names()
	if testing.Short() {
		names = slices.DeleteFunc(names, func(name string) bool {
			return strings.Contains(name, "1MiB") || strings.Contains(name, "10000") || strings.Contains(name, "/m307") ||
				strings.Contains(name, "/m431") || strings.Contains(name, "56-")
		})
	}
	got := map[string][]string{}
	err := speed.Measure(context.Background(), speed.Options{Names: names, Time: 1}, func(r speed.Row) error {
		got[r.Name] = append(got[r.Name], r.Tier)
		if !(r.NsPerOp > 0) || !(r.Ratio > 0) || math.IsInf(r.Ratio, 0) || r.AllocsPerOp < 0 || r.Yardstick == "" {
			t.Errorf("%+v", r)
		}
		_, size, _ := strings.Cut(r.Yardstick, "/")
		throughput := size == "" && !strings.HasPrefix(r.Yardstick, "ecdh")
		if (r.MBPerS > 0) != throughput {
			t.Errorf("%+v", r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(names) {
		t.Errorf("%d of %d names", len(got), len(names))
	}
	for _, name := range names {
		if tiers := got[name]; len(tiers) == 0 || tiers[len(tiers)-1] != impl.Generic {
			t.Errorf("%s: %q", name, tiers)
		}
	}
	if tiers := got["dstu4145/m257/sign"]; !slices.Equal(tiers, impl.Names("internal/ec2m")) {
		t.Errorf("dstu4145: %q", tiers)
	}
}

func TestNames(t *testing.T) {
	names := speed.Names()
	want := []string{
		"dstu4145/m257/sign", "dstu4145/m257/verify", "dstu4145/m257/verify-prepared", "dstu4145/m257/ecdh", "dstu4145/m257/keygen",
		"dstu4145/m163/sign", "dstu4145/m307/sign", "dstu4145/m431/sign",
		"gost28147/ecb", "gost28147/ctr", "gost28147/cfb-enc", "gost28147/cfb-dec", "gost28147/mac",
		"gost34311/1MiB", "gost34311/64B", "kupyna256/1MiB", "kupyna256/64B", "kupyna512/1MiB",
		"kupyna512/64B", "kupyna-mac256/64B", "gost34311/many64B", "kupyna256/many64B", "kupyna512/many64B", "keystore/open-pfx/10000",
		"pbkdf2-gost34311/10000", "pkix/verify", "cms/sign-1KiB", "cms/verify-1KiB",
	}
	for _, variant := range []string{"128-128", "128-256", "256-256", "256-512", "512-512"} {
		for _, mode := range []string{"ecb", "ctr", "gcm", "xts", "cbc-enc", "cbc-dec"} {
			want = append(want, "kalyna/"+variant+"/"+mode)
		}
	}
	for _, name := range want {
		if !slices.Contains(names, name) {
			t.Errorf("%s is missing", name)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(speed.Names()) {
		t.Error("a name stands twice")
	}
}

func TestChoice(t *testing.T) {
	measured := func(tier string, names ...string) ([]string, error) {
		var out []string
		err := speed.Measure(context.Background(), speed.Options{Names: names, Tier: tier, Time: 1}, func(r speed.Row) error {
			out = append(out, r.Name+" "+r.Tier)
			return nil
		})
		return out, err
	}
	got, err := measured(impl.Generic, "gost28147", "kupyna256/64B", "gost28147/mac")
	want := []string{"gost28147/ecb generic", "gost28147/ctr generic", "gost28147/cfb-enc generic", "gost28147/cfb-dec generic",
		"gost28147/mac generic", "kupyna256/64B generic"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	var name speed.NameError
	for _, wrong := range []string{"gost", "gost28147/ecbx", "", "/"} {
		if _, err := measured("", "kupyna256/64B", wrong); !errors.As(err, &name) || string(name) != wrong {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	var tier speed.TierError
	if got, err := measured("mmx", "kupyna256/64B"); !errors.As(err, &tier) || len(got) != 0 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestEnd(t *testing.T) {
	stop := errors.New("stop")
	rows := 0
	err := speed.Measure(context.Background(), speed.Options{Time: 1}, func(speed.Row) error {
		rows++
		return stop
	})
	if !errors.Is(err, stop) || rows != 1 {
		t.Errorf("%d rows, %v", rows, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err = speed.Measure(ctx, speed.Options{Time: 1}, func(speed.Row) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// machine has a clock that the operations advance: some calls are disturbed.
type machine struct{ now time.Duration }

func (m *machine) clock() time.Duration { return m.now }

func (m *machine) work(took, disturbance time.Duration) func() error {
	calls := 0
	return func() error {
		m.now += took
		if calls++; calls%7 == 0 {
			m.now += disturbance
		}
		return nil
	}
}

func TestArithmetic(t *testing.T) {
	var m machine
	for _, c := range []struct {
		bytes int
		mb    float64
		ratio float64
	}{{0, 0, 2}, {1000, 2500, 0.5}} {
		r, err := speed.MeasureOne(c.bytes, m.work(400, 70), m.work(200, 90), speed.Options{Time: 40 * 400, Clock: m.clock})
		if err != nil {
			t.Fatal(err)
		}
		if r.NsPerOp != 400 || r.MBPerS != c.mb || r.Ratio != c.ratio {
			t.Errorf("%+v", r)
		}
	}
	wrong := errors.New("wrong")
	for _, fails := range []int{1, 2, 3, 20} {
		calls := 0
		run := func() error {
			m.now += 100
			if calls++; calls == fails {
				return wrong
			}
			return nil
		}
		if _, err := speed.MeasureOne(0, run, m.work(100, 0), speed.Options{Time: 10_000, Clock: m.clock}); !errors.Is(err, wrong) {
			t.Errorf("ours fails at call %d: %v", fails, err)
		}
		calls = 0
		if _, err := speed.MeasureOne(0, m.work(100, 0), run, speed.Options{Time: 10_000, Clock: m.clock}); !errors.Is(err, wrong) {
			t.Errorf("the yardstick fails at call %d: %v", fails, err)
		}
	}
}
