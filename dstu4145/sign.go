package dstu4145

import (
	"crypto"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/ukrcrypto/dstu/internal/ec2m"
	"github.com/ukrcrypto/dstu/internal/kbkdf"
	"github.com/ukrcrypto/dstu/internal/modn"
)

var (
	errDigestLength = errors.New("dstu4145: digest does not have the length of the hash function in the options")
	errDigestEmpty  = errors.New("dstu4145: empty digest")
	errNoHash       = errors.New("dstu4145: options name no hash function")
)

// entropySize is what Sign reads from the caller's source.
const entropySize = 32

// Options names the hash function of a message. It is a [crypto.SignerOpts].
type Options struct {
	// Hash makes the hash function, for example gost34311.New.
	Hash func() hash.Hash
}

// HashFunc returns 0: the hash functions used with DSTU 4145 have no [crypto.Hash] number.
func (*Options) HashFunc() crypto.Hash { return 0 }

// Sign signs a digest (clause 12). The signature is r ‖ s, each big-endian of [Curve.ScalarSize]
// bytes.
//
// Sign reads 32 bytes of rand; an error or the end of rand is an error, never a weaker signature.
// rand may be nil, then signatures are deterministic. See the package comment for how the nonce
// is made and for the check before the signature is returned.
//
// opts may be nil and is ignored, except that a digest must have the length of the hash function
// that opts names, as an *[Options] or by a [crypto.Hash] number. An empty digest is refused: it
// is a message that somebody forgot to hash.
func (k *PrivateKey) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if len(digest) == 0 {
		return nil, errDigestEmpty
	}
	if size := digestSize(opts); size != 0 && size != len(digest) {
		return nil, errDigestLength
	}
	var entropy []byte
	if rand != nil {
		entropy = make([]byte, entropySize)
		if _, err := io.ReadFull(rand, entropy); err != nil {
			return nil, fmt.Errorf("dstu4145: reading random bytes: %w", err)
		}
	}

	c := k.curve
	h := c.digestElement(digest)
	source := k.nonces(entropy, h)
	for range maxCandidates {
		e, ok := source.candidate()
		if !ok {
			continue
		}
		x := c.group.BaseMultX(e)
		r, s, ok := c.signature(h, x, e, k.d())
		if !ok {
			continue
		}
		return k.checked(digest, x, r, s)
	}
	return nil, errFault
}

// digestSize is the length in bytes of the digests that opts speaks of, 0 if it names none.
func digestSize(opts crypto.SignerOpts) int {
	switch o := opts.(type) {
	case nil:
		return 0
	case *Options:
		if o == nil || o.Hash == nil {
			return 0
		}
		return o.Hash().Size()
	}
	if h := opts.HashFunc(); h != 0 {
		return h.Size()
	}
	return 0
}

// SignMessage hashes msg and signs the digest as [PrivateKey.Sign] does. opts must be an
// *[Options] with a hash function.
func (k *PrivateKey) SignMessage(rand io.Reader, msg []byte, opts crypto.SignerOpts) ([]byte, error) {
	o, ok := opts.(*Options)
	if !ok || o == nil || o.Hash == nil {
		return nil, errNoHash
	}
	h := o.Hash()
	h.Write(msg)
	return k.Sign(rand, h.Sum(nil), nil)
}

// nonces is the source of one-time numbers for one signature: candidate i is the output of the
// key derivation function in counter mode, keyed by d, for what the signature is made of and i.
type nonces struct {
	curve   *Curve
	key     [8 * modn.MaxWords]byte
	context [kbkdf.MaxInput]byte
	size    int  // of context, without the number of the candidate
	next    byte // maxCandidates is less than 256
}

const nonceLabel = "DSTU 4145 nonce v2"

// nonces writes the length and the name of the curve, the mode, the entropy if the mode says so,
// and the digest element, which has the length of the curve: contexts are unambiguous.
func (k *PrivateKey) nonces(entropy []byte, h ec2m.Words) (s nonces) {
	const hedged, deterministic = 1, 0
	c := k.curve
	mode := byte(deterministic)
	if entropy != nil {
		mode = hedged
	}
	b := append(s.context[:0], byte(len(c.name)))
	b = append(b, c.name...)
	b = append(b, mode)
	b = append(b, entropy...)
	b = modn.AppendBytes(b, c.written(h), c.fieldSize)
	s.curve, s.size = c, len(b)
	modn.AppendBytes(s.key[:0], k.d(), c.scalarSize)
	return s
}

// candidate takes the next candidate and reports whether it is a number in 1 … n-1.
func (s *nonces) candidate() (e modn.Words, ok bool) {
	size := s.curve.scalarSize
	s.context[s.size] = s.next
	s.next++
	var buf [8 * modn.MaxWords]byte
	kbkdf.Fill(buf[:size], s.key[:size], []byte(nonceLabel), s.context[:s.size+1])
	return s.curve.candidate(buf[:size])
}

// signature is the arithmetic of clause 12 after the point R = eP: r from y = h·x_R, and
// s = e + dr mod n. ok is false if r or s is zero and another e is needed.
func (c *Curve) signature(h, xr ec2m.Words, e, d modn.Words) (r, s modn.Words, ok bool) {
	r = c.elementScalar(c.group.FieldMul(h, xr))
	s = c.order.MulAdd(e, d, r)
	return r, s, modn.IsZero(r)|modn.IsZero(s) == 0
}

// checked returns the octets of a signature for R with abscissa x, after verifying them: with
// n-d from its own place in memory instead of Q, so that the check takes one multiplication by
// the comb.
//
// It computes e = s + (n-d)r, and 2eG, with other digits than those of R had; x must be the
// abscissa of half that point. What that leaves beside ±eG is its sum with the point of order
// two, at sqrt(b)/x. Then r must come from x and from the digest, which is converted once more,
// because a fault in the first conversion would give the valid signature of another digest under,
// perhaps, the same nonce.
func (k *PrivateKey) checked(digest []byte, x ec2m.Words, r, s modn.Words) ([]byte, error) {
	c := k.curve
	e := c.order.MulAdd(s, k.minus(), r)
	good := c.order.InRange(r) & c.order.InRange(s) & c.order.InRange(e)
	good &= c.group.BaseMultIsDouble(c.order.Add(e, e), x)
	good &= modn.Equal(c.elementScalar(c.group.FieldMul(c.digestElement(digest), x)), r)
	if good != 1 {
		return nil, errFault
	}
	sig := make([]byte, 0, 2*c.scalarSize)
	sig = modn.AppendBytes(sig, r, c.scalarSize)
	return modn.AppendBytes(sig, s, c.scalarSize), nil
}
