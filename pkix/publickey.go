package pkix

import (
	"crypto"
	"encoding/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
)

// PublicKeyInfo is a public key with what its SubjectPublicKeyInfo says about it.
type PublicKeyInfo struct {
	Key          crypto.PublicKey
	AlgorithmOID asn1.ObjectIdentifier
	SBox         *gost28147.SBox // the DKE of the parameters; nil: none written
	NamedCurve   bool
	BigEndian    bool
	Raw          []byte // as RawPublicKey of [Certificate]
}

// ParsePublicKey reads a SubjectPublicKeyInfo, strict DER.
func ParsePublicKey(spki []byte) (*PublicKeyInfo, error) { return nil, ErrUnsupported }

// MarshalPublicKey writes a SubjectPublicKeyInfo.
func MarshalPublicKey(info *PublicKeyInfo) ([]byte, error) { return nil, ErrUnsupported }
