package cms

import (
	"encoding/asn1"
	"errors"
	"io"
	"time"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/pkix"
)

// SignedData is the structure of a signed message, nothing of it verified. Its octets are shared
// with the message it was parsed from.
type SignedData struct {
	Version          int
	DigestAlgorithms []asn1.ObjectIdentifier
	ContentType      asn1.ObjectIdentifier
	Detached         bool
	Content          []byte // nil if detached, or if read by a SignedReader
	Certificates     *pkix.Bundle
	RawCertificates  [][]byte // as transmitted, those that do not parse and other kinds included
	RawCRLs          [][]byte
	Signers          []SignerInfo
}

// SignerInfo is one signer of a SignedData.
type SignerInfo struct {
	Raw                   []byte // as transmitted
	Version               int
	ID                    CertificateID
	DigestAlgorithm       asn1.ObjectIdentifier
	SignatureAlgorithm    asn1.ObjectIdentifier
	Signature             []byte // content of the OCTET STRING
	SignedAttributes      []Attribute
	UnsignedAttributes    []Attribute
	MessageDigest         []byte    // of the attribute; nil if it is absent or malformed
	SigningTime           time.Time // of the attribute; zero if it is absent or malformed
	Level                 Level     // by the unsigned attributes present
	HasContentTimestamp   bool
	HasSignatureTimestamp bool

	core *cmscore.SignerInfo
}

// Attribute of a signer.
type Attribute struct {
	Type   asn1.ObjectIdentifier // nil if an arc exceeds 2^31-1
	Raw    []byte                // the whole Attribute, as transmitted
	Values [][]byte              // each value, as transmitted
}

// ParseSigned parses a SignedData message, with or without ContentInfo, without verifying it.
// Errors are [*FormatError] and [*ContentTypeError].
func ParseSigned(p7s []byte) (*SignedData, error) {
	msg, err := cmscore.ReadSignedData(ber.NewBytesReader(p7s))
	if err != nil {
		return nil, err
	}
	var content []byte
	if msg.Content != nil {
		if content, err = readAll(msg.Content, len(p7s)); err != nil {
			return nil, &FormatError{What: "eContent", Err: err}
		}
	}
	if err := msg.Finish(); err != nil {
		return nil, err
	}
	s, err := newSignedData(msg)
	if err != nil {
		return nil, err
	}
	s.Content = content
	return s, nil
}

// readAll is io.ReadAll for at most limit octets that are in memory already: one allocation, and
// never a nil result.
func readAll(r io.Reader, limit int) ([]byte, error) {
	out := make([]byte, 0, limit)
	for {
		if len(out) == cap(out) {
			out = append(out, 0)[:len(out)]
		}
		n, err := r.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// maxAttributes of all signers of a message.
const maxAttributes = 1 << 12

// newSignedData takes over a message that was read to its end.
func newSignedData(msg *cmscore.SignedData) (*SignedData, error) {
	s := &SignedData{
		Version:         msg.Version,
		ContentType:     msg.ContentType,
		Detached:        msg.Content == nil,
		Certificates:    parseCertificates(msg.Certificates),
		RawCertificates: msg.Certificates,
		RawCRLs:         msg.CRLs,
	}
	for _, a := range msg.Digests {
		s.DigestAlgorithms = append(s.DigestAlgorithms, a.OID)
	}
	n := 0
	for _, raw := range msg.SignerInfos {
		si, err := cmscore.ParseSignerInfo(raw)
		if err != nil {
			return nil, err
		}
		if n += len(si.SignedAttrs) + len(si.UnsignedAttrs); n > maxAttributes {
			return nil, &FormatError{What: "signerInfos", Err: errors.New("too many attributes")}
		}
		s.Signers = append(s.Signers, newSignerInfo(si))
	}
	return s, nil
}

func newSignerInfo(si *cmscore.SignerInfo) SignerInfo {
	out := SignerInfo{
		Raw:                   si.Raw,
		Version:               si.Version,
		ID:                    newCertificateID(si.Signer),
		DigestAlgorithm:       si.Digest.OID,
		SignatureAlgorithm:    si.Algorithm.OID,
		Signature:             si.Signature,
		SignedAttributes:      attributes(si.SignedAttrs),
		UnsignedAttributes:    attributes(si.UnsignedAttrs),
		Level:                 levelOf(si.UnsignedAttrs),
		HasContentTimestamp:   cmscore.Has(si.SignedAttrs, cmscore.OIDContentTimestamp),
		HasSignatureTimestamp: cmscore.Has(si.UnsignedAttrs, cmscore.OIDSignatureTimestamp),
		core:                  si,
	}
	if v, err := cmscore.Single(si.SignedAttrs, cmscore.OIDMessageDigest); err == nil {
		if d, err := cmscore.ParseMessageDigest(v); err == nil {
			out.MessageDigest = d
		}
	}
	if v, err := cmscore.Single(si.SignedAttrs, cmscore.OIDSigningTime); err == nil {
		if t, err := cmscore.ParseSigningTime(v); err == nil {
			out.SigningTime = t
		}
	}
	return out
}

func attributes(list []cmscore.Attribute) []Attribute {
	var out []Attribute
	for _, a := range list {
		out = append(out, Attribute(a))
	}
	return out
}
