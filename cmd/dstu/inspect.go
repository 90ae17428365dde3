package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

// oidTSTInfo is the content type of timestamp tokens.
const oidTSTInfo = "1.2.840.113549.1.9.16.1.4"

// thing is one inspected file. Its JSON form is one object: file, type, the members of the part,
// and error.
type thing struct {
	file  string
	kind  string
	part  any // pointer to certificateJSON, bundleJSON, …; nil if there is nothing to say
	fault *faultJSON
	why   string // the message of fault without the name of the file
}

// MarshalJSON splices the objects together: their members cannot collide, and keep their order.
func (t *thing) MarshalJSON() ([]byte, error) {
	out := []byte("{")
	head := struct {
		File string `json:"file"`
		Type string `json:"type"`
	}{t.file, t.kind}
	tail := struct {
		Error *faultJSON `json:"error,omitempty"`
	}{t.fault}
	for _, part := range []any{head, t.part, tail} {
		if part == nil {
			continue
		}
		object, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		if members := object[1 : len(object)-1]; len(members) > 0 {
			if len(out) > 1 {
				out = append(out, ',')
			}
			out = append(out, members...)
		}
	}
	return append(out, '}'), nil
}

type bundleJSON struct {
	Certificates []certificateJSON  `json:"certificates"`
	Failed       []bundleFailedJSON `json:"failed"`
}

type bundleFailedJSON struct {
	Index int    `json:"index"`
	Error string `json:"error"`
}

type requestJSON struct {
	SubjectCN    *string `json:"subject_cn"`
	Subject      string  `json:"subject"`
	PublicKey    string  `json:"public_key_hex"`
	SignatureAlg string  `json:"signature_algorithm"`
}

type transportJSON struct {
	Header   []fieldJSON   `json:"header"`
	Sections []sectionJSON `json:"sections"`
}

type fieldJSON struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type sectionJSON struct {
	Label string `json:"label"`
	Size  int    `json:"size"`
}

type inspectCommand struct {
	*app
	keys keyFlags
}

func (a *app) inspectCommand() *cobra.Command {
	c := &inspectCommand{app: a}
	cmd := &cobra.Command{
		Use:   "inspect FILE…",
		Short: "Say what each file is",
		Long: `Say what each file is: certificate, bundle, request, revocation list, signed or enveloped
message, key container, OCSP or timestamp message, transport message. Nothing is verified.
A key container is opened if its password is given.`,
		Example: `  dstu inspect cert.cer message.p7s
  dstu inspect --json CACertificates.p7b
  dstu inspect --password-file pass Key-6.dat`,
		Args: someFiles,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(args) },
	}
	c.keys.passwords.register(cmd.Flags(), "", "key containers")
	return cmd
}

// run inspects every file, and reports the first fault at the end.
func (c *inspectCommand) run(files []string) error {
	things := make([]*thing, 0, len(files))
	var first error
	for _, name := range files {
		t, err := c.inspect(name)
		if err != nil {
			t.why = reasonAlone(name, err)
			if classify(err).code != codeIO { // which names the file
				err = fmt.Errorf("%s: %w", name, err)
			}
			t.fault = classify(err).json()
			if first == nil {
				first = err
			}
		}
		things = append(things, t)
		if !c.json {
			var b strings.Builder
			t.write(&b)
			if err := c.print(b.String()); err != nil {
				return err
			}
		}
	}
	if c.json {
		if err := c.answer(things); err != nil {
			return err
		}
	}
	return first
}

// reasonAlone is the text of an error without the name of the file.
func reasonAlone(name string, err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return wording(strings.TrimPrefix(err.Error(), name+": "))
}

func (c *inspectCommand) inspect(name string) (*thing, error) {
	t := &thing{file: name, kind: typeUnknown}
	in, err := c.open(name)
	if err != nil {
		return t, err
	}
	defer in.Close()
	plain := bufio.NewReaderSize(in, peekSize)
	head, _ := plain.Peek(peekSize)
	switch {
	case contentInfo(head) == 2:
		t.kind = typeSigned
		return t, t.signed(plain)
	case !familiar(head):
		return t, errUnknown
	}
	data, err := readWhole(name, plain)
	if err != nil {
		return t, err
	}
	if data, err = unwrapAll(data); err != nil {
		return t, err
	}
	t.kind = detect(data)
	switch t.kind {
	case typeCertificate:
		err = t.certificate(data)
	case typeBundle:
		err = t.bundle(data)
	case typeSigned:
		err = t.signed(bytes.NewReader(data))
	case typeEnveloped:
		var e *cms.EnvelopedData
		if e, err = cms.ParseEnveloped(data); err == nil {
			t.part = describeEnveloped(e)
		}
	case typeCSR:
		err = t.request(data)
	case typeCRL:
		set(t, describeCRL(data))
	case typeOCSPResponse:
		set(t, describeOCSP(data))
	case typeTSPRequest:
		set(t, describeStamp(data, true))
	case typeTSPResponse:
		set(t, describeStampResponse(data))
	case typeTransport:
		err = t.transport(data)
	case typeContainer, typePrivateKey:
		err = c.container(t, data)
	case typeUnknown:
		err = unknownType(data)
	}
	return t, err
}

