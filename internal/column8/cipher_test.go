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

// TestExpand compares the generated key expansions with the layers.
func TestExpand(t *testing.T) {
	table := column8.Forward()
	r := rand.New(rand.NewPCG(4, 5))
	for _, v := range []struct {
		columns, n, rounds int
		expand             func(keys []uint64, words *[8]uint64, n int)
	}{{2, 2, 10, table.Expand2}, {2, 4, 14, table.Expand2}, {4, 4, 14, table.Expand4}, {4, 8, 18, table.Expand4}, {8, 8, 18, table.Expand8}} {
		c := v.columns
		var words [8]uint64
		for j := range v.n {
			words[j] = r.Uint64()
		}
		keys := make([]uint64, (v.rounds+2)*c)
		v.expand(keys, &words, v.n)
		add := func(x, y []uint64) []uint64 {
			z := slices.Clone(x)
			for j := range z {
				z[j] += y[j]
			}
			return z
		}
		twoRounds := func(x, k []uint64) []uint64 {
			x = cipherRound(x)
			for j := range x {
				x[j] ^= k[j]
			}
			return cipherRound(x)
		}
		base := make([]uint64, c)
		base[0] = uint64(c + v.n + 1)
		first, last := words[:c], words[v.n-c:v.n]
		base = cipherRound(add(twoRounds(add(base, first), last), first))
		for i := 0; i <= v.rounds; i += 2 {
			at := i / 2
			if v.n > c {
				at = i/4 + i/2%2*c
			}
			k, part := slices.Clone(base), make([]uint64, c)
			for j := range k {
				k[j] += 0x0001000100010001 << (i / 2)
				part[j] = words[(at+j)%v.n]
			}
			even, odd := add(twoRounds(add(k, part), k), k), make([]uint64, c)
			for j := range 8 * c {
				from := (j + 2*c + 3) % (8 * c)
				odd[j/8] |= even[from/8] >> (from % 8 * 8) & 0xff << (j % 8 * 8)
			}
			if got := keys[i*c : (i+2)*c]; !slices.Equal(got, slices.Concat(even, odd)) {
				t.Errorf("%d columns, %d words, keys %d and %d: %x, want %x %x", c, v.n, i, i+1, got, even, odd)
			}
		}
	}
}
