package modn_test

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/modn"
)

// orders are those of the ten curves of annex G of DSTU 4145-2002 and of the curve m = 571.
var orders = []struct{ name, hex string }{
	{"m163", "0400000000000000000002bec12be2262d39bcf14d"},
	{"m167", "3fffffffffffffffffffffb12ebcc7d7f29ff7701f"},
	{"m173", "0800000000000000000000189b4e67606e3825bb2831"},
	{"m179", "03ffffffffffffffffffffffb981960435fe5ab64236ef"},
	{"m191", "40000000000000000000000069a779cac1dabc6788f7474f"},
	{"m233", "01000000000000000000000000000013e974e72f8a6922031d2603cfe0d7"},
	{"m257", "800000000000000000000000000000006759213af182e987d3e17714907d470d"},
	{"m307", "03ffffffffffffffffffffffffffffffffffffffc079c2f3825da70d390fbba588d4604022b7b7"},
	{"m367", "40000000000000000000000000000000000000000000009c300b75a3fa824f22428fd28ce8812245ef44049b2d49"},
	{"m431", "3fffffffffffffffffffffffffffffffffffffffffffffffffffffba3175458009a8c0a724f02f81aa8a1fcbaf80d90c7a95110504cf"},
	{"m571", "03ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe661ce18ff55987308059b186823851ec7dd9ca1161de93d5174d66e8382e9bb2fe84e47"},
	// Not orders: moduli that fill their top word, so that carries leave it.
	{"2 words of ones", "ffffffffffffffffffffffffffffffff"},
	{"9 words of ones", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
	{"top word 1", "0000000000000001" + "0000000000000000" + "0000000000000001"},
}

func toBig(w modn.Words) *big.Int {
	return new(big.Int).SetBytes(modn.AppendBytes(nil, w, 72))
}

func fromBig(t testing.TB, x *big.Int) modn.Words {
	t.Helper()
	w, ok := modn.SetBytes(x.Bytes())
	if !ok {
		t.Fatalf("%x does not fit", x)
	}
	return w
}

// operands returns numbers below n: edges of the range and of words, runs of ones, random ones.
func operands(n *big.Int, r *rand.Rand, random int) []*big.Int {
	one := big.NewInt(1)
	var out []*big.Int
	add := func(x *big.Int) {
		if x.Sign() >= 0 && x.Cmp(n) < 0 {
			out = append(out, x)
		}
	}
	for d := int64(0); d < 3; d++ {
		add(big.NewInt(d))
		add(new(big.Int).Sub(n, big.NewInt(d+1)))
		add(new(big.Int).Add(new(big.Int).Rsh(n, 1), big.NewInt(d-1)))
	}
	for s := uint(63); s < uint(n.BitLen()); s += 64 {
		for k := range uint(3) {
			p := new(big.Int).Lsh(one, s+k)
			add(p)
			add(new(big.Int).Sub(p, one))
			add(new(big.Int).Sub(n, p))
		}
	}
	for range random {
		b := make([]byte, (n.BitLen()+7)/8)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		lo := r.IntN(len(b))
		switch r.IntN(4) {
		case 0: // a run of zeros
			clear(b[lo:])
		case 1: // a run of ones
			for i := lo; i < len(b); i++ {
				b[i] = 0xff
			}
		}
		add(new(big.Int).Mod(new(big.Int).SetBytes(b), n))
	}
	return out
}

func forEachOrder(t *testing.T, f func(t *testing.T, n *big.Int, m *modn.Modulus)) {
	for _, o := range orders {
		t.Run(o.name, func(t *testing.T) {
			raw, err := hex.DecodeString(o.hex)
			if err != nil {
				t.Fatal(err)
			}
			n := new(big.Int).SetBytes(raw)
			f(t, n, modn.New(fromBig(t, n)))
		})
	}
}

func TestAgainstBig(t *testing.T) {
	forEachOrder(t, func(t *testing.T, n *big.Int, m *modn.Modulus) {
		if m.BitLen() != n.BitLen() || toBig(m.Order()).Cmp(n) != 0 {
			t.Fatalf("modulus is %x, %d bits", toBig(m.Order()), m.BitLen())
		}
		r := rand.New(rand.NewPCG(1, uint64(n.BitLen())))
		xs := operands(n, r, 40)
		for i, x := range xs {
			xw := fromBig(t, x)
			if got, want := toBig(m.Neg(xw)), new(big.Int).Mod(new(big.Int).Neg(x), n); got.Cmp(want) != 0 {
				t.Fatalf("-%x = %x, want %x", x, got, want)
			}
			for _, y := range xs {
				yw := fromBig(t, y)
				z := xs[(i*7+3)%len(xs)]
				sum := new(big.Int).Add(x, y)
				if got := toBig(m.Add(xw, yw)); got.Cmp(sum.Mod(sum, n)) != 0 {
					t.Fatalf("%x + %x = %x, want %x", x, y, got, sum)
				}
				prod := new(big.Int).Mul(x, y)
				prod.Mod(prod, n)
				if got := toBig(m.Mul(xw, yw)); got.Cmp(prod) != 0 {
					t.Fatalf("%x * %x = %x, want %x", x, y, got, prod)
				}
				prod.Add(prod, z).Mod(prod, n)
				if got := toBig(m.MulAdd(fromBig(t, z), xw, yw)); got.Cmp(prod) != 0 {
					t.Fatalf("%x + %x * %x = %x, want %x", z, x, y, got, prod)
				}
			}
		}
	})
}

func TestReduceAgainstBig(t *testing.T) {
	forEachOrder(t, func(t *testing.T, n *big.Int, m *modn.Modulus) {
		limit := new(big.Int).Lsh(big.NewInt(1), 64*modn.MaxWords)
		r := rand.New(rand.NewPCG(2, uint64(n.BitLen())))
		xs := operands(limit, r, 200)
		for k := int64(1); k < 4; k++ { // around the multiples of n
			kn := new(big.Int).Mul(n, big.NewInt(k))
			for d := int64(-1); d < 2; d++ {
				if x := new(big.Int).Add(kn, big.NewInt(d)); x.Cmp(limit) < 0 {
					xs = append(xs, x)
				}
			}
		}
		for _, x := range xs {
			want := new(big.Int).Mod(x, n)
			w := fromBig(t, x)
			if got := toBig(m.Reduce(w)); got.Cmp(want) != 0 {
				t.Fatalf("%x mod n = %x, want %x", x, got, want)
			}
			inRange := uint64(0)
			if x.Sign() > 0 && x.Cmp(n) < 0 {
				inRange = 1
			}
			if m.InRange(w) != inRange {
				t.Fatalf("InRange(%x) = %d", x, m.InRange(w))
			}
		}
		for size := range 200 {
			b := make([]byte, size)
			for i := range b {
				b[i] = byte(r.Uint32()) | byte(-(size & 1)) // all ones for odd sizes
			}
			want := new(big.Int).SetBytes(b)
			want.Mod(want, n)
			if got := toBig(m.ReduceBytes(b)); got.Cmp(want) != 0 {
				t.Fatalf("%d bytes mod n = %x, want %x", size, got, want)
			}
		}
	})
}

func TestComparisons(t *testing.T) {
	limit := new(big.Int).Lsh(big.NewInt(1), 64*modn.MaxWords)
	xs := operands(limit, rand.New(rand.NewPCG(3, 0)), 30)
	flag := func(b bool) uint64 {
		if b {
			return 1
		}
		return 0
	}
	for _, x := range xs {
		xw := fromBig(t, x)
		if got := modn.IsZero(xw); got != flag(x.Sign() == 0) {
			t.Errorf("IsZero(%x) = %d", x, got)
		}
		for _, y := range xs {
			yw := fromBig(t, y)
			if got := modn.Less(xw, yw); got != flag(x.Cmp(y) < 0) {
				t.Errorf("Less(%x, %x) = %d", x, y, got)
			}
			if got := modn.Equal(xw, yw); got != flag(x.Cmp(y) == 0) {
				t.Errorf("Equal(%x, %x) = %d", x, y, got)
			}
		}
	}
}

func TestBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	for size := range 73 {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		w, ok := modn.SetBytes(b)
		if !ok || toBig(w).Cmp(new(big.Int).SetBytes(b)) != 0 {
			t.Fatalf("SetBytes(%x) = %x, %v", b, w, ok)
		}
		if got := modn.AppendBytes([]byte{7}, w, size); got[0] != 7 || !bytes.Equal(got[1:], b) {
			t.Fatalf("AppendBytes: %x, want 07 %x", got, b)
		}
	}
	if w, ok := modn.SetBytes(make([]byte, 73)); ok || w != (modn.Words{}) {
		t.Error("73 bytes are read")
	}
}

