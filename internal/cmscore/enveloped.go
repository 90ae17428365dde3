package cmscore

import (
	"encoding/asn1"
	"errors"
	"io"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/der"
)

// EnvelopedData reads a message: what stands before the encrypted content when it is made, that
// content as a stream, and what stands behind it when Finish is called.
type EnvelopedData struct {
	Version       int
	Certificates  [][]byte // of originatorInfo, as transmitted
	Recipients    []RecipientInfo
	ContentType   asn1.ObjectIdentifier
	ContentCipher AlgorithmID
	Content       io.Reader // encrypted; nil if it is not in the message

	r        *ber.Reader
	open     int
	buffered int
}

// RecipientKind is a choice of RecipientInfo.
type RecipientKind int

// Kinds of recipients.
const (
	KeyAgree     RecipientKind = iota // one common secret, any number of keys
	KeyTransport                      // a key encrypted to a public key
	OtherKind                         // anything else; only the kind is known
)

// RecipientInfo is a RecipientInfo. Fields that the kind does not have are zero.
type RecipientInfo struct {
	Kind       RecipientKind
	Originator Originator
	UKM        []byte // user keying material; nil if absent
	Algorithm  AlgorithmID
	Wrap       AlgorithmID // of a key agreement
	Keys       []RecipientKey
}

// Originator is an OriginatorIdentifierOrKey: an identifier of a certificate, or a key.
type Originator struct {
	ID        ID
	Algorithm AlgorithmID // of PublicKey
	PublicKey []byte      // octets of the BIT STRING; nil if ID holds
}

// RecipientKey is a content key encrypted for one recipient.
type RecipientKey struct {
	ID           ID
	EncryptedKey []byte
}

// ReadEnvelopedData reads an EnvelopedData, bare or in a ContentInfo, up to its content.
func ReadEnvelopedData(r *ber.Reader) (*EnvelopedData, error) {
	open, err := enterContentInfo(r, OIDEnvelopedData)
	if err != nil {
		return nil, err
	}
	e := &EnvelopedData{r: r, open: open}
	if e.Version, err = readVersion(r, "envelopedData"); err != nil {
		return nil, err
	}
	if err := e.readOriginatorInfo(); err != nil {
		return nil, err
	}
	list, err := readList(r, cbasn1.SET, "recipientInfos", &e.buffered)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, raw := range list {
		info, err := parseRecipientInfo(raw)
		if err != nil {
			return nil, err
		}
		if n += len(info.Keys); n > MaxElements {
			return nil, Malformed("recipientInfos", errTooMany)
		}
		e.Recipients = append(e.Recipients, info)
	}
	return e, e.readContentInfo()
}

func (e *EnvelopedData) readOriginatorInfo() error {
	const what = "originatorInfo"
	h, err := e.r.Peek()
	if err != nil {
		return Malformed(what, noEOF(err))
	}
	if h.Tag != der.Explicit(0) {
		return nil
	}
	if err := e.r.Enter(der.Explicit(0)); err != nil {
		return Malformed(what, err)
	}
	for n := range uint8(2) {
		h, err := e.r.Peek()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Malformed(what, err)
		}
		if h.Tag != der.Explicit(n) {
			continue
		}
		list, err := readList(e.r, h.Tag, what, &e.buffered)
		if err != nil {
			return err
		}
		if n == 0 {
			e.Certificates = list
		}
	}
	if err := e.r.Leave(); err != nil {
		return Malformed(what, err)
	}
	return nil
}

func (e *EnvelopedData) readContentInfo() error {
	const what = "encryptedContentInfo"
	if err := e.r.Enter(cbasn1.SEQUENCE); err != nil {
		return Malformed(what, err)
	}
	var err error
	if e.ContentType, err = readOID(e.r, "contentType"); err != nil {
		return err
	}
	d, err := readSmall(e.r, what)
	if err != nil {
		return err
	}
	e.ContentCipher = readAlgorithm(d, "contentEncryptionAlgorithm")
	if err := finish(what, d); err != nil {
		return err
	}
	switch _, err := e.r.Peek(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return Malformed(what, err)
	}
	if e.Content, err = e.r.String(der.Context(0)); err != nil {
		return Malformed(what, err)
	}
	return nil
}

// Finish reads what stands behind the content.
func (e *EnvelopedData) Finish() error {
	if err := e.r.Leave(); err != nil {
		return Malformed("encryptedContentInfo", err)
	}
	if h, err := e.r.Peek(); err == nil && h.Tag == der.Explicit(1) {
		if _, err := readList(e.r, h.Tag, "unprotectedAttrs", &e.buffered); err != nil {
			return err
		}
	}
	return leaveContentInfo(e.r, e.open)
}

