package transport

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"errors"

	"github.com/ukrcrypto/dstu/cms"
)

// kind says what a run of octets is.
type kind int

const (
	unknown   kind = iota
	framed         // sections
	signed         // SignedData, with ContentInfo or bare
	enveloped      // EnvelopedData, with ContentInfo or bare
	document       // none of these
	malformed      // should be a CMS object and is not
)

func (k kind) layer() LayerKind {
	if k == enveloped {
		return KindEnveloped
	}
	return KindSigned
}

// detect tells what data is by its first octets. A text that begins with the digit 0 (30) is no
// DER, and a file with an early NUL is no message unless its label is a known one or all its
// lengths fit.
func detect(data []byte) kind {
	if k := contentInfo(data); k != unknown {
		return k
	}
	if !IsFramed(data) {
		return document
	}
	label, _ := cutLabel(data)
	if _, err := Parse(data); errors.Is(err, ErrFormat) && !known(label) {
		return document
	}
	return framed
}

// The contentType of ContentInfo, tag and length included, but for the last octet.
var pkcs7 = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07}

// contentInfo recognises a ContentInfo of signed or enveloped data, BER or DER.
func contentInfo(b []byte) kind {
	if len(b) < 2 || b[0] != 0x30 {
		return unknown
	}
	head := 2
	if b[1] > 0x80 {
		head += int(b[1] & 0x7f)
	}
	if head > 6 || len(b) < head || !bytes.HasPrefix(b[head:], pkcs7) || len(b) == head+len(pkcs7) {
		return unknown
	}
	switch b[head+len(pkcs7)] {
	case 2:
		return signed
	case 3:
		return enveloped
	}
	return unknown
}

// contentForm says what the content of a CMS object is by its content type. Content of type data
// may be anything.
func contentForm(t asn1.ObjectIdentifier) kind {
	switch {
	case t.Equal(cms.ContentTypeSignedData):
		return signed
	case t.Equal(cms.ContentTypeEnvelopedData):
		return enveloped
	}
	return unknown
}

// unwrapBase64 returns what data encodes if it is Base64 of a CMS object or of a message, with
// padding or without, and data itself otherwise. White space is ignored.
func unwrapBase64(data []byte) []byte {
	if len(data) < 4 || contentInfo(data) != unknown || IsFramed(data) {
		return data
	}
	if !base64Text(data) {
		return data
	}
	plain := make([]byte, base64.RawStdEncoding.DecodedLen(len(data)))
	n, err := base64.RawStdEncoding.Decode(plain, bytes.TrimRight(bytes.Join(bytes.Fields(data), nil), "="))
	if err != nil {
		return data
	}
	if plain = plain[:n]; contentInfo(plain) == unknown && !IsFramed(plain) {
		return data
	}
	return plain
}

func base64Text(data []byte) bool {
	for _, c := range data {
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		case c == '+', c == '/', c == '=', c == '\r', c == '\n', c == ' ', c == '\t':
		default:
			return false
		}
	}
	return true
}
