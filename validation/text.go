package validation

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// maxCauses is how many causes the text of an error names.
const maxCauses = 8

// checked names what a check of a code looks at, for codes say what is wrong.
var checked = map[Code]string{
	HashFailure:             "digest of the content",
	SigCryptoFailure:        "signature",
	FormatFailure:           "form",
	NoSigningCertificate:    "presence of the signer's certificate",
	SigningCertMismatch:     "signed hash of the certificate",
	AlgorithmMismatch:       "agreement of the algorithms",
	AlgorithmUnsupported:    "support for the algorithms",
	SignedDataNotFound:      "presence of the content",
	NoSigners:               "presence of signers",
	IssuerNotFound:          "presence of the issuer",
	CertificateUnusable:     "key of the certificate",
	TrustNotEvaluated:       "trust",
	DecryptionFailure:       "decryption",
	NoRecipient:             "presence of a recipient",
	SenderCertificateNeeded: "presence of the sender's certificate",
}

func (c Code) checked() string {
	if s, ok := checked[c]; ok {
		return s
	}
	return string(c)
}

// MarshalJSON writes "code", "verdict", and if there are any "subject" and, for the text of Err,
// "message".
func (c Check) MarshalJSON() ([]byte, error) {
	j := struct {
		Code    Code    `json:"code"`
		Verdict Verdict `json:"verdict"`
		Subject string  `json:"subject,omitempty"`
		Message string  `json:"message,omitempty"`
	}{c.Code, c.Verdict, c.Subject, ""}
	if c.Err != nil {
		j.Message = c.Err.Error()
	}
	return json.Marshal(j)
}

// Error returns the verdict, the code and the first checks that did not pass, in the report and
// its parts, each with its subject and its cause.
func (e *Error) Error() string {
	r := e.Report
	if r == nil {
		r = &Report{}
	}
	causes := r.causes(nil)
	left := len(causes) - maxCauses
	if left > 0 {
		causes = append(causes[:maxCauses], fmt.Sprintf("and %d more", left))
	}
	return strings.Join(append([]string{"validation: " + outcome(r.Verdict, r.Code)}, causes...), "; ")
}

// causes appends a text for each check that did not pass.
func (r *Report) causes(list []string) []string {
	if r == nil || len(r.Checks) == 0 && len(r.Parts) == 0 {
		return append(list, "nothing checked")
	}
	for _, c := range r.Checks {
		if c.Verdict == Passed {
			continue
		}
		text := c.Code.checked() + ": " + c.Verdict.String()
		if c.Err != nil {
			text = c.Err.Error()
		}
		if c.Subject != "" {
			text = c.Subject + ": " + text
		}
		list = append(list, text)
	}
	for _, p := range r.Parts {
		if p == nil || p.Verdict != Passed {
			list = p.causes(list)
		}
	}
	return list
}

// String explains the verdict to a person, in lines: the verdict, then, indented, the checks and
// the parts. Control characters are replaced. The form may change; programs read the fields.
func (r *Report) String() string {
	var b strings.Builder
	r.write(&b, 0)
	return b.String()
}

func (r *Report) write(b *strings.Builder, depth int) {
	if r == nil {
		r = &Report{}
	}
	b.WriteString(outcome(r.Verdict, r.Code))
	if !r.At.IsZero() {
		b.WriteString(" at " + r.At.Format(time.RFC3339))
	}
	subject := r.subject()
	writeText(b, subject)
	depth++
	indent := "\n" + strings.Repeat("  ", depth)
	for _, c := range r.Checks {
		b.WriteString(indent + c.Code.checked() + ": ")
		if c.Verdict == Passed {
			b.WriteString(Passed.String())
		} else {
			b.WriteString(outcome(c.Verdict, c.Code))
		}
		if c.Subject != subject {
			writeText(b, c.Subject)
		}
		if c.Err != nil {
			writeText(b, c.Err.Error())
		}
	}
	for _, p := range r.Parts {
		b.WriteString(indent)
		p.write(b, depth)
	}
}

// subject returns the subject of all checks of the report itself, empty if they have several.
func (r *Report) subject() string {
	if len(r.Checks) == 0 {
		return ""
	}
	for _, c := range r.Checks {
		if c.Subject != r.Checks[0].Subject {
			return ""
		}
	}
	return r.Checks[0].Subject
}

func outcome(v Verdict, c Code) string {
	if c == "" {
		return v.String()
	}
	return fmt.Sprintf("%v (%s)", v, c)
}

// writeText writes text of a message or a cause, which may not look like a line of the report.
func writeText(b *strings.Builder, s string) {
	if s == "" {
		return
	}
	b.WriteString(": ")
	b.WriteString(strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s))
}
