package dstu4145_test

import (
	"encoding/binary"
	"math"
	"math/big"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// pValue is the probability that a χ² statistic of so many degrees of freedom is at least x
// (approximation of Wilson and Hilferty).
func pValue(x float64, freedom int) float64 {
	k := float64(freedom)
	z := (math.Cbrt(x/k) - (1 - 2/(9*k))) / math.Sqrt(2/(9*k))
	return math.Erfc(z/math.Sqrt2) / 2
}

// reporter is the part of [testing.T] that statistics need.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// chiSquare compares counts with probabilities; bins that expect less than five are joined.
func chiSquare(t reporter, what string, counts []int, p []float64) {
	t.Helper()
	total := 0
	for _, n := range counts {
		total += n
	}
	var x, sumP float64
	sumN, bins := 0, 0
	for i, n := range counts {
		sumN += n
		sumP += p[i]
		if expected := sumP * float64(total); expected >= 5 {
			x += (float64(sumN) - expected) * (float64(sumN) - expected) / expected
			bins++
			sumN, sumP = 0, 0
		}
	}
	if sumN > 0 && sumP*float64(total) < 0.01 {
		t.Errorf("%s: %d values where none can be", what, sumN)
	}
	if got := pValue(x, bins-1); got < 0.001 {
		t.Errorf("%s: χ² = %.1f with %d degrees of freedom, p = %.2g", what, x, bins-1, got)
	}
}

func TestPValue(t *testing.T) { // table values of the χ² distribution
	for _, c := range []struct {
		x       float64
		freedom int
		p       float64
	}{{293.25, 255, 0.05}, {330.52, 255, 0.001}, {18.307, 10, 0.05}, {29.588, 10, 0.001}, {124.342, 100, 0.05}} {
		if got := pValue(c.x, c.freedom); math.Abs(got-c.p) > 0.1*c.p {
			t.Errorf("p(%v, %d) = %v, want %v", c.x, c.freedom, got, c.p)
		}
	}
}

// nonceStatistics gathers nonces, which ought to be uniform in 1 … n-1.
type nonceStatistics struct {
	n                *big.Int
	top, low, length [256]int
	bits             []int    // how often each bit is set
	seen             []uint64 // the low words
}

func (s *nonceStatistics) add(nonce []byte) {
	e := new(big.Int).SetBytes(nonce)
	width := s.n.BitLen()
	if s.bits == nil {
		s.bits = make([]int, width)
	}
	s.seen = append(s.seen, new(big.Int).And(e, new(big.Int).SetUint64(math.MaxUint64)).Uint64())
	s.low[nonce[len(nonce)-1]]++
	s.length[min(width-e.BitLen(), 255)]++
	s.top[new(big.Int).Rsh(e, uint(width-8)).Uint64()]++
	for i := range s.bits {
		s.bits[i] += int(e.Bit(i))
	}
}

// below is how many of 0 … n-1 are below x, as a share.
func (s *nonceStatistics) below(x *big.Int) float64 {
	if x.Cmp(s.n) > 0 {
		x = s.n
	}
	p, _ := new(big.Rat).SetFrac(x, s.n).Float64()
	return p
}

// bitShare is the share of numbers below n that have bit i.
func (s *nonceStatistics) bitShare(i int) float64 {
	bit := new(big.Int).Lsh(big.NewInt(1), uint(i))
	whole, rest := new(big.Int).DivMod(s.n, new(big.Int).Lsh(bit, 1), new(big.Int))
	count := whole.Mul(whole, bit)
	if rest.Cmp(bit) > 0 {
		count.Add(count, rest.Sub(rest, bit))
	}
	return s.below(count)
}

// check looks at the top and bottom bytes, at the lengths in bits and at every bit, and for a value
// that appears twice. All bounds are for a probability of 0.001 that a perfect generator misses
// them, shared among the bits.
func (s *nonceStatistics) check(t reporter) {
	t.Helper()
	width := s.n.BitLen()
	power := func(i int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(max(i, 0))) }
	var pTop, pLow, pLength [256]float64
	for i := range 256 {
		from, to := big.NewInt(int64(i)), big.NewInt(int64(i+1))
		pTop[i] = s.below(to.Lsh(to, uint(width-8))) - s.below(from.Lsh(from, uint(width-8)))
		pLow[i] = 1. / 256
		if i < 100 {
			pLength[i] = s.below(power(width-i)) - s.below(power(width-i-1))
		}
	}
	chiSquare(t, "top byte", s.top[:], pTop[:])
	chiSquare(t, "low byte", s.low[:], pLow[:])
	chiSquare(t, "bit length", s.length[:], pLength[:])

	total := float64(len(s.seen))
	for i, n := range s.bits {
		expected := total * s.bitShare(i)
		if expected < 5 { // the top bit, where the order is just above a power of two
			if float64(n) > 20 {
				t.Errorf("bit %d: %d times, expected %.1f", i, n, expected)
			}
			continue
		}
		d := float64(n) - expected
		x := d*d/expected + d*d/(total-expected)
		if p := math.Erfc(math.Sqrt(x / 2)); p < 0.001/float64(width) { // χ² of one degree of freedom
			t.Errorf("bit %d: %d times, expected %.1f, p = %.2g", i, n, expected, p)
		}
	}
	slices.Sort(s.seen)
	if n := len(slices.Compact(s.seen)); n != int(total) {
		t.Errorf("%d of %v nonces differ", n, total)
	}
}

