package ec2m_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// tier is the implementation in use.
var tier = impl.Generic

func TestMain(m *testing.M) { cryptotest.EveryTier(m, &tier) }
