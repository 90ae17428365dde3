package keystore

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/cp1251"
	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/pkix"
)

// DefaultIterations is the iteration count of [MarshalOptions] when it is zero; all Ukrainian
// software writes this one.
const DefaultIterations = 10_000

// MarshalOptions tunes [Marshal]. The zero value and nil are the defaults.
type MarshalOptions struct {
	Rand       io.Reader // salts and initialisation vectors; nil means crypto/rand
	Iterations int       // zero means [DefaultIterations]; [FormatKey6] has no choice
	// Kalyna chooses Kalyna and Kupyna for encryption and MAC in place of GOST 28147 and
	// GOST 34.311. Less software reads that. [FormatKey6] has no choice.
	Kalyna bool
}

// Marshal writes private keys as a container:
//
//   - [FormatKey6]: one key, or two of which the second is for key agreement; DSTU 4145 only;
//   - [FormatPKCS12]: any number of keys, with MAC and encryption by GOST 34.311 and GOST 28147, or
//     by Kupyna and Kalyna, and the certificates in an encrypted part of their own;
//   - [FormatPKCS8]: one key, or two as in Key-6.dat; the password is ignored;
//   - [FormatPKCS8Encrypted]: the same, encrypted by PBES2 with those algorithms.
//
// Of two keys, one with Use [UseAgree] alone goes second. certs are written by [FormatPKCS12] only,
// after the certificates of the keys and without repetition. An empty password is refused, and so is
// one that the format cannot express: Key-6.dat takes what is in windows-1251.
//
// The result is DER.
func Marshal(f Format, entries []*Entry, certs []*pkix.Certificate, password string, o *MarshalOptions) ([]byte, error) {
	w := &writer{random: rand.Reader, iterations: DefaultIterations, suite: pbe.GOST, password: password}
	if o != nil && o.Rand != nil {
		w.random = o.Rand
	}
	if o != nil && o.Iterations != 0 {
		w.iterations = o.Iterations
	}
	if o != nil && o.Kalyna {
		w.suite = pbe.Kalyna
	}
	if err := w.check(f, entries); err != nil {
		return nil, err
	}
	w.session = pbe.NewSession(w.iterations, 1)
	switch f {
	case FormatKey6:
		return w.key6(entries)
	case FormatPKCS12:
		return w.pkcs12(entries, certs)
	case FormatPKCS8:
		return privateKeyInfo(entries)
	case FormatPKCS8Encrypted:
		return w.encrypted(entries)
	}
	return nil, &UnsupportedError{f, "format for writing"}
}

// writer writes one container.
type writer struct {
	random     io.Reader
	iterations int
	suite      *pbe.Suite
	password   string
	session    *pbe.Session
	scheme     *pbe.PBES2 // of the part written last; nil: none yet
}

func (w *writer) check(f Format, entries []*Entry) error {
	switch {
	case len(entries) == 0:
		return ErrNoKey
	case w.iterations < 1 || w.iterations > DefaultMaxIterations:
		return &LimitError{"iterations", uint64(max(w.iterations, 0)), DefaultMaxIterations}
	case f != FormatPKCS8 && w.password == "":
		return errors.New("keystore: empty password")
	case !utf8.ValidString(w.password):
		return errors.New("keystore: the password is not UTF-8")
	case f != FormatPKCS12 && len(entries) > 2:
		return fmt.Errorf("keystore: %s holds two keys, not %d", f, len(entries))
	}
	for i, e := range entries {
		if e == nil || e.Key == nil {
			return fmt.Errorf("keystore: entry %d has no key", i)
		}
	}
	return nil
}

// key6 writes the classic Key-6.dat.
func (w *writer) key6(entries []*Entry) ([]byte, error) {
	password, ok := cp1251.Encode(w.password)
	if !ok {
		return nil, errors.New("keystore: the password has characters that windows-1251 lacks")
	}
	// IIT writes all numbers of the curve, little-endian, whatever the certificates do.
	var explicit []*Entry
	for _, e := range entries {
		if _, _, ok := e.params(); !ok {
			return nil, &UnsupportedError{FormatKey6, "key other than of DSTU 4145"}
		}
		c := *e
		c.NamedCurve, c.bigEndian, c.Algorithm = false, false, nil
		explicit = append(explicit, &c)
	}
	plain, err := iitPrivateKeyInfo(explicit)
	if err != nil {
		return nil, err
	}
	key := pbe.IITKey(password)
	block, err := gost28147.NewCipher(key, gost28147.DKE1())
	if err != nil {
		return nil, err
	}
	mac, err := gost28147.NewMAC(key, gost28147.DKE1())
	if err != nil {
		return nil, err
	}
	mac.Write(plain)
	size := len(plain)
	data := append(plain, make([]byte, -size&(key6Block-1))...)
	for b := data; len(b) > 0; b = b[key6Block:] {
		block.Encrypt(b, b)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidKey6)
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1OctetString(mac.Sum(nil))
				if len(data) > size {
					b.AddASN1OctetString(data[size:])
				}
			})
		})
		b.AddASN1OctetString(data[:size])
	})
	return b.Bytes()
}

// encrypted writes an EncryptedPrivateKeyInfo.
func (w *writer) encrypted(entries []*Entry) ([]byte, error) {
	plain, err := privateKeyInfo(entries)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	w.addEncrypted(&b, plain)
	return b.Bytes()
}

func (w *writer) passwords() pbe.Password { return passwords(w.password)[0] }

// addEncrypted writes an EncryptedPrivateKeyInfo of plain.
func (w *writer) addEncrypted(b *cryptobyte.Builder, plain []byte) {
	w.seal(b, plain, func(b *cryptobyte.Builder, scheme *pbe.PBES2, data []byte) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			scheme.AddAlgorithm(b)
			b.AddASN1OctetString(data)
		})
	})
}

// seal encrypts plain and has it written. All parts of a container share a key, so that it is derived
// once, and have initialisation vectors of their own.
func (w *writer) seal(b *cryptobyte.Builder, plain []byte, write func(*cryptobyte.Builder, *pbe.PBES2, []byte)) {
	var err error
	if w.scheme == nil {
		w.scheme, err = pbe.NewPBES2(w.random, w.suite, w.iterations)
	} else {
		w.scheme, err = w.scheme.Next(w.random)
	}
	if err != nil {
		b.SetError(fmt.Errorf("keystore: random: %w", err))
		return
	}
	data, err := w.scheme.Encrypt(w.session, w.passwords(), plain)
	if err != nil {
		b.SetError(err)
		return
	}
	write(b, w.scheme, data)
}

// order puts a key that is for key agreement only behind another.
func order(entries []*Entry) []*Entry {
	if len(entries) == 2 && entries[0].Use == UseAgree && entries[1].Use != UseAgree {
		entries = slices.Clone(entries)
		slices.Reverse(entries)
	}
	return entries
}
