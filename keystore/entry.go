package keystore

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"log/slog"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/kupyna"
	"github.com/ukrcrypto/dstu/pkix"
)

// Entry is a private key of a container. Printing an entry in any way, and its JSON, shows what
// is public of it and never the key.
//
// The methods of an entry are safe for concurrent use while nobody changes its fields and nobody
// calls [Store.Match].
type Entry struct {
	// Alias is the name the container gives to the key (PKCS#12 friendlyName, JKS alias), may be empty.
	Alias string

	// Algorithm is the algorithm of the key as the container writes it.
	Algorithm asn1.ObjectIdentifier

	// Key is *dstu4145.PrivateKey, *ecdsa.PrivateKey or *rsa.PrivateKey. A type
	// assertion makes the first a [dstu4145.KeyExchanger], which decryption takes. Key is nil, and Err
	// says why, where the key is of an algorithm or a curve that is not supported, or cannot be read
	// in a container that is otherwise right: it may have a password of its own.
	Key crypto.Signer
	Err error

	// Use is what the key usage of its certificates says. Where no certificate is known, a key
	// from the IIT attribute of another key is for key agreement, and any other key for both.
	Use Use

	NamedCurve bool            // the curve was given by name, not by its numbers (DSTU 4145)
	SBox       *gost28147.SBox // the substitution table (ДКЕ) in the key parameters; nil if none

	// Chain begins with the best certificate of this key (valid now, issued last) and goes on with
	// those of its issuers, as far as they are known. It is empty if no certificate is known.
	// [Entry.Certificates] has all of the key.
	Chain []*pkix.Certificate

	// LocalKeyID is the key identifier that the container states, nil if it states none.
	// KeyIDMismatch tells that it has the length of one of DSTU 4145 keys and is not one of this key:
	// some programs write placeholders. Identifiers of another length follow rules of their writers.
	LocalKeyID    []byte
	KeyIDMismatch bool

	position  Use  // use by place in the container, for when no certificate is known
	bigEndian bool // octet strings of the key are big-endian, as an algorithm of its own says
	certs     []*pkix.Certificate
}

// params returns how the public key is written, ok is false unless it is one of DSTU 4145.
func (e Entry) params() (p alg.KeyParams, pub *dstu4145.PublicKey, ok bool) {
	if e.Key == nil {
		return p, nil, false
	}
	pub, ok = e.Key.Public().(*dstu4145.PublicKey)
	if !ok {
		return p, nil, false
	}
	s, _ := alg.SignatureByOID(e.Algorithm)
	big := e.bigEndian || s.BigEndian
	return alg.KeyParams{Curve: pub.Curve(), Named: e.NamedCurve, BigEndian: big, SBox: e.SBox}, pub, true
}

// PublicKeyWire returns the public key as a certificate writes it inside the OCTET STRING: the
// compressed point, least significant octet first unless Algorithm is the big-endian one. It is
// nil for a key that is not of DSTU 4145.
func (e Entry) PublicKeyWire() []byte {
	p, pub, ok := e.params()
	if !ok {
		return nil
	}
	return p.EncodePoint(pub)
}

// KeyID returns the key identifier by the rule for certificates with GOST 34.311 (32 octets; the
// substitution table of the key, or else DKE No. 1), for RSA and ECDSA keys that by SHA-1 (20
// octets). It is nil if Key is nil.
func (e Entry) KeyID() []byte {
	if e.Key == nil {
		return nil
	}
	if p, _, ok := e.params(); ok {
		return e.identifier(gost34311.NewSBox(p.HashSBox()))
	}
	der, err := x509.MarshalPKIXPublicKey(e.Key.Public())
	if err != nil {
		return nil
	}
	var spki, bits cryptobyte.String
	var unused uint8
	s := cryptobyte.String(der)
	if !s.ReadASN1(&spki, cbasn1.SEQUENCE) || !spki.SkipASN1(cbasn1.SEQUENCE) ||
		!spki.ReadASN1(&bits, cbasn1.BIT_STRING) || !bits.ReadUint8(&unused) {
		return nil
	}
	sum := sha1.Sum(bits)
	return sum[:]
}