func TestNewRefuses(t *testing.T) {
	for name, n := range map[string]modn.Words{
		"even": {2, 1}, "zero": {}, "one word": {5}, "64 bits": {^uint64(0)},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			modn.New(n)
		})
	}
}

// TestOperandsUnchanged guards the promise of values: results share nothing with operands, and
// the same variable may stand in all places.
func TestOperandsUnchanged(t *testing.T) {
	forEachOrder(t, func(t *testing.T, n *big.Int, m *modn.Modulus) {
		x := fromBig(t, new(big.Int).Sub(n, big.NewInt(2))) // -2
		saved := x
		if got := toBig(m.MulAdd(x, x, x)); got.Int64() != 2 { // -2 + 4
			t.Errorf("-2 + -2·-2 = %x", got)
		}
		if x != saved {
			t.Error("operand changed")
		}
		x = m.Mul(x, x)
		if toBig(x).Int64() != 4 {
			t.Errorf("-2·-2 = %x", toBig(x))
		}
	})
}

func TestNoAllocation(t *testing.T) {
	n := modn.Words{0xd3e17714907d470d, 0x6759213af182e987, 0, 1 << 63}
	m := modn.New(n)
	d, e, r := modn.Words{1, 2, 3}, modn.Words{4, 5, 6}, modn.Words{7, 8, 9}
	b := make([]byte, 80)
	out := make([]byte, 0, 32)
	var sink modn.Words
	if got := testing.AllocsPerRun(100, func() {
		sink = m.Add(m.MulAdd(e, d, r), m.Neg(m.Reduce(sink)))
		sink = m.Add(sink, m.ReduceBytes(b))
		sink, _ = modn.SetBytes(modn.AppendBytes(out, sink, 32))
		sink[8] ^= m.InRange(sink) ^ modn.Less(sink, d) ^ modn.Equal(sink, d) ^ modn.IsZero(sink)
		sink[8] = 0
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}