func parseRecipientInfo(raw []byte) (RecipientInfo, error) {
	const what = "recipientInfo"
	r, err := strict(raw, what)
	if err != nil {
		return RecipientInfo{}, err
	}
	var info RecipientInfo
	switch r.NextTag() {
	case der.Explicit(1):
		info = readKeyAgree(r)
	case cbasn1.SEQUENCE:
		info = readKeyTransport(r)
	default:
		info.Kind = OtherKind
		_, _, _ = r.Any("")
	}
	return info, finish(what, r)
}

func readKeyTransport(r *der.Reader) RecipientInfo {
	info := RecipientInfo{Kind: KeyTransport}
	s := r.Sequence("keyTransRecipientInfo")
	s.Int("version", 5)
	key := RecipientKey{ID: readID(s, "rid")}
	info.Algorithm = readAlgorithm(s, "keyEncryptionAlgorithm")
	key.EncryptedKey = s.OctetString("encryptedKey")
	info.Keys = []RecipientKey{key}
	_ = s.End()
	return info
}

func readKeyAgree(r *der.Reader) RecipientInfo {
	info := RecipientInfo{Kind: KeyAgree}
	s := r.Enter("keyAgreeRecipientInfo", der.Explicit(1))
	s.Int("version", 5)
	o := s.Enter("originator", der.Explicit(0))
	if k, ok := o.Optional("originatorKey", der.Explicit(1)); ok {
		info.Originator.Algorithm = readAlgorithm(k, "algorithm")
		info.Originator.PublicKey = k.BitOctets("publicKey")
		_ = k.End()
	} else {
		info.Originator.ID = readID(o, "")
	}
	_ = o.End()
	if u, ok := s.Optional("ukm", der.Explicit(1)); ok {
		info.UKM = append([]byte{}, u.OctetString("")...) // not nil if empty
		_ = u.End()
	}
	info.Algorithm = readAlgorithm(s, "keyEncryptionAlgorithm")
	w := der.New(info.Algorithm.Params, "keyWrapAlgorithm")
	if info.Wrap = readAlgorithm(w, ""); w.End() != nil {
		s.Fail("keyEncryptionAlgorithm", w.Err())
	}
	keys := s.Sequence("recipientEncryptedKeys")
	for i := 0; !keys.Empty(); i++ {
		if i == MaxElements {
			keys.Fail("", errTooMany)
			break
		}
		item := keys.Item(i, cbasn1.SEQUENCE)
		key := RecipientKey{ID: readRecipientID(item)}
		key.EncryptedKey = item.OctetString("encryptedKey")
		_ = item.End()
		info.Keys = append(info.Keys, key)
	}
	_ = s.End()
	return info
}

// readRecipientID reads a KeyAgreeRecipientIdentifier; date and other are passed over. A key
// identifier alone may stand under the tag as in a SignerIdentifier.
func readRecipientID(r *der.Reader) ID {
	if r.Peek(der.Context(0)) {
		return ID{KeyID: r.Contents("rKeyId", der.Context(0))}
	}
	k, ok := r.Optional("rKeyId", der.Explicit(0))
	if !ok {
		return readIssuerSerial(r, "rid")
	}
	id := ID{KeyID: k.OctetString("subjectKeyIdentifier")}
	if k.Peek(cbasn1.GeneralizedTime) {
		k.GeneralizedTime("date", cbasn1.GeneralizedTime)
	}
	if k.Peek(cbasn1.SEQUENCE) {
		k.Contents("other", cbasn1.SEQUENCE)
	}
	_ = k.End()
	return id
}

// Add writes a KeyAgreeRecipientInfo with its tag.
func (info *RecipientInfo) Add(b *cryptobyte.Builder) {
	b.AddASN1(der.Explicit(1), func(b *cryptobyte.Builder) {
		b.AddASN1Int64(3)
		b.AddASN1(der.Explicit(0), info.Originator.add)
		if info.UKM != nil {
			b.AddASN1(der.Explicit(1), func(b *cryptobyte.Builder) { b.AddASN1OctetString(info.UKM) })
		}
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(info.Algorithm.OID)
			info.Wrap.Add(b)
		})
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, k := range info.Keys {
				k.add(b)
			}
		})
	})
}

func (o *Originator) add(b *cryptobyte.Builder) {
	if o.PublicKey == nil {
		o.ID.add(b)
		return
	}
	b.AddASN1(der.Explicit(1), func(b *cryptobyte.Builder) {
		o.Algorithm.Add(b)
		b.AddASN1BitString(o.PublicKey)
	})
}

func (k *RecipientKey) add(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if k.ID.KeyID == nil {
			k.ID.addIssuerSerial(b)
		} else {
			b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) { b.AddASN1OctetString(k.ID.KeyID) })
		}
		b.AddASN1OctetString(k.EncryptedKey)
	})
}
