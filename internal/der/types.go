package der

import (
	"encoding/asn1"
	"fmt"
	"math/big"
	"strings"
	"time"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Boolean reads a BOOLEAN: contents 00 or FF.
func (r *Reader) Boolean(field string) bool {
	c := r.Contents(field, cbasn1.BOOLEAN)
	if r.Err() != nil {
		return false
	}
	if len(c) != 1 || (c[0] != 0 && c[0] != 0xff) {
		r.bad(field, ErrSyntax, "boolean")
		return false
	}
	return c[0] == 0xff
}

// DefaultFalse reads a BOOLEAN DEFAULT FALSE: absent, or TRUE. A written FALSE is not DER.
func (r *Reader) DefaultFalse(field string) bool {
	if !r.Peek(cbasn1.BOOLEAN) {
		return false
	}
	if !r.Boolean(field) {
		r.bad(field, ErrSyntax, "default value written")
		return false
	}
	return true
}

// Integer reads an INTEGER and returns its contents: big-endian two's complement in the
// shortest form, never empty unless there was a fault.
func (r *Reader) Integer(field string) []byte { return r.IntegerTag(field, cbasn1.INTEGER) }

// IntegerTag is [Reader.Integer] under another tag.
func (r *Reader) IntegerTag(field string, tag cbasn1.Tag) []byte {
	c := r.Contents(field, tag)
	if r.Err() != nil {
		return nil
	}
	if len(c) == 0 || len(c) > 1 && (c[0] == 0 && c[1]&0x80 == 0 || c[0] == 0xff && c[1]&0x80 != 0) {
		r.bad(field, ErrSyntax, "integer not in the shortest form")
		return nil
	}
	return c
}

// BigInt reads an INTEGER of any size.
func (r *Reader) BigInt(field string) *big.Int {
	c := r.Integer(field)
	n := new(big.Int).SetBytes(c)
	if len(c) > 0 && c[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(c))))
	}
	return n
}

// Unsigned reads an INTEGER that is not negative and returns its big-endian octets without
// leading zeros; zero is an empty slice.
func (r *Reader) Unsigned(field string) []byte {
	c := r.Integer(field)
	if r.Err() != nil {
		return nil
	}
	if c[0]&0x80 != 0 {
		r.bad(field, ErrValue, "negative integer")
		return nil
	}
	if c[0] == 0 {
		c = c[1:]
	}
	return c
}

// Int reads an INTEGER from 0 to limit.
func (r *Reader) Int(field string, limit int) int {
	c := r.Unsigned(field)
	n := 0
	for i, b := range c {
		if i == 4 || n > limit>>8 {
			r.bad(field, ErrValue, fmt.Sprintf("integer above %d", limit))
			return 0
		}
		n = n<<8 | int(b)
	}
	if n > limit {
		r.bad(field, ErrValue, fmt.Sprintf("integer above %d", limit))
		return 0
	}
	return n
}

// Null reads a NULL.
func (r *Reader) Null(field string) {
	if c := r.Contents(field, cbasn1.NULL); len(c) != 0 {
		r.bad(field, ErrSyntax, "null with contents")
	}
}

// OctetString reads an OCTET STRING.
func (r *Reader) OctetString(field string) []byte { return r.Contents(field, cbasn1.OCTET_STRING) }

// BitString reads a BIT STRING and returns its octets and the number of unused bits, which are
// zero bits at the end of the last octet.
func (r *Reader) BitString(field string) (octets []byte, unused int) {
	return r.BitStringTag(field, cbasn1.BIT_STRING)
}

// BitStringTag is [Reader.BitString] under another tag.
func (r *Reader) BitStringTag(field string, tag cbasn1.Tag) (octets []byte, unused int) {
	c := r.Contents(field, tag)
	if r.Err() != nil {
		return nil, 0
	}
	if len(c) == 0 || c[0] > 7 || len(c) == 1 && c[0] != 0 ||
		c[len(c)-1]&(1<<(c[0]&7)-1) != 0 && len(c) > 1 {
		r.bad(field, ErrSyntax, "bit string")
		return nil, 0
	}
	return c[1:], int(c[0])
}

// BitOctets reads a BIT STRING of whole octets.
func (r *Reader) BitOctets(field string) []byte {
	b, unused := r.BitString(field)
	if unused != 0 {
		r.bad(field, ErrValue, "bit string of broken octets")
		return nil
	}
	return b
}

// OID reads an OBJECT IDENTIFIER. Arcs above 2^31-1, which [asn1.ObjectIdentifier] cannot hold
// everywhere, and more than [MaxArcs] arcs are a fault of kind [ErrLargeArc]; see [Reader.RawOID].
func (r *Reader) OID(field string) asn1.ObjectIdentifier {
	oid, _ := r.RawOID(field)
	if oid == nil && r.Err() == nil {
		r.fail(field, r.last, ErrLargeArc)
	}
	return oid
}

// RawOID reads an OBJECT IDENTIFIER and returns it together with its content octets. With an
// arc above 2^31-1, or more than [MaxArcs] arcs, oid is nil and [FormatOID] of raw still prints it.
func (r *Reader) RawOID(field string) (oid asn1.ObjectIdentifier, raw []byte) {
	raw = r.Contents(field, cbasn1.OBJECT_IDENTIFIER)
	if r.Err() != nil {
		return nil, nil
	}
	if !validOID(raw) {
		r.bad(field, ErrSyntax, "object identifier")
		return nil, nil
	}
	return decodeOID(raw), raw
}

