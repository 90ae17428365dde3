package transport

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Labels of sections.
const (
	LabelHeader      = "TRANSPORTABLE"
	LabelHeaderZPost = "ZPOSTTRANSPORTABLE" // read as a header, never written
	LabelSign        = "UA1_SIGN"
	LabelCrypt       = "UA1_CRYPT"
	LabelCertificate = "CERTCRYPT"
	LabelStamp       = "USC_STAMP"
	LabelDocument    = "DOCUMENT"
	LabelClear       = "CLEAR"
)

// Limits of a message. The receivers in the field accept up to 50 sections.
const (
	MaxSections = 50 // in one sequence of sections
	MaxDepth    = 16 // nested CMS layers
	maxLabel    = 19
)

const packedXML = "PACKED_XML"

// ErrFormat is the cause of every [*FormatError].
var ErrFormat = errors.New("transport: malformed message")

// FormatError says where a message departs from the framing. errors.Is finds [ErrFormat].
type FormatError struct {
	Section int    // number of the section, from 0
	Offset  int    // octets before the fault, from the start of the sequence of sections
	Label   string // label of the section, if it was read
	Reason  string
}

// Error returns the place and the reason.
func (e *FormatError) Error() string {
	if e.Label == "" {
		return fmt.Sprintf("transport: section %d at offset %d: %s", e.Section, e.Offset, e.Reason)
	}
	return fmt.Sprintf("transport: section %d (%s) at offset %d: %s", e.Section, e.Label, e.Offset, e.Reason)
}

// Unwrap returns [ErrFormat].
func (e *FormatError) Unwrap() error { return ErrFormat }

// UnsupportedError names a packing that this package recognises and does not read.
// errors.Is finds [errors.ErrUnsupported].
type UnsupportedError struct{ What string }

// Error returns the name of the packing.
func (e *UnsupportedError) Error() string { return "transport: " + e.What + " is not supported" }

// Unwrap returns [errors.ErrUnsupported].
func (e *UnsupportedError) Unwrap() error { return errors.ErrUnsupported }

// Form is the way a section is written.
type Form int

const (
	// Plain is label, NUL, length, content.
	Plain Form = iota
	// Marked has one octet 02 between NUL and length: the library of IIT writes it so when the
	// label ends in _SIGN and does not begin with UA1.
	Marked
	// Bare is a label and its NUL only; another section follows at once.
	Bare
)

// Section is one labelled part of a message.
type Section struct {
	Label   string // 1 to 19 printable ASCII characters
	Content []byte // nil for [Bare]
	Form    Form
}

// Container is one sequence of sections.
type Container struct {
	Header   *Header   // the first section, if that is a header; else nil
	Sections []Section // the others, in order; headers in later places included
}

// Parse splits a message into its sections. It does not look inside CMS objects.
//
// The sections share memory with data. Errors are a [*FormatError], or an [*UnsupportedError]
// for PACKED_XML. Lengths are compared with the octets at hand before anything is allocated.
// What Parse accepts, [Container.AppendBinary] writes back octet by octet, except that it
// refuses a header labelled ZPOSTTRANSPORTABLE.
func Parse(data []byte) (*Container, error) {
	if strings.HasPrefix(string(data[:min(len(data), len(packedXML))]), packedXML) {
		return nil, &UnsupportedError{packedXML}
	}
	c := new(Container)
	rest := data
	for n := 0; len(rest) > 0; n++ {
		at := len(data) - len(rest)
		if n == MaxSections {
			return nil, &FormatError{n, at, "", "too many sections"}
		}
		s, tail, reason := cutSection(rest)
		if reason != "" {
			return nil, &FormatError{n, at, s.Label, reason}
		}
		if n == 0 && s.isHeader() {
			h, err := ParseHeader(s.Content)
			if err != nil {
				return nil, &FormatError{n, at, s.Label, err.Error()}
			}
			h.zpost = s.Label == LabelHeaderZPost
			c.Header = h
		} else {
			c.Sections = append(c.Sections, s)
		}
		rest = tail
	}
	if c.Header == nil && len(c.Sections) == 0 {
		return nil, &FormatError{0, 0, "", "no sections"}
	}
	return c, nil
}

// cutSection takes the first section off b. reason is not empty if there is none.
func cutSection(b []byte) (s Section, rest []byte, reason string) {
	s.Label, rest = cutLabel(b)
	if s.Label == "" {
		return s, nil, "no label"
	}
	if foreignPart(s.Label) {
		if n, ok := length(rest, 1); ok && rest[0] == 0x02 && strings.HasSuffix(s.Label, "_SIGN") {
			s.Form = Marked
			s.Content, rest = rest[5:5+n:5+n], rest[5+n:]
			return s, rest, ""
		}
		if next, _ := cutLabel(rest); known(next) {
			s.Form = Bare
			return s, rest, ""
		}
	}
	if len(rest) < 4 {
		return s, nil, "length is cut short"
	}
	n, ok := length(rest, 0)
	if !ok {
		return s, nil, "longer than the data"
	}
	s.Content = rest[4 : 4+n : 4+n]
	return s, rest[4+n:], ""
}

