// Package ber reads and writes BER and DER (ITU-T X.690) at the doors where BER is let in: CMS
// messages and PKCS#12 containers. Reading is bounded: nesting to [MaxDepth] levels, memory by
// the octets that were really there and never by a declared length, one pass.
//
// Tags are single-octet; the high-tag-number form is refused, none of the formats here uses it.
package ber

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// MaxDepth is how deep elements may nest.
const MaxDepth = 32

// Header is the identifier and the length of an element.
type Header struct {
	Tag    asn1.Tag // with the class and constructed bits
	Size   int      // octets of the header itself
	Length int64    // octets of the contents; -1 for the indefinite form
}

// Constructed reports whether the contents are elements.
func (h Header) Constructed() bool { return h.Tag&0x20 != 0 }

// Indefinite reports whether the contents end with end-of-contents octets.
func (h Header) Indefinite() bool { return h.Length < 0 }

// ErrTooLarge says that an element exceeds the limit given for it.
var ErrTooLarge = errors.New("ber: element too large")

// SyntaxError says what is wrong with an encoding and where.
type SyntaxError struct {
	Offset int64
	What   string
}

// Error returns the fault and its offset.
func (e *SyntaxError) Error() string { return fmt.Sprintf("ber: %s at offset %d", e.What, e.Offset) }

// Element is one element in a buffer.
type Element struct {
	Header
	Raw  []byte // header and contents, and end-of-contents octets of the indefinite form
	Body []byte // contents without end-of-contents octets
}

// ReadElement splits the first element off data.
func ReadElement(data []byte) (e Element, rest []byte, err error) {
	return Element{}, nil, errors.ErrUnsupported
}

// ToDER converts one element with nothing after it to DER as far as lengths and strings are
// concerned: minimal definite lengths, constructed OCTET STRINGs joined. SETs are not sorted.
// An element that has this form already is returned as it is.
func ToDER(data []byte) ([]byte, error) { return nil, errors.ErrUnsupported }

// Reader reads elements from a stream.
type Reader struct{}

// NewReader returns a reader of the elements of r.
func NewReader(r io.Reader) *Reader { return &Reader{} }

// Peek returns the header of the next element of the current container, io.EOF at its end.
func (r *Reader) Peek() (Header, error) { return Header{}, errors.ErrUnsupported }

// Enter descends into the next element, which must have the constructed tag given.
func (r *Reader) Enter(tag asn1.Tag) error { return errors.ErrUnsupported }

// Leave ends the container entered last, which must have nothing left.
func (r *Reader) Leave() error { return errors.ErrUnsupported }

// Raw returns the next element as it stands, of at most limit octets.
func (r *Reader) Raw(limit int) ([]byte, error) { return nil, errors.ErrUnsupported }

// String returns a reader of the contents of the next element, a string with the tag given (its
// constructed bit clear), primitive or constructed of OCTET STRINGs. It must be read to io.EOF
// before the next call.
func (r *Reader) String(tag asn1.Tag) (io.Reader, error) { return nil, errors.ErrUnsupported }
