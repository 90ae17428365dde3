package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

// memberJSON is the verdict on one member of a bundle. Members that cannot be read have no names
// and follow the others.
type memberJSON struct {
	Verdict        validation.Verdict `json:"verdict"`
	Code           *string            `json:"code"`
	SubjectCN      *string            `json:"subject_cn"`
	IssuerCN       *string            `json:"issuer_cn"`
	Serial         *string            `json:"serial_hex"`
	SHA256         *string            `json:"certificate_sha256"`
	SignatureValid *bool              `json:"signature_valid"`
	SignatureAlg   *string            `json:"signature_algorithm"`
	Checks         []checkItemJSON    `json:"checks"`
}

// pemCertificate reports whether a PEM block with this label holds a certificate.
func pemCertificate(label string) bool {
	return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE"
}

// pemBundle reports whether text has several PEM blocks. Then all must be certificates: what else
// there is would go unverified.
func pemBundle(name string, text []byte) (bool, error) {
	blocks, other := 0, ""
	for {
		_, after, ok := bytes.Cut(text, []byte(pemBegin))
		if !ok {
			break
		}
		label, _, _ := bytes.Cut(after, []byte("-----"))
		if blocks++; !pemCertificate(string(label)) && other == "" {
			other = fmt.Sprintf("%.40q", label)
		}
		text = after
	}
	if blocks > 1 && other != "" {
		return false, severalBlocks(name, other)
	}
	return blocks > 1, nil
}

func severalBlocks(name, label string) error {
	return unsupported("%s: several PEM blocks, of which %s is no certificate: verify them one by one", name, label)
}

// lone refuses a PEM block with another behind it, which would go unverified.
func (in *armored) lone(name string) error {
	if in.behind == nil {
		return nil
	}
	for {
		line, err := in.behind.ReadSlice('\n')
		if bytes.Contains(line, []byte(pemBegin)) {
			return severalBlocks(name, fmt.Sprintf("%q", in.label))
		}
		if err != nil && err != bufio.ErrBufferFull {
			if err == io.EOF {
				err = nil
			}
			return err
		}
	}
}

// bundle verifies every certificate of a bundle; issuers are looked for in the bundle as well. It
// has passed only if all members have.
func (j *verdictJSON) bundle(b *pkix.Bundle, certs *pkix.Pool) *validation.Report {
	j.Type = typeBundle
	pool := pkix.NewPool(certs.Certificates()...)
	pool.AddBundle(b)
	all := new(validation.Report)
	for _, c := range b.Certificates {
		sum := c.SHA256()
		_, err := pool.FindIssuer(c)
		check := objectCheck(err)
		check.Subject = c.Subject.CommonName()
		j.member(all, check, memberJSON{
			SubjectCN: text(c.Subject.CommonName()), IssuerCN: text(c.Issuer.CommonName()),
			Serial: hexText(c.RawSerial), SHA256: hexText(sum[:]), SignatureAlg: text(oid(c.SignatureOID)),
		})
	}
	for _, f := range b.Failed {
		j.member(all, validation.Check{Code: validation.FormatFailure, Verdict: validation.Indeterminate, Err: f}, memberJSON{})
	}
	return all
}

func (j *verdictJSON) member(all *validation.Report, check validation.Check, m memberJSON) {
	r := new(validation.Report)
	r.Add(check)
	all.AddPart(r)
	m.Verdict, m.Code, m.Checks = r.Verdict, text(string(r.Code)), checkItems(r)
	if check.Code == validation.SigCryptoFailure {
		m.SignatureValid = truth(r.Verdict)
	}
	j.Members = append(j.Members, m)
}

func (m *memberJSON) write(b *strings.Builder) {
	fmt.Fprintf(b, "  %v", m.Verdict)
	if m.Code != nil {
		fmt.Fprintf(b, " (%s)", *m.Code)
	}
	if m.SHA256 != nil {
		fmt.Fprintf(b, ": %s, %s", value(m.SubjectCN), identity(m.IssuerCN, m.Serial, nil))
	}
	fmt.Fprintln(b)
	for _, c := range m.Checks {
		if c.Verdict != validation.Passed && c.Message != "" {
			fmt.Fprintf(b, "    %s\n", wording(c.Message))
		}
	}
}
