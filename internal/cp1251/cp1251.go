// Package cp1251 converts text between UTF-8 and windows-1251, the encoding of passwords and of
// old documents in Ukrainian software.
//
// It uses tables; the timing of both directions depends on which characters a text has.
package cp1251

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Encode returns s in windows-1251, one octet a character. ok is false, and the result nil, if a
// character of s is not in the table or s is not valid UTF-8.
func Encode(s string) (b []byte, ok bool) {
	b = make([]byte, 0, len(s))
	for _, r := range s { // octets that are not UTF-8 come as U+FFFD, which is not in the table
		c, ok := charmap.Windows1251.EncodeRune(r)
		if !ok {
			return nil, false
		}
		b = append(b, c)
	}
	return b, true
}

// Decode returns the text that b stands for. The one octet without a meaning, 0x98, becomes the
// replacement character U+FFFD.
func Decode(b []byte) string {
	var s strings.Builder
	s.Grow(len(b))
	for _, c := range b {
		s.WriteRune(charmap.Windows1251.DecodeByte(c))
	}
	return s.String()
}
