package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/cp1251"
	"github.com/ukrcrypto/dstu/pkix"
)

// Numbers of receipts (КВТНУМ).
const (
	FirstReceipt  = 1 // the message has arrived
	SecondReceipt = 2 // it was accepted for processing, or refused
)

// programZPGate is the PRG_TYPE of an encrypted receipt.
const programZPGate = "ZPGATE"

// ErrReceipt is the cause of every refusal of a receipt whose header is not that of a receipt.
var ErrReceipt = errors.New("transport: not a receipt")

// Receipt is a first or second receipt.
//
// Number, Result, Final and the other header fields are outside of every signature. What counts
// is the text, which the centre signed.
type Receipt struct {
	Number    int         // KVTNUM: [FirstReceipt], [SecondReceipt]; 0 if the line is absent
	Result    int         // RESULT: 0 is accepted. Meaningful if HasResult
	HasResult bool        // the line RESULT is present
	Final     bool        // the line FINKVT is present
	Encrypted bool        // the text came in an envelope
	Header    Header      // all fields
	Body      []byte      // the text as signed; nil if it was not reached
	Text      string      // the same, decoded: windows-1251 unless it is valid UTF-8 or XML that says otherwise
	XML       *ReceiptXML // nil if the text is no XML receipt
	Message   *Message    // all layers; Officials are the signatures of the centre if Encrypted
}

// Accepted reports what the header says of the result: a line RESULT with 0.
func (r *Receipt) Accepted() bool { return r.HasResult && r.Result == 0 }

// OpenReceipt opens a receipt in every variant of the field: encrypted or clear, with or without
// the signature of the gateway. The receipt is returned with whatever was reached; the error is
// that of [Open], or [ErrReceipt] if the numbers of the header cannot be read.
func OpenReceipt(ctx context.Context, data []byte, o *OpenOptions) (*Receipt, error) {
	m, err := Open(ctx, data, o)
	r := &Receipt{Header: m.Header, Message: m, Body: m.Document}
	for _, l := range m.Layers {
		r.Encrypted = r.Encrypted || l.Kind == KindEnveloped
	}
	_, r.Final = m.Header.Lookup(KeyFinal)
	if r.Body != nil {
		r.Text = decodeText(r.Body, m.Header.Get(KeyEncoding))
		if x, xmlErr := ParseReceiptXML(r.Body); xmlErr == nil {
			r.XML, r.Text = x, x.text
		}
	}
	if headerErr := r.numbers(); headerErr != nil && err == nil {
		err = headerErr
	}
	return r, err
}

func (r *Receipt) numbers() (err error) {
	if s, ok := r.Header.Lookup(KeyReceiptNumber); ok {
		if r.Number, err = strconv.Atoi(s); err != nil || r.Number < 0 {
			return fmt.Errorf("%w: %s=%q", ErrReceipt, KeyReceiptNumber, s)
		}
	}
	s, ok := r.Header.Lookup(KeyResult)
	if !ok {
		return nil
	}
	if r.Result, err = strconv.Atoi(s); err != nil {
		r.Result = -1 // whatever it is, it is not "accepted"
		return fmt.Errorf("%w: %s=%q", ErrReceipt, KeyResult, s)
	}
	r.HasResult = true
	return nil
}

// decodeText follows the rule of header values.
func decodeText(b []byte, encoding string) string {
	if encoding != "WIN" && utf8.Valid(b) {
		return string(b)
	}
	return cp1251.Decode(b)
}

// EncodeText converts a text to windows-1251, the encoding of receipts.
func EncodeText(s string) ([]byte, error) {
	b, ok := cp1251.Encode(s)
	if !ok {
		return nil, errors.New("transport: the text has a character outside windows-1251")
	}
	return b, nil
}

// ReceiptOptions says how to make a receipt.
type ReceiptOptions struct {
	Number int // [FirstReceipt] or [SecondReceipt]
	Result int // 0: accepted
	Final  bool
	// Signer is the seal of the centre.
	Signer cms.Signer
	// Envelope holds the key-agreement certificate of the respondent, as found in the CERTCRYPT
	// section of the report: [Message.SenderCertificates]. Required unless Clear is set.
	Envelope Envelope
	// Clear makes a receipt that is signed and not encrypted.
	Clear bool
	// Outer makes the signature of the gateway around the envelope; nil: Signer. OmitOuter
	// leaves it out.
	Outer     *cms.Signer
	OmitOuter bool
	// Header: the name of the respondent comes from the certificate of the envelope, the code
	// from the certificate of Signer. PRG_TYPE of an encrypted receipt is ZPGATE.
	Header HeaderOptions
	Rand   io.Reader // nil: crypto/rand
}

// PackReceipt makes a receipt. body is the text in windows-1251 ([EncodeText]) or an XML receipt
// ([ReceiptXML.MarshalBinary]); for the first receipt the date and time of receiving, for the
// second the results of the checks (order No 3, 5.2.3).
func PackReceipt(body []byte, o *ReceiptOptions) ([]byte, error) {
	if o == nil || o.Number != FirstReceipt && o.Number != SecondReceipt {
		return nil, fmt.Errorf("%w: the number is neither 1 nor 2", ErrReceipt)
	}
	if o.Signer.Certificate == nil {
		return nil, ErrNoSigner
	}
	message, err := Pack(body, &PackOptions{
		Signers: []cms.Signer{o.Signer}, Envelope: o.Envelope, Clear: o.Clear,
		Outer: o.Outer, OmitOuter: o.OmitOuter, Header: HeaderOptions{Omit: true}, Rand: o.Rand,
	})
	if err != nil || o.Header.Omit {
		return message, err
	}
	return prepend(o.header(), message)
}

func (o *ReceiptOptions) header() *Header {
	h := &Header{Fields: []Field{{KeyCertType, "UA1"}}}
	if len(o.Envelope.Recipients) > 0 {
		to := o.Envelope.Recipients[0]
		h.Fields = append(h.Fields, Field{KeyReceiverName, ownerName(to)}, Field{KeyReceiverEDRPOU, ownerCode(to)})
	}
	h.Fields = append(h.Fields,
		Field{KeyEDRPOU, ownerCode(o.Signer.Certificate)},
		Field{KeyFileName, o.Header.FileName},
		Field{KeyReceiverEmail, o.Header.Email},
		Field{KeyReceiptNumber, strconv.Itoa(o.Number)},
		Field{KeyResult, strconv.Itoa(o.Result)})
	if o.Final {
		h.Fields = append(h.Fields, Field{KeyFinal, "1"})
	}
	with := o.Header
	if !o.Clear {
		with.Program = programZPGate
	}
	return h.complete(&with)
}

// ReplyTo returns the certificate to encrypt the receipt of a message to: the first of
// SenderCertificates that is for key agreement, or nil.
func (m *Message) ReplyTo() *pkix.Certificate {
	for _, c := range m.SenderCertificates {
		if !c.HasKeyUsage || c.KeyUsage&pkix.KeyUsageKeyAgreement != 0 {
			return c
		}
	}
	return nil
}
