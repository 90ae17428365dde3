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

// Write never fails.
func (d *digests) Write(p []byte) (int, error) {
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
