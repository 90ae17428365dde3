package alg

import (
	"bytes"
	"crypto/elliptic"
	"encoding/asn1"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/der"
)

// KeyParams is the algorithm of a DSTU 4145 key: DSTU4145Params of the joint order of
// 20.08.2012 No 1236/5/453, and the byte order that the key's OID stands for.
type KeyParams struct {
	Curve     *dstu4145.Curve
	Named     bool            // namedCurve, not all the numbers; never true for M571_PB, which has no OID
	BigEndian bool            // octet strings are big-endian
	SBox      *gost28147.SBox // the dke; nil: none written
}

// KeyKind is the family of a public key algorithm.
type KeyKind int

// Families of keys.
const (
	KeyUnknown KeyKind = iota
	KeyDSTU4145
	KeyEC
	KeyRSA
)

// KindOfKey returns the family of the algorithm of a SubjectPublicKeyInfo or PrivateKeyInfo.
func KindOfKey(oid asn1.ObjectIdentifier) KeyKind {
	switch {
	case oid.Equal(OIDECPublicKey):
		return KeyEC
	case oid.Equal(OIDRSAEncryption), oid.Equal(OIDRSAPSS):
		return KeyRSA
	}
	if _, ok := dstuSignature(oid); ok {
		return KeyDSTU4145 // signature OIDs with Kupyna may name keys as well
	}
	return KeyUnknown
}

// ParseKeyParams reads the parameters of a key with the given algorithm: the octets behind the
// OID in its AlgorithmIdentifier. They are DSTU4145Params, or as Bouncy Castle writes them in some
// keys: the name of the curve alone, or ECParameters of X9.62. Numbers written in full must be those of a known curve, and
// then mean that curve; nothing is computed with them. Errors wrap [ErrUnsupported] (another
// algorithm, curve or base point), [ErrParams] or a [*der.Error].
func ParseKeyParams(oid asn1.ObjectIdentifier, params cryptobyte.String) (KeyParams, error) {
	s, ok := dstuSignature(oid)
	if !ok {
		return KeyParams{}, unsupported("key algorithm", oid)
	}
	p := KeyParams{BigEndian: s.BigEndian}

	outer := der.New(params, "parameters")
	r := outer
	if !outer.Peek(cbasn1.OBJECT_IDENTIFIER) {
		r = outer.Sequence("")
	}
	bare := r == outer
	var err error
	if r.Peek(cbasn1.OBJECT_IDENTIFIER) {
		p.Named = true
		p.Curve, err = CurveByOID(r.OID("namedCurve"))
	} else if r.Peek(cbasn1.INTEGER) {
		p.Curve, err = parseX962(r)
	} else {
		p.Curve, err = ParseECBinary(r, "ecbinary", p.BigEndian)
	}
	if !bare && r.Peek(cbasn1.OCTET_STRING) {
		sbox, derr := gost28147.ParseDKE(r.OctetString("dke"))
		if derr != nil && err == nil {
			err = fmt.Errorf("%w: dke", ErrParams)
		}
		p.SBox = sbox
	}
	if r.End() != nil || outer.End() != nil {
		return KeyParams{}, fmt.Errorf("%w: %w", ErrParams, outer.Err())
	}
	if err != nil {
		return KeyParams{}, err
	}
	if p.Curve.NormalBasis() != s.NormalBasis {
		return KeyParams{}, unsupported("curve in another basis than that of the key algorithm", oid)
	}
	return p, nil
}

// namedCurves are the curves of the standard by the last arc of their identifiers.
var namedCurves = []struct {
	oid  asn1.ObjectIdentifier
	list []*dstu4145.Curve
}{
	{oidCurvesPB, []*dstu4145.Curve{
		dstu4145.M163PB(), dstu4145.M167PB(), dstu4145.M173PB(), dstu4145.M179PB(), dstu4145.M191PB(),
		dstu4145.M233PB(), dstu4145.M257PB(), dstu4145.M307PB(), dstu4145.M367PB(), dstu4145.M431PB(),
	}},
	{oidCurvesONB, []*dstu4145.Curve{
		dstu4145.M173ONB(), dstu4145.M179ONB(), dstu4145.M191ONB(), dstu4145.M233ONB(), dstu4145.M431ONB(),
	}},
}

// explicitCurves are those that may be given by all their numbers. No two share b.
var explicitCurves = dstu4145.Curves()

// CurveByOID returns the curve with the identifier. The error is an [*UnsupportedError].
func CurveByOID(oid asn1.ObjectIdentifier) (*dstu4145.Curve, error) {
	for _, named := range namedCurves {
		rest, ok := under(oid, named.oid)
		if ok && len(rest) == 1 && rest[0] >= 0 && rest[0] < len(named.list) {
			return named.list[rest[0]], nil
		}
	}
	return nil, unsupported("curve", oid)
}

// CurveOID returns the identifier of a named curve, nil for a curve without one.
func CurveOID(c *dstu4145.Curve) asn1.ObjectIdentifier {
	for _, named := range namedCurves {
		if i := slices.Index(named.list, c); i >= 0 {
			return append(slices.Clone(named.oid), i)
		}
	}
	return nil
}

