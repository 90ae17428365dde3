package pkix

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"time"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
)

// Certificate is an X.509 certificate. One that came from [ParseCertificate] must not be
// modified; its byte slices share the memory of Raw. It is then safe for concurrent use.
//
// A Certificate made by hand is a template for [CreateCertificate] and
// [CreateCertificateRequest]; the fields they use are named there.
type Certificate struct {
	Raw        []byte // the whole certificate, DER
	RawTBS     []byte // what is signed
	RawIssuer  []byte
	RawSubject []byte
	RawSPKI    []byte // SubjectPublicKeyInfo

	SerialNumber        *big.Int
	RawSerial           []byte // contents of the INTEGER
	Issuer, Subject     Name
	NotBefore, NotAfter time.Time

	// PublicKey is a *dstu4145.PublicKey, *ecdsa.PublicKey or *rsa.PublicKey. It is nil if the
	// key cannot be used; PublicKeyError then says why and unwraps to [ErrUnsupported] or
	// [ErrPublicKey].
	PublicKey      crypto.PublicKey
	PublicKeyError error
	PublicKeyOID   asn1.ObjectIdentifier
	// RawPublicKey is the key as the certificate writes it. DSTU: the octets inside the OCTET
	// STRING, in the byte order of PublicKeyOID. Else the contents of the BIT STRING.
	RawPublicKey []byte
	Curve        *dstu4145.Curve // DSTU; known even if the point is bad
	SBox         *gost28147.SBox // DSTU: the DKE of the key's parameters; nil: none written
	NamedCurve   bool            // DSTU: the curve is given by its identifier, not by its numbers
	BigEndian    bool            // DSTU: octet strings of the key are big-endian

	SignatureOID asn1.ObjectIdentifier
	Signature    []byte // contents of the BIT STRING

	Extensions            []Extension
	KeyUsage              KeyUsage
	HasKeyUsage           bool // the extension is present
	ExtKeyUsage           []asn1.ObjectIdentifier
	BasicConstraintsValid bool // the extension is present
	IsCA                  bool
	// MaxPathLen is -1 for no limit. In a template 0 means no limit too, unless MaxPathLenZero
	// is set, as in crypto/x509.
	MaxPathLen     int
	MaxPathLenZero bool
	// The next three are nil, too, if the extension cannot be read.
	SubjectKeyID        []byte
	AuthorityKeyID      []byte
	DirectoryAttributes []Attribute // of subjectDirectoryAttributes

	signatureAlgorithm []byte // the outer AlgorithmIdentifier
}

// Extension is one extension of a certificate or a request.
type Extension struct {
	ID       asn1.ObjectIdentifier // nil if an arc exceeds 2^31-1 or arcs are more than 128, see RawID
	RawID    []byte                // content octets of the identifier
	Critical bool
	Value    []byte // contents of extnValue

	offset int // of Value, for faults
}

// Equal reports whether two certificates are the same octets. Nil equals only nil.
func (c *Certificate) Equal(o *Certificate) bool {
	if c == nil || o == nil {
		return c == o
	}
	return bytes.Equal(c.Raw, o.Raw)
}

// SHA256 returns the digest of the whole certificate, its usual name outside.
func (c *Certificate) SHA256() [32]byte { return sha256.Sum256(c.Raw) }

// Extension returns the first extension with the identifier.
func (c *Certificate) Extension(id asn1.ObjectIdentifier) (Extension, bool) {
	for _, e := range c.Extensions {
		if e.ID.Equal(id) {
			return e, true
		}
	}
	return Extension{}, false
}

// EDRPOU returns the code of the legal person (код ЄДРПОУ) in subjectDirectoryAttributes, or "" if
// there is none. Names may have it, too, as "NTRUA-…" in organizationIdentifier.
func (c *Certificate) EDRPOU() string { return c.directoryAttribute(oidEDRPOU) }

// DRFO returns the tax number of the natural person (РНОКПП, код ДРФО) in subjectDirectoryAttributes,
// or "" if there is none. Names may have it, too, as "TINUA-…" in serialNumber.
func (c *Certificate) DRFO() string { return c.directoryAttribute(oidDRFO) }

// UNZR returns the number in the demographic register (УНЗР) in subjectDirectoryAttributes, or "" if
// there is none.
func (c *Certificate) UNZR() string { return c.directoryAttribute(oidUNZR) }

func (c *Certificate) directoryAttribute(id asn1.ObjectIdentifier) string {
	for _, a := range c.DirectoryAttributes {
		if a.Type.Equal(id) && a.Value != "" {
			return a.Value
		}
	}
	return ""
}
