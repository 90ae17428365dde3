package pkix

import (
	"bytes"
	"crypto"
	"encoding/asn1"
	"errors"
	"fmt"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
)

// CertificateRequest is a certification request (запит на формування сертифіката, PKCS#10,
// RFC 2986). It must not be modified; its byte slices share the memory of Raw.
type CertificateRequest struct {
	Raw, RawTBS, RawSubject, RawSPKI []byte

	Subject        Name             // may be empty
	PublicKey      crypto.PublicKey // this and the next fields are as in [Certificate]
	PublicKeyError error
	PublicKeyOID   asn1.ObjectIdentifier
	RawPublicKey   []byte
	Curve          *dstu4145.Curve
	SBox           *gost28147.SBox
	NamedCurve     bool
	BigEndian      bool

	SignatureOID asn1.ObjectIdentifier
	Signature    []byte      // contents of the BIT STRING
	Extensions   []Extension // of the attribute extensionRequest

	signatureAlgorithm []byte
}

// ParseCertificateRequest reads one request, strict DER with nothing behind it. data is copied.
// A public key that cannot be used does not fail the request, see [Certificate].
func ParseCertificateRequest(data []byte) (*CertificateRequest, error) {
	data = bytes.Clone(data)
	q := &CertificateRequest{Raw: data}
	root := der.New(data, "request")
	outer := root.Sequence("")
	q.RawTBS = outer.Rest()
	r := outer.Sequence("certificationRequestInfo")
	q.RawTBS = q.RawTBS[:len(q.RawTBS)-len(outer.Rest())]
	r.Int("version", 0)
	q.Subject = readName(r, "subject")
	q.RawSubject = q.Subject.raw
	k := readSPKI(r, "subjectPKInfo")
	q.RawSPKI = k.rawSPKI
	q.PublicKey, q.PublicKeyError, q.PublicKeyOID, q.RawPublicKey = k.Key, k.err, k.AlgorithmOID, k.Raw
	q.Curve, q.SBox, q.NamedCurve, q.BigEndian = k.Curve, k.SBox, k.NamedCurve, k.BigEndian
	q.readAttributes(r)
	_ = r.End()

	q.signatureAlgorithm = outer.Rest()
	id := outer.Sequence("signatureAlgorithm")
	q.SignatureOID = id.OID("algorithm")
	if !id.Empty() {
		id.Any("parameters")
	}
	_ = id.End()
	if outer.Err() == nil {
		q.signatureAlgorithm = q.signatureAlgorithm[:len(q.signatureAlgorithm)-len(outer.Rest())]
	}
	q.Signature = outer.BitOctets("signature")
	_ = outer.End()
	if err := root.End(); err != nil {
		return nil, wrapParse(err)
	}
	return q, nil
}

// readAttributes reads attributes [0]. Tolerated: its absence, though the field is not optional
// (only the set in it may be empty).
func (q *CertificateRequest) readAttributes(r *der.Reader) {
	set, ok := r.Optional("attributes", der.Explicit(0))
	if !ok {
		return
	}
	for i := 0; !set.Empty(); i++ {
		at := set.Item(i, cbasn1.SEQUENCE)
		id, _ := at.RawOID("type")
		values := at.Set("values")
		_ = at.End()
		if !id.Equal(oidExtensionRequest) {
			continue
		}
		if q.Extensions != nil {
			set.Failf("", "extensionRequest repeated")
			return
		}
		q.Extensions = readExtensions(values)
		_ = values.End()
	}
}

// Extension returns the first requested extension with the identifier.
func (q *CertificateRequest) Extension(id asn1.ObjectIdentifier) (Extension, bool) {
	for _, e := range q.Extensions {
		if e.ID.Equal(id) {
			return e, true
		}
	}
	return Extension{}, false
}

// CheckSignature checks that the key in the request made its signature. Errors: as those of
// [Certificate.CheckSignatureFrom], without [ErrIssuerMismatch].
func (q *CertificateRequest) CheckSignature() error {
	err := checkSignature(q.signatureAlgorithm, q.RawTBS, q.Signature, q.PublicKey, q.PublicKeyError, q.SBox)
	if errors.Is(err, alg.ErrKeyType) {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return err
}

// KeyIDs returns the identifiers of the key, see [Certificate.KeyIDs].
func (q *CertificateRequest) KeyIDs() [][]byte {
	return keyIDs(nil, q.PublicKey, q.RawPublicKey, q.SBox)
}
