// Package ber reads and writes BER and DER (ITU-T X.690) at the doors where BER is let in: CMS
// messages and PKCS#12 containers. Reading is bounded: nesting to [MaxDepth] levels, memory by
// the octets that were really there and never by a declared length, one pass.
//
// Tags are single-octet; the high-tag-number form is refused, none of the formats here uses it.
// No secret passes through the decisions of this package.
package ber

import (
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// MaxDepth is how deep elements may nest.
const MaxDepth = 32

const constructed = 0x20

// Header is the identifier and the length of an element.
type Header struct {
	Tag    asn1.Tag // with the class and constructed bits
	Size   int      // octets of the header itself
	Length int64    // octets of the contents; -1 for the indefinite form
}

// Constructed reports whether the contents are elements.
func (h Header) Constructed() bool { return h.Tag&constructed != 0 }

// Indefinite reports whether the contents end with end-of-contents octets.
func (h Header) Indefinite() bool { return h.Length < 0 }

// ErrTooLarge says that an element exceeds the limit given for it.
var ErrTooLarge = errors.New("ber: element too large")

// SyntaxError says what is wrong with an encoding and where.
type SyntaxError struct {
	Offset int64 // from the beginning of the stream or buffer
	What   string
	Err    error // io.ErrUnexpectedEOF for a truncated encoding, else nil
}

// Error returns the fault and its offset.
func (e *SyntaxError) Error() string { return fmt.Sprintf("ber: %s at offset %d", e.What, e.Offset) }

// Unwrap returns the cause, if there is one.
func (e *SyntaxError) Unwrap() error { return e.Err }

// ReadError is an error of the source of a Reader; the encoding is not to blame.
type ReadError struct{ Err error }

// Error returns the text of the source's error.
func (e *ReadError) Error() string { return "ber: read: " + e.Err.Error() }

// Unwrap returns the source's error.
func (e *ReadError) Unwrap() error { return e.Err }

// headerLen tells from the first two octets of a header how long it is.
func headerLen(b0, b1 byte) (int, string) {
	if b0&0x1f == 0x1f {
		return 0, "high tag number"
	}
	if b1 <= 0x80 {
		return 2, ""
	}
	n := int(b1 & 0x7f)
	if n > 8 {
		return 0, "length of more than 8 octets"
	}
	return 2 + n, ""
}

// parseHeader reads a header of exactly the length that headerLen told.
func parseHeader(b []byte) (Header, string) {
	h := Header{Tag: asn1.Tag(b[0]), Size: len(b)}
	switch {
	case b[1] == 0x80:
		if !h.Constructed() {
			return h, "indefinite length of a primitive element"
		}
		h.Length = -1
	case b[1] < 0x80:
		h.Length = int64(b[1])
	default:
		var n uint64
		for _, c := range b[2:] {
			n = n<<8 | uint64(c)
		}
		if n > 1<<62 {
			return h, "length out of range"
		}
		h.Length = int64(n)
	}
	if h.Tag&^constructed == 0 {
		return h, "end-of-contents out of place"
	}
	return h, ""
}

// HeaderSize returns how many octets the header of contents of n octets takes in DER.
func HeaderSize(n int64) int {
	if n < 0x80 {
		return 2
	}
	size := 2
	for ; n > 0; n >>= 8 {
		size++
	}
	return size
}

// AppendHeader appends a header in DER, or of the indefinite form if n is negative.
func AppendHeader(dst []byte, tag asn1.Tag, n int64) []byte {
	switch {
	case n < 0:
		return append(dst, byte(tag), 0x80)
	case n < 0x80:
		return append(dst, byte(tag), byte(n))
	}
	octets := HeaderSize(n) - 2
	dst = append(dst, byte(tag), 0x80|byte(octets))
	for i := octets - 1; i >= 0; i-- {
		dst = append(dst, byte(n>>(8*i)))
	}
	return dst
}
