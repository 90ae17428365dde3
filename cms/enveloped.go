package cms

import (
	"encoding/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/pkix"
)

// EnvelopedData is the structure of an encrypted message. Its octets are shared with the message
// it was parsed from.
type EnvelopedData struct {
	Version          int
	ContentType      asn1.ObjectIdentifier
	ContentAlgorithm asn1.ObjectIdentifier
	Certificates     *pkix.Bundle // of originatorInfo
	Recipients       []RecipientInfo
	EncryptedContent []byte // nil if it is not in the message
}

// OriginatorKind says how an envelope gives the originator's public key.
type OriginatorKind string

// Kinds of originator.
const (
	OriginatorIssuerSerial OriginatorKind = "issuer_serial" // by a certificate
	OriginatorKeyID        OriginatorKind = "key_id"        // by the key identifier of a certificate
	OriginatorEphemeral    OriginatorKind = "ephemeral"     // the key itself, made for this message
)

// RecipientInfo is one recipient of an envelope. Fields that its kind does not have are zero;
// of a recipient that is neither by key agreement nor by key transport all are.
type RecipientInfo struct {
	ID           CertificateID
	Originator   OriginatorKind        // "" without key agreement
	OriginatorID CertificateID         // unless ephemeral
	KeyAgreement asn1.ObjectIdentifier // or key transport
	Wrap         asn1.ObjectIdentifier // of a key agreement
	UKM          []byte                // user keying material; nil if absent
	EncryptedKey []byte
}

// ParseEnveloped parses an EnvelopedData message, with or without ContentInfo. Recipients that
// share one key agreement are listed one by one. Errors are [*FormatError] and
// [*ContentTypeError].
func ParseEnveloped(p7e []byte) (*EnvelopedData, error) {
	msg, err := cmscore.ReadEnvelopedData(ber.NewBytesReader(p7e))
	if err != nil {
		return nil, err
	}
	e := &EnvelopedData{
		Version:          msg.Version,
		ContentType:      msg.ContentType,
		ContentAlgorithm: msg.ContentCipher.OID,
		Certificates:     parseCertificates(msg.Certificates),
	}
	if msg.Content != nil {
		if e.EncryptedContent, err = readAll(msg.Content, len(p7e)); err != nil {
			return nil, &FormatError{What: "encryptedContent", Err: err}
		}
	}
	if err := msg.Finish(); err != nil {
		return nil, err
	}
	for _, info := range msg.Recipients {
		e.Recipients = append(e.Recipients, newRecipientInfos(info)...)
	}
	return e, nil
}

func newRecipientInfos(info cmscore.RecipientInfo) []RecipientInfo {
	common := RecipientInfo{KeyAgreement: info.Algorithm.OID, Wrap: info.Wrap.OID, UKM: info.UKM}
	switch {
	case info.Kind != cmscore.KeyAgree:
	case info.Originator.PublicKey != nil:
		common.Originator = OriginatorEphemeral
	default:
		common.OriginatorID = newCertificateID(info.Originator.ID)
		common.Originator = OriginatorIssuerSerial
		if info.Originator.ID.KeyID != nil {
			common.Originator = OriginatorKeyID
		}
	}
	if info.Kind == cmscore.OtherKind {
		return []RecipientInfo{common}
	}
	var list []RecipientInfo
	for _, k := range info.Keys {
		r := common
		r.ID, r.EncryptedKey = newCertificateID(k.ID), k.EncryptedKey
		list = append(list, r)
	}
	return list
}
