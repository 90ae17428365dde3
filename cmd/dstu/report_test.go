package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/transport"
)

type messageDocument struct {
	Verdict   string
	Code      *string
	Trust     string
	Document  *documentJSON
	Header    []fieldJSON
	Layers    []struct{ Kind, Verdict string }
	Officials []struct {
		SubjectCN string `json:"subject_cn"`
		Verdict   string
	}
	Transport []struct {
		SubjectCN string `json:"subject_cn"`
	} `json:"transport_signers"`
	Receipt *struct {
		Number   int
		Result   *int
		Accepted bool
		Text     string
	}
}

func (d messageDocument) officials() []string {
	var out []string
	for _, o := range d.Officials {
		out = append(out, o.SubjectCN)
	}
	return out
}

// pack makes a message of three officials and returns its path.
func pack(t testing.TB, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	report := write(t, filepath.Join(dir, "F0103305.xml"), "<?xml version=\"1.0\"?><DECLAR/>")
	out := filepath.Join(dir, "message.bin")
	ok(t, append([]string{"report", "pack", "--key", of(t, "accountant.p12"), "--key", of(t, "director.p12"), "--key", of(t, "seal.p12"),
		"--password", secret, "--to", of(t, "centre.agree.cer"), "--header", "RCV_EMAIL=me@example.com", "-o", out, report}, args...)...)
	return out
}

func centre(t testing.TB) []string {
	return []string{"--key", of(t, "centre.p12"), "--password", secret}
}

func TestReport(t *testing.T) {
	for name, extra := range map[string][]string{"ephemeral": nil, "static": {"--static"}, "kupyna": {"--hash", "kupyna256"}} {
		t.Run(name, func(t *testing.T) {
			message := pack(t, extra...)
			dir := filepath.Join(t.TempDir(), "made")
			r := ok(t, append([]string{"report", "open", "--signature-only", "--json", "-o", dir, message}, centre(t)...)...)
			golden(t, "report-open", r.out)
			d := decoded[messageDocument](t, append([]string{"report", "open", "--signature-only", "--force", "-o", dir, message}, centre(t)...)...)
			require.Equal(t, "passed", d.Verdict)
			require.Equal(t, trustNotEvaluated, d.Trust)
			require.Equal(t, []string{"Бухгалтер", "Директор", "Печатка"}, d.officials())
			require.Equal(t, "Печатка", d.Transport[0].SubjectCN)
			require.Len(t, d.Layers, 10)
			require.Equal(t, filepath.Join(dir, "F0103305.xml"), d.Document.File)
			require.Equal(t, "<?xml version=\"1.0\"?><DECLAR/>", read(t, d.Document.File))
			require.Equal(t, fieldJSON{"RCV_EMAIL", "me@example.com"}, d.Header[4])
			holds(t, dir, "F0103305.xml")
			text := ok(t, append([]string{"report", "open", "--signature-only", "--force", "-o", dir, message}, centre(t)...)...).out
			require.Contains(t, text, "  official 1: passed")
			stdout := ok(t, append([]string{"report", "open", "--signature-only", "-o", "-", message}, centre(t)...)...)
			require.Equal(t, "<?xml version=\"1.0\"?><DECLAR/>", stdout.out)
		})
	}
}

func TestReportPackJSON(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	r := ok(t, append([]string{"report", "pack", "--json", "--to", of(t, "centre.agree.cer"), "-o", out, of(t, "ca.cer")}, sealKey(t)...)...)
	golden(t, "report-pack", r.out)
}

func TestReportReceipt(t *testing.T) {
	message := pack(t)
	for i, tt := range []struct {
		args     []string
		number   int
		accepted bool
		text     string
	}{
		{[]string{"--number", "1"}, 1, true, "Квитанція № 1"},
		{[]string{"--number", "2", "--result", "5", "--final", "--text", "Відмовлено"}, 2, false, "Відмовлено"},
		{[]string{"--number", "2", "--clear", "--text", "Прийнято"}, 2, true, "Прийнято"},
		{[]string{"--number", "1", "--to", of(t, "seal.agree.cer"), "--header", "SUBJECT=x"}, 1, true, "F0103305.xml"},
	} {
		out := filepath.Join(t.TempDir(), "kvt")
		ok(t, append(append([]string{"report", "receipt", "-o", out, message}, centre(t)...), tt.args...)...)
		dir := t.TempDir()
		r := ok(t, append([]string{"report", "receipt", "--open", "--signature-only", "--json", "-o", dir, out}, sealKey(t)...)...)
		if i == 0 {
			golden(t, "report-receipt", r.out)
		}
		d := decoded[messageDocument](t, append([]string{"report", "receipt", "--open", "--signature-only", "--force", "-o", dir, out}, sealKey(t)...)...)
		require.Equal(t, tt.number, d.Receipt.Number)
		require.Equal(t, tt.accepted, d.Receipt.Accepted)
		require.Contains(t, d.Receipt.Text, tt.text)
		holds(t, dir, "F0103305.xml.kvt"+strconv.Itoa(tt.number)) // beside a report of that name
		require.Equal(t, []string{"ОТРИМАНО"}, d.officials())
		require.Contains(t, ok(t, append([]string{"report", "receipt", "--open", "--signature-only", "--force", "-o", dir, out}, sealKey(t)...)...).out, "receipt ")
	}
}

