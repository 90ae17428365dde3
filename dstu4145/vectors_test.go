package dstu4145_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/testvectors"
)

type vector struct {
	TcID   int               `json:"tcId"`
	Name   string            `json:"name"`
	Type   string            `json:"type"`
	Curve  string            `json:"curve"`
	Result string            `json:"result"`
	Flags  []string          `json:"flags"`
	Source json.RawMessage   `json:"source"`
	Hash   testvectors.Bytes `json:"hash"`
	QX     testvectors.Bytes `json:"qx"`
	QY     testvectors.Bytes `json:"qy"`

	// sign and verify
	D            testvectors.Bytes `json:"d"`
	E            testvectors.Bytes `json:"e"`
	GX           testvectors.Bytes `json:"gx"`
	GY           testvectors.Bytes `json:"gy"`
	R            testvectors.Bytes `json:"r"`
	S            testvectors.Bytes `json:"s"`
	QBE          testvectors.Bytes `json:"q_compressed_be"`
	QLE          testvectors.Bytes `json:"q_compressed_le"`
	SigLE        testvectors.Bytes `json:"sig_le"`
	SigLEDER     testvectors.Bytes `json:"sig_le_der"`
	SigBE        testvectors.Bytes `json:"sig_be"`
	PeersReject  []string          `json:"peers_reject"`
	PeersAccept  []string          `json:"peers_accept"`
	Agree        []string          `json:"agree"`
	Intermediate *struct {
		RX testvectors.Bytes `json:"R_x"`
		H  testvectors.Bytes `json:"h"`
		Y  testvectors.Bytes `json:"y"`
		// normal basis; values in polynomial basis depend on the basis change
		RXNormal testvectors.Bytes `json:"R_x_onb"`
		RXPoly   testvectors.Bytes `json:"R_x_pb"`
		HPoly    testvectors.Bytes `json:"h_pb"`
		YNormal  testvectors.Bytes `json:"y_onb"`
	} `json:"intermediate"`

	// expand
	CompressedBE testvectors.Bytes `json:"compressed_be"`
	X            testvectors.Bytes `json:"x"`
	Y            testvectors.Bytes `json:"y"`
	InSubgroup   bool              `json:"in_subgroup"`

	// octets
	Format  string            `json:"format"`
	Content testvectors.Bytes `json:"content"`
	DER     testvectors.Bytes `json:"der"`

	// field
	A         testvectors.Bytes `json:"onb_a"`
	APoly     testvectors.Bytes `json:"pb_a"`
	B         testvectors.Bytes `json:"onb_b"`
	BPoly     testvectors.Bytes `json:"pb_b"`
	Product   testvectors.Bytes `json:"onb_product"`
	PolyProd  testvectors.Bytes `json:"pb_product"`
	SquareOfA testvectors.Bytes `json:"onb_square_a"`
}

// The files of vectors, by the basis of the fields.
const polynomial, normal = "dstu4145.json", "dstu4145_onb.json"

func curveNamed(name string) *dstu4145.Curve {
	for _, c := range dstu4145.Curves() {
		if c.Name() == name {
			return c
		}
	}
	return nil
}

// forEachVector runs f for the vectors of one type. In the embedded file their number is fixed.
func forEachVector(t *testing.T, file, typ string, want int, f func(t *testing.T, c *dstu4145.Curve, v vector)) {
	for i, suite := range testvectors.Load[vector](t, file) {
		n := 0
		for _, v := range suite.Tests {
			if v.Type != typ {
				continue
			}
			n++
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				if v.Result != "valid" && v.Result != "invalid" {
					t.Fatalf("result is %q", v.Result)
				}
				c := curveNamed(v.Curve)
				if c == nil {
					t.Fatalf("curve %q is not known", v.Curve)
				}
				f(t, c, v)
			})
		}
		if i == 0 && n != want {
			t.Errorf("%d vectors of type %s, want %d", n, typ, want)
		}
	}
}

func equalBytes(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%s = %x, want %x", what, got, want)
	}
}

