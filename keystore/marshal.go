package keystore

import (
	"errors"
	"io"

	"github.com/ukrcrypto/dstu/pkix"
)

// DefaultIterations is the iteration count of [MarshalOptions] when it is zero; all Ukrainian
// software writes this one.
const DefaultIterations = 10_000

// MarshalOptions tunes [Marshal]. The zero value and nil are the defaults.
type MarshalOptions struct {
	Rand       io.Reader // nil means crypto/rand
	Iterations int       // zero means [DefaultIterations]; [FormatKey6] has no choice
}

// Marshal writes private keys as a container:
//
//   - [FormatKey6]: one key, or two of which the second is for key agreement; DSTU 4145 only;
//   - [FormatPKCS12]: any number of keys, with MAC and encryption by GOST 34.311 and GOST 28147,
//     and the certificates in an encrypted part of their own;
//   - [FormatPKCS8]: one key, or two as in Key-6.dat; the password is ignored;
//   - [FormatPKCS8Encrypted]: the same, encrypted by PBES2 with GOST 34.311 and GOST 28147.
//
// certs are written by [FormatPKCS12] only, after the certificates of the entries and without
// repetition. The result is DER.
func Marshal(f Format, entries []*Entry, certs []*pkix.Certificate, password string, o *MarshalOptions) ([]byte, error) {
	return nil, errors.ErrUnsupported
}
