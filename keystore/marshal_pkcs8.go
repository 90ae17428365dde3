package keystore

import (
	"bytes"
	"math/bits"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/pkix"
)

// privateKeyInfo writes one key as PKCS#8, or two as IIT does.
func privateKeyInfo(entries []*Entry) ([]byte, error) {
	if len(entries) == 2 {
		return iitPrivateKeyInfo(entries)
	}
	return marshalPrivateKey(entries[0], nil)
}

// marshalPrivateKey writes one key. With the numbers of the curve goes its table, as IIT has it.
func marshalPrivateKey(e *Entry, attributes []byte) ([]byte, error) {
	p, _, _ := e.params()
	sbox := e.SBox
	if sbox == nil && !e.NamedCurve {
		sbox = gost28147.DKE1()
	}
	info := &pkix.PrivateKeyInfo{
		Key: e.Key, AlgorithmOID: e.Algorithm, SBox: sbox,
		NamedCurve: e.NamedCurve, BigEndian: p.BigEndian,
	}
	info.SetAttributes(attributes)
	return pkix.MarshalPrivateKey(info)
}

// iitPrivateKeyInfo writes a PrivateKeyInfo with the attributes of IIT: the key identifier, and all
// of a second key.
func iitPrivateKeyInfo(entries []*Entry) ([]byte, error) {
	entries = order(entries)
	var b cryptobyte.Builder
	addIITAttribute(&b, iitSignKeyID, func(b *cryptobyte.Builder) { b.AddASN1OctetString(entries[0].KeyID()) })
	if len(entries) == 2 {
		second := entries[1]
		key, ok := second.Key.(*dstu4145.PrivateKey)
		if !ok {
			return nil, &UnsupportedError{FormatPKCS8, "second key other than of DSTU 4145"}
		}
		little := *second // the attribute has one byte order; identifiers go by the usual one
		little.Algorithm, little.bigEndian = nil, false
		addIITAttribute(&b, iitAgreeKeyID, func(b *cryptobyte.Builder) { b.AddASN1OctetString(little.KeyID()) })
		addIITAttribute(&b, iitAgreeKey, func(b *cryptobyte.Builder) { addScalar(b, key) })
		addIITAttribute(&b, iitParameters, func(b *cryptobyte.Builder) { addIITParameters(b, key.Curve(), second.SBox) })
	}
	attributes, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	return marshalPrivateKey(entries[0], attributes)
}

func addIITAttribute(b *cryptobyte.Builder, arc int, value func(*cryptobyte.Builder)) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(append(slices.Clone(oidIITAttributes), arc))
		b.AddASN1(cbasn1.SET, value)
	})
}

// addScalar writes a private key as a BIT STRING whose first bit is the least significant one. Like
// IIT it leaves out the highest bit of the order, unless the key has it.
func addScalar(b *cryptobyte.Builder, key *dstu4145.PrivateKey) {
	d := key.Bytes()
	size := key.Curve().OrderBits() - 1
	top := d[len(d)-1-size/8] >> (size % 8) & 1 // made public: the length of the string tells it
	size += int(top)
	slices.Reverse(d)
	octets := d[:(size+7)/8]
	for i, c := range octets {
		octets[i] = byte(bits.Reverse32(uint32(c)) >> 24)
	}
	b.AddASN1(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) {
		b.AddUint8(uint8(8*len(octets) - size))
		b.AddBytes(octets)
	})
}

// addIITParameters writes the curve of a second key: all numbers big-endian, exponents descending,
// and the table twice, the second time for wrapping keys.
func addIITParameters(b *cryptobyte.Builder, c *dstu4145.Curve, sbox *gost28147.SBox) {
	if sbox == nil {
		sbox = gost28147.DKE1()
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addField(b, c)
			b.AddASN1Int64(int64(c.A()))
			b.AddASN1OctetString(c.B())
			n := bytes.TrimLeft(c.Order(), "\x00")
			if n[0] >= 0x80 {
				n = append([]byte{0}, n...)
			}
			b.AddASN1(cbasn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(n) })
			b.AddASN1OctetString(c.Generator())
		})
		b.AddASN1OctetString(sbox.DKE())
		b.AddASN1OctetString(sbox.DKE())
	})
}

// addField writes the degree and the middle exponents of the field polynomial.
func addField(b *cryptobyte.Builder, c *dstu4145.Curve) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(int64(c.FieldBits()))
		exponents := c.Exponents()
		if len(exponents) == 1 {
			b.AddASN1Int64(int64(exponents[0]))
			return
		}
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, k := range slices.Backward(exponents) {
				b.AddASN1Int64(int64(k))
			}
		})
	})
}
