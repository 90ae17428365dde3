package cms

import (
	"encoding/asn1"
	"hash"
	"slices"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
)

// digestID names a digest with its S-box: the packed DKE, "" for DKE No. 1.
type digestID struct{ oid, sbox string }

func newDigestID(oid asn1.ObjectIdentifier, sbox *gost28147.SBox) digestID {
	id := digestID{oid: oid.String()}
	if oid.Equal(alg.OIDGOST34311) && sbox != nil && !sbox.Equal(gost28147.DKE1()) {
		id.sbox = string(sbox.DKE())
	}
	return id
}

// digests computes several digests of one content.
type digests struct {
	list []runningDigest
	head []byte // the first octets of the content
}

type runningDigest struct {
	id digestID
	h  hash.Hash
}

// maxDigests bounds the work for one octet of content. There are fewer algorithms than that.
const maxDigests = 16

// want adds a digest unless it is there already or its algorithm is not known.
func (d *digests) want(id digestID, oid asn1.ObjectIdentifier, sbox *gost28147.SBox) {
	if d.has(id) || len(d.list) == maxDigests {
		return
	}
	if h, err := alg.NewHash(oid, sbox); err == nil {
		d.list = append(d.list, runningDigest{id, h()})
	}
}

func (d *digests) has(id digestID) bool {
	return slices.ContainsFunc(d.list, func(r runningDigest) bool { return r.id == id })
}

// maxHead is enough to recognise signed attributes.
const maxHead = 32

// Write never fails.
func (d *digests) Write(p []byte) (int, error) {
	d.head = append(d.head, p[:min(len(p), maxHead-len(d.head))]...)
	for _, r := range d.list {
		r.h.Write(p)
	}
	return len(p), nil
}

// sum returns a digest of the whole content, or nil if it was not computed.
func (d *digests) sum(id digestID) []byte {
	for _, r := range d.list {
		if r.id == id {
			return r.h.Sum(nil)
		}
	}
	return nil
}

// likeSignedAttributes reports whether the content begins like a SET OF Attribute, in DER or BER.
func (d *digests) likeSignedAttributes() bool {
	rest := d.head
	for _, tag := range []byte{0x31, 0x30, 0x06} { // SET, SEQUENCE, OBJECT IDENTIFIER
		if len(rest) < 2 && len(d.head) == maxHead {
			return true // lengths of so many octets are nobody's content
		}
		if len(rest) < 2 || rest[0] != tag {
			return false
		}
		n := 2
		if rest[1] > 0x80 {
			n += int(rest[1] & 0x7f)
		}
		rest = rest[min(n, len(rest)):]
	}
	return true
}