// nonces is the number of nonces to look at: DSTU_NONCES, or a number fit for every run.
func nonces(t *testing.T, otherwise int) int {
	s := os.Getenv("DSTU_NONCES")
	if s == "" {
		return cases(otherwise)
	}
	n, err := strconv.Atoi(s)
	must(t, err)
	return n
}

// TestNonceStatistics looks at the nonces of many signatures of different digests where the source
// of randomness gives zeros only, and of equal inputs where it is good. DSTU_NONCES sets how many,
// for example 1000000.
func TestNonceStatistics(t *testing.T) {
	samples := nonces(t, 10_000)
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		k := testKey(t, c, 1)
		digests := nonceStatistics{n: new(big.Int).SetBytes(c.Order())}
		hedged := nonceStatistics{n: digests.n}
		digest, zeros := make([]byte, 32), make([]byte, 64)
		r := seeded(2)
		for i := range samples {
			hedged.add(dstu4145.Nonce(k, randomBytes(r, 64), zeros[:32]))
			binary.BigEndian.PutUint64(digest, uint64(i))
			digests.add(dstu4145.Nonce(k, zeros, digest))
		}
		digests.check(t)
		hedged.check(t)
	})
}

// TestNoncesOfSignatures recovers the nonces of signatures of one digest under one key.
func TestNoncesOfSignatures(t *testing.T) {
	c := dstu4145.M257PB()
	k := testKey(t, c, 1)
	s := nonceStatistics{n: new(big.Int).SetBytes(c.Order())}
	digest := make([]byte, 32)
	r := seeded(3)
	for range nonces(t, 1000) {
		sig, err := k.Sign(r, digest, nil)
		must(t, err)
		s.add(recoverNonce(k, sig))
	}
	s.check(t)
}

// mistakes counts errors in place of a test.
type mistakes int

func (*mistakes) Helper()                 {}
func (m *mistakes) Errorf(string, ...any) { *m++ }

// TestNonceStatisticsNotice feeds generators with faults.
func TestNonceStatisticsNotice(t *testing.T) {
	c := dstu4145.M257PB()
	n := new(big.Int).SetBytes(c.Order())
	r := seeded(4)
	for _, g := range []struct {
		name string
		make func(x *big.Int) *big.Int
		good bool
	}{
		{"uniform", func(x *big.Int) *big.Int { return x }, true},
		{"one bit short", func(x *big.Int) *big.Int { return x.SetBit(x, n.BitLen()-2, 0) }, false},
		{"one bit long", func(x *big.Int) *big.Int { return x.SetBit(x, n.BitLen()-1, x.Bit(0)) }, false},
		{"stuck bit", func(x *big.Int) *big.Int { return x.SetBit(x, 100, 1) }, false},
		{"biased bit", func(x *big.Int) *big.Int { return x.SetBit(x, 100, x.Bit(100)|x.Bit(1)&x.Bit(2)&x.Bit(3)) }, false},
		{"repeated", func(x *big.Int) *big.Int { return x.Rsh(x, 256-20).Mul(x, big.NewInt(0x123456789)) }, false},
	} {
		s := nonceStatistics{n: n}
		for range 4000 { // numbers below 2^255; the order is just above that
			x := new(big.Int).SetBytes(randomBytes(r, c.ScalarSize()))
			s.add(g.make(x.SetBit(x, n.BitLen()-1, 0)).FillBytes(make([]byte, c.ScalarSize())))
		}
		var found mistakes
		if s.check(&found); (found == 0) != g.good {
			t.Errorf("%s: %d mistakes found", g.name, found)
		}
	}
}
