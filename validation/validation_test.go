package validation_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/ukrcrypto/dstu/validation"
)

func TestZeroReportHasNotPassed(t *testing.T) {
	var r validation.Report
	if r.Err() == nil {
		t.Error("a report without checks counts as passed")
	}
	var missing *validation.Report
	if missing.Err() == nil {
		t.Error("a nil report counts as passed")
	}
}

func TestAdd(t *testing.T) {
	pass := validation.Check{Verdict: validation.Passed, Code: validation.HashFailure}
	fail := validation.Check{Verdict: validation.Failed, Code: validation.SigCryptoFailure, Err: errors.New("pkg: bad")}
	open := validation.Check{Verdict: validation.Indeterminate, Code: validation.NoSigningCertificate}
	for _, tt := range []struct {
		name   string
		checks []validation.Check
		want   validation.Verdict
		code   validation.Code
	}{
		{"passed", []validation.Check{pass, pass}, validation.Passed, ""},
		{"failure after success", []validation.Check{pass, fail}, validation.Failed, validation.SigCryptoFailure},
		{"success after failure", []validation.Check{fail, pass}, validation.Failed, validation.SigCryptoFailure},
		{"open after success", []validation.Check{pass, open}, validation.Indeterminate, validation.NoSigningCertificate},
		{"success after open", []validation.Check{open, pass}, validation.Indeterminate, validation.NoSigningCertificate},
		{"failure after open", []validation.Check{open, fail}, validation.Failed, validation.SigCryptoFailure},
		{"open after failure", []validation.Check{fail, open}, validation.Failed, validation.SigCryptoFailure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asChecks, asParts validation.Report
			for _, c := range tt.checks {
				asChecks.Add(c)
				part := new(validation.Report)
				part.Add(c)
				asParts.AddPart(part)
			}
			for form, r := range map[string]*validation.Report{"checks": &asChecks, "parts": &asParts} {
				if r.Verdict != tt.want || r.Code != tt.code {
					t.Errorf("%s: got %v %q, want %v %q", form, r.Verdict, r.Code, tt.want, tt.code)
				}
				if (r.Err() == nil) != (tt.want == validation.Passed) {
					t.Errorf("%s: Err() = %v with verdict %v", form, r.Err(), r.Verdict)
				}
				if tt.want == validation.Failed && !errors.Is(r.Err(), fail.Err) {
					t.Errorf("%s: Err() = %v does not lead to the cause", form, r.Err())
				}
			}
		})
	}
}

func TestNilPart(t *testing.T) {
	var r validation.Report
	r.Add(validation.Check{Verdict: validation.Passed})
	r.AddPart(nil)
	if r.Verdict != validation.Indeterminate {
		t.Errorf("verdict with a missing part: %v", r.Verdict)
	}
}

func TestVerdictJSON(t *testing.T) {
	for v, want := range map[validation.Verdict]string{
		validation.Passed: `"passed"`, validation.Failed: `"failed"`, validation.Indeterminate: `"indeterminate"`,
	} {
		got, err := json.Marshal(v)
		if err != nil || string(got) != want {
			t.Errorf("%v: got %s, %v, want %s", v, got, err, want)
		}
	}
}
