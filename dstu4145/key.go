package dstu4145

import (
	"crypto"
	"errors"
	"hash"
	"io"
	"log/slog"
)

// PrivateKey is a private key.
type PrivateKey struct{ curve *Curve }

// Public returns the *[PublicKey] of k.
func (k *PrivateKey) Public() crypto.PublicKey { return k.PublicKey() }

// PublicKey returns the public key of k.
func (k *PrivateKey) PublicKey() *PublicKey { return nil }

// Curve returns the curve of k.
func (k *PrivateKey) Curve() *Curve { return k.curve }

// Bytes returns the private number, big-endian, ScalarSize bytes.
func (k *PrivateKey) Bytes() []byte { return nil }

// Equal reports whether x is a *[PrivateKey] with the same curve and value, in constant time.
func (k *PrivateKey) Equal(x crypto.PrivateKey) bool { return false }

// String returns a text without the key.
func (k *PrivateKey) String() string { return "dstu4145.PrivateKey{REDACTED}" }

// GoString returns a text without the key.
func (k *PrivateKey) GoString() string { return k.String() }

// MarshalJSON returns a JSON string without the key.
func (k *PrivateKey) MarshalJSON() ([]byte, error) { return []byte(`"` + k.String() + `"`), nil }

// LogValue returns a value without the key.
func (k *PrivateKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// Sign signs a digest; the result is r‖s, each big-endian of ScalarSize bytes. rand nil: deterministic.
func (k *PrivateKey) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// SignMessage hashes msg with the hash of opts, which must be *[Options], and signs the digest.
func (k *PrivateKey) SignMessage(rand io.Reader, msg []byte, opts crypto.SignerOpts) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// ECDH returns the x coordinate of d·Q, big-endian, FieldSize bytes.
func (k *PrivateKey) ECDH(peer *PublicKey) ([]byte, error) { return nil, errors.ErrUnsupported }

// CofactorECDH returns the x coordinate of h·d·Q, big-endian, FieldSize bytes.
func (k *PrivateKey) CofactorECDH(peer *PublicKey) ([]byte, error) { return nil, errors.ErrUnsupported }

// PublicKey is a public key: a point of the subgroup of prime order.
type PublicKey struct{ curve *Curve }

// Curve returns the curve of p.
func (p *PublicKey) Curve() *Curve { return p.curve }

// Bytes returns the compressed point, big-endian, FieldSize bytes.
func (p *PublicKey) Bytes() []byte { return nil }

// BytesAffine returns the coordinates, big-endian, FieldSize bytes each.
func (p *PublicKey) BytesAffine() (x, y []byte) { return nil, nil }

// Equal reports whether x is a *[PublicKey] with the same curve and point.
func (p *PublicKey) Equal(x crypto.PublicKey) bool { return false }

// Verify reports whether sig (r‖s, each big-endian of ScalarSize bytes) is a signature of digest.
func Verify(pub *PublicKey, digest, sig []byte) bool { return false }

// KeyExchanger is a private key able to agree on a secret, in memory or in a device.
type KeyExchanger interface {
	PublicKey() *PublicKey
	ECDH(peer *PublicKey) ([]byte, error)
	CofactorECDH(peer *PublicKey) ([]byte, error)
}

// Options names the hash function of [PrivateKey.SignMessage].
type Options struct {
	Hash func() hash.Hash
}

// HashFunc returns 0: the hash functions used with DSTU 4145 have no [crypto.Hash] number.
func (o *Options) HashFunc() crypto.Hash { return 0 }

var (
	_ crypto.Signer        = (*PrivateKey)(nil)
	_ crypto.MessageSigner = (*PrivateKey)(nil)
	_ KeyExchanger         = (*PrivateKey)(nil)
)
