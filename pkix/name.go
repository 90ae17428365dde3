package pkix

import (
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"strings"
	"unicode"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/der"
)

// Types of attributes in names.
var (
	OIDCommonName             = asn1.ObjectIdentifier{2, 5, 4, 3}
	OIDSurname                = asn1.ObjectIdentifier{2, 5, 4, 4}
	OIDSerialNumber           = asn1.ObjectIdentifier{2, 5, 4, 5}
	OIDCountry                = asn1.ObjectIdentifier{2, 5, 4, 6}
	OIDLocality               = asn1.ObjectIdentifier{2, 5, 4, 7}
	OIDStateOrProvince        = asn1.ObjectIdentifier{2, 5, 4, 8}
	OIDStreet                 = asn1.ObjectIdentifier{2, 5, 4, 9}
	OIDOrganization           = asn1.ObjectIdentifier{2, 5, 4, 10}
	OIDOrganizationalUnit     = asn1.ObjectIdentifier{2, 5, 4, 11}
	OIDTitle                  = asn1.ObjectIdentifier{2, 5, 4, 12}
	OIDDescription            = asn1.ObjectIdentifier{2, 5, 4, 13}
	OIDPostalCode             = asn1.ObjectIdentifier{2, 5, 4, 17}
	OIDGivenName              = asn1.ObjectIdentifier{2, 5, 4, 42}
	OIDOrganizationIdentifier = asn1.ObjectIdentifier{2, 5, 4, 97}
	OIDEmailAddress           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
	OIDDomainComponent        = asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 25}
)

// attributeNames are the short names used by [Name.String].
var attributeNames = []struct {
	oid  asn1.ObjectIdentifier
	name string
}{
	{OIDCommonName, "CN"}, {OIDSurname, "SN"}, {OIDSerialNumber, "serialNumber"}, {OIDCountry, "C"},
	{OIDLocality, "L"}, {OIDStateOrProvince, "ST"}, {OIDStreet, "street"}, {OIDOrganization, "O"},
	{OIDOrganizationalUnit, "OU"}, {OIDTitle, "T"}, {OIDDescription, "description"},
	{OIDPostalCode, "postalCode"}, {OIDGivenName, "GN"},
	{OIDOrganizationIdentifier, "organizationIdentifier"}, {OIDEmailAddress, "E"}, {OIDDomainComponent, "DC"},
}

// Attribute is a type with a value, in a name or in subjectDirectoryAttributes.
type Attribute struct {
	Type  asn1.ObjectIdentifier // nil if an arc exceeds 2^31-1 or arcs are more than 128
	Value string                // text; "" if the value is no character string that can be read
	Raw   []byte                // the value, DER. Ignored when writing

	rawType []byte
}

// TypeName returns the short name of the type, "CN" for example, or its dotted identifier.
func (a Attribute) TypeName() string {
	for _, n := range attributeNames {
		if n.oid.Equal(a.Type) {
			return n.name
		}
	}
	if a.Type == nil {
		return der.FormatOID(a.rawType)
	}
	return a.Type.String()
}

// Name is a distinguished name. The zero value is the empty name. A Name must not be modified
// once it is in use.
type Name struct {
	RDNs [][]Attribute // in the order of the encoding

	raw []byte // of a parsed name
}

// NewName returns a name of single attributes in the given order.
func NewName(attributes ...Attribute) Name {
	var n Name
	for _, a := range attributes {
		n.RDNs = append(n.RDNs, []Attribute{{Type: a.Type, Value: a.Value}})
	}
	return n
}

// Attributes returns all attributes in the order of the encoding.
func (n Name) Attributes() []Attribute {
	var all []Attribute
	for _, rdn := range n.RDNs {
		all = append(all, rdn...)
	}
	return all
}

// Get returns the first value of the type, "" if there is none.
func (n Name) Get(t asn1.ObjectIdentifier) string {
	for _, rdn := range n.RDNs {
		for _, a := range rdn {
			if a.Type.Equal(t) {
				return a.Value
			}
		}
	}
	return ""
}

// CommonName returns the first CN.
func (n Name) CommonName() string { return n.Get(OIDCommonName) }

// Organization returns the first O.
func (n Name) Organization() string { return n.Get(OIDOrganization) }

// String returns the name as people read it: "O=…, CN=…" in the order of the encoding, values
// escaped as in RFC 4514, attributes of one RDN joined by " + ". A value that is no character
// string is written as # and the hexadecimal digits of its DER.
func (n Name) String() string {
	var sb strings.Builder
	for i, rdn := range n.RDNs {
		if i > 0 {
			sb.WriteString(", ")
		}
		for j, a := range rdn {
			if j > 0 {
				sb.WriteString(" + ")
			}
			sb.WriteString(a.TypeName())
			sb.WriteByte('=')
			if a.Value == "" && len(a.Raw) > 2 {
				sb.WriteByte('#')
				sb.WriteString(hex.EncodeToString(a.Raw))
			} else {
				writeEscaped(&sb, a.Value)
			}
		}
	}
	return sb.String()
}

