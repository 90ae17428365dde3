package alg

import (
	"bytes"
	"encoding/asn1"
	"slices"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/der"
)

// Fields of characteristic two and their bases (ANSI X9.62, in RFC 3279, 2.3.5).
var (
	oidBinaryField = asn1.ObjectIdentifier{1, 2, 840, 10045, 1, 2}
	oidTrinomial   = asn1.ObjectIdentifier{1, 2, 840, 10045, 1, 2, 3, 2}
	oidPentanomial = asn1.ObjectIdentifier{1, 2, 840, 10045, 1, 2, 3, 3}
)

// parseX962 reads the contents of ECParameters, which Bouncy Castle writes for keys on a curve that
// it was given by numbers. As in [ParseECBinary] the numbers must be those of a known curve. All
// octets are big-endian, and the base point has both coordinates.
func parseX962(r *der.Reader) (*dstu4145.Curve, error) {
	r.Int("version", 3)
	field := r.Sequence("fieldID")
	var m int
	var exponents []int
	if field.OID("fieldType").Equal(oidBinaryField) {
		m, exponents = readX962Field(field.Sequence("parameters"))
	} else {
		field.Any("parameters")
	}
	_ = field.End()
	curve := r.Sequence("curve")
	a, b := curve.OctetString("a"), curve.OctetString("b")
	if curve.Peek(cbasn1.BIT_STRING) {
		curve.BitString("seed")
	}
	_ = curve.End()
	base := r.OctetString("base")
	n := r.Unsigned("order")
	cofactor := []byte(nil)
	if r.Peek(cbasn1.INTEGER) {
		cofactor = r.Unsigned("cofactor")
	}
	if r.End() != nil {
		return nil, ErrParams
	}
	for _, c := range dstu4145.Curves() {
		size := c.FieldSize()
		if c.NormalBasis() || c.FieldBits() != m || len(b) != size || len(a) != size || len(base) != 1+2*size ||
			!slices.Equal(c.Exponents(), exponents) || !bytes.Equal(c.B(), b) ||
			!bytes.Equal(bytes.TrimLeft(c.Order(), "\x00"), n) ||
			cofactor != nil && !bytes.Equal(cofactor, []byte{byte(c.Cofactor())}) {
			continue
		}
		want := make([]byte, size)
		want[size-1] = byte(c.A())
		g, err := c.NewPublicKey(c.Generator())
		if err != nil {
			return nil, err
		}
		x, y := g.BytesAffine()
		if bytes.Equal(want, a) && bytes.Equal(base, slices.Concat([]byte{4}, x, y)) {
			return c, nil
		}
	}
	return nil, unsupported("explicit curve parameters", nil)
}

// readX962Field reads Characteristic-two: the degree and the middle exponents of the polynomial, none
// for a basis of another kind.
func readX962Field(r *der.Reader) (m int, exponents []int) {
	m = r.Int("m", 1<<16)
	switch basis := r.OID("basis"); {
	case basis.Equal(oidTrinomial):
		exponents = []int{r.Int("k", 1<<16)}
	case basis.Equal(oidPentanomial):
		p := r.Sequence("pentanomial")
		exponents = []int{p.Int("k1", 1<<16), p.Int("k2", 1<<16), p.Int("k3", 1<<16)}
		_ = p.End()
	default:
		r.Any("parameters")
	}
	_ = r.End()
	return m, exponents
}
