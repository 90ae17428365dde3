package main

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/transport"
)

// Types of things. They are a stable contract.
const (
	typeCertificate  = "certificate"
	typeBundle       = "bundle"
	typeCRL          = "crl"
	typeCSR          = "csr"
	typeSigned       = "signed"
	typeEnveloped    = "enveloped"
	typeContainer    = "container"
	typeOCSPRequest  = "ocsp_request"
	typeOCSPResponse = "ocsp_response"
	typeTSPRequest   = "tsp_request"
	typeTSPResponse  = "tsp_response"
	typeTimestamp    = "timestamp"
	typeTransport    = "transport"
	typePrivateKey   = "private_key"
	typeUnknown      = "unknown"
)

// Tags that the standard constants do not spell out.
const (
	context0 asn1.Tag = 0xa0 + iota
	context1
	context2
)

var oidPKCS7 = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07}

// detect tells what data is by its structure; PEM and Base64 around single objects are gone
// already. Whether it is right in every detail is for the parser of that type to say.
func detect(data []byte) string {
	switch contentInfo(data) {
	case 2:
		return typeSigned // refined by who reads it: timestamp, bundle
	case 3:
		return typeEnveloped
	}
	if t := detectDER(data); t != typeUnknown {
		return t
	}
	if bytes.Contains(data[:min(len(data), peekSize)], []byte("-----BEGIN CERTIFICATE")) {
		return typeBundle
	}
	switch keystore.Detect(data) {
	case keystore.FormatUnknown:
	case keystore.FormatPKCS8:
		return typePrivateKey
	case keystore.FormatRaw:
		if !printable(data) {
			return typePrivateKey
		}
	default:
		return typeContainer
	}
	if _, err := transport.Parse(data); err == nil || transport.IsFramed(data) {
		return typeTransport
	}
	return typeUnknown
}

// contentInfo returns the last arc of the content type of a ContentInfo, 0 if data begins
// otherwise. BER of indefinite length is recognised.
func contentInfo(data []byte) int {
	if len(data) < 2 || data[0] != 0x30 {
		return 0
	}
	head := 2
	if data[1] > 0x80 {
		head += int(data[1] & 0x7f)
	}
	if head > 10 || len(data) <= head+len(oidPKCS7) || !bytes.Equal(data[head:head+len(oidPKCS7)], oidPKCS7) {
		return 0
	}
	return int(data[head+len(oidPKCS7)])
}

func printable(data []byte) bool {
	return !bytes.ContainsFunc(data, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' && r != '\t' || r == '\ufffd' })
}

// shape returns the tags of the elements of b, nil if it is not a series of elements.
func shape(b cryptobyte.String) (tags []asn1.Tag, bodies []cryptobyte.String) {
	for !b.Empty() {
		var body cryptobyte.String
		var tag asn1.Tag
		if !b.ReadAnyASN1(&body, &tag) {
			return nil, nil
		}
		tags = append(tags, tag)
		bodies = append(bodies, body)
	}
	return tags, bodies
}

// begins reports whether the elements begin with these tags.
func begins(tags []asn1.Tag, want ...asn1.Tag) bool {
	if len(tags) < len(want) {
		return false
	}
	for i, t := range want {
		if tags[i] != t {
			return false
		}
	}
	return true
}

// detectDER knows the objects by the tags of their first elements.
func detectDER(data []byte) string {
	var outer cryptobyte.String
	rest := cryptobyte.String(data)
	if !rest.ReadASN1(&outer, asn1.SEQUENCE) {
		return typeUnknown
	}
	tags, bodies := shape(outer)
	concatenated := !rest.Empty()
	switch {
	case begins(tags, asn1.SEQUENCE, asn1.SEQUENCE, asn1.BIT_STRING):
		t := detectSigned(bodies[0])
		if concatenated && t == typeCertificate {
			return typeBundle
		}
		return t
	case concatenated:
		return typeUnknown
	case begins(tags, asn1.ENUM):
		return typeOCSPResponse
	case begins(tags, asn1.INTEGER, asn1.SEQUENCE) && len(tags) < 7:
		return detectVersioned(tags, bodies)
	case begins(tags, asn1.SEQUENCE) && len(tags) <= 2:
		return detectRequest(tags, bodies)
	}
	return typeUnknown
}

// detectSigned looks into the signed part of { part, algorithm, signature }.
func detectSigned(tbs cryptobyte.String) string {
	tags, bodies := shape(tbs)
	seq := asn1.SEQUENCE
	switch {
	case begins(tags, context0, asn1.INTEGER, seq, seq, seq, seq, seq),
		begins(tags, asn1.INTEGER, seq, seq, seq, seq, seq):
		return typeCertificate
	case begins(tags, asn1.INTEGER, seq, seq, asn1.UTCTime), begins(tags, asn1.INTEGER, seq, seq, asn1.GeneralizedTime),
		begins(tags, seq, seq, asn1.UTCTime), begins(tags, seq, seq, asn1.GeneralizedTime):
		return typeCRL
	case begins(tags, asn1.INTEGER, seq, seq):
		if spki, _ := shape(bodies[2]); begins(spki, seq, asn1.BIT_STRING) {
			return typeCSR
		}
	case begins(tags, context1, asn1.GeneralizedTime, seq), begins(tags, context2, asn1.GeneralizedTime, seq),
		begins(tags, context0, context1, asn1.GeneralizedTime, seq), begins(tags, context0, context2, asn1.GeneralizedTime, seq):
		return typeOCSPResponse // a bare BasicOCSPResponse
	}
	return typeUnknown
}

// detectVersioned tells what begins with a number and a sequence: a timestamp request. Key
// containers that begin so are left to package keystore.
func detectVersioned(tags []asn1.Tag, bodies []cryptobyte.String) string {
	imprint, _ := shape(bodies[1])
	if begins(imprint, asn1.SEQUENCE, asn1.OCTET_STRING) && len(imprint) == 2 && !begins(tags[2:], asn1.OCTET_STRING) {
		return typeTSPRequest
	}
	return typeUnknown
}

// detectRequest tells a timestamp response from an OCSP request. { sequence } and
// { sequence, sequence } are both; so are encrypted keys, which end in an OCTET STRING.
func detectRequest(tags []asn1.Tag, bodies []cryptobyte.String) string {
	inner, parts := shape(bodies[0])
	switch {
	case begins(inner, asn1.INTEGER) && (len(tags) == 1 || tags[1] == asn1.SEQUENCE && contentType(bodies[1])):
		return typeTSPResponse
	case len(tags) == 2 && tags[1] != context0:
		return typeUnknown
	}
	for i, t := range inner {
		switch t {
		case context0, context1: // version, requestorName
			continue
		case asn1.SEQUENCE:
			if requestList(parts[i]) {
				return typeOCSPRequest
			}
		}
		break
	}
	return typeUnknown
}

// contentType reports whether a sequence begins with a PKCS #7 content type.
func contentType(body cryptobyte.String) bool { return bytes.HasPrefix(body, oidPKCS7) }

// requestList reports whether the first element is { { algorithm, hash, hash, serial } … }.
func requestList(list cryptobyte.String) bool {
	tags, requests := shape(list)
	if !begins(tags, asn1.SEQUENCE) {
		return false
	}
	tags, request := shape(requests[0])
	if !begins(tags, asn1.SEQUENCE) {
		return false
	}
	tags, _ = shape(request[0])
	return begins(tags, asn1.SEQUENCE, asn1.OCTET_STRING, asn1.OCTET_STRING, asn1.INTEGER)
}
