package clmul_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/gf2m/clmul"
)

func serial(a, b uint64) (hi, lo uint64) {
	for i := range 64 {
		if a>>i&1 == 1 {
			hi ^= b >> (64 - i)
			lo ^= b << i
		}
	}
	return hi, lo
}

// word returns a random word; the bits of some classes modulo 4 are all set, because full
// classes are where columns of the integer products are fullest.
func word(r *rand.Rand) uint64 {
	w := r.Uint64()
	for k, full := 0, r.IntN(32); k < 4; k++ {
		if full>>k&1 == 1 {
			w |= 0x1111111111111111 << k
		}
	}
	return w
}

func TestMul(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	check := func(a, b uint64) {
		t.Helper()
		h, l := serial(a, b)
		if gh, gl := clmul.Mul(a, b); gh != h || gl != l {
			t.Fatalf("Mul(%#x, %#x) = %#x %#x, want %#x %#x", a, b, gh, gl, h, l)
		}
	}
	const ones = 1<<64 - 1
	check(ones, ones)
	for i := range 64 {
		check(1<<i, ones)
		check(ones, 1<<i)
		for j := range 64 {
			check(1<<i, 1<<j)
			check(ones<<i, ones>>j)
		}
	}
	for range 300_000 {
		check(word(r), word(r))
	}
}

func TestSpread(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 10_000 {
		x := r.Uint32()
		if i < 32 {
			x = 1 << i
		}
		_, want := serial(uint64(x), uint64(x))
		if got := clmul.Spread(x); got != want {
			t.Fatalf("Spread(%#x) = %#x, want %#x", x, got, want)
		}
		if got := clmul.Squeeze(want | r.Uint64()&0xaaaaaaaaaaaaaaaa); got != x {
			t.Fatalf("Squeeze = %#x, want %#x", got, x)
		}
	}
}

func BenchmarkMul(b *testing.B) {
	x, y := uint64(0x123456789abcdef), uint64(0xfedcba9876543210)
	for b.Loop() {
		h, l := clmul.Mul(x, y)
		x, y = x^h, y^l
	}
}
