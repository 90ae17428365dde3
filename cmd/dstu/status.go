package main

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/pkix"
)

// What inspect says of revocation lists, OCSP messages and timestamps. Objects that are not as
// the standards have them are still what they are: there is then nothing to say.

type crlJSON struct {
	IssuerCN     *string `json:"issuer_cn"`
	Issuer       string  `json:"issuer"`
	ThisUpdate   *string `json:"this_update"`
	NextUpdate   *string `json:"next_update"`
	Number       *string `json:"crl_number_hex"`
	Base         *string `json:"delta_base_hex"`
	Revoked      int     `json:"n_revoked"`
	SignatureAlg string  `json:"signature_algorithm"`
}

// timeOf reads a time. Servers write fractions of a second that end in zero.
func timeOf(r *der.Reader, field string) *string {
	if r.Peek(cbasn1.UTCTime) {
		return moment(r.Time(field))
	}
	t, err := time.Parse("20060102150405Z0700", string(r.Contents(field, cbasn1.GeneralizedTime)))
	if err != nil {
		r.Fail(field, err)
	}
	return moment(t)
}

// describeCRL reads a CertificateList (RFC 5280, 5.1), nil if it is malformed.
func describeCRL(data []byte) *crlJSON {
	r := der.New(data, "crl")
	tbs := r.Sequence("").Sequence("tbsCertList")
	if tbs.Peek(cbasn1.INTEGER) {
		tbs.Int("version", 1)
	}
	j := &crlJSON{SignatureAlg: oid(tbs.Sequence("signature").OID("algorithm"))}
	issuer, err := pkix.ParseName(tbs.Element("issuer", cbasn1.SEQUENCE))
	j.Issuer, j.IssuerCN = issuer.String(), text(issuer.CommonName())
	j.ThisUpdate = timeOf(tbs, "thisUpdate")
	if tbs.Peek(cbasn1.UTCTime) || tbs.Peek(cbasn1.GeneralizedTime) {
		j.NextUpdate = timeOf(tbs, "nextUpdate")
	}
	if tbs.Peek(cbasn1.SEQUENCE) {
		for list := tbs.Sequence("revokedCertificates"); !list.Empty(); j.Revoked++ {
			list.Contents("", cbasn1.SEQUENCE)
		}
	}
	if outer, ok := tbs.Optional("crlExtensions", context0); ok {
		for list := outer.Sequence(""); !list.Empty(); {
			e := list.Sequence("")
			id := e.OID("extnID")
			if e.Peek(cbasn1.BOOLEAN) {
				e.Boolean("critical")
			}
			value := e.OctetString("extnValue")
			switch oid(id) {
			case "2.5.29.20":
				j.Number = hexText(der.New(value, "cRLNumber").Integer(""))
			case "2.5.29.27":
				j.Base = hexText(der.New(value, "deltaCRLIndicator").Integer(""))
			}
		}
	}
	if r.Err() != nil || err != nil {
		return nil
	}
	return j
}

func (j *crlJSON) write(b *strings.Builder) {
	writeLine(b, "issuer", j.Issuer)
	writeLine(b, "valid", value(j.ThisUpdate)+" to "+dash(j.NextUpdate))
	writeLine(b, "number", value(j.Number))
	writeLine(b, "changes to", value(j.Base))
	writeLine(b, "revoked", fmt.Sprint(j.Revoked))
	writeLine(b, "signed with", nameOf(j.SignatureAlg))
}

func writeLine(b *strings.Builder, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "  %-12s %s\n", name, value)
	}
}

// stampJSON is a TSTInfo or a TimeStampReq, which has no time and no serial number.
type stampJSON struct {
	Time       *string `json:"time"`
	Policy     *string `json:"policy"`
	Serial     *string `json:"serial_hex"`
	ImprintAlg string  `json:"imprint_algorithm"`
	Imprint    string  `json:"imprint_hex"`
	Nonce      *string `json:"nonce_hex"`
}

