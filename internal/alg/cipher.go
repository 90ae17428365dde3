package alg

import (
	"crypto/cipher"
	cryptorand "crypto/rand"
	"encoding/asn1"
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/kalyna"
)

// ContentCipher is a stream mode of a block cipher with its parameters, as in
// EncryptedContentInfo and in password-based encryption.
type ContentCipher struct {
	OID  asn1.ObjectIdentifier
	IV   []byte
	SBox *gost28147.SBox // the dke of the parameters; nil: none written. GOST 28147 only
	// LongIV tells that the parameters had more octets than the block; IV holds the first ones.
	// One writer of test messages does that.
	LongIV bool

	mode *cipherMode
}

type cipherMode struct {
	oid     asn1.ObjectIdentifier
	keySize int
	ivSize  int
	unit    int
	dke     bool // the parameters may carry an S-box
	stream  func(key []byte, c *ContentCipher, decrypt bool) (cipher.Stream, error)
}

var cipherModes = []cipherMode{
	{oid: OIDGOST28147CFB, keySize: 32, ivSize: 8, unit: 1, dke: true, stream: gostCFB},
	{oid: OIDGOST28147CTR, keySize: 32, ivSize: 8, unit: 1, dke: true, stream: gostCTR},
	// The identifiers name the block and not the key: it is the one that the key wrap gives.
	{oid: OIDKalyna128CTR, keySize: 32, ivSize: kalyna.BlockSize128, unit: 1, stream: kalynaCTR},
	{oid: OIDKalyna256CTR, keySize: 32, ivSize: kalyna.BlockSize256, unit: 1, stream: kalynaCTR},
	{oid: OIDKalyna128OFB, keySize: 32, ivSize: kalyna.BlockSize128, unit: 1, stream: kalynaOFB},
	{oid: OIDKalyna256OFB, keySize: 32, ivSize: kalyna.BlockSize256, unit: 1, stream: kalynaOFB},
	{oid: OIDKalyna128CFB, keySize: 32, ivSize: kalyna.BlockSize128, unit: kalyna.BlockSize128, stream: kalynaCFB},
	{oid: OIDKalyna256CFB, keySize: 32, ivSize: kalyna.BlockSize256, unit: kalyna.BlockSize256, stream: kalynaCFB},
}

func gostCFB(key []byte, c *ContentCipher, decrypt bool) (cipher.Stream, error) {
	b, err := gost28147.NewCipher(key, c.SBox)
	if err != nil {
		return nil, err
	}
	if decrypt {
		return gost28147.NewCFBDecrypter(b, c.IV)
	}
	return gost28147.NewCFBEncrypter(b, c.IV)
}

func gostCTR(key []byte, c *ContentCipher, _ bool) (cipher.Stream, error) {
	b, err := gost28147.NewCipher(key, c.SBox)
	if err != nil {
		return nil, err
	}
	return gost28147.NewCTR(b, c.IV)
}

// newKalyna returns the cipher with blocks of the length of the initialisation vector.
func (c *ContentCipher) newKalyna(key []byte) (cipher.Block, error) {
	if len(c.IV) == kalyna.BlockSize128 {
		return kalyna.New128(key)
	}
	return kalyna.New256(key)
}

func kalynaCTR(key []byte, c *ContentCipher, _ bool) (cipher.Stream, error) {
	b, err := c.newKalyna(key)
	if err != nil {
		return nil, err
	}
	return kalyna.NewCTR(b, c.IV)
}

func kalynaOFB(key []byte, c *ContentCipher, _ bool) (cipher.Stream, error) {
	b, err := c.newKalyna(key)
	if err != nil {
		return nil, err
	}
	return kalyna.NewOFB(b, c.IV)
}

func kalynaCFB(key []byte, c *ContentCipher, decrypt bool) (cipher.Stream, error) {
	b, err := c.newKalyna(key)
	if err != nil {
		return nil, err
	}
	if decrypt {
		return kalyna.NewCFBDecrypter(b, c.IV, b.BlockSize())
	}
	return kalyna.NewCFBEncrypter(b, c.IV, b.BlockSize())
}