var errUnknown = malformed("none of the known types, or malformed")

// set gives a thing its part, if there is something to say of it.
func set[T any](t *thing, part *T) {
	if part != nil {
		t.part = part
	}
}

// unknownType is errUnknown, or says that data begins like DER and is cut short.
func unknownType(data []byte) error {
	if cutShort(data) {
		return malformed("cut short: not all of what the first octets announce is there")
	}
	return errUnknown
}

func (t *thing) certificate(data []byte) error {
	cert, err := pkix.ParseCertificate(data)
	if err != nil {
		return badCertificate(t.kind, err)
	}
	j := describeCertificate(cert)
	t.part = &j
	return nil
}

func (t *thing) bundle(data []byte) error {
	b, err := pkix.ParseBundle(data)
	if err != nil {
		return badCertificate(t.kind, err)
	}
	return t.members(b)
}

func (t *thing) members(b *pkix.Bundle) error {
	j := &bundleJSON{describeCertificates(b.Certificates), []bundleFailedJSON{}}
	for _, f := range b.Failed {
		j.Failed = append(j.Failed, bundleFailedJSON{f.Index, f.Err.Error()})
	}
	t.part = j
	if len(b.Failed) > 0 {
		return badCertificate(t.kind, fmt.Errorf("%d of %d members cannot be read", len(b.Failed), len(b.Failed)+len(b.Certificates)))
	}
	return nil
}

// signed tells signed messages from timestamp tokens and from sets of certificates without a
// signer. The content streams by.
func (t *thing) signed(in io.Reader) error {
	r, err := cms.NewSignedReader(in)
	if err != nil {
		return err
	}
	head, err := io.ReadAll(io.LimitReader(r, peekSize))
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	s, err := r.SignedData()
	if err != nil {
		return err
	}
	if len(s.Signers) == 0 && len(s.RawCertificates) > 0 {
		t.kind = typeBundle
		return t.members(s.Certificates)
	}
	j := describeSigned(s)
	if s.ContentType.String() == oidTSTInfo {
		t.kind = typeTimestamp
		j.Timestamp = describeStamp(head, false)
	}
	t.part = j
	return nil
}

func (t *thing) request(data []byte) error {
	r, err := pkix.ParseCertificateRequest(data)
	if err != nil {
		return err
	}
	t.part = &requestJSON{
		SubjectCN: text(r.Subject.CommonName()), Subject: r.Subject.String(),
		PublicKey: fmt.Sprintf("%x", r.RawPublicKey), SignatureAlg: oid(r.SignatureOID),
	}
	return nil
}

func (t *thing) transport(data []byte) error {
	c, err := transport.Parse(data)
	if err != nil {
		return err
	}
	j := &transportJSON{Header: []fieldJSON{}, Sections: []sectionJSON{}}
	if c.Header != nil {
		j.Header = fields(c.Header.Fields)
	}
	for _, s := range c.Sections {
		j.Sections = append(j.Sections, sectionJSON{s.Label, len(s.Content)})
	}
	t.part = j
	return nil
}

func fields(list []transport.Field) []fieldJSON {
	out := make([]fieldJSON, 0, len(list))
	for _, f := range list {
		out = append(out, fieldJSON(f))
	}
	return out
}

// container opens a container if that needs no password or one was given. Otherwise the empty
// password tells a container to which there is another from a file that none would open.
func (c *inspectCommand) container(t *thing, data []byte) error {
	format := keystore.Detect(data)
	t.part = &containerJSON{Format: string(format)}
	password, secret := "", false // secret: there is a password that was not given
	if format != keystore.FormatPKCS8 && format != keystore.FormatRaw {
		if secret = len(c.keys.passwords.list) == 0; !secret {
			var err error
			if password, err = c.passwordFor(&c.keys.passwords, 0, 1, t.file); err != nil {
				return err
			}
		}
	}
	store, err := openContainer(data, password, nil)
	switch {
	case secret && errors.Is(err, keystore.ErrPassword):
		return nil
	case err != nil:
		t.part = &containerJSON{Format: string(format), why: wording(err.Error())}
		return err
	}
	t.part = describeStore(store)
	return nil
}

