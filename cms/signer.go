package cms

import (
	"context"
	"crypto"
	"encoding/asn1"
	"errors"
	"io"
	"time"

	"github.com/ukrcrypto/dstu/pkix"
)

// Signer is one signature to make.
type Signer struct {
	// Key signs. A [*github.com/ukrcrypto/dstu/dstu4145.PrivateKey], or any crypto.Signer
	// with such a public key (token, cloud key) that returns r‖s, each of ScalarSize octets,
	// big-endian; or an ECDSA or RSA key. What it returns is verified before it is written.
	Key crypto.Signer
	// Certificate of Key; required.
	Certificate *pkix.Certificate
	// Level to write. Only [LevelBES] can be written; a higher one is an [*UnsupportedError].
	Level Level
	// SigningTime is the claimed time; zero means now.
	SigningTime time.Time
	// Digest algorithm: GOST 34.311 or Kupyna-256/384/512 for DSTU 4145 keys, SHA-2 for
	// others. Nil means the one that the certificate itself is signed with.
	Digest asn1.ObjectIdentifier
}

// SignOptions modifies signing. Nil is the same as the zero value: the content is embedded,
// certificates of all signers are embedded, content of unknown length is written in
// indefinite-length encoding.
type SignOptions struct {
	Detached         bool                  // leave the content out
	Size             int64                 // octets of content that will be written, if > 0: the message is then DER
	Rand             io.Reader             // for nonces; nil: crypto/rand
	ContentType      asn1.ObjectIdentifier // of the content; nil: data
	Certificates     []*pkix.Certificate   // to embed besides those of the signers
	OmitCertificates bool                  // embed no certificate at all
	OmitContentInfo  bool                  // write a bare SignedData, as goes into an EnvelopedData of content type signedData
}

// NewSigner returns a writer that takes the content and, when closed, completes a CAdES-BES
// SignedData on w (RFC 5652, ETSI EN 319 122-1). w itself is not closed.
func NewSigner(ctx context.Context, w io.Writer, s []Signer, o *SignOptions) (io.WriteCloser, error) {
	return nil, errors.ErrUnsupported
}

// Sign returns a DER SignedData over content.
func Sign(content []byte, s []Signer, o *SignOptions) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// AddSigners returns p7s with more signers. All octets of the present signers and certificates
// are kept. content is needed if p7s is detached, and must be nil otherwise.
func AddSigners(p7s []byte, content io.Reader, s []Signer, o *SignOptions) ([]byte, error) {
	return nil, errors.ErrUnsupported
}
