package cryptotest

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
)

// EveryTier is for TestMain: it runs all tests with every implementation that this processor has, and
// tells them in tier which is in use. Benchmarks and fuzzing run once, as they choose for themselves.
func EveryTier(m *testing.M, tier *string) {
	flag.Parse()
	for _, name := range []string{"test.bench", "test.fuzz", "test.list"} {
		if flag.Lookup(name).Value.String() != "" {
			os.Exit(m.Run())
		}
	}
	for _, *tier = range impl.Tiers() {
		restore := impl.TestingOnlySelect(*tier)
		code := m.Run()
		restore()
		if code != 0 {
			fmt.Println("with implementation", *tier)
			os.Exit(code)
		}
	}
}
