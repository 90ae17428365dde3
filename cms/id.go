package cms

import (
	"fmt"
	"math/big"

	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/pkix"
)

// CertificateID names a certificate by issuer and serial number or by key identifier, as
// SignerIdentifier, RecipientIdentifier and OriginatorIdentifierOrKey of RFC 5652 do. Either the
// issuer and the serial number are set, or SubjectKeyID.
type CertificateID struct {
	RawIssuer    []byte    // DER of the Name
	Issuer       pkix.Name // the same, parsed; zero if it cannot be
	SerialNumber *big.Int
	RawSerial    []byte // contents of the INTEGER
	SubjectKeyID []byte
}

// String returns the serial number in hexadecimal and the issuer's common name, or the key
// identifier.
func (id CertificateID) String() string {
	if id.SerialNumber == nil {
		return fmt.Sprintf("key id %x", id.SubjectKeyID)
	}
	return fmt.Sprintf("serial %x of %q", id.RawSerial, id.Issuer.CommonName())
}

func newCertificateID(id cmscore.ID) CertificateID {
	if id.KeyID != nil {
		return CertificateID{SubjectKeyID: id.KeyID}
	}
	out := CertificateID{RawIssuer: id.RawIssuer, RawSerial: id.Serial}
	out.SerialNumber = new(big.Int).SetBytes(id.Serial)
	if len(id.Serial) > 0 && id.Serial[0]&0x80 != 0 { // negative in two's complement
		out.SerialNumber.Sub(out.SerialNumber, new(big.Int).Lsh(big.NewInt(1), uint(8*len(id.Serial))))
	}
	out.Issuer, _ = pkix.ParseName(id.RawIssuer) // a name that does not parse matches nothing
	return out
}

// find returns the certificates that the identifier may mean.
func (id CertificateID) find(p *pkix.Pool) []*pkix.Certificate {
	switch {
	case id.SerialNumber == nil:
		return p.FindByKeyID(id.SubjectKeyID)
	case len(id.Issuer.RDNs) == 0:
		return nil
	}
	return p.FindByIssuerSerial(id.Issuer, id.RawSerial)
}

// idOf names a certificate by issuer and serial number.
func idOf(c *pkix.Certificate) cmscore.ID {
	return cmscore.ID{RawIssuer: c.RawIssuer, Serial: c.RawSerial}
}

// parseCertificates parses the certificates among CertificateChoices; the other kinds are left
// out.
func parseCertificates(raw [][]byte) *pkix.Bundle {
	const sequence = 0x30
	b := &pkix.Bundle{}
	for i, r := range raw {
		if len(r) == 0 || r[0] != sequence {
			continue
		}
		c, err := pkix.ParseCertificate(r)
		if err != nil {
			b.Failed = append(b.Failed, pkix.BundleError{Index: i, Err: err, Raw: r})
			continue
		}
		b.Certificates = append(b.Certificates, c)
	}
	return b
}
