package cmscore

import (
	"crypto"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/der"
)

// SignerInfo is one signer of a SignedData.
type SignerInfo struct {
	Raw            []byte // as transmitted
	Version        int
	Signer         ID
	Digest         AlgorithmID
	RawSignedAttrs []byte // as transmitted, with its tag [0]; nil if absent
	SignedAttrs    []Attribute
	Algorithm      AlgorithmID // of the signature
	Signature      []byte      // contents of the OCTET STRING
	UnsignedAttrs  []Attribute
}

var errNotDER = errors.New("not DER")

// ParseSignerInfo reads a SignerInfo, DER or BER, with signed attributes in DER but for their
// order.
func ParseSignerInfo(raw []byte) (*SignerInfo, error) {
	const what = "signerInfo"
	outer, rest, err := ber.ReadElement(raw)
	if err == nil && (outer.Tag != cbasn1.SEQUENCE || len(rest) != 0) {
		err = errors.New("not one SEQUENCE")
	}
	if err != nil {
		return nil, Malformed(what, err)
	}
	list, err := outer.Children(7)
	if err != nil {
		return nil, Malformed(what, err)
	}
	si := &SignerInfo{Raw: raw}
	// The attributes are taken as they stand; the other fields become DER.
	if len(list) > 3 && list[3].Tag == der.Explicit(0) {
		if si.SignedAttrs, err = parseSignedAttrs(list[3]); err != nil {
			return nil, err
		}
		si.RawSignedAttrs = list[3].Raw
		list = slices.Delete(list, 3, 4)
	}
	if n := len(list) - 1; n > 0 && list[n].Tag == der.Explicit(1) {
		if si.UnsignedAttrs, err = parseAttributes(list[n], "unsignedAttrs"); err != nil {
			return nil, err
		}
		list = list[:n]
	}
	var fields []byte
	for _, e := range list {
		fields = append(fields, e.Raw...)
	}
	r, err := strict(append(ber.AppendHeader(nil, cbasn1.SEQUENCE, int64(len(fields))), fields...), what)
	if err != nil {
		return nil, err
	}
	s := r.Sequence("")
	si.Version = s.Int("version", 3)
	if si.Version != 1 && si.Version != 3 {
		s.Failf("version", "%d", si.Version)
	}
	si.Signer = readID(s, "sid")
	si.Digest = readAlgorithm(s, "digestAlgorithm")
	si.Algorithm = readAlgorithm(s, "signatureAlgorithm")
	si.Signature = s.OctetString("signature")
	_ = s.End()
	return si, finish(what, r)
}

func parseSignedAttrs(e ber.Element) ([]Attribute, error) {
	const what = "signedAttrs"
	d, err := ber.ToDER(e.Raw)
	if err == nil && &d[0] != &e.Raw[0] {
		err = errNotDER
	}
	if err != nil {
		return nil, Malformed(what, err)
	}
	list, err := parseAttributes(e, what)
	if err == nil && len(list) == 0 {
		err = Malformed(what, errors.New("empty set"))
	}
	return list, err
}

// foreignDigests go with signature algorithms that are named by the type of the key.
var foreignDigests = []asn1.ObjectIdentifier{alg.OIDSHA1, alg.OIDSHA224, alg.OIDSHA256, alg.OIDSHA384, alg.OIDSHA512}

// SignatureAlgorithm returns the algorithm of the signature. The identifiers that name a key
// type instead of a signature, rsaEncryption and id-ecPublicKey, take the digest of the signer,
// which must be SHA. Errors wrap [alg.ErrUnsupported] or [alg.ErrParams].
func (si *SignerInfo) SignatureAlgorithm() (alg.Signature, error) {
	s := alg.Signature{OID: si.Algorithm.OID, Digest: si.Digest.OID}
	switch {
	case si.Algorithm.OID.Equal(alg.OIDRSAEncryption):
		s.Scheme = alg.SchemeRSA
	case si.Algorithm.OID.Equal(alg.OIDECPublicKey):
		s.Scheme = alg.SchemeECDSA
	default:
		return alg.ParseSignature(si.Algorithm.OID, si.Algorithm.Params)
	}
	if !slices.ContainsFunc(foreignDigests, s.Digest.Equal) {
		return alg.Signature{}, &alg.UnsupportedError{What: "digest of a signature", OID: s.Digest}
	}
	return s, nil
}

// hashSignedAttrs returns the digest that is signed: over the attributes as transmitted, under
// the tag of a SET. sbox is that of the signer's key.
func (si *SignerInfo) hashSignedAttrs(digest asn1.ObjectIdentifier, sbox *gost28147.SBox) ([]byte, error) {
	if si.RawSignedAttrs == nil {
		return nil, errors.New("cms: no signed attributes")
	}
	h, err := alg.NewHash(digest, sbox)
	if err != nil {
		return nil, err
	}
	d := h()
	d.Write([]byte{byte(cbasn1.SET)})
	d.Write(si.RawSignedAttrs[1:])
	return d.Sum(nil), nil
}

// VerifySignature checks the signature over the signed attributes. A signature that is merely
// wrong gives false and no error. A DSTU 4145 value may be wrapped in one more OCTET STRING.
func (si *SignerInfo) VerifySignature(pub crypto.PublicKey, sbox *gost28147.SBox) (bool, error) {
	s, err := si.SignatureAlgorithm()
	if err != nil {
		return false, err
	}
	digest, err := si.hashSignedAttrs(s.Digest, sbox)
	if err != nil {
		return false, err
	}
	return si.verify(s, pub, digest)
}

// VerifyContent is [SignerInfo.VerifySignature] for a signer without signed attributes: the
// signature is over the content, of which the digest is given.
func (si *SignerInfo) VerifyContent(pub crypto.PublicKey, digest []byte) (bool, error) {
	s, err := si.SignatureAlgorithm()
	if err != nil {
		return false, err
	}
	return si.verify(s, pub, digest)
}

// verify reports whether the signature is one over the digest.
func (si *SignerInfo) verify(s alg.Signature, pub crypto.PublicKey, digest []byte) (bool, error) {
	value := si.Signature
	if key, ok := pub.(*dstu4145.PublicKey); ok && len(value) != 2*key.Curve().ScalarSize() {
		if inner, ok := alg.Unwrap(value); ok {
			value = inner
		}
	}
	return s.VerifyDigest(pub, digest, value)
}

// Marshal returns the DER of a SignerInfo with the fields of si; signedAttrs is what
// [SignedAttrs.Marshal] returns. Raw is not looked at.
func (si *SignerInfo) Marshal(signedAttrs []byte) ([]byte, error) {
	if len(signedAttrs) == 0 || signedAttrs[0] != byte(cbasn1.SET) {
		return nil, fmt.Errorf("cms: signed attributes are no SET")
	}
	version := int64(1)
	if si.Signer.KeyID != nil {
		version = 3
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(version)
		si.Signer.add(b)
		si.Digest.Add(b)
		b.AddBytes(append([]byte{byte(der.Explicit(0))}, signedAttrs[1:]...))
		si.Algorithm.Add(b)
		b.AddASN1OctetString(si.Signature)
	})
	return b.Bytes()
}
