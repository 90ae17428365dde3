package pkix

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/ber"
)

// Bundle is what [ParseBundle] found.
type Bundle struct {
	Certificates []*Certificate // in the order of the input
	Failed       []BundleError
}

// BundleError is a member of a bundle that could not be read.
type BundleError struct {
	Index int    // of the member among all members
	Err   error  // why
	Raw   []byte // the member as found
}

// Error returns the fault with the number of the member.
func (e BundleError) Error() string { return fmt.Sprintf("member %d: %v", e.Index, e.Err) }

// Unwrap returns Err.
func (e BundleError) Unwrap() error { return e.Err }

// ErrNoCertificate means that no certificate was found in what should hold some.
var ErrNoCertificate = errors.New("pkix: no certificate found")

// ParseBundle reads certificates out of data, which may be one certificate or several one after
// another in DER, a degenerate SignedData (.p7b, with ContentInfo or without, BER outside,
// certificates in DER), PEM blocks of these among other text, or Base64 of the above.
//
// Zero octets and line ends between members count for nothing.
//
// A member that cannot be read is reported in Failed and does not touch the others, even if
// its own length is damaged: reading goes on at the next octets that begin a certificate.
// The error is not nil only if there is no certificate at all: it unwraps to
// [ErrNoCertificate] and to the fault of the first member, if there was one; the Bundle is
// returned beside it. A SignedData without certificates is an empty Bundle.
func ParseBundle(data []byte) (*Bundle, error) {
	p := &bundleParser{budget: resyncWork * int64(len(data))}
	if !p.text(data) {
		p.binary(data)
	}
	b := &p.Bundle
	if len(b.Certificates) > 0 || p.emptySet && len(b.Failed) == 0 {
		return b, nil
	}
	if len(b.Failed) > 0 {
		return b, fmt.Errorf("%w: %w", ErrNoCertificate, b.Failed[0].Err)
	}
	return b, ErrNoCertificate
}

type bundleParser struct {
	Bundle
	index    int
	emptySet bool // a SignedData was read and had no certificates
	resyncs  int
	budget   int64 // octets of damaged members that may still be tried
}

// Bounds of the searches for the next certificate behind damaged ones: their number, and how
// many times the length of the input the members tried may take together. Members that are
// damaged by chance do not overlap so much.
const (
	maxResyncs = 1000
	resyncWork = 8
)

func (p *bundleParser) fail(raw []byte, err error) {
	p.Failed = append(p.Failed, BundleError{Index: p.index, Err: err, Raw: bytes.Clone(raw)})
	p.index++
}

// member adds one element that should be a certificate.
func (p *bundleParser) member(raw []byte) error {
	c, err := ParseCertificate(raw)
	if err != nil {
		return err
	}
	p.Certificates = append(p.Certificates, c)
	p.index++
	return nil
}

// filler are octets that begin no element and stand between or behind members.
const filler = "\x00\r\n"

// binary reads certificates and SignedData one after another.
func (p *bundleParser) binary(data []byte) {
	for {
		if data = bytes.TrimLeft(data, filler); len(data) == 0 {
			return
		}
		e, rest, err := ber.ReadElement(data)
		if err == nil {
			if set, ok := signedDataCertificates(e); ok {
				p.emptySet = p.emptySet || len(set) == 0
				p.members(set)
				data = rest
				continue
			}
		}
		n := p.one(data, e, rest, err)
		data = data[n:]
	}
}

// members reads the contents of a set of certificates.
func (p *bundleParser) members(data []byte) {
	for len(data) > 0 {
		e, rest, err := ber.ReadElement(data)
		if err == nil && e.Tag != cbasn1.SEQUENCE {
			// attribute certificates and other choices of CertificateChoices
			p.fail(e.Raw, fmt.Errorf("pkix: %w", &alg.UnsupportedError{What: "certificate format"}))
			data = rest
			continue
		}
		data = data[p.one(data, e, rest, err):]
	}
}

// one takes a certificate, or what is damaged, off data and returns its length.
func (p *bundleParser) one(data []byte, e ber.Element, rest []byte, err error) int {
	if err == nil {
		if err = p.member(e.Raw); err == nil {
			return len(e.Raw)
		}
		if len(rest) == 0 || beginsCertificate(rest) {
			p.fail(e.Raw, err)
			return len(e.Raw)
		}
	}
	n := len(data)
	p.budget -= int64(len(e.Raw))
	if p.resyncs < maxResyncs && p.budget >= 0 {
		p.resyncs++
		for n = 1; n < len(data) && !beginsCertificate(data[n:]); n++ {
		}
	}
	p.fail(data[:n], wrapParse(err))
	return n
}

// beginsCertificate reports whether data begins with a SEQUENCE in DER that fits into data and
// begins with a SEQUENCE that fits into it. It looks at the two headers alone.
func beginsCertificate(data []byte) bool {
	body, ok := sequenceInDER(data)
	if ok {
		_, ok = sequenceInDER(body)
	}
	return ok
}

// sequenceInDER returns the contents of a SEQUENCE of 128 octets or more.
func sequenceInDER(data []byte) ([]byte, bool) {
	if len(data) < 128 || data[0] != 0x30 || data[1] <= 0x80 {
		return nil, false
	}
	e, _, err := ber.ReadElement(data)
	return e.Body, err == nil && ber.HeaderSize(e.Length) == e.Size
}

