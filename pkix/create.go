package pkix

import (
	"crypto"
	"io"
)

// CreateCertificate writes a certificate for pub, signed by s, the key of parent.
func CreateCertificate(rand io.Reader, tmpl, parent *Certificate, pub crypto.PublicKey, s crypto.Signer) ([]byte, error) {
	return nil, ErrUnsupported
}
