package keystore

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
)

const (
	rawSize    = 32  // octets of a bare scalar
	medocMark  = 'Q' // first of the octets that M.E.Doc puts before a container
	medocSize  = 6
	maxLayers  = 4 // of text and prefixes around a container
	maxPEM     = 4096
	pemBegin   = "-----BEGIN "
	pemCert    = "CERTIFICATE"
	jceksMagic = "\xce\xce\xce\xce"
	jksMagic   = "\xfe\xed\xfe\xed"
	byteMark   = "\xef\xbb\xbf" // byte order mark of UTF-8
)

// Object identifiers at the start of containers that are one encrypted key.
var (
	oidIITContainers = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 19398, 1, 1, 1}
	oidPKCS5         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5}
	oidPKCS12PBE     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1}
)

// content is what remains of a file without text encodings and prefixes.
type content struct {
	format Format
	blobs  [][]byte // containers of the format
	certs  [][]byte // certificates beside them in PEM
}

// Detect tells the format of a container by its structure, [FormatUnknown] if it is none.
// PEM, Base64 and the prefix of M.E.Doc are seen through. It does not need the password, and the
// container may still turn out to be malformed.
func Detect(data []byte) Format { return unwrap(data).format }

// unwrap takes off what surrounds a container. Of the containers in a PEM file those of the format
// of the first count.
func unwrap(data []byte) content {
	if len(data) == rawSize && sniff(data) == FormatUnknown {
		return content{format: FormatRaw, blobs: [][]byte{data}}
	}
	data = bytes.TrimPrefix(data, []byte(byteMark))
	for range maxLayers {
		if f := sniff(data); f != FormatUnknown {
			return content{format: f, blobs: [][]byte{withoutTail(data)}}
		}
		if len(data) > medocSize && data[0] == medocMark && begins(data[medocSize:]) {
			data = data[medocSize:]
			continue
		}
		if c, ok := unwrapPEM(data); ok {
			return c
		}
		decoded, ok := decodeBase64(data)
		if !ok {
			break
		}
		data = decoded
	}
	return content{}
}

// withoutTail drops zero octets behind the first element, with which key media fill files up. What is
// none, as a key store of Java, stays as it is.
func withoutTail(data []byte) []byte {
	e, rest, err := ber.ReadElement(data)
	if err != nil || e.Tag != cbasn1.SEQUENCE || len(bytes.TrimLeft(rest, "\x00")) > 0 {
		return data
	}
	return e.Raw
}

// begins reports whether something known starts here, for data behind a prefix.
func begins(data []byte) bool {
	return sniff(data) != FormatUnknown || bytes.HasPrefix(data, []byte(pemBegin))
}

func unwrapPEM(data []byte) (content, bool) {
	var c content
	if !bytes.Contains(data, []byte(pemBegin)) {
		return c, false
	}
	for range maxPEM {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type == pemCert {
			c.certs = append(c.certs, block.Bytes)
			continue
		}
		f := sniff(block.Bytes)
		if f == FormatUnknown { // encrypted in the manner of RFC 1421, too
			continue
		}
		if c.format == FormatUnknown {
			c.format = f
		}
		if f == c.format {
			c.blobs = append(c.blobs, block.Bytes)
		}
	}
	return c, c.format != FormatUnknown
}

// decodeBase64 decodes text that is nothing but Base64 and white space, with padding or without.
func decodeBase64(data []byte) ([]byte, bool) {
	data = bytes.TrimSpace(data)
	if len(data) < 8 || !base64Alphabet(data[:8]) {
		return nil, false
	}
	text := make([]byte, 0, len(data))
	for _, c := range data {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			text = append(text, c)
		}
	}
	data = bytes.TrimRight(text, "=")
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(data)))
	n, err := base64.RawStdEncoding.Decode(out, data)
	return out[:n], err == nil
}

func base64Alphabet(b []byte) bool {
	for _, c := range b {
		if !('A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/') {
			return false
		}
	}
	return true
}

// sniff tells the format of a binary container from its first elements. Lengths that lead beyond
// the data are let pass, and so is the indefinite form: reading it will tell.
func sniff(data []byte) Format {
	if bytes.HasPrefix(data, []byte(jksMagic)) || bytes.HasPrefix(data, []byte(jceksMagic)) {
		return FormatJKS
	}
	outer, _, ok := peek(data, cbasn1.SEQUENCE)
	if !ok {
		return FormatUnknown
	}
	if version, rest, ok := peek(outer, cbasn1.INTEGER); ok {
		return sniffVersioned(version, rest)
	}
	algorithm, rest, ok := peek(outer, cbasn1.SEQUENCE)
	if !ok {
		return FormatUnknown
	}
	s := cryptobyte.String(algorithm)
	var oid asn1.ObjectIdentifier
	if !s.ReadASN1ObjectIdentifier(&oid) {
		return FormatUnknown
	}
	if _, _, ok := peek(rest, cbasn1.OCTET_STRING); !ok {
		return FormatUnknown
	}
	switch {
	case under(oid, oidIITContainers):
		return FormatKey6
	case under(oid, oidPKCS5), under(oid, oidPKCS12PBE):
		return FormatPKCS8Encrypted
	}
	return FormatUnknown
}

// sniffVersioned tells PKCS#12 from PKCS#8 behind the version number.
func sniffVersioned(version, rest []byte) Format {
	second, rest, ok := peek(rest, cbasn1.SEQUENCE)
	if !ok || len(version) != 1 {
		return FormatUnknown
	}
	s := cryptobyte.String(second)
	if !s.PeekASN1Tag(cbasn1.OBJECT_IDENTIFIER) {
		return FormatUnknown
	}
	switch version[0] {
	case 3:
		return FormatPKCS12
	case 0, 1: // RFC 5958 has the public key in version 1
		if _, _, ok := peek(rest, cbasn1.OCTET_STRING); ok {
			return FormatPKCS8
		}
	}
	return FormatUnknown
}

// peek returns the contents of the first element, as far as there are any, and what follows it.
func peek(data []byte, tag cbasn1.Tag) (body, rest []byte, ok bool) {
	if len(data) < 2 || data[0] != byte(tag) {
		return nil, nil, false
	}
	n, body := int(data[1]), data[2:]
	switch {
	case n == 0x80:
		return body, nil, true
	case n > 0x80:
		size := n & 0x7f
		if size > 4 || size > len(body) {
			return nil, nil, false
		}
		var long uint64
		for _, c := range body[:size] {
			long = long<<8 | uint64(c)
		}
		body = body[size:]
		n = int(min(long, uint64(len(body))))
	}
	n = min(n, len(body))
	return body[:n], body[n:], true
}

// under reports whether oid lies below the arc.
func under(oid, arc asn1.ObjectIdentifier) bool {
	return len(oid) > len(arc) && oid[:len(arc)].Equal(arc)
}
