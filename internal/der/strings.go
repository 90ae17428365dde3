package der

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// IsString reports whether the tag is one of the character string types that [DecodeString]
// reads.
func IsString(tag asn1.Tag) bool {
	switch tag {
	case asn1.UTF8String, asn1.PrintableString, asn1.IA5String, asn1.T61String,
		BMPString, UniversalString, VisibleString, NumericString:
		return true
	}
	return false
}

// DecodeString turns the contents of a character string into text. ok is false if the octets
// do not fit the type. TeletexString is read as ISO 8859-1, which is what its writers put there;
// PrintableString may hold any ASCII, as real certificates have '@', '_' and '*' in it.
func DecodeString(tag asn1.Tag, c []byte) (text string, ok bool) {
	switch tag {
	case asn1.UTF8String:
		return string(c), utf8.Valid(c)
	case asn1.PrintableString, asn1.IA5String, VisibleString, NumericString:
		for _, b := range c {
			if b >= 0x80 {
				return "", false
			}
		}
		return string(c), true
	case asn1.T61String:
		runes := make([]rune, len(c))
		for i, b := range c {
			runes[i] = rune(b)
		}
		return string(runes), true
	case BMPString:
		return decodeBMP(c)
	case UniversalString:
		return decodeUniversal(c)
	}
	return "", false
}

// decodeBMP reads big-endian UTF-16; pairs of surrogates are accepted, lone ones are not.
func decodeBMP(c []byte) (string, bool) {
	if len(c)%2 != 0 {
		return "", false
	}
	out := make([]byte, 0, len(c))
	for i := 0; i < len(c); i += 2 {
		u := rune(c[i])<<8 | rune(c[i+1])
		if utf16.IsSurrogate(u) {
			if i+3 >= len(c) {
				return "", false
			}
			u = utf16.DecodeRune(u, rune(c[i+2])<<8|rune(c[i+3]))
			if u == utf8.RuneError {
				return "", false
			}
			i += 2
		}
		out = utf8.AppendRune(out, u)
	}
	return string(out), true
}

func decodeUniversal(c []byte) (string, bool) {
	if len(c)%4 != 0 {
		return "", false
	}
	out := make([]byte, 0, len(c))
	for i := 0; i < len(c); i += 4 {
		u := uint32(c[i])<<24 | uint32(c[i+1])<<16 | uint32(c[i+2])<<8 | uint32(c[i+3])
		if u > utf8.MaxRune || !utf8.ValidRune(rune(u)) {
			return "", false
		}
		out = utf8.AppendRune(out, rune(u))
	}
	return string(out), true
}

// IsPrintable reports whether s may stand in a PrintableString (X.680, clause 41.4).
func IsPrintable(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == ' ', c == '\'', c == '(', c == ')', c == '+', c == ',', c == '-', c == '.',
			c == '/', c == ':', c == '=', c == '?':
		default:
			return false
		}
	}
	return true
}

// String reads a character string of any type that [DecodeString] knows.
func (r *Reader) String(field string) string {
	tag := r.NextTag()
	if r.Err() != nil {
		return ""
	}
	if !IsString(tag) {
		r.Failf(field, "tag %02x is no character string", uint8(tag))
		return ""
	}
	s, ok := DecodeString(tag, r.Contents(field, tag))
	if !ok {
		r.bad(field, ErrValue, fmt.Sprintf("octets do not fit the string type %02x", uint8(tag)))
		return ""
	}
	return s
}
