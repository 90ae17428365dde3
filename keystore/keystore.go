package keystore

import (
	"fmt"
	"iter"
	"log/slog"
	"slices"

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
	// All derivations of one container together may take twice as many, counted for each block of
	// octets that they make, and twice where the password has two encodings to try (UTF-8 and
	// windows-1251, if it is not ASCII; two of the empty one).
	// Zero means [DefaultMaxIterations].
	MaxIterations int

	// KeyPassword returns the password of the keys of a JKS store where it differs from that of
	// the store. It is called at most once, and only for a JKS store with keys. Nil, and an empty
	// string from it, mean the password of the store. It is a function so that no way of printing
	// a structure that holds options shows the password.
	KeyPassword func() string `json:"-"`
}

// Format implements [fmt.Formatter]: whatever the verb, the password is not shown.
func (o Options) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "keystore.Options{MaxIterations:%d}", o.MaxIterations)
}

// Store is an opened container. It is safe for concurrent use, except for [Store.Match].
type Store struct {
	format   Format
	entries  []*Entry
	certs    []*pkix.Certificate
	warnings []error
}

// String shows the format and how much there is in the store, no secrets.
func (s *Store) String() string {
	return fmt.Sprintf("keystore.Store{%s, %d keys, %d certificates}", s.format, len(s.entries), len(s.certs))
}

// GoString is [Store.String].
func (s *Store) GoString() string { return s.String() }

// LogValue is [Store.String].
func (s *Store) LogValue() slog.Value { return slog.StringValue(s.String()) }

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
	return slices.Clone(s.certs)
}

// Warnings returns what was wrong with the container without making it unusable: certificates that
// cannot be read, key identifiers that do not fit, a MAC that cannot be checked, parts skipped.
func (s *Store) Warnings() []error { return slices.Clone(s.warnings) }
