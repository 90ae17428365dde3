package cms

import (
	"crypto/cipher"
	"encoding/asn1"
	"errors"
	"io"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/pkix"
)

// Recipient is a key that may open an envelope.
type Recipient struct {
	// Certificate of Key; may be nil. A key that the message does not name by it is found by its
	// key identifiers, through its certificates in DecryptOptions.Certificates, or by trying.
	Certificate *pkix.Certificate
	Key         dstu4145.KeyExchanger
}

// DecryptOptions says with what to open an envelope.
type DecryptOptions struct {
	Recipients   []Recipient
	Certificates *pkix.Pool // where to look for the sender's certificate, besides the message; may be nil
}

// Decrypter reads the content of an envelope. It is not safe for concurrent use. Memory does not
// grow with the content.
type Decrypter struct {
	msg    *cmscore.EnvelopedData
	stream cipher.Stream
	index  int
	sender *pkix.Certificate

	unit  int // all pieces but the last are multiples of it
	buf   []byte
	plain []byte // of buf: not read yet
	rest  []byte // of buf, behind plain: ciphertext short of a unit
	err   error  // what comes after plain
}

// NewDecrypter reads the beginning of an EnvelopedData message, in a ContentInfo or bare, and
// recovers the content key. r must end with the message; it is read ahead.
//
// Errors: [*FormatError] and [*ContentTypeError]; [ErrNoRecipient] if no given key is addressed;
// [*SenderCertificateError] if only the sender's certificate is missing; [*UnsupportedError];
// [ErrDecryption] for everything that depends on a secret; and those of r, wrapped.
func NewDecrypter(r io.Reader, o *DecryptOptions) (*Decrypter, error) {
	return newDecrypter(ber.NewReader(r), o)
}

func newDecrypter(r *ber.Reader, o *DecryptOptions) (*Decrypter, error) {
	if o == nil {
		o = &DecryptOptions{}
	}
	msg, err := cmscore.ReadEnvelopedData(r)
	if err != nil {
		return nil, err
	}
	if msg.Content == nil {
		return nil, &FormatError{What: "encryptedContentInfo", Err: errors.New("no encrypted content")}
	}
	op := newOpener(msg, o)
	if len(op.addressed) == 0 {
		return nil, ErrNoRecipient
	}
	cc, err := alg.ParseContentCipher(msg.ContentCipher.OID, msg.ContentCipher.Params)
	if errors.Is(err, alg.ErrUnsupported) {
		return nil, unsupported("content cipher", msg.ContentCipher.OID)
	}
	if err != nil {
		return nil, &FormatError{What: "contentEncryptionAlgorithm", Err: err}
	}
	d := &Decrypter{msg: msg, unit: cc.Unit(), buf: make([]byte, bufferSize)}
	cek, err := op.open(d)
	if err != nil {
		return nil, err
	}
	if d.stream, err = cc.Decrypter(cek); err != nil {
		return nil, ErrDecryption // a key of another length
	}
	return d, nil
}

// Read yields plaintext. It is not authenticated: a flipped bit of the message flips the same bit
// of the plaintext and garbles the next block, without an error. Whoever needs more verifies the
// signature inside. io.EOF comes after the whole message was read and is well-formed.
func (d *Decrypter) Read(p []byte) (int, error) {
	for len(d.plain) == 0 && d.err == nil {
		d.fill()
	}
	n := copy(p, d.plain)
	if d.plain = d.plain[n:]; len(d.plain) > 0 {
		return n, nil
	}
	return n, d.err
}

// fill decrypts what one read gives.
func (d *Decrypter) fill() {
	k := copy(d.buf, d.rest)
	n, err := d.msg.Content.Read(d.buf[k:])
	n += k
	ready := n / d.unit * d.unit
	switch {
	case err == nil:
	case err == io.EOF:
		ready = n
		if fault := d.msg.Finish(); fault != nil {
			err = fault
		}
	default:
		err = cmscore.Malformed("encryptedContent", err)
	}
	d.plain, d.rest, d.err = d.buf[:ready], d.buf[ready:n], err
	d.stream.XORKeyStream(d.plain, d.plain)
}

// ContentType of the plaintext: data, or signedData, in which case the plaintext is a bare
// SignedData that [NewSignedReader] and [ParseSigned] read.
func (d *Decrypter) ContentType() asn1.ObjectIdentifier { return d.msg.ContentType }

// RecipientIndex is the index in DecryptOptions.Recipients of the key that opened the envelope.
func (d *Decrypter) RecipientIndex() int { return d.index }

// SenderCertificate is the certificate of a static originator, nil for an ephemeral key. That the
// envelope opens shows that its writer holds the sender's or the recipient's key, no more.
func (d *Decrypter) SenderCertificate() *pkix.Certificate { return d.sender }

// Decrypt returns the content of an envelope. Errors are those of [NewDecrypter]; see
// [Decrypter.Read] on what the content is worth.
func Decrypt(p7e []byte, o *DecryptOptions) ([]byte, error) {
	d, err := newDecrypter(ber.NewBytesReader(p7e), o)
	if err != nil {
		return nil, err
	}
	return readAll(d, len(p7e))
}
