package dstu4145_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/testvectors"
)

func TestVectorsField(t *testing.T) {
	forEachVector(t, normal, "field", 14, func(t *testing.T, c *dstu4145.Curve, v vector) {
		g := dstu4145.Group(c)
		a, okA := dstu4145.Element(c, v.A)
		b, okB := dstu4145.Element(c, v.B)
		if !okA || !okB {
			t.Fatal("no elements")
		}
		equalBytes(t, "element", dstu4145.ElementBytes(c, a), v.A)
		equalBytes(t, "product", dstu4145.ElementBytes(c, g.FieldMul(a, b)), v.Product)
		equalBytes(t, "square", dstu4145.ElementBytes(c, g.Square(a)), v.SquareOfA)
	})
}

// TestNormalBasisTable compares the parameters of the curves in normal basis with the table of
// the vectors.
func TestNormalBasisTable(t *testing.T) {
	var table []struct {
		Name      string            `json:"name"`
		M         int               `json:"m"`
		K         []int             `json:"pb_k"`
		A         int               `json:"a"`
		B         testvectors.Bytes `json:"b_onb"`
		N         testvectors.Bytes `json:"n"`
		Cofactor  int               `json:"cofactor"`
		GX        testvectors.Bytes `json:"gx_onb"`
		GY        testvectors.Bytes `json:"gy_onb"`
		G         testvectors.Bytes `json:"g_compressed_onb"`
		OrderBits int               `json:"L_n"`
	}
	suite := testvectors.Load[vector](t, normal)[0]
	if err := json.Unmarshal(suite.Raw["curves"], &table); err != nil {
		t.Fatal(err)
	}
	curves := []*dstu4145.Curve{
		dstu4145.M173ONB(), dstu4145.M179ONB(), dstu4145.M191ONB(), dstu4145.M233ONB(), dstu4145.M431ONB(),
	}
	if len(table) != len(curves) || !slices.Equal(curves, inBasis(true)) {
		t.Fatalf("table of %d curves, %d curves", len(table), len(inBasis(true)))
	}
	for i, c := range curves {
		want := table[i]
		slices.Sort(want.K)
		if c.Name() != want.Name || c.FieldBits() != want.M || c.A() != want.A || c.Cofactor() != want.Cofactor ||
			c.OrderBits() != want.OrderBits || !slices.Equal(c.Exponents(), want.K) {
			t.Errorf("%s: m=%d a=%d h=%d L=%d %v", c.Name(), c.FieldBits(), c.A(), c.Cofactor(), c.OrderBits(), c.Exponents())
		}
		equalBytes(t, "b", c.B(), want.B)
		equalBytes(t, "n", c.Order(), bytes.TrimLeft(want.N, "\x00"))
		equalBytes(t, "base point", c.Generator(), want.G)
		base, err := c.NewPublicKey(c.Generator())
		if err != nil {
			t.Fatal(err)
		}
		x, y := base.BytesAffine()
		equalBytes(t, "x of the base point", x, want.GX)
		equalBytes(t, "y of the base point", y, want.GY)
	}
	all := dstu4145.Curves()
	if !slices.IsSortedFunc(all, func(a, b *dstu4145.Curve) int { return a.FieldBits() - b.FieldBits() }) || len(all) != 16 {
		t.Error("order of the curves")
	}
}

// TestBasesDiffer: an element, and with it a key, means another thing in the other basis.
func TestBasesDiffer(t *testing.T) {
	accepted := 0
	for _, c := range inBasis(true) {
		i := slices.IndexFunc(inBasis(false), func(o *dstu4145.Curve) bool { return o.FieldBits() == c.FieldBits() })
		other := inBasis(false)[i]
		for n := range uint64(8) {
			k := testKey(t, c, n)
			if x, y := k.PublicKey().BytesAffine(); n == 0 {
				if _, err := other.NewPublicKeyAffine(x, y); err == nil {
					t.Errorf("%s: the coordinates fit the other basis", c.Name())
				}
			}
			q, err := other.NewPublicKey(k.PublicKey().Bytes())
			if err != nil {
				continue
			}
			accepted++
			if q.Equal(k.PublicKey()) || k.PublicKey().Equal(q) {
				t.Error("keys of different bases are equal")
			}
			digest := randomBytes(seeded(n), 32)
			sig, err := k.Sign(nil, digest, nil)
			if err != nil || dstu4145.Verify(q, digest, sig) || !dstu4145.Verify(k.PublicKey(), digest, sig) {
				t.Errorf("%s: signature in the wrong basis: %v", c.Name(), err)
			}
			if _, err := k.ECDH(q); err == nil {
				t.Error("agreement across bases")
			}
		}
	}
	if accepted < 5 {
		t.Errorf("only %d keys are keys in the other basis", accepted)
	}
}

// TestAbscissaOne: where a = 1, a point with x = 1 has in polynomial basis the string of the point
// of order two, and in normal basis one of its own. There is no such point on these curves, which
// have Tr(b) = 1; both strings are refused for that reason.
func TestAbscissaOne(t *testing.T) {
	for _, c := range inBasis(true) {
		g := dstu4145.Group(c)
		if c.A() == 1 && g.Trace(g.B()) != 1 {
			t.Errorf("%s: Tr(b) = 0", c.Name())
		}
		if c.A() == 0 {
			continue
		}
		one := dstu4145.ElementBytes(c, [9]uint64{1})
		for range 2 {
			one[len(one)-1] ^= 1
			if _, err := c.NewPublicKey(one); err == nil || !strings.Contains(err.Error(), "not a point") {
				t.Errorf("%s: %x: %v", c.Name(), one, err)
			}
		}
	}
}

// TestZeroString: of the points of order n whose abscissa is, in normal basis, bit 0 alone, one has
// the zero string. It cannot be written as a public key and so is none; its opposite is one.
func TestZeroString(t *testing.T) {
	found := 0
	for _, c := range inBasis(true) {
		g := dstu4145.Group(c)
		one := make([]byte, c.FieldSize())
		one[len(one)-1] = 1
		k, err := c.NewPublicKey(one)
		if err != nil { // no such points
			continue
		}
		found++
		x, y := k.BytesAffine()
		equalBytes(t, "x", x, one)
		if same, err := c.NewPublicKeyAffine(x, y); err != nil || !same.Equal(k) {
			t.Errorf("%s: affine: %v", c.Name(), err)
		}
		xw, _ := dstu4145.Element(c, x)
		yw, _ := dstu4145.Element(c, y)
		_, minus := g.Negate(xw, yw)
		if !g.OnCurve(xw, minus) || !g.InSubgroup(xw, minus) {
			t.Fatalf("%s: the opposite is not in the group", c.Name())
		}
		if zero, err := c.NewPublicKeyAffine(x, dstu4145.ElementBytes(c, minus)); err == nil {
			t.Errorf("%s: key with the string %x", c.Name(), zero.Bytes())
		}
	}
	if found != 2 {
		t.Errorf("points on %d curves", found)
	}
}
