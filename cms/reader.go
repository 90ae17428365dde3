package cms

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"hash"
	"io"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cmscore"
)

// SignedReader reads the content of a SignedData message, attached or detached, of any size.
// Memory does not grow with the content. A SignedReader is not safe for concurrent use.
type SignedReader struct {
	msg     *cmscore.SignedData
	digests digests
	data    *SignedData // after the end of the content
	err     error       // of Read; io.EOF after the end

	// Of a source that can be read again:
	seeker io.ReadSeeker
	start  int64
	print  hash.Hash // of the content as it was read the first time
}

var (
	errNotRead  = errors.New("cms: content not read to its end")
	errChanged  = errors.New("cms: the message changed while it was read")
	errAttached = errors.New("cms: the message holds its content")
)

// NewSignedReader reads the beginning of a message: a ContentInfo of type signedData, or a bare
// SignedData. r must end with the message; it is read ahead. Errors are [*FormatError],
// [*ContentTypeError] and those of r, wrapped.
//
// Digests are computed while the content streams by, those that the message announces before
// it. Whether a signer needs another one is known only behind the content: if r is an io.Seeker
// the content is then read once more, otherwise the digest of that signer stays indeterminate.
func NewSignedReader(r io.Reader) (*SignedReader, error) {
	s := &SignedReader{}
	if seeker, ok := r.(io.ReadSeeker); ok {
		if at, err := seeker.Seek(0, io.SeekCurrent); err == nil {
			s.seeker, s.start, s.print = seeker, at, sha256.New()
		}
	}
	var err error
	if s.msg, err = cmscore.ReadSignedData(ber.NewReader(r)); err != nil {
		return nil, err
	}
	for _, a := range s.msg.Digests {
		s.digests.want(digestID{a.OID.String(), ""}, a.OID, nil)
	}
	return s, nil
}

// Read yields content that is not verified yet. A detached message has none. io.EOF comes after
// the whole message was read and is well-formed.
func (s *SignedReader) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n := 0
	if s.msg.Content == nil {
		s.err = io.EOF
	} else {
		n, s.err = s.msg.Content.Read(p)
	}
	s.digests.Write(p[:n])
	if s.print != nil {
		s.print.Write(p[:n])
	}
	switch {
	case s.err == io.EOF:
		if err := s.finish(); err != nil {
			s.err = err
		}
	case s.err != nil:
		s.err = cmscore.Malformed("eContent", s.err)
	}
	return n, s.err
}

func (s *SignedReader) finish() error {
	if err := s.msg.Finish(); err != nil {
		return err
	}
	var err error
	s.data, err = newSignedData(s.msg)
	return err
}

// Detached reports whether the message leaves the content out.
func (s *SignedReader) Detached() bool { return s.msg.Content == nil }

// ContentType of the content.
func (s *SignedReader) ContentType() asn1.ObjectIdentifier { return s.msg.ContentType }

// SignedData returns the structure of the message, without the content. It is known only after
// Read has returned io.EOF.
func (s *SignedReader) SignedData() (*SignedData, error) {
	if s.data == nil {
		return nil, errNotRead
	}
	return s.data, nil
}

// CheckSignatures checks the digest and the signature of every signer, after Read has returned
// io.EOF. Mathematics only: nothing is said about trust in the certificates, about their
// validity or purpose, and about timestamps.
//
// The error is nil exactly when the report of the result passed: there is at least one signer,
// and each one's signed attributes, certificate, digest and signature are right. There is a
// result beside the error, unless the content was not read to its end.
func (s *SignedReader) CheckSignatures(ctx context.Context, o *CheckOptions) (*Result, error) {
	if s.data == nil {
		if s.err != nil {
			return nil, s.err
		}
		return nil, errNotRead
	}
	c := newChecker(s.data, o)
	if !s.Detached() {
		if missing := c.missing(&s.digests); missing != nil && s.seeker != nil {
			if err := s.again(ctx, missing); err != nil {
				return nil, err
			}
		}
		c.digests = &s.digests
	}
	return c.check(ctx)
}

// again reads the content once more for the digests that were not known to be needed.
func (s *SignedReader) again(ctx context.Context, missing *digests) error {
	at, err := s.seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := s.seeker.Seek(s.start, io.SeekStart); err != nil {
		return err
	}
	msg, err := cmscore.ReadSignedData(ber.NewReader(s.seeker))
	if err != nil {
		return err
	}
	if msg.Content == nil {
		return errChanged
	}
	second := sha256.New()
	if err := copyContext(ctx, io.MultiWriter(second, missing), msg.Content); err != nil {
		return err
	}
	if !bytes.Equal(second.Sum(nil), s.print.Sum(nil)) {
		return errChanged
	}
	s.digests.list = append(s.digests.list, missing.list...)
	_, err = s.seeker.Seek(at, io.SeekStart)
	return err
}

// copyContext copies until io.EOF, and gives up when ctx ends.
func copyContext(ctx context.Context, w io.Writer, r io.Reader) error {
	buf := make([]byte, 32<<10)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buf)
		if _, err := w.Write(buf[:n]); err != nil {
			return err
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// CheckDetached checks the signatures of a message over content that stands elsewhere, as
// [SignedReader.CheckSignatures] does. With nil content the signatures are checked and the
// digests stay indeterminate. A message that holds its content is refused.
func CheckDetached(ctx context.Context, sig []byte, content io.Reader, o *CheckOptions) (*Result, error) {
	data, err := ParseSigned(sig)
	if err != nil {
		return nil, err
	}
	if !data.Detached {
		return nil, errAttached
	}
	c := newChecker(data, o)
	if content == nil {
		return c.check(ctx)
	}
	c.digests = &digests{}
	if missing := c.missing(c.digests); missing != nil {
		c.digests = missing
	}
	if err := copyContext(ctx, c.digests, content); err != nil {
		return nil, err
	}
	return c.check(ctx)
}
