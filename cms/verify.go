package cms

import (
	"context"
	"encoding/asn1"
	"errors"
	"io"
	"time"

	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

// CheckOptions modifies the check of signatures. Nil is the same as the zero value.
type CheckOptions struct {
	// Certificates to look for signers in, besides those of the message.
	Certificates *pkix.Pool
}

// Result of checking every signer of a message.
type Result struct {
	Report       *validation.Report // passed only if every signer passed and there is at least one
	Signers      []SignerResult     // in the order of the message
	ContentType  asn1.ObjectIdentifier
	Detached     bool
	Certificates []*pkix.Certificate // embedded ones that could be parsed
}

// SignerResult is what was found about one signer.
type SignerResult struct {
	ID                    CertificateID      // as the message names the signer
	Certificate           *pkix.Certificate  // nil if not found
	SignatureValid        validation.Verdict // the signature equation over the signed attributes; indeterminate: could not be computed
	DigestValid           validation.Verdict // messageDigest against the content; indeterminate: content not given
	DigestAlgorithm       asn1.ObjectIdentifier
	SignatureAlgorithm    asn1.ObjectIdentifier
	MessageDigest         []byte    // as signed; nil if there are no signed attributes
	Level                 Level     // by the attributes present
	ClaimedTime           time.Time // signingTime; zero if absent. Proves nothing.
	HasContentTimestamp   bool
	HasSignatureTimestamp bool
	Report                *validation.Report
}

// SignedReader reads the content of a SignedData message, attached or detached, of any size.
// It is not safe for concurrent use.
type SignedReader struct{}

// NewSignedReader reads the beginning of a message: a ContentInfo of type signedData, or a bare
// SignedData. BER of indefinite length is accepted outside the signed parts.
func NewSignedReader(r io.Reader) (*SignedReader, error) { return nil, errors.ErrUnsupported }

// Read yields content that is not verified yet. A detached message has none.
func (s *SignedReader) Read(p []byte) (int, error) { return 0, errors.ErrUnsupported }

// Detached reports whether the message leaves the content out.
func (s *SignedReader) Detached() bool { return false }

// ContentType of the content.
func (s *SignedReader) ContentType() asn1.ObjectIdentifier { return nil }

// SignedData returns the structure of the message, without the content. Only after io.EOF.
func (s *SignedReader) SignedData() (*SignedData, error) { return nil, errors.ErrUnsupported }

// CheckSignatures checks the digest and the signature of every signer, after Read has returned
// io.EOF. Mathematics only: nothing is said about trust in the certificates.
// The error is nil exactly when the report of the result passed.
func (s *SignedReader) CheckSignatures(ctx context.Context, o *CheckOptions) (*Result, error) {
	return nil, errors.ErrUnsupported
}

// CheckDetached checks the signatures of a message over content that stands elsewhere.
// With nil content the signatures are checked and the digests stay indeterminate.
func CheckDetached(ctx context.Context, sig []byte, content io.Reader, o *CheckOptions) (*Result, error) {
	return nil, errors.ErrUnsupported
}
