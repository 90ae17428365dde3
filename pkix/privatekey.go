package pkix

import (
	"crypto"
	"crypto/subtle"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
)

// PrivateKeyInfo is a private key with what its PKCS#8 encoding says about it. It prints
// redacted.
type PrivateKeyInfo struct {
	Key          crypto.Signer // *dstu4145.PrivateKey, *ecdsa.PrivateKey or *rsa.PrivateKey
	AlgorithmOID asn1.ObjectIdentifier
	SBox         *gost28147.SBox // DSTU: the DKE of the parameters; nil: none written
	NamedCurve   bool            // DSTU: the curve is given by its identifier
	BigEndian    bool            // DSTU: octet strings are big-endian
	// Reduced tells that the scalar was not below the order of the group and was reduced. One
	// known file is so; its key identifier is that of the reduced scalar.
	Reduced bool

	attributes func() []byte // a function: fmt follows unexported fields of others down to octets
}

// Attributes returns the contents of attributes [0] in a new slice, nil if absent. IIT keeps a
// second key there; so they are secret.
func (info *PrivateKeyInfo) Attributes() []byte {
	if info.attributes == nil {
		return nil
	}
	return append([]byte{}, info.attributes()...)
}

// SetAttributes sets the contents of attributes [0], nil for none. It keeps a copy.
func (info *PrivateKeyInfo) SetAttributes(contents []byte) {
	info.attributes = nil
	if contents != nil {
		own := append([]byte{}, contents...)
		info.attributes = func() []byte { return own }
	}
}

// Bounds of what is behind a scalar: octets that are zero, and octets of a scalar that is not below
// the order. The one known file of that kind has six bits.
const (
	maxExcess = 64
	maxAbove  = 4
)

// ParsePrivateKey reads a PrivateKeyInfo (PKCS#8, RFC 5208), strict DER with nothing behind it.
//
// The scalar of a DSTU key is in the byte order of the algorithm's OID, little-endian in all
// known files but those of Bouncy Castle, which have an ECPrivateKey (RFC 5915) in its place. It may
// have more octets than the order of the group as far as they are zero (jkurwa). A scalar that is
// not below the order, by no more than four octets, is reduced, as container readers do; see
// [PrivateKeyInfo.Reduced]. Other keys are read by crypto/x509: ECDSA keys on P-256, P-384 and
// P-521, RSA keys of at most 8192 bits.
//
// Errors unwrap to [ErrUnsupported] or [ErrPrivateKey], or are faults of the encoding; they tell
// nothing about the key. The result shares no memory with pkcs8.
func ParsePrivateKey(pkcs8 []byte) (*PrivateKeyInfo, error) {
	root := der.New(pkcs8, "privateKeyInfo")
	r := root.Sequence("")
	r.Int("version", 1)
	info := &PrivateKeyInfo{}
	id := r.Sequence("privateKeyAlgorithm")
	info.AlgorithmOID = id.OID("algorithm")
	params := cryptobyte.String(id.Rest())
	octets := r.OctetString("privateKey")
	if a, ok := r.Optional("attributes", der.Explicit(0)); ok {
		info.SetAttributes(append([]byte{}, a.Rest()...))
	}
	if r.Peek(der.Context(1)) {
		r.BitStringTag("publicKey", der.Context(1)) // RFC 5958; recomputed from the scalar here
	}
	_ = r.End()
	if err := root.End(); err != nil {
		return nil, wrapParse(err)
	}
	switch alg.KindOfKey(info.AlgorithmOID) {
	case alg.KeyRSA:
		if !info.AlgorithmOID.Equal(alg.OIDRSAEncryption) {
			return nil, unsupportedKey("private key of RSASSA-PSS", info.AlgorithmOID)
		}
		if !boundedRSA(octets) {
			return nil, ErrPrivateKey
		}
		return info.foreign(pkcs8)
	case alg.KeyEC:
		if err := knownCurve(params); err != nil {
			return nil, err
		}
		return info.foreign(pkcs8)
	}
	p, err := alg.ParseKeyParams(info.AlgorithmOID, params)
	if err != nil {
		return nil, fmt.Errorf("pkix: private key: %w", err)
	}
	info.SBox, info.NamedCurve, info.BigEndian = p.SBox, p.Named, p.BigEndian
	key, err := info.parseScalar(p, octets)
	if err != nil {
		return nil, err
	}
	info.Key = key
	return info, nil
}

// knownCurve tells keys on other curves, which the standard library refuses like broken ones.
func knownCurve(params []byte) error {
	r := der.New(params, "parameters")
	if !r.Peek(cbasn1.OBJECT_IDENTIFIER) {
		return unsupportedKey("explicit elliptic curve", nil)
	}
	oid := r.OID("namedCurve")
	if r.End() != nil {
		return ErrPrivateKey
	}
	if alg.EllipticCurve(oid) == nil {
		return unsupportedKey("elliptic curve", oid)
	}
	return nil
}

func unsupportedKey(what string, oid asn1.ObjectIdentifier) error {
	return fmt.Errorf("pkix: private key: %w", &alg.UnsupportedError{What: what, OID: oid})
}

