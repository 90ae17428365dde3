package cmscore

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/der"
)

// Attribute is an Attribute as it stands in a message.
type Attribute struct {
	Type   asn1.ObjectIdentifier // nil if an arc exceeds 2^31-1
	Raw    []byte                // all of it
	Values [][]byte              // each value, in DER only if Raw is
}

// Errors of [Single].
var (
	ErrNoAttribute  = errors.New("attribute missing")
	ErrManyOfOne    = errors.New("attribute given more than once")
	ErrNotOneValue  = errors.New("attribute without exactly one value")
	errTooManyAttrs = errors.New("too many attributes")
)

// Single returns the only value of the only attribute of a type. The error wraps one of those
// above.
func Single(list []Attribute, oid asn1.ObjectIdentifier) ([]byte, error) {
	var found *Attribute
	for i := range list {
		if !list[i].Type.Equal(oid) {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("%w: %v", ErrManyOfOne, oid)
		}
		found = &list[i]
	}
	switch {
	case found == nil:
		return nil, fmt.Errorf("%w: %v", ErrNoAttribute, oid)
	case len(found.Values) != 1:
		return nil, fmt.Errorf("%w: %v", ErrNotOneValue, oid)
	}
	return found.Values[0], nil
}

// Has reports whether there is an attribute of the type.
func Has(list []Attribute, oid asn1.ObjectIdentifier) bool {
	return slices.ContainsFunc(list, func(a Attribute) bool { return a.Type.Equal(oid) })
}

// parseAttributes splits the contents of a SET OF Attribute, in DER or BER.
func parseAttributes(set ber.Element, what string) ([]Attribute, error) {
	var list []Attribute
	n := 0
	for rest := set.Body; len(rest) > 0; {
		var e ber.Element
		var err error
		if e, rest, err = ber.ReadElement(rest); err != nil {
			return nil, Malformed(what, err)
		}
		a := Attribute{Raw: e.Raw}
		r, err := strict(e.Raw, what)
		if err != nil {
			return nil, err
		}
		s := r.Sequence("")
		a.Type, _ = s.RawOID("attrType")
		s.Contents("attrValues", cbasn1.SET)
		_ = s.End()
		if err := finish(what, r); err != nil {
			return nil, err
		}
		if a.Values, err = attributeValues(e); err != nil {
			return nil, Malformed(what, err)
		}
		if n += 1 + len(a.Values); n > MaxAttributes {
			return nil, Malformed(what, errTooManyAttrs)
		}
		list = append(list, a)
	}
	return list, nil
}

// attributeValues returns the values of an attribute as transmitted.
func attributeValues(attribute ber.Element) ([][]byte, error) {
	_, rest, err := ber.ReadElement(attribute.Body)
	if err != nil {
		return nil, err
	}
	set, _, err := ber.ReadElement(rest)
	if err != nil {
		return nil, err
	}
	var values [][]byte
	for rest := set.Body; len(rest) > 0; {
		var v ber.Element
		if v, rest, err = ber.ReadElement(rest); err != nil {
			return nil, err
		}
		if values = append(values, v.Raw); len(values) > MaxAttributes {
			return nil, errTooManyAttrs
		}
	}
	return values, nil
}

// ParseContentTypeValue reads the value of a contentType attribute.
func ParseContentTypeValue(value []byte) (asn1.ObjectIdentifier, error) {
	r := der.New(value, "contentType")
	oid := r.OID("")
	return oid, finish("contentType", r)
}

// ParseMessageDigest reads the value of a messageDigest attribute.
func ParseMessageDigest(value []byte) ([]byte, error) {
	r := der.New(value, "messageDigest")
	d := r.OctetString("")
	return d, finish("messageDigest", r)
}

// ParseSigningTime reads the value of a signingTime attribute.
func ParseSigningTime(value []byte) (time.Time, error) {
	r := der.New(value, "signingTime")
	t := r.Time("")
	return t, finish("signingTime", r)
}

// CertHash is the hash of a certificate in an ESS signing-certificate attribute. Its issuerSerial
// is not kept: the hash names the certificate, and writers differ in the form of the issuer.
type CertHash struct {
	Algorithm asn1.ObjectIdentifier
	Hash      []byte
}

