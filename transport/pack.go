package transport

import (
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/pkix"
)

// Program and ProgramVersion are the default PRG_TYPE and PRG_VER of messages made here. The version
// is that of this module: of the release, or of the next one before it.
const (
	Program        = "dstu"
	ProgramVersion = "0.1.0"
)

// Errors of packing that callers branch on.
var (
	// ErrNoSigner: no signer was given.
	ErrNoSigner = errors.New("transport: no signer")
	// ErrNoReceiver: no certificate was given to encrypt to.
	ErrNoReceiver = errors.New("transport: no certificate to encrypt to")
	// ErrNotForAgreement: the certificate to encrypt to is not for key agreement.
	ErrNotForAgreement = errors.New("transport: the certificate is not for key agreement")
)

// HeaderOptions says what a header holds. Fields with values that cannot be written in a header
// (see [Header.AppendBinary]) are refused when the message is made.
type HeaderOptions struct {
	Omit           bool      // no header at all
	FileName       string    // FILENAME; its meaning is not checked
	Email          string    // RCV_EMAIL
	Program        string    // PRG_TYPE; empty: [Program]
	ProgramVersion string    // PRG_VER; empty: [ProgramVersion]
	Time           time.Time // SND_DATE; zero: now
	Fields         []Field   // values instead of those above, and further fields
}

// NewHeader returns the eight fields that a sender writes, in the order of the IIT library:
// CERTYPE, RCV_NAME, EDRPOU, FILENAME, RCV_EMAIL, PRG_TYPE, PRG_VER, SND_DATE; then the further
// fields of o. Name and code (EDRPOU, else DRFO) come from the certificate of the sender.
// If the text would otherwise be taken for UTF-8, ENCODING=WIN is added.
func NewHeader(sender *pkix.Certificate, o *HeaderOptions) *Header {
	if o == nil {
		o = new(HeaderOptions)
	}
	h := &Header{Fields: []Field{
		{KeyCertType, "UA1"},
		{KeyReceiverName, ownerName(sender)},
		{KeyEDRPOU, ownerCode(sender)},
		{KeyFileName, o.FileName},
		{KeyReceiverEmail, o.Email},
	}}
	return h.complete(o)
}

// complete adds what every header of o has.
func (h *Header) complete(o *HeaderOptions) *Header {
	program, version, at := o.Program, o.ProgramVersion, o.Time
	if program == "" {
		program = Program
	}
	if version == "" {
		version = ProgramVersion
	}
	if at.IsZero() {
		at = time.Now()
	}
	h.Fields = append(h.Fields, Field{KeyProgram, program}, Field{KeyProgramVersion, version}, Field{KeySent, FormatSent(at)})
	for _, f := range o.Fields {
		h.Set(f.Key, f.Value)
	}
	if _, err := h.AppendBinary(nil); errors.Is(err, errAmbiguous) {
		h.Set(KeyEncoding, "WIN")
	}
	return h
}

func ownerName(c *pkix.Certificate) string {
	if name := c.Subject.Organization(); name != "" {
		return name
	}
	return c.Subject.CommonName()
}

func ownerCode(c *pkix.Certificate) string {
	if code := c.EDRPOU(); code != "" {
		return code
	}
	return c.DRFO()
}

// Envelope says how a message is encrypted.
type Envelope struct {
	// Recipients are the key-agreement certificates of the receiver; at least one.
	Recipients []*pkix.Certificate
	// Sender is the static key of the sender; nil: an ephemeral key.
	Sender *cms.Sender
	// SenderCertificate goes into the section CERTCRYPT, where the receiver finds to whom to
	// encrypt the receipt. Nil: that of Sender; without both there is no such section.
	SenderCertificate *pkix.Certificate
	// Cipher and KeyAgreement choose algorithms; nil: the defaults of package cms.
	Cipher, KeyAgreement asn1.ObjectIdentifier
}

