package cms

import (
	"encoding/asn1"
	"errors"
	"fmt"

	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/cmscore"
)

// Content types of RFC 5652 that this package reads and writes.
var (
	ContentTypeData          = cmscore.OIDData
	ContentTypeSignedData    = cmscore.OIDSignedData
	ContentTypeEnvelopedData = cmscore.OIDEnvelopedData
)

// Level is a CAdES level, computed from the unsigned attributes that are present.
// It says what a signer carries, not that what it carries is right.
type Level int

// Levels in ascending order, each with the unsigned attributes that make it. A signer has the
// highest level whose attributes are all present.
const (
	LevelBES Level = iota // none
	LevelT                // a signature timestamp
	LevelC                // references to certificates and to revocation data
	LevelXL               // the values of both
	LevelA                // an archive timestamp
)

func levelOf(unsigned []cmscore.Attribute) Level {
	has := func(oid asn1.ObjectIdentifier) bool { return cmscore.Has(unsigned, oid) }
	switch {
	case has(cmscore.OIDArchiveTimestampV3), has(cmscore.OIDArchiveTimestampV2):
		return LevelA
	case has(cmscore.OIDCertificateValues) && has(cmscore.OIDRevocationValues):
		return LevelXL
	case has(cmscore.OIDCertificateRefs) && has(cmscore.OIDRevocationRefs):
		return LevelC
	case has(cmscore.OIDSignatureTimestamp):
		return LevelT
	}
	return LevelBES
}

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
	// ErrUnsupported says that a message asks for an algorithm or a form that this library does
	// not have; the error found is mostly an [*UnsupportedError].
	ErrUnsupported = alg.ErrUnsupported
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

// UnsupportedError says what a message asks for and this library does not do. Its fields:
//
//	What string                // "signature algorithm", "curve", …
//	OID  asn1.ObjectIdentifier // of the algorithm; nil if it is none
//
// As a pointer it is an error that unwraps to [ErrUnsupported].
type UnsupportedError = alg.UnsupportedError

// FormatError says which part of a message is malformed and why. Its fields:
//
//	What string // the part, as RFC 5652 names it: "signedAttrs", "recipientInfos", …
//	Err  error  // what is wrong with it
//
// As a pointer it is an error that unwraps to Err.
type FormatError = cmscore.FormatError

// ContentTypeError says that a message is of another content type than the one asked for. Its field:
//
//	Type asn1.ObjectIdentifier // the type found
//
// As a pointer it is an error.
type ContentTypeError = cmscore.ContentInfoError

func unsupported(what string, oid asn1.ObjectIdentifier) error {
	return &UnsupportedError{What: what, OID: oid}
}
