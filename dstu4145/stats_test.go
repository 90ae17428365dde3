package dstu4145_test

import (
	"encoding/binary"
	"math"
	"math/big"
	"os"
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

// chiSquare compares counts with probabilities; bins that expect less than five are joined.
func chiSquare(t *testing.T, what string, counts []int, p []float64) {
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

// TestNonceStatistics looks at the nonces of many signatures: the top eight of L(n) bits, which
// a generator one bit short or a reduction modulo n would bend, the bit length and the low byte.
// DSTU_NONCES sets how many, for example 1000000.
func TestNonceStatistics(t *testing.T) {
	samples := cases(10_000)
	if s := os.Getenv("DSTU_NONCES"); s != "" {
		var err error
		if samples, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		n := new(big.Float).SetInt(new(big.Int).SetBytes(c.Order()))
		bits := c.OrderBits()
		share := func(from, to float64, exp int) float64 { // of 1 … n-1 in [from·2^exp, to·2^exp)
			lo, hi := new(big.Float).SetMantExp(big.NewFloat(from), exp), new(big.Float).SetMantExp(big.NewFloat(to), exp)
			if hi.Cmp(n) > 0 {
				hi = n
			}
			if lo.Cmp(hi) >= 0 {
				return 0
			}
			p, _ := new(big.Float).Quo(new(big.Float).Sub(hi, lo), n).Float64()
			return p
		}
		var top, low, length [256]int
		var pTop, pLow, pLength [256]float64
		for i := range 256 {
			pTop[i] = share(float64(i), float64(i+1), bits-8)
			pLow[i] = 1. / 256
		}
		for i := range 100 { // length bits-i
			pLength[i] = share(1, 2, bits-i-1)
		}

		k := testKey(t, c, 1)
		digest := make([]byte, 32)
		entropy := make([]byte, 32) // a source of zeros: the digest alone makes the difference
		for i := range samples {
			binary.BigEndian.PutUint64(digest, uint64(i))
			e := new(big.Int).SetBytes(dstu4145.Nonce(k, entropy, digest))
			low[e.Bit(0)|e.Bit(1)<<1|e.Bit(2)<<2|e.Bit(3)<<3|e.Bit(4)<<4|e.Bit(5)<<5|e.Bit(6)<<6|e.Bit(7)<<7]++
			length[min(bits-e.BitLen(), 255)]++
			top[e.Rsh(e, uint(bits-8)).Uint64()]++
		}
		chiSquare(t, "top byte", top[:], pTop[:])
		chiSquare(t, "low byte", low[:], pLow[:])
		chiSquare(t, "bit length", length[:], pLength[:])
	})
}