// writeEscaped escapes what would be read as the end of a value, and what would disturb a
// terminal.
func writeEscaped(sb *strings.Builder, s string) {
	last := len(s) - 1
	for i, r := range s {
		switch {
		case strings.ContainsRune(`,+"\<>;`, r), i == 0 && (r == ' ' || r == '#'), i == last && r == ' ':
			sb.WriteByte('\\')
			sb.WriteRune(r)
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			for _, b := range []byte(string(r)) {
				sb.WriteByte('\\')
				sb.WriteString(hex.EncodeToString([]byte{b}))
			}
		default:
			sb.WriteRune(r)
		}
	}
}

// Equal reports whether two names are the same: attribute for attribute equal without regard
// to the string type, to case and to repeated spaces (RFC 5280, 7.1, simplified: letters are
// compared in lower case, without Unicode normalisation).
func (n Name) Equal(o Name) bool { return n.key() == o.key() }

// key is the same for names that are equal and for no others.
func (n Name) key() string {
	var sb strings.Builder
	for _, rdn := range n.RDNs {
		sb.WriteString("\x00")
		for _, a := range rdn {
			sb.WriteString("\x01")
			if a.Type != nil {
				sb.WriteString(a.Type.String())
			} else {
				sb.WriteString(hex.EncodeToString(a.rawType))
			}
			sb.WriteByte('=')
			if a.Value == "" && len(a.Raw) > 2 {
				sb.WriteString("\x02")
				sb.WriteString(hex.EncodeToString(a.Raw))
				continue
			}
			writeFolded(&sb, a.Value)
		}
	}
	return sb.String()
}

// writeFolded writes s in lower case with runs of spaces as one; control characters that
// separate the parts of a key cannot come from it.
func writeFolded(sb *strings.Builder, s string) {
	for i, word := range strings.Fields(s) {
		if i > 0 {
			sb.WriteByte(' ')
		}
		for _, r := range word {
			if r <= 2 {
				r = unicode.ReplacementChar
			}
			sb.WriteRune(unicode.ToLower(r))
		}
	}
}

// ParseName reads a Name, strict DER. The result keeps parts of data. A value that its string
// type does not allow does not fail the name; its text is empty.
func ParseName(data []byte) (Name, error) {
	r := der.New(data, "name")
	n := readName(r, "")
	if err := r.End(); err != nil {
		return Name{}, wrapParse(err)
	}
	return n, nil
}

func readName(r *der.Reader, field string) Name {
	before := r.Rest()
	seq := r.Sequence(field)
	var n Name
	for i := 0; !seq.Empty(); i++ {
		set := seq.Item(i, cbasn1.SET)
		var rdn []Attribute
		for j := 0; j == 0 || !set.Empty(); j++ {
			av := set.Item(j, cbasn1.SEQUENCE)
			var a Attribute
			a.Type, a.rawType = av.RawOID("type")
			var tag cbasn1.Tag
			var contents []byte
			a.Raw, contents, tag = av.Any("value")
			if text, ok := der.DecodeString(tag, contents); ok {
				a.Value = text
			}
			_ = av.End()
			rdn = append(rdn, a)
			if r.Err() != nil {
				return Name{}
			}
		}
		n.RDNs = append(n.RDNs, rdn)
	}
	n.raw = before[:len(before)-len(r.Rest())]
	return n
}

// Marshal returns the DER of the name. A parsed name gives the octets it was read from. In
// others values are UTF8String, except that C, serialNumber and organizationIdentifier are
// PrintableString where their letters allow it.
func (n Name) Marshal() ([]byte, error) {
	if n.raw != nil {
		return n.raw, nil
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, rdn := range n.RDNs {
			if len(rdn) != 1 {
				b.SetError(errors.New("pkix: a new name has one attribute in an RDN"))
				return
			}
			b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(rdn[0].Type)
					b.AddASN1(nameStringTag(rdn[0]), func(b *cryptobyte.Builder) { b.AddBytes([]byte(rdn[0].Value)) })
				})
			})
		}
	})
	out, err := b.Bytes()
	if err != nil {
		return nil, errors.New("pkix: name cannot be written: " + err.Error())
	}
	return out, nil
}

func nameStringTag(a Attribute) cbasn1.Tag {
	for _, t := range []asn1.ObjectIdentifier{OIDCountry, OIDSerialNumber, OIDOrganizationIdentifier} {
		if a.Type.Equal(t) && der.IsPrintable(a.Value) {
			return cbasn1.PrintableString
		}
	}
	if a.Type.Equal(OIDEmailAddress) && isASCII(a.Value) {
		return cbasn1.IA5String
	}
	return cbasn1.UTF8String
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
