package cms

import (
	"bytes"
	"crypto"
	cryptorand "crypto/rand"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/cmscore"
)

// signing makes one SignerInfo.
type signing struct {
	key   crypto.Signer
	pub   *dstu4145.PublicKey
	sig   alg.Signature
	sbox  *gost28147.SBox // of the digests
	attrs cmscore.SignedAttrs
}

var (
	errNoSigners = errors.New("cms: no signers")
	errSignature = errors.New("cms: the key returned a wrong signature")
)

// Faults of a signer or a sender, of whom the message that wraps them tells which.
var (
	errNoKey         = errors.New("no key")
	errNoCertificate = errors.New("no certificate")
	errNeither       = errors.New("no key and no certificate")
	errOtherKey      = errors.New("the certificate is of another key")
)

// present demands both halves of a signer or a sender.
func present(key, certificate bool) error {
	switch {
	case !key && !certificate:
		return errNeither
	case !key:
		return errNoKey
	case !certificate:
		return errNoCertificate
	}
	return nil
}

func newSignings(list []Signer, contentType asn1.ObjectIdentifier) ([]signing, error) {
	if len(list) == 0 {
		return nil, errNoSigners
	}
	out := make([]signing, len(list))
	for i, s := range list {
		var err error
		if out[i], err = newSigning(s, contentType); err != nil {
			return nil, fmt.Errorf("cms: signer %d: %w", i, err)
		}
	}
	return out, nil
}

func newSigning(s Signer, contentType asn1.ObjectIdentifier) (signing, error) {
	if err := present(s.Key != nil, s.Certificate != nil); err != nil {
		return signing{}, err
	}
	if s.Level != LevelBES {
		return signing{}, unsupported("CAdES level "+s.Level.String()+" of a new signature", nil)
	}
	out := signing{key: s.Key, sbox: s.Certificate.SBox}
	var ok bool
	if out.pub, ok = s.Key.Public().(*dstu4145.PublicKey); !ok {
		return signing{}, unsupported("kind of signing key", nil)
	}
	if !out.pub.Equal(s.Certificate.PublicKey) {
		return signing{}, errOtherKey
	}
	digest := s.Digest
	if digest == nil {
		digest = alg.OIDGOST34311
		if c, ok := alg.SignatureByOID(s.Certificate.SignatureOID); ok && c.Scheme == alg.SchemeDSTU4145 {
			digest = c.Digest
		}
	}
	if out.sig, ok = alg.SignatureFor(digest, out.pub.Curve()); !ok {
		return signing{}, unsupported("digest of a signature", digest)
	}
	h, err := alg.NewHash(digest, out.sbox)
	if err != nil {
		return signing{}, err
	}
	certHash := h()
	certHash.Write(s.Certificate.Raw)
	out.attrs = cmscore.SignedAttrs{
		ContentType: contentType,
		SigningTime: s.SigningTime,
		Digest:      digest,
		CertHash:    certHash.Sum(nil),
		Signer:      idOf(s.Certificate),
	}
	if out.attrs.SigningTime.IsZero() {
		out.attrs.SigningTime = time.Now()
	}
	return out, nil
}

func (s *signing) digestID() digestID { return newDigestID(s.attrs.Digest, s.sbox) }

func (s *signing) info(signature []byte) *cmscore.SignerInfo {
	return &cmscore.SignerInfo{
		Signer:    s.attrs.Signer,
		Digest:    cmscore.AlgorithmID{OID: s.attrs.Digest},
		Algorithm: cmscore.AlgorithmID{OID: s.sig.OID},
		Signature: signature,
	}
}

// placeholder returns a SignerInfo that is as long as the one to come.
func (s *signing) placeholder() ([]byte, error) {
	attrs := s.attrs
	attrs.MessageDigest = make([]byte, alg.HashSize(attrs.Digest))
	signed, err := attrs.Marshal()
	if err != nil {
		return nil, err
	}
	return s.info(make([]byte, 2*s.pub.Curve().ScalarSize())).Marshal(signed)
}

// sign returns the SignerInfo over a content with the digest.
func (s *signing) sign(rand io.Reader, contentDigest []byte) ([]byte, error) {
	if rand == nil {
		rand = cryptorand.Reader
	}
	s.attrs.MessageDigest = contentDigest
	signed, err := s.attrs.Marshal()
	if err != nil {
		return nil, err
	}
	h, err := alg.NewHash(s.attrs.Digest, s.sbox)
	if err != nil {
		return nil, err
	}
	d := h()
	d.Write(signed)
	digest := d.Sum(nil)
	value, err := s.key.Sign(rand, bytes.Clone(digest), crypto.Hash(0))
	if err != nil {
		return nil, fmt.Errorf("cms: signing: %w", err)
	}
	if _, own := s.key.(*dstu4145.PrivateKey); !own && !dstu4145.Verify(s.pub, digest, value) {
		return nil, errSignature // a PrivateKey does this itself
	}
	return s.info(s.sig.ToWire(value)).Marshal(signed)
}
