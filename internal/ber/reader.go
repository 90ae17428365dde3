package ber

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// source is where a Reader reads: a bufio.Reader, or a buffer.
type source interface {
	Peek(n int) ([]byte, error) // fewer than n octets come with an error
	Discard(n int) (int, error)
	io.Reader
}

// buffer is a source that gives out parts of itself.
type buffer struct{ data []byte }

func (b *buffer) Peek(n int) ([]byte, error) {
	if n > len(b.data) {
		return b.data, io.EOF
	}
	return b.data[:n:n], nil
}

func (b *buffer) Discard(n int) (int, error) {
	if n > len(b.data) {
		return 0, io.EOF
	}
	b.data = b.data[n:]
	return n, nil
}

func (b *buffer) Read(p []byte) (int, error) {
	if len(b.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p, b.data)
	b.data = b.data[n:]
	return n, nil
}

// frame is a container that was entered.
type frame struct {
	end   int64 // offset of the end of its contents; unknown if indefinite
	bound int64 // offset that no element inside may pass; -1: none
	indef bool
}

// Reader reads elements from a stream. Its methods must not be called concurrently, and after an
// error it is of no more use.
type Reader struct {
	src    source
	off    int64
	stack  []frame
	string *stringReader // not yet read to its end
}

// NewReader returns a reader of the elements of r. It reads ahead.
func NewReader(r io.Reader) *Reader { return &Reader{src: bufio.NewReaderSize(r, 32<<10)} }

// NewBytesReader returns a reader of the elements in data. What [Reader.Raw] returns are parts
// of data.
func NewBytesReader(data []byte) *Reader { return &Reader{src: &buffer{data}} }

// Offset is how many octets have been consumed.
func (r *Reader) Offset() int64 { return r.off }

func (r *Reader) top() frame {
	if len(r.stack) == 0 {
		return frame{indef: true, bound: -1}
	}
	return r.stack[len(r.stack)-1]
}

func (r *Reader) fault(what string) error { return &SyntaxError{Offset: r.off, What: what} }

// readError makes an error of the source into one of the Reader.
func (r *Reader) readError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return truncated(r.off)
	}
	return &ReadError{err}
}

// peek returns the next n octets, which must not pass the current container.
func (r *Reader) peek(n int) ([]byte, error) {
	if bound := r.top().bound; bound >= 0 && int64(n) > bound-r.off {
		return nil, r.fault("element passes the end of its container")
	}
	b, err := r.src.Peek(n)
	if len(b) < n {
		return nil, r.readError(err)
	}
	return b, nil
}

func (r *Reader) discard(n int) error {
	if _, err := r.src.Discard(n); err != nil {
		return r.readError(err)
	}
	r.off += int64(n)
	return nil
}

// Peek returns the header of the next element of the current container, or io.EOF at its end.
func (r *Reader) Peek() (Header, error) {
	if r.string != nil {
		return Header{}, r.fault("string not read to its end")
	}
	f := r.top()
	if len(r.stack) == 0 {
		if b, err := r.src.Peek(1); len(b) == 0 {
			if errors.Is(err, io.EOF) {
				return Header{}, io.EOF
			}
			return Header{}, r.readError(err)
		}
	} else if !f.indef && r.off == f.end {
		return Header{}, io.EOF
	}
	b, err := r.peek(2)
	if err != nil {
		return Header{}, err
	}
	if len(r.stack) > 0 && f.indef && b[0] == 0 && b[1] == 0 {
		return Header{}, io.EOF
	}
	n, fault := headerLen(b[0], b[1])
	if fault != "" {
		return Header{}, r.fault(fault)
	}
	if b, err = r.peek(n); err != nil {
		return Header{}, err
	}
	h, fault := parseHeader(b)
	if fault != "" {
		return Header{}, r.fault(fault)
	}
	if f.bound >= 0 && h.Length > f.bound-r.off-int64(n) {
		return Header{}, r.fault("element passes the end of its container")
	}
	return h, nil
}

// next is Peek for when there must be an element with the tag given.
func (r *Reader) next(tag asn1.Tag) (Header, error) {
	h, err := r.Peek()
	if errors.Is(err, io.EOF) {
		if len(r.stack) == 0 {
			return h, truncated(r.off)
		}
		return h, r.fault(fmt.Sprintf("no element of tag %#02x", uint8(tag)))
	}
	if err == nil && h.Tag != tag {
		err = r.fault(fmt.Sprintf("tag %#02x instead of %#02x", uint8(h.Tag), uint8(tag)))
	}
	return h, err
}

// Enter descends into the next element, which must have the constructed tag given.
func (r *Reader) Enter(tag asn1.Tag) error {
	h, err := r.next(tag)
	if err != nil {
		return err
	}
	if !h.Constructed() {
		return r.fault("primitive element entered")
	}
	if len(r.stack) == MaxDepth {
		return r.fault("nesting too deep")
	}
	f := frame{indef: h.Indefinite(), bound: r.top().bound}
	if err := r.discard(h.Size); err != nil {
		return err
	}
	if !f.indef {
		f.end = r.off + h.Length
		f.bound = f.end
	}
	r.stack = append(r.stack, f)
	return nil
}

