package keystore

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cp1251"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/pkix"
)

// Limits of what a container may hold, far above what any does.
const (
	maxKeys         = 256
	maxCertificates = 4096
	maxWarnings     = 64
)

// opener reads one container into a store.
type opener struct {
	store    *Store
	session  *pbe.Session
	password string
	keyPass  func() string  // of the keys of a JKS store
	slots    []pbe.Password // of PBES2 and PKCS#12, in the order to try
	iitKey   []byte         // of Key-6.dat, once derived
	certs    int            // seen so far
	locked   bool           // a part under a right MAC could not be decrypted
	opened   bool           // slots[0] has opened something: the others are not tried any more
}

// Open reads a container. The password is UTF-8; each format derives the octets it needs from it.
// It is ignored where nothing is encrypted. data is not kept.
//
// The errors are [ErrPassword], [ErrFormat], [ErrNoKey], [*UnsupportedError] and [*LimitError],
// some of them wrapped with more detail. A key that cannot be used beside others that can is not
// an error: see [Entry.Err].
func Open(data []byte, password string, o *Options) (*Store, error) {
	if o == nil {
		o = new(Options)
	}
	limit := o.MaxIterations
	if limit == 0 {
		limit = DefaultMaxIterations
	}
	c := unwrap(data)
	slots := passwords(password)
	op := &opener{
		store:    &Store{format: c.format},
		session:  pbe.NewSession(limit, len(slots)),
		password: password,
		keyPass: sync.OnceValue(func() string {
			if o.KeyPassword != nil {
				if p := o.KeyPassword(); p != "" {
					return p
				}
			}
			return password
		}),
		slots: slots,
	}
	if err := op.admit(c.blobs); err != nil {
		return nil, op.translate(err)
	}
	for _, blob := range c.blobs {
		if err := op.read(blob); err != nil {
			return nil, op.translate(err)
		}
	}
	for _, cert := range c.certs {
		if err := op.certificate(cert); err != nil {
			return nil, err
		}
	}
	return op.finish()
}

// admit refuses encrypted keys that ask for too much together before work is done for the first.
// Any other fault is left to be found when the key is read.
func (op *opener) admit(blobs [][]byte) error {
	if op.store.format != FormatPKCS8Encrypted {
		return nil
	}
	for _, blob := range blobs {
		scheme, _, err := parseEncrypted(der.New(blob, ""))
		if err != nil {
			continue
		}
		if err := scheme.Admit(op.session); err != nil {
			return err
		}
	}
	return nil
}

func (op *opener) read(blob []byte) error {
	if err := op.whole(blob); err != nil {
		return err
	}
	switch op.store.format {
	case FormatKey6:
		return op.key6(blob)
	case FormatPKCS12:
		return op.pkcs12(blob)
	case FormatPKCS8:
		return op.privateKey(blob, source{})
	case FormatPKCS8Encrypted:
		return op.encryptedPrivateKey(blob)
	case FormatJKS:
		return op.jks(blob)
	case FormatRaw:
		return op.raw(blob)
	}
	return ErrFormat
}

// whole tells a container of which the end is missing, as in an interrupted copy, by its outer length.
func (op *opener) whole(blob []byte) error {
	if op.store.format == FormatJKS || op.store.format == FormatRaw {
		return nil // no ASN.1
	}
	if _, _, err := ber.ReadElement(blob); errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: cut short: more than the %d octets given belong to it", ErrFormat, len(blob))
	}
	return nil
}

// passwords returns what PBES2 and PKCS#12 take for the password: UTF-8, and, if that is something
// else, windows-1251. The empty one has two zero octets at its end, or, in Bouncy Castle, nothing.
func passwords(password string) []pbe.Password {
	bmp := pbe.BMPString(password)
	slots := []pbe.Password{{Octets: []byte(password), BMP: bmp}}
	if password == "" {
		return append(slots, pbe.Password{Slot: 1})
	}
	if b, ok := cp1251.Encode(password); ok && len(b) != len(password) {
		slots = append(slots, pbe.Password{Octets: b, BMP: bmp, Slot: 1})
	}
	return slots
}

