package dstu4145

import "github.com/ukrcrypto/dstu/internal/modn"

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
	x, finite := c.group.VarTimeCombineX(s, r, pub.x, pub.y)
	if !finite { // R = O
		return false
	}
	return c.elementScalar(c.group.FieldMul(c.digestElement(digest), x)) == r
}
