package pbe

import (
	"encoding/asn1"
	"io"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
)

// SaltSize is the length of salts that are written, in octets.
const SaltSize = 32

// GOST is PBES2 as Ukrainian software writes it: PBKDF2 with HMAC-GOST34311, GOST 28147 in the
// mode of gamma with feedback, table DKE No. 1. It is immutable.
type GOST struct {
	key derivation
	iv  []byte
}

// NewGOST draws the salt and the initialisation vector from random.
func NewGOST(random io.Reader, iterations int) (*GOST, error) {
	b := make([]byte, SaltSize+gost28147.BlockSize)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, err
	}
	return &GOST{
		key: derivation{prf: prfs["1.2.804.2.1.1.1.1.1.2"], salt: string(b[:SaltSize]), iterations: uint64(iterations), size: gost28147.KeySize},
		iv:  b[SaltSize:],
	}, nil
}

// Encrypt returns the ciphertext of data, which has the same length.
func (g *GOST) Encrypt(session *Session, p Password, data []byte) ([]byte, error) {
	key, err := session.derive(g.key, p)
	if err != nil {
		return nil, err
	}
	block, err := gost28147.NewCipher(key, gost28147.DKE1())
	if err != nil {
		return nil, err
	}
	stream, err := gost28147.NewCFBEncrypter(block, g.iv)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(data))
	stream.XORKeyStream(out, data)
	return out, nil
}

// AddAlgorithm writes the AlgorithmIdentifier.
func (g *GOST) AddAlgorithm(b *cryptobyte.Builder) {
	addAlgorithm(b, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addAlgorithm(b, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}, g.addPBKDF2)
			addAlgorithm(b, asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 1, 1, 3}, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1OctetString(g.iv)
					b.AddASN1OctetString(gost28147.DKE1().DKE())
				})
			})
		})
	})
}

func (g *GOST) addPBKDF2(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1OctetString([]byte(g.key.salt))
		b.AddASN1Uint64(g.key.iterations)
		addAlgorithm(b, asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 1, 2}, addNull)
	})
}

func addAlgorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, parameters func(*cryptobyte.Builder)) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		parameters(b)
	})
}

func addNull(b *cryptobyte.Builder) { b.AddASN1NULL() }
