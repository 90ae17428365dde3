package pkix

import (
	"crypto"
	"encoding/asn1"
	"io"

	"github.com/ukrcrypto/dstu/gost28147"
)

// CertificateRequest is a certification request (PKCS#10, RFC 2986).
type CertificateRequest struct {
	Raw, RawTBS, RawSubject, RawSPKI []byte

	Subject        Name
	PublicKey      crypto.PublicKey // as in [Certificate]
	PublicKeyError error
	PublicKeyOID   asn1.ObjectIdentifier
	RawPublicKey   []byte
	SBox           *gost28147.SBox
	NamedCurve     bool
	BigEndian      bool
	SignatureOID   asn1.ObjectIdentifier
	Signature      []byte
	Extensions     []Extension // of the attribute extensionRequest

	signatureAlgorithm []byte
}

// ParseCertificateRequest reads one request, strict DER.
func ParseCertificateRequest(der []byte) (*CertificateRequest, error) { return nil, ErrUnsupported }

// CheckSignature checks the request's signature under its own key.
func (r *CertificateRequest) CheckSignature() error { return ErrUnsupported }

// CreateCertificateRequest writes a request for the key of s.
func CreateCertificateRequest(rand io.Reader, tmpl *Certificate, s crypto.Signer) ([]byte, error) {
	return nil, ErrUnsupported
}
