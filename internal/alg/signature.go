package alg

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/der"
)

// Scheme is the mathematics of a signature algorithm.
type Scheme int

// Schemes of signatures.
const (
	SchemeDSTU4145 Scheme = iota + 1
	SchemeECDSA
	SchemeRSA
	SchemeRSAPSS
)

// Signature is a signature algorithm.
type Signature struct {
	OID       asn1.ObjectIdentifier
	Digest    asn1.ObjectIdentifier // its hash function; nil for RSASSA-PSS until its parameters are read
	Scheme    Scheme
	BigEndian bool // DSTU 4145: the octets are reversed as a whole, s before r

	NormalBasis bool // DSTU 4145: for keys over a normal basis
	anyBasis    bool // the identifier does not tell the basis
	saltLength  int  // RSASSA-PSS
}

// ErrKeyType means that a key does not belong to the signature algorithm.
var ErrKeyType = errors.New("alg: key does not fit the signature algorithm")

// ErrEncoding means that the octets of a signature have the wrong shape.
var ErrEncoding = errors.New("alg: malformed signature octets")

var foreignSignatures = []Signature{
	{OID: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}, Digest: OIDSHA256, Scheme: SchemeECDSA},
	{OID: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}, Digest: OIDSHA384, Scheme: SchemeECDSA},
	{OID: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}, Digest: OIDSHA512, Scheme: SchemeECDSA},
	{OID: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 1}, Digest: OIDSHA224, Scheme: SchemeECDSA},
	{OID: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}, Digest: OIDSHA1, Scheme: SchemeECDSA},
	{OID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, Digest: OIDSHA256, Scheme: SchemeRSA},
	{OID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}, Digest: OIDSHA384, Scheme: SchemeRSA},
	{OID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}, Digest: OIDSHA512, Scheme: SchemeRSA},
	{OID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 14}, Digest: OIDSHA224, Scheme: SchemeRSA},
	{OID: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}, Digest: OIDSHA1, Scheme: SchemeRSA},
	{OID: OIDRSAPSS, Scheme: SchemeRSAPSS},
}

// dstuSignature knows DSTU 4145: 3.1 with GOST 34.311 and 3.6.k with Kupyna, followed by 1 for a
// polynomial or 2 for a normal basis; with .1.1 behind that they are big-endian. Old writers
// leave out the basis behind 3.6.k.
func dstuSignature(oid asn1.ObjectIdentifier) (Signature, bool) {
	s := Signature{OID: oid, Scheme: SchemeDSTU4145}
	tail, gost := under(oid, oidDSTU4145GOST)
	if gost {
		s.Digest = OIDGOST34311
	} else {
		rest, ok := under(oid, oidDSTU4145Kupy)
		if !ok || rest[0] < 1 || rest[0] > 3 {
			return Signature{}, false
		}
		s.Digest = []asn1.ObjectIdentifier{OIDKupyna256, OIDKupyna384, OIDKupyna512}[rest[0]-1]
		tail = rest[1:]
	}
	if len(tail) == 0 {
		s.anyBasis = true
		return s, true
	}
	s.NormalBasis = tail[0] == 2
	s.BigEndian = slices.Equal(tail[1:], []int{1, 1})
	return s, (tail[0] == 1 || tail[0] == 2) && (len(tail) == 1 || s.BigEndian)
}

// Fits reports whether the algorithm makes DSTU 4145 signatures by keys of the curve.
func (s Signature) Fits(c *dstu4145.Curve) bool {
	return s.Scheme == SchemeDSTU4145 && (s.anyBasis || s.NormalBasis == c.NormalBasis())
}

// SignatureByOID returns the signature algorithm with the identifier. For RSASSA-PSS use
// [ParseSignature].
func SignatureByOID(oid asn1.ObjectIdentifier) (Signature, bool) {
	if s, ok := dstuSignature(oid); ok {
		return s, true
	}
	for _, s := range foreignSignatures {
		if s.OID.Equal(oid) {
			return s, true
		}
	}
	return Signature{}, false
}

// SignatureFor returns the DSTU 4145 signature algorithm to write with a digest and a key of the
// curve: little-endian.
func SignatureFor(digest asn1.ObjectIdentifier, c *dstu4145.Curve) (Signature, bool) {
	basis := 1
	if c.NormalBasis() {
		basis = 2
	}
	for _, arcs := range [][]int{{3, 1, basis}, {3, 6, 1, basis}, {3, 6, 2, basis}, {3, 6, 3, basis}} {
		if s, _ := dstuSignature(ua(arcs...)); s.Digest.Equal(digest) {
			return s, true
		}
	}
	return Signature{}, false
}

// ParseSignature returns the signature algorithm with the identifier and its parameters: the
// octets behind the OID in the AlgorithmIdentifier. RSASSA-PSS takes its digest and the length
// of its salt from there; all other algorithms ignore them, as writers put NULL, nothing, or
// the parameters of the key there. Errors wrap [ErrUnsupported] or [ErrParams].
func ParseSignature(oid asn1.ObjectIdentifier, params []byte) (Signature, error) {
	s, ok := SignatureByOID(oid)
	if !ok {
		return Signature{}, unsupported("signature algorithm", oid)
	}
	if s.Scheme == SchemeRSAPSS {
		return s.withPSS(params)
	}
	return s, nil
}

