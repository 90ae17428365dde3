package modn_test

import (
	"math/big"
	"testing"

	"github.com/ukrcrypto/dstu/internal/modn"
)

func BenchmarkMulAdd(b *testing.B) {
	for _, o := range orders[:11] {
		b.Run(o.name, func(b *testing.B) {
			n, _ := new(big.Int).SetString(o.hex, 16)
			m := modn.New(fromBig(b, n))
			x := fromBig(b, new(big.Int).Rsh(n, 1))
			for b.Loop() {
				x = m.MulAdd(x, x, x)
			}
		})
	}
}
