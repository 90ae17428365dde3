package pkix

import (
	"encoding/asn1"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/der"
)

// readExtensions reads Extensions. Two of one kind are a fault.
func readExtensions(r *der.Reader) []Extension {
	seq := r.Sequence("")
	var list []Extension
	seen := map[string]bool{}
	for i := 0; !seq.Empty(); i++ {
		e := seq.Item(i, cbasn1.SEQUENCE)
		var x Extension
		x.ID, x.RawID = e.RawOID("extnID")
		x.Critical = e.DefaultFalse("critical")
		x.Value = e.OctetString("extnValue")
		x.offset = e.Offset() - len(x.Value)
		if e.End() != nil {
			return nil
		}
		if seen[string(x.RawID)] {
			seq.Failf("", "extension %s repeated", der.FormatOID(x.RawID))
			return nil
		}
		seen[string(x.RawID)] = true
		list = append(list, x)
	}
	return list
}

// parseExtensions reads the extensions that have fields of their own. r is for faults. Tolerated: key
// identifiers and codes of persons that cannot be read; they are hints, and then absent.
func (c *Certificate) parseExtensions(r *der.Reader) {
	for _, e := range c.Extensions {
		switch {
		case e.ID.Equal(oidKeyUsage):
			c.HasKeyUsage = true
			c.KeyUsage = readKeyUsage(r.Inner("keyUsage", e.Value, e.offset))
		case e.ID.Equal(oidExtKeyUsage):
			c.ExtKeyUsage = readExtKeyUsage(r.Inner("extKeyUsage", e.Value, e.offset))
		case e.ID.Equal(oidBasicConstraints):
			c.readBasicConstraints(r.Inner("basicConstraints", e.Value, e.offset))
		case e.ID.Equal(oidSubjectKeyID):
			c.SubjectKeyID = readSubjectKeyID(der.New(e.Value, ""))
		case e.ID.Equal(oidAuthorityKeyID):
			c.AuthorityKeyID = readAuthorityKeyID(der.New(e.Value, ""))
		case e.ID.Equal(oidSubjectDirectoryAttributes):
			c.DirectoryAttributes = readDirectoryAttributes(der.New(e.Value, ""))
		}
	}
}

// readKeyUsage reads the named bits; bits without a name are dropped.
func readKeyUsage(r *der.Reader) KeyUsage {
	octets, _ := r.BitString("")
	_ = r.End()
	var u KeyUsage
	for i := range keyUsageNames {
		if i/8 < len(octets) && octets[i/8]&(0x80>>(i%8)) != 0 {
			u |= 1 << i
		}
	}
	return u
}

func readExtKeyUsage(r *der.Reader) []asn1.ObjectIdentifier {
	seq := r.Sequence("")
	var ids []asn1.ObjectIdentifier
	for !seq.Empty() {
		// a purpose whose number does not fit is one that nobody here asks for
		if id, _ := seq.RawOID("keyPurposeId"); id != nil {
			ids = append(ids, id)
		}
	}
	_ = r.End()
	return ids
}

// readBasicConstraints: tolerated is cA FALSE written out, though DER leaves defaults out (a
// server certificate of an accredited authority, 2020).
func (c *Certificate) readBasicConstraints(r *der.Reader) {
	seq := r.Sequence("")
	c.BasicConstraintsValid = true
	if seq.Peek(cbasn1.BOOLEAN) {
		c.IsCA = seq.Boolean("cA")
	}
	if seq.Peek(cbasn1.INTEGER) {
		c.MaxPathLen = seq.Int("pathLenConstraint", 1<<16)
		c.MaxPathLenZero = c.MaxPathLen == 0
	}
	_ = seq.End()
	_ = r.End()
}

func readSubjectKeyID(r *der.Reader) []byte {
	id := r.OctetString("")
	if r.End() != nil {
		return nil
	}
	return id
}

// readAuthorityKeyID returns the keyIdentifier. Tolerated: an OCTET STRING in place of the
// SEQUENCE (self-signed test certificates made with jkurwa), and an explicit tag instead of the
// implicit one (authorities of 2008).
func readAuthorityKeyID(r *der.Reader) []byte {
	if r.Peek(cbasn1.OCTET_STRING) {
		return readSubjectKeyID(r)
	}
	seq := r.Sequence("")
	var id []byte
	if seq.Peek(der.Context(0)) {
		id = seq.Contents("keyIdentifier", der.Context(0))
	} else if x, ok := seq.Optional("keyIdentifier", der.Explicit(0)); ok {
		id = x.OctetString("")
		_ = x.End()
	}
	if seq.Peek(der.Explicit(1)) {
		seq.Contents("authorityCertIssuer", der.Explicit(1))
	}
	if seq.Peek(der.Context(2)) {
		seq.IntegerTag("authorityCertSerialNumber", der.Context(2))
	}
	_ = seq.End()
	if r.End() != nil {
		return nil
	}
	return id
}

// readDirectoryAttributes returns one Attribute for each value. Values that are no character
// strings have an empty Value.
func readDirectoryAttributes(r *der.Reader) []Attribute {
	seq := r.Sequence("")
	var list []Attribute
	for i := 0; !seq.Empty(); i++ {
		at := seq.Item(i, cbasn1.SEQUENCE)
		var a Attribute
		a.Type, a.rawType = at.RawOID("type")
		values := at.Set("values")
		_ = at.End()
		for !values.Empty() {
			raw, contents, tag := values.Any("")
			a.Raw, a.Value = raw, ""
			if text, ok := der.DecodeString(tag, contents); ok {
				a.Value = text
			}
			list = append(list, a)
		}
	}
	if r.End() != nil {
		return nil
	}
	return list
}
