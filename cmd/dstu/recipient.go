package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

// partyJSON names the holder of a certificate.
type partyJSON struct {
	SubjectCN *string `json:"subject_cn"`
	IssuerCN  *string `json:"issuer_cn"`
	Serial    *string `json:"serial_hex"`
	EDRPOU    *string `json:"edrpou"`
	DRFO      *string `json:"drfo"`
}

func parties(list []*pkix.Certificate) []partyJSON {
	out := make([]partyJSON, 0, len(list))
	for _, c := range list {
		out = append(out, partyJSON{text(c.Subject.CommonName()), text(c.Issuer.CommonName()), hexText(c.RawSerial), text(c.EDRPOU()), text(c.DRFO())})
	}
	return out
}

// holder names the holder of a certificate for people.
func holder(c *pkix.Certificate) string {
	if name := c.Subject.CommonName(); name != "" {
		return name
	}
	return c.Subject.String()
}

// agreementCertificates reads the certificates to encrypt to. Each file must leave no choice: of
// several certificates in it one may be for key agreement.
func (a *app) agreementCertificates(files []string) ([]*pkix.Certificate, error) {
	var out []*pkix.Certificate
	for _, name := range files {
		data, err := a.readAll(name)
		if err != nil {
			return nil, err
		}
		c, err := agreementCertificate(name, data)
		if err != nil {
			return nil, err
		}
		a.checkDates(c)
		out = append(out, c)
	}
	return out, nil
}

func agreementCertificate(name string, data []byte) (*pkix.Certificate, error) {
	certs, err := parseCertificates(name, data)
	if err != nil {
		return nil, err
	}
	if what := messageKind(data); what != "" {
		return nil, badCertificate(name, fmt.Errorf("%s, not a certificate", what))
	}
	var found []*pkix.Certificate
	other := false
	for _, c := range certs {
		_, usable := c.PublicKey.(*dstu4145.PublicKey)
		switch {
		case c.HasKeyUsage && c.KeyUsage&pkix.KeyUsageKeyAgreement == 0:
		case !usable:
			other = true
		case !slices.ContainsFunc(found, func(f *pkix.Certificate) bool { return bytes.Equal(f.Raw, c.Raw) }):
			found = append(found, c)
		}
	}
	switch {
	case len(found) > 1:
		return nil, usage("%s: %d certificates to encrypt to; give each recipient's in a file of its own", name, len(found))
	case len(found) == 1:
		return found[0], nil
	case other && len(certs) == 1 && certs[0].PublicKeyError != nil:
		return nil, badCertificate(name, certs[0].PublicKeyError)
	case other:
		return nil, unsupported("%s: no certificate to encrypt to: the keys are not of DSTU 4145", name)
	}
	return nil, badCertificate(name, transport.ErrNotForAgreement)
}

// messageKind says what data is if it is a message that may bring certificates along.
func messageKind(data []byte) string {
	data, err := unwrapAll(data)
	if err != nil {
		return ""
	}
	switch detect(data) {
	case typeSigned:
		if s, err := cms.ParseSigned(data); err == nil && len(s.Signers) > 0 {
			return "a signed message"
		}
	case typeEnveloped:
		return "an encrypted message"
	case typeTransport:
		return "a transport message"
	}
	return ""
}

// parseCertificates reads the certificates of a file, or says what the file is instead.
func parseCertificates(name string, data []byte) ([]*pkix.Certificate, error) {
	b, err := pkix.ParseBundle(data)
	if err == nil && len(b.Certificates) > 0 {
		return b.Certificates, nil
	}
	plain, unwrapErr := unwrapAll(data)
	if unwrapErr != nil {
		return nil, badCertificate(name, unwrapErr)
	}
	what := messageKind(data)
	switch kind := detect(plain); {
	case kind == typeContainer:
		err = errors.New("a key container, not a certificate")
	case kind == typePrivateKey:
		err = errors.New("a private key, not a certificate")
	case what != "":
		err = fmt.Errorf("%s, not a certificate", what)
	case cutShort(plain):
		err = errors.New("cut short: not all of what the first octets announce is there")
	case len(b.Failed) > 0 && (binary(plain) || bytes.Contains(plain, []byte(pemBegin))): // a text is not damage
		err = b.Failed[0].Err
	default:
		err = errors.New("no certificate in it")
	}
	return nil, badCertificate(name, err)
}

// note keeps a line for standard error that is printed when the command has succeeded.
func (a *app) note(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); !slices.Contains(a.notes, line) {
		a.notes = append(a.notes, line)
	}
}

// checkDates notes it of a certificate that is used outside of its dates.
func (a *app) checkDates(certs ...*pkix.Certificate) {
	now := time.Now()
	for _, c := range certs {
		switch {
		case c == nil:
		case now.After(c.NotAfter):
			a.note("the certificate of %s expired on %s", holder(c), c.NotAfter.UTC().Format(time.DateOnly))
		case now.Before(c.NotBefore):
			a.note("the certificate of %s is not valid before %s", holder(c), c.NotBefore.UTC().Format(time.DateOnly))
		}
	}
}

// encryptedTo says to whom, without --json, which has it in the document.
func (a *app) encryptedTo(certs []*pkix.Certificate) {
	var names []string
	for _, c := range certs {
		names = append(names, holder(c))
	}
	if !a.json && len(names) > 0 {
		a.note("encrypted to %s", strings.Join(names, ", "))
	}
}
