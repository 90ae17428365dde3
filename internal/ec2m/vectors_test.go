package ec2m_test

import (
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/internal/ec2m"
	"github.com/ukrcrypto/dstu/testvectors"
)

// groups lists the real curves in the order of m.
func groups() []ec2m.Group {
	return []ec2m.Group{
		ec2m.M163(), ec2m.M167(), ec2m.M173(), ec2m.M179(), ec2m.M191(), ec2m.M233(),
		ec2m.M257(), ec2m.M307(), ec2m.M367(), ec2m.M431(), ec2m.M571(),
	}
}

// arith is one test of dstu4145_arith.json.
type arith struct {
	TcID   int    `json:"tcId"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Curve  string `json:"curve"`
	Result string `json:"result"`

	A         testvectors.Bytes `json:"a"`
	B         testvectors.Bytes `json:"b"`
	Product   testvectors.Bytes `json:"product"`
	Square    testvectors.Bytes `json:"square"`
	Sqrt      testvectors.Bytes `json:"sqrt"`
	Trace     uint64            `json:"trace"`
	HalfTrace testvectors.Bytes `json:"half_trace"`
	Inverse   testvectors.Bytes `json:"inverse"`

	K        testvectors.Bytes   `json:"k"`
	X        testvectors.Bytes   `json:"x"`
	Y        testvectors.Bytes   `json:"y"`
	Infinity bool                `json:"infinity"`
	P        []testvectors.Bytes `json:"p"`
	Q        []testvectors.Bytes `json:"q"`
	Sum      []testvectors.Bytes `json:"sum"`
}

func TestVectors(t *testing.T) {
	byName := map[string]ec2m.Group{
		"M163_PB": ec2m.M163(), "M167_PB": ec2m.M167(), "M173_PB": ec2m.M173(), "M179_PB": ec2m.M179(),
		"M191_PB": ec2m.M191(), "M233_PB": ec2m.M233(), "M257_PB": ec2m.M257(), "M307_PB": ec2m.M307(),
		"M367_PB": ec2m.M367(), "M431_PB": ec2m.M431(), "M571_PB": ec2m.M571(),
	}
	for _, suite := range testvectors.Load[arith](t, "dstu4145_arith.json") {
		for _, v := range suite.Tests {
			t.Run(testvectors.Name(v.TcID, v.Curve+" "+v.Name), func(t *testing.T) {
				g, ok := byName[v.Curve]
				if !ok {
					t.Fatalf("unknown curve %q", v.Curve)
				}
				r := vectorRunner{t, g}
				switch v.Type {
				case "field":
					r.field(v)
				case "mul":
					r.mul(v)
				case "add":
					r.add(v)
				case "oncurve":
					x, y := r.elem(v.X), r.elem(v.Y)
					if got := g.OnCurve(x, y); got != (v.Result == "valid") {
						t.Errorf("OnCurve = %v", got)
					}
				default:
					t.Fatalf("unknown type %q", v.Type)
				}
			})
		}
	}
}

type vectorRunner struct {
	*testing.T
	g ec2m.Group
}

func (r vectorRunner) elem(b []byte) ec2m.Words {
	r.Helper()
	w, ok := ec2m.FromBytes(b, r.g.M())
	if !ok {
		r.Fatalf("element %x does not parse", b)
	}
	if !slices.Equal(ec2m.AppendBytes(nil, w, r.g.M()), b) {
		r.Fatalf("element %x does not round-trip", b)
	}
	return w
}

// scalar reads an integer of any length up to the capacity of Words.
func (r vectorRunner) scalar(b []byte) (w ec2m.Words) {
	r.Helper()
	if len(b) > 8*r.g.Words() {
		r.Fatalf("scalar of %d bytes", len(b))
	}
	for i, v := range b {
		pos := len(b) - 1 - i
		w[pos/8] |= uint64(v) << (pos % 8 * 8)
	}
	return w
}

func (r vectorRunner) equal(op string, got ec2m.Words, want []byte) {
	r.Helper()
	if got != r.elem(want) {
		r.Errorf("%s = %x, want %x", op, ec2m.AppendBytes(nil, got, r.g.M()), []byte(want))
	}
}

func (r vectorRunner) field(v arith) {
	if v.Result != "valid" {
		r.Fatalf("result %q", v.Result)
	}
	a := r.elem(v.A)
	if v.Product != nil {
		r.equal("product", r.g.FieldMul(a, r.elem(v.B)), v.Product)
		return
	}
	r.equal("square", r.g.Square(a), v.Square)
	r.equal("sqrt", r.g.Sqrt(a), v.Sqrt)
	r.equal("half trace", r.g.HalfTrace(a), v.HalfTrace)
	if got := r.g.Trace(a); got != v.Trace {
		r.Errorf("trace = %d, want %d", got, v.Trace)
	}
	if v.Inverse == nil {
		if a != (ec2m.Words{}) || r.g.Inverse(a) != a {
			r.Error("only 0 lacks an inverse, and Inverse gives 0 for it")
		}
		return
	}
	r.equal("inverse", r.g.Inverse(a), v.Inverse)
}

func (r vectorRunner) mul(v arith) {
	if v.Result != "valid" {
		r.Fatalf("result %q", v.Result)
	}
	k := r.scalar(v.K)
	gx, gy := r.g.Generator()
	x, y, finite := r.g.VarTimeMult(k, gx, gy)
	lx, lf := r.g.MultX(k, gx)
	if finite == v.Infinity || lf == 1 == v.Infinity || x != lx {
		r.Fatalf("finite = %v and %d, infinity wanted: %v", finite, lf, v.Infinity)
	}
	if v.Infinity {
		return
	}
	r.equal("x", x, v.X)
	r.equal("y", y, v.Y)
	if !less(k, r.g.Order()) {
		return
	}
	x, y = r.g.BaseMult(k)
	r.equal("comb x", x, v.X)
	r.equal("comb y", y, v.Y)
	r.equal("comb x alone", r.g.BaseMultX(k), v.X)
	r.equal("y of the expanded point", y, ec2m.AppendBytes(nil, expandY(r, x, y), r.g.M()))
}

// expandY is the ordinate after compression and expansion.
func expandY(r vectorRunner, x, y ec2m.Words) ec2m.Words {
	r.Helper()
	ex, ey, ok := r.g.Expand(r.g.Compress(x, y))
	if !ok || ex != x || !r.g.InSubgroup(x, y) {
		r.Fatal("compression loses a point of the subgroup")
	}
	return ey
}

func (r vectorRunner) add(v arith) {
	if v.Result != "valid" {
		r.Fatalf("result %q", v.Result)
	}
	// The interface has no O; sums with it are cases of the callers.
	if v.P == nil || v.Q == nil {
		if other := slices.Concat(v.P, v.Q); len(other) != len(v.Sum) || len(other) == 2 && !slices.Equal(other[0], v.Sum[0]) {
			r.Error("O is not neutral in this vector")
		}
		return
	}
	x, y, finite := r.g.VarTimeAdd(r.elem(v.P[0]), r.elem(v.P[1]), r.elem(v.Q[0]), r.elem(v.Q[1]))
	if finite != (v.Sum != nil) {
		r.Fatalf("finite = %v", finite)
	}
	if finite {
		r.equal("x", x, v.Sum[0])
		r.equal("y", y, v.Sum[1])
	}
}

func less(a, b ec2m.Words) bool {
	for i := len(a) - 1; i >= 0; i-- {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}
