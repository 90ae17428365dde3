package cms

import (
	"encoding/asn1"
	"errors"
	"time"

	"github.com/ukrcrypto/dstu/pkix"
)

// SignedData is the structure of a signed message, nothing of it verified.
type SignedData struct {
	Version          int
	DigestAlgorithms []asn1.ObjectIdentifier
	ContentType      asn1.ObjectIdentifier
	Detached         bool
	Content          []byte // nil if detached, or if read by a SignedReader
	Certificates     *pkix.Bundle
	RawCertificates  [][]byte // as transmitted, those that do not parse included
	RawCRLs          [][]byte
	Signers          []SignerInfo
}

// SignerInfo is one signer of a SignedData.
type SignerInfo struct {
	Raw                   []byte
	Version               int
	ID                    CertificateID
	DigestAlgorithm       asn1.ObjectIdentifier
	SignatureAlgorithm    asn1.ObjectIdentifier
	Signature             []byte // content of the OCTET STRING
	SignedAttributes      []Attribute
	UnsignedAttributes    []Attribute
	MessageDigest         []byte    // of the attribute; nil if absent
	SigningTime           time.Time // of the attribute; zero if absent
	Level                 Level
	HasContentTimestamp   bool
	HasSignatureTimestamp bool
}

// Attribute of a signer.
type Attribute struct {
	Type   asn1.ObjectIdentifier
	Raw    []byte   // the whole Attribute
	Values [][]byte // DER of each value
}

// ParseSigned parses a SignedData message, with or without ContentInfo, without verifying it.
func ParseSigned(p7s []byte) (*SignedData, error) { return nil, errors.ErrUnsupported }
