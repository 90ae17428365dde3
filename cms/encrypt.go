package cms

import (
	"bytes"
	"crypto/cipher"
	cryptorand "crypto/rand"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/pkix"
)

// Sender is the static key of an envelope's originator.
type Sender struct {
	Key         dstu4145.KeyExchanger
	Certificate *pkix.Certificate // of Key; required
}

// EncryptOptions modifies encryption. Nil is the same as the zero value: an ephemeral originator
// key for each recipient, cofactor Diffie-Hellman with the GOST 34.311 key derivation, GOST
// 28147 in feedback mode, and indefinite lengths unless the size is known.
type EncryptOptions struct {
	Sender                   *Sender               // nil: ephemeral keys, as for recipients on another curve than the sender's
	IncludeSenderCertificate bool                  // put the sender's certificate into originatorInfo
	ContentType              asn1.ObjectIdentifier // of the content; nil: data. Of signedData the content is a bare SignedData, see [SignOptions]
	Cipher                   asn1.ObjectIdentifier // nil: [CipherGOST28147]
	KeyAgreement             asn1.ObjectIdentifier // nil: cofactor Diffie-Hellman with the hash that goes with the cipher
	RecipientKeyIDs          bool                  // name recipients by key identifier, not by issuer and serial number
	Size                     int64                 // octets of content that will be written, if > 0: the message then has definite lengths
	Rand                     io.Reader             // nil: crypto/rand
}

// Content ciphers. Every reader knows the first; order 687 of 27.10.2020 names the second.
// [EncryptOptions] also takes the identifiers of the other modes that turn Kalyna with blocks of 128
// or 256 bits into a stream cipher (CTR, OFB, CFB); the key has 256 bits always.
var (
	CipherGOST28147 = slices.Clone(alg.OIDGOST28147CFB) // GOST 28147 in feedback mode
	CipherKalyna256 = slices.Clone(alg.OIDKalyna256CFB) // Kalyna-256/256 in feedback mode
)

var (
	errNoRecipients = errors.New("cms: no recipients")
	errSecret       = errors.New("cms: the sender's key returned a secret of the wrong length")
)

// bufferSize is a multiple of the unit of every content cipher.
const bufferSize = 32 << 10

// ukmSize is the length of the user keying material, random octets that make static keys agree
// on a new secret for each message.
const ukmSize = 64

