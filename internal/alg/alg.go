// Package alg maps the object identifiers of algorithms to their implementations. It is the
// only place of the module that decides by an algorithm's identifier, and the only place where
// the byte order of the wire is chosen: primitives below speak big-endian, formats above hold
// what the identifier asks for.
package alg

import (
	"encoding/asn1"
	"errors"
	"fmt"
)

// ErrUnsupported is what every [*UnsupportedError] wraps. It wraps [errors.ErrUnsupported].
var ErrUnsupported = fmt.Errorf("alg: algorithm not supported: %w", errors.ErrUnsupported)

// ErrParams means that the parameters of a known algorithm are malformed.
var ErrParams = errors.New("alg: invalid algorithm parameters")

// UnsupportedError names an algorithm, a curve or parameters that the library does not have.
type UnsupportedError struct {
	What string                // "signature algorithm", "curve", …
	OID  asn1.ObjectIdentifier // may be nil
}

// Error returns what is not supported.
func (e *UnsupportedError) Error() string {
	if e.OID == nil {
		return "alg: unsupported " + e.What
	}
	return fmt.Sprintf("alg: unsupported %s %v", e.What, e.OID)
}

// Unwrap returns [ErrUnsupported].
func (e *UnsupportedError) Unwrap() error { return ErrUnsupported }

func unsupported(what string, oid asn1.ObjectIdentifier) error {
	return &UnsupportedError{What: what, OID: oid}
}
