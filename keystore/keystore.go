package keystore

import (
	"crypto"
	"encoding/asn1"
	"iter"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/pkix"
)

// Format is a kind of container. Its string is stable and is what the dstu command prints.
type Format string

// Formats of containers. FormatUnknown is the zero value.
const (
	FormatUnknown        Format = ""
	FormatKey6           Format = "key6-iit"        // Key-6.dat of IIT
	FormatPKCS12         Format = "pkcs12"          // PFX
	FormatPKCS8          Format = "pkcs8"           // PrivateKeyInfo, not encrypted
	FormatPKCS8Encrypted Format = "pkcs8-encrypted" // EncryptedPrivateKeyInfo
	FormatJKS            Format = "jks"             // Java key store
	FormatRaw            Format = "raw"             // bare 32-octet scalar
)

// Use says what a private key is for. It is a set.
type Use uint8

// Uses of a key.
const (
	UseSign  Use = 1 << iota // signatures
	UseAgree                 // key agreement: encryption and decryption of messages
)

// Strings returns the names of the uses: "sign", "agree".
func (u Use) Strings() []string {
	names := make([]string, 0, 2)
	if u&UseSign != 0 {
		names = append(names, "sign")
	}
	if u&UseAgree != 0 {
		names = append(names, "agree")
	}
	return names
}

// DefaultMaxIterations is the limit of [Options.MaxIterations] when that is zero.
const DefaultMaxIterations = 1_000_000

// Options tunes [Open]. The zero value and nil are the defaults.
type Options struct {
	// MaxIterations is the largest iteration count of one password derivation that will be
	// worked through; a container that asks for more is refused at once with a [*LimitError].
	// All derivations of one container together may take four times as many.
	// Zero means [DefaultMaxIterations].
	MaxIterations int

	// KeyPassword is the password of the keys of a JKS store where it differs from that of the
	// store. Empty means the password of the store.
	KeyPassword string
}

// Entry is a private key of a container. Printing an entry in any way, and its JSON, shows what
// is public of it and never the key.
//
// The methods of an entry are safe for concurrent use while nobody changes its fields.
type Entry struct {
	// Alias is the name the container gives to the key (PKCS#12 friendlyName, JKS alias), may be empty.
	Alias string

	// Algorithm is the algorithm of the key as the container writes it.
	Algorithm asn1.ObjectIdentifier

	// Key is *dstu4145.PrivateKey, *ecdsa.PrivateKey or *rsa.PrivateKey. It is nil, and Err says
	// why, where the key is of an algorithm or a curve that is not supported.
	Key crypto.Signer
	Err error

	// Use is what the key usage of its certificates says. Where no certificate is known, a key
	// from the IIT attribute of another key is for key agreement, and any other key for both.
	Use Use

	NamedCurve bool            // the curve was given by name, not by its numbers (DSTU 4145)
	SBox       *gost28147.SBox // the substitution table (ДКЕ) in the key parameters; nil if none

	// Chain holds the certificates of this key, the valid and most recently issued one first.
	// Certificates of authorities are in [Store.Certificates] only.
	Chain []*pkix.Certificate

	// LocalKeyID is the key identifier that the container states, nil if it states none.
	// KeyIDMismatch tells that it is not one of the key: some programs write placeholders.
	LocalKeyID    []byte
	KeyIDMismatch bool

	position Use // use by place in the container, for when no certificate is known
}

// KeyID returns the key identifier by the rule for certificates with GOST 34.311 (32 octets;
// DKE No. 1), for RSA and ECDSA keys that by SHA-1 (20 octets). It is nil if Key is nil.
func (e Entry) KeyID() []byte { return nil }

// KeyIDKupyna returns the key identifier by the rule with Kupyna-256 (32 octets), nil for a key
// that is not of DSTU 4145.
func (e Entry) KeyIDKupyna() []byte { return nil }

// PublicKeyWire returns the public key as a certificate writes it inside the OCTET STRING:
// the compressed point, least significant octet first. It is nil for a key that is not of DSTU 4145.
func (e Entry) PublicKeyWire() []byte { return nil }

// CurveBits returns the degree of the field of a DSTU 4145 key, the size of the field of an ECDSA
// key, and 0 for anything else.
func (e Entry) CurveBits() int { return 0 }

// Certificate returns the first certificate of Chain, nil if it is empty.
func (e Entry) Certificate() *pkix.Certificate {
	if len(e.Chain) == 0 {
		return nil
	}
	return e.Chain[0]
}

// Store is an opened container. It is safe for concurrent use, except for [Store.Match].
type Store struct {
	format   Format
	entries  []*Entry
	certs    []*pkix.Certificate
	warnings []error
}

// Format returns the format of the container.
func (s *Store) Format() Format { return s.format }

// Entries yields the private keys in the order of the container.
func (s *Store) Entries() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for _, e := range s.entries {
			if !yield(e) {
				return
			}
		}
	}
}

// Len returns the number of entries.
func (s *Store) Len() int { return len(s.entries) }

// Certificates returns every certificate of the container, in its order, and then those that
// [Store.Match] was given for its keys.
func (s *Store) Certificates() []*pkix.Certificate {
	return append([]*pkix.Certificate(nil), s.certs...)
}

// Warnings returns what was wrong with the container without making it unusable: certificates that
// cannot be read, key identifiers that do not fit, a MAC that cannot be checked, parts skipped.
func (s *Store) Warnings() []error { return append([]error(nil), s.warnings...) }
