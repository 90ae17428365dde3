package pbe

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/subtle"
	"fmt"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/der"
)

const (
	oidPBES2       = "1.2.840.113549.1.5.13"
	oidPBMAC1      = "1.2.840.113549.1.5.14"
	oidPBKDF2      = "1.2.840.113549.1.5.12"
	oidHMACSHA1    = "1.2.840.113549.2.7"
	oidSHA1        = "1.3.14.3.2.26"
	oidGOST34311   = "1.2.804.2.1.1.1.1.2.1"
	oidGOSTCFB     = "1.2.804.2.1.1.1.1.1.1.3"
	oidMEDocBogus  = "1.32.113549.1.7.1.524545"
	oidKalynaCBC   = "1.2.804.2.1.1.1.1.1.3.5.2"
	maxPBKDF2Bytes = 64
	minMACKey      = 20 // octets; see parsePBMAC1
)

// cbcCiphers are block ciphers in CBC mode.
var cbcCiphers = map[string]struct {
	key int
	new func(key []byte) (cipher.Block, error)
}{
	"2.16.840.1.101.3.4.1.2":  {16, aes.NewCipher},
	"2.16.840.1.101.3.4.1.22": {24, aes.NewCipher},
	"2.16.840.1.101.3.4.1.42": {32, aes.NewCipher},
	"1.2.840.113549.3.7":      {24, des.NewTripleDESCipher},
	oidKalynaCBC:              {32, newKalyna},
}

// pbes1Ciphers are the block ciphers of PKCS#12 (RFC 7292, appendix C).
var pbes1Ciphers = map[string]struct {
	key int
	new func(key []byte) (cipher.Block, error)
}{
	"1.2.840.113549.1.12.1.3": {24, des.NewTripleDESCipher},
	"1.2.840.113549.1.12.1.4": {16, newTwoKeyDES},
	"1.2.840.113549.1.12.1.5": {16, newRC2},
	"1.2.840.113549.1.12.1.6": {5, newRC2},
}

func newTwoKeyDES(key []byte) (cipher.Block, error) {
	return des.NewTripleDESCipher(append(key[:16:16], key[:8]...))
}

// Scheme is the algorithm that something is encrypted with. It is immutable.
type Scheme struct {
	key  derivation
	iv   *derivation // derived like the key, where params has none
	open func(key, iv, data []byte) ([]byte, error)
	fix  []byte // initialisation vector from the parameters
}

// ParseScheme reads the contents of an AlgorithmIdentifier of an encryption by password. A fault of
// the encoding is the error of r.
func ParseScheme(r *der.Reader) (*Scheme, error) {
	oid, raw := r.RawOID("algorithm")
	if err := r.Err(); err != nil {
		return nil, err
	}
	if oid.String() == oidPBES2 {
		return parsePBES2(r.Sequence("parameters"), r)
	}
	if c, ok := pbes1Ciphers[oid.String()]; ok {
		return parsePBES1(r.Sequence("parameters"), r, c.key, c.new)
	}
	return nil, &UnsupportedError{"encryption by password " + der.FormatOID(raw)}
}

func parsePBES2(params, top *der.Reader) (*Scheme, error) {
	kdf := params.Sequence("keyDerivationFunc")
	enc := params.Sequence("encryptionScheme")
	params.End()
	top.End()
	oid, raw := kdf.RawOID("algorithm")
	if err := top.Err(); err != nil {
		return nil, err
	}
	if oid.String() != oidPBKDF2 {
		return nil, &UnsupportedError{"key derivation " + der.FormatOID(raw)}
	}
	s := new(Scheme)
	if err := parseCipher(enc, s); err != nil {
		return nil, err
	}
	if err := parsePBKDF2(kdf.Sequence("parameters"), s); err != nil {
		return nil, err
	}
	if err := kdf.End(); err != nil {
		return nil, err
	}
	return s, nil
}

// parsePBKDF2 reads PBKDF2-params. If the size of the key is not known, as for a MAC, it has to be there.
func parsePBKDF2(r *der.Reader, s *Scheme) error {
	s.key.salt = string(r.OctetString("salt"))
	s.key.iterations = iterations(r, "iterationCount")
	if s.key.size == 0 || r.Peek(cbasn1.INTEGER) {
		n := r.Int("keyLength", maxPBKDF2Bytes)
		switch {
		case s.key.size == 0 && n < minMACKey:
			r.Failf("keyLength", "%d octets, want %d or more", n, minMACKey)
		case s.key.size == 0:
			s.key.size = n
		case n != s.key.size:
			r.Failf("keyLength", "%d octets for a cipher of %d", n, s.key.size)
		}
	}
	name := oidHMACSHA1
	if !r.Empty() {
		name = readFunction(r.Sequence("prf"))
	}
	if err := r.End(); err != nil {
		return err
	}
	if s.key.prf = prfs[name]; s.key.prf == nil {
		return &UnsupportedError{"function of PBKDF2 " + name}
	}
	return nil
}

// readFunction reads the AlgorithmIdentifier of a keyed function.
func readFunction(r *der.Reader) string {
	_, raw := r.RawOID("algorithm")
	if !r.Empty() {
		r.Null("parameters")
	}
	r.End()
	return der.FormatOID(raw)
}