// oidSignedDataContents are the content octets of 1.2.840.113549.1.7.2.
var oidSignedDataContents = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}

// signedDataCertificates returns the contents of certificates [0] if e is a SignedData, in a
// ContentInfo or bare; nil if that has none.
func signedDataCertificates(e ber.Element) (set []byte, ok bool) {
	if e.Tag != cbasn1.SEQUENCE {
		return nil, false
	}
	sd := e
	if first, rest, err := ber.ReadElement(e.Body); err != nil {
		return nil, false
	} else if first.Tag != cbasn1.INTEGER {
		if sd, ok = content(first, rest); !ok {
			return nil, false
		}
	}
	// version, digestAlgorithms, encapContentInfo, then certificates [0], crls [1], signerInfos. An
	// EnvelopedData is alike, but has no SET at its end.
	fields := sd.Body
	for _, tag := range []cbasn1.Tag{cbasn1.INTEGER, cbasn1.SET, cbasn1.SEQUENCE} {
		field, rest, err := ber.ReadElement(fields)
		if err != nil || field.Tag != tag {
			return nil, false
		}
		fields = rest
	}
	next, rest, err := ber.ReadElement(fields)
	if err == nil && next.Tag == cbasn1.Tag(0).ContextSpecific().Constructed() {
		return next.Body, true
	}
	if err == nil && next.Tag == cbasn1.Tag(1).ContextSpecific().Constructed() {
		next, _, err = ber.ReadElement(rest)
	}
	return nil, err == nil && next.Tag == cbasn1.SET
}

// content returns the SignedData in a ContentInfo whose type has been read.
func content(contentType ber.Element, rest []byte) (ber.Element, bool) {
	if contentType.Tag != cbasn1.OBJECT_IDENTIFIER || !bytes.Equal(contentType.Body, oidSignedDataContents) {
		return ber.Element{}, false
	}
	explicit, _, err := ber.ReadElement(rest)
	if err != nil || explicit.Tag != cbasn1.Tag(0).ContextSpecific().Constructed() {
		return ber.Element{}, false
	}
	sd, _, err := ber.ReadElement(explicit.Body)
	return sd, err == nil && sd.Tag == cbasn1.SEQUENCE
}

// text reads PEM or Base64 and reports whether data was that.
func (p *bundleParser) text(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.Contains(data, []byte("-----BEGIN ")) && !isBinary(data) {
		p.pem(data)
		return true
	}
	der, ok := decodeBase64(data)
	if !ok || len(der) == 0 {
		return false
	}
	p.binary(der)
	return true
}

// isBinary tells a DER file with PEM inside (in a comment, say) from a PEM file.
func isBinary(data []byte) bool {
	e, _, err := ber.ReadElement(data)
	return err == nil && e.Tag == cbasn1.SEQUENCE && len(e.Body) > 0 && (e.Body[0] == 0x30 || e.Body[0] == 0x06)
}

// pemLabels are the kinds of blocks that may hold certificates.
var pemLabels = []string{"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PKCS7", "PKCS #7 SIGNED DATA", "CMS"}

// pem reads every block with one of pemLabels; a block with faulty Base64 is a failed member.
func (p *bundleParser) pem(data []byte) {
	for {
		_, after, ok := bytes.Cut(data, []byte("-----BEGIN "))
		if !ok {
			return
		}
		data = after
		label, body, ok := bytes.Cut(after, []byte("-----"))
		if !ok || bytes.ContainsAny(label, "\r\n") {
			continue
		}
		wanted := false
		for _, l := range pemLabels {
			wanted = wanted || l == string(label)
		}
		// The end is looked for before the next block only, or time would grow quadratically.
		block, _, _ := bytes.Cut(body, []byte("-----BEGIN "))
		end := bytes.Index(block, []byte("-----END "))
		if end < 0 {
			if wanted {
				p.fail(block, errors.New("pkix: pem block without end"))
			}
			continue
		}
		data = body[end:]
		if !wanted {
			continue
		}
		der, ok := decodeBase64(pemContents(body[:end]))
		if !ok || len(der) == 0 {
			p.fail(body[:end], errors.New("pkix: pem block is not base64"))
			continue
		}
		p.binary(der)
	}
}

// pemContents drops RFC 1421 headers: lines with a colon up to an empty line.
func pemContents(body []byte) []byte {
	if !bytes.Contains(body, []byte(":")) {
		return body
	}
	for _, sep := range []string{"\n\n", "\r\n\r\n"} {
		if _, rest, ok := bytes.Cut(body, []byte(sep)); ok {
			return rest
		}
	}
	return body
}

// decodeBase64 accepts white space anywhere, and padding or none.
func decodeBase64(data []byte) ([]byte, bool) {
	compact := make([]byte, 0, len(data))
	for _, b := range data {
		switch b {
		case ' ', '\t', '\r', '\n':
		default:
			compact = append(compact, b)
		}
	}
	compact = bytes.TrimRight(compact, "=")
	out, err := base64.RawStdEncoding.DecodeString(string(compact))
	return out, err == nil
}
