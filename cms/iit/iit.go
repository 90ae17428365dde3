// Package iit reads the formats of the IIT user library that stand outside the Cryptographic
// Message Syntax: raw signatures, raw envelopes, and data protected by a password. They are known
// from the files that the library makes; there is no published standard. Nothing is written in
// them.
//
// A raw signature covers octets without saying what they are. Whoever signs octets of somebody
// else's choice in this form may sign the attributes of a CMS message; another reason to write
// CMS.
//
// Timing: as for package dstu4145 and package gost28147.
package iit

import (
	"bytes"
	"crypto/hmac"
	"encoding/asn1"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/cp1251"
	"github.com/ukrcrypto/dstu/pkix"
)

// Errors that callers branch on.
var (
	// ErrFormat says that data is not of the format.
	ErrFormat = errors.New("iit: malformed data")
	// ErrSignature says that a raw signature does not fit.
	ErrSignature = errors.New("iit: bad signature")
	// ErrPassword says that a password is wrong or the data is damaged.
	ErrPassword = errors.New("iit: wrong password or damaged data")
	// ErrUnsupported says that a key or a digest cannot serve here.
	ErrUnsupported = alg.ErrUnsupported
)

// Names reports whether a raw signature or envelope with the header of IIT names the certificate
// as that of its signer or sender: it begins with the last four octets of the serial number, in
// which the authority counts. Certificates of another authority may have the same.
func Names(data []byte, cert *pkix.Certificate) bool {
	n := len(cert.RawSerial) - indexSize
	return len(data) > indexSize && n >= 0 && bytes.Equal(data[:indexSize], cert.RawSerial[n:])
}

const (
	indexSize       = 4
	signatureHeader = indexSize + 8
)

// CheckSignature checks a raw signature over the content under the key of the signer's
// certificate: r‖s, each half little-endian, alone as UAPKI writes it or behind the header of
// IIT, a part of the certificate's serial number (see [Names]; it is not compared) and a time. It
// returns that time, zero if there is none; nothing proves it.
//
// digest names GOST 34.311 or Kupyna, as the signature does not; nil is GOST 34.311, the only one
// of IIT. Errors: [ErrFormat], [ErrSignature], [ErrUnsupported], those of content.
func CheckSignature(sig []byte, content io.Reader, signer *pkix.Certificate, digest asn1.ObjectIdentifier) (time.Time, error) {
	if digest == nil {
		digest = alg.OIDGOST34311
	}
	newHash, err := alg.NewHash(digest, signer.SBox)
	if err != nil {
		return time.Time{}, err
	}
	h := newHash()
	if _, err := io.Copy(h, content); err != nil {
		return time.Time{}, err
	}
	return CheckDigest(sig, h.Sum(nil), signer, digest)
}

// CheckDigest is [CheckSignature] over a content whose digest is known.
func CheckDigest(sig, sum []byte, signer *pkix.Certificate, digest asn1.ObjectIdentifier) (time.Time, error) {
	if digest == nil {
		digest = alg.OIDGOST34311
	}
	pub, ok := signer.PublicKey.(*dstu4145.PublicKey)
	if !ok {
		return time.Time{}, ErrUnsupported
	}
	s, ok := alg.SignatureFor(digest, pub.Curve())
	if !ok {
		return time.Time{}, ErrUnsupported
	}
	var at time.Time
	size := 2 * pub.Curve().ScalarSize()
	switch {
	case len(sig) == size:
	case len(sig) == signatureHeader+size:
		at = fileTime(binary.LittleEndian.Uint64(sig[indexSize:]))
		sig = sig[signatureHeader:]
	default:
		return time.Time{}, ErrFormat
	}
	if ok, err := s.VerifyDigest(pub, sum, sig); err != nil || !ok {
		return time.Time{}, ErrSignature
	}
	return at, nil
}

// fileTime converts hundreds of nanoseconds since 1601.
func fileTime(t uint64) time.Time {
	const perSecond, to1970 = 10_000_000, 11_644_473_600
	return time.Unix(int64(t/perSecond)-to1970, int64(t%perSecond)*100).UTC()
}

const (
	nonceSize      = 8
	envelopeHeader = indexSize + nonceSize + gost28147.WrappedSize
)

// OpenEnvelope decrypts a raw envelope to one recipient from the key of the sender's certificate:
// a part of the serial number of that (see [Names]; it is not compared), a nonce, the wrapped key
// and the ciphertext. The recipient is not named. The content is not authenticated. Errors: [ErrFormat], [ErrUnsupported], [cms.ErrDecryption].
func OpenEnvelope(data []byte, key dstu4145.KeyExchanger, sender *pkix.Certificate) ([]byte, error) {
	if len(data) < envelopeHeader {
		return nil, ErrFormat
	}
	pub, ok := sender.PublicKey.(*dstu4145.PublicKey)
	ka, known := alg.KeyAgreementByOID(alg.OIDCofactorDHGOST)
	if !ok || !known {
		return nil, ErrUnsupported
	}
	nonce, wrapped := data[indexSize:indexSize+nonceSize], data[indexSize+nonceSize:envelopeHeader]
	z, err := ka.Agree(key, pub)
	if err != nil {
		return nil, cms.ErrDecryption
	}
	kek, err := ka.DeriveKEK(z, nonce) // the nonce stands in place of SharedInfo
	if err != nil {
		return nil, cms.ErrDecryption
	}
	cek, err := gost28147.Unwrap(kek, wrapped, nil)
	if err != nil {
		return nil, cms.ErrDecryption
	}
	block, err := gost28147.NewCipher(cek, nil)
	if err != nil {
		return nil, cms.ErrDecryption
	}
	stream, err := gost28147.NewCFBDecrypter(block, nonce)
	if err != nil {
		return nil, cms.ErrDecryption
	}
	out := make([]byte, len(data)-envelopeHeader)
	stream.XORKeyStream(out, data[envelopeHeader:])
	return out, nil
}

// Unprotect decrypts data protected by a password: blocks of GOST 28147, the number of padding
// octets, and a code of four octets under the same key, which is one digest of the password in
// windows-1251. The code does not cover the number of padding octets, and one digest is no work for
// who guesses passwords. Errors: [ErrFormat], [ErrPassword].
func Unprotect(data []byte, password string) ([]byte, error) {
	const tail = 1 + gost28147.MACSize
	n := len(data) - tail
	if n < 0 || n%gost28147.BlockSize != 0 || data[n] >= gost28147.BlockSize || int(data[n]) > n {
		return nil, ErrFormat
	}
	octets, ok := cp1251.Encode(password)
	if !ok {
		return nil, ErrPassword
	}
	key := gost34311.Sum(octets)
	block, err := gost28147.NewCipher(key[:], nil)
	if err != nil {
		return nil, ErrPassword
	}
	out := make([]byte, n)
	for i := 0; i < n; i += gost28147.BlockSize {
		block.Decrypt(out[i:], data[i:])
	}
	out = out[:n-int(data[n])]
	mac, err := gost28147.NewMAC(key[:], nil)
	if err != nil {
		return nil, ErrPassword
	}
	mac.Write(out)
	if !hmac.Equal(mac.Sum(nil), data[n+1:]) {
		return nil, ErrPassword
	}
	return out, nil
}
