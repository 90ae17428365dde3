package dstu4145

import (
	"github.com/ukrcrypto/dstu/internal/ec2m"
	"github.com/ukrcrypto/dstu/internal/modn"
)

// Verify reports whether sig is a signature of digest under pub (clause 13). sig is r ‖ s, each
// big-endian of exactly [Curve.ScalarSize] bytes; any other length is refused, as are r and s
// outside 1 … n-1, and an empty digest. It does not allocate.
func Verify(pub *PublicKey, digest, sig []byte) bool {
	if pub == nil || pub.curve == nil || len(digest) == 0 {
		return false
	}
	c := pub.curve
	if len(sig) != 2*c.scalarSize {
		return false
	}
	r, okR := modn.SetBytes(sig[:c.scalarSize])
	s, okS := modn.SetBytes(sig[c.scalarSize:])
	if !okR || !okS || c.order.InRange(r)&c.order.InRange(s) == 0 {
		return false
	}
	x, finite := pub.combine(s, r)
	if !finite { // R = O
		return false
	}
	return c.elementScalar(c.group.FieldMul(c.digestElement(digest), x)) == r
}

// combine is the abscissa of sP + rQ, and whether it has one.
func (p *PublicKey) combine(s, r modn.Words) (x ec2m.Words, finite bool) {
	if base := p.base.Load(); base != nil {
		return p.curve.group.VarTimeCombineBasesX(s, r, *base)
	}
	return p.curve.group.VarTimeCombineX(s, r, p.x, p.y)
}
