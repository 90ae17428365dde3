package cms

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/internal/der"
)

var (
	errNeedContent  = errors.New("cms: the message does not hold its content, and none was given")
	errNeedsNoOther = errors.New("cms: content given for a message that holds its own")
)

// AddSigners returns p7s with more signers behind the present ones. The octets of the present
// signers, certificates, revocation lists and of the content are kept; only the lengths around
// them, the version and the list of digest algorithms change. The present signatures are not
// checked.
//
// content is needed if p7s is detached, and must be nil otherwise. Of o, Rand, Certificates and
// OmitCertificates count.
func AddSigners(p7s []byte, content io.Reader, s []Signer, o *SignOptions) ([]byte, error) {
	if o == nil {
		o = &SignOptions{}
	}
	data, err := ParseSigned(p7s)
	if err != nil {
		return nil, err
	}
	switch {
	case data.Detached && content == nil:
		return nil, errNeedContent
	case !data.Detached && content != nil:
		return nil, errNeedsNoOther
	case !data.Detached:
		content = bytes.NewReader(data.Content)
	}
	signings, err := newSignings(s, data.ContentType)
	if err != nil {
		return nil, err
	}
	var d digests
	for i := range signings {
		d.want(signings[i].digestID(), signings[i].attrs.Digest, signings[i].sbox)
	}
	ctx := context.Background()
	if err := copyContext(ctx, &d, content); err != nil {
		return nil, err
	}
	infos, err := signAll(ctx, signings, &d, o.Rand)
	if err != nil {
		return nil, err
	}
	parts, err := splitSignedData(p7s)
	if err != nil {
		return nil, err
	}
	parts.infos = append(parts.infos, infos...)
	parts.addDigests(data, signings)
	if !o.OmitCertificates {
		for _, raw := range certificates(s, o.Certificates) {
			if !slices.ContainsFunc(parts.certs, func(c []byte) bool { return bytes.Equal(c, raw) }) {
				parts.certs = append(parts.certs, raw)
			}
		}
	}
	parts.version = max(parts.version, signedDataVersion(data.ContentType))
	return parts.marshal()
}

// signedDataParts are the fields of a SignedData as they stand.
type signedDataParts struct {
	bare       bool
	version    int64
	algorithms [][]byte
	encap      []byte
	certs      [][]byte
	crls       []byte // the whole field; nil if absent
	infos      [][]byte
}

// splitSignedData splits a message that ParseSigned has accepted.
func splitSignedData(p7s []byte) (*signedDataParts, error) {
	outer, _, err := ber.ReadElement(p7s)
	if err != nil {
		return nil, err
	}
	fields, err := outer.Children(6)
	if err != nil {
		return nil, err
	}
	parts := &signedDataParts{bare: fields[0].Tag == cbasn1.INTEGER}
	if !parts.bare {
		explicit, err := fields[1].Children(1)
		if err != nil {
			return nil, err
		}
		if fields, err = explicit[0].Children(6); err != nil {
			return nil, err
		}
	}
	parts.version = int64(fields[0].Body[len(fields[0].Body)-1]) // at most 5
	parts.encap = fields[2].Raw
	for _, list := range []struct {
		at  int
		dst *[][]byte
	}{{1, &parts.algorithms}, {len(fields) - 1, &parts.infos}} {
		if *list.dst, err = rawChildren(fields[list.at]); err != nil {
			return nil, err
		}
	}
	for _, f := range fields[3 : len(fields)-1] {
		if f.Tag == der.Explicit(1) {
			parts.crls = f.Raw
		} else if parts.certs, err = rawChildren(f); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

func rawChildren(e ber.Element) ([][]byte, error) {
	children, err := e.Children(cmscore.MaxElements)
	if err != nil {
		return nil, err
	}
	var list [][]byte
	for _, c := range children {
		list = append(list, c.Raw)
	}
	return list, nil
}

func (p *signedDataParts) addDigests(data *SignedData, list []signing) {
	present := slices.Clone(data.DigestAlgorithms)
	for _, s := range list {
		if slices.ContainsFunc(present, s.attrs.Digest.Equal) {
			continue
		}
		present = append(present, s.attrs.Digest)
		var b cryptobyte.Builder
		cmscore.AlgorithmID{OID: s.attrs.Digest}.Add(&b)
		p.algorithms = append(p.algorithms, b.BytesOrPanic()) // a known identifier
	}
}

func (p *signedDataParts) marshal() ([]byte, error) {
	var b cryptobyte.Builder
	body := func(b *cryptobyte.Builder) {
		b.AddASN1Int64(p.version)
		addSetOf(b, cbasn1.SET, p.algorithms)
		b.AddBytes(p.encap)
		if len(p.certs) > 0 {
			addSetOf(b, der.Explicit(0), p.certs)
		}
		b.AddBytes(p.crls)
		addSetOf(b, cbasn1.SET, p.infos)
	}
	if p.bare {
		b.AddASN1(cbasn1.SEQUENCE, body)
		return b.Bytes()
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(ContentTypeSignedData)
		b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) { b.AddASN1(cbasn1.SEQUENCE, body) })
	})
	return b.Bytes()
}
