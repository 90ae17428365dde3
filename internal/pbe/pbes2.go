package pbe

import (
	"crypto/cipher"
	"encoding/asn1"
	"io"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/kalyna"
)

// SaltSize is the length of salts that are written, in octets.
const SaltSize = 32

// Suite is a set of algorithms that containers are written with.
type Suite struct {
	digest, prf, cipher asn1.ObjectIdentifier
	keySize, ivSize     int
	sbox                []byte // in the parameters of the cipher; nil: none
	seal                func(key, iv, data []byte) ([]byte, error)
}

var (
	// GOST is what Ukrainian software has always written: GOST 34.311, its HMAC, and GOST 28147 in
	// the mode of gamma with feedback, DKE No. 1.
	GOST = &Suite{
		digest:  alg.OIDGOST34311,
		prf:     alg.OIDHMACGOST34311,
		cipher:  alg.OIDGOST28147CFB,
		keySize: gost28147.KeySize,
		ivSize:  gost28147.BlockSize,
		sbox:    gost28147.DKE1().DKE(),
		seal:    sealGOST,
	}
	// Kalyna is the suite of the new standards: Kupyna-256, its MAC, and Kalyna-256/256 in the
	// mode of block chaining.
	Kalyna = &Suite{
		digest:  alg.OIDKupyna256,
		prf:     alg.OIDKupynaMAC256,
		cipher:  alg.OIDKalyna256CBC,
		keySize: 32,
		ivSize:  kalyna.BlockSize256,
		seal:    sealKalyna,
	}
)

func sealGOST(key, iv, data []byte) ([]byte, error) {
	block, err := gost28147.NewCipher(key, gost28147.DKE1())
	if err != nil {
		return nil, err
	}
	stream, err := gost28147.NewCFBEncrypter(block, iv)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(data))
	stream.XORKeyStream(out, data)
	return out, nil
}

// newKalyna returns Kalyna-256/256 without tables: what it encrypts here are keys.
func newKalyna(key []byte) (cipher.Block, error) {
	return kalyna.NewConstantTime(kalyna.BlockSize256, key)
}

func sealKalyna(key, iv, data []byte) ([]byte, error) {
	block, err := newKalyna(key)
	if err != nil {
		return nil, err
	}
	out := pad(data, kalyna.BlockSize256)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return out, nil
}

// PBES2 is an encryption by password that is written. It is immutable.
type PBES2 struct {
	suite *Suite
	key   derivation
	iv    []byte
}

// NewPBES2 draws the salt and the initialisation vector from random.
func NewPBES2(random io.Reader, suite *Suite, iterations int) (*PBES2, error) {
	salt := make([]byte, SaltSize)
	if _, err := io.ReadFull(random, salt); err != nil {
		return nil, err
	}
	s := &PBES2{suite: suite, key: derivation{
		prf:        prfs[suite.prf.String()],
		salt:       string(salt),
		iterations: uint64(iterations),
		size:       suite.keySize,
	}}
	return s.Next(random)
}

// Next returns an encryption with the same key and another initialisation vector, drawn from random: the
// parts of a container that share a key cost one derivation.
func (s *PBES2) Next(random io.Reader) (*PBES2, error) {
	next := &PBES2{suite: s.suite, key: s.key, iv: make([]byte, s.suite.ivSize)}
	if _, err := io.ReadFull(random, next.iv); err != nil {
		return nil, err
	}
	return next, nil
}

// Encrypt returns the ciphertext of data.
func (s *PBES2) Encrypt(session *Session, p Password, data []byte) ([]byte, error) {
	key, err := session.derive(s.key, p)
	if err != nil {
		return nil, err
	}
	return s.suite.seal(key, s.iv, data)
}

// AddAlgorithm writes the AlgorithmIdentifier.
func (s *PBES2) AddAlgorithm(b *cryptobyte.Builder) {
	addAlgorithm(b, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addAlgorithm(b, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}, s.addPBKDF2)
			addAlgorithm(b, s.suite.cipher, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1OctetString(s.iv)
					if s.suite.sbox != nil {
						b.AddASN1OctetString(s.suite.sbox)
					}
				})
			})
		})
	})
}

func (s *PBES2) addPBKDF2(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1OctetString([]byte(s.key.salt))
		b.AddASN1Uint64(s.key.iterations)
		addAlgorithm(b, s.suite.prf, addNull)
	})
}

func addAlgorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, parameters func(*cryptobyte.Builder)) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		parameters(b)
	})
}

func addNull(b *cryptobyte.Builder) { b.AddASN1NULL() }
