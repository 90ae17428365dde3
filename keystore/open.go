package keystore

import (
	"errors"

	"github.com/ukrcrypto/dstu/pkix"
)

// Detect tells the format of a container by its structure, [FormatUnknown] if it is none.
// PEM, Base64 and the prefix of M.E.Doc are seen through. It does not need the password, and the
// container may still turn out to be malformed.
func Detect(data []byte) Format { return FormatUnknown }

// Open reads a container. The password is UTF-8; each format derives the octets it needs from it.
// It is ignored where nothing is encrypted. data is not kept.
//
// The errors are [ErrPassword], [ErrFormat], [ErrNoKey], [*UnsupportedError] and [*LimitError],
// some of them wrapped with more detail. A key of an unsupported algorithm beside others is not an
// error: see [Entry.Err].
func Open(data []byte, password string, o *Options) (*Store, error) {
	return nil, errors.ErrUnsupported
}

// Find returns the first key that may be used for every bit of u: those of its certificate, if
// one is known, otherwise those that go with [Entry.Use]. The error is a [*NotFoundError] that says
// what is missing.
func (s *Store) Find(u pkix.KeyUsage) (*Entry, error) { return nil, errors.ErrUnsupported }

// Match attaches certificates to the keys they belong to and returns how many belong to any.
// It compares public keys. The others are ignored.
func (s *Store) Match(certs ...*pkix.Certificate) int { return 0 }
