package pkix

import (
	"bytes"
	"fmt"
	"math/big"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
)

// wrapParse gives a fault of an encoding the prefix of this package.
func wrapParse(err error) error { return fmt.Errorf("pkix: %w", err) }

// ParseCertificate reads one certificate, strict DER with nothing behind it. data is copied.
//
// A public key that cannot be used does not fail the certificate, see [Certificate].
func ParseCertificate(data []byte) (*Certificate, error) {
	data = bytes.Clone(data)
	c := &Certificate{Raw: data, MaxPathLen: -1}
	root := der.New(data, "certificate")
	outer := root.Sequence("")
	c.RawTBS = outer.Rest()
	c.readTBS(outer.Sequence("tbsCertificate"))
	c.RawTBS = c.RawTBS[:len(c.RawTBS)-len(outer.Rest())]
	inner := c.signatureAlgorithm
	c.readSignature(outer)
	if outer.Err() == nil && !c.sameAlgorithm(inner) {
		outer.Failf("signatureAlgorithm", "differs from the one inside tbsCertificate")
	}
	_ = outer.End()
	if err := root.End(); err != nil {
		return nil, wrapParse(err)
	}
	return c, nil
}

// sameAlgorithm compares the inner AlgorithmIdentifier with the outer one, which need not be
// signed. Tolerated: other parameters under the same DSTU 4145 OID, where they mean nothing (a
// self-signed certificate made with cryptonite).
func (c *Certificate) sameAlgorithm(inner []byte) bool {
	if bytes.Equal(inner, c.signatureAlgorithm) {
		return true
	}
	r := der.New(c.signatureAlgorithm, "signatureAlgorithm")
	oid := r.Sequence("").OID("algorithm")
	s, ok := alg.SignatureByOID(oid)
	return ok && s.Scheme == alg.SchemeDSTU4145 && oid.Equal(c.SignatureOID)
}

// readSignature reads the outer signatureAlgorithm and signatureValue.
func (c *Certificate) readSignature(r *der.Reader) {
	c.signatureAlgorithm = r.Element("signatureAlgorithm", cbasn1.SEQUENCE)
	c.Signature = r.BitOctets("signatureValue")
}

func (c *Certificate) readTBS(r *der.Reader) {
	version := 1
	if v, ok := r.Optional("version", der.Explicit(0)); ok {
		// DER leaves version 1 out
		if version = 1 + v.Int("", 2); version == 1 {
			v.Failf("", "default value written")
		}
		_ = v.End()
	}
	c.RawSerial = r.Integer("serialNumber")
	c.SerialNumber = signed(c.RawSerial)

	start := r.Offset()
	id := r.Rest()
	sig := r.Sequence("signature")
	c.SignatureOID = sig.OID("algorithm")
	if !sig.Empty() {
		sig.Any("parameters")
	}
	_ = sig.End()
	if r.Err() != nil {
		return
	}
	c.signatureAlgorithm = id[:r.Offset()-start]

	c.Issuer = readName(r, "issuer")
	validity := r.Sequence("validity")
	c.NotBefore = validity.Time("notBefore")
	c.NotAfter = validity.Time("notAfter")
	_ = validity.End()
	c.Subject = readName(r, "subject")
	c.RawIssuer, c.RawSubject = c.Issuer.raw, c.Subject.raw

	k := readSPKI(r, "subjectPublicKeyInfo")
	c.RawSPKI = k.rawSPKI
	c.PublicKey, c.PublicKeyError, c.PublicKeyOID, c.RawPublicKey = k.Key, k.err, k.AlgorithmOID, k.Raw
	c.Curve, c.SBox, c.NamedCurve, c.BigEndian = k.Curve, k.SBox, k.NamedCurve, k.BigEndian

	if version >= 2 {
		for _, id := range []uint8{1, 2} { // issuerUniqueID, subjectUniqueID
			if r.Peek(der.Context(id)) {
				r.BitStringTag("uniqueID", der.Context(id))
			}
		}
	}
	if version == 3 {
		if e, ok := r.Optional("extensions", der.Explicit(3)); ok {
			c.Extensions = readExtensions(e)
			_ = e.End()
			c.parseExtensions(e)
		}
	}
	_ = r.End()
}

// signed turns the contents of an INTEGER into a number.
func signed(contents []byte) *big.Int {
	n := new(big.Int).SetBytes(contents)
	if len(contents) > 0 && contents[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(contents))))
	}
	return n
}
