// Package dstu4145 implements the digital signature of DSTU 4145-2002 (ДСТУ 4145-2002) and the
// key agreement primitive of DSTU ISO/IEC 15946-3 on its elliptic curves over GF(2^m).
//
// Covered are the ten curves of annex G in polynomial basis with the base points of joint order
// 1236/5/453 of 2012, the five in optimal normal basis, and one more curve, m = 571, which a vendor
// uses for key agreement; and as [AnnexA] the random generator of annex A, which nothing here uses
// by itself. Not covered are base points or curves of one's own.
//
// # Byte order
//
// Every number crosses this package as a fixed-length big-endian string, as the standard prints
// numbers: field elements take [Curve.FieldSize] bytes, numbers modulo the order
// [Curve.ScalarSize] bytes; a signature is r followed by s. Formats that reverse strings do so
// outside this package. A digest is the string that a hash function outputs; clause 5.9 reads it
// least significant byte first, keeps m bits, and takes 1 for zero. Digests of any length work.
//
// Where [Curve.NormalBasis] says so, elements are numbers in the normal basis, whose highest bit is
// the coefficient of the generator: a digest is read as such a number, r and shared secrets are
// taken from one. Inside, everything is computed in polynomial basis, at the price of a change of
// basis, in constant time, for each element that comes in or goes out.
//
// # Nonces
//
// The one-time number of a signature is the output of the key derivation function in counter mode
// of NIST SP 800-108 with HMAC-SHA-256. Its key is the private key; its input are the curve, 32
// bytes of the caller's reader, the digest as a field element, and the number of the attempt, for
// candidates outside 1 … n-1 are thrown away and never reduced. So nonces are uniform as long as
// HMAC-SHA-256 is a pseudo-random function, whatever the reader gives; a reader that repeats itself
// costs no key, one that fails gives an error. Without a reader signatures are deterministic; the
// standard defines no deterministic mode, so nobody else will reproduce them, and anybody can verify
// them.
//
// # Faults
//
// Sign verifies each signature before it returns it, from the digest as it was passed. It does so
// by the negative private number n-d, which is kept apart from d since the key was made, where
// others use the public key: from s + (n-d)r it computes the point R a second time, as the half of
// a point with other digits. So a wrong result of the arithmetic, or one of both numbers damaged
// in memory, gives an error instead of a signature that could reveal the key. The check takes
// less than one more multiplication of the base point. What it cannot see is a fault before it has
// anything to compare: a nonce damaged where it was made gives a right signature under another
// nonce. Two signatures of a digest without a reader of random bytes, one of them under a damaged
// nonce, reveal the key; so give Sign a reader.
//
// # Timing
//
// Generating keys, signing and key agreement take time that does not depend on the private key
// or the nonce, with one exception: how many candidates rejection sampling threw away. Verification
// and the import of public keys work on public data and are not constant time. Secrets stay in
// memory until the garbage collector reuses it; nothing is overwritten on purpose.
//
// Keys and curves are immutable and safe for concurrent use.
package dstu4145
