// Package validation holds the explanation of a verdict: what was checked, what was found,
// and what follows from it. It is data only; the packages that check things fill it in.
//
// The vocabulary is that of ETSI EN 319 102-1: a verdict is passed, failed or indeterminate,
// and a code names the reason. In the field a "report" is what a respondent files, so the
// explanation of a verdict lives here under a name of its own.
package validation

import (
	"encoding/json"
	"time"
)

// Verdict is the outcome of a check. The zero value is [Indeterminate]: what was not checked
// is not good.
type Verdict int

// The three main indications of ETSI EN 319 102-1, clause 5.1.3.
const (
	Indeterminate Verdict = iota
	Failed
	Passed
)

// String returns "indeterminate", "failed" or "passed".
func (v Verdict) String() string {
	switch v {
	case Passed:
		return "passed"
	case Failed:
		return "failed"
	default:
		return "indeterminate"
	}
}

// MarshalJSON writes the verdict as the string of [Verdict.String].
func (v Verdict) MarshalJSON() ([]byte, error) { return json.Marshal(v.String()) }

// Code is a stable reason code, upper case with underscores. Where ETSI EN 319 102-1 has a
// sub-indication of that meaning its name is used.
type Code string

// Reason codes. An empty code accompanies [Passed].
const (
	HashFailure             Code = "HASH_FAILURE"              // the content does not match the signed digest
	SigCryptoFailure        Code = "SIG_CRYPTO_FAILURE"        // the signature equation does not hold
	FormatFailure           Code = "FORMAT_FAILURE"            // a mandatory part is missing, repeated or malformed
	NoSigningCertificate    Code = "NO_SIGNING_CERTIFICATE"    // the signer's certificate was not found
	SigningCertMismatch     Code = "SIGNING_CERT_MISMATCH"     // the signed certificate hash names another certificate
	AlgorithmMismatch       Code = "ALGORITHM_MISMATCH"        // digest and signature algorithms do not belong together
	AlgorithmUnsupported    Code = "ALGORITHM_UNSUPPORTED"     // an algorithm or a curve that this library does not know
	SignedDataNotFound      Code = "SIGNED_DATA_NOT_FOUND"     // the content of a detached signature was not given
	NoSigners               Code = "NO_SIGNERS"                // there is nothing to verify
	IssuerNotFound          Code = "ISSUER_NOT_FOUND"          // no candidate fits as issuer of the certificate
	CertificateUnusable     Code = "CERTIFICATE_UNUSABLE"      // the certificate's key cannot serve here
	TrustNotEvaluated       Code = "TRUST_NOT_EVALUATED"       // only mathematics and digests were checked
	DecryptionFailure       Code = "DECRYPTION_FAILURE"        // wrong key or damaged envelope
	NoRecipient             Code = "NO_RECIPIENT"              // the envelope is not addressed to any given key
	SenderCertificateNeeded Code = "SENDER_CERTIFICATE_NEEDED" // the originator is named by a certificate that was not given
)

// Check is one thing that was looked at.
type Check struct {
	Code    Code    // what was checked or, if it did not pass, why
	Verdict Verdict // its outcome
	Subject string  // what it was about, as the message names it: a certificate identifier, the label of a section; may be empty
	Err     error   // the cause, where there is one; never holds secret data
}

// Report explains a verdict. [Report.String] shows it to a person; in JSON its keys are the names
// of the fields in lower case, with what is empty left out, and the causes of checks are the texts
// in "message".
type Report struct {
	Verdict Verdict   `json:"verdict"`
	Code    Code      `json:"code,omitempty"` // main reason when Verdict is not Passed
	At      time.Time `json:"at,omitzero"`    // the moment for which the verdict holds; zero if no time played a part
	Checks  []Check   `json:"checks,omitempty"`
	Parts   []*Report `json:"parts,omitempty"` // reports of the parts: signers of a message, layers of a container
}

// Error is the error form of a report that did not pass.
type Error struct{ Report *Report }

// Unwrap returns the causes of the checks that did not pass.
func (e *Error) Unwrap() []error {
	if e.Report == nil {
		return nil
	}
	var errs []error
	for _, c := range e.Report.Checks {
		if c.Verdict != Passed && c.Err != nil {
			errs = append(errs, c.Err)
		}
	}
	for _, p := range e.Report.Parts {
		if err := p.Err(); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// Err returns nil exactly when the verdict is [Passed], and an [*Error] otherwise.
// A nil report has not passed.
func (r *Report) Err() error {
	if r == nil {
		return &Error{Report: &Report{}}
	}
	if r.Verdict == Passed {
		return nil
	}
	return &Error{Report: r}
}

// Add records a check and lets it weigh on the verdict: the first check that fails decides it,
// and an indeterminate check turns a passed report indeterminate. A report that has recorded
// nothing is indeterminate; its first check sets the verdict.
func (r *Report) Add(c Check) {
	first := len(r.Checks) == 0 && len(r.Parts) == 0
	r.Checks = append(r.Checks, c)
	r.weigh(first, c.Verdict, c.Code)
}

// AddPart appends the report of a part, which weighs on the verdict like a check.
// A nil part counts as indeterminate.
func (r *Report) AddPart(p *Report) {
	if p == nil {
		p = &Report{}
	}
	first := len(r.Checks) == 0 && len(r.Parts) == 0
	r.Parts = append(r.Parts, p)
	r.weigh(first, p.Verdict, p.Code)
}

func (r *Report) weigh(first bool, v Verdict, c Code) {
	switch {
	case first:
		r.Verdict = v
	case v == Failed && r.Verdict != Failed:
		r.Verdict = Failed
	case v == Indeterminate && r.Verdict == Passed:
		r.Verdict = Indeterminate
	default:
		return
	}
	r.Code = c
	if r.Verdict == Passed {
		r.Code = ""
	}
}