func reversed(b []byte) []byte {
	b = slices.Clone(b)
	slices.Reverse(b)
	return b
}

func TestVectorsSign(t *testing.T) {
	forEachVector(t, polynomial, "sign", 132, testSign)
	forEachVector(t, normal, "sign", 36, testSign)
}

func testSign(t *testing.T, c *dstu4145.Curve, v vector) {
	want := slices.Concat(v.R, v.S)
	size := c.ScalarSize()
	equalBytes(t, "sig_le", slices.Concat(reversed(want[:size]), reversed(want[size:])), v.SigLE)
	equalBytes(t, "sig_be", slices.Concat(want[size:], want[:size]), v.SigBE)
	if v.GX != nil {
		testOwnBasePoint(t, c, v)
		return
	}

	k, err := c.NewPrivateKey(v.D)
	if err != nil {
		t.Fatal(err)
	}
	equalBytes(t, "d", k.Bytes(), v.D)
	pub := k.PublicKey()
	x, y := pub.BytesAffine()
	equalBytes(t, "x", x, v.QX)
	equalBytes(t, "y", y, v.QY)
	equalBytes(t, "Q", pub.Bytes(), v.QBE)
	equalBytes(t, "Q reversed", reversed(pub.Bytes()), v.QLE)
	for name, parse := range map[string]func() (*dstu4145.PublicKey, error){
		"compressed": func() (*dstu4145.PublicKey, error) { return c.NewPublicKey(v.QBE) },
		"affine":     func() (*dstu4145.PublicKey, error) { return c.NewPublicKeyAffine(v.QX, v.QY) },
	} {
		q, err := parse()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !q.Equal(pub) {
			t.Errorf("%s: another key", name)
		}
	}

	if v.Intermediate != nil {
		rx := v.Intermediate.RXNormal
		if !c.NormalBasis() {
			rx = v.Intermediate.RX
			equalBytes(t, "h", dstu4145.DigestElement(c, v.Hash), v.Intermediate.H)
		}
		sig, ok := dstu4145.SignatureFromPoint(c, v.Hash, rx, v.E, v.D)
		equalBytes(t, "signature from R", sig, want)
		if !ok {
			t.Error("not taken as a signature")
		}
	}
	sig, ok, err := dstu4145.SignWithNonce(k, v.Hash, v.E)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	equalBytes(t, "signature", sig, want)
	if !verify(t, pub, v.Hash, sig) {
		t.Error("does not verify")
	}
}

// testOwnBasePoint runs the vectors whose base point is not that of the named curve: the group
// computes the multiples, the rest is the code of this package.
func testOwnBasePoint(t *testing.T, c *dstu4145.Curve, v vector) {
	g := dstu4145.Group(c)
	element := func(b []byte) [9]uint64 {
		w, ok := dstu4145.Element(c, b)
		if !ok {
			t.Fatalf("%x is no element", b)
		}
		return w
	}
	scalar := func(b []byte) (w [9]uint64) {
		for i, x := range reversed(b) {
			w[i/8] |= uint64(x) << (i % 8 * 8)
		}
		return w
	}
	gx, gy := element(v.GX), element(v.GY)
	qx, qy, _ := g.VarTimeMult(scalar(v.D), gx, gy)
	qx, qy = g.Negate(qx, qy)
	if qx != element(v.QX) || qy != element(v.QY) {
		t.Error("public key differs")
	}
	rx, _, _ := g.VarTimeMult(scalar(v.E), gx, gy)
	sig, _ := dstu4145.SignatureFromPoint(c, v.Hash, dstu4145.ElementBytes(c, rx), v.E, v.D)
	equalBytes(t, "signature", sig, slices.Concat(v.R, v.S))

	ax, ay, _ := g.VarTimeMult(scalar(v.S), gx, gy)
	bx, by, _ := g.VarTimeMult(scalar(v.R), qx, qy)
	if x, _, ok := g.VarTimeAdd(ax, ay, bx, by); !ok || x != rx {
		t.Error("sP + rQ is not R")
	}
}

