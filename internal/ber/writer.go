package ber

import (
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// partSize is how long the parts of a string of unknown length are.
const partSize = 32 << 10

// Writer writes elements to a stream: of definite length where the length is given, of
// indefinite length elsewhere. The first error stays and is returned by every later call.
type Writer struct {
	w     io.Writer
	off   int64
	stack []int64 // offsets where containers must end; -1 for the indefinite form
	err   error
}

// NewWriter returns a writer of elements to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Raw writes octets as they are: whole elements, or contents.
func (w *Writer) Raw(b []byte) error {
	if w.err != nil {
		return w.err
	}
	n, err := w.w.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	w.off += int64(n)
	w.err = err
	return err
}

// Begin opens a constructed element of n octets of contents; n is negative if that is unknown.
func (w *Writer) Begin(tag asn1.Tag, n int64) error {
	var b [10]byte
	if err := w.Raw(AppendHeader(b[:0], tag, n)); err != nil {
		return err
	}
	end := int64(-1)
	if n >= 0 {
		end = w.off + n
	}
	w.stack = append(w.stack, end)
	return nil
}

// End closes the element opened last. It is an error if that did not get the length announced.
func (w *Writer) End() error {
	if w.err != nil {
		return w.err
	}
	end := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	if end < 0 {
		return w.Raw([]byte{0, 0})
	}
	if w.off != end {
		w.err = fmt.Errorf("ber: contents are %d octets off their announced length", w.off-end)
	}
	return w.err
}

// String opens a string of n octets with a primitive tag; n is negative if the length is
// unknown: the string is then constructed of OCTET STRING parts. The string ends when the
// writer that String returns is closed.
func (w *Writer) String(tag asn1.Tag, n int64) (io.WriteCloser, error) {
	s := &stringWriter{w: w}
	if n < 0 {
		tag |= constructed
		s.part = make([]byte, 0, partSize)
	}
	return s, w.Begin(tag, n)
}

type stringWriter struct {
	w    *Writer
	part []byte // octets not yet written of a string in parts; nil otherwise
}

func (s *stringWriter) Write(p []byte) (int, error) {
	if s.part == nil {
		if end := s.w.stack[len(s.w.stack)-1]; s.w.err == nil && int64(len(p)) > end-s.w.off {
			s.w.err = fmt.Errorf("ber: contents pass their announced length")
		}
		if err := s.w.Raw(p); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	n := 0
	for n < len(p) {
		k := copy(s.part[len(s.part):cap(s.part)], p[n:])
		s.part = s.part[:len(s.part)+k]
		n += k
		if len(s.part) == cap(s.part) {
			if err := s.flush(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func (s *stringWriter) flush() error {
	if len(s.part) == 0 {
		return nil
	}
	var b [10]byte
	err := s.w.Raw(AppendHeader(b[:0], asn1.OCTET_STRING, int64(len(s.part))))
	if err == nil {
		err = s.w.Raw(s.part)
	}
	s.part = s.part[:0]
	return err
}

func (s *stringWriter) Close() error {
	if err := s.flush(); err != nil {
		return err
	}
	return s.w.End()
}
