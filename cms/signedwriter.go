package cms

import (
	"bytes"
	"context"
	"encoding/asn1"
	"errors"
	"io"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/pkix"
)

// signedWriter writes a SignedData while the content passes.
type signedWriter struct {
	ctx      context.Context
	w        *ber.Writer
	open     int            // containers around the fields behind the content
	content  io.WriteCloser // nil if detached
	digests  digests
	signings []signing
	certs    [][]byte
	rand     io.Reader
	err      error
}

var errClosed = errors.New("cms: writer is closed")

// newSigner begins a message over size octets of content; size is negative if that is unknown.
func newSigner(ctx context.Context, w io.Writer, s []Signer, o *SignOptions, size int64) (*signedWriter, error) {
	contentType := o.ContentType
	if contentType == nil {
		contentType = ContentTypeData
	}
	sw := &signedWriter{ctx: ctx, w: ber.NewWriter(w), rand: o.Rand}
	var err error
	if sw.signings, err = newSignings(s, contentType); err != nil {
		return nil, err
	}
	for i := range sw.signings {
		n := &sw.signings[i]
		sw.digests.want(n.digestID(), n.attrs.Digest, n.sbox)
	}
	if !o.OmitCertificates {
		sw.certs = certificates(s, o.Certificates)
	}
	return sw, sw.begin(contentType, o, size)
}

// certificates lists the encodings of the signers' certificates and more, each once.
func certificates(s []Signer, more []*pkix.Certificate) [][]byte {
	var list [][]byte
	add := func(c *pkix.Certificate) {
		if c != nil && !slices.ContainsFunc(list, func(o []byte) bool { return bytes.Equal(o, c.Raw) }) {
			list = append(list, c.Raw)
		}
	}
	for _, n := range s {
		add(n.Certificate)
	}
	for _, c := range more {
		add(c)
	}
	return list
}

// begin writes all that stands before the content.
func (sw *signedWriter) begin(contentType asn1.ObjectIdentifier, o *SignOptions, size int64) error {
	head, err := signedDataHead(sw.signings, contentType)
	if err != nil {
		return err
	}
	oid, err := marshalOID(contentType)
	if err != nil {
		return err
	}
	encap, body, explicit := int64(len(oid)), int64(-1), int64(-1) // contents of encapContentInfo, SignedData, eContent
	if !o.Detached {
		encap = -1
	}
	if o.Detached || size >= 0 {
		tail, err := sw.tailSize()
		if err != nil {
			return err
		}
		if !o.Detached {
			explicit = element(size)
			encap = int64(len(oid)) + element(explicit)
		}
		body = int64(len(head)) + element(encap) + tail
	}
	if err := beginContentInfo(sw.w, ContentTypeSignedData, body, !o.OmitContentInfo, &sw.open); err != nil {
		return err
	}
	if err := sw.w.Raw(head); err != nil {
		return err
	}
	if err := sw.w.Begin(cbasn1.SEQUENCE, encap); err != nil {
		return err
	}
	if err := sw.w.Raw(oid); err != nil {
		return err
	}
	if o.Detached {
		return sw.w.End()
	}
	if err := sw.w.Begin(der.Explicit(0), explicit); err != nil {
		return err
	}
	sw.content, err = sw.w.String(cbasn1.OCTET_STRING, size)
	return err
}

// element returns the length of an element of n octets of contents.
func element(n int64) int64 { return int64(ber.HeaderSize(n)) + n }

// beginContentInfo opens a ContentInfo of the type, if wanted, and the SEQUENCE of its content;
// body is the length of the contents of that, negative if unknown. open counts the containers.
func beginContentInfo(w *ber.Writer, contentType asn1.ObjectIdentifier, body int64, info bool, open *int) error {
	if info {
		oid, err := marshalOID(contentType)
		if err != nil {
			return err
		}
		explicit, all := int64(-1), int64(-1)
		if body >= 0 {
			explicit = element(body)
			all = int64(len(oid)) + element(explicit)
		}
		if err := w.Begin(cbasn1.SEQUENCE, all); err != nil {
			return err
		}
		if err := w.Raw(oid); err != nil {
			return err
		}
		if err := w.Begin(der.Explicit(0), explicit); err != nil {
			return err
		}
		*open += 2
	}
	*open++
	return w.Begin(cbasn1.SEQUENCE, body)
}

