package ber

import (
	"io"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// Element is one element in a buffer.
type Element struct {
	Header
	Raw  []byte // header and contents, and end-of-contents octets of the indefinite form
	Body []byte // contents without end-of-contents octets
}

// ReadElement splits the first element off data. Elements inside it are looked at only as far
// as needed to find its end.
func ReadElement(data []byte) (e Element, rest []byte, err error) {
	n, err := scan(data, 0, 1, &e.Header)
	if err != nil {
		return Element{}, nil, err
	}
	e.Raw, e.Body = data[:n:n], data[e.Size:n:n]
	if e.Indefinite() {
		e.Body = data[e.Size : n-2 : n-2]
	}
	return e, data[n:], nil
}

// Children splits the contents of a constructed element, which must be of at most limit elements.
func (e Element) Children(limit int) ([]Element, error) {
	if !e.Constructed() {
		return nil, &SyntaxError{What: "primitive element has no children"}
	}
	var list []Element
	for rest := e.Body; len(rest) > 0; {
		var c Element
		var err error
		if c, rest, err = ReadElement(rest); err != nil {
			return nil, err
		}
		if len(list) == limit {
			return nil, &SyntaxError{What: "too many elements"}
		}
		list = append(list, c)
	}
	return list, nil
}

// OctetString returns the octets of a string element of any tag: the contents themselves if it
// is primitive, those of its OCTET STRING parts joined if it is constructed.
func (e Element) OctetString() ([]byte, error) {
	if !e.Constructed() {
		return e.Body, nil
	}
	return appendParts(nil, e.Body, 1)
}

func appendParts(dst, body []byte, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return nil, &SyntaxError{What: "nesting too deep"}
	}
	for len(body) > 0 {
		part, rest, err := ReadElement(body)
		if err != nil {
			return nil, err
		}
		switch part.Tag {
		case asn1.OCTET_STRING:
			dst = append(dst, part.Body...)
		case asn1.OCTET_STRING | constructed:
			if dst, err = appendParts(dst, part.Body, depth+1); err != nil {
				return nil, err
			}
		default:
			return nil, &SyntaxError{What: "part of a string is not an OCTET STRING"}
		}
		body = rest
	}
	return dst, nil
}

// scan returns how many octets of data the element at its beginning takes; base is the offset of
// data for errors. The header goes to h if that is not nil.
func scan(data []byte, base int64, depth int, h *Header) (int, error) {
	var own Header
	if h == nil {
		h = &own
	}
	if err := headerAt(data, base, h); err != nil {
		return 0, err
	}
	if depth > MaxDepth {
		return 0, &SyntaxError{Offset: base, What: "nesting too deep"}
	}
	if !h.Indefinite() {
		if h.Length > int64(len(data)-h.Size) {
			return 0, truncated(base)
		}
		return h.Size + int(h.Length), nil
	}
	for pos := h.Size; ; {
		if len(data)-pos < 2 {
			return 0, truncated(base)
		}
		if data[pos] == 0 && data[pos+1] == 0 {
			return pos + 2, nil
		}
		n, err := scan(data[pos:], base+int64(pos), depth+1, nil)
		if err != nil {
			return 0, err
		}
		pos += n
	}
}

func headerAt(data []byte, base int64, h *Header) error {
	if len(data) < 2 {
		return truncated(base)
	}
	n, fault := headerLen(data[0], data[1])
	if fault == "" && n > len(data) {
		return truncated(base)
	}
	if fault == "" {
		*h, fault = parseHeader(data[:n])
	}
	if fault != "" {
		return &SyntaxError{Offset: base, What: fault}
	}
	return nil
}

func truncated(off int64) error {
	return &SyntaxError{Offset: off, What: "truncated element", Err: io.ErrUnexpectedEOF}
}

// ToDER converts one element with nothing after it to DER as far as lengths and octet strings
// are concerned: minimal definite lengths, constructed OCTET STRINGs joined. Constructed strings
// of other types are refused, SETs are not sorted, values are not looked at.
// An element that has this form already is returned as it is.
func ToDER(data []byte) ([]byte, error) {
	same, n, err := isDER(data, 0, 1)
	if err != nil {
		return nil, err
	}
	if n != len(data) {
		return nil, &SyntaxError{Offset: int64(n), What: "trailing data"}
	}
	if same {
		return data, nil
	}
	out, _, err := appendDER(make([]byte, 0, len(data)), data)
	return out, err
}

// isDER walks one element with all inside it, and reports whether ToDER would leave it alone.
func isDER(data []byte, base int64, depth int) (same bool, n int, err error) {
	var h Header
	if err := headerAt(data, base, &h); err != nil {
		return false, 0, err
	}
	if depth > MaxDepth {
		return false, 0, &SyntaxError{Offset: base, What: "nesting too deep"}
	}
	if h.Length > int64(len(data)-h.Size) {
		return false, 0, truncated(base)
	}
	if !h.Constructed() {
		return h.Size == HeaderSize(h.Length), h.Size + int(h.Length), nil
	}
	same = !h.Indefinite() && h.Size == HeaderSize(h.Length)
	if h.Tag&0xc0 == 0 && h.Tag != asn1.SEQUENCE && h.Tag != asn1.SET {
		if h.Tag != asn1.OCTET_STRING|constructed {
			return false, 0, &SyntaxError{Offset: base, What: "constructed form of a primitive type"}
		}
		same = false
	}
	pos, end := h.Size, len(data)
	if !h.Indefinite() {
		end = h.Size + int(h.Length)
	}
	for h.Indefinite() || pos < end {
		if h.Indefinite() && end-pos >= 2 && data[pos] == 0 && data[pos+1] == 0 {
			end = pos + 2
			break
		}
		inner, n, err := isDER(data[pos:end], base+int64(pos), depth+1)
		if err != nil {
			return false, 0, err
		}
		if data[pos] != byte(asn1.OCTET_STRING) && data[pos] != byte(asn1.OCTET_STRING|constructed) &&
			h.Tag == asn1.OCTET_STRING|constructed {
			return false, 0, &SyntaxError{Offset: base + int64(pos), What: "part of a string is not an OCTET STRING"}
		}
		same = same && inner
		pos += n
	}
	return same, end, nil
}

// appendDER appends the DER form of the element at the beginning of data, which isDER has
// accepted, and returns how many octets of data the element takes.
func appendDER(dst, data []byte) ([]byte, int, error) {
	var h Header
	if err := headerAt(data, 0, &h); err != nil {
		return nil, 0, err
	}
	start, pos, tag := len(dst), h.Size, h.Tag
	switch {
	case tag == asn1.OCTET_STRING|constructed:
		e, _, err := ReadElement(data)
		if err == nil {
			dst, err = appendParts(dst, e.Body, 1)
		}
		if err != nil {
			return nil, 0, err
		}
		tag, pos = asn1.OCTET_STRING, len(e.Raw)
	case !h.Constructed():
		pos += int(h.Length)
		dst = append(dst, data[h.Size:pos]...)
	default:
		for h.Indefinite() || pos < h.Size+int(h.Length) {
			if h.Indefinite() && data[pos] == 0 && data[pos+1] == 0 {
				pos += 2
				break
			}
			var n int
			var err error
			if dst, n, err = appendDER(dst, data[pos:]); err != nil {
				return nil, 0, err
			}
			pos += n
		}
	}
	var header [10]byte
	head := AppendHeader(header[:0], tag, int64(len(dst)-start))
	dst = append(dst, head...)
	copy(dst[start+len(head):], dst[start:len(dst)-len(head)])
	copy(dst[start:], head)
	return dst, pos, nil
}
