package keystore

import (
	"errors"
	"fmt"
)

// Codes of the errors of IIT software that stand for failures of this package; user manuals name
// them by number. The errors of this package have a method IIT() int that returns one of them.
const (
	iitBadPrivateKey = 24 // wrong password or damaged key; IIT uses it for anything wrong with a container
	iitCertNotFound  = 51 // no certificate for the key
)

type sentinel struct{ text string }

func (e *sentinel) Error() string { return e.text }

// IIT returns the number of the error in IIT software.
func (e *sentinel) IIT() int { return iitBadPrivateKey }

// Errors of this package. Each has a method IIT() int, the number IIT software shows for it.
var (
	// ErrPassword is returned for a wrong password and for damaged contents alike.
	ErrPassword error = &sentinel{"keystore: wrong password or damaged container"}

	// ErrFormat is returned for data that is no container known here, or one that breaks the rules
	// of its format where this can be told without the password.
	ErrFormat error = &sentinel{"keystore: not a key container, or malformed"}

	// ErrNoKey is what [Store.Find] returns, wrapped in a [*NotFoundError], when no key fits, and
	// what [Open] returns for a container without private keys.
	ErrNoKey error = &sentinel{"keystore: no private key"}
)

// UnsupportedError tells that a container is of a known format but uses something that is not implemented.
type UnsupportedError struct {
	Format Format
	What   string // for example "encryption by password 1.2.840.113549.1.12.1.1"
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("keystore: %s: unsupported %s", e.Format, e.What)
}

// Unwrap returns [errors.ErrUnsupported].
func (e *UnsupportedError) Unwrap() error { return errors.ErrUnsupported }

// IIT returns the number of the error in IIT software.
func (e *UnsupportedError) IIT() int { return iitBadPrivateKey }

// LimitError tells that a container asks for more work than [Options] allow. Nothing of that work
// has been done.
type LimitError struct {
	What  string // for example "iterations"
	Value uint64 // asked for
	Max   uint64 // allowed
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("keystore: %s: %d exceeds the limit of %d", e.What, e.Value, e.Max)
}

// IIT returns the number of the error in IIT software.
func (e *LimitError) IIT() int { return iitBadPrivateKey }

// NotFoundError tells what is missing for a use of a key. It unwraps to [ErrNoKey].
type NotFoundError struct {
	Missing string // for example "key for key agreement: the certificate found is for digitalSignature only"
}

func (e *NotFoundError) Error() string { return "keystore: no " + e.Missing }

// Unwrap returns [ErrNoKey].
func (e *NotFoundError) Unwrap() error { return ErrNoKey }

// IIT returns the number of the error in IIT software.
func (e *NotFoundError) IIT() int { return iitCertNotFound }