var (
	oidSHA1   = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
)

// ParseSigningCertificate reads the value of a signingCertificate (RFC 2634, v2 false) or
// signingCertificateV2 attribute (RFC 5035) and returns the first hash, that of the signer.
func ParseSigningCertificate(value []byte, v2 bool) (CertHash, error) {
	const what = "signingCertificate"
	r := der.New(value, what)
	s := r.Sequence("")
	certs := s.Sequence("certs")
	first := CertHash{Algorithm: oidSHA1}
	if v2 {
		first.Algorithm = oidSHA256
	}
	for i := 0; i == 0 || !certs.Empty(); i++ {
		c := certs.Item(i, cbasn1.SEQUENCE)
		h := CertHash{Algorithm: first.Algorithm}
		if v2 && c.Peek(cbasn1.SEQUENCE) {
			h.Algorithm = readAlgorithm(c, "hashAlgorithm").OID
		}
		h.Hash = c.OctetString("certHash")
		if !c.Empty() {
			c.Contents("issuerSerial", cbasn1.SEQUENCE)
		}
		_ = c.End()
		if i == 0 {
			first = h
		}
	}
	if !s.Empty() {
		s.Contents("policies", cbasn1.SEQUENCE)
	}
	_ = s.End()
	return first, finish(what, r)
}

// attribute encodes an Attribute with one value.
func attribute(oid asn1.ObjectIdentifier, value func(*cryptobyte.Builder)) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(cbasn1.SET, value)
	})
	return b.Bytes()
}

// SignedAttrs is what a CAdES-BES signer signs.
type SignedAttrs struct {
	ContentType   asn1.ObjectIdentifier
	SigningTime   time.Time
	MessageDigest []byte
	Digest        asn1.ObjectIdentifier // of CertHash
	CertHash      []byte
	Signer        ID // by issuer and serial number
}

// Marshal returns the SET OF Attribute in DER, under the tag SET, as it is hashed.
func (a *SignedAttrs) Marshal() ([]byte, error) {
	values := []struct {
		oid   asn1.ObjectIdentifier
		value func(*cryptobyte.Builder)
	}{
		{OIDContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(a.ContentType) }},
		{OIDSigningTime, func(b *cryptobyte.Builder) { addTime(b, a.SigningTime) }},
		{OIDMessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(a.MessageDigest) }},
		{OIDSigningCertificateV2, a.addSigningCertificate},
	}
	var list [][]byte
	for _, v := range values {
		raw, err := attribute(v.oid, v.value)
		if err != nil {
			return nil, err
		}
		list = append(list, raw)
	}
	slices.SortFunc(list, bytes.Compare) // X.690, 11.6
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
		for _, raw := range list {
			b.AddBytes(raw)
		}
	})
	return b.Bytes()
}

func (a *SignedAttrs) addSigningCertificate(b *cryptobyte.Builder) {
	sequence := func(b *cryptobyte.Builder, f func(*cryptobyte.Builder)) { b.AddASN1(cbasn1.SEQUENCE, f) }
	sequence(b, func(b *cryptobyte.Builder) { // SigningCertificateV2
		sequence(b, func(b *cryptobyte.Builder) { // certs
			sequence(b, func(b *cryptobyte.Builder) { // ESSCertIDv2
				if !a.Digest.Equal(oidSHA256) { // DEFAULT
					AlgorithmID{OID: a.Digest}.Add(b)
				}
				b.AddASN1OctetString(a.CertHash)
				sequence(b, func(b *cryptobyte.Builder) { // IssuerSerial
					sequence(b, func(b *cryptobyte.Builder) { // GeneralNames
						b.AddASN1(der.Explicit(4), func(b *cryptobyte.Builder) { b.AddBytes(a.Signer.RawIssuer) })
					})
					b.AddASN1(cbasn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(a.Signer.Serial) })
				})
			})
		})
	})
}

func addTime(b *cryptobyte.Builder, t time.Time) {
	if t = t.UTC(); t.Year() >= 1950 && t.Year() < 2050 {
		b.AddASN1UTCTime(t)
		return
	}
	b.AddASN1GeneralizedTime(t)
}