// Leave ends the container entered last, which must have nothing left.
func (r *Reader) Leave() error {
	if len(r.stack) == 0 {
		return r.fault("no container to leave")
	}
	switch _, err := r.Peek(); {
	case err == nil:
		return r.fault("unexpected element")
	case !errors.Is(err, io.EOF):
		return err
	}
	if r.top().indef {
		if err := r.discard(2); err != nil {
			return err
		}
	}
	r.stack = r.stack[:len(r.stack)-1]
	return nil
}

// Raw returns the next element as it stands, of at most limit octets. What is inside an element
// of definite length is not looked at.
func (r *Reader) Raw(limit int) ([]byte, error) {
	h, err := r.Peek()
	if errors.Is(err, io.EOF) {
		return nil, r.fault("element missing")
	}
	if err != nil {
		return nil, err
	}
	if b, ok := r.src.(*buffer); ok {
		n, err := scan(b.data, r.off, len(r.stack)+1, nil)
		if err != nil {
			return nil, err
		}
		if n > limit {
			return nil, ErrTooLarge
		}
		raw := b.data[:n:n]
		return raw, r.discard(n)
	}
	return r.appendRaw(nil, h, limit)
}

func (r *Reader) appendRaw(dst []byte, h Header, limit int) ([]byte, error) {
	if len(r.stack) == MaxDepth { // a primitive element counts as well, as it does in a buffer
		return nil, r.fault("nesting too deep")
	}
	if !h.Indefinite() {
		if h.Length > int64(limit-len(dst)-h.Size) {
			return nil, ErrTooLarge
		}
		return r.appendN(dst, h.Size+int(h.Length))
	}
	if h.Size > limit-len(dst) {
		return nil, ErrTooLarge
	}
	b, err := r.peek(h.Size)
	if err != nil {
		return nil, err
	}
	dst = append(dst, b...)
	if err := r.Enter(h.Tag); err != nil {
		return nil, err
	}
	for {
		inner, err := r.Peek()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if dst, err = r.appendRaw(dst, inner, limit); err != nil {
			return nil, err
		}
	}
	if limit-len(dst) < 2 {
		return nil, ErrTooLarge
	}
	return append(dst, 0, 0), r.Leave()
}

// appendN consumes n octets. Memory grows with what arrives, not with n.
func (r *Reader) appendN(dst []byte, n int) ([]byte, error) {
	for n > 0 {
		if len(dst) == cap(dst) {
			grown := make([]byte, len(dst), len(dst)+min(n, max(len(dst), 4<<10)))
			copy(grown, dst)
			dst = grown
		}
		k := min(n, cap(dst)-len(dst))
		got, err := io.ReadFull(r.src, dst[len(dst):len(dst)+k])
		dst = dst[:len(dst)+got]
		r.off += int64(got)
		if err != nil {
			return nil, r.readError(err)
		}
		n -= k
	}
	return dst, nil
}

// String returns a reader of the contents of the next element, a string with the tag given (its
// constructed bit clear), primitive or constructed of OCTET STRINGs. It must be read to io.EOF
// before the next call to a method of r.
func (r *Reader) String(tag asn1.Tag) (io.Reader, error) {
	h, err := r.Peek()
	if err == nil && h.Tag == tag|constructed {
		base := len(r.stack)
		if err := r.Enter(h.Tag); err != nil {
			return nil, err
		}
		r.string = &stringReader{r: r, base: base}
		return r.string, nil
	}
	if h, err = r.next(tag); err != nil {
		return nil, err
	}
	if err := r.discard(h.Size); err != nil {
		return nil, err
	}
	r.string = &stringReader{r: r, base: len(r.stack), left: h.Length}
	return r.string, nil
}

// stringReader reads the octets of a string; left are still to come of the current part.
type stringReader struct {
	r    *Reader
	base int // depth of the Reader outside the string
	left int64
	err  error
}

func (s *stringReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, s.err
	}
	for s.err == nil && s.left == 0 {
		s.err = s.advance()
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.src.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	s.r.off += int64(n)
	if n == 0 && err != nil {
		s.err = s.r.readError(err)
		return 0, s.err
	}
	return n, nil
}

// advance goes to the next part. The end of the string is io.EOF.
func (s *stringReader) advance() error {
	s.r.string = nil // the methods of the Reader are for us now
	if len(s.r.stack) == s.base {
		return io.EOF
	}
	h, err := s.r.Peek()
	switch {
	case errors.Is(err, io.EOF):
		err = s.r.Leave()
	case err != nil:
	case h.Tag == asn1.OCTET_STRING:
		s.left = h.Length
		err = s.r.discard(h.Size)
	case h.Tag == asn1.OCTET_STRING|constructed:
		err = s.r.Enter(h.Tag)
	default:
		err = s.r.fault("part of a string is not an OCTET STRING")
	}
	s.r.string = s
	return err
}
