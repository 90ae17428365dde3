package cms

import (
	"encoding/asn1"
	"time"

	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

// CheckOptions modifies the check of signatures. Nil is the same as the zero value.
type CheckOptions struct {
	// Certificates to look for signers in, besides those of the message.
	Certificates *pkix.Pool
	// AllowNoSignedAttributes accepts signers without signed attributes, whose signature is over
	// the content itself, where that is of type data and does not look like signed attributes:
	// see NoSignedAttributes in the comment of the package.
	AllowNoSignedAttributes bool
}

// Result of checking every signer of a message.
type Result struct {
	// Report is passed only if every signer passed and there is at least one. Its parts are the
	// reports of the signers.
	Report       *validation.Report
	Signers      []SignerResult // in the order of the message
	ContentType  asn1.ObjectIdentifier
	Detached     bool
	Certificates []*pkix.Certificate // embedded ones that could be parsed
}

// SignerResult is what was found about one signer. All but Report may look right while the
// signer is not.
type SignerResult struct {
	ID CertificateID // as the message names the signer
	// Certificate that the signature was checked with; nil if none was found. With the code
	// SIGNING_CERT_MISMATCH it is not the one that the signer meant.
	Certificate *pkix.Certificate
	// CertificateSigned tells that the signer signed the hash of Certificate. It is false in the
	// tolerated BareProfile, where any certificate of the same key and name would do as well.
	CertificateSigned bool
	// SignatureValid tells whether the signature over the signed attributes, or the content if
	// there are none, is right under the key of Certificate; indeterminate: it could not be
	// computed.
	SignatureValid validation.Verdict
	// DigestValid tells whether the content has the signed digest, or without signed attributes
	// whether it is what was signed; indeterminate: the content was not given or its digest could
	// not be computed.
	DigestValid           validation.Verdict
	DigestAlgorithm       asn1.ObjectIdentifier
	SignatureAlgorithm    asn1.ObjectIdentifier
	MessageDigest         []byte    // as signed; nil if absent
	Level                 Level     // by the attributes present
	ClaimedTime           time.Time // signingTime; zero if absent. Proves nothing.
	HasContentTimestamp   bool
	HasSignatureTimestamp bool
	Report                *validation.Report
}
