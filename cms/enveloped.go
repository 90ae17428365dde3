package cms

import (
	"encoding/asn1"
	"errors"
	"io"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/pkix"
)

// Sender is the static key of an envelope's originator.
type Sender struct {
	Key         dstu4145.KeyExchanger
	Certificate *pkix.Certificate // of Key; required
}

// EncryptOptions modifies encryption. Nil is the same as the zero value: an ephemeral
// originator key for each curve, GOST 28147 in CFB, cofactor key agreement.
type EncryptOptions struct {
	Sender                   *Sender               // nil: ephemeral keys
	IncludeSenderCertificate bool                  // put the sender's certificate into originatorInfo
	ContentType              asn1.ObjectIdentifier // of the content; nil: data. For signedData write a bare SignedData.
	Cipher                   asn1.ObjectIdentifier // content cipher; nil: GOST 28147 CFB
	KeyAgreement             asn1.ObjectIdentifier // nil: cofactor Diffie-Hellman with the GOST 34.311 KDF
	RecipientKeyIDs          bool                  // name recipients by key identifier, not by issuer and serial number
	Size                     int64                 // octets of content that will be written, if > 0: the message is then DER
	Rand                     io.Reader             // nil: crypto/rand
}

// NewEncrypter returns a writer that takes the content and completes an EnvelopedData for all
// certificates of to on w when closed. w itself is not closed. The content is not authenticated:
// sign first.
func NewEncrypter(w io.Writer, to []*pkix.Certificate, o *EncryptOptions) (io.WriteCloser, error) {
	return nil, errors.ErrUnsupported
}

// Encrypt returns a DER EnvelopedData of content for all certificates of to.
func Encrypt(content []byte, to []*pkix.Certificate, o *EncryptOptions) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// Recipient is a key that may open an envelope.
type Recipient struct {
	Certificate *pkix.Certificate // may be nil: the key is then found by its key identifiers
	Key         dstu4145.KeyExchanger
}

// DecryptOptions says with what to open an envelope.
type DecryptOptions struct {
	Recipients   []Recipient
	Certificates *pkix.Pool // where to look for the sender's certificate, besides the message; may be nil
}

// Decrypter reads the content of an envelope. The content is not authenticated.
type Decrypter struct{}

// NewDecrypter reads the beginning of an EnvelopedData message and recovers the content key.
func NewDecrypter(r io.Reader, o *DecryptOptions) (*Decrypter, error) {
	return nil, errors.ErrUnsupported
}

// Read yields plaintext. It is not authenticated: any flipped bit of the message gives a flipped
// bit and a garbled block of plaintext without an error.
func (d *Decrypter) Read(p []byte) (int, error) { return 0, errors.ErrUnsupported }

// ContentType of the plaintext: data, or signedData, in which case the plaintext is a bare
// SignedData that [NewSignedReader] and [ParseSigned] read.
func (d *Decrypter) ContentType() asn1.ObjectIdentifier { return nil }

// RecipientIndex is the index in DecryptOptions.Recipients of the key that opened the envelope.
func (d *Decrypter) RecipientIndex() int { return 0 }

// SenderCertificate is the certificate of a static originator, nil for an ephemeral key.
func (d *Decrypter) SenderCertificate() *pkix.Certificate { return nil }

// Decrypt returns the content of an envelope. See [Decrypter.Read] on what it is worth.
func Decrypt(p7e []byte, o *DecryptOptions) ([]byte, error) { return nil, errors.ErrUnsupported }

// EnvelopedData is the structure of an encrypted message.
type EnvelopedData struct {
	Version          int
	ContentType      asn1.ObjectIdentifier
	ContentAlgorithm asn1.ObjectIdentifier
	Certificates     *pkix.Bundle // of originatorInfo
	Recipients       []RecipientInfo
	EncryptedContent []byte // nil if detached
}

// OriginatorKind says how an envelope gives the originator's public key.
type OriginatorKind string

// Kinds of originator.
const (
	OriginatorIssuerSerial OriginatorKind = "issuer_serial" // by a certificate
	OriginatorKeyID        OriginatorKind = "key_id"        // by a certificate's key identifier
	OriginatorEphemeral    OriginatorKind = "ephemeral"     // the key itself
)

// RecipientInfo is one recipient of an envelope.
type RecipientInfo struct {
	ID           CertificateID
	Originator   OriginatorKind
	OriginatorID CertificateID         // unless ephemeral
	KeyAgreement asn1.ObjectIdentifier // key transport algorithm if it is no key agreement
	Wrap         asn1.ObjectIdentifier
	UKM          []byte
	EncryptedKey []byte
}

// ParseEnveloped parses an EnvelopedData message, with or without ContentInfo.
func ParseEnveloped(p7e []byte) (*EnvelopedData, error) { return nil, errors.ErrUnsupported }