// sec1Scalar returns the number, big-endian, in an ECPrivateKey that is all of octets. Only its
// frame is looked at, and only where it is longer than a scalar by that frame.
func sec1Scalar(octets []byte, size int) ([]byte, bool) {
	const frame = 7
	if len(octets) < size+frame {
		return nil, false
	}
	root := der.New(octets, "")
	r := root.Sequence("")
	version := r.Int("version", 1)
	d := r.OctetString("privateKey")
	for tag := range uint8(2) { // parameters, publicKey: the outer structure has the one, the scalar gives the other
		if r.Peek(der.Explicit(tag)) {
			r.Contents("", der.Explicit(tag))
		}
	}
	_ = r.End()
	return d, root.End() == nil && version == 1
}

// anySet reports whether an octet is not zero, reading all of them.
func anySet(b []byte) bool {
	var all byte
	for _, c := range b {
		all |= c
	}
	return subtle.ConstantTimeByteEq(all, 0) == 0
}

// parseScalar tells only whether the scalar is usable.
func (info *PrivateKeyInfo) parseScalar(p alg.KeyParams, octets []byte) (*dstu4145.PrivateKey, error) {
	size := p.Curve.ScalarSize()
	var d []byte // big-endian
	if inner, ok := sec1Scalar(octets, size); ok {
		d = slices.Clone(inner)
	} else if len(octets) <= size+maxExcess {
		d = p.EncodeScalar(octets) // the map is its own inverse
	}
	defer clear(d)
	if len(d) > size+maxExcess || len(d) > size+maxAbove && anySet(d[:len(d)-size-maxAbove]) {
		return nil, ErrPrivateKey
	}
	if len(d) > size && !anySet(d[:len(d)-size]) {
		d = d[len(d)-size:]
	}
	if len(d) < size {
		d = append(make([]byte, size-len(d), size), d...)
	}
	if len(d) == size {
		if key, err := p.Curve.NewPrivateKey(d); err == nil {
			return key, nil
		}
	}
	key, err := p.Curve.ReducePrivateKey(d)
	if err != nil {
		return nil, ErrPrivateKey
	}
	info.Reduced = true
	return key, nil
}

// maxRSAPrivateBits bounds the work of crypto/x509, which checks the numbers of a key against
// each other in quadratic time.
const maxRSAPrivateBits = 8192

// boundedRSA reports whether no number of an RSAPrivateKey (RFC 8017, A.1.2) is longer than its
// modulus, and that not too long. Lengths are all it looks at.
func boundedRSA(octets []byte) bool {
	root := der.New(octets, "rsaPrivateKey")
	r := root.Sequence("")
	r.Int("version", 1)
	size := len(r.Unsigned("modulus"))
	if size > maxRSAPrivateBits/8 || len(octets) > 6*size+64 {
		return false
	}
	for r.Peek(cbasn1.INTEGER) {
		if len(r.Integer("number")) > size+1 {
			return false
		}
	}
	return root.Err() == nil
}

// foreign has crypto/x509 read the key.
func (info *PrivateKeyInfo) foreign(pkcs8 []byte) (*PrivateKeyInfo, error) {
	key, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, ErrPrivateKey // the cause may quote the key
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("pkix: private key: %w", ErrUnsupported)
	}
	info.Key = signer
	return info, nil
}

// MarshalPrivateKey writes a PrivateKeyInfo. For a DSTU key it uses Key, SBox, NamedCurve (which
// M571_PB cannot have), BigEndian and the attributes; for others only Key.
func MarshalPrivateKey(info *PrivateKeyInfo) ([]byte, error) {
	key, ok := info.Key.(*dstu4145.PrivateKey)
	if !ok {
		out, err := x509.MarshalPKCS8PrivateKey(info.Key)
		if err != nil {
			return nil, fmt.Errorf("pkix: private key of type %T: %w", info.Key, ErrUnsupported)
		}
		return out, nil
	}
	p := alg.KeyParams{Curve: key.Curve(), Named: info.NamedCurve, BigEndian: info.BigEndian, SBox: info.SBox}
	d := p.EncodeScalar(key.Bytes())
	defer clear(d)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		p.AddAlgorithmIdentifier(b)
		b.AddASN1OctetString(d)
		if info.attributes != nil {
			b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) { b.AddBytes(info.attributes()) })
		}
	})
	out, err := b.Bytes()
	if err != nil {
		return nil, errors.New("pkix: private key cannot be written")
	}
	return slices.Clip(out), nil
}

const redactedKey = "pkix.PrivateKeyInfo{REDACTED}"

// Format writes a fixed text under every verb.
func (info PrivateKeyInfo) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redactedKey) }

// String returns a fixed text.
func (info PrivateKeyInfo) String() string { return redactedKey }

// MarshalJSON returns a fixed text.
func (info PrivateKeyInfo) MarshalJSON() ([]byte, error) { return []byte(`"` + redactedKey + `"`), nil }

// LogValue returns a fixed text.
func (info PrivateKeyInfo) LogValue() slog.Value { return slog.StringValue(redactedKey) }
