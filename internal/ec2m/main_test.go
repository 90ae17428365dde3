package ec2m_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
)

// tier is the implementation that TestMain chose.
var tier = impl.Generic

// TestMain runs all tests with every implementation that this processor has.
func TestMain(m *testing.M) {
	flag.Parse()
	for _, name := range []string{"test.bench", "test.fuzz", "test.list"} {
		if flag.Lookup(name).Value.String() != "" {
			os.Exit(m.Run())
		}
	}
	for _, tier = range impl.Tiers() {
		restore := impl.TestingOnlySelect(tier)
		code := m.Run()
		restore()
		if code != 0 {
			fmt.Println("with implementation", tier)
			os.Exit(code)
		}
	}
}