// PackOptions says how to make a message.
type PackOptions struct {
	// Signers are the officials in signing order, the seal last; at least one. Each signs the
	// whole section of the one before.
	Signers []cms.Signer
	// Envelope is required unless Clear is set.
	Envelope Envelope
	// Clear makes a message of header and nested signatures only, that anybody can read.
	Clear bool
	// Outer makes the transport signature around the envelope; nil: the last of Signers.
	// OmitOuter leaves it out.
	Outer     *cms.Signer
	OmitOuter bool
	// Header fields; the sender is the signer of the transport signature.
	Header HeaderOptions
	Rand   io.Reader // nil: crypto/rand
}

// Pack makes the transport message of a document: the nested signatures of the officials, the
// sender's certificate and the envelope, the transport signature, and the header, each in a
// section of its own. Contents stay as they are: the document is not converted.
func Pack(document []byte, o *PackOptions) ([]byte, error) {
	if o == nil || len(o.Signers) == 0 {
		return nil, ErrNoSigner
	}
	if !o.Clear && len(o.Envelope.Recipients) == 0 {
		return nil, ErrNoReceiver
	}
	sender := &o.Signers[len(o.Signers)-1]
	if o.Outer != nil {
		sender = o.Outer
	}
	body := document
	var err error
	for _, s := range o.Signers {
		if body, err = sign(body, s, o.Rand); err != nil {
			return nil, err
		}
	}
	if !o.Clear {
		if body, err = o.Envelope.seal(body, o.Rand); err != nil {
			return nil, err
		}
		if !o.OmitOuter {
			if body, err = sign(body, *sender, o.Rand); err != nil {
				return nil, err
			}
		}
	}
	if o.Header.Omit {
		return body, nil
	}
	if sender.Certificate == nil {
		return nil, ErrNoSigner
	}
	return prepend(NewHeader(sender.Certificate, &o.Header), body)
}

// Wrap adds the signature of an intermediary around a whole message (order No 3, 5.2.2 в). header
// may be nil.
func Wrap(message []byte, s cms.Signer, header *Header, rand io.Reader) ([]byte, error) {
	if _, err := Parse(message); err != nil {
		return nil, err
	}
	body, err := sign(message, s, rand)
	if err != nil || header == nil {
		return body, err
	}
	return prepend(header, body)
}

// prepend puts a header before the sections of body.
func prepend(h *Header, body []byte) ([]byte, error) {
	c, err := Parse(body)
	if err != nil {
		return nil, err
	}
	c.Header = h
	return c.AppendBinary(nil)
}

// sign returns the section UA1_SIGN over content.
func sign(content []byte, s cms.Signer, rand io.Reader) ([]byte, error) {
	der, err := cms.Sign(content, []cms.Signer{s}, &cms.SignOptions{Rand: rand})
	if err != nil {
		return nil, err
	}
	c := Container{Sections: []Section{{Label: LabelSign, Content: der}}}
	return c.AppendBinary(nil)
}

// seal returns the sections CERTCRYPT and UA1_CRYPT over content.
func (e *Envelope) seal(content []byte, rand io.Reader) ([]byte, error) {
	for _, r := range e.Recipients {
		if r.HasKeyUsage && r.KeyUsage&pkix.KeyUsageKeyAgreement == 0 {
			sum := sha256.Sum256(r.Raw)
			return nil, fmt.Errorf("%w: %v (%x)", ErrNotForAgreement, r.Subject, sum[:4])
		}
	}
	der, err := cms.Encrypt(content, e.Recipients, &cms.EncryptOptions{
		Sender: e.Sender, Cipher: e.Cipher, KeyAgreement: e.KeyAgreement, Rand: rand,
	})
	if err != nil {
		return nil, err
	}
	var c Container
	cert := e.SenderCertificate
	if cert == nil && e.Sender != nil {
		cert = e.Sender.Certificate
	}
	if cert != nil {
		c.Sections = append(c.Sections, Section{Label: LabelCertificate, Content: cert.Raw})
	}
	c.Sections = append(c.Sections, Section{Label: LabelCrypt, Content: der})
	return c.AppendBinary(nil)
}
