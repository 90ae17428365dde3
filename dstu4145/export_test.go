package dstu4145

import (
	"github.com/ukrcrypto/dstu/internal/ec2m"
	"github.com/ukrcrypto/dstu/internal/modn"
)

// SignWithNonce signs with a given one-time number e, ScalarSize bytes big-endian. ok is false if
// e gives r = 0 or s = 0.
func SignWithNonce(k *PrivateKey, digest, e []byte) (sig []byte, ok bool, err error) {
	c := k.curve
	w, _ := modn.SetBytes(e)
	x := c.group.BaseMultX(w)
	r, s, ok := c.signature(c.digestElement(digest), x, w, k.d())
	if !ok {
		return nil, false, nil
	}
	sig, err = k.checked(digest, x, r, s)
	return sig, true, err
}

// SignatureFromPoint is the part of signing after R: it returns r ‖ s for the abscissa of R, and
// whether they are a signature.
func SignatureFromPoint(c *Curve, digest, xr, e, d []byte) (sig []byte, ok bool) {
	x, _ := c.element(xr)
	ew, _ := modn.SetBytes(e)
	dw, _ := modn.SetBytes(d)
	r, s, ok := c.signature(c.digestElement(digest), x, ew, dw)
	return append(c.scalarBytes(r), c.scalarBytes(s)...), ok
}

// Checked is the check at the end of Sign on a given r ‖ s and the abscissa of R.
func Checked(k *PrivateKey, digest, xr, sig []byte) ([]byte, error) {
	x, _ := k.curve.element(xr)
	r, _ := modn.SetBytes(sig[:k.curve.scalarSize])
	s, _ := modn.SetBytes(sig[k.curve.scalarSize:])
	return k.checked(digest, x, r, s)
}

// Nonce returns the first accepted one-time number of a signature.
func Nonce(k *PrivateKey, entropy, digest []byte) []byte {
	g := k.nonces(entropy, k.curve.digestElement(digest))
	for {
		if e, ok := g.candidate(); ok {
			return k.curve.scalarBytes(e)
		}
	}
}

// DigestElement is the conversion of clause 5.9.
func DigestElement(c *Curve, digest []byte) []byte { return c.elementBytes(c.digestElement(digest)) }

// Group is the arithmetic of c, Element and ElementBytes convert elements of its field.
func Group(c *Curve) ec2m.Group                     { return c.group }
func Element(c *Curve, b []byte) (ec2m.Words, bool) { return c.element(b) }
func ElementBytes(c *Curve, w ec2m.Words) []byte    { return c.elementBytes(w) }

// Expand is the inverse of compression, clause 6.10, for a string of FieldSize bytes.
func Expand(c *Curve, b []byte) (x, y ec2m.Words, ok bool) {
	w, ok := ec2m.FromBytes(b, c.m)
	if !ok || w == (ec2m.Words{}) {
		return x, y, false
	}
	return c.expand(w)
}

// WithGroup returns c over other arithmetic.
func WithGroup(c *Curve, g ec2m.Group) *Curve {
	other := newCurve(c.name, g, c.exponents)
	other.basis = c.basis
	return other
}

// Rebind returns k with another curve value and private number, to plant faults.
func Rebind(k *PrivateKey, c *Curve, d []byte) *PrivateKey {
	w, _ := modn.SetBytes(d)
	return &PrivateKey{curve: c, d: keep(w), minus: k.minus, pub: k.pub}
}

// UncheckedPublicKey makes a public key of any pair of elements.
func UncheckedPublicKey(c *Curve, x, y ec2m.Words) *PublicKey {
	return &PublicKey{curve: c, x: x, y: y, compressed: c.compress(x, y)}
}

// AnnexAFrom returns the generator of annex A in a state while it takes another for its first.
func AnnexAFrom(key, state, date, first []byte) *AnnexA {
	a := newAnnexA(key, first, date, nil)
	a.state = annexABlock(state)
	return &AnnexA{a.read}
}