// NewEncrypter returns a writer that takes the content and, when closed, completes an
// EnvelopedData on w for the holders of all certificates of to (RFC 5652; DSTU ISO/IEC 15946-3).
// w itself is not closed.
//
// The content is not authenticated: whoever can change the message can flip any bit of the
// content. Sign first, then encrypt.
//
// The key usage of the certificates is not looked at: of the two that a person mostly has, giving
// the one for key agreement is up to the caller, and so are dates and trust.
//
// The writer is not safe for concurrent use. Memory does not grow with the content.
func NewEncrypter(w io.Writer, to []*pkix.Certificate, o *EncryptOptions) (io.WriteCloser, error) {
	if o == nil {
		o = &EncryptOptions{}
	}
	size := int64(-1)
	if o.Size > 0 {
		size = o.Size
	}
	e, err := newEncrypter(w, to, o, size)
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Encrypt returns an EnvelopedData of content with definite lengths, as [NewEncrypter] makes it.
func Encrypt(content []byte, to []*pkix.Certificate, o *EncryptOptions) ([]byte, error) {
	if o == nil {
		o = &EncryptOptions{}
	}
	var out bytes.Buffer
	out.Grow(len(content) + 1<<10*len(to))
	w, err := newEncrypter(&out, to, o, int64(len(content)))
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

type encrypter struct {
	w       *ber.Writer
	open    int
	content io.WriteCloser
	stream  cipher.Stream
	unit    int    // all pieces but the last are multiples of it
	buf     []byte // plaintext not encrypted yet
	err     error
}

func newEncrypter(w io.Writer, to []*pkix.Certificate, o *EncryptOptions, size int64) (*encrypter, error) {
	rand := o.Rand
	if rand == nil {
		rand = cryptorand.Reader
	}
	id := o.Cipher
	if id == nil {
		id = alg.OIDGOST28147CFB
	}
	cc, err := alg.NewContentCipher(rand, id, gost28147.DKE1())
	if err != nil {
		return nil, fmt.Errorf("cms: %w", err)
	}
	cek := make([]byte, cc.KeySize())
	if _, err := io.ReadFull(rand, cek); err != nil {
		return nil, fmt.Errorf("cms: content key: %w", err)
	}
	agreement := o.KeyAgreement
	if agreement == nil {
		agreement = cc.KeyAgreement()
	}
	infos, err := wrapForAll(rand, cek, to, agreement, o)
	if err != nil {
		return nil, err
	}
	e := &encrypter{w: ber.NewWriter(w), unit: cc.Unit(), buf: make([]byte, 0, bufferSize)}
	if e.stream, err = cc.Encrypter(cek); err != nil {
		return nil, err
	}
	return e, e.begin(infos, cc, o, size)
}

// wrapForAll encrypts the content key for every recipient and encodes originatorInfo and
// recipientInfos.
func wrapForAll(rand io.Reader, cek []byte, to []*pkix.Certificate, agreement asn1.ObjectIdentifier, o *EncryptOptions) ([]byte, error) {
	if len(to) == 0 {
		return nil, errNoRecipients
	}
	if s := o.Sender; s != nil {
		err := present(s.Key != nil, s.Certificate != nil)
		if err == nil && !s.Key.PublicKey().Equal(s.Certificate.PublicKey) {
			err = errOtherKey
		}
		if err != nil {
			return nil, fmt.Errorf("cms: sender: %w", err)
		}
	}
	ka, ok := alg.KeyAgreementByOID(agreement)
	if !ok {
		return nil, unsupported("key agreement", agreement)
	}
	kw, ok := alg.KeyWrapByOID(ka.Wrap)
	if !ok {
		return nil, unsupported("key wrap", ka.Wrap)
	}
	if kw.KeySize != len(cek) {
		return nil, unsupported("key wrap with the content cipher", ka.Wrap)
	}
	var b cryptobyte.Builder
	if o.Sender != nil && o.IncludeSenderCertificate {
		b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) {
			addSetOf(b, der.Explicit(0), [][]byte{o.Sender.Certificate.Raw})
		})
	}
	var infos []*cmscore.RecipientInfo
	for _, cert := range to {
		info, err := wrapForOne(rand, cek, cert, ka, kw, o)
		if err != nil {
			return nil, err
		}
		infos = append(infos, info)
	}
	b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
		for _, info := range infos {
			info.Add(b)
		}
	})
	return b.Bytes()
}

func wrapForOne(rand io.Reader, cek []byte, cert *pkix.Certificate, ka alg.KeyAgreement, kw alg.KeyWrap, o *EncryptOptions) (*cmscore.RecipientInfo, error) {
	if cert == nil {
		return nil, errNoRecipients
	}
	pub, ok := cert.PublicKey.(*dstu4145.PublicKey)
	if !ok {
		return nil, unsupported("kind of recipient's key", cert.PublicKeyOID)
	}
	info := &cmscore.RecipientInfo{
		UKM:       make([]byte, ukmSize),
		Algorithm: cmscore.AlgorithmID{OID: ka.OID},
		Wrap:      cmscore.AlgorithmID{OID: kw.OID, Params: []byte{0x05, 0x00}},
	}
	if _, err := io.ReadFull(rand, info.UKM); err != nil {
		return nil, fmt.Errorf("cms: user keying material: %w", err)
	}
	key, err := originator(rand, info, pub.Curve(), o.Sender)
	if err != nil {
		return nil, err
	}
	z, err := ka.Agree(key, pub)
	if err != nil {
		return nil, fmt.Errorf("cms: key agreement: %w", err)
	}
	if len(z) != pub.Curve().FieldSize() {
		return nil, errSecret
	}
	kek, err := ka.DeriveKEK(z, alg.SharedInfo(kw.OID, true, info.UKM))
	if err != nil {
		return nil, err
	}
	out := cmscore.RecipientKey{ID: idOf(cert)}
	if o.RecipientKeyIDs {
		out.ID = cmscore.ID{KeyID: cert.SubjectKeyID}
		if out.ID.KeyID == nil {
			out.ID.KeyID = pkix.KeyID(pub, cert.SBox)
		}
	}
	if out.EncryptedKey, err = kw.Wrap(rand, kek, cek, cert.SBox); err != nil {
		return nil, fmt.Errorf("cms: key wrap: %w", err)
	}
	info.Keys = []cmscore.RecipientKey{out}
	return info, nil
}

