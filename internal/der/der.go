// Package der reads DER (ITU-T X.690, clause 10) with the address of every fault.
//
// A [Reader] walks the contents of one element. Its first fault is kept and shared by all
// readers made from it; after a fault every call returns a zero value and consumes nothing, so
// that a parser may be written straight down and ask for [Reader.Err] once, before it uses
// what it read. Faults are of type [*Error] and carry the path of field names and the offset
// of the element in the input.
//
// The encoding must be strict: one octet of tag, definite lengths in the shortest form,
// booleans 00 or FF, integers in the shortest form, zero padding bits, nothing behind the end.
// Elements may nest [MaxDepth] levels deep. Nothing is copied or allocated by a declared length: octets are slices of
// the input. The element reader below is golang.org/x/crypto/cryptobyte.
//
// A Reader is not safe for concurrent use. The package has no secrets and is not constant time.
package der

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// MaxDepth is the greatest depth of nesting that a [Reader] enters.
const MaxDepth = 32

// Tags that cryptobyte does not name.
const (
	BMPString        = asn1.Tag(30)
	UniversalString  = asn1.Tag(28)
	VisibleString    = asn1.Tag(26)
	NumericString    = asn1.Tag(18)
	ObjectDescriptor = asn1.Tag(7)
)

// Context returns the tag [n] of context class, primitive: an implicit tag of a primitive type.
func Context(n uint8) asn1.Tag { return asn1.Tag(n).ContextSpecific() }

// Explicit returns the tag [n] of context class, constructed: an explicit tag, or an implicit
// tag of a constructed type.
func Explicit(n uint8) asn1.Tag { return asn1.Tag(n).ContextSpecific().Constructed() }

// Kinds of faults, for errors.Is on an [*Error].
var (
	ErrSyntax   = errors.New("not DER")
	ErrTag      = errors.New("unexpected element")
	ErrTrailing = errors.New("trailing data")
	ErrDepth    = errors.New("nested too deep")
	ErrLargeArc = errors.New("object identifier too large")
	ErrValue    = errors.New("value not allowed")
)

// Error is a fault of an encoding: where it is and what it is.
type Error struct {
	Path   string // field names from the root, joined by dots
	Offset int    // offset of the element from the start of the input
	Err    error  // the fault; wraps one of the kinds above
}

// Error returns "der: path at offset: fault".
func (e *Error) Error() string {
	return fmt.Sprintf("der: %s at %d: %v", e.Path, e.Offset, e.Err)
}

// Unwrap returns the fault.
func (e *Error) Unwrap() error { return e.Err }

// Reader reads elements one after another. See the package comment.
type Reader struct {
	s     cryptobyte.String
	off   int // of the next element
	last  int // of the element read before
	name  string
	index int // of an element of a list, else -1
	up    *Reader
	depth int
	first *error // the first fault, shared by the family
}

// New returns a reader of data. The name begins the paths of its errors.
func New(data []byte, name string) *Reader {
	return &Reader{s: data, name: name, index: -1, first: new(error)}
}

// Err returns the first fault found by this reader or any of its family.
func (r *Reader) Err() error { return *r.first }

