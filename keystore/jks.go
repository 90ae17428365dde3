package keystore

import (
	"bytes"
	"crypto/sha1"
	"crypto/subtle"
	"errors"
	"unicode/utf16"

	"golang.org/x/crypto/cryptobyte"

	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
)

const (
	jksKeyTag   = 1
	jksCertTag  = 2
	jksWhitener = "Mighty Aphrodite"
	oidSunJKS   = "1.3.6.1.4.1.42.2.17.1.1"
)

var errJKS = errors.New("jks: malformed")

// jks reads a Java key store, version 1 or 2.
func (op *opener) jks(blob []byte) error {
	if bytes.HasPrefix(blob, []byte(jceksMagic)) {
		return &UnsupportedError{FormatJKS, "kind JCEKS"}
	}
	if len(blob) < sha1.Size {
		return malformed(errJKS)
	}
	body, check := blob[:len(blob)-sha1.Size], blob[len(blob)-sha1.Size:]
	s := cryptobyte.String(body)
	var magic, version, count uint32
	if !s.ReadUint32(&magic) || !s.ReadUint32(&version) || !s.ReadUint32(&count) || version != 1 && version != 2 {
		return malformed(errJKS)
	}
	password := pbe.UTF16(op.password)
	if subtle.ConstantTimeCompare(sha1Sum(password, []byte(jksWhitener), body), check) != 1 {
		return ErrPassword
	}
	for range count {
		if err := op.jksEntry(&s, version); err != nil {
			return err
		}
	}
	if !s.Empty() {
		return malformed(errJKS)
	}
	return nil
}

func sha1Sum(parts ...[]byte) []byte {
	h := sha1.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func (op *opener) jksEntry(s *cryptobyte.String, version uint32) error {
	var tag uint32
	var alias cryptobyte.String
	var created uint64
	if !s.ReadUint32(&tag) || !s.ReadUint16LengthPrefixed(&alias) || !s.ReadUint64(&created) {
		return malformed(errJKS)
	}
	switch tag {
	case jksCertTag:
		return op.jksCertificate(s, version)
	case jksKeyTag:
	default:
		return malformed(errJKS)
	}
	protected, ok := read32(s)
	var n uint32
	if !ok || !s.ReadUint32(&n) {
		return malformed(errJKS)
	}
	if err := op.jksKey(protected, modifiedUTF8(alias)); err != nil {
		return err
	}
	for range n {
		if err := op.jksCertificate(s, version); err != nil {
			return err
		}
	}
	return nil
}

// read32 reads octets behind their 32-bit length.
func read32(s *cryptobyte.String) (out []byte, ok bool) {
	var n uint32
	if !s.ReadUint32(&n) || uint64(n) > uint64(len(*s)) {
		return nil, false
	}
	return out, s.ReadBytes(&out, int(n))
}

// jksCertificate reads a certificate. Its type is not looked at: what is no certificate is a
// warning in any case.
func (op *opener) jksCertificate(s *cryptobyte.String, version uint32) error {
	var kind cryptobyte.String
	if version == 2 && !s.ReadUint16LengthPrefixed(&kind) {
		return malformed(errJKS)
	}
	der, ok := read32(s)
	if !ok {
		return malformed(errJKS)
	}
	return op.certificate(der)
}

// jksKey reads a key protected by the password of keys. One that does not open is an entry with an
// error: keys of a store may have passwords of their own.
func (op *opener) jksKey(protected []byte, alias string) error {
	plain, err := openJKSKey(protected, op.keyPass())
	if err == nil {
		err = op.privateKey(plain, source{alias: alias, encrypted: true, authentic: true})
	}
	return op.keep(err, alias, nil)
}

// openJKSKey opens what the key protector of Sun has made: a stream of SHA-1, and SHA-1 of the
// plaintext to check it.
func openJKSKey(protected []byte, password string) ([]byte, error) {
	r := der.New(protected, "jks key")
	seq := r.Sequence("")
	algorithm := seq.Sequence("encryptionAlgorithm")
	_, oid := algorithm.RawOID("algorithm")
	if !algorithm.Empty() {
		algorithm.Null("parameters")
	}
	algorithm.End()
	data := seq.OctetString("encryptedData")
	seq.End()
	if err := r.End(); err != nil {
		return nil, malformed(err)
	}
	if name := der.FormatOID(oid); name != oidSunJKS {
		return nil, &UnsupportedError{FormatJKS, "key protection " + name}
	}
	if len(data) < 2*sha1.Size {
		return nil, malformed(errJKS)
	}
	x, data := data[:sha1.Size], data[sha1.Size:]
	data, check := data[:len(data)-sha1.Size], data[len(data)-sha1.Size:]
	octets := pbe.UTF16(password)
	plain := make([]byte, len(data))
	for out := plain; len(out) > 0; {
		x = sha1Sum(octets, x)
		n := subtle.XORBytes(out, data, x)
		out, data = out[n:], data[n:]
	}
	if subtle.ConstantTimeCompare(sha1Sum(octets, plain), check) != 1 {
		return nil, ErrPassword
	}
	return plain, nil
}

// modifiedUTF8 decodes the strings of Java: U+0000 in two octets, characters beyond U+FFFF as two
// surrogates of three octets each. What is neither becomes U+FFFD.
func modifiedUTF8(b []byte) string {
	units := make([]uint16, 0, len(b))
	for len(b) > 0 {
		c, n := rune(0xfffd), 1
		switch {
		case b[0] < 0x80:
			c = rune(b[0])
		case b[0]&0xe0 == 0xc0 && len(b) > 1 && b[1]&0xc0 == 0x80:
			c, n = rune(b[0]&0x1f)<<6|rune(b[1]&0x3f), 2
		case b[0]&0xf0 == 0xe0 && len(b) > 2 && b[1]&0xc0 == 0x80 && b[2]&0xc0 == 0x80:
			c, n = rune(b[0]&0x0f)<<12|rune(b[1]&0x3f)<<6|rune(b[2]&0x3f), 3
		}
		units, b = append(units, uint16(c)), b[n:]
	}
	return string(utf16.Decode(units))
}
