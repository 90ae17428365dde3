package pkix

import (
	"encoding/asn1"
)

// Attribute is a type with a value in a name, or in subjectDirectoryAttributes.
type Attribute struct {
	Type  asn1.ObjectIdentifier // nil if an arc exceeds 2^31-1
	Value string                // text; "" if the value is no character string
	Raw   []byte                // the value, DER; not needed in templates
}

// Name is a distinguished name. The zero value is the empty name.
type Name struct {
	RDNs [][]Attribute // in the order of the encoding
}

// NewName returns a name of single attributes in the given order.
func NewName(attributes ...Attribute) Name { return Name{} }

// Get returns the first value of the type, "" if there is none.
func (n Name) Get(t asn1.ObjectIdentifier) string { return "" }

// CommonName returns the first CN.
func (n Name) CommonName() string { return "" }

// Organization returns the first O.
func (n Name) Organization() string { return "" }

// String returns the name as people read it.
func (n Name) String() string { return "" }

// ParseName reads a Name, DER.
func ParseName(der []byte) (Name, error) { return Name{}, ErrUnsupported }

// Marshal returns the DER of the name.
func (n Name) Marshal() ([]byte, error) { return nil, ErrUnsupported }
