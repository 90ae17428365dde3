package pkix

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha1"
	"slices"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/kupyna"
)

// KeyID returns the key identifier of a DSTU 4145 key: GOST 34.311 of the DER OCTET STRING with
// the compressed point, least significant octet first. sbox is the S-box of the hash, nil for
// DKE No. 1; a few old certificates use the DKE of the key itself.
func KeyID(pub *dstu4145.PublicKey, sbox *gost28147.SBox) []byte {
	return gostKeyID(pointString(pub), sbox)
}

// KeyIDKupyna is [KeyID] with Kupyna-256, the rule of authorities since 2026.
func KeyIDKupyna(pub *dstu4145.PublicKey) []byte {
	id := kupyna.Sum256(pointString(pub))
	return id[:]
}

func pointString(pub *dstu4145.PublicKey) []byte {
	return octetString(alg.KeyParams{Curve: pub.Curve()}.EncodePoint(pub))
}

func gostKeyID(point []byte, sbox *gost28147.SBox) []byte {
	if sbox == nil {
		id := gost34311.Sum(point)
		return id[:]
	}
	id := gost34311.SumSBox(point, sbox)
	return id[:]
}

// KeyIDs returns every identifier the key of c may be known by, without repetition: the
// extension as written, then for a DSTU key GOST 34.311 with DKE No. 1 and with the DKE of the
// key, and Kupyna-256, all over the octets as the certificate writes them; for an ECDSA or RSA
// key SHA-1.
func (c *Certificate) KeyIDs() [][]byte {
	return keyIDs(c.SubjectKeyID, c.PublicKey, c.RawPublicKey, c.SBox)
}

func keyIDs(written []byte, pub crypto.PublicKey, raw []byte, sbox *gost28147.SBox) [][]byte {
	var ids [][]byte
	add := func(id []byte) {
		if len(id) > 0 && !slices.ContainsFunc(ids, func(o []byte) bool { return bytes.Equal(o, id) }) {
			ids = append(ids, id)
		}
	}
	add(written)
	switch pub.(type) {
	case *dstu4145.PublicKey:
		point := octetString(raw)
		add(gostKeyID(point, nil))
		if sbox != nil && !sbox.Equal(gost28147.DKE1()) {
			add(gostKeyID(point, sbox))
		}
		k := kupyna.Sum256(point)
		add(k[:])
	case *ecdsa.PublicKey, *rsa.PublicKey:
		s := sha1.Sum(raw) // method 1 of RFC 5280, 4.2.1.2: a name, not a protection
		add(s[:])
	}
	return ids
}

// MatchesKeyID reports whether id is one of [Certificate.KeyIDs].
func (c *Certificate) MatchesKeyID(id []byte) bool {
	return slices.ContainsFunc(c.KeyIDs(), func(o []byte) bool { return bytes.Equal(o, id) })
}

// MatchesPublicKey reports whether c certifies the key.
func (c *Certificate) MatchesPublicKey(pub crypto.PublicKey) bool {
	k, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(pub)
}