func TestVectorsVerify(t *testing.T) {
	forEachVector(t, polynomial, "verify", 289, testVerify)
	forEachVector(t, normal, "verify", 61, testVerify)
}

func testVerify(t *testing.T, c *dstu4145.Curve, v vector) {
	// A bad key is refused at import: there is no way to verify with it.
	pub, err := c.NewPublicKeyAffine(v.QX, v.QY)
	bad := slices.Contains(v.Flags, "InvalidKey")
	if (err != nil) != bad {
		t.Fatalf("import: %v, want an error: %v", err, bad)
	}
	if ok := err == nil && verify(t, pub, v.Hash, slices.Concat(v.R, v.S)); ok != (v.Result == "valid") {
		t.Errorf("accepted: %v, want %s", ok, v.Result)
	}
	if slices.Contains(v.Flags, "MustCheckOrder") { // only the import stands between it and success
		x, _ := dstu4145.Element(c, v.QX)
		y, _ := dstu4145.Element(c, v.QY)
		if !dstu4145.Verify(dstu4145.UncheckedPublicKey(c, x, y), v.Hash, slices.Concat(v.R, v.S)) {
			t.Error("the equation does not hold")
		}
	}
}

func TestVectorsExpand(t *testing.T) {
	forEachVector(t, polynomial, "expand", 65, func(t *testing.T, c *dstu4145.Curve, v vector) {
		pub, err := c.NewPublicKey(v.CompressedBE)
		if want := v.Result == "valid" && v.InSubgroup; (err == nil) != want {
			t.Fatalf("accepted: %v, want %v", err, want)
		}
		if err == nil {
			x, y := pub.BytesAffine()
			equalBytes(t, "x", x, v.X)
			equalBytes(t, "y", y, v.Y)
			equalBytes(t, "compressed again", pub.Bytes(), v.CompressedBE)
			return
		}
		// Points outside the subgroup are right as points.
		w, ok := dstu4145.Element(c, v.CompressedBE)
		if !ok {
			return
		}
		x, y, ok := dstu4145.Group(c).Expand(w) // the strings of polynomial basis are elements
		if ok != (v.Result == "valid") {
			t.Fatalf("Expand: %v, want %s", ok, v.Result)
		}
		if ok {
			equalBytes(t, "x", dstu4145.ElementBytes(c, x), v.X)
			equalBytes(t, "y", dstu4145.ElementBytes(c, y), v.Y)
		}
	})
}

// TestVectorsOctets: which octets hold r and s is decided by the formats, in internal/alg. Here
// halves of equal length are turned around as the little-endian form wants it. Verify must give
// the result of the vector where the halves have their fixed length, and refuse all others, also
// the padded ones that a format may cut before.
func TestVectorsOctets(t *testing.T) {
	strict := 0
	forEachVector(t, polynomial, "octets", 33, func(t *testing.T, c *dstu4145.Curve, v vector) {
		if v.Format != "le" {
			t.Fatalf("format %q", v.Format)
		}
		pub, err := c.NewPublicKeyAffine(v.QX, v.QY)
		if err != nil {
			t.Fatal(err)
		}
		half := len(v.Content) / 2
		sig := slices.Concat(reversed(v.Content[:half]), reversed(v.Content[half:]))
		want := v.Result == "valid" && half == c.ScalarSize()
		if ok := verify(t, pub, v.Hash, sig); ok != want {
			t.Errorf("accepted: %v, want %v", ok, want)
		}
		if half == c.ScalarSize() && len(v.Content)%2 == 0 {
			strict++
		}
	})
	if strict < 8 {
		t.Errorf("only %d vectors of fixed length", strict)
	}
}

