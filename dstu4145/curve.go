package dstu4145

import (
	"errors"
	"io"
)

// Curve is one elliptic curve with its base point. Curves are singletons, compare them with ==.
type Curve struct {
	name string
	m    int
}

var curves = []*Curve{
	{"M163_PB", 163}, {"M167_PB", 167}, {"M173_PB", 173}, {"M179_PB", 179}, {"M191_PB", 191}, {"M233_PB", 233},
	{"M257_PB", 257}, {"M307_PB", 307}, {"M367_PB", 367}, {"M431_PB", 431}, {"M571_PB", 571},
}

// M163PB returns the curve of annex G with m = 163.
func M163PB() *Curve { return curves[0] }

// M167PB returns the curve of annex G with m = 167.
func M167PB() *Curve { return curves[1] }

// M173PB returns the curve of annex G with m = 173.
func M173PB() *Curve { return curves[2] }

// M179PB returns the curve of annex G with m = 179.
func M179PB() *Curve { return curves[3] }

// M191PB returns the curve of annex G with m = 191.
func M191PB() *Curve { return curves[4] }

// M233PB returns the curve of annex G with m = 233.
func M233PB() *Curve { return curves[5] }

// M257PB returns the curve of annex G with m = 257.
func M257PB() *Curve { return curves[6] }

// M307PB returns the curve of annex G with m = 307.
func M307PB() *Curve { return curves[7] }

// M367PB returns the curve of annex G with m = 367.
func M367PB() *Curve { return curves[8] }

// M431PB returns the curve of annex G with m = 431.
func M431PB() *Curve { return curves[9] }

// M571PB returns the curve with m = 571 that IIT uses for key agreement.
func M571PB() *Curve { return curves[10] }

// Curves returns all curves in ascending order of m, in a fresh slice.
func Curves() []*Curve { return append([]*Curve(nil), curves...) }

// Name returns the name of the curve, such as "M257_PB".
func (c *Curve) Name() string { return c.name }

// FieldBits returns m.
func (c *Curve) FieldBits() int { return c.m }

// FieldSize returns ceil(m/8).
func (c *Curve) FieldSize() int { return (c.m + 7) / 8 }

// ScalarSize returns the bytes of a number modulo the order.
func (c *Curve) ScalarSize() int { return (c.OrderBits() + 7) / 8 }

// OrderBits returns the bit length of the order.
func (c *Curve) OrderBits() int { return 0 }

// Cofactor returns 2 or 4.
func (c *Curve) Cofactor() int { return 0 }

// A returns the coefficient a, 0 or 1.
func (c *Curve) A() int { return 0 }

// B returns the coefficient b, big-endian, FieldSize bytes.
func (c *Curve) B() []byte { return nil }

// Order returns the order n of the base point, big-endian, ScalarSize bytes.
func (c *Curve) Order() []byte { return nil }

// Generator returns the compressed base point, big-endian, FieldSize bytes.
func (c *Curve) Generator() []byte { return nil }

// Exponents returns the middle exponents of the field polynomial, ascending.
func (c *Curve) Exponents() []int { return nil }

// GenerateKey makes a key pair. rand nil means crypto/rand.
func (c *Curve) GenerateKey(rand io.Reader) (*PrivateKey, error) { return nil, errors.ErrUnsupported }

// NewPrivateKey imports a private key of ScalarSize bytes, big-endian.
func (c *Curve) NewPrivateKey(d []byte) (*PrivateKey, error) { return nil, errors.ErrUnsupported }

// ReducePrivateKey imports a private key of any length, big-endian, reduced modulo the order.
func (c *Curve) ReducePrivateKey(d []byte) (*PrivateKey, error) { return nil, errors.ErrUnsupported }

// NewPublicKey imports a compressed point, big-endian, FieldSize bytes.
func (c *Curve) NewPublicKey(q []byte) (*PublicKey, error) { return nil, errors.ErrUnsupported }

// NewPublicKeyAffine imports a point from its coordinates, big-endian, FieldSize bytes each.
func (c *Curve) NewPublicKeyAffine(x, y []byte) (*PublicKey, error) {
	return nil, errors.ErrUnsupported
}
