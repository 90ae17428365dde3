// Package cmscore holds the wire types of the Cryptographic Message Syntax (RFC 5652) as far as
// Ukrainian messages use them, with the attributes of CAdES (ETSI EN 319 122-1): reading, writing
// and the equation of a signature. It takes no decision about trust and knows no certificates,
// so that time-stamp tokens can be read below the package that reads messages.
//
// What a signature covers is strict DER. Around it BER is accepted, and changed to DER before it
// is looked at; octets that somebody hashes are kept as transmitted.
package cmscore

import (
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/der"
)

var pkcs9 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9}

func under(prefix asn1.ObjectIdentifier, arcs ...int) asn1.ObjectIdentifier {
	return append(append(asn1.ObjectIdentifier{}, prefix...), arcs...)
}

// Content types.
var (
	OIDData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	OIDSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	OIDEnvelopedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 3}
)

// Attributes: signed ones, and those that make the levels of CAdES.
var (
	OIDContentType          = under(pkcs9, 3)
	OIDMessageDigest        = under(pkcs9, 4)
	OIDSigningTime          = under(pkcs9, 5)
	OIDSigningCertificate   = under(pkcs9, 16, 2, 12)
	OIDSigningCertificateV2 = under(pkcs9, 16, 2, 47)
	OIDContentTimestamp     = under(pkcs9, 16, 2, 20)

	OIDSignatureTimestamp = under(pkcs9, 16, 2, 14)
	OIDCertificateRefs    = under(pkcs9, 16, 2, 21)
	OIDRevocationRefs     = under(pkcs9, 16, 2, 22)
	OIDCertificateValues  = under(pkcs9, 16, 2, 23)
	OIDRevocationValues   = under(pkcs9, 16, 2, 24)
	OIDArchiveTimestampV2 = under(pkcs9, 16, 2, 48)
	OIDArchiveTimestampV3 = asn1.ObjectIdentifier{0, 4, 0, 1733, 2, 4}
)

// Limits of what is held in memory while a message of any length streams by. The counts keep
// small elements, whose description takes more memory than they do, from adding up.
const (
	MaxElement    = 16 << 20 // octets of one certificate, signer, recipient, …
	MaxBuffered   = 64 << 20 // octets of all of them in one message
	MaxElements   = 1 << 10  // members of one list of them
	MaxSigners    = 1 << 9   // signers of one message
	MaxAttributes = 1 << 9   // attributes of one signer and their values together
)

// FormatError says what is wrong with a message.
type FormatError struct {
	What string // the part of the message
	Err  error  // what is wrong with it
}

// Error names the part and the fault.
func (e *FormatError) Error() string { return fmt.Sprintf("cms: %s: %v", e.What, e.Err) }

// Unwrap returns the fault.
func (e *FormatError) Unwrap() error { return e.Err }

// Malformed returns the error for a part of a message: a [*FormatError] unless the source of the
// message has failed.
func Malformed(what string, err error) error {
	var read *ber.ReadError
	if errors.As(err, &read) {
		return fmt.Errorf("cms: reading %s: %w", what, read.Err)
	}
	return &FormatError{What: what, Err: err}
}

// AlgorithmID is an AlgorithmIdentifier.
type AlgorithmID struct {
	OID    asn1.ObjectIdentifier
	Params []byte // the octets behind the OID; nil if the parameters are absent
}

func readAlgorithm(r *der.Reader, field string) AlgorithmID {
	s := r.Sequence(field)
	a := AlgorithmID{OID: s.OID("algorithm")}
	if !s.Empty() {
		a.Params, _, _ = s.Any("parameters")
	}
	_ = s.End() // the fault stays in the family of r
	return a
}

// NewAlgorithmID takes over an AlgorithmIdentifier that somebody else writes.
func NewAlgorithmID(add func(*cryptobyte.Builder)) (AlgorithmID, error) {
	var b cryptobyte.Builder
	add(&b)
	raw, err := b.Bytes()
	if err != nil {
		return AlgorithmID{}, err
	}
	r := der.New(raw, "algorithmIdentifier")
	a := readAlgorithm(r, "")
	return a, finish("algorithmIdentifier", r)
}

// Add writes the AlgorithmIdentifier.
func (a AlgorithmID) Add(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(a.OID)
		b.AddBytes(a.Params)
	})
}

// ID names a certificate: by issuer and serial number, or by key identifier.
type ID struct {
	RawIssuer []byte // DER of the Name
	Serial    []byte // contents of the INTEGER
	KeyID     []byte // set if the others are not
}

func readIssuerSerial(r *der.Reader, field string) ID {
	s := r.Sequence(field)
	id := ID{RawIssuer: s.Element("issuer", cbasn1.SEQUENCE), Serial: s.Integer("serialNumber")}
	_ = s.End()
	return id
}

func (id ID) addIssuerSerial(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(id.RawIssuer)
		b.AddASN1(cbasn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(id.Serial) })
	})
}

// readID reads a SignerIdentifier. The key identifier is an implicitly tagged OCTET STRING; a
// writer of 2017 put a whole OCTET STRING inside the tag.
func readID(r *der.Reader, field string) ID {
	if k, ok := r.Optional(field, der.Explicit(0)); ok {
		id := ID{KeyID: k.OctetString("subjectKeyIdentifier")}
		_ = k.End()
		return id
	}
	if r.Peek(der.Context(0)) {
		return ID{KeyID: r.Contents(field, der.Context(0))}
	}
	return readIssuerSerial(r, field)
}

func (id ID) add(b *cryptobyte.Builder) {
	if id.KeyID != nil {
		b.AddASN1(der.Context(0), func(b *cryptobyte.Builder) { b.AddBytes(id.KeyID) })
		return
	}
	id.addIssuerSerial(b)
}

// strict turns the octets of one element into DER and returns a reader of them.
func strict(raw []byte, name string) (*der.Reader, error) {
	d, err := ber.ToDER(raw)
	if err != nil {
		return nil, Malformed(name, err)
	}
	return der.New(d, name), nil
}

// finish ends the reading of an element.
func finish(what string, r *der.Reader) error {
	if err := r.End(); err != nil {
		return Malformed(what, err)
	}
	return nil
}