// Path returns the name of the reader's element for messages.
func (r *Reader) Path() string {
	var parts []string
	for p := r; p != nil; p = p.up {
		part := p.name
		if p.index >= 0 {
			part += "[" + strconv.Itoa(p.index) + "]"
		}
		if part != "" {
			parts = append(parts, part)
		}
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.ReplaceAll(strings.Join(parts, "."), ".[", "[")
}

// Offset returns the offset of the next element from the start of the input.
func (r *Reader) Offset() int { return r.off }

// Fail records a fault at the next element, unless there is one already. An empty field means
// the element being read itself.
func (r *Reader) Fail(field string, err error) { r.fail(field, r.off, err) }

func (r *Reader) fail(field string, offset int, err error) {
	if *r.first != nil {
		return
	}
	path := r.Path()
	if field != "" {
		path += "." + field
	}
	*r.first = &Error{Path: path, Offset: offset, Err: err}
}

// Failf is [Reader.Fail] with a message; the fault is of kind [ErrValue].
func (r *Reader) Failf(field, format string, args ...any) {
	r.Fail(field, fmt.Errorf("%w: %s", ErrValue, fmt.Sprintf(format, args...)))
}

// bad records a fault of the element that was just read.
func (r *Reader) bad(field string, kind error, what string) {
	r.fail(field, r.last, fmt.Errorf("%w: %s", kind, what))
}

// Empty reports whether nothing is left. It is true after a fault, so loops end.
func (r *Reader) Empty() bool { return *r.first != nil || len(r.s) == 0 }

// Rest returns what is left without consuming it, nil after a fault.
func (r *Reader) Rest() []byte {
	if *r.first != nil {
		return nil
	}
	return r.s
}

// End demands that nothing is left, and returns [Reader.Err].
func (r *Reader) End() error {
	if !r.Empty() {
		r.Fail("", ErrTrailing)
	}
	return *r.first
}

// Peek reports whether the next element has the tag. It is false at the end and after a fault.
func (r *Reader) Peek(tag asn1.Tag) bool {
	return *r.first == nil && r.s.PeekASN1Tag(tag)
}

// NextTag returns the tag octet of the next element, 0 at the end or after a fault.
func (r *Reader) NextTag() asn1.Tag {
	if r.Empty() {
		return 0
	}
	return asn1.Tag(r.s[0])
}

// Any reads the next element whatever it is, and returns all of it and its contents.
func (r *Reader) Any(field string) (element, contents []byte, tag asn1.Tag) {
	if *r.first != nil {
		return nil, nil, 0
	}
	before := r.s
	var el cryptobyte.String
	if !r.s.ReadAnyASN1Element(&el, &tag) {
		r.s = before
		kind := ErrSyntax
		if len(before) == 0 {
			kind = fmt.Errorf("%w: missing", ErrTag)
		}
		r.Fail(field, kind)
		return nil, nil, 0
	}
	inner := el
	var body cryptobyte.String
	if !inner.ReadAnyASN1(&body, &tag) {
		r.Fail(field, ErrSyntax)
		return nil, nil, 0
	}
	r.last = r.off
	r.off += len(el)
	return el, body, tag
}

// element is Any for a known tag; offset is that of the contents.
func (r *Reader) element(field string, tag asn1.Tag) (element, contents []byte, offset int) {
	if *r.first != nil {
		return nil, nil, 0
	}
	if len(r.s) == 0 {
		r.Fail(field, fmt.Errorf("%w: missing, want tag %02x", ErrTag, uint8(tag)))
		return nil, nil, 0
	}
	if !r.s.PeekASN1Tag(tag) {
		r.Fail(field, fmt.Errorf("%w: tag %02x, want %02x", ErrTag, r.s[0], uint8(tag)))
		return nil, nil, 0
	}
	element, contents, _ = r.Any(field)
	return element, contents, r.off - len(contents)
}

// Element reads an element with the tag and returns all of it, header included.
func (r *Reader) Element(field string, tag asn1.Tag) []byte {
	el, _, _ := r.element(field, tag)
	return el
}

// Contents reads an element with the tag and returns its contents.
func (r *Reader) Contents(field string, tag asn1.Tag) []byte {
	_, c, _ := r.element(field, tag)
	return c
}

// Enter reads an element with the tag and returns a reader of its contents.
func (r *Reader) Enter(field string, tag asn1.Tag) *Reader {
	return r.enter(field, -1, tag)
}

func (r *Reader) enter(field string, index int, tag asn1.Tag) *Reader {
	if r.depth+1 > MaxDepth {
		r.Fail(field, ErrDepth)
	}
	_, c, off := r.element(field, tag)
	return &Reader{s: c, off: off, name: field, index: index, up: r, depth: r.depth + 1, first: r.first}
}

// Sequence enters a SEQUENCE.
func (r *Reader) Sequence(field string) *Reader { return r.enter(field, -1, asn1.SEQUENCE) }

// Set enters a SET. The order of its elements is not checked.
func (r *Reader) Set(field string) *Reader { return r.enter(field, -1, asn1.SET) }

// Item enters element number index of a list, for paths like "extensions[3]".
func (r *Reader) Item(index int, tag asn1.Tag) *Reader { return r.enter("", index, tag) }

// Optional enters an element if the next one has the tag.
func (r *Reader) Optional(field string, tag asn1.Tag) (*Reader, bool) {
	if !r.Peek(tag) {
		return nil, false
	}
	return r.enter(field, -1, tag), true
}

// Inner returns a reader of octets found inside this reader's input, such as the contents of
// an OCTET STRING that hold another encoding. offset is their offset from the start of the
// input.
func (r *Reader) Inner(field string, octets []byte, offset int) *Reader {
	if r.depth+1 > MaxDepth {
		r.Fail(field, ErrDepth)
	}
	return &Reader{s: octets, off: offset, name: field, index: -1, up: r, depth: r.depth + 1, first: r.first}
}
