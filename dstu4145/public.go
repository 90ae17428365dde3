package dstu4145

import (
	"crypto"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/ukrcrypto/dstu/internal/ec2m"
)

var (
	errPublicLength   = errors.New("dstu4145: public key has a wrong length")
	errPublicRange    = errors.New("dstu4145: public key has bits beyond the field")
	errPublicZero     = errors.New("dstu4145: public key is the zero string")
	errPublicCurve    = errors.New("dstu4145: public key is not a point of the curve")
	errPublicSubgroup = errors.New("dstu4145: public key is not in the subgroup of prime order")
)

// PublicKey is a public key: a point of prime order, checked when it was imported. It is
// immutable, but for what [PublicKey.Prepare] adds, and safe for concurrent use.
type PublicKey struct {
	curve      *Curve
	x, y       ec2m.Words
	compressed ec2m.Words
	prepare    sync.Once
	base       atomic.Pointer[ec2m.Group] // the group with (x, y) as base point, once prepared
}

// Prepare makes a table for p, so that [Verify] takes about a third of the time for this key. It
// pays from some dozens of signatures on, for the keys of certification authorities and of services
// that answer for them. Everything that shares p gains.
//
// The table stays as long as p does. With assembly it takes 36 KiB for m = 163, 52 KiB for m = 257,
// 176 KiB for m = 431 and 290 KiB for m = 571; without it 42, 108, 252 and 428 KiB.
// Prepare returns when it is made, after the time of some dozens of verifications; later calls do
// nothing.
func (p *PublicKey) Prepare() {
	p.prepare.Do(func() {
		base := p.curve.group.WithBase(p.x, p.y)
		base.Precompute()
		p.base.Store(&base)
	})
}

// NewPublicKey imports a public key from its compressed form (clause 6.10), big-endian, exactly
// [Curve.FieldSize] bytes.
//
// It makes the checks of clause 10.1: the string is not zero and has no bits beyond the field, a
// point with this form exists, and its order is n. The last one matters: for keys outside the
// subgroup there are signatures that satisfy the equation of clause 13.
func (c *Curve) NewPublicKey(q []byte) (*PublicKey, error) {
	if len(q) != c.fieldSize {
		return nil, errPublicLength
	}
	w, ok := ec2m.FromBytes(q, c.m)
	if !ok {
		return nil, errPublicRange
	}
	if w == (ec2m.Words{}) { // the point (0, sqrt b) of order 2
		return nil, errPublicZero
	}
	x, y, ok := c.expand(w)
	if !ok {
		return nil, errPublicCurve
	}
	if !c.group.InSubgroup(x, y) {
		return nil, errPublicSubgroup
	}
	return &PublicKey{curve: c, x: x, y: y, compressed: w}, nil
}

// NewPublicKeyAffine imports a public key from its coordinates, big-endian, exactly
// [Curve.FieldSize] bytes each, with the checks of [Curve.NewPublicKey].
func (c *Curve) NewPublicKeyAffine(x, y []byte) (*PublicKey, error) {
	if len(x) != c.fieldSize || len(y) != c.fieldSize {
		return nil, errPublicLength
	}
	xw, okX := c.element(x)
	yw, okY := c.element(y)
	if !okX || !okY {
		return nil, errPublicRange
	}
	if !c.group.OnCurve(xw, yw) {
		return nil, errPublicCurve
	}
	if !c.group.InSubgroup(xw, yw) {
		return nil, errPublicSubgroup
	}
	// In normal basis a point of order n too may have the string that means the point of order two.
	w := c.compress(xw, yw)
	if w == (ec2m.Words{}) {
		return nil, errPublicZero
	}
	return &PublicKey{curve: c, x: xw, y: yw, compressed: w}, nil
}

// Curve returns the curve of p.
func (p *PublicKey) Curve() *Curve { return p.curve }

// Bytes returns the compressed form (clause 6.9), big-endian, [Curve.FieldSize] bytes, in a new
// slice.
func (p *PublicKey) Bytes() []byte { return p.curve.stringBytes(p.compressed) }

// BytesAffine returns the coordinates, big-endian, [Curve.FieldSize] bytes each, in new slices.
func (p *PublicKey) BytesAffine() (x, y []byte) {
	return p.curve.elementBytes(p.x), p.curve.elementBytes(p.y)
}

// Equal reports whether x is a *[PublicKey] of the same curve and value.
func (p *PublicKey) Equal(x crypto.PublicKey) bool {
	o, ok := x.(*PublicKey)
	return ok && o != nil && p.curve == o.curve && p.x == o.x && p.y == o.y
}