func marshalOID(oid asn1.ObjectIdentifier) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(oid)
	return b.Bytes()
}

// signedDataHead encodes the version and the digest algorithms.
func signedDataHead(list []signing, contentType asn1.ObjectIdentifier) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1Int64(signedDataVersion(contentType))
	var algorithms [][]byte
	for _, s := range list {
		var a cryptobyte.Builder
		cmscore.AlgorithmID{OID: s.attrs.Digest}.Add(&a)
		raw, err := a.Bytes()
		if err != nil {
			return nil, err
		}
		algorithms = append(algorithms, raw)
	}
	slices.SortFunc(algorithms, bytes.Compare)
	addSetOf(&b, cbasn1.SET, slices.CompactFunc(algorithms, bytes.Equal))
	return b.Bytes()
}

// signedDataVersion is the rule of RFC 5652, 5.1, for signers named by issuer and serial number
// and nothing but certificates beside them.
func signedDataVersion(contentType asn1.ObjectIdentifier) int64 {
	if contentType.Equal(ContentTypeData) {
		return 1
	}
	return 3
}

func addSetOf(b *cryptobyte.Builder, tag cbasn1.Tag, list [][]byte) {
	b.AddASN1(tag, func(b *cryptobyte.Builder) {
		for _, raw := range list {
			b.AddBytes(raw)
		}
	})
}

// tail encodes what stands behind the content.
func (sw *signedWriter) tail(infos [][]byte) ([]byte, error) {
	var b cryptobyte.Builder
	if len(sw.certs) > 0 {
		addSetOf(&b, der.Explicit(0), sw.certs)
	}
	addSetOf(&b, cbasn1.SET, infos)
	return b.Bytes()
}

func (sw *signedWriter) tailSize() (int64, error) {
	var infos [][]byte
	for i := range sw.signings {
		raw, err := sw.signings[i].placeholder()
		if err != nil {
			return 0, err
		}
		infos = append(infos, raw)
	}
	tail, err := sw.tail(infos)
	return int64(len(tail)), err
}

// Write takes content.
func (sw *signedWriter) Write(p []byte) (int, error) {
	if sw.err != nil {
		return 0, sw.err
	}
	if sw.content != nil {
		if _, err := sw.content.Write(p); err != nil {
			sw.err = err
			return 0, err
		}
	}
	return sw.digests.Write(p)
}

// Close signs and completes the message.
func (sw *signedWriter) Close() error {
	if sw.err != nil {
		return sw.err
	}
	sw.err = errClosed
	if err := sw.close(); err != nil {
		sw.err = err
		return err
	}
	return nil
}

func (sw *signedWriter) close() error {
	if sw.content != nil {
		if err := sw.content.Close(); err != nil {
			return err
		}
		for range 2 { // eContent, encapContentInfo
			if err := sw.w.End(); err != nil {
				return err
			}
		}
	}
	infos, err := signAll(sw.ctx, sw.signings, &sw.digests, sw.rand)
	if err != nil {
		return err
	}
	tail, err := sw.tail(infos)
	if err != nil {
		return err
	}
	if err := sw.w.Raw(tail); err != nil {
		return err
	}
	for range sw.open {
		if err := sw.w.End(); err != nil {
			return err
		}
	}
	return nil
}

func signAll(ctx context.Context, list []signing, d *digests, rand io.Reader) ([][]byte, error) {
	var infos [][]byte
	for i := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		raw, err := list[i].sign(rand, d.sum(list[i].digestID()))
		if err != nil {
			return nil, err
		}
		infos = append(infos, raw)
	}
	return infos, nil
}
