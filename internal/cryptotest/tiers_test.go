package cryptotest_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/impl"
)

var (
	tier        string
	tiers       []string // that TestEveryTier has seen
	best, other = true, true
)

func TestMain(m *testing.M) {
	impl.Register("internal/cryptotest", impl.AVX512, &best)
	impl.Register("internal/cryptotest", impl.AVX2, &other)
	cryptotest.EveryTier(m, &tier)
	if want := impl.Tiers(); len(tiers) > 0 && !slices.Equal(slices.Compact(tiers), want) {
		fmt.Printf("tests have run with %q, want %q\n", tiers, want)
		os.Exit(1)
	}
}

// TestEveryTier: the implementation that is named is the one in use.
func TestEveryTier(t *testing.T) {
	tiers = append(tiers, tier)
	if best != (tier == impl.AVX512) || other != (tier == impl.AVX2) {
		t.Errorf("%s: %t, %t", tier, best, other)
	}
}
