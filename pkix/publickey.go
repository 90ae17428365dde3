package pkix

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
)

// PublicKeyInfo is a public key with what its SubjectPublicKeyInfo says about it.
type PublicKeyInfo struct {
	Key          crypto.PublicKey // *dstu4145.PublicKey, *ecdsa.PublicKey or *rsa.PublicKey
	AlgorithmOID asn1.ObjectIdentifier
	Curve        *dstu4145.Curve // DSTU
	SBox         *gost28147.SBox // DSTU: the DKE of the parameters; nil: none written
	NamedCurve   bool            // DSTU: the curve is given by its identifier
	BigEndian    bool            // DSTU: octet strings are big-endian
	Raw          []byte          // as RawPublicKey of [Certificate]
}

// spki is a key as found; err says why there is no Key.
type spki struct {
	PublicKeyInfo
	rawSPKI []byte
	err     error
}

// maxRSABits bounds the work of a check under a key from outside.
const maxRSABits = 16384

// ParsePublicKey reads a SubjectPublicKeyInfo, strict DER. Errors unwrap to [ErrUnsupported] or
// [ErrPublicKey], or are faults of the encoding. Raw is a part of data.
func ParsePublicKey(data []byte) (*PublicKeyInfo, error) {
	r := der.New(data, "subjectPublicKeyInfo")
	k := readSPKI(r, "")
	if err := r.End(); err != nil {
		return nil, wrapParse(err)
	}
	if k.err != nil {
		return nil, k.err
	}
	return &k.PublicKeyInfo, nil
}

// readSPKI leaves faults of the outer structure in r and those of the key in err.
func readSPKI(r *der.Reader, field string) spki {
	var k spki
	before := r.Rest()
	seq := r.Sequence(field)
	id := seq.Sequence("algorithm")
	k.AlgorithmOID = id.OID("algorithm")
	params := id.Rest()
	if !id.Empty() {
		id.Any("parameters")
	}
	_ = id.End()
	bits := seq.BitOctets("subjectPublicKey")
	_ = seq.End()
	if r.Err() != nil {
		return k
	}
	k.rawSPKI = before[:len(before)-len(r.Rest())]
	k.Raw = bits
	switch alg.KindOfKey(k.AlgorithmOID) {
	case alg.KeyEC:
		k.Key, k.err = parseECKey(params, bits)
	case alg.KeyRSA:
		k.Key, k.err = parseRSAKey(bits)
	default:
		k.parseDSTU(params, bits)
	}
	return k
}

func badKey(err error) error { return fmt.Errorf("%w: %w", ErrPublicKey, err) }

func (k *spki) parseDSTU(params, bits []byte) {
	inner, wrapped := alg.Unwrap(bits)
	if wrapped {
		k.Raw = inner
	}
	p, err := alg.ParseKeyParams(k.AlgorithmOID, params)
	switch {
	case errors.Is(err, alg.ErrUnsupported):
		k.err = fmt.Errorf("pkix: public key: %w", err)
		return
	case err != nil:
		k.err = badKey(err)
		return
	}
	k.Curve, k.SBox, k.NamedCurve, k.BigEndian = p.Curve, p.SBox, p.Named, p.BigEndian
	if !wrapped {
		k.err = badKey(errors.New("no octet string inside the bit string"))
		return
	}
	pub, err := p.DecodePoint(inner)
	if err != nil {
		k.err = badKey(err)
		return
	}
	k.Key = pub
}

func parseECKey(params, bits []byte) (crypto.PublicKey, error) {
	r := der.New(params, "parameters")
	if !r.Peek(cbasn1.OBJECT_IDENTIFIER) {
		return nil, fmt.Errorf("pkix: public key: %w", &alg.UnsupportedError{What: "explicit elliptic curve"})
	}
	oid := r.OID("namedCurve")
	if err := r.End(); err != nil {
		return nil, badKey(err)
	}
	curve := alg.EllipticCurve(oid)
	if curve == nil {
		return nil, fmt.Errorf("pkix: public key: %w", &alg.UnsupportedError{What: "elliptic curve", OID: oid})
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(curve, bits)
	if err != nil {
		return nil, badKey(err)
	}
	return pub, nil
}

func parseRSAKey(bits []byte) (crypto.PublicKey, error) {
	root := der.New(bits, "rsaPublicKey")
	seq := root.Sequence("")
	n := seq.BigInt("modulus")
	e := seq.Int("publicExponent", 1<<31-1)
	_ = seq.End()
	if err := root.End(); err != nil {
		return nil, badKey(err)
	}
	if n.Sign() <= 0 || n.BitLen() > maxRSABits || e < 2 {
		return nil, badKey(errors.New("numbers of an rsa key out of range"))
	}
	return &rsa.PublicKey{N: n, E: e}, nil
}

// MarshalPublicKey writes a SubjectPublicKeyInfo. For a DSTU key it uses Key, SBox, NamedCurve
// (which M571_PB cannot have) and BigEndian; for others only Key.
func MarshalPublicKey(info *PublicKeyInfo) ([]byte, error) {
	pub, ok := info.Key.(*dstu4145.PublicKey)
	if !ok {
		out, err := x509.MarshalPKIXPublicKey(info.Key)
		if err != nil {
			return nil, fmt.Errorf("pkix: public key of type %T: %w", info.Key, ErrUnsupported)
		}
		return out, nil
	}
	p := alg.KeyParams{Curve: pub.Curve(), Named: info.NamedCurve, BigEndian: info.BigEndian, SBox: info.SBox}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		p.AddAlgorithmIdentifier(b)
		b.AddASN1BitString(octetString(p.EncodePoint(pub)))
	})
	return b.Bytes()
}

// octetString returns the DER OCTET STRING with the contents.
func octetString(contents []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1OctetString(contents)
	return b.BytesOrPanic() // a short string: cannot fail
}
