package ec2m_test

import (
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/internal/ec2m"
)

func benchGroups(b *testing.B, setup func(g ec2m.Group) (op func())) {
	for _, g := range groups() {
		b.Run(fmt.Sprintf("m%d", g.M()), func(b *testing.B) {
			op := setup(g)
			op() // builds the table
			b.ReportAllocs()
			for b.Loop() {
				op()
			}
		})
	}
}

// operands returns a scalar with about as many ones as zeros, and a point.
func operands(g ec2m.Group) (k, x, y ec2m.Words) {
	k = g.Order()
	for i := range g.Words() {
		k[i] ^= 0x5bd1e995a1b2c3d4 >> (8 * (i % 3)) & (1<<(uint(g.OrderBits()-2)%64) - 1)
	}
	k[(g.OrderBits()-1)/64] &= 1<<(uint(g.OrderBits()-1)%64) - 1
	x, y = g.BaseMult(k)
	return k, x, y
}

// BenchmarkLadder is key agreement: one secret multiple of any point.
func BenchmarkLadder(b *testing.B) {
	benchGroups(b, func(g ec2m.Group) func() {
		k, x, _ := operands(g)
		return func() { g.MultX(k, x) }
	})
}

// BenchmarkComb is the curve part of signing.
func BenchmarkComb(b *testing.B) {
	benchGroups(b, func(g ec2m.Group) func() {
		k, _, _ := operands(g)
		return func() { g.BaseMultX(k) }
	})
}

// BenchmarkCombine is the curve part of verification.
func BenchmarkCombine(b *testing.B) {
	benchGroups(b, func(g ec2m.Group) func() {
		k, x, y := operands(g)
		s := k
		s[0] ^= 0xff
		return func() { g.VarTimeCombineX(s, k, x, y) }
	})
}

// BenchmarkCombineBases is that for a prepared key.
func BenchmarkCombineBases(b *testing.B) {
	benchGroups(b, func(g ec2m.Group) func() {
		k, x, y := operands(g)
		h := g.WithBase(x, y)
		s := k
		s[0] ^= 0xff
		return func() { g.VarTimeCombineBasesX(s, k, h) }
	})
}

// BenchmarkTable is the making of the comb, once per curve and process.
func BenchmarkTable(b *testing.B) {
	benchGroups(b, func(g ec2m.Group) func() {
		return func() { ec2m.BuildTable(g) }
	})
}

func BenchmarkExpand(b *testing.B) {
	benchGroups(b, func(g ec2m.Group) func() {
		c := g.Compress(g.Generator())
		return func() { g.Expand(c) }
	})
}