func cipherByOID(oid asn1.ObjectIdentifier) (*cipherMode, error) {
	for i := range cipherModes {
		if cipherModes[i].oid.Equal(oid) {
			return &cipherModes[i], nil
		}
	}
	return nil, unsupported("content cipher", oid)
}

// NewContentCipher returns a cipher with a fresh initialisation vector. sbox is written into the
// parameters and used; nil means DKE No. 1, not written. rand nil is crypto/rand.
func NewContentCipher(rand io.Reader, oid asn1.ObjectIdentifier, sbox *gost28147.SBox) (*ContentCipher, error) {
	mode, err := cipherByOID(oid)
	if err != nil {
		return nil, err
	}
	if rand == nil {
		rand = cryptorand.Reader
	}
	c := &ContentCipher{OID: mode.oid, IV: make([]byte, mode.ivSize), mode: mode}
	if mode.dke {
		c.SBox = sbox
	}
	if _, err := io.ReadFull(rand, c.IV); err != nil {
		return nil, fmt.Errorf("alg: initialisation vector: %w", err)
	}
	return c, nil
}

// ParseContentCipher reads the parameters of a content cipher: the octets behind the OID in its
// AlgorithmIdentifier. An initialisation vector longer than the block is cut, see
// [ContentCipher.LongIV]. Errors wrap [ErrUnsupported] or [ErrParams].
func ParseContentCipher(oid asn1.ObjectIdentifier, params cryptobyte.String) (*ContentCipher, error) {
	mode, err := cipherByOID(oid)
	if err != nil {
		return nil, err
	}
	c := &ContentCipher{OID: mode.oid, mode: mode}
	outer := der.New(params, "parameters")
	r := outer.Sequence("")
	iv := r.OctetString("iv")
	if mode.dke && r.Peek(cbasn1.OCTET_STRING) {
		if c.SBox, err = gost28147.ParseDKE(r.OctetString("dke")); err != nil {
			return nil, fmt.Errorf("%w: dke", ErrParams)
		}
	}
	if r.End() != nil || outer.End() != nil {
		return nil, fmt.Errorf("%w: %w", ErrParams, outer.Err())
	}
	if len(iv) < mode.ivSize {
		return nil, fmt.Errorf("%w: initialisation vector of %d octets", ErrParams, len(iv))
	}
	c.IV, c.LongIV = append([]byte(nil), iv[:mode.ivSize]...), len(iv) > mode.ivSize
	return c, nil
}

// Unit returns the number of octets of which the lengths of all calls of XORKeyStream but the last
// must be a multiple.
func (c *ContentCipher) Unit() int { return c.mode.unit }

// KeyAgreement returns the scheme with the cofactor of the generation of standards that the cipher
// belongs to.
func (c *ContentCipher) KeyAgreement() asn1.ObjectIdentifier {
	if c.mode.dke {
		return OIDCofactorDHGOST
	}
	return OIDCofactorDHKupyna
}

// KeySize returns the length of the key in octets.
func (c *ContentCipher) KeySize() int { return c.mode.keySize }

// Encrypter returns a stream that encrypts.
func (c *ContentCipher) Encrypter(key []byte) (cipher.Stream, error) {
	return c.mode.stream(key, c, false)
}

// Decrypter returns a stream that decrypts. Nothing is authenticated.
func (c *ContentCipher) Decrypter(key []byte) (cipher.Stream, error) {
	return c.mode.stream(key, c, true)
}

// AddAlgorithmIdentifier writes the AlgorithmIdentifier of the cipher.
func (c *ContentCipher) AddAlgorithmIdentifier(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(c.OID)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1OctetString(c.IV)
			if c.SBox != nil {
				b.AddASN1OctetString(c.SBox.DKE())
			}
		})
	})
}
