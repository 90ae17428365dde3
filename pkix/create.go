package pkix

import (
	"bytes"
	"crypto"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
)

// CreateCertificate writes a certificate for pub, signed by s, whose public key is parent's.
// A nil parent, or tmpl itself, makes a self-signed certificate: s is then the key of pub.
//
// Of tmpl it uses SerialNumber (required, positive), Subject, NotBefore, NotAfter, KeyUsage,
// ExtKeyUsage, BasicConstraintsValid with IsCA, MaxPathLen and MaxPathLenZero, SubjectKeyID,
// AuthorityKeyID, DirectoryAttributes, SBox, NamedCurve and BigEndian (all three for pub),
// SignatureOID, and Extensions, which are written as they are and replace those made from
// other fields. Of parent it uses Subject, SubjectKeyID and SBox.
//
// The signature is DSTU 4145: s.Public must be a *dstu4145.PublicKey. SignatureOID chooses the
// hash; nil means GOST 34.311. A key identifier that is not given is GOST 34.311 or Kupyna-256
// of the key, by the same choice; the authority's is parent's SubjectKeyID.
// s signs with rand as [dstu4145.PrivateKey.Sign] does; what it returns is verified before it
// is used.
func CreateCertificate(rand io.Reader, tmpl, parent *Certificate, pub crypto.PublicKey, s crypto.Signer) ([]byte, error) {
	if parent == nil || parent == tmpl {
		parent = &Certificate{Subject: tmpl.Subject, SBox: tmpl.SBox}
		if pub == nil {
			pub = s.Public()
		}
		if k, ok := pub.(interface{ Equal(crypto.PublicKey) bool }); !ok || !k.Equal(s.Public()) {
			return nil, errors.New("pkix: a self-signed certificate needs the signer's own key")
		}
	} else if parent.PublicKey != nil && !parent.MatchesPublicKey(s.Public()) {
		return nil, errors.New("pkix: the signer's key is not that of the parent")
	}
	if tmpl.SerialNumber == nil || tmpl.SerialNumber.Sign() <= 0 {
		return nil, errors.New("pkix: a certificate needs a positive serial number")
	}
	sig, err := newSigner(s, tmpl.SignatureOID, parent.SBox)
	if err != nil {
		return nil, err
	}
	subject, err := tmpl.Subject.Marshal()
	if err != nil {
		return nil, err
	}
	issuer, err := parent.Subject.Marshal()
	if err != nil {
		return nil, err
	}
	spki, err := tmpl.marshalSPKI(pub)
	if err != nil {
		return nil, err
	}
	extensions, err := tmpl.marshalExtensions(parent, pub, sig)
	if err != nil {
		return nil, err
	}

	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) { b.AddASN1Int64(2) })
		b.AddASN1BigInt(tmpl.SerialNumber)
		alg.AddIdentifier(b, sig.alg.OID, false)
		b.AddBytes(issuer)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addTime(b, tmpl.NotBefore)
			addTime(b, tmpl.NotAfter)
		})
		b.AddBytes(subject)
		b.AddBytes(spki)
		if len(extensions) > 0 {
			b.AddASN1(der.Explicit(3), func(b *cryptobyte.Builder) { addExtensions(b, extensions) })
		}
	})
	return sig.sign(rand, &b)
}

// CreateCertificateRequest writes a request for the key of s, signed by it.
//
// Of tmpl it uses Subject, SBox, NamedCurve, BigEndian, SignatureOID, and for the attribute
// extensionRequest the fields that [CreateCertificate] makes extensions of; key identifiers are
// written only if they are given. Where none are, attributes is present and empty.
func CreateCertificateRequest(rand io.Reader, tmpl *Certificate, s crypto.Signer) ([]byte, error) {
	sig, err := newSigner(s, tmpl.SignatureOID, tmpl.SBox)
	if err != nil {
		return nil, err
	}
	subject, err := tmpl.Subject.Marshal()
	if err != nil {
		return nil, err
	}
	spki, err := tmpl.marshalSPKI(s.Public())
	if err != nil {
		return nil, err
	}
	extensions, err := tmpl.marshalExtensions(nil, nil, sig)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		b.AddBytes(subject)
		b.AddBytes(spki)
		b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) {
			if len(extensions) == 0 {
				return
			}
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidExtensionRequest)
				b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { addExtensions(b, extensions) })
			})
		})
	})
	return sig.sign(rand, &b)
}