// describeStamp reads a TSTInfo (RFC 3161, 2.4.2) or, with request set, a TimeStampReq, nil if it
// is malformed.
func describeStamp(data []byte, request bool) *stampJSON {
	r := der.New(data, "timestamp")
	s := r.Sequence("")
	s.Int("version", 1)
	j := &stampJSON{}
	if !request {
		j.Policy = text(oid(s.OID("policy")))
	}
	imprint := s.Sequence("messageImprint")
	j.ImprintAlg = oid(imprint.Sequence("hashAlgorithm").OID("algorithm"))
	j.Imprint = hex.EncodeToString(imprint.OctetString("hashedMessage"))
	if request && s.Peek(cbasn1.OBJECT_IDENTIFIER) {
		j.Policy = text(oid(s.OID("reqPolicy")))
	}
	if !request {
		j.Serial = hexText(s.Integer("serialNumber"))
		j.Time = timeOf(s, "genTime")
	}
	for _, skip := range []cbasn1.Tag{cbasn1.SEQUENCE, cbasn1.BOOLEAN} { // accuracy, ordering
		if !request && s.Peek(skip) {
			s.Contents("", skip)
		}
	}
	if s.Peek(cbasn1.INTEGER) {
		j.Nonce = hexText(s.Integer("nonce"))
	}
	if r.Err() != nil {
		return nil
	}
	return j
}

func (j *stampJSON) write(b *strings.Builder) {
	writeLine(b, "time", value(j.Time))
	writeLine(b, "imprint", nameOf(j.ImprintAlg)+" "+j.Imprint)
	writeLine(b, "policy", value(j.Policy))
	writeLine(b, "serial", value(j.Serial))
	writeLine(b, "nonce", value(j.Nonce))
}

// describeStampResponse describes the token of a TimeStampResp, nil if there is none.
func describeStampResponse(data []byte) *signedJSON {
	token, err := timestampToken(data)
	if err != nil {
		return nil
	}
	s, err := cms.ParseSigned(token)
	if err != nil {
		return nil
	}
	j := describeSigned(s)
	j.Timestamp = describeStamp(s.Content, false)
	return j
}

type ocspJSON struct {
	ProducedAt   *string          `json:"produced_at"`
	Responses    []ocspStatusJSON `json:"responses"`
	SignatureAlg string           `json:"signature_algorithm"`
}

type ocspStatusJSON struct {
	Serial     string  `json:"serial_hex"`
	Status     string  `json:"status"` // good, revoked, unknown
	ThisUpdate *string `json:"this_update"`
}

// describeOCSP reads an OCSPResponse or a BasicOCSPResponse (RFC 6960, 4.2.1), nil if it is malformed or
// has no answer.
func describeOCSP(data []byte) *ocspJSON {
	basic, err := basicResponse(data)
	if err != nil {
		return nil
	}
	r := der.New(basic, "basicOCSPResponse")
	outer := r.Sequence("")
	s := outer.Sequence("tbsResponseData")
	if s.Peek(context0) {
		s.Contents("version", context0)
	}
	s.Any("responderID")
	j := &ocspJSON{ProducedAt: timeOf(s, "producedAt"), Responses: []ocspStatusJSON{}}
	for list := s.Sequence("responses"); !list.Empty(); {
		one := list.Sequence("")
		id := one.Sequence("certID")
		id.Contents("hashAlgorithm", cbasn1.SEQUENCE)
		id.OctetString("issuerNameHash")
		id.OctetString("issuerKeyHash")
		status := ocspStatusJSON{Serial: hex.EncodeToString(id.Integer("serialNumber")), Status: "unknown"}
		switch _, _, tag := one.Any("certStatus"); tag {
		case der.Context(0):
			status.Status = "good"
		case context1:
			status.Status = "revoked"
		}
		status.ThisUpdate = timeOf(one, "thisUpdate")
		j.Responses = append(j.Responses, status)
	}
	j.SignatureAlg = oid(outer.Sequence("signatureAlgorithm").OID("algorithm"))
	if r.Err() != nil {
		return nil
	}
	return j
}

func (j *ocspJSON) write(b *strings.Builder) {
	writeLine(b, "produced", value(j.ProducedAt))
	for _, s := range j.Responses {
		writeLine(b, s.Status, "serial "+s.Serial+", as of "+value(s.ThisUpdate))
	}
	writeLine(b, "signed with", nameOf(j.SignatureAlg))
}