// write prints a thing for people.
func (t *thing) write(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %s", shown(t.file), strings.ReplaceAll(t.kind, "_", " "))
	if t.why != "" && t.part == nil {
		fmt.Fprintf(b, ": %s", t.why)
	}
	fmt.Fprintln(b)
	var certs []certificateJSON
	switch part := t.part.(type) {
	case *certificateJSON:
		writeCertificate(b, "  ", part)
	case *bundleJSON:
		for _, f := range part.Failed {
			fmt.Fprintf(b, "  member %d cannot be read: %s\n", f.Index, wording(f.Error))
		}
		certs = part.Certificates
	case *signedJSON:
		fmt.Fprintf(b, "  content      %s, %s\n", nameOf(part.ContentType), detachment(part.Detached))
		if part.Timestamp != nil {
			part.Timestamp.write(b)
		}
		for _, s := range part.Signers {
			s.write(b)
		}
		certs = part.Certificates
	case *envelopedJSON:
		fmt.Fprintf(b, "  content      %s, %s\n", nameOf(part.ContentType), nameOf(part.ContentAlg))
		for _, r := range part.Recipients {
			r.write(b)
		}
		certs = part.Certificates
	case *containerJSON:
		part.write(b)
		certs = part.Certificates
	case *requestJSON:
		fmt.Fprintf(b, "  subject      %s\n  public key   %s\n  signed with  %s\n", part.Subject, part.PublicKey, nameOf(part.SignatureAlg))
	case *crlJSON:
		part.write(b)
	case *ocspJSON:
		part.write(b)
	case *stampJSON:
		part.write(b)
	case *transportJSON:
		for _, f := range part.Header {
			fmt.Fprintf(b, "  %s=%s\n", f.Key, f.Value)
		}
		for _, s := range part.Sections {
			fmt.Fprintf(b, "  section %s, %d octets\n", s.Label, s.Size)
		}
	}
	writeCertificates(b, certs)
}

// writeCertificates prints the certificates that a thing holds.
func writeCertificates(b *strings.Builder, certs []certificateJSON) {
	for _, c := range certs {
		fmt.Fprintln(b, "  certificate")
		writeCertificate(b, "    ", &c)
	}
}

func detachment(detached bool) string {
	if detached {
		return "detached"
	}
	return "attached"
}

func (r *recipientJSON) write(b *strings.Builder) {
	fmt.Fprintf(b, "  recipient    %s\n", identity(r.IssuerCN, r.Serial, r.KeyID))
	var how []string
	for _, s := range []string{nameOf(r.KeyAgreement), nameOf(r.Wrap)} {
		if s != "" { // some kinds of recipients have neither
			how = append(how, s)
		}
	}
	switch cms.OriginatorKind(r.Originator) {
	case cms.OriginatorIssuerSerial, cms.OriginatorKeyID:
		how = append(how, "originator with a certificate")
	case cms.OriginatorEphemeral:
		how = append(how, "originator with an ephemeral key")
	}
	if len(how) > 0 {
		fmt.Fprintf(b, "    %s\n", strings.Join(how, ", "))
	}
}

func (s *signerInfoJSON) write(b *strings.Builder) {
	fmt.Fprintf(b, "  signer       %s\n    %s, digest %s, level %s", identity(s.IssuerCN, s.Serial, s.SKI), nameOf(s.SignatureAlg), nameOf(s.DigestAlg), s.Level)
	if s.SigningTime != nil {
		fmt.Fprintf(b, ", claimed time %s", *s.SigningTime)
	}
	for _, stamp := range []struct {
		has  bool
		name string
	}{{s.ContentStamp, "content timestamp"}, {s.SigStamp, "signature timestamp"}} {
		if stamp.has {
			fmt.Fprintf(b, ", %s", stamp.name)
		}
	}
	fmt.Fprintln(b)
}

// identity names a certificate for people.
func identity(issuerCN, serial, keyID *string) string {
	switch {
	case serial == nil:
		return "key id " + value(keyID)
	case issuerCN == nil:
		return "serial " + *serial
	}
	return fmt.Sprintf("serial %s of «%s»", *serial, value(issuerCN))
}
