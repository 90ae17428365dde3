// Package ec2m is the arithmetic of the groups of DSTU 4145-2002: the curves
// y² + xy = x³ + ax² + b over GF(2^m) of annex G with the base points of joint order
// 1236/5/453, and the curve with m = 571 of one vendor. The curves in optimal normal basis are
// five of the same with other base points; here their elements are in polynomial basis like all.
// The package knows points and scalars, not signatures: encodings, hashes and the checks of clause
// 10.1 belong to package dstu4145.
//
// Every method is constant time in the values of its arguments, except those named VarTime.
//
// Multiples of the base point use a table, made at the first use of a curve and kept: 42 KiB
// and 1 ms for m = 163, 108 KiB and 2 ms for m = 257, 252 KiB and 10 ms for m = 431, 428 KiB
// and 20 ms for m = 571 in portable code. Nothing else allocates.
package ec2m

//go:generate go run generate.go

// MaxWords is the length of [Words]: m = 571 takes nine words.
const MaxWords = 9

// Words is a field element or a scalar, least significant 64-bit word first. Bit i of an
// element is the coefficient of t^i. Unused high words are zero.
type Words = [MaxWords]uint64

// Group is one curve with its base point G of prime order n.
//
// Arguments and results go by value, so that nothing escapes to the heap. Elements must be
// fully reduced (degree below m). A point is an affine pair (x, y); the neutral element O has
// no pair and is reported by a flag. Groups are immutable and safe for concurrent use.
type Group interface {
	// M is the degree of the field, Words the number of 64-bit words of an element.
	M() int
	Words() int
	// A and B are the coefficients of the curve; A is 0 or 1.
	A() uint64
	B() Words
	// Order is n, OrderBits its length L(n), Cofactor 2 (a = 1) or 4 (a = 0).
	Order() Words
	OrderBits() int
	Cofactor() uint64
	// Generator is the base point G.
	Generator() (x, y Words)

	// FieldMul, Square, Sqrt, Inverse (of 0: 0), Trace (0 or 1) and HalfTrace are the
	// operations of the field (clause 5.2).
	FieldMul(a, b Words) Words
	Square(x Words) Words
	Sqrt(x Words) Words
	Inverse(x Words) Words
	Trace(x Words) uint64
	HalfTrace(x Words) Words

	// BaseMult is k·G for 0 < k < n.
	BaseMult(k Words) (x, y Words)
	// BaseMultX is the abscissa of k·G for 0 < k < n.
	BaseMultX(k Words) Words
	// BaseMultIsDouble returns 1 if k·G, 0 < k < n, is twice a point with abscissa x, and
	// otherwise 0.
	BaseMultIsDouble(k, x Words) uint64
	// MultX is the abscissa of k·Q for the points Q with abscissa x, for any
	// k < 2^(64·Words()). finite is 1, or 0 (and kx zero) when the result is O.
	MultX(k, x Words) (kx Words, finite uint64)

	// VarTimeCombineX is the abscissa of s·G + r·Q for s, r < n and any point Q of the
	// curve; ok is false when the sum is O. Its timing depends on the arguments.
	VarTimeCombineX(s, r, qx, qy Words) (x Words, ok bool)
	// WithBase is the same curve with the base point (x, y), which must have the order n, and a
	// table for it. Precompute makes the table of the base point, which is otherwise made when it
	// is first needed.
	WithBase(x, y Words) Group
	Precompute()
	// VarTimeCombineBasesX is the abscissa of s·G + r·H for s, r < n and the base point H of a
	// group that WithBase returned; otherwise it is VarTimeCombineX.
	VarTimeCombineBasesX(s, r Words, h Group) (x Words, ok bool)
	// VarTimeMult is k·Q; finite is false when the result is O.
	VarTimeMult(k, qx, qy Words) (x, y Words, finite bool)
	// VarTimeAdd is P + Q; finite is false when the sum is O.
	VarTimeAdd(px, py, qx, qy Words) (x, y Words, finite bool)

	// Negate is -(x, y) = (x, x + y).
	Negate(x, y Words) (nx, ny Words)
	// OnCurve reports whether (x, y) satisfies the equation of the curve.
	OnCurve(x, y Words) bool
	// InSubgroup reports, for a point of the curve, whether its order is n.
	InSubgroup(x, y Words) bool
	// Compress is the compressed form of clause 6.9: x with bit 0 replaced by Tr(y/x). It
	// tells points with Tr(x) = a apart, those of the subgroup among them, but for one with
	// x = 1 where a = 1: that has the form of the point of order two, the zero string.
	Compress(x, y Words) Words
	// Expand inverts Compress (clause 6.10); ok is false when no point has that form. The
	// zero string gives the point of order two. It does not check the subgroup.
	Expand(c Words) (x, y Words, ok bool)
}

// FromBytes reads an element of GF(2^m) from exactly ceil(m/8) big-endian bytes. ok is false
// for another length and for bits at or above m.
func FromBytes(b []byte, m int) (w Words, ok bool) {
	if m <= 0 || m > 64*MaxWords || len(b) != (m+7)/8 {
		return Words{}, false
	}
	for i, v := range b {
		pos := len(b) - 1 - i
		w[pos/8] |= uint64(v) << (pos % 8 * 8)
	}
	var high uint64
	for i := range w {
		switch {
		case 64*(i+1) <= m:
		case 64*i >= m:
			high |= w[i]
		default:
			high |= w[i] >> (m % 64)
		}
	}
	if high != 0 {
		return Words{}, false
	}
	return w, true
}

// AppendBytes appends the ceil(m/8) big-endian bytes of w to dst. It inverts [FromBytes].
func AppendBytes(dst []byte, w Words, m int) []byte {
	for pos := (m+7)/8 - 1; pos >= 0; pos-- {
		dst = append(dst, byte(w[pos/8]>>(pos%8*8)))
	}
	return dst
}