// cutLabel returns the label at the head of b and what follows its NUL, or "".
func cutLabel(b []byte) (label string, rest []byte) {
	for i, c := range b[:min(len(b), maxLabel+1)] {
		if c == 0 {
			return string(b[:i]), b[i+1:]
		}
		if c < 0x20 || c > 0x7e {
			break
		}
	}
	return "", nil
}

// length reads the length at b[at:] and reports whether so many octets follow it.
func length(b []byte, at int) (int, bool) {
	if len(b) < at+4 {
		return 0, false
	}
	n := binary.LittleEndian.Uint32(b[at:])
	return int(n), uint64(n) <= uint64(len(b)-at-4)
}

// isPart reports whether the label is three characters and _SIGN or _CRYPT.
func isPart(label string) bool {
	return len(label) == len(LabelSign) && strings.HasSuffix(label, "_SIGN") ||
		len(label) == len(LabelCrypt) && strings.HasSuffix(label, "_CRYPT")
}

func foreignPart(label string) bool {
	return isPart(label) && label != LabelSign && label != LabelCrypt
}

// known reports whether the label may stand after a bare marker.
func known(label string) bool {
	switch label {
	case LabelHeader, LabelHeaderZPost, LabelCertificate, LabelStamp, LabelDocument, LabelClear:
		return true
	}
	return isPart(label)
}

// IsFramed reports whether data begins like a message: a printable label with a NUL within 20
// octets, or PACKED_XML. An octet 0x30 begins DER, everything else is clear content.
func IsFramed(data []byte) bool {
	if len(data) > 0 && data[0] == 0x30 {
		return false
	}
	label, _ := cutLabel(data)
	return label != "" || strings.HasPrefix(string(data[:min(len(data), len(packedXML))]), packedXML)
}

func (s *Section) isHeader() bool {
	return s.Form == Plain && (s.Label == LabelHeader || s.Label == LabelHeaderZPost)
}

// Signed reports whether the section holds signed data (UA1_SIGN or another CA type).
func (s *Section) Signed() bool {
	return s.Form != Bare && isPart(s.Label) && strings.HasSuffix(s.Label, "_SIGN")
}

// Encrypted reports whether the section holds enveloped data.
func (s *Section) Encrypted() bool {
	return s.Form != Bare && isPart(s.Label) && strings.HasSuffix(s.Label, "_CRYPT")
}

// Header returns the fields of a header section, and false for every other section.
func (s *Section) Header() (*Header, bool) {
	if !s.isHeader() {
		return nil, false
	}
	h, err := ParseHeader(s.Content)
	return h, err == nil
}

// AppendBinary appends the message to b. It refuses what [Parse] would not read back the same:
// labels that are not 1 to 19 printable ASCII characters, contents of 2^32 octets and more, more
// than [MaxSections] sections, forms that the label or the following section does not allow, and
// every header labelled ZPOSTTRANSPORTABLE. On an error b is returned as it was.
func (c *Container) AppendBinary(b []byte) ([]byte, error) {
	out := b
	if c.Header != nil {
		text, err := c.Header.AppendBinary(nil)
		if err != nil {
			return b, err
		}
		out = appendSection(out, Section{Label: LabelHeader, Content: text})
	}
	for i, s := range c.Sections {
		switch {
		case s.Label == LabelHeaderZPost:
			return b, fmt.Errorf("transport: section %d: %s is never written", i, LabelHeaderZPost)
		case uint64(len(s.Content)) > 1<<32-1:
			return b, fmt.Errorf("transport: section %d: content of %d octets", i, len(s.Content))
		case s.Form == Bare && len(s.Content) != 0:
			return b, fmt.Errorf("transport: section %d: a bare marker has no content", i)
		}
		out = appendSection(out, s)
	}
	back, err := Parse(out[len(b):])
	if err != nil {
		return b, fmt.Errorf("transport: unwritable message: %w", err)
	}
	if (back.Header == nil) != (c.Header == nil) || !slices.EqualFunc(back.Sections, c.Sections, sameShape) {
		return b, errors.New("transport: unwritable message: it would read differently")
	}
	return out, nil
}

// MarshalBinary returns the message.
func (c *Container) MarshalBinary() ([]byte, error) { return c.AppendBinary(nil) }

// sameShape compares what decides the octets; contents of equal length at equal places are equal.
func sameShape(a, b Section) bool {
	return a.Label == b.Label && a.Form == b.Form && len(a.Content) == len(b.Content)
}

func appendSection(b []byte, s Section) []byte {
	b = append(b, s.Label...)
	b = append(b, 0)
	switch s.Form {
	case Bare:
		return b
	case Marked:
		b = append(b, 0x02)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s.Content)))
	return append(b, s.Content...)
}
