package cms

import (
	"bytes"
	"context"
	"crypto"
	"encoding/asn1"
	"io"
	"time"

	"github.com/ukrcrypto/dstu/pkix"
)

// Signer is one signature to make.
type Signer struct {
	// Key signs: a [*github.com/ukrcrypto/dstu/dstu4145.PrivateKey], or any crypto.Signer with a
	// DSTU 4145 public key (a token, a key in the cloud) that returns r‖s, each of ScalarSize
	// octets, big-endian. What another signer than PrivateKey returns is verified before it is
	// written.
	Key crypto.Signer
	// Certificate of Key; required.
	Certificate *pkix.Certificate
	// Level to write. Only [LevelBES] can be written; a higher one is an [*UnsupportedError].
	Level Level
	// SigningTime is the claimed time; zero means now.
	SigningTime time.Time
	// Digest is GOST 34.311 or Kupyna-256, -384 or -512. Nil means the one that the certificate
	// itself is signed with.
	Digest asn1.ObjectIdentifier
}

// SignOptions modifies signing. Nil is the same as the zero value: the content and the
// certificates of all signers are embedded, and content of unknown length is written in
// indefinite-length encoding.
type SignOptions struct {
	Detached         bool                  // leave the content out
	Size             int64                 // octets of content that will be written, if > 0: the message then has definite lengths
	Rand             io.Reader             // for nonces; nil: crypto/rand
	ContentType      asn1.ObjectIdentifier // of the content; nil: data
	Certificates     []*pkix.Certificate   // to embed besides those of the signers
	OmitCertificates bool                  // embed no certificate at all
	OmitContentInfo  bool                  // write a bare SignedData, as goes into an EnvelopedData of content type signedData
}

// NewSigner returns a writer that takes the content and, when closed, completes a CAdES-BES
// SignedData on w (RFC 5652, ETSI EN 319 122-1) with the signatures in the order of s. w itself
// is not closed. If Close fails, what was written is not a message. Errors count signers from 0.
//
// The signed attributes are contentType, signingTime, messageDigest and signingCertificateV2.
// Parameters of algorithms are absent. The signature value is r‖s, each half little-endian.
//
// The writer is not safe for concurrent use. Memory does not grow with the content.
func NewSigner(ctx context.Context, w io.Writer, s []Signer, o *SignOptions) (io.WriteCloser, error) {
	if o == nil {
		o = &SignOptions{}
	}
	size := int64(-1)
	if o.Size > 0 {
		size = o.Size
	}
	sw, err := newSigner(ctx, w, s, o, size)
	if err != nil {
		return nil, err
	}
	return sw, nil
}

// Sign returns a SignedData with definite lengths over content, as [NewSigner] makes it.
func Sign(content []byte, s []Signer, o *SignOptions) ([]byte, error) {
	if o == nil {
		o = &SignOptions{}
	}
	var out bytes.Buffer
	out.Grow(len(content) + 4<<10)
	w, err := newSigner(context.Background(), &out, s, o, int64(len(content)))
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
