package pkix

import (
	"errors"

	"github.com/ukrcrypto/dstu/internal/alg"
)

// Errors that callers branch on.
var (
	// ErrSignature: the signature does not fit the data and the key.
	ErrSignature = errors.New("pkix: bad signature")
	// ErrIssuerMismatch: the certificate offered as issuer has another name.
	ErrIssuerMismatch = errors.New("pkix: issuer mismatch")
	// ErrIssuerNotFound: no candidate fits as issuer.
	ErrIssuerNotFound = errors.New("pkix: issuer not found")
	// ErrPublicKey: a public key is malformed, or no point of its group.
	ErrPublicKey = errors.New("pkix: invalid public key")
	// ErrPrivateKey: a private key is malformed or out of range.
	ErrPrivateKey = errors.New("pkix: invalid private key")
	// ErrUnsupported: an algorithm, a curve or parameters that this library does not have.
	ErrUnsupported = alg.ErrUnsupported
)