// signer signs the TBS part of certificates and requests.
type signer struct {
	key  crypto.Signer
	pub  *dstu4145.PublicKey
	alg  alg.Signature
	sbox *gost28147.SBox
}

func newSigner(key crypto.Signer, oid asn1.ObjectIdentifier, sbox *gost28147.SBox) (*signer, error) {
	pub, ok := key.Public().(*dstu4145.PublicKey)
	if !ok {
		return nil, fmt.Errorf("pkix: signing with a key of type %T: %w", key.Public(), ErrUnsupported)
	}
	if oid == nil {
		oid = alg.KeyParams{Curve: pub.Curve()}.OID() // with GOST 34.311
	}
	a, ok := alg.SignatureByOID(oid)
	if !ok || !a.Fits(pub.Curve()) {
		return nil, fmt.Errorf("pkix: %w", &alg.UnsupportedError{What: "signature algorithm", OID: oid})
	}
	return &signer{key: key, pub: pub, alg: a, sbox: sbox}, nil
}

// sign appends the signature to the TBS part.
func (s *signer) sign(rand io.Reader, tbs *cryptobyte.Builder) ([]byte, error) {
	signed, err := tbs.Bytes()
	if err != nil {
		return nil, fmt.Errorf("pkix: %w", err)
	}
	newHash, err := alg.NewHash(s.alg.Digest, s.sbox)
	if err != nil {
		return nil, fmt.Errorf("pkix: %w", err)
	}
	h := newHash()
	h.Write(signed)
	digest := h.Sum(nil)
	rs, err := s.key.Sign(rand, digest, nil)
	if err != nil {
		return nil, fmt.Errorf("pkix: signing: %w", err)
	}
	octets := s.alg.ToWire(rs)
	if ok, err := s.alg.VerifyDigest(s.pub, digest, octets); err != nil || !ok {
		return nil, errors.New("pkix: the signer returned a signature that does not verify")
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(signed)
		alg.AddIdentifier(b, s.alg.OID, false)
		b.AddASN1BitString(octetString(octets))
	})
	return b.Bytes()
}

func (c *Certificate) marshalSPKI(pub crypto.PublicKey) ([]byte, error) {
	return MarshalPublicKey(&PublicKeyInfo{Key: pub, SBox: c.SBox, NamedCurve: c.NamedCurve, BigEndian: c.BigEndian})
}

// addTime writes UTCTime up to the year 2049 and GeneralizedTime from 2050 (RFC 5280, 4.1.2.5).
func addTime(b *cryptobyte.Builder, t time.Time) {
	t = t.UTC().Truncate(time.Second)
	if y := t.Year(); y >= 1950 && y < 2050 {
		b.AddASN1UTCTime(t)
		return
	}
	b.AddASN1GeneralizedTime(t)
}

func addExtensions(b *cryptobyte.Builder, list []Extension) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, e := range list {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(e.ID)
				if e.Critical {
					b.AddASN1Boolean(true)
				}
				b.AddASN1OctetString(e.Value)
			})
		}
	})
}

// extensionList collects extensions; what the template gives ready-made wins.
type extensionList struct {
	ready []Extension
	list  []Extension
	err   error
}

func (l *extensionList) add(id asn1.ObjectIdentifier, critical bool, value func(*cryptobyte.Builder)) {
	if slices.ContainsFunc(l.ready, func(e Extension) bool { return e.ID.Equal(id) }) {
		return
	}
	var b cryptobyte.Builder
	value(&b)
	v, err := b.Bytes()
	if err != nil && l.err == nil {
		l.err = fmt.Errorf("pkix: extension %v: %w", id, err)
	}
	l.list = append(l.list, Extension{ID: id, Critical: critical, Value: v})
}