// validOID reports whether every arc is complete and in its shortest form.
func validOID(raw []byte) bool {
	if len(raw) == 0 || raw[len(raw)-1]&0x80 != 0 {
		return false
	}
	start := true
	for _, b := range raw {
		if start && b == 0x80 {
			return false
		}
		start = b&0x80 == 0
	}
	return true
}

// MaxArcs is the greatest number of arcs of an [asn1.ObjectIdentifier] that a [Reader] makes. An
// arc takes one octet of the input and eight of memory.
const MaxArcs = 128

// decodeOID returns nil if an arc does not fit in 31 bits or there are more than MaxArcs.
func decodeOID(raw []byte) asn1.ObjectIdentifier {
	const limit = 1<<31 - 1
	arcs := 2
	for _, b := range raw[1:] {
		if b&0x80 == 0 {
			arcs++
		}
	}
	if arcs > MaxArcs {
		return nil
	}
	oid := make(asn1.ObjectIdentifier, 0, arcs)
	var v uint64
	for _, b := range raw {
		v = v<<7 | uint64(b&0x7f)
		if v > limit+80 {
			return nil
		}
		if b&0x80 != 0 {
			continue
		}
		switch {
		case len(oid) > 0:
			if v > limit {
				return nil
			}
			oid = append(oid, int(v))
		case v < 80:
			oid = append(oid, int(v/40), int(v%40))
		default:
			oid = append(oid, 2, int(v-80))
		}
		v = 0
	}
	return oid
}

// FormatOID prints content octets of an OBJECT IDENTIFIER in dotted form, arcs of any size.
// Octets that are no identifier give their hexadecimal digits.
func FormatOID(raw []byte) string {
	if !validOID(raw) || len(raw) > 256 {
		return fmt.Sprintf("%x", raw)
	}
	var sb strings.Builder
	v := new(big.Int)
	for _, b := range raw {
		v.Lsh(v, 7)
		v.Or(v, big.NewInt(int64(b&0x7f)))
		if b&0x80 != 0 {
			continue
		}
		switch {
		case sb.Len() > 0:
			sb.WriteString("." + v.String())
		case v.Cmp(big.NewInt(80)) >= 0:
			sb.WriteString("2." + v.Sub(v, big.NewInt(80)).String())
		default:
			n := v.Int64()
			fmt.Fprintf(&sb, "%d.%d", n/40, n%40)
		}
		v.SetInt64(0)
	}
	return sb.String()
}

// Time reads a UTCTime or GeneralizedTime, in UTC. UTCTime has seconds and the letter Z, its
// years are 1950 to 2049. GeneralizedTime may have a fraction of the second that does not end
// in zero (X.690, 11.7); beyond nanoseconds digits are dropped.
func (r *Reader) Time(field string) time.Time {
	tag := r.NextTag()
	if tag == cbasn1.UTCTime {
		return r.parseTime(field, r.Contents(field, tag), ParseUTCTime)
	}
	return r.GeneralizedTime(field, cbasn1.GeneralizedTime)
}

// GeneralizedTime reads a GeneralizedTime under the given tag. See [Reader.Time].
func (r *Reader) GeneralizedTime(field string, tag cbasn1.Tag) time.Time {
	return r.parseTime(field, r.Contents(field, tag), ParseGeneralizedTime)
}

func (r *Reader) parseTime(field string, c []byte, parse func([]byte) (time.Time, bool)) time.Time {
	if r.Err() != nil {
		return time.Time{}
	}
	t, ok := parse(c)
	if !ok {
		r.bad(field, ErrSyntax, "time")
	}
	return t
}

// ParseUTCTime reads YYMMDDHHMMSSZ; years 50 to 99 are of the twentieth century.
func ParseUTCTime(c []byte) (time.Time, bool) {
	if len(c) != 13 || c[12] != 'Z' || !digits(c[:12]) {
		return time.Time{}, false
	}
	year := 1900 + two(c)
	if year < 1950 {
		year += 100
	}
	return date(year, c[2:12], 0)
}

// ParseGeneralizedTime reads YYYYMMDDHHMMSS[.f]Z.
func ParseGeneralizedTime(c []byte) (time.Time, bool) {
	if len(c) < 15 || c[len(c)-1] != 'Z' || !digits(c[:14]) {
		return time.Time{}, false
	}
	nanos := 0
	if frac := c[14 : len(c)-1]; len(frac) > 0 {
		if len(frac) < 2 || frac[0] != '.' || !digits(frac[1:]) || frac[len(frac)-1] == '0' {
			return time.Time{}, false
		}
		for i := 1; i <= 9; i++ {
			nanos *= 10
			if i < len(frac) {
				nanos += int(frac[i] - '0')
			}
		}
	}
	return date(100*two(c)+two(c[2:]), c[4:14], nanos)
}

func digits(c []byte) bool {
	for _, b := range c {
		if b < '0' || b > '9' {
			return false
		}
	}
	return true
}

func two(c []byte) int { return int(c[0]-'0')*10 + int(c[1]-'0') }

// date refuses dates that do not exist.
func date(year int, c []byte, nanos int) (time.Time, bool) {
	month, day, hour, minute, second := two(c), two(c[2:]), two(c[4:]), two(c[6:]), two(c[8:])
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	if t.Year() != year || int(t.Month()) != month || t.Day() != day ||
		t.Hour() != hour || t.Minute() != minute || t.Second() != second {
		return time.Time{}, false
	}
	return t, true
}