// withPSS reads RSASSA-PSS-params (RFC 4055, 3.1). MGF1 must use the digest of the message. A
// salt of no octets is not supported: package crypto/rsa takes 0 for any length.
func (s Signature) withPSS(params []byte) (Signature, error) {
	s.Digest, s.saltLength = OIDSHA1, 20
	maskDigest := OIDSHA1
	mask := oidMGF1
	outer := der.New(params, "parameters")
	r := outer.Sequence("")
	if h, ok := r.Optional("hashAlgorithm", der.Explicit(0)); ok {
		s.Digest = readIdentifier(h)
	}
	if m, ok := r.Optional("maskGenAlgorithm", der.Explicit(1)); ok {
		id := m.Sequence("")
		mask = id.OID("algorithm")
		maskDigest = readIdentifier(id)
		_ = id.End()
		_ = m.End()
	}
	if l, ok := r.Optional("saltLength", der.Explicit(2)); ok {
		s.saltLength = l.Int("", 1<<12)
		_ = l.End()
	}
	if t, ok := r.Optional("trailerField", der.Explicit(3)); ok {
		if t.Int("", 1) != 1 {
			t.Failf("", "unknown trailer")
		}
		_ = t.End()
	}
	if r.End() != nil || outer.End() != nil {
		return Signature{}, fmt.Errorf("%w: %w", ErrParams, outer.Err())
	}
	if d, ok := digestByOID(s.Digest); !ok || d.std == 0 || s.saltLength == 0 || !mask.Equal(oidMGF1) || !maskDigest.Equal(s.Digest) {
		return Signature{}, unsupported("RSASSA-PSS parameters", s.Digest)
	}
	return s, nil
}

// readIdentifier reads an AlgorithmIdentifier that is all of r, with NULL or nothing behind the
// OID.
func readIdentifier(r *der.Reader) asn1.ObjectIdentifier {
	id := r.Sequence("")
	oid := id.OID("algorithm")
	if !id.Empty() {
		id.Null("parameters")
	}
	_ = id.End()
	_ = r.End()
	return oid
}

// ToWire turns r‖s, two big-endian halves, into the octets of the wire: both halves
// little-endian, or for a big-endian OID everything reversed once more. The OCTET STRING around
// it is the caller's.
func (s Signature) ToWire(sig []byte) []byte {
	out := slices.Clone(sig)
	if s.BigEndian {
		swapHalves(out)
		return out
	}
	half := len(out) / 2
	slices.Reverse(out[:half])
	slices.Reverse(out[half:])
	return out
}

func swapHalves(b []byte) {
	half := len(b) / 2
	for i := range half {
		b[i], b[half+i] = b[half+i], b[i]
	}
}

// maxHalf bounds the halves of signatures that are longer than the order of the group asks for.
const maxHalf = 64

// FromWire turns octets of the wire into r‖s, two big-endian halves of curve.ScalarSize octets.
// The length must be even and at least that of two such halves; halves may be longer only by
// zeros, up to 64 octets or ScalarSize, whichever is more: the standard lets the length of a
// signature be chosen, and its example has 32 octets a half. Shorter halves, which some writers
// make, are refused.
func (s Signature) FromWire(wire []byte, curve *dstu4145.Curve) ([]byte, error) {
	half, size := len(wire)/2, curve.ScalarSize()
	if len(wire)%2 != 0 || half < size || half > max(size, maxHalf) {
		return nil, ErrEncoding
	}
	be := s.ToWire(wire) // the map is its own inverse
	out := make([]byte, 0, 2*size)
	for _, h := range [][]byte{be[:half], be[half:]} {
		for _, pad := range h[:half-size] {
			if pad != 0 {
				return nil, ErrEncoding
			}
		}
		out = append(out, h[half-size:]...)
	}
	return out, nil
}

// Unwrap returns the contents of sig if all of it is one DER OCTET STRING, as X.509 wraps DSTU
// 4145 signatures.
func Unwrap(sig []byte) ([]byte, bool) {
	s := cryptobyte.String(sig)
	var inner cryptobyte.String
	if !s.ReadASN1(&inner, cbasn1.OCTET_STRING) || !s.Empty() {
		return nil, false
	}
	return inner, true
}

// VerifyDigest checks a signature over a digest. For DSTU 4145 sig are the octets that
// [Signature.FromWire] takes, without an OCTET STRING around them. The error is [ErrKeyType] if
// the key is of another kind or basis, [ErrEncoding], or wraps [ErrUnsupported]; a signature that is
// merely wrong gives false and no error.
func (s Signature) VerifyDigest(pub crypto.PublicKey, digest, sig []byte) (bool, error) {
	switch key := pub.(type) {
	case *dstu4145.PublicKey:
		if !s.Fits(key.Curve()) {
			return false, ErrKeyType
		}
		be, err := s.FromWire(sig, key.Curve())
		if err != nil {
			return false, err
		}
		return dstu4145.Verify(key, digest, be), nil
	case *ecdsa.PublicKey:
		if s.Scheme != SchemeECDSA {
			return false, ErrKeyType
		}
		return ecdsa.VerifyASN1(key, digest, sig), nil
	case *rsa.PublicKey:
		d, _ := digestByOID(s.Digest)
		switch s.Scheme {
		case SchemeRSA:
			return rsa.VerifyPKCS1v15(key, d.std, digest, sig) == nil, nil
		case SchemeRSAPSS:
			o := &rsa.PSSOptions{SaltLength: s.saltLength, Hash: d.std}
			return rsa.VerifyPSS(key, d.std, digest, sig, o) == nil, nil
		}
	}
	return false, ErrKeyType
}
