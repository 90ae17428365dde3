package pkix

import (
	"crypto"
	"encoding/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
)

// PrivateKeyInfo is a private key with what its PKCS#8 encoding says about it.
type PrivateKeyInfo struct {
	Key           crypto.Signer // *dstu4145.PrivateKey, *ecdsa.PrivateKey or *rsa.PrivateKey
	AlgorithmOID  asn1.ObjectIdentifier
	SBox          *gost28147.SBox // the DKE of the parameters; nil: none written
	NamedCurve    bool
	BigEndian     bool
	Reduced       bool   // the scalar was not below the order and was reduced
	RawAttributes []byte // contents of attributes [0]; nil: absent
}

// ParsePrivateKey reads a PrivateKeyInfo, strict DER.
func ParsePrivateKey(pkcs8 []byte) (*PrivateKeyInfo, error) { return nil, ErrUnsupported }

// MarshalPrivateKey writes a PrivateKeyInfo.
func MarshalPrivateKey(info *PrivateKeyInfo) ([]byte, error) { return nil, ErrUnsupported }
