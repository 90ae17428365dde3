package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

// OpenOptions says with what to open a message. Nil is the same as the zero value.
type OpenOptions struct {
	// Recipients are the key-agreement keys that envelopes may be addressed to.
	Recipients []cms.Recipient
	// Certificates of signers and senders, besides those in the message; may be nil.
	Certificates *pkix.Pool
}

// LayerKind is the kind of a [Layer].
type LayerKind string

// Kinds of layers.
const (
	KindSections  LayerKind = "sections"
	KindSigned    LayerKind = "signed"
	KindEnveloped LayerKind = "enveloped"
)

// Layer is one step of peeling a message.
type Layer struct {
	Kind  LayerKind
	Label string // of the section that held it; "" if it stood without framing
	// Report of this layer alone. It passed if the layer is well-formed and, for signed data,
	// every signature and digest is right, for enveloped data, it was opened.
	Report *validation.Report

	Container *Container // of KindSections

	Signed *cms.Result // of KindSigned; nil if the data could not be read

	Envelope          *cms.EnvelopedData // of KindEnveloped, without the content; nil if it could not be read
	Recipient         int                // index in OpenOptions.Recipients of the key that opened it, or -1
	SenderCertificate *pkix.Certificate  // of a static originator; nil for an ephemeral key
}

// Signature is one signer of a message.
type Signature struct {
	Layer int // index in Message.Layers
	cms.SignerResult
}

// Message is what was found in a message. Parts that could not be reached are left out.
type Message struct {
	// Document is the innermost content, nil if it was not reached. It is authentic only as far
	// as Report and the signers' certificates are trusted.
	Document []byte
	// Layers from the outermost to the innermost.
	Layers []Layer
	// Officials are the signatures inside the outermost envelope, or all of them if there is
	// no envelope, in signing order: the innermost first, parallel signers as listed.
	Officials []Signature
	// Transport are the signatures around the outermost envelope, in signing order.
	Transport []Signature
	// Header has the fields of the outermost header, then those of inner headers whose keys do
	// not occur further out. Nothing protects the outermost header.
	Header Header
	// SenderCertificates are the contents of CERTCRYPT sections, outermost first.
	SenderCertificates []*pkix.Certificate
	// Report has the reports of Layers as parts. It passed if every layer passed, the document
	// was reached and there is at least one signature.
	Report *validation.Report
}

// Open peels a message down to the document: sections, signed and enveloped data in any order,
// bare or framed, with Base64 around the whole. Data that is none of these is the document.
//
// A signature that is wrong does not stop Open; a layer that cannot be read or decrypted does.
// The message is returned in every case, with a report for each layer that was met. The error is
// nil exactly when the report of the whole passed; errors.Is finds in it, among others,
// [ErrFormat], [cms.ErrNoRecipient], [cms.ErrNoSenderCertificate] and [cms.ErrDecryption]. A
// message without any signature is indeterminate, [validation.NoSigners].
//
// Signatures are checked for their mathematics and digests; trust in the signers' certificates
// is not evaluated. The document may share memory with data. Memory is proportional to the
// length of data for each of at most [MaxDepth] nested CMS layers.
func Open(ctx context.Context, data []byte, o *OpenOptions) (*Message, error) {
	return open(ctx, data, o, false)
}

// CheckStructure is what one who holds no key can do with a message, an intermediary for one
// (order No 3, 5.2.2 а): it peels like [Open] as far as the first envelope, checks the
// signatures met on the way and the structure of the envelope, and leaves the envelope closed.
// The report passes without any signature.
func CheckStructure(ctx context.Context, data []byte, o *OpenOptions) (*Message, error) {
	return open(ctx, data, o, true)
}

func open(ctx context.Context, data []byte, o *OpenOptions, sealed bool) (*Message, error) {
	if o == nil {
		o = new(OpenOptions)
	}
	p := &peeler{ctx: ctx, o: o, pool: o.Certificates, sealed: sealed, msg: &Message{Report: new(validation.Report)}}
	next := &step{data: unwrapBase64(data)}
	for next != nil {
		if err := ctx.Err(); err != nil {
			return p.msg, err
		}
		next = p.peel(next)
	}
	p.finish()
	return p.msg, p.msg.Report.Err()
}

// step is what is to be peeled next.
type step struct {
	data  []byte
	label string // of the section around it
	form  kind   // what data must be; unknown: look
}

