package main

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/pkix"
)

// The JSON forms. Values that a thing does not have are null.

type certificateJSON struct {
	SubjectCN    *string  `json:"subject_cn"`
	IssuerCN     *string  `json:"issuer_cn"`
	Subject      string   `json:"subject"`
	Issuer       string   `json:"issuer"`
	Serial       string   `json:"serial_hex"`
	NotBefore    string   `json:"not_before"`
	NotAfter     string   `json:"not_after"`
	CurveM       *int     `json:"curve_m"`
	CurveParams  *string  `json:"curve_params"`
	PublicKey    string   `json:"public_key_hex"`
	PublicKeyAlg string   `json:"public_key_algorithm"`
	SignatureAlg string   `json:"signature_algorithm"`
	KeyUsage     []string `json:"key_usage"`
	SKI          *string  `json:"ski_hex"`
	AKI          *string  `json:"aki_hex"`
	EDRPOU       *string  `json:"edrpou"`
	DRFO         *string  `json:"drfo"`
	SHA256       string   `json:"sha256"`
	Unusable     string   `json:"key_error,omitempty"` // why the public key cannot be used
}

// text is null for the empty string.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func hexText(b []byte) *string { return text(hex.EncodeToString(b)) }

func moment(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return text(t.UTC().Format(time.RFC3339))
}

func oid(id asn1.ObjectIdentifier) string { return id.String() }

// names is never null.
func names(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func describeCertificate(c *pkix.Certificate) certificateJSON {
	sum := c.SHA256()
	j := certificateJSON{
		SubjectCN: text(c.Subject.CommonName()), IssuerCN: text(c.Issuer.CommonName()),
		Subject: c.Subject.String(), Issuer: c.Issuer.String(),
		Serial:    hex.EncodeToString(c.RawSerial),
		NotBefore: c.NotBefore.UTC().Format(time.RFC3339), NotAfter: c.NotAfter.UTC().Format(time.RFC3339),
		PublicKey: hex.EncodeToString(c.RawPublicKey), PublicKeyAlg: oid(c.PublicKeyOID), SignatureAlg: oid(c.SignatureOID),
		KeyUsage: names(c.KeyUsage.Names()), SKI: hexText(c.SubjectKeyID), AKI: hexText(c.AuthorityKeyID),
		EDRPOU: text(c.EDRPOU()), DRFO: text(c.DRFO()), SHA256: hex.EncodeToString(sum[:]),
	}
	if pub, ok := c.PublicKey.(*dstu4145.PublicKey); ok {
		m, params := pub.Curve().FieldBits(), curveParams(c.NamedCurve)
		j.CurveM, j.CurveParams = &m, &params
	}
	if c.PublicKeyError != nil {
		j.Unusable = c.PublicKeyError.Error()
	}
	return j
}

func curveParams(named bool) string {
	if named {
		return "named"
	}
	return "explicit"
}

func describeCertificates(list []*pkix.Certificate) []certificateJSON {
	out := make([]certificateJSON, 0, len(list))
	for _, c := range list {
		out = append(out, describeCertificate(c))
	}
	return out
}

// writeCertificate prints a certificate for people.
func writeCertificate(w io.Writer, indent string, j *certificateJSON) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s%-12s %s\n", indent, name, value)
		}
	}
	line("subject", j.Subject)
	line("issuer", j.Issuer)
	line("serial", j.Serial)
	line("valid", j.NotBefore+" to "+j.NotAfter)
	if j.CurveM != nil {
		line("key", fmt.Sprintf("DSTU 4145, m = %d, %s parameters", *j.CurveM, *j.CurveParams))
	} else {
		line("key", nameOf(j.PublicKeyAlg))
	}
	line("public key", j.PublicKey)
	line("signed with", nameOf(j.SignatureAlg))
	line("key usage", strings.Join(j.KeyUsage, ", "))
	line("key id", value(j.SKI))
	line("issuer key", value(j.AKI))
	line("EDRPOU", value(j.EDRPOU))
	line("DRFO", value(j.DRFO))
	line("sha256", j.SHA256)
	line("unusable", wording(j.Unusable))
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

type signerInfoJSON struct {
	IssuerCN     *string `json:"issuer_cn"`
	Serial       *string `json:"serial_hex"`
	SKI          *string `json:"ski_hex"`
	DigestAlg    string  `json:"digest_algorithm"`
	SignatureAlg string  `json:"signature_algorithm"`
	Digest       *string `json:"message_digest_hex"`
	SigningTime  *string `json:"signing_time"`
	Level        string  `json:"level"`
	ContentStamp bool    `json:"has_content_timestamp"`
	SigStamp     bool    `json:"has_signature_timestamp"`
}

type signedJSON struct {
	Detached     bool              `json:"detached"`
	ContentType  string            `json:"content_type"`
	Timestamp    *stampJSON        `json:"timestamp,omitempty"`
	Signers      []signerInfoJSON  `json:"signers"`
	Certificates []certificateJSON `json:"certificates"`
}

func describeSigned(s *cms.SignedData) *signedJSON {
	j := &signedJSON{Detached: s.Detached, ContentType: oid(s.ContentType), Signers: []signerInfoJSON{}}
	for _, si := range s.Signers {
		j.Signers = append(j.Signers, signerInfoJSON{
			IssuerCN: text(si.ID.Issuer.CommonName()), Serial: hexText(si.ID.RawSerial), SKI: hexText(si.ID.SubjectKeyID),
			DigestAlg: oid(si.DigestAlgorithm), SignatureAlg: oid(si.SignatureAlgorithm),
			Digest: hexText(si.MessageDigest), SigningTime: moment(si.SigningTime), Level: si.Level.String(),
			ContentStamp: si.HasContentTimestamp, SigStamp: si.HasSignatureTimestamp,
		})
	}
	j.Certificates = describeCertificates(s.Certificates.Certificates)
	return j
}

type recipientJSON struct {
	IssuerCN     *string `json:"issuer_cn"`
	Serial       *string `json:"serial_hex"`
	KeyID        *string `json:"key_id_hex"`
	KeyAgreement string  `json:"key_agreement_algorithm"`
	Wrap         string  `json:"wrap_algorithm"`
	Originator   string  `json:"originator"`
}

type envelopedJSON struct {
	ContentAlg   string            `json:"content_algorithm"`
	ContentType  string            `json:"content_type"`
	Recipients   []recipientJSON   `json:"recipients"`
	Certificates []certificateJSON `json:"certificates"`
}

func describeEnveloped(e *cms.EnvelopedData) *envelopedJSON {
	j := &envelopedJSON{ContentAlg: oid(e.ContentAlgorithm), ContentType: oid(e.ContentType), Recipients: []recipientJSON{}, Certificates: []certificateJSON{}}
	for _, r := range e.Recipients {
		j.Recipients = append(j.Recipients, recipientJSON{
			IssuerCN: text(r.ID.Issuer.CommonName()), Serial: hexText(r.ID.RawSerial), KeyID: hexText(r.ID.SubjectKeyID),
			KeyAgreement: oid(r.KeyAgreement), Wrap: oid(r.Wrap), Originator: string(r.Originator),
		})
	}
	if e.Certificates != nil {
		j.Certificates = describeCertificates(e.Certificates.Certificates)
	}
	return j
}
