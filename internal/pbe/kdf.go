package pbe

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"hash"

	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/kupyna"
)

// prf is a pseudo-random function of PBKDF2.
type prf struct {
	keyed func(password []byte) (hash.Hash, error)
	size  int // of the output, octets
}

func hmacPRF(h func() hash.Hash) *prf {
	return &prf{func(password []byte) (hash.Hash, error) { return hmac.New(h, password), nil }, h().Size()}
}

// prfs are the pseudo-random functions by object identifier.
var prfs = map[string]*prf{
	"1.2.804.2.1.1.1.1.1.2":   hmacPRF(gost34311.New),
	"1.2.804.2.1.1.1.1.2.2.4": kupynaPRF(kupyna.NewMAC256, kupyna.Size256),
	"1.2.804.2.1.1.1.1.2.2.5": kupynaPRF(kupyna.NewMAC384, kupyna.Size384),
	"1.2.804.2.1.1.1.1.2.2.6": kupynaPRF(kupyna.NewMAC512, kupyna.Size512),
	oidHMACSHA1:               hmacPRF(sha1.New),
	"1.2.840.113549.2.8":      hmacPRF(sha256.New224),
	"1.2.840.113549.2.9":      hmacPRF(sha256.New),
	"1.2.840.113549.2.10":     hmacPRF(sha512.New384),
	"1.2.840.113549.2.11":     hmacPRF(sha512.New),
	"1.2.840.113549.2.12":     hmacPRF(sha512.New512_224),
	"1.2.840.113549.2.13":     hmacPRF(sha512.New512_256),
}

// kupynaPRF is an authentication code of Kupyna keyed with the password, cut or padded with zeros to
// the length of its key. Only the one of 256 bits has been seen; the others go by it.
func kupynaPRF(mac func(key []byte) (hash.Hash, error), size int) *prf {
	return &prf{func(password []byte) (hash.Hash, error) {
		key := make([]byte, size)
		copy(key, password)
		return mac(key)
	}, size}
}

// pbkdf2 derives size octets (RFC 8018, 5.2).
func pbkdf2(mac hash.Hash, salt []byte, iterations uint64, size int) []byte {
	var out, u, t []byte
	for block := uint32(1); len(out) < size; block++ {
		mac.Reset()
		mac.Write(salt)
		mac.Write(binary.BigEndian.AppendUint32(nil, block))
		u = mac.Sum(u[:0])
		t = append(t[:0], u...)
		for i := uint64(1); i < iterations; i++ {
			mac.Reset()
			mac.Write(u)
			u = mac.Sum(u[:0])
			subtle.XORBytes(t, t, u)
		}
		out = append(out, t...)
	}
	return out[:size]
}

// digest is a hash function of PKCS#12: its block as RFC 7292 calls v, and its MAC.
type digest struct {
	new func() hash.Hash
	v   int
	mac func(key []byte) (hash.Hash, error)
}

func hmacDigest(h func() hash.Hash) *digest {
	return &digest{h, h().BlockSize(), hmacPRF(h).keyed}
}

// digests are the hash functions of PKCS#12 MACs by object identifier.
var digests = map[string]*digest{
	oidGOST34311:              hmacDigest(gost34311.New),
	"1.2.804.2.1.1.1.1.2.2.1": {kupyna.New256, 64, kupyna.NewMAC256},
	"1.2.804.2.1.1.1.1.2.2.2": {kupyna.New384, 128, kupyna.NewMAC384},
	"1.2.804.2.1.1.1.1.2.2.3": {kupyna.New512, 128, kupyna.NewMAC512},
	oidSHA1:                   hmacDigest(sha1.New),
	"2.16.840.1.101.3.4.2.4":  hmacDigest(sha256.New224),
	"2.16.840.1.101.3.4.2.1":  hmacDigest(sha256.New),
	"2.16.840.1.101.3.4.2.2":  hmacDigest(sha512.New384),
	"2.16.840.1.101.3.4.2.3":  hmacDigest(sha512.New),
	"2.16.840.1.101.3.4.2.5":  hmacDigest(sha512.New512_224),
	"2.16.840.1.101.3.4.2.6":  hmacDigest(sha512.New512_256),
}

// Purposes of keys of PKCS#12.
const (
	idKey = 1
	idIV  = 2
	idMAC = 3
)

// pkcs12 derives size octets for the purpose id (RFC 7292, appendix B.2).
func pkcs12(d *digest, id byte, password, salt []byte, iterations uint64, size int) []byte {
	h := d.new()
	diversifier := make([]byte, d.v)
	for i := range diversifier {
		diversifier[i] = id
	}
	in := append(fill(salt, d.v), fill(password, d.v)...)
	var out, a []byte
	b := make([]byte, d.v)
	for {
		h.Reset()
		h.Write(diversifier)
		h.Write(in)
		a = h.Sum(a[:0])
		for i := uint64(1); i < iterations; i++ {
			h.Reset()
			h.Write(a)
			a = h.Sum(a[:0])
		}
		out = append(out, a...)
		if len(out) >= size {
			return out[:size]
		}
		for i := range b {
			b[i] = a[i%len(a)]
		}
		for block := in; len(block) > 0; block = block[d.v:] {
			carry := uint(1)
			for i := d.v - 1; i >= 0; i-- {
				carry += uint(block[i]) + uint(b[i])
				block[i] = byte(carry)
				carry >>= 8
			}
		}
	}
}

// fill repeats b to a multiple of v octets; nothing stays nothing.
func fill(b []byte, v int) []byte {
	n := (len(b) + v - 1) / v * v
	out := make([]byte, 0, n)
	for len(out) < n {
		out = append(out, b[:min(len(b), n-len(out))]...)
	}
	return out
}

// iitHashes is how often the classic Key-6.dat hashes the password.
const iitHashes = 10_000

// IITKey derives the 32-octet key of the classic Key-6.dat of IIT: the password, in windows-1251,
// hashed 10 000 times by GOST 34.311.
func IITKey(password []byte) []byte {
	key := gost34311.Sum(password)
	for range iitHashes - 1 {
		key = gost34311.Sum(key[:])
	}
	return key[:]
}
