package pkix

import (
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
)

// KeyID returns the key identifier of a DSTU 4145 key: GOST 34.311 of the DER OCTET STRING with
// the compressed little-endian point; sbox nil means DKE No. 1.
func KeyID(pub *dstu4145.PublicKey, sbox *gost28147.SBox) []byte { return nil }

// KeyIDKupyna is [KeyID] with Kupyna-256.
func KeyIDKupyna(pub *dstu4145.PublicKey) []byte { return nil }

// KeyIDs returns every identifier the key of c may be known by, without repetition: the
// extension, and the rules of [KeyID] with DKE No. 1 and with the DKE of the key, and of
// [KeyIDKupyna].
func (c *Certificate) KeyIDs() [][]byte { return nil }

// MatchesKeyID reports whether id is one of [Certificate.KeyIDs].
func (c *Certificate) MatchesKeyID(id []byte) bool { return false }
