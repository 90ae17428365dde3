package alg

import (
	"crypto/subtle"
	"encoding/asn1"
	"errors"
	"io"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/kalyna"
)

// KeyAgreement is a scheme of DSTU ISO/IEC 15946-3 as the order of 18.12.2012 No 739
// (registered on 14.01.2013 as No 108/22640) profiles it: single-pass Diffie-Hellman, with or without the cofactor, and a key derivation of one hash.
type KeyAgreement struct {
	OID      asn1.ObjectIdentifier
	Cofactor bool
	Digest   asn1.ObjectIdentifier // of the key derivation; always with DKE No. 1
	Wrap     asn1.ObjectIdentifier // the key wrap it is paired with in practice

	strip bool // leading zero octets of the shared secret are removed
}

var agreements = []KeyAgreement{
	{OID: OIDCofactorDHGOST, Cofactor: true, Digest: OIDGOST34311, Wrap: OIDGOST28147Wrap, strip: true},
	{OID: OIDStdDHGOST, Digest: OIDGOST34311, Wrap: OIDGOST28147Wrap, strip: true},
	{OID: OIDCofactorDHKupyna, Cofactor: true, Digest: OIDKupyna256, Wrap: OIDKalynaWrap},
	{OID: OIDStdDHKupyna, Digest: OIDKupyna256, Wrap: OIDKalynaWrap},
}

// KeyAgreementByOID returns the scheme with the identifier.
func KeyAgreementByOID(oid asn1.ObjectIdentifier) (KeyAgreement, bool) {
	for _, k := range agreements {
		if k.OID.Equal(oid) {
			return k, true
		}
	}
	return KeyAgreement{}, false
}

// ErrSharedSecret means that a key outside this module gave something that no shared secret is.
var ErrSharedSecret = errors.New("alg: invalid shared secret")

// Agree returns the shared secret: the abscissa of the common point, FieldSize octets,
// big-endian. It is secret. If key gives a secret of another length, or zero, which is the abscissa
// of no point of the group, the error is [ErrSharedSecret].
func (k KeyAgreement) Agree(key dstu4145.KeyExchanger, peer *dstu4145.PublicKey) ([]byte, error) {
	exchange := key.ECDH
	if k.Cofactor {
		exchange = key.CofactorECDH
	}
	z, err := exchange(peer)
	if err != nil {
		return nil, err
	}
	size := peer.Curve().FieldSize()
	if len(z) != size || subtle.ConstantTimeCompare(z, make([]byte, size)) == 1 {
		return nil, ErrSharedSecret
	}
	return z, nil
}

// SharedInfo returns what the key derivation binds the key to: the key wrap (with NULL, or, as
// one older writer did, without parameters), the user keying material if there is any, and the
// length of the key, 256 bits.
func SharedInfo(wrap asn1.ObjectIdentifier, null bool, ukm []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		AddIdentifier(b, wrap, null)
		if ukm != nil {
			b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) { b.AddASN1OctetString(ukm) })
		}
		b.AddASN1(der.Explicit(2), func(b *cryptobyte.Builder) { b.AddASN1OctetString([]byte{0, 0, 1, 0}) })
	})
	return b.BytesOrPanic() // fixed shape: cannot fail
}

// DeriveKEK derives the key encryption key, 32 octets, from the shared secret z:
// Hash(z ‖ 00000001 ‖ sharedInfo). The schemes with GOST 34.311 remove all leading zero octets
// of z first; the length that goes into the hash, and so the time, then depends on z. The
// schemes with Kupyna do not. An empty z is [ErrSharedSecret].
func (k KeyAgreement) DeriveKEK(z, sharedInfo []byte) ([]byte, error) {
	d, ok := digestByOID(k.Digest)
	if !ok {
		return nil, unsupported("digest", k.Digest)
	}
	if len(z) == 0 {
		return nil, ErrSharedSecret
	}
	if k.strip {
		z = z[leadingZeros(z):]
	}
	h := d.new(nil)
	h.Write(z)
	h.Write([]byte{0, 0, 0, 1})
	h.Write(sharedInfo)
	return h.Sum(nil)[:32], nil
}

// leadingZeros counts the zero octets at the start, reading all of z. The count is what the
// standard's derivation reveals by its length.
func leadingZeros(z []byte) int {
	n, zero := 0, 1
	for _, b := range z {
		zero &= int((uint32(b) - 1) >> 31)
		n += zero
	}
	return n
}

// KeyWrap protects a content encryption key with a key encryption key.
type KeyWrap struct {
	OID         asn1.ObjectIdentifier
	KeySize     int // of both keys, octets
	WrappedSize int // octets

	wrap   func(rand io.Reader, kek, cek []byte, s *gost28147.SBox) ([]byte, error)
	unwrap func(kek, wrapped []byte, s *gost28147.SBox) ([]byte, error)
}

var wraps = []KeyWrap{
	{OID: OIDGOST28147Wrap, KeySize: 32, WrappedSize: 44, wrap: gost28147.Wrap, unwrap: gost28147.Unwrap},
	{OID: OIDKalynaWrap, KeySize: 32, WrappedSize: 96, wrap: kalynaWrap, unwrap: kalynaUnwrap},
}

func kalynaWrap(rand io.Reader, kek, cek []byte, _ *gost28147.SBox) ([]byte, error) {
	return kalyna.Wrap(rand, kek, cek)
}

func kalynaUnwrap(kek, wrapped []byte, _ *gost28147.SBox) ([]byte, error) {
	return kalyna.Unwrap(kek, wrapped)
}

// KeyWrapByOID returns the key wrap with the identifier.
func KeyWrapByOID(oid asn1.ObjectIdentifier) (KeyWrap, bool) {
	for _, w := range wraps {
		if w.OID.Equal(oid) {
			return w, true
		}
	}
	return KeyWrap{}, false
}

// Wrap returns cek under kek. sbox is that of the recipient's key, nil for DKE No. 1, and of use to
// GOST 28147 only; rand nil is crypto/rand.
func (w KeyWrap) Wrap(rand io.Reader, kek, cek []byte, sbox *gost28147.SBox) ([]byte, error) {
	return w.wrap(rand, kek, cek, sbox)
}

// Unwrap is the inverse of Wrap. It has one error for everything that can be wrong.
func (w KeyWrap) Unwrap(kek, wrapped []byte, sbox *gost28147.SBox) ([]byte, error) {
	return w.unwrap(kek, wrapped, sbox)
}