type peeler struct {
	ctx    context.Context
	o      *OpenOptions
	pool   *pkix.Pool
	sealed bool
	depth  int // CMS layers so far
	msg    *Message
}

// peel takes one layer off and returns what is inside, or nil at the end.
func (p *peeler) peel(s *step) *step {
	form := s.form
	if form == unknown {
		form = detect(s.data)
	}
	if form == signed || form == enveloped {
		if p.depth == MaxDepth {
			return p.stop(Layer{Kind: form.layer(), Label: s.label}, validation.FormatFailure,
				fmt.Errorf("%w: more than %d nested layers", ErrFormat, MaxDepth))
		}
		p.depth++
	}
	switch form {
	case signed:
		return p.signed(s)
	case enveloped:
		return p.enveloped(s)
	case framed:
		return p.sections(s)
	case malformed:
		return p.stop(Layer{Kind: KindSigned, Label: s.label}, validation.FormatFailure,
			fmt.Errorf("%w: %s does not hold a CMS object", ErrFormat, s.label))
	default:
		p.msg.Document = s.data
		if p.msg.Document == nil {
			p.msg.Document = []byte{}
		}
		return nil
	}
}

// stop records a layer that cannot be peeled.
func (p *peeler) stop(l Layer, code validation.Code, err error) *step {
	verdict := validation.Failed
	if code == validation.AlgorithmUnsupported || code == validation.SenderCertificateNeeded {
		verdict = validation.Indeterminate
	}
	l.Report = new(validation.Report)
	l.Report.Add(validation.Check{Code: code, Verdict: verdict, Subject: l.Label, Err: err})
	p.msg.Layers = append(p.msg.Layers, l)
	return nil
}

func (p *peeler) sections(s *step) *step {
	l := Layer{Kind: KindSections, Label: s.label, Recipient: -1, Report: new(validation.Report)}
	c, err := Parse(s.data)
	if err != nil {
		code := validation.FormatFailure
		if errors.Is(err, errors.ErrUnsupported) {
			code = validation.AlgorithmUnsupported
		}
		return p.stop(l, code, err)
	}
	l.Container = c
	p.mergeHeader(c.Header)
	var payloads []Section
	for _, section := range c.Sections {
		switch {
		case section.isHeader():
			if h, ok := section.Header(); ok {
				p.mergeHeader(h)
			}
		case section.Label == LabelCertificate:
			p.certificate(&l, section.Content)
		case section.Form == Bare || section.Label == LabelStamp:
		default:
			payloads = append(payloads, section)
		}
	}
	if len(payloads) == 0 {
		return p.stop(l, validation.FormatFailure, fmt.Errorf("%w: no section with content", ErrFormat))
	}
	l.Report.Add(validation.Check{Code: validation.FormatFailure, Verdict: validation.Passed})
	main := max(0, slices.IndexFunc(payloads, func(s Section) bool { return s.Signed() || s.Encrypted() }))
	if len(payloads) > 1 {
		l.Report.Add(validation.Check{Code: validation.FormatFailure, Verdict: validation.Indeterminate, Subject: payloads[main].Label,
			Err: fmt.Errorf("transport: %d sections with content, of which one is opened", len(payloads))})
	}
	p.msg.Layers = append(p.msg.Layers, l)
	return p.content(payloads[main])
}

// content returns the step for the content of a section.
func (p *peeler) content(s Section) *step {
	if !s.Signed() && !s.Encrypted() {
		return &step{data: s.Content, label: s.Label, form: document}
	}
	if isQLB(s) {
		return p.qlb(s)
	}
	form := contentInfo(s.Content)
	switch {
	case form != unknown:
	case len(s.Content) == 0 || s.Content[0] != 0x30:
		form = malformed
	case s.Signed(): // without ContentInfo, or malformed, as package cms will say
		form = signed
	default:
		form = enveloped
	}
	return &step{data: s.Content, label: s.Label, form: form}
}

// certificate collects the sender's certificate for the envelopes to come.
func (p *peeler) certificate(l *Layer, der []byte) {
	cert, err := pkix.ParseCertificate(der)
	if err != nil {
		l.Report.Add(validation.Check{Code: validation.CertificateUnusable, Verdict: validation.Failed, Subject: LabelCertificate, Err: err})
		return
	}
	if len(p.msg.SenderCertificates) == 0 {
		p.pool = pkix.NewPool() // the caller's stays as it is
		if p.o.Certificates != nil {
			p.pool.Add(p.o.Certificates.Certificates()...)
		}
	}
	p.msg.SenderCertificates = append(p.msg.SenderCertificates, cert)
	p.pool.Add(cert)
}