// marshalExtensions makes the extensions of a certificate, or with a nil parent those of a
// request.
func (c *Certificate) marshalExtensions(parent *Certificate, pub crypto.PublicKey, s *signer) ([]Extension, error) {
	l := &extensionList{ready: c.Extensions}
	ski, aki := c.SubjectKeyID, c.AuthorityKeyID
	if parent != nil {
		if ski == nil {
			ski = defaultKeyID(pub, c, s.alg)
		}
		if aki == nil {
			if aki = parent.SubjectKeyID; aki == nil && parent.Raw == nil {
				aki = ski // self-signed
			}
		}
	}
	if ski != nil {
		l.add(oidSubjectKeyID, false, func(b *cryptobyte.Builder) { b.AddASN1OctetString(ski) })
	}
	if aki != nil {
		l.add(oidAuthorityKeyID, false, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(der.Context(0), func(b *cryptobyte.Builder) { b.AddBytes(aki) })
			})
		})
	}
	if c.KeyUsage != 0 {
		l.add(oidKeyUsage, true, c.KeyUsage.add)
	}
	if len(c.ExtKeyUsage) > 0 {
		critical := slices.ContainsFunc(c.ExtKeyUsage, oidTimeStamping.Equal) // RFC 3161, 2.3
		l.add(oidExtKeyUsage, critical, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				for _, id := range c.ExtKeyUsage {
					b.AddASN1ObjectIdentifier(id)
				}
			})
		})
	}
	if c.BasicConstraintsValid {
		l.add(oidBasicConstraints, c.IsCA, c.addBasicConstraints)
	}
	if len(c.DirectoryAttributes) > 0 {
		l.add(oidSubjectDirectoryAttributes, false, c.addDirectoryAttributes)
	}
	return append(l.list, l.ready...), l.err
}

// defaultKeyID follows the hash of the signature, as authorities do.
func defaultKeyID(pub crypto.PublicKey, tmpl *Certificate, a alg.Signature) []byte {
	k, ok := pub.(*dstu4145.PublicKey)
	if !ok {
		info, err := tmpl.marshalSPKI(pub)
		if err != nil {
			return nil
		}
		parsed, err := ParsePublicKey(info)
		if err != nil {
			return nil
		}
		return keyIDs(nil, pub, parsed.Raw, nil)[0]
	}
	point := octetString(alg.KeyParams{Curve: k.Curve(), BigEndian: tmpl.BigEndian}.EncodePoint(k))
	digest := alg.OIDKupyna256
	if a.Digest.Equal(alg.OIDGOST34311) {
		digest = alg.OIDGOST34311
	}
	newHash, err := alg.NewHash(digest, nil)
	if err != nil {
		return nil
	}
	h := newHash()
	h.Write(point)
	return h.Sum(nil)
}

// add writes the named bits without trailing zero bits.
func (u KeyUsage) add(b *cryptobyte.Builder) {
	var octets [2]byte
	last := 0
	for i := range keyUsageNames {
		if u&(1<<i) != 0 {
			octets[i/8] |= 0x80 >> (i % 8)
			last = i
		}
	}
	b.AddASN1(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) {
		b.AddUint8(uint8(7 - last%8))
		b.AddBytes(octets[:last/8+1])
	})
}

func (c *Certificate) addBasicConstraints(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if !c.IsCA {
			return
		}
		b.AddASN1Boolean(true)
		if c.MaxPathLen > 0 || c.MaxPathLen == 0 && c.MaxPathLenZero {
			b.AddASN1Int64(int64(c.MaxPathLen))
		}
	})
}

// addDirectoryAttributes writes one Attribute for each type, its values PrintableString where
// their letters allow it, else UTF8String, in DER order.
func (c *Certificate) addDirectoryAttributes(b *cryptobyte.Builder) {
	var types []asn1.ObjectIdentifier
	for _, a := range c.DirectoryAttributes {
		if !slices.ContainsFunc(types, a.Type.Equal) {
			types = append(types, a.Type)
		}
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, t := range types {
			var values [][]byte
			for _, a := range c.DirectoryAttributes {
				if a.Type.Equal(t) {
					values = append(values, directoryString(a.Value))
				}
			}
			slices.SortFunc(values, bytes.Compare)
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(t)
				b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
					for _, v := range values {
						b.AddBytes(v)
					}
				})
			})
		}
	})
}

func directoryString(s string) []byte {
	tag := cbasn1.UTF8String
	if der.IsPrintable(s) {
		tag = cbasn1.PrintableString
	}
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(s)) })
	return b.BytesOrPanic() // a short string: cannot fail
}
