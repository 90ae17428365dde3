package column8_test

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/column8"
)

// columns returns columns that matter: zero, single bits, all ones, then random ones.
func columns() []uint64 {
	all := []uint64{0, ^uint64(0), 0x0101010101010101, 0x8080808080808080}
	for i := range 64 {
		all = append(all, 1<<i, ^uint64(1<<i))
	}
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		all = append(all, rnd.Uint64())
	}
	return all
}

// multiply multiplies polynomials over GF(2) modulo x^8 + x^4 + x^3 + x^2 + 1.
func multiply(a, b byte) byte {
	product := 0
	for i := range 8 {
		if a>>i&1 == 1 {
			product ^= int(b) << i
		}
	}
	for i := 14; i >= 8; i-- {
		if product>>i&1 == 1 {
			product ^= 0x11d << (i - 8)
		}
	}
	return byte(product)
}

// matrix multiplies a column by the circulant matrix with first row v, from the definition.
func matrix(v [8]byte, x uint64) uint64 {
	var y uint64
	for r := range 8 {
		var sum byte
		for j := range 8 {
			sum ^= multiply(v[(j-r+8)%8], byte(x>>(8*j)))
		}
		y |= uint64(sum) << (8 * r)
	}
	return y
}

func TestMix(t *testing.T) {
	forward := [8]byte{0x01, 0x01, 0x05, 0x01, 0x08, 0x06, 0x07, 0x04}
	inverse := [8]byte{0xad, 0x95, 0x76, 0xa8, 0x2f, 0x49, 0xd7, 0xca}
	for _, x := range columns() {
		if got, want := column8.Mix(x), matrix(forward, x); got != want {
			t.Fatalf("Mix(%016x) = %016x, want %016x", x, got, want)
		}
		if got, want := column8.InvMix(x), matrix(inverse, x); got != want {
			t.Fatalf("InvMix(%016x) = %016x, want %016x", x, got, want)
		}
		if got := column8.InvMix(column8.Mix(x)); got != x {
			t.Fatalf("InvMix(Mix(%016x)) = %016x", x, got)
		}
	}
}

// TestSBoxes checks that the S-boxes are the permutations of the standard, by a digest of the
// four in a row, and that rows 4 to 7 repeat rows 0 to 3.
func TestSBoxes(t *testing.T) {
	const want = "aab567db052feb21a61658120c320463149a55a578d27795d98dcd6cdbaae322"
	var all []byte
	for row := range 8 {
		var seen [256]bool
		for x := range uint64(256) {
			y := column8.Sub(x<<(8*row)) >> (8 * row) & 0xff
			seen[y] = true
			all = append(all, byte(y))
		}
		for y, ok := range seen {
			if !ok {
				t.Errorf("row %d never gives %02x", row, y)
			}
		}
	}
	for _, half := range [][]byte{all[:1024], all[1024:]} {
		sum := sha256.Sum256(half)
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("digest of the S-boxes %s, want %s", got, want)
		}
	}
	for _, x := range columns() {
		if got := column8.InvSub(column8.Sub(x)); got != x {
			t.Fatalf("InvSub(Sub(%016x)) = %016x", x, got)
		}
	}
}

// TestTables compares the tables with the layers they combine.
func TestTables(t *testing.T) {
	forward, inverse := column8.Forward(), column8.Inverse()
	for r := range 4 {
		for b := range uint64(256) {
			only := uint64(0xff) << (8 * r) // Sub does not keep zero bytes
			x := b << (8 * r)
			if got, want := forward[r][b], column8.Mix(column8.Sub(x)&only); got != want {
				t.Fatalf("Forward[%d][%02x] = %016x, want %016x", r, b, got, want)
			}
			if got, want := inverse[r][b], column8.InvMix(column8.InvSub(x)&only); got != want {
				t.Fatalf("Inverse[%d][%02x] = %016x, want %016x", r, b, got, want)
			}
		}
	}
}

// layers applies SUB, SHIFT and MIX to columns, one layer after the other; inv uses the inverse
// S-boxes and matrix with the same SHIFT.
func layers(in []uint64, inv bool) []uint64 {
	sub, mix := column8.Sub, column8.Mix
	if inv {
		sub, mix = column8.InvSub, column8.InvMix
	}
	out := make([]uint64, len(in))
	for j, x := range in {
		y := sub(x)
		for row := range 8 {
			shift := row
			if row == 7 && len(in) == 16 {
				shift = 11
			}
			out[(j+shift)%len(in)] |= y & (0xff << (8 * row))
		}
	}
	for j := range out {
		out[j] = mix(out[j])
	}
	return out
}

// TestRounds compares the generated rounds with the layers.
func TestRounds(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	random := func(n int) []uint64 {
		s := make([]uint64, n)
		for i := range s {
			s[i] = rnd.Uint64()
		}
		return s
	}
	for i := range 500 {
		inv := i%2 == 1
		table := column8.Forward()
		if inv {
			table = column8.Inverse()
		}
		for _, n := range []int{8, 16} {
			in, key := random(n), random(n)
			xored, added := make([]uint64, n), make([]uint64, n)
			for j := range in {
				xored[j], added[j] = in[j]^key[j], in[j]+key[j]
			}
			x, a := make([]uint64, n), make([]uint64, n)
			copy(x, in)
			copy(a, in)
			if n == 8 {
				table.Xor8((*[8]uint64)(x), (*[8]uint64)(key))
				table.Add8((*[8]uint64)(a), (*[8]uint64)(key))
			} else {
				table.Xor16((*[16]uint64)(x), (*[16]uint64)(key))
				table.Add16((*[16]uint64)(a), (*[16]uint64)(key))
			}
			check(t, "Xor", x, layers(xored, inv))
			check(t, "Add", a, layers(added, inv))
		}
	}
}

func check(t *testing.T, what string, got, want []uint64) {
	t.Helper()
	for j := range got {
		if got[j] != want[j] {
			t.Fatalf("%s%d: %x, want %x", what, len(got), got, want)
		}
	}
}

func BenchmarkRound(b *testing.B) {
	table := column8.Forward()
	b.Run("8", func(b *testing.B) {
		var x, k [8]uint64
		b.SetBytes(64)
		for b.Loop() {
			table.Xor8(&x, &k)
		}
	})
	b.Run("16", func(b *testing.B) {
		var x, k [16]uint64
		b.SetBytes(128)
		for b.Loop() {
			table.Xor16(&x, &k)
		}
	})
	b.Run("mix", func(b *testing.B) {
		var x uint64
		for b.Loop() {
			x = column8.Mix(x + 1)
		}
	})
}
