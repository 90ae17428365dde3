package gf2m_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/internal/gf2m"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// The benchmarks are chains: each operation waits for the one before. Their names end in the
// implementation. SquareN is of 32 squarings.

func BenchmarkMul(b *testing.B)       { benchAll(b, opMul) }
func BenchmarkMulAdd(b *testing.B)    { benchAll(b, opMulAdd) }
func BenchmarkSquare(b *testing.B)    { benchAll(b, opSquare) }
func BenchmarkSquareN(b *testing.B)   { benchAll(b, opSquareN) }
func BenchmarkInverse(b *testing.B)   { benchAll(b, opInverse) }
func BenchmarkHalfTrace(b *testing.B) { benchAll(b, opHalfTrace) }

type op int

const (
	opMul op = iota
	opMulAdd
	opSquare
	opSquareN
	opInverse
	opHalfTrace
)

func benchAll(b *testing.B, o op) {
	b.Run("m163", func(b *testing.B) { benchTiers[gf2m.E163](b, o) })
	b.Run("m167", func(b *testing.B) { benchTiers[gf2m.E167](b, o) })
	b.Run("m173", func(b *testing.B) { benchTiers[gf2m.E173](b, o) })
	b.Run("m179", func(b *testing.B) { benchTiers[gf2m.E179](b, o) })
	b.Run("m191", func(b *testing.B) { benchTiers[gf2m.E191](b, o) })
	b.Run("m233", func(b *testing.B) { benchTiers[gf2m.E233](b, o) })
	b.Run("m257", func(b *testing.B) { benchTiers[gf2m.E257](b, o) })
	b.Run("m307", func(b *testing.B) { benchTiers[gf2m.E307](b, o) })
	b.Run("m367", func(b *testing.B) { benchTiers[gf2m.E367](b, o) })
	b.Run("m431", func(b *testing.B) { benchTiers[gf2m.E431](b, o) })
	b.Run("m571", func(b *testing.B) { benchTiers[gf2m.E571](b, o) })
}

func benchTiers[T any, P element[T]](b *testing.B, o op) {
	for _, tier := range impl.Tiers() {
		b.Run(tier, func(b *testing.B) {
			defer impl.TestingOnlySelect(tier)()
			benchField[T, P](b, o)
		})
	}
}

func benchField[T any, P element[T]](b *testing.B, o op) {
	x, y := P(new(T)), P(new(T))
	y.Words()[0] = 0x123456789abcdef
	y.Inverse(y)
	x.SquareN(y, 5)
	b.ReportAllocs()
	switch o {
	case opMul:
		for b.Loop() {
			x.Mul(x, y)
		}
	case opMulAdd:
		for b.Loop() {
			x.MulAdd(x, y, y, x)
		}
	case opSquare:
		for b.Loop() {
			x.Square(x)
		}
	case opSquareN:
		for b.Loop() {
			x.SquareN(x, 32)
		}
	case opInverse:
		for b.Loop() {
			x.Inverse(x)
		}
	case opHalfTrace:
		for b.Loop() {
			x.HalfTrace(x)
		}
	}
}
