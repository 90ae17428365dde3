package cmscore

import (
	"encoding/asn1"
	"errors"
	"io"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/der"
)

// SignedData reads a message: what stands before the content when it is made, the content as a
// stream, and what stands behind it when Finish is called.
type SignedData struct {
	Version     int
	Digests     []AlgorithmID
	ContentType asn1.ObjectIdentifier
	Content     io.Reader // nil if detached; must be read to io.EOF before Finish

	// After Finish, all as transmitted:
	Certificates [][]byte // CertificateChoices of any kind
	CRLs         [][]byte // RevocationInfoChoices of any kind
	SignerInfos  [][]byte

	r        *ber.Reader
	open     int // containers around the fields of SignedData
	buffered int // octets taken into memory
}

var (
	errTooMuch  = errors.New("message too large to hold")
	errTooMany  = errors.New("too many elements")
	errTrailing = errors.New("trailing data")
)

// ContentInfoError says that a message has another content type than the one expected.
type ContentInfoError struct{ Type asn1.ObjectIdentifier }

// Error returns the type found.
func (e *ContentInfoError) Error() string { return "cms: message of content type " + e.Type.String() }

// enterContentInfo goes into the content of a ContentInfo of the type, or stays before a bare
// content, whose first field is an INTEGER. It returns how many containers it entered, the
// content's own included.
func enterContentInfo(r *ber.Reader, oid asn1.ObjectIdentifier) (int, error) {
	const what = "contentInfo"
	if err := r.Enter(cbasn1.SEQUENCE); err != nil {
		return 0, Malformed(what, err)
	}
	h, err := r.Peek()
	if err != nil {
		return 0, Malformed(what, noEOF(err))
	}
	if h.Tag == cbasn1.INTEGER {
		return 1, nil
	}
	got, err := readOID(r, what)
	if err != nil {
		return 0, err
	}
	if !got.Equal(oid) {
		return 0, &ContentInfoError{got}
	}
	if err := r.Enter(der.Explicit(0)); err != nil {
		return 0, Malformed(what, err)
	}
	if err := r.Enter(cbasn1.SEQUENCE); err != nil {
		return 0, Malformed(what, err)
	}
	return 3, nil
}

// noEOF keeps io.EOF, the end of a container, from being taken for the end of the content.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("element missing")
	}
	return err
}

const (
	maxSmall   = 64 << 10 // octets of versions, identifiers and algorithms
	maxDigests = 1 << 6   // members of digestAlgorithms
)

func readOID(r *ber.Reader, what string) (asn1.ObjectIdentifier, error) {
	d, err := readSmall(r, what)
	if err != nil {
		return nil, err
	}
	oid := d.OID("")
	return oid, finish(what, d)
}

func readVersion(r *ber.Reader, what string) (int, error) {
	d, err := readSmall(r, what)
	if err != nil {
		return 0, err
	}
	v := d.Int("version", 5)
	return v, finish(what, d)
}

func readSmall(r *ber.Reader, what string) (*der.Reader, error) {
	raw, err := r.Raw(maxSmall)
	if err != nil {
		return nil, Malformed(what, err)
	}
	return strict(raw, what)
}

// ReadSignedData reads a SignedData, bare or in a ContentInfo, up to its content.
func ReadSignedData(r *ber.Reader) (*SignedData, error) {
	open, err := enterContentInfo(r, OIDSignedData)
	if err != nil {
		return nil, err
	}
	s := &SignedData{r: r, open: open}
	if s.Version, err = readVersion(r, "signedData"); err != nil {
		return nil, err
	}
	if err := s.readDigests(); err != nil {
		return nil, err
	}
	const what = "encapContentInfo"
	if err := r.Enter(cbasn1.SEQUENCE); err != nil {
		return nil, Malformed(what, err)
	}
	if s.ContentType, err = readOID(r, "eContentType"); err != nil {
		return nil, err
	}
	switch h, err := r.Peek(); {
	case errors.Is(err, io.EOF):
		return s, nil
	case err != nil:
		return nil, Malformed(what, err)
	case h.Tag != der.Explicit(0):
		return nil, Malformed(what, errors.New("unexpected element"))
	}
	if err := r.Enter(der.Explicit(0)); err != nil {
		return nil, Malformed(what, err)
	}
	if s.Content, err = r.String(cbasn1.OCTET_STRING); err != nil {
		return nil, Malformed(what, err)
	}
	return s, nil
}

func (s *SignedData) readDigests() error {
	const what = "digestAlgorithms"
	d, err := readSmall(s.r, what)
	if err != nil {
		return err
	}
	set := d.Set("")
	for !set.Empty() {
		if len(s.Digests) == maxDigests {
			set.Fail("", errTooMany)
			break
		}
		s.Digests = append(s.Digests, readAlgorithm(set, ""))
	}
	return finish(what, d)
}

// Finish reads what stands behind the content.
func (s *SignedData) Finish() error {
	if s.Content != nil {
		if err := s.r.Leave(); err != nil {
			return Malformed("eContent", err)
		}
	}
	if err := s.r.Leave(); err != nil {
		return Malformed("encapContentInfo", err)
	}
	var err error
	if s.Certificates, err = s.optionalList(der.Explicit(0), "certificates"); err != nil {
		return err
	}
	if s.CRLs, err = s.optionalList(der.Explicit(1), "crls"); err != nil {
		return err
	}
	if s.SignerInfos, err = readList(s.r, cbasn1.SET, "signerInfos", &s.buffered); err != nil {
		return err
	}
	if len(s.SignerInfos) > MaxSigners {
		return Malformed("signerInfos", errTooMany)
	}
	return leaveContentInfo(s.r, s.open)
}

func leaveContentInfo(r *ber.Reader, open int) error {
	for range open {
		if err := r.Leave(); err != nil {
			return Malformed("contentInfo", err)
		}
	}
	switch _, err := r.Peek(); {
	case err == nil:
		return Malformed("contentInfo", errTrailing)
	case !errors.Is(err, io.EOF):
		return Malformed("contentInfo", errors.Join(errTrailing, err))
	}
	return nil
}

func (s *SignedData) optionalList(tag cbasn1.Tag, what string) ([][]byte, error) {
	h, err := s.r.Peek()
	if err != nil {
		return nil, Malformed(what, noEOF(err))
	}
	if h.Tag != tag {
		return nil, nil
	}
	return readList(s.r, tag, what, &s.buffered)
}

// readList reads the elements of the next container into memory.
func readList(r *ber.Reader, tag cbasn1.Tag, what string, buffered *int) ([][]byte, error) {
	if err := r.Enter(tag); err != nil {
		return nil, Malformed(what, err)
	}
	var list [][]byte
	for {
		switch _, err := r.Peek(); {
		case errors.Is(err, io.EOF):
			if err := r.Leave(); err != nil {
				return nil, Malformed(what, err)
			}
			return list, nil
		case err != nil:
			return nil, Malformed(what, err)
		}
		if len(list) == MaxElements {
			return nil, Malformed(what, errTooMany)
		}
		raw, err := r.Raw(min(MaxElement, MaxBuffered-*buffered))
		if errors.Is(err, ber.ErrTooLarge) {
			err = errTooMuch
		}
		if err != nil {
			return nil, Malformed(what, err)
		}
		*buffered += len(raw)
		list = append(list, raw)
	}
}