func TestReportRefuses(t *testing.T) {
	message := pack(t)
	whole := read(t, message)
	c, err := transport.Parse([]byte(whole))
	require.NoError(t, err)
	s, err := cms.ParseSigned(c.Sections[0].Content)
	require.NoError(t, err)
	dir, in := t.TempDir(), func(data string) string { return write(t, filepath.Join(t.TempDir(), "in"), data) }
	file := in("text")
	out := filepath.Join(dir, "out")
	to := of(t, "centre.agree.cer")
	open := func(args ...string) []string {
		return append(append([]string{"open", "--signature-only", "-o", dir}, centre(t)...), args...)
	}
	receipt := func(args ...string) []string {
		return append(append([]string{"receipt", "-o", out}, centre(t)...), args...)
	}
	for name, tt := range map[string]struct {
		exit int
		code string
		args []string
	}{
		"no command":                 {exitFail, codeUsage, nil},
		"unknown command":            {exitFail, codeUsage, []string{"peel"}},
		"pack, no key":               {exitFail, codeUsage, []string{"pack", "--to", to, "-o", out, file}},
		"pack, no recipient":         {exitFail, codeUsage, append([]string{"pack", "-o", out, file}, sealKey(t)...)},
		"pack, no output":            {exitFail, codeUsage, append([]string{"pack", "--to", to, file}, sealKey(t)...)},
		"pack, header":               {exitFail, codeUsage, append([]string{"pack", "--to", to, "--header", "A", "-o", out, file}, sealKey(t)...)},
		"pack, CR in the header":     {exitFail, codeUsage, append([]string{"pack", "--to", to, "--header", "A=1\r2", "-o", out, file}, sealKey(t)...)},
		"pack, signing certificate":  {exitFail, codeBadCert, append([]string{"pack", "--to", of(t, "seal.sign.cer"), "-o", out, file}, sealKey(t)...)},
		"pack, existing output":      {exitFail, codeIO, append([]string{"pack", "--to", to, "-o", file, file}, sealKey(t)...)},
		"pack, wrong password":       {exitNo, codePassword, []string{"pack", "--key", of(t, "seal.p12"), "--password", "x", "--to", to, "-o", out, file}},
		"pack, no certificate":       {exitFail, codeNoCert, []string{"pack", "--key", of(t, "director.dat"), "--password", secret, "--to", to, "-o", out, file}},
		"pack, passwords":            {exitFail, codeUsage, append([]string{"pack", "--key", of(t, "director.p12"), "--password", "x", "--to", to, "-o", out, file, "--key", of(t, "director.p12")}, sealKey(t)...)},
		"open, no trust decision":    {exitFail, codeUsage, append([]string{"open", "-o", dir, message}, centre(t)...)},
		"open, roots":                {exitFail, codeUnsupported, open("--roots", of(t, "ca.cer"), message)},
		"open, not addressed":        {exitNo, codeNoRecipient, append([]string{"open", "--signature-only", "-o", dir, message}, sealKey(t)...)},
		"open, no key":               {exitNo, codeNoRecipient, []string{"open", "--signature-only", "-o", dir, message}},
		"open, signature":            {exitNo, "", open(flipped(t, message, s.Signers[0].Signature))},
		"open, empty":                {exitFail, codeMalformed, open(in(""))},
		"open, text":                 {exitFail, codeMalformed, open(file)},
		"receipt, open, text":        {exitFail, codeMalformed, append([]string{"receipt", "--open", "--signature-only", "-o", dir, file}, centre(t)...)},
		"receipt, text":              {exitFail, codeMalformed, receipt("--number", "1", file)},
		"open, truncated":            {exitFail, codeMalformed, open(in(whole[:len(whole)-1]))},
		"open, PACKED_XML":           {exitFail, codeUnsupported, open(in("PACKED_XML\x00\x01\x00\x00\x00"))},
		"open, missing":              {exitFail, codeIO, open(out)},
		"open, directory in a file":  {exitFail, codeIO, append([]string{"open", "--signature-only", "-o", filepath.Join(file, "x"), message}, centre(t)...)},
		"open, JSON on stdout":       {exitFail, codeUsage, open("--json", "-o", "-", message)},
		"receipt, no number":         {exitFail, codeUsage, receipt(message)},
		"receipt, number 3":          {exitFail, codeUsage, receipt("--number", "3", message)},
		"receipt, no key":            {exitFail, codeUsage, []string{"receipt", "--number", "1", "-o", out, message}},
		"receipt, no output":         {exitFail, codeUsage, append([]string{"receipt", "--number", "1", message}, centre(t)...)},
		"receipt, two texts":         {exitFail, codeUsage, receipt("--number", "1", "--text", "a", "--text-file", file, message)},
		"receipt, text of no 1251":   {exitFail, codeUsage, receipt("--number", "1", "--text", "漢", message)},
		"receipt, text file missing": {exitFail, codeIO, receipt("--number", "1", "--text-file", out, message)},
		"receipt, broken message":    {exitNo, "", receipt("--number", "1", flipped(t, message, s.Signers[0].Signature))},
		"receipt, no message":        {exitFail, codeNoCert, receipt("--number", "1", things(t)[typeSigned])},
		"receipt, open, trust":       {exitFail, codeUsage, append([]string{"receipt", "--open", "-o", dir, message}, centre(t)...)},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"report"}, tt.args...)
			if strings.HasSuffix(name, "stdout") {
				r := run(t, "", args...)
				require.Equal(t, tt.exit, r.code)
				return
			}
			refused(t, tt.exit, tt.code, "", args...)
			holds(t, dir)
		})
	}
}