func (p *peeler) mergeHeader(h *Header) {
	if h == nil {
		return
	}
	outer := p.msg.Header.Fields
	for _, f := range h.Fields {
		if !slices.ContainsFunc(outer, func(o Field) bool { return o.Key == f.Key }) {
			p.msg.Header.Fields = append(p.msg.Header.Fields, f)
		}
	}
}

func (p *peeler) signed(s *step) *step {
	l := Layer{Kind: KindSigned, Label: s.label, Recipient: -1}
	r, err := cms.NewSignedReader(bytes.NewReader(s.data))
	if err != nil {
		return p.stop(l, failure(err), err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return p.stop(l, failure(err), err)
	}
	result, err := r.CheckSignatures(p.ctx, &cms.CheckOptions{Certificates: p.pool})
	if result == nil {
		return p.stop(l, failure(err), err)
	}
	l.Signed, l.Report = result, result.Report
	p.msg.Layers = append(p.msg.Layers, l)
	if r.Detached() {
		return nil
	}
	return &step{data: content, form: contentForm(r.ContentType())}
}

func (p *peeler) enveloped(s *step) *step {
	l := Layer{Kind: KindEnveloped, Label: s.label, Recipient: -1}
	env, err := cms.ParseEnveloped(s.data)
	if err != nil {
		return p.stop(l, failure(err), err)
	}
	env.EncryptedContent = nil
	l.Envelope = env
	if p.sealed {
		l.Report = new(validation.Report)
		l.Report.Add(validation.Check{Code: validation.FormatFailure, Verdict: validation.Passed})
		p.msg.Layers = append(p.msg.Layers, l)
		return nil
	}
	d, err := cms.NewDecrypter(bytes.NewReader(s.data), &cms.DecryptOptions{Recipients: p.o.Recipients, Certificates: p.pool})
	if err != nil {
		return p.stop(l, failure(err), err)
	}
	content, err := io.ReadAll(d)
	if err != nil {
		return p.stop(l, failure(err), err)
	}
	l.Recipient, l.SenderCertificate = d.RecipientIndex(), d.SenderCertificate()
	l.Report = new(validation.Report)
	l.Report.Add(validation.Check{Code: validation.DecryptionFailure, Verdict: validation.Passed})
	p.msg.Layers = append(p.msg.Layers, l)
	return &step{data: content, form: contentForm(d.ContentType())}
}

// failure chooses the code for an error of package cms.
func failure(err error) validation.Code {
	switch {
	case errors.Is(err, cms.ErrNoRecipient):
		return validation.NoRecipient
	case errors.Is(err, cms.ErrNoSenderCertificate):
		return validation.SenderCertificateNeeded
	case errors.Is(err, cms.ErrDecryption):
		return validation.DecryptionFailure
	case errors.Is(err, cms.ErrUnsupported), errors.Is(err, errors.ErrUnsupported):
		return validation.AlgorithmUnsupported
	default:
		return validation.FormatFailure
	}
}

// finish orders the signatures and draws the verdict.
func (p *peeler) finish() {
	m := p.msg
	envelope := slices.IndexFunc(m.Layers, func(l Layer) bool { return l.Kind == KindEnveloped })
	for i, l := range slices.Backward(m.Layers) {
		if l.Signed == nil {
			continue
		}
		for _, s := range l.Signed.Signers {
			if i > envelope {
				m.Officials = append(m.Officials, Signature{i, s})
			} else {
				m.Transport = append(m.Transport, Signature{i, s})
			}
		}
	}
	for _, l := range m.Layers {
		m.Report.AddPart(l.Report)
	}
	if p.sealed {
		return
	}
	if m.Document == nil && m.Report.Verdict == validation.Passed {
		m.Report.Add(validation.Check{Code: validation.SignedDataNotFound, Verdict: validation.Indeterminate,
			Err: errors.New("transport: the message has no document")})
	}
	if len(m.Officials)+len(m.Transport) == 0 {
		m.Report.Add(validation.Check{Code: validation.NoSigners, Verdict: validation.Indeterminate,
			Err: errors.New("transport: the message has no signature")})
	}
}
