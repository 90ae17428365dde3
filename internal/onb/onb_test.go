package onb_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/ec2m"
	"github.com/ukrcrypto/dstu/internal/gf2m/toy"
	"github.com/ukrcrypto/dstu/internal/onb"
	"github.com/ukrcrypto/dstu/testvectors"
)

// curve is a row of the table of the vectors.
type curve struct {
	Name  string
	M     int
	Theta testvectors.Bytes `json:"theta_pb"`
	B     testvectors.Bytes `json:"b_onb"`
	BPB   testvectors.Bytes `json:"b_pb"`
	GX    testvectors.Bytes `json:"gx_onb"`
	GXPB  testvectors.Bytes `json:"gx_pb"`
}

// field is a vector of the arithmetic; the other types are for package dstu4145.
type field struct {
	TcID     int
	Name     string
	Type     string
	Curve    string
	A        testvectors.Bytes `json:"onb_a"`
	APB      testvectors.Bytes `json:"pb_a"`
	B        testvectors.Bytes `json:"onb_b"`
	BPB      testvectors.Bytes `json:"pb_b"`
	Product  testvectors.Bytes `json:"onb_product"`
	PProduct testvectors.Bytes `json:"pb_product"`
	Square   testvectors.Bytes `json:"onb_square_a"`
}

var groups = map[int]func() ec2m.Group{173: ec2m.M173, 179: ec2m.M179, 191: ec2m.M191, 233: ec2m.M233, 431: ec2m.M431}

func load(t *testing.T) (curves []curve, fields []field) {
	suite := testvectors.Load[json.RawMessage](t, "dstu4145_onb.json")[0]
	if err := json.Unmarshal(suite.Raw["curves"], &curves); err != nil {
		t.Fatal(err)
	}
	for _, raw := range suite.Tests {
		var v field
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		if v.Type == "field" {
			fields = append(fields, v)
		}
	}
	if len(curves) != 5 || len(fields) != 14 {
		t.Fatalf("%d curves, %d vectors", len(curves), len(fields))
	}
	return curves, fields
}

func words(t *testing.T, b []byte, m int) onb.Words {
	w, ok := ec2m.FromBytes(b, m)
	if !ok {
		t.Fatalf("%x is no element", b)
	}
	return w
}

func TestVectors(t *testing.T) {
	curves, fields := load(t)
	for _, c := range curves {
		t.Run(c.Name, func(t *testing.T) {
			g := groups[c.M]()
			b := onb.New(c.M, words(t, c.Theta, c.M), g.Square)
			pair := func(normal, poly []byte) (n, p onb.Words) {
				n, p = words(t, normal, c.M), words(t, poly, c.M)
				if got := b.FromNormal(n); got != p {
					t.Errorf("FromNormal(%x) = %x, want %x", n, got, p)
				}
				if got := b.ToNormal(p); got != n {
					t.Errorf("ToNormal(%x) = %x, want %x", p, got, n)
				}
				return n, p
			}
			pair(c.B, c.BPB)
			pair(c.GX, c.GXPB)
			for _, v := range fields {
				if v.Curve != c.Name {
					continue
				}
				x, xp := pair(v.A, v.APB)
				y, yp := pair(v.B, v.BPB)
				product, pp := pair(v.Product, v.PProduct)
				if g.FieldMul(xp, yp) != pp || multiply(c.M, x, y) != product {
					t.Errorf("%s: product", v.Name)
				}
				square := words(t, v.Square, c.M)
				if b.ToNormal(g.Square(xp)) != square || rotate(c.M, x) != square {
					t.Errorf("%s: square", v.Name)
				}
			}
		})
	}
}

// rotate is the square in normal basis.
func rotate(m int, v onb.Words) (r onb.Words) {
	for i := range m {
		set(&r, (i+m-1)%m, bit(v, i))
	}
	return r
}

func bit(v onb.Words, i int) uint64     { return v[i/64] >> (i % 64) & 1 }
func set(v *onb.Words, i int, b uint64) { v[i/64] ^= b << (i % 64) }

// multiply is the product in normal basis by its definition: with G_k = g^k + g^-k the basis is
// G_(2^j mod p), and G_i·G_k = G_(i+k) + G_(i-k).
func multiply(m int, x, y onb.Words) (r onb.Words) {
	p := 2*m + 1
	where := make([]int, p) // bit of G_k; G_k = G_-k, and G_0 = 0
	for j, k := 0, 1; j < m; j, k = j+1, 2*k%p {
		where[k], where[p-k] = m-1-j, m-1-j
	}
	for i := 1; i <= m; i++ {
		if bit(x, where[i]) == 0 {
			continue
		}
		for k := 1; k <= m; k++ {
			if b := bit(y, where[k]); i != k {
				set(&r, where[i+k], b)
				set(&r, where[(i-k+p)%p], b)
			} else {
				set(&r, where[2*k], b)
			}
		}
	}
	return r
}