// decrypt decrypts data and hands the plaintext to use, which tells whether it makes sense. The
// first encoding of the password that makes sense stays for the rest of the container.
func (op *opener) decrypt(s *pbe.Scheme, data []byte, use func(plain []byte) error) error {
	for i, p := range op.slots {
		plain, err := s.Decrypt(op.session, p, data)
		if err == nil {
			err = use(plain)
		}
		if err == nil {
			if !op.opened {
				op.slots, op.opened = op.slots[i:i+1], true
			}
			return nil
		}
		if !errors.Is(err, ErrPassword) && !errors.Is(err, pbe.ErrDecrypt) {
			return err
		}
	}
	return ErrPassword
}

// translate turns errors of the layers below into those of this package.
func (op *opener) translate(err error) error {
	var (
		unsupported *pbe.UnsupportedError
		limit       *pbe.LimitError
	)
	switch {
	case errors.As(err, &unsupported):
		return &UnsupportedError{op.store.format, unsupported.What}
	case errors.As(err, &limit):
		return &LimitError{limit.What, limit.Value, limit.Max}
	case errors.Is(err, pbe.ErrDecrypt):
		return ErrPassword
	}
	return err
}

// malformed wraps a fault of the encoding that shows without the password.
func malformed(err error) error { return fmt.Errorf("%w: %v", ErrFormat, err) }

func (op *opener) warn(err error) {
	switch n := len(op.store.warnings); {
	case n < maxWarnings:
		op.store.warnings = append(op.store.warnings, err)
	case n == maxWarnings:
		op.store.warnings = append(op.store.warnings, errors.New("keystore: more warnings are not listed"))
	}
}

func (op *opener) add(e *Entry) error {
	if len(op.store.entries) == maxKeys {
		return &LimitError{"private keys", maxKeys + 1, maxKeys}
	}
	e.LocalKeyID = slices.Clone(e.LocalKeyID) // it still lies in the container
	if e.mismatch() {
		e.KeyIDMismatch = true
		op.warn(fmt.Errorf("keystore: key %d: the key identifier in the container is not that of the key", len(op.store.entries)))
	}
	op.store.entries = append(op.store.entries, e)
	return nil
}

// keep adds an entry for a key that cannot be read, unless there is no fault, or one of the whole
// container.
func (op *opener) keep(err error, alias string, localKeyID []byte) error {
	var (
		limit *LimitError
		work  *pbe.LimitError
	)
	if err == nil || errors.As(err, &limit) || errors.As(err, &work) {
		return err
	}
	return op.add(&Entry{Alias: alias, LocalKeyID: localKeyID, position: UseSign | UseAgree, Err: err})
}

// certificate adds a certificate of the container. One that cannot be read is a warning.
func (op *opener) certificate(der []byte) error {
	if op.certs++; op.certs > maxCertificates { // broken ones count: each takes work
		return &LimitError{"certificates", maxCertificates + 1, maxCertificates}
	}
	c, err := pkix.ParseCertificate(slices.Clone(der))
	if err != nil {
		op.warn(fmt.Errorf("keystore: a certificate cannot be read: %w", err))
		return nil
	}
	op.store.certs = append(op.store.certs, c)
	return nil
}

// raw reads a bare scalar: 32 octets, least significant first, of the 257-bit curve.
func (op *opener) raw(blob []byte) error {
	d := slices.Clone(blob)
	slices.Reverse(d)
	key, err := dstu4145.M257PB().ReducePrivateKey(d)
	if err != nil {
		return malformed(err)
	}
	return op.add(&Entry{Key: key, Algorithm: slices.Clone(alg.OIDDSTU4145LE), NamedCurve: true, position: UseSign | UseAgree})
}

// finish closes the store. Without a single usable key the reason for that is the error.
func (op *opener) finish() (*Store, error) {
	s := op.store
	var reason error = ErrNoKey
	switch {
	case s.format == FormatUnknown:
		reason = ErrFormat
	case op.locked:
		reason = ErrPassword
	}
	usable := false
	for _, e := range slices.Backward(s.entries) {
		usable = usable || e.Key != nil
		if e.Err != nil {
			reason = e.Err
		}
	}
	if !usable {
		return nil, reason
	}
	s.attach(s.certs)
	return s, nil
}