// parseCipher sets the cipher of s and the size of its key.
func parseCipher(r *der.Reader, s *Scheme) error {
	_, raw := r.RawOID("algorithm")
	if err := r.Err(); err != nil {
		return err
	}
	name := der.FormatOID(raw)
	if name == oidGOSTCFB {
		return parseGOST(r, s)
	}
	c, ok := cbcCiphers[name]
	if !ok {
		return &UnsupportedError{"cipher " + name}
	}
	s.key.size = c.key
	if name == oidKalynaCBC { // the initialisation vector is in a SEQUENCE
		p := r.Sequence("parameters")
		s.fix = p.OctetString("iv")
		p.End()
	} else {
		s.fix = r.OctetString("iv")
	}
	if err := r.End(); err != nil {
		return err
	}
	if size := cbcBlock(c.new, c.key); len(s.fix) != size {
		r.Failf("iv", "%d octets, want %d", len(s.fix), size)
	}
	s.open = func(key, iv, data []byte) ([]byte, error) {
		b, err := c.new(key)
		if err != nil {
			return nil, err
		}
		return openCBC(b, iv, data)
	}
	return r.Err()
}

func cbcBlock(newCipher func([]byte) (cipher.Block, error), keySize int) int {
	b, err := newCipher(make([]byte, keySize))
	if err != nil {
		panic(err) // a wrong table
	}
	return b.BlockSize()
}

func parseGOST(r *der.Reader, s *Scheme) error {
	p := r.Sequence("parameters")
	r.End()
	s.fix = p.OctetString("iv")
	table := gost28147.DKE1()
	if !p.Empty() {
		dke, err := gost28147.ParseDKE(p.OctetString("dke"))
		if err != nil {
			p.Fail("dke", fmt.Errorf("%w: %w", der.ErrValue, err))
		}
		table = dke
	}
	if len(s.fix) != gost28147.BlockSize {
		p.Failf("iv", "%d octets, want %d", len(s.fix), gost28147.BlockSize)
	}
	s.key.size = gost28147.KeySize
	s.open = func(key, iv, data []byte) ([]byte, error) {
		b, err := gost28147.NewCipher(key, table)
		if err != nil {
			return nil, err
		}
		stream, err := gost28147.NewCFBDecrypter(b, iv)
		if err != nil {
			return nil, err
		}
		out := make([]byte, len(data))
		stream.XORKeyStream(out, data)
		return out, nil
	}
	return p.End()
}

// parsePBES1 reads the parameters of a scheme of PKCS#12; all its ciphers have blocks of 8 octets.
func parsePBES1(r, top *der.Reader, keySize int, newCipher func([]byte) (cipher.Block, error)) (*Scheme, error) {
	key := derivation{h: digests[oidSHA1], id: idKey, size: keySize}
	key.salt = string(r.OctetString("salt"))
	key.iterations = iterations(r, "iterations")
	r.End()
	if err := top.End(); err != nil {
		return nil, err
	}
	iv := key
	iv.id, iv.size = idIV, des.BlockSize
	return &Scheme{key: key, iv: &iv, open: func(key, iv, data []byte) ([]byte, error) {
		b, err := newCipher(key)
		if err != nil {
			return nil, err
		}
		return openCBC(b, iv, data)
	}}, nil
}

// Admit refuses the scheme if it asks for more than the session allows. Decrypt does so, too;
// callers that know several schemes ask for all of them before the first work.
func (s *Scheme) Admit(session *Session) error {
	if err := session.admit(s.key); err != nil {
		return err
	}
	if s.iv != nil {
		return session.admit(*s.iv)
	}
	return nil
}

// Decrypt returns the plaintext of data in a new slice. A padding that does not fit is
// [ErrDecrypt]; without padding (GOST 28147) there is nothing to find out here.
func (s *Scheme) Decrypt(session *Session, p Password, data []byte) ([]byte, error) {
	if err := s.Admit(session); err != nil {
		return nil, err
	}
	key, err := session.derive(s.key, p)
	if err != nil {
		return nil, err
	}
	iv := s.fix
	if s.iv != nil {
		if iv, err = session.derive(*s.iv, p); err != nil {
			return nil, err
		}
	}
	return s.open(key, iv, data)
}

// openCBC decrypts and removes the padding of RFC 8018, 6.1.1.
func openCBC(b cipher.Block, iv, data []byte) ([]byte, error) {
	if len(data) == 0 || len(data)%b.BlockSize() != 0 {
		return nil, ErrDecrypt
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(b, iv).CryptBlocks(out, data)
	n, ok := unpad(out, b.BlockSize())
	if ok != 1 {
		return nil, ErrDecrypt
	}
	return out[:n], nil
}

// pad returns a copy of data with the padding that unpad removes.
func pad(data []byte, block int) []byte {
	n := block - len(data)%block
	return append(append(make([]byte, 0, len(data)+n), data...), bytes.Repeat([]byte{byte(n)}, n)...)
}

// unpad returns the length of data without its padding; ok is 1 if the padding is right, else 0.
// It reads the whole last block whatever it holds. data is in whole blocks and not empty.
func unpad(data []byte, block int) (n, ok int) {
	last := data[len(data)-block:]
	pad := int(last[block-1])
	ok = subtle.ConstantTimeLessOrEq(1, pad) & subtle.ConstantTimeLessOrEq(pad, block)
	for i, c := range last {
		inside := subtle.ConstantTimeLessOrEq(block-i, pad)
		ok &= subtle.ConstantTimeSelect(inside, subtle.ConstantTimeByteEq(c, byte(pad)), 1)
	}
	return len(data) - pad, ok
}