// TestHomomorphism: in the fields of the standard products and squares agree with arithmetic in
// the normal basis, for random elements and for those next to 0 and 1.
func TestHomomorphism(t *testing.T) {
	curves, _ := load(t)
	for _, c := range curves {
		t.Run(c.Name, func(t *testing.T) {
			g := groups[c.M]()
			b := onb.New(c.M, words(t, c.Theta, c.M), g.Square)
			r := rand.New(rand.NewPCG(1, uint64(c.M)))
			var ones onb.Words
			for i := range c.M {
				set(&ones, i, 1)
			}
			if b.FromNormal(ones) != (onb.Words{1}) || b.ToNormal(onb.Words{1}) != ones || b.FromNormal(onb.Words{}) != (onb.Words{}) {
				t.Error("0 or 1")
			}
			for i := range 20 {
				x, y := ones, ones
				for k := range 9 {
					x[k] &= r.Uint64()
					y[k] &= r.Uint64()
				}
				switch i {
				case 0:
					x = ones
				case 1:
					y = onb.Words{}
				case 2:
					y = onb.Words{1}
				}
				xp, yp := b.FromNormal(x), b.FromNormal(y)
				if b.ToNormal(xp) != x || b.ToNormal(g.FieldMul(xp, yp)) != multiply(c.M, x, y) || b.ToNormal(g.Square(xp)) != rotate(c.M, x) {
					t.Errorf("%x, %x", x, y)
				}
				var parity uint64
				for k := range c.M {
					parity ^= bit(x, k)
				}
				if g.Trace(xp) != parity {
					t.Errorf("trace of %x", x)
				}
			}
		})
	}
}

// TestToy goes through all elements, for every root of the minimal polynomial.
func TestToy(t *testing.T) {
	mul := map[int]func(x, y uint64) uint64{
		5:  func(x, y uint64) uint64 { a, b := toy.E5{x}, toy.E5{y}; return a.Mul(&a, &b)[0] },
		9:  func(x, y uint64) uint64 { a, b := toy.E9{x}, toy.E9{y}; return a.Mul(&a, &b)[0] },
		11: func(x, y uint64) uint64 { a, b := toy.E11{x}, toy.E11{y}; return a.Mul(&a, &b)[0] },
	}
	for m, mul := range mul {
		roots := 0
		for theta := range uint64(1) << m {
			f0, f1 := uint64(1), theta^1
			for range m - 1 {
				f0, f1 = f1, mul(theta, f1)^f0
			}
			if f1 != 0 {
				continue
			}
			roots++
			b := onb.New(m, onb.Words{theta}, func(x onb.Words) onb.Words { return onb.Words{mul(x[0], x[0])} })
			y := onb.Words{(theta*0x9e37 + 1) & (1<<m - 1)}
			for x := range uint64(1) << m {
				v := onb.Words{x}
				p := b.FromNormal(v)
				if b.ToNormal(p) != v {
					t.Fatalf("m = %d: %x does not come back", m, x)
				}
				if got := b.ToNormal(onb.Words{mul(p[0], b.FromNormal(y)[0])}); got != multiply(m, v, y) {
					t.Fatalf("m = %d: %x·%x = %x", m, x, y, got)
				}
			}
		}
		if roots != m {
			t.Errorf("m = %d: %d roots", m, roots)
		}
	}
}

func BenchmarkToNormal(b *testing.B) {
	for _, m := range []int{173, 233, 431} {
		b.Run(fmt.Sprintf("m%d", m), func(b *testing.B) {
			theta := map[int]string{
				173: "0d4e82948d06bdd9fd5499be5bbdf3c17c5cd81c3a95",
				233: "018f49d2701bb0aa979ff19ba6c213201ad8c05dec61f4741c845bc5bfab",
				431: "4513a0d22d332f6ef68f26c3169ae670730ebcdcc78a81ae24c3b13124e4adde4db8a984c755f6607d537eae7e6cb575664922585a59",
			}[m]
			t, err := hex.DecodeString(theta)
			if err != nil {
				b.Fatal(err)
			}
			x, _ := ec2m.FromBytes(t, m)
			basis := onb.New(m, x, groups[m]().Square)
			basis.ToNormal(x)
			for b.Loop() {
				x = basis.ToNormal(x)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	g := ec2m.M431ONB()
	x, _ := g.Generator() // its conjugates are independent too
	for b.Loop() {
		onb.New(431, x, g.Square).ToNormal(x)
	}
}
