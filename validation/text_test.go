package validation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ukrcrypto/dstu/validation"
)

// message is a report as the check of a message with two signers makes it.
func message() *validation.Report {
	all := new(validation.Report)
	for _, s := range []struct {
		subject string
		digest  error
	}{
		{`serial 0a of "ЦСК"`, nil},
		{`serial 0b of "ЦСК"`, errors.New("cms: the content does not have the signed digest")},
	} {
		r := new(validation.Report)
		v := validation.Passed
		if s.digest != nil {
			v = validation.Failed
		}
		r.Add(validation.Check{Code: validation.FormatFailure, Verdict: validation.Passed, Subject: s.subject})
		r.Add(validation.Check{Code: validation.SigCryptoFailure, Verdict: validation.Passed, Subject: s.subject})
		r.Add(validation.Check{Code: validation.HashFailure, Verdict: v, Subject: s.subject, Err: s.digest})
		all.AddPart(r)
	}
	return all
}

func ExampleReport() {
	report := message() // what cms.Result and transport.Message hold
	fmt.Println(report)
	fmt.Println(report.Err())
	// Output:
	// failed (HASH_FAILURE)
	//   passed: serial 0a of "ЦСК"
	//     form: passed
	//     signature: passed
	//     digest of the content: passed
	//   failed (HASH_FAILURE): serial 0b of "ЦСК"
	//     form: passed
	//     signature: passed
	//     digest of the content: failed (HASH_FAILURE): cms: the content does not have the signed digest
	// validation: failed (HASH_FAILURE); serial 0b of "ЦСК": cms: the content does not have the signed digest
}

func TestErrorText(t *testing.T) {
	deep := new(validation.Report)
	deep.AddPart(message())
	plain := new(validation.Report)
	plain.Add(validation.Check{Code: validation.SigCryptoFailure, Verdict: validation.Failed})
	missing := new(validation.Report)
	missing.AddPart(nil)
	many := new(validation.Report)
	for i := range 20 {
		many.Add(validation.Check{Code: validation.FormatFailure, Verdict: validation.Failed, Err: fmt.Errorf("fault %d", i)})
	}
	for _, tt := range []struct {
		name   string
		report *validation.Report
		want   string
	}{
		{"parts of parts", deep, `validation: failed (HASH_FAILURE); serial 0b of "ЦСК": cms: the content does not have the signed digest`},
		{"no cause", plain, "validation: failed (SIG_CRYPTO_FAILURE); signature: failed"},
		{"nil", nil, "validation: indeterminate; nothing checked"},
		{"nothing checked", new(validation.Report), "validation: indeterminate; nothing checked"},
		{"missing part", missing, "validation: indeterminate; nothing checked"},
		{"nil part", &validation.Report{Parts: []*validation.Report{nil}}, "validation: indeterminate; nothing checked"},
		{"verdict alone", &validation.Report{Verdict: validation.Failed, Checks: []validation.Check{{Verdict: validation.Passed}}}, "validation: failed"},
		{"many", many, "validation: failed (FORMAT_FAILURE); fault 0; fault 1; fault 2; fault 3; fault 4; fault 5; fault 6; fault 7; and 12 more"},
	} {
		if got := tt.report.Err().Error(); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
	if got, want := (&validation.Error{}).Error(), "validation: indeterminate; nothing checked"; got != want {
		t.Errorf("no report: got %s, want %s", got, want)
	}
}

func TestReportText(t *testing.T) {
	mixed := new(validation.Report)
	mixed.Add(validation.Check{Code: validation.FormatFailure, Verdict: validation.Passed})
	mixed.Add(validation.Check{Code: validation.DecryptionFailure, Verdict: validation.Failed, Subject: "UA1_CRYPT"})
	timed := &validation.Report{At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 2*60*60))}
	timed.Add(validation.Check{Code: "A_NEW_ONE", Verdict: validation.Passed})
	forged := new(validation.Report)
	forged.Add(validation.Check{Code: validation.HashFailure, Verdict: validation.Failed,
		Subject: "a\nb\u2028\u202e", Err: errors.New("x\x1b[2K\ny")})
	var none *validation.Report
	for _, tt := range []struct {
		name   string
		report *validation.Report
		want   string
	}{
		{"subjects differ", mixed, "failed (DECRYPTION_FAILURE)\n  form: passed\n  decryption: failed (DECRYPTION_FAILURE): UA1_CRYPT"},
		{"time and unknown code", timed, "passed at 2026-01-02T03:04:05+02:00\n  A_NEW_ONE: passed"},
		{"forged lines", forged, "failed (HASH_FAILURE): a\ufffdb\ufffd\ufffd\n  digest of the content: failed (HASH_FAILURE): x\ufffd[2K\ufffdy"},
		{"nil", none, "indeterminate"},
		{"nil part", &validation.Report{Parts: []*validation.Report{nil}}, "indeterminate\n  indeterminate"},
	} {
		if got := tt.report.String(); got != tt.want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// TestCodesAreNamed finds the codes in the source: what passed is not named by its failure.
func TestCodesAreNamed(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "validation.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != "Code" {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		codes++
		var r validation.Report
		r.Add(validation.Check{Code: validation.Code(code), Verdict: validation.Passed})
		if strings.Contains(r.String(), code) {
			t.Errorf("%s has no name for what was checked", code)
		}
		return true
	})
	if codes < 15 {
		t.Errorf("%d codes found", codes)
	}
}

func TestReportJSON(t *testing.T) {
	r := new(validation.Report)
	r.AddPart(&validation.Report{Verdict: validation.Passed, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
	r.Add(validation.Check{Code: validation.HashFailure, Verdict: validation.Failed, Subject: "one", Err: errors.New("cms: wrong")})
	r.Add(validation.Check{Code: validation.FormatFailure, Verdict: validation.Passed})
	const want = `{"verdict":"failed","code":"HASH_FAILURE",` +
		`"checks":[{"code":"HASH_FAILURE","verdict":"failed","subject":"one","message":"cms: wrong"},{"code":"FORMAT_FAILURE","verdict":"passed"}],` +
		`"parts":[{"verdict":"passed","at":"2026-01-02T03:04:05Z"}]}`
	for _, v := range []any{r, *r} {
		got, err := json.Marshal(v)
		if err != nil || string(got) != want {
			t.Errorf("%T: got %s, %v\nwant %s", v, got, err, want)
		}
	}
}