// KeyIDKupyna returns the key identifier by the rule with Kupyna-256 (32 octets), nil for a key
// that is not of DSTU 4145.
func (e Entry) KeyIDKupyna() []byte { return e.identifier(kupyna.New256()) }

// identifier hashes the OCTET STRING of the public key.
func (e Entry) identifier(h hash.Hash) []byte {
	wire := e.PublicKeyWire()
	if wire == nil {
		return nil
	}
	var b cryptobyte.Builder
	b.AddASN1OctetString(wire)
	h.Write(b.BytesOrPanic())
	return h.Sum(nil)
}

// mismatch reports whether the container states a key identifier that is none of the key by any of
// the rules. There is no rule for keys that are not of DSTU 4145, nor for another length.
func (e Entry) mismatch() bool {
	if _, _, ok := e.params(); !ok || len(e.LocalKeyID) != keyIDSize {
		return false
	}
	return !bytes.Equal(e.LocalKeyID, e.KeyID()) && !bytes.Equal(e.LocalKeyID, e.KeyIDKupyna()) &&
		!bytes.Equal(e.LocalKeyID, e.identifier(gost34311.New()))
}

// CurveBits returns the degree of the field of a DSTU 4145 key, the size of the field of an ECDSA
// key, and 0 for anything else.
func (e Entry) CurveBits() int {
	if e.Key == nil {
		return 0
	}
	switch pub := e.Key.Public().(type) {
	case *dstu4145.PublicKey:
		return pub.Curve().FieldBits()
	case *ecdsa.PublicKey:
		return pub.Curve.Params().BitSize
	}
	return 0
}

// Certificate returns the best certificate of the key, nil if none is known.
func (e Entry) Certificate() *pkix.Certificate {
	if len(e.Chain) == 0 {
		return nil
	}
	return e.Chain[0]
}

// Certificates returns the certificates of the key, the best first.
func (e Entry) Certificates() []*pkix.Certificate {
	if e.certs == nil && len(e.Chain) > 0 {
		return e.Chain[:1:1] // an entry not made by Open
	}
	return append([]*pkix.Certificate(nil), e.certs...)
}

// CertificateFor returns the best certificate of the key whose key usage has every bit of u, or
// which has no key usage. It is nil if there is none. u zero asks for any certificate.
func (e Entry) CertificateFor(u pkix.KeyUsage) *pkix.Certificate {
	for _, c := range e.Certificates() {
		if c.KeyUsage == 0 || c.KeyUsage&u == u {
			return c
		}
	}
	return nil
}

// summary is what of an entry may be shown.
type summary struct {
	Alias     string   `json:"alias,omitempty"`
	Algorithm string   `json:"algorithm"`
	CurveBits int      `json:"curve_m,omitempty"`
	Use       []string `json:"use"`
	KeyID     string   `json:"key_id_hex,omitempty"`
	Err       string   `json:"error,omitempty"`
}

func (e Entry) summary() summary {
	s := summary{e.Alias, e.Algorithm.String(), e.CurveBits(), e.Use.Strings(), hex.EncodeToString(e.KeyID()), ""}
	if e.Err != nil {
		s.Err = e.Err.Error()
	}
	return s
}

// Format implements [fmt.Formatter]: whatever the verb, it writes [Entry.String].
func (e Entry) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.String()) }

// String shows algorithm, use and key identifier, never the key.
func (e Entry) String() string { return fmt.Sprintf("keystore.Entry%+v", e.summary()) }

// MarshalJSON writes what [Entry.String] shows.
func (e Entry) MarshalJSON() ([]byte, error) { return json.Marshal(e.summary()) }

// LogValue shows what [Entry.String] shows.
func (e Entry) LogValue() slog.Value { return slog.StringValue(e.String()) }
