package column8_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/internal/column8"
)

// TestConstantTime compares the S-boxes without tables, and the inverse matrix with one.
func TestConstantTime(t *testing.T) {
	check := func(x uint64) {
		t.Helper()
		if got, want := column8.ConstantTimeSub(x), column8.Sub(x); got != want {
			t.Fatalf("ConstantTimeSub(%016x) = %016x, want %016x", x, got, want)
		}
		if got, want := column8.ConstantTimeInvSub(x), column8.InvSub(x); got != want {
			t.Fatalf("ConstantTimeInvSub(%016x) = %016x, want %016x", x, got, want)
		}
		if got, want := column8.Inverse().InvMix(x), column8.InvMix(x); got != want {
			t.Fatalf("InvMix(%016x) by table = %016x, want %016x", x, got, want)
		}
	}
	for b := range uint64(256) {
		check(b * 0x0101010101010101)
	}
	for _, x := range columns() {
		check(x)
	}
}

// cipherRound applies SUB, SHIFT and MIX of the cipher, where row r moves by rc/8 of c columns.
func cipherRound(in []uint64) []uint64 {
	out := make([]uint64, len(in))
	for j, x := range in {
		for row := range 8 {
			out[(j+row*len(in)/8)%len(in)] |= column8.Sub(x) & (0xff << (8 * row))
		}
	}
	for j := range out {
		out[j] = column8.Mix(out[j])
	}
	return out
}

// TestCipherRounds compares the generated sequences of rounds with the layers, and undoes them.
func TestCipherRounds(t *testing.T) {
	type rounds struct {
		columns           int
		forward, backward func(x []uint64, keys []uint64)
		last              func(x []uint64)
	}
	table, inverse := column8.Forward(), column8.Inverse()
	all := []rounds{
		{
			2, func(x []uint64, k []uint64) { table.Rounds2((*[2]uint64)(x), k) },
			func(x []uint64, k []uint64) { inverse.InvRounds2((*[2]uint64)(x), k) },
			func(x []uint64) { column8.InvSubShift2((*[2]uint64)(x)) },
		},
		{
			4, func(x []uint64, k []uint64) { table.Rounds4((*[4]uint64)(x), k) },
			func(x []uint64, k []uint64) { inverse.InvRounds4((*[4]uint64)(x), k) },
			func(x []uint64) { column8.InvSubShift4((*[4]uint64)(x)) },
		},
		{
			8, func(x []uint64, k []uint64) { table.Rounds8((*[8]uint64)(x), k) },
			func(x []uint64, k []uint64) { inverse.InvRounds8((*[8]uint64)(x), k) },
			func(x []uint64) { column8.InvSubShift8((*[8]uint64)(x)) },
		},
	}
	rnd := rand.New(rand.NewPCG(11, 12))
	for _, r := range all {
		for n := range 40 {
			keys := make([]uint64, n%5*r.columns)
			for i := range keys {
				keys[i] = rnd.Uint64()
			}
			start := make([]uint64, r.columns)
			for j := range start {
				start[j] = rnd.Uint64()
			}
			want := cipherRound(start)
			for k := range slices.Chunk(keys, r.columns) {
				for j := range want {
					want[j] ^= k[j]
				}
				want = cipherRound(want)
			}
			x := append([]uint64(nil), start...)
			r.forward(x, keys)
			check(t, "Rounds", x, want)

			// MIX inverted, then rounds with keys that MIX inverted too, in the other order.
			var back []uint64
			for k := range slices.Chunk(keys, r.columns) {
				back = append(slices.Clone(k), back...)
			}
			for i := range back {
				back[i] = column8.InvMix(back[i])
			}
			for j := range x {
				x[j] = column8.InvMix(x[j])
			}
			r.backward(x, back)
			r.last(x)
			check(t, "InvRounds", x, start)
		}
	}
}

func BenchmarkConstantTimeSub(b *testing.B) {
	x := uint64(0x123456789abcdef)
	b.SetBytes(8)
	for b.Loop() {
		x = column8.ConstantTimeSub(x)
	}
}
