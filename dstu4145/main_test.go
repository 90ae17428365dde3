package dstu4145_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
)

// tier is the implementation in use.
var tier string

func TestMain(m *testing.M) { cryptotest.EveryTier(m, &tier) }