// TestReportUnsigned writes the document of a message that nobody signed, and does not call it
// good.
func TestReportUnsigned(t *testing.T) {
	dir := t.TempDir()
	c := transport.Container{
		Header:   &transport.Header{Fields: []transport.Field{{Key: "FILENAME", Value: "../../etc/passwd"}}},
		Sections: []transport.Section{{Label: transport.LabelClear, Content: []byte("abc")}},
	}
	data, err := c.MarshalBinary()
	require.NoError(t, err)
	file := write(t, filepath.Join(t.TempDir(), "m"), string(data))
	r := run(t, "", "report", "open", "--signature-only", "-o", dir, file)
	require.Equal(t, exitNo, r.code)
	require.Equal(t, 1, strings.Count(r.err, "\n"))
	require.Contains(t, r.out, "NO_SIGNERS")
	holds(t, dir, "passwd")
	require.Equal(t, "abc", read(t, filepath.Join(dir, "passwd")))
	r = run(t, "", "report", "open", "--signature-only", "-o", dir, file)
	require.Equal(t, exitFail, r.code, "the file is there already")
}

func TestDocumentName(t *testing.T) {
	for header, want := range map[string]string{
		"":                       "document",
		"report.xml":             "report.xml",
		"звіт 1.xml":             "звіт_1.xml",
		"/etc/passwd":            "passwd",
		`C:\Windows\system.ini`:  "system.ini",
		"..":                     "document",
		"../..":                  "document",
		".bashrc":                "bashrc",
		"-rf":                    "rf",
		"a\x1b[31mb":             "a__31mb",
		"dir/":                   "document",
		"$(reboot).xml":          "__reboot_.xml",
		strings.Repeat("ї", 200): strings.Repeat("ї", 100),
	} {
		m := &transport.Message{Header: transport.Header{Fields: []transport.Field{{Key: "FILENAME", Value: header}}}}
		require.Equal(t, want, documentName(m), "%q", header)
	}
}

// TestReportIIT opens the messages that the library of IIT made.
func TestReportIIT(t *testing.T) {
	var container, password string
	dir := corpus.Find(t, "corpus")
	for _, item := range dir.Kind("containers") {
		var facts struct {
			Password string
			Keys     []struct {
				KeyID string `json:"key_id_hex"`
			}
		}
		item.Decode(t, &facts)
		for _, k := range facts.Keys {
			if k.KeyID == "6b1b77c0d1a1b60473a98dd6d4fe5302742aede101daa21f2c83a67ccdedb782" {
				container, password = filepath.Join(dir.Path, item.File), facts.Password
			}
		}
	}
	require.NotEmpty(t, container)
	for _, name := range []string{"iit-transport-static.bin", "iit-transport-dynamic.bin"} {
		file := filepath.Join(dir.Path, "..", "spec", "samples", name)
		if _, err := os.Stat(file); err != nil {
			t.Skip("needs the samples of the specification, ../shared/spec/samples")
		}
		d := decoded[messageDocument](t, "report", "open", "--signature-only", "--key", container, "--password", password, "-o", t.TempDir(), file)
		require.Equal(t, "passed", d.Verdict)
		require.Len(t, d.Officials, 2)
		require.Equal(t, 110, d.Document.Size)
		require.True(t, strings.HasSuffix(d.Document.File, "15013225000000F0103305100000000151220151501.xml"))
	}
}
