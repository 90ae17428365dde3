package dstu4145

import (
	"crypto"
	cryptorand "crypto/rand"
	"errors"
	"fmt"
	"io"

	"github.com/ukrcrypto/dstu/internal/modn"
)

// maxCandidates bounds rejection sampling. A candidate is refused with a probability of about one
// half at most, so that honest randomness fails once in 2^128 times.
const maxCandidates = 128

var (
	errPrivateLength = errors.New("dstu4145: private key has a wrong length")
	errPrivateRange  = errors.New("dstu4145: private key is not in the range 1 ... n-1")
	errRandom        = errors.New("dstu4145: random source is broken")
	errFault         = errors.New("dstu4145: computation failed its check")
)

// PrivateKey is a private key d, 0 < d < n, with its public key. It is immutable and safe for
// concurrent use. It prints, logs and marshals to JSON as a constant text.
//
// It is a [crypto.Signer], a [crypto.MessageSigner] and a [KeyExchanger].
type PrivateKey struct {
	curve *Curve
	// d returns the private number. It is a function because fmt, given a structure with an
	// unexported key in it, calls no methods and follows pointers, but cannot look into this.
	d     func() modn.Words
	minus func() modn.Words // n - d, for the check of signatures
	pub   *PublicKey
}

func keep(d modn.Words) func() modn.Words { return func() modn.Words { return d } }

// GenerateKey makes a key pair (clauses 9.1 and 9.2). It reads [Curve.ScalarSize] bytes of rand,
// more than once if needed; nil means [crypto/rand.Reader].
//
// The private key is uniform in 1 … n-1. Clause 6.3 draws one bit less and so never takes the
// upper half of the range; verifiers cannot tell the difference.
func (c *Curve) GenerateKey(rand io.Reader) (*PrivateKey, error) {
	if rand == nil {
		rand = cryptorand.Reader
	}
	buf := make([]byte, c.scalarSize)
	for range maxCandidates {
		if _, err := io.ReadFull(rand, buf); err != nil {
			return nil, fmt.Errorf("dstu4145: reading random bytes: %w", err)
		}
		if d, ok := c.candidate(buf); ok {
			return c.newPrivateKey(d)
		}
	}
	return nil, errRandom
}

// candidate takes L(n) bits of b. It reports whether they are a number in 1 … n-1; that a
// candidate was thrown away tells nothing about the one that is kept.
func (c *Curve) candidate(b []byte) (modn.Words, bool) {
	w, _ := modn.SetBytes(b)
	w = lowBits(w, c.order.BitLen())
	return w, c.order.InRange(w) == 1
}

// NewPrivateKey imports a private key, big-endian, exactly [Curve.ScalarSize] bytes. Any value
// 0 < d < n is accepted and any other refused (clause 9.1).
func (c *Curve) NewPrivateKey(d []byte) (*PrivateKey, error) {
	if len(d) != c.scalarSize {
		return nil, errPrivateLength
	}
	w, ok := modn.SetBytes(d)
	if !ok || c.order.InRange(w) == 0 {
		return nil, errPrivateRange
	}
	return c.newPrivateKey(w)
}

// ReducePrivateKey imports a private key, big-endian of any length, after reduction modulo n;
// zero is refused. It is for readers of containers whose writers do not keep 0 < d < n.
func (c *Curve) ReducePrivateKey(d []byte) (*PrivateKey, error) {
	w := c.order.ReduceBytes(d)
	if c.order.InRange(w) == 0 {
		return nil, errPrivateRange
	}
	return c.newPrivateKey(w)
}

// newPrivateKey computes Q = -dP (clause 9.2), as (n-d)P.
func (c *Curve) newPrivateKey(d modn.Words) (*PrivateKey, error) {
	minus := c.order.Neg(d)
	x, y := c.group.BaseMult(minus)
	if !c.group.OnCurve(x, y) {
		return nil, errFault
	}
	pub := &PublicKey{curve: c, x: x, y: y, compressed: c.compress(x, y)}
	return &PrivateKey{curve: c, d: keep(d), minus: keep(minus), pub: pub}, nil
}

// Public returns the *[PublicKey] of k.
func (k *PrivateKey) Public() crypto.PublicKey { return k.pub }

// PublicKey returns the public key Q = -dP of k.
func (k *PrivateKey) PublicKey() *PublicKey { return k.pub }

// Curve returns the curve of k.
func (k *PrivateKey) Curve() *Curve { return k.curve }

// Bytes returns d, big-endian, [Curve.ScalarSize] bytes, in a new slice.
func (k *PrivateKey) Bytes() []byte { return k.curve.scalarBytes(k.d()) }

// Equal reports whether x is a *[PrivateKey] of the same curve and value. The values are compared
// in constant time.
func (k *PrivateKey) Equal(x crypto.PrivateKey) bool {
	o, ok := x.(*PrivateKey)
	return ok && o != nil && k.curve == o.curve && modn.Equal(k.d(), o.d()) == 1
}
