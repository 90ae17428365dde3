package transport

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ukrcrypto/dstu/internal/cp1251"
)

// Keys of header fields. Keys are compared case-sensitively.
const (
	KeyCertType       = "CERTYPE"   // CA type, "UA1"
	KeyReceiverName   = "RCV_NAME"  // organisation of the sender: whom the receipt goes to
	KeyEDRPOU         = "EDRPOU"    // code of the sender
	KeyFileName       = "FILENAME"  // report file
	KeyReceiverEmail  = "RCV_EMAIL" // where receipts go
	KeyProgram        = "PRG_TYPE"  // producing program; "ZPGATE" in an encrypted receipt
	KeyProgramVersion = "PRG_VER"   // its version
	KeySent           = "SND_DATE"  // YYYYMMDDhhmmss, Kyiv civil time
	KeyEncoding       = "ENCODING"  // "WIN": windows-1251
	KeyDocType        = "DOC_TYPE"  // document kind, a number
	KeyReceiptNumber  = "KVTNUM"    // 1: first receipt, 2: second
	KeyResult         = "RESULT"    // 0: accepted
	KeyStatusType     = "STTYPE"    // status kind, a number
	KeyCNCode         = "CNCODE"    // a number
	KeyFinal          = "FINKVT"    // marks a final receipt
	KeySubject        = "SUBJECT"
	KeyCRC            = "CRC" // algorithm unknown; never checked
	KeyReceiverEDRPOU = "RCV_EDRPOU"
)

// maxFields bounds the fields of one header; real ones have about ten.
const maxFields = 1000

// ErrHeader is the cause of every refusal to write a header field.
var ErrHeader = errors.New("transport: unwritable header field")

var errAmbiguous = fmt.Errorf("%w: the text would be taken for UTF-8; ENCODING=WIN is needed", ErrHeader)

// Field is one line of a header, KEY=VALUE.
type Field struct{ Key, Value string }

// Header is the content of a header section. Fields keep their order, and a key may occur more
// than once. The zero value is an empty header.
type Header struct {
	Fields []Field

	raw    []byte  // octets as received; written again while Fields equal parsed
	parsed []Field // Fields as received
	zpost  bool    // received under ZPOSTTRANSPORTABLE
}

// ParseHeader reads the content of a header section: KEY=VALUE CR LF repeated, then one NUL. The
// NUL and the last CR LF may be missing, and more NULs may follow; lines may end in LF if none
// ends in CR LF; a line without an equals sign is a key without a value.
//
// Values are windows-1251 if a field ENCODING=WIN stands among them or the text is not valid
// UTF-8, and UTF-8 otherwise. Octets that windows-1251 leaves undefined become U+FFFD. The
// header keeps a copy of the text and is written back octet by octet until Fields are changed.
func ParseHeader(text []byte) (*Header, error) {
	h := &Header{raw: bytes.Clone(text)}
	body := bytes.TrimRight(text, "\x00")
	decode := func(b []byte) string { return string(b) }
	if !utf8.Valid(body) || saysWindows(body) {
		decode = cp1251.Decode
	}
	for line := range lines(body) {
		if len(line) == 0 {
			continue
		}
		if len(h.Fields) == maxFields {
			return nil, errors.New("too many header fields")
		}
		key, value, _ := bytes.Cut(line, []byte("="))
		h.Fields = append(h.Fields, Field{decode(key), decode(value)})
	}
	h.parsed = slices.Clone(h.Fields)
	return h, nil
}

func lines(body []byte) iter.Seq[[]byte] {
	if end := []byte("\r\n"); bytes.Contains(body, end) {
		return bytes.SplitSeq(body, end)
	}
	return bytes.SplitSeq(body, []byte("\n"))
}

func saysWindows(body []byte) bool {
	for line := range lines(body) {
		if string(line) == KeyEncoding+"=WIN" {
			return true
		}
	}
	return false
}

// Get returns the value of the first field with that key, or "".
func (h *Header) Get(key string) string {
	value, _ := h.Lookup(key)
	return value
}

// Lookup is like [Header.Get] and tells an absent field from an empty one. h may be nil.
func (h *Header) Lookup(key string) (string, bool) {
	if h == nil {
		return "", false
	}
	for _, f := range h.Fields {
		if f.Key == key {
			return f.Value, true
		}
	}
	return "", false
}

// Set gives the first field with that key a value, or adds the field at the end.
func (h *Header) Set(key, value string) {
	for i := range h.Fields {
		if h.Fields[i].Key == key {
			h.Fields[i].Value = value
			return
		}
	}
	h.Fields = append(h.Fields, Field{key, value})
}

// AppendBinary appends the content of the header section, closing NUL included, to b.
//
// A header as received is written as received. Any other is written in windows-1251, the
// encoding of the programs in the field. AppendBinary refuses with [ErrHeader] a field with CR,
// LF or NUL, an empty key or one with an equals sign, a character that windows-1251 does not
// have, and text that a reader would take for UTF-8 (add ENCODING=WIN then).
func (h *Header) AppendBinary(b []byte) ([]byte, error) {
	if h.zpost {
		return b, fmt.Errorf("%w: %s is never written", ErrHeader, LabelHeaderZPost)
	}
	if h.raw != nil && slices.Equal(h.Fields, h.parsed) {
		return append(b, h.raw...), nil
	}
	out := b
	for _, f := range h.Fields {
		if f.Key == "" || strings.Contains(f.Key, "=") || strings.ContainsAny(f.Key+f.Value, "\r\n\x00") {
			return b, fmt.Errorf("%w: %q holds an octet that a field must not have", ErrHeader, f.Key)
		}
		line, ok := cp1251.Encode(f.Key + "=" + f.Value)
		if !ok {
			return b, fmt.Errorf("%w: %q has a character outside windows-1251", ErrHeader, f.Key)
		}
		out = append(out, line...)
		out = append(out, "\r\n"...)
	}
	if text := out[len(b):]; utf8.Valid(text) && !ascii(text) && !saysWindows(text) {
		return b, errAmbiguous
	}
	return append(out, 0), nil
}

func ascii(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c >= utf8.RuneSelf })
}