// ParseECBinary reads an ECBinary: a curve given by all its numbers, which must be those of a
// known one. A curve in normal basis is named by the same polynomial as one in polynomial basis,
// but by another b. bigEndian tells the byte order of b and the base point. The exponents of the field
// polynomial may stand in any order (certificates write them ascending, IIT's key containers
// descending). Faults of the encoding are left in r; other numbers are an [*UnsupportedError].
func ParseECBinary(r *der.Reader, field string, bigEndian bool) (*dstu4145.Curve, error) {
	seq := r.Sequence(field)
	f := seq.Sequence("f")
	m := f.Int("m", 1<<16)
	var exponents []int
	if f.Peek(cbasn1.INTEGER) {
		exponents = []int{f.Int("k", 1<<16)}
	} else {
		p := f.Sequence("pentanomial")
		exponents = []int{p.Int("k", 1<<16), p.Int("j", 1<<16), p.Int("l", 1<<16)}
		_ = p.End()
		slices.Sort(exponents)
	}
	_ = f.End()
	a := seq.Int("a", 1)
	b := seq.OctetString("b")
	n := seq.Unsigned("n")
	bp := seq.OctetString("bp")
	if seq.End() != nil {
		return nil, ErrParams
	}
	for _, c := range explicitCurves {
		if c.FieldBits() == m && len(b) == c.FieldSize() && len(bp) == c.FieldSize() && // before any work on them
			c.A() == a && slices.Equal(c.Exponents(), exponents) && bytes.Equal(c.B(), wire(b, bigEndian)) &&
			bytes.Equal(bytes.TrimLeft(c.Order(), "\x00"), n) && bytes.Equal(c.Generator(), wire(bp, bigEndian)) {
			return c, nil
		}
	}
	return nil, unsupported("explicit curve parameters", nil)
}

// wire turns octets between big-endian and the order of the wire; the result is a new slice.
func wire(b []byte, bigEndian bool) []byte {
	out := slices.Clone(b)
	if !bigEndian {
		slices.Reverse(out)
	}
	return out
}

// OID returns the identifier of the key algorithm.
func (p KeyParams) OID() asn1.ObjectIdentifier {
	switch {
	case p.Curve.NormalBasis() && p.BigEndian:
		return OIDDSTU4145NormalBE
	case p.Curve.NormalBasis():
		return OIDDSTU4145NormalLE
	case p.BigEndian:
		return OIDDSTU4145BE
	}
	return OIDDSTU4145LE
}

// AddAlgorithmIdentifier writes the key's AlgorithmIdentifier.
func (p KeyParams) AddAlgorithmIdentifier(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(p.OID())
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			if oid := CurveOID(p.Curve); p.Named && oid != nil {
				b.AddASN1ObjectIdentifier(oid)
			} else {
				AddECBinary(b, p.Curve, p.BigEndian)
			}
			if p.SBox != nil {
				b.AddASN1OctetString(p.SBox.DKE())
			}
		})
	})
}

// AddECBinary writes all numbers of a curve, exponents ascending.
func AddECBinary(b *cryptobyte.Builder, c *dstu4145.Curve, bigEndian bool) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(int64(c.FieldBits()))
			ks := c.Exponents()
			if len(ks) == 1 {
				b.AddASN1Int64(int64(ks[0]))
				return
			}
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				for _, k := range ks {
					b.AddASN1Int64(int64(k))
				}
			})
		})
		b.AddASN1Int64(int64(c.A()))
		b.AddASN1OctetString(wire(c.B(), bigEndian))
		b.AddASN1(cbasn1.INTEGER, func(b *cryptobyte.Builder) {
			n := bytes.TrimLeft(c.Order(), "\x00")
			if n[0]&0x80 != 0 {
				b.AddUint8(0)
			}
			b.AddBytes(n)
		})
		b.AddASN1OctetString(wire(c.Generator(), bigEndian))
	})
}

// EncodePoint returns the compressed point in the byte order of the wire, without the OCTET
// STRING around it.
func (p KeyParams) EncodePoint(pub *dstu4145.PublicKey) []byte {
	return wire(pub.Bytes(), p.BigEndian)
}

// DecodePoint reads what [KeyParams.EncodePoint] writes. The point is checked in full.
func (p KeyParams) DecodePoint(octets []byte) (*dstu4145.PublicKey, error) {
	if len(octets) != p.Curve.FieldSize() {
		return p.Curve.NewPublicKey(nil) // the error for a wrong length, before any work on them
	}
	return p.Curve.NewPublicKey(wire(octets, p.BigEndian))
}

// EncodeScalar returns a private key in the byte order of the wire, ScalarSize octets.
func (p KeyParams) EncodeScalar(d []byte) []byte { return wire(d, p.BigEndian) }

// HashSBox returns the S-box of the hash that goes with the key: its own, else DKE No. 1.
func (p KeyParams) HashSBox() *gost28147.SBox {
	if p.SBox != nil {
		return p.SBox
	}
	return gost28147.DKE1()
}

// EllipticCurve returns the NIST curve with the identifier, or nil.
func EllipticCurve(oid asn1.ObjectIdentifier) elliptic.Curve {
	switch {
	case oid.Equal(oidP256):
		return elliptic.P256()
	case oid.Equal(oidP384):
		return elliptic.P384()
	case oid.Equal(oidP521):
		return elliptic.P521()
	}
	return nil
}
