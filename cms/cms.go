package cms

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

	"github.com/ukrcrypto/dstu/pkix"
)

// Content types of RFC 5652 that this package reads and writes.
var (
	ContentTypeData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	ContentTypeSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	ContentTypeEnvelopedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 3}
)

// Level is a CAdES level, computed from the unsigned attributes that are present.
// It says what a signer carries, not that what it carries is right.
type Level int

// Levels in ascending order. The zero value is the plain signature.
const (
	LevelBES Level = iota // no unsigned attribute that counts
	LevelT                // a signature timestamp
	LevelC                // and references to certificates and revocation data
	LevelXL               // and the values of both
	LevelA                // and an archive timestamp
)

// String returns "BES", "T", "C", "XL" or "A".
func (l Level) String() string {
	switch l {
	case LevelBES:
		return "BES"
	case LevelT:
		return "T"
	case LevelC:
		return "C"
	case LevelXL:
		return "XL"
	case LevelA:
		return "A"
	default:
		return fmt.Sprintf("Level(%d)", int(l))
	}
}

// MarshalText writes the level as [Level.String] does.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// CertificateID names a certificate by issuer and serial number or by key identifier,
// as SignerIdentifier, RecipientIdentifier and OriginatorIdentifierOrKey of RFC 5652 do.
// Either SerialNumber is set, with the issuer, or SubjectKeyID.
type CertificateID struct {
	RawIssuer    []byte    // DER of the issuer Name
	Issuer       pkix.Name // the same, parsed as far as it can be
	SerialNumber *big.Int
	SubjectKeyID []byte
}

// Errors that callers branch on.
var (
	// ErrDecryption is the one error of every failure that depends on a secret key: a wrong
	// key and a damaged envelope look the same.
	ErrDecryption = errors.New("cms: decryption failed")
	// ErrNoRecipient says that an envelope is not addressed to any of the given recipients.
	ErrNoRecipient = errors.New("cms: not addressed to any given recipient")
	// ErrNoSenderCertificate says that the originator of an envelope is named by a
	// certificate that was not given; the error found is a [*SenderCertificateError].
	ErrNoSenderCertificate = errors.New("cms: sender certificate needed")
	// ErrUnsupported is matched by every [*UnsupportedError].
	ErrUnsupported = errors.New("cms: unsupported")
)

// SenderCertificateError names the certificate that holds the originator's public key and
// was not found. errors.Is reports it as [ErrNoSenderCertificate].
type SenderCertificateError struct{ ID CertificateID }

// Error names the certificate by issuer and serial number, or by key identifier.
func (e *SenderCertificateError) Error() string {
	if e.ID.SerialNumber == nil {
		return fmt.Sprintf("cms: sender certificate needed: key id %x", e.ID.SubjectKeyID)
	}
	return fmt.Sprintf("cms: sender certificate needed: serial %x of %v", e.ID.SerialNumber, e.ID.Issuer)
}

// Is makes errors.Is(err, ErrNoSenderCertificate) true.
func (e *SenderCertificateError) Is(target error) bool { return target == ErrNoSenderCertificate }

// UnsupportedError says what a message asks for and this library does not do.
// errors.Is reports it as [ErrUnsupported].
type UnsupportedError struct {
	What string                // "key agreement", "content cipher", "content type" …
	OID  asn1.ObjectIdentifier // nil if it is not an algorithm
}

// Error returns what is not supported.
func (e *UnsupportedError) Error() string {
	if e.OID == nil {
		return "cms: unsupported " + e.What
	}
	return "cms: unsupported " + e.What + " " + e.OID.String()
}

// Is makes errors.Is(err, ErrUnsupported) true.
func (e *UnsupportedError) Is(target error) bool { return target == ErrUnsupported }
