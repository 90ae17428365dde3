package dstu4145

import (
	"encoding/binary"
	"slices"
	"sync"

	"github.com/ukrcrypto/dstu/internal/ec2m"
	"github.com/ukrcrypto/dstu/internal/modn"
	"github.com/ukrcrypto/dstu/internal/onb"
)

// Curve is an elliptic curve y² + xy = x³ + ax² + b over GF(2^m) with a base point of prime
// order n. There is one value per curve, so compare them with ==.
type Curve struct {
	name       string
	exponents  []int
	group      ec2m.Group
	basis      *onb.Basis // of written elements; nil: polynomial, as in group
	order      *modn.Modulus
	m          int
	fieldSize  int // bytes
	scalarSize int // bytes
	shift      uint
}

func lazy(name string, group func() ec2m.Group, exponents ...int) func() *Curve {
	return sync.OnceValue(func() *Curve { return newCurve(name, group(), exponents) })
}

func newCurve(name string, g ec2m.Group, exponents []int) *Curve {
	return &Curve{
		name:       name,
		exponents:  exponents,
		group:      g,
		order:      modn.New(g.Order()),
		m:          g.M(),
		fieldSize:  (g.M() + 7) / 8,
		scalarSize: (g.OrderBits() + 7) / 8,
		shift:      uint(g.Cofactor() / 2), // the cofactor is 2 or 4
	}
}

var (
	m163 = lazy("M163_PB", ec2m.M163, 3, 6, 7)
	m167 = lazy("M167_PB", ec2m.M167, 6)
	m173 = lazy("M173_PB", ec2m.M173, 1, 2, 10)
	m179 = lazy("M179_PB", ec2m.M179, 1, 2, 4)
	m191 = lazy("M191_PB", ec2m.M191, 9)
	m233 = lazy("M233_PB", ec2m.M233, 1, 4, 9)
	m257 = lazy("M257_PB", ec2m.M257, 12)
	m307 = lazy("M307_PB", ec2m.M307, 2, 4, 8)
	m367 = lazy("M367_PB", ec2m.M367, 21)
	m431 = lazy("M431_PB", ec2m.M431, 1, 3, 5)
	m571 = lazy("M571_PB", ec2m.M571, 2, 5, 10)
)

// M163PB returns the curve of annex G with m = 163, polynomial basis.
func M163PB() *Curve { return m163() }

// M167PB returns the curve of annex G with m = 167, polynomial basis.
func M167PB() *Curve { return m167() }

// M173PB returns the curve of annex G with m = 173, polynomial basis.
func M173PB() *Curve { return m173() }

// M179PB returns the curve of annex G with m = 179, polynomial basis.
func M179PB() *Curve { return m179() }

// M191PB returns the curve of annex G with m = 191, polynomial basis.
func M191PB() *Curve { return m191() }

// M233PB returns the curve of annex G with m = 233, polynomial basis.
func M233PB() *Curve { return m233() }

// M257PB returns the curve of annex G with m = 257, polynomial basis: the usual one.
func M257PB() *Curve { return m257() }

// M307PB returns the curve of annex G with m = 307, polynomial basis.
func M307PB() *Curve { return m307() }

// M367PB returns the curve of annex G with m = 367, polynomial basis.
func M367PB() *Curve { return m367() }

// M431PB returns the curve of annex G with m = 431, polynomial basis: usual for key agreement.
func M431PB() *Curve { return m431() }

// M571PB returns the curve with m = 571 that IIT uses for key agreement. Its coefficients and
// order are those of NIST B-571, its base point is not. The standard does not know it and no
// object identifier names it; signatures work on it as on the others.
func M571PB() *Curve { return m571() }

// Curves returns all curves in ascending order of m, polynomial basis before normal basis, in a
// new slice.
func Curves() []*Curve {
	return []*Curve{
		m163(), m167(), m173(), m173onb(), m179(), m179onb(), m191(), m191onb(), m233(), m233onb(),
		m257(), m307(), m367(), m431(), m431onb(), m571(),
	}
}

// Name returns the name of the curve, for example "M257_PB".
func (c *Curve) Name() string { return c.name }

// FieldBits returns m.
func (c *Curve) FieldBits() int { return c.m }

// FieldSize returns the length of a field element in bytes, ceil(m/8).
func (c *Curve) FieldSize() int { return c.fieldSize }

// ScalarSize returns the length in bytes of a private key and of each half of a signature,
// ceil(L(n)/8). It may be less than FieldSize.
func (c *Curve) ScalarSize() int { return c.scalarSize }

// OrderBits returns L(n), the bit length of the order.
func (c *Curve) OrderBits() int { return c.order.BitLen() }

// Cofactor returns the cofactor, 2 or 4.
func (c *Curve) Cofactor() int { return 1 << c.shift }

// A returns the coefficient a, 0 or 1.
func (c *Curve) A() int { return int(c.group.A()) }

// B returns the coefficient b, big-endian, FieldSize bytes.
func (c *Curve) B() []byte { return c.elementBytes(c.group.B()) }

// Order returns the order n of the base point, big-endian, ScalarSize bytes.
func (c *Curve) Order() []byte { return c.scalarBytes(c.order.Order()) }

// Generator returns the base point, compressed (clause 6.9), big-endian, FieldSize bytes.
func (c *Curve) Generator() []byte { return c.stringBytes(c.compress(c.group.Generator())) }

// Exponents returns the exponents of the field polynomial between m and 0, ascending: one for a
// trinomial, three for a pentanomial. It describes a normal basis too: formats name the field by
// this polynomial in any case.
func (c *Curve) Exponents() []int { return slices.Clone(c.exponents) }

func (c *Curve) elementBytes(w ec2m.Words) []byte { return c.stringBytes(c.written(w)) }

func (c *Curve) stringBytes(w ec2m.Words) []byte {
	return ec2m.AppendBytes(make([]byte, 0, c.fieldSize), w, c.m)
}

func (c *Curve) scalarBytes(w modn.Words) []byte {
	return modn.AppendBytes(make([]byte, 0, c.scalarSize), w, c.scalarSize)
}

// digestElement is the conversion of clause 5.9: the low m bits of the digest, read least
// significant byte first, and 1 if they are all zero.
func (c *Curve) digestElement(digest []byte) ec2m.Words {
	var b [8 * ec2m.MaxWords]byte
	copy(b[:], digest[:min(len(digest), c.fieldSize)])
	var h ec2m.Words
	for i := range h {
		h[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	h = c.read(lowBits(h, c.m))
	h[0] |= modn.IsZero(h)
	return h
}

// elementScalar is the conversion of clause 5.10: the low L(n)-1 bits of a field element.
func (c *Curve) elementScalar(y ec2m.Words) modn.Words {
	return lowBits(c.written(y), c.order.BitLen()-1)
}

// lowBits returns w mod 2^n.
func lowBits(w ec2m.Words, n int) ec2m.Words {
	for i := range w {
		switch {
		case 64*i >= n:
			w[i] = 0
		case 64*(i+1) > n:
			w[i] &= 1<<(n%64) - 1
		}
	}
	return w
}
