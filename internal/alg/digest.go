package alg

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/sha1" // foreign time stamps and key containers
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"hash"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/kupyna"
)

// digest is one row of the table of hash functions.
type digest struct {
	oid  asn1.ObjectIdentifier
	size int
	std  crypto.Hash // 0: ours
	new  func(*gost28147.SBox) hash.Hash
}

func plain(f func() hash.Hash) func(*gost28147.SBox) hash.Hash {
	return func(*gost28147.SBox) hash.Hash { return f() }
}

var digests = []digest{
	{oid: OIDGOST34311, size: 32, new: newGOST34311},
	{oid: OIDKupyna256, size: 32, new: plain(kupyna.New256)},
	{oid: OIDKupyna384, size: 48, new: plain(kupyna.New384)},
	{oid: OIDKupyna512, size: 64, new: plain(kupyna.New512)},
	{oid: OIDSHA256, size: 32, std: crypto.SHA256, new: plain(crypto.SHA256.New)},
	{oid: OIDSHA384, size: 48, std: crypto.SHA384, new: plain(crypto.SHA384.New)},
	{oid: OIDSHA512, size: 64, std: crypto.SHA512, new: plain(crypto.SHA512.New)},
	{oid: OIDSHA224, size: 28, std: crypto.SHA224, new: plain(crypto.SHA224.New)},
	{oid: OIDSHA1, size: 20, std: crypto.SHA1, new: plain(crypto.SHA1.New)},
}

func newGOST34311(s *gost28147.SBox) hash.Hash {
	if s == nil {
		return gost34311.New()
	}
	return gost34311.NewSBox(s)
}

func digestByOID(oid asn1.ObjectIdentifier) (digest, bool) {
	for _, d := range digests {
		if d.oid.Equal(oid) {
			return d, true
		}
	}
	return digest{}, false
}

// NewHash returns the constructor of a hash function. sbox is the S-box of GOST 34.311, nil
// for DKE No. 1; other functions ignore it.
func NewHash(oid asn1.ObjectIdentifier, sbox *gost28147.SBox) (func() hash.Hash, error) {
	d, ok := digestByOID(oid)
	if !ok {
		return nil, unsupported("digest", oid)
	}
	return func() hash.Hash { return d.new(sbox) }, nil
}

// HashSize returns the length of a digest in octets, 0 for an unknown function.
func HashSize(oid asn1.ObjectIdentifier) int {
	d, _ := digestByOID(oid)
	return d.size
}

// prfs is the table of keyed digests.
var prfs = []struct {
	oid asn1.ObjectIdentifier
	new func(key []byte) (hash.Hash, error)
}{
	{OIDHMACGOST34311, hmacOf(gost34311.New)},
	{OIDKupynaMAC256, kupyna.NewMAC256},
	{OIDKupynaMAC384, kupyna.NewMAC384},
	{OIDKupynaMAC512, kupyna.NewMAC512},
	{OIDHMACSHA1, hmacOf(crypto.SHA1.New)},
	{OIDHMACSHA224, hmacOf(crypto.SHA224.New)},
	{OIDHMACSHA256, hmacOf(crypto.SHA256.New)},
	{OIDHMACSHA384, hmacOf(crypto.SHA384.New)},
	{OIDHMACSHA512, hmacOf(crypto.SHA512.New)},
}

func hmacOf(f func() hash.Hash) func([]byte) (hash.Hash, error) {
	return func(key []byte) (hash.Hash, error) { return hmac.New(f, key), nil }
}

// NewPRF returns the constructor of a keyed digest: HMAC over GOST 34.311 (block and output 32
// octets, always DKE No. 1) or SHA, or the MAC of Kupyna, whose key has the length of its output.
func NewPRF(oid asn1.ObjectIdentifier) (func(key []byte) (hash.Hash, error), error) {
	for _, p := range prfs {
		if p.oid.Equal(oid) {
			return p.new, nil
		}
	}
	return nil, unsupported("keyed digest", oid)
}

// AddIdentifier writes an AlgorithmIdentifier without parameters, or with NULL.
func AddIdentifier(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, null bool) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		if null {
			b.AddASN1NULL()
		}
	})
}