// TestCurveTable compares the parameters in polynomial basis that internal/alg matches by with the table of the
// vectors.
func TestCurveTable(t *testing.T) {
	var table []struct {
		Name       string            `json:"name"`
		OID        string            `json:"oid"`
		M          int               `json:"m"`
		K          []int             `json:"k"`
		A          int               `json:"a"`
		B          testvectors.Bytes `json:"b"`
		N          testvectors.Bytes `json:"n"`
		Cofactor   int               `json:"cofactor"`
		GX         testvectors.Bytes `json:"gx"`
		GY         testvectors.Bytes `json:"gy"`
		G          testvectors.Bytes `json:"g_compressed"`
		OrderBits  int               `json:"L_n"`
		FieldBytes int               `json:"field_bytes"`
		ScalarSize int               `json:"scalar_bytes"`
	}
	suite := testvectors.Load[vector](t, "dstu4145.json")[0]
	if err := json.Unmarshal(suite.Raw["curves"], &table); err != nil {
		t.Fatal(err)
	}
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	last := table[len(table)-1]
	last.Name, last.M, last.K, last.A, last.Cofactor, last.OrderBits, last.FieldBytes, last.ScalarSize = "M571_PB", 571, []int{10, 5, 2}, 1, 2, 570, 72, 72
	last.B = unhex("02f40e7e2221f295de297117b7f3d62f5c6a97ffcb8ceff1cd6ba8ce4a9a18ad84ffabbd8efa59332be7ad6756a66e294afd185a78ff12aa520e4de739baca0c7ffeff7f2955727a")
	last.N = unhex("03ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe661ce18ff55987308059b186823851ec7dd9ca1161de93d5174d66e8382e9bb2fe84e47")
	last.GX = unhex("000000770b787fede809a9914d17857bf7ca0ebd826fc1f5e2901dcd8541002c83605d45decd24538e5f8c668ad07e7a9824c8087339ca8b66b5da9e12e028afc5765bc9cdeff87f")
	last.GY = unhex("07d137fab279420175533c39b0908463f18c14a3378236cf75d540534e4798091a4e9e3efa99b8c15eb58c1f389cf0a63ca6e323f37b91f8bb2ffa6d218d553ad37bc58ce4a76cb7")
	last.G = nil
	table = append(table, last)

	curves := inBasis(false)
	if len(curves) != 11 || len(table) != 11 {
		t.Fatalf("%d curves, table of %d", len(curves), len(table))
	}
	for i, c := range curves {
		t.Run(c.Name(), func(t *testing.T) {
			want := table[i]
			slices.Sort(want.K)
			if c.Name() != want.Name || c.FieldBits() != want.M || c.A() != want.A || c.Cofactor() != want.Cofactor ||
				c.OrderBits() != want.OrderBits || c.FieldSize() != want.FieldBytes || c.ScalarSize() != want.ScalarSize ||
				!slices.Equal(c.Exponents(), want.K) {
				t.Errorf("%s m=%d a=%d h=%d L=%d %d %d %v, want %+v", c.Name(), c.FieldBits(), c.A(), c.Cofactor(),
					c.OrderBits(), c.FieldSize(), c.ScalarSize(), c.Exponents(), want)
			}
			equalBytes(t, "b", c.B(), want.B)
			equalBytes(t, "n", c.Order(), want.N)
			base, err := c.NewPublicKey(c.Generator())
			if err != nil {
				t.Fatal(err)
			}
			x, y := base.BytesAffine()
			equalBytes(t, "x of the base point", x, want.GX)
			equalBytes(t, "y of the base point", y, want.GY)
			if want.G != nil {
				equalBytes(t, "base point", c.Generator(), want.G)
			}
			c.Exponents()[0], c.B()[0], c.Order()[0] = 99, 99, 99
			if c.Exponents()[0] == 99 || c.B()[0] == 99 || c.Order()[0] == 99 {
				t.Error("parameters can be changed from outside")
			}
		})
	}
	for _, f := range []func() *dstu4145.Curve{
		dstu4145.M163PB, dstu4145.M167PB, dstu4145.M173PB, dstu4145.M179PB, dstu4145.M191PB, dstu4145.M233PB,
		dstu4145.M257PB, dstu4145.M307PB, dstu4145.M367PB, dstu4145.M431PB, dstu4145.M571PB,
	} {
		if first := f(); first != f() || first != curves[0] {
			t.Errorf("%s is not a single value, or out of order", first.Name())
		}
		curves = curves[1:]
	}
}
