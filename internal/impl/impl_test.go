package impl_test

import (
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
)

func TestSelect(t *testing.T) {
	best, second, missing, other := true, true, false, true
	impl.Register("one", impl.AVX512, &best)
	impl.Register("one", impl.AVX2, &second)
	impl.Register("two", impl.AVX512, &missing)
	impl.Register("two", impl.AVX2, &other)

	if got := impl.Names("one"); !slices.Equal(got, []string{impl.AVX512, impl.AVX2, impl.Generic}) {
		t.Errorf("one: %q", got)
	}
	if got := impl.Names("two"); !slices.Equal(got, []string{impl.AVX2, impl.Generic}) {
		t.Errorf("two: %q", got)
	}
	if got := impl.Names("three"); !slices.Equal(got, []string{impl.Generic}) {
		t.Errorf("three: %q", got)
	}
	if got := impl.Packages(); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("packages: %q", got)
	}
	if got := impl.Tiers(); !slices.Equal(got, []string{impl.AVX512, impl.AVX2, impl.Generic}) {
		t.Errorf("tiers: %q", got)
	}

	for _, c := range []struct {
		name string
		want [4]bool
	}{
		{impl.AVX512, [4]bool{true, false, false, false}},
		{impl.AVX2, [4]bool{false, true, false, true}},
		{impl.Generic, [4]bool{}},
		{"nothing", [4]bool{}},
	} {
		restore := impl.TestingOnlySelect(c.name)
		if got := [4]bool{best, second, missing, other}; got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		restore()
		if got := [4]bool{best, second, missing, other}; got != [4]bool{true, true, false, true} {
			t.Errorf("%s: not restored: %v", c.name, got)
		}
	}
}