// originator returns the key to agree with, the sender's if it is on the curve, else a new one,
// and names it in info. A
// new key is written with the identifier of its curve where there is one: every reader knows
// that form.
func originator(rand io.Reader, info *cmscore.RecipientInfo, curve *dstu4145.Curve, sender *Sender) (dstu4145.KeyExchanger, error) {
	if sender != nil && sender.Key.PublicKey().Curve() == curve {
		info.Originator.ID = idOf(sender.Certificate)
		return sender.Key, nil
	}
	key, err := curve.GenerateKey(rand)
	if err != nil {
		return nil, fmt.Errorf("cms: ephemeral key: %w", err)
	}
	p := alg.KeyParams{Curve: curve, Named: true}
	if info.Originator.Algorithm, err = cmscore.NewAlgorithmID(p.AddAlgorithmIdentifier); err != nil {
		return nil, err
	}
	var point cryptobyte.Builder
	point.AddASN1OctetString(p.EncodePoint(key.PublicKey()))
	info.Originator.PublicKey, err = point.Bytes()
	return key, err
}

// begin writes all that stands before the content.
func (e *encrypter) begin(infos []byte, cc *alg.ContentCipher, o *EncryptOptions, size int64) error {
	contentType := o.ContentType
	if contentType == nil {
		contentType = ContentTypeData
	}
	var head, content cryptobyte.Builder
	head.AddASN1Int64(2) // RFC 5652, 6.1: key agreement, no other certificates than X.509
	head.AddBytes(infos)
	content.AddASN1ObjectIdentifier(contentType)
	cc.AddAlgorithmIdentifier(&content)
	front, err := head.Bytes()
	if err != nil {
		return err
	}
	inner, err := content.Bytes()
	if err != nil {
		return err
	}
	body, info := int64(-1), int64(-1)
	if size >= 0 {
		info = int64(len(inner)) + element(size)
		body = int64(len(front)) + element(info)
	}
	if err := beginContentInfo(e.w, ContentTypeEnvelopedData, body, true, &e.open); err != nil {
		return err
	}
	if err := e.w.Raw(front); err != nil {
		return err
	}
	if err := e.w.Begin(cbasn1.SEQUENCE, info); err != nil {
		return err
	}
	e.open++
	if err := e.w.Raw(inner); err != nil {
		return err
	}
	e.content, err = e.w.String(der.Context(0), size)
	return err
}

// Write encrypts content.
func (e *encrypter) Write(p []byte) (int, error) {
	n := 0
	for n < len(p) && e.err == nil {
		k := min(len(p)-n, cap(e.buf)-len(e.buf))
		e.buf = append(e.buf, p[n:n+k]...)
		n += k
		e.err = e.encrypt(len(e.buf) / e.unit * e.unit)
	}
	return n, e.err
}

// encrypt encrypts and writes the first n bytes of the buffer.
func (e *encrypter) encrypt(n int) error {
	e.stream.XORKeyStream(e.buf[:n], e.buf[:n])
	_, err := e.content.Write(e.buf[:n])
	e.buf = e.buf[:copy(e.buf, e.buf[n:])]
	return err
}

// Close completes the message.
func (e *encrypter) Close() error {
	if e.err != nil {
		return e.err
	}
	e.err = errClosed
	if err := e.finish(); err != nil {
		e.err = err
		return err
	}
	return nil
}

func (e *encrypter) finish() error {
	if err := e.encrypt(len(e.buf)); err != nil {
		return err
	}
	if err := e.content.Close(); err != nil {
		return err
	}
	for range e.open {
		if err := e.w.End(); err != nil {
			return err
		}
	}
	return nil
}
