package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/validation"
)

// verdictDocument is what verify prints, read back.
type verdictDocument struct {
	Type    string
	Verdict string
	Code    *string
	Trust   string
	Signers []struct {
		Verdict        string
		Code           *string
		SubjectCN      *string `json:"subject_cn"`
		SignatureValid *bool   `json:"signature_valid"`
		DigestValid    *bool   `json:"digest_valid"`
		DigestAlg      string  `json:"digest_algorithm"`
		Level          string
	}
}

func verdictOf(t testing.TB, args ...string) verdictDocument {
	t.Helper()
	return decoded[verdictDocument](t, append([]string{"verify", "--signature-only"}, args...)...)
}

func (d verdictDocument) names() []string {
	var out []string
	for _, s := range d.Signers {
		out = append(out, value(s.SubjectCN))
	}
	return out
}

func sealKey(t testing.TB) []string {
	return []string{"--key", of(t, "seal.p12"), "--password", secret}
}

func TestSign(t *testing.T) {
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "report.xml"), "the report")
	sign := func(args ...string) { ok(t, append(append([]string{"sign"}, sealKey(t)...), args...)...) }

	sign(file)
	d := verdictOf(t, file+".p7s")
	require.Equal(t, "passed", d.Verdict)
	require.Equal(t, typeSigned, d.Type)
	require.Equal(t, trustNotEvaluated, d.Trust)
	require.Equal(t, []string{"Печатка"}, d.names())
	require.True(t, *d.Signers[0].SignatureValid)
	require.True(t, *d.Signers[0].DigestValid)
	require.Equal(t, alg.OIDGOST34311.String(), d.Signers[0].DigestAlg)
	require.Equal(t, "BES", d.Signers[0].Level)
	golden(t, "verify-signed", ok(t, "verify", "--signature-only", "--json", file+".p7s").out)
	require.Contains(t, ok(t, "verify", "--signature-only", file+".p7s").out, "only mathematics")
	s, err := cms.ParseSigned([]byte(read(t, file+".p7s")))
	require.NoError(t, err)
	require.Equal(t, "the report", string(s.Content))

	t.Run("hash", func(t *testing.T) {
		for name, oid := range map[string]string{"kupyna256": alg.OIDKupyna256.String(), "kupyna512": alg.OIDKupyna512.String(), "gost34311": alg.OIDGOST34311.String()} {
			out := filepath.Join(t.TempDir(), "out")
			sign("--hash", name, "-o", out, file)
			d := verdictOf(t, out)
			require.Equal(t, oid, d.Signers[0].DigestAlg)
		}
	})
	t.Run("detached", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out")
		sign("--detached", "-o", out, file)
		d := verdictOf(t, "--content", file, out)
		require.Equal(t, "passed", d.Verdict)
		refused(t, exitNo, "", "", "verify", "--signature-only", "--content", of(t, "ca.cer"), out)
		refused(t, exitFail, codeUsage, "", "verify", "--signature-only", out)
		r := run(t, "", "verify", "--signature-only", "--json", out)
		require.Contains(t, r.out, `"signature_valid": true`)
		require.Contains(t, r.out, `"digest_valid": null`)
		refused(t, exitFail, codeUsage, "", "verify", "--signature-only", "--content", file, file+".p7s")
	})
	t.Run("PEM and Base64", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out")
		sign("--pem", "-o", out, file)
		require.True(t, strings.HasPrefix(read(t, out), "-----BEGIN CMS-----\n"))
		require.True(t, strings.HasSuffix(read(t, out), "-----END CMS-----\n"))
		verdictOf(t, out)
		write(t, out, base64.StdEncoding.EncodeToString([]byte(read(t, file+".p7s"))))
		verdictOf(t, out)
	})
	t.Run("standard streams", func(t *testing.T) {
		r := run(t, "from a pipe", append(append([]string{"sign"}, sealKey(t)...), "-")...)
		require.Equal(t, exitOK, r.code, r.err)
		v := run(t, r.out, "verify", "--signature-only", "-")
		require.Equal(t, exitOK, v.code, v.err)
	})
	t.Run("empty file", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out")
		sign("-o", out, write(t, filepath.Join(t.TempDir(), "empty"), ""))
		verdictOf(t, out)
	})
}

// TestSignSeveral makes messages of several signers and chooses among keys.
func TestSignSeveral(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "report.xml"), "the report")
	sign := func(args ...string) { ok(t, append(append([]string{"sign"}, sealKey(t)...), args...)...) }
	sign(file)
	t.Run("several keys", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out")
		ok(t, "sign", "--key", of(t, "accountant.p12"), "--key", of(t, "director.dat"), "--cert", of(t, "director.sign.cer"), "--password", secret, "-o", out, file)
		require.ElementsMatch(t, []string{"Бухгалтер", "Директор"}, verdictOf(t, out).names())
	})
	t.Run("add to attached", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out")
		ok(t, "sign", "--key", of(t, "director.p12"), "--password", secret, "--add-to", file+".p7s", "-o", out, file)
		require.ElementsMatch(t, []string{"Печатка", "Директор"}, verdictOf(t, out).names())
		refused(t, exitFail, codeUsage, "", "sign", "--key", of(t, "director.p12"), "--password", secret, "--add-to", file+".p7s", "-o", out+"2", of(t, "ca.cer"))
		holds(t, filepath.Dir(out), "out")
	})
	t.Run("add to detached", func(t *testing.T) {
		dir := t.TempDir()
		one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
		sign("--detached", "-o", one, file)
		ok(t, "sign", "--key", of(t, "director.p12"), "--password", secret, "--add-to", one, "-o", two, file)
		require.ElementsMatch(t, []string{"Печатка", "Директор"}, verdictOf(t, "--content", file, two).names())
	})
	t.Run("roles", func(t *testing.T) {
		for who, role := range map[string]string{"seal": "stamp", "director": "director", "person": "personal"} {
			for _, r := range roles {
				out := filepath.Join(t.TempDir(), "out")
				args := []string{"sign", "--key", of(t, who+".p12"), "--password", secret, "--role", r, "-o", out, file}
				if r == role {
					ok(t, args...)
					continue
				}
				refused(t, exitFail, codeNoCert, "", args...)
			}
		}
	})
}

// TestLarge signs, verifies, encrypts and decrypts a file larger than what is held in memory as a
// whole, in one piece and with a size nobody knows.
func TestLarge(t *testing.T) {
	dir := t.TempDir()
	content := bytes.Repeat([]byte("0123456789abcdef"), 3<<20/16+1)
	file := write(t, filepath.Join(dir, "large"), string(content))
	for name, args := range map[string][]string{"file": {file}, "pipe": {"-"}} {
		t.Run(name, func(t *testing.T) {
			p7s, p7e, plain := filepath.Join(dir, name+".p7s"), filepath.Join(dir, name+".p7e"), filepath.Join(dir, name+".out")
			stdin := ""
			if args[0] == "-" {
				stdin = string(content)
			}
			r := run(t, stdin, append(append([]string{"sign", "-o", p7s}, sealKey(t)...), args...)...)
			require.Equal(t, exitOK, r.code, r.err)
			require.Equal(t, "passed", verdictOf(t, p7s).Verdict)
			r = run(t, stdin, append([]string{"encrypt", "--to", of(t, "centre.agree.cer"), "--sign", "-o", p7e}, append(sealKey(t), args...)...)...)
			require.Equal(t, exitOK, r.code, r.err)
			ok(t, "decrypt", "--key", of(t, "centre.p12"), "--password", secret, "-o", plain, p7e)
			require.True(t, bytes.Equal(content, []byte(read(t, plain))))
		})
	}
}

// flipped writes a copy of a file with one octet changed, the first of the last occurrence of part.
func flipped(t testing.TB, file string, part []byte) string {
	t.Helper()
	data := []byte(read(t, file))
	i := bytes.LastIndex(data, part)
	require.GreaterOrEqual(t, i, 0)
	data[i] ^= 1
	return write(t, filepath.Join(t.TempDir(), "flipped"), string(data))
}

// TestWrote asks the commands that only write a file for their document.
func TestWrote(t *testing.T) {
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "report.xml"), "the report")
	p7s := write(t, filepath.Join(dir, "p7s"), ok(t, append([]string{"sign", "-o", "-", file}, sealKey(t)...)...).out)
	for name, args := range map[string][]string{
		"signed":  append([]string{"sign", file}, sealKey(t)...),
		"added":   append([]string{"sign", "--add-to", p7s, file}, sealKey(t)...),
		"sealed":  {"encrypt", "--to", of(t, "centre.agree.cer"), file},
		"exports": {"keys", "--password", secret, "--export", "0", of(t, "director.p12")},
	} {
		out := filepath.Join(dir, name)
		d := decoded[wroteJSON](t, append(args, "-o", out)...)
		require.Equal(t, out, d.Output)
		require.FileExists(t, out)
		require.NotEmpty(t, d.File)
	}
}

func TestVerifyRefuses(t *testing.T) {
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "report.xml"), "the report")
	p7s := filepath.Join(t.TempDir(), "p7s")
	ok(t, append(append([]string{"sign", "-o", p7s}, sealKey(t)...), file)...)
	whole := read(t, p7s)
	s, err := cms.ParseSigned([]byte(whole))
	require.NoError(t, err)
	lone, err := cms.Sign([]byte("x"), []cms.Signer{sealSigner(t)}, &cms.SignOptions{OmitCertificates: true})
	require.NoError(t, err)
	bare := write(t, filepath.Join(t.TempDir(), "bare"), string(lone))
	in := func(data string) string { return write(t, filepath.Join(t.TempDir(), "in"), data) }

	for name, tt := range map[string]struct {
		exit int
		code string
		args []string
	}{
		"content changed":        {exitNo, "", []string{"--signature-only", flipped(t, p7s, []byte("the report"))}},
		"signature changed":      {exitNo, "", []string{"--signature-only", flipped(t, p7s, s.Signers[0].Signature)}},
		"no trust decision":      {exitFail, codeUsage, []string{p7s}},
		"roots":                  {exitFail, codeUnsupported, []string{"--roots", of(t, "ca.cer"), p7s}},
		"roots beside":           {exitFail, codeUnsupported, []string{"--signature-only", "--roots", of(t, "ca.cer"), p7s}},
		"time without roots":     {exitFail, codeUsage, []string{"--signature-only", "--at", "2023-06-05T00:00:00Z", p7s}},
		"no certificate":         {exitFail, codeNoCert, []string{"--signature-only", bare}},
		"empty":                  {exitFail, codeMalformed, []string{"--signature-only", in("")}},
		"text":                   {exitFail, codeMalformed, []string{"--signature-only", in("some text\n")}},
		"truncated":              {exitFail, codeMalformed, []string{"--signature-only", in(whole[:len(whole)-1])}},
		"head only":              {exitFail, codeMalformed, []string{"--signature-only", in(whole[:20])}},
		"PEM cut":                {exitFail, codeMalformed, []string{"--signature-only", in("-----BEGIN CMS-----\nMIIB\n")}},
		"missing":                {exitFail, codeIO, []string{"--signature-only", filepath.Join(dir, "nothing")}},
		"missing certificate":    {exitFail, codeIO, []string{"--signature-only", "--cert", filepath.Join(dir, "nothing"), p7s}},
		"certificate is none":    {exitFail, codeBadCert, []string{"--signature-only", "--cert", file, p7s}},
		"content of a cert":      {exitFail, codeUsage, []string{"--signature-only", "--content", file, of(t, "ca.cer")}},
		"key container":          {exitFail, codeUnsupported, []string{"--signature-only", of(t, "seal.p12")}},
		"certificate, no issuer": {exitFail, codeNoCert, []string{"--signature-only", of(t, "seal.sign.cer")}},
		"certificate truncated":  {exitFail, codeMalformed, []string{"--signature-only", in(read(t, of(t, "ca.cer"))[:200])}},
		"no file":                {exitFail, codeUsage, []string{"--signature-only"}},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, tt.exit, tt.code, "", append([]string{"verify"}, tt.args...)...)
			holds(t, dir, "report.xml")
		})
	}
	require.Equal(t, "passed", verdictOf(t, "--cert", of(t, "seal.sign.cer"), bare).Verdict, "the certificate given")
}

func sealSigner(t testing.TB) cms.Signer {
	c, err := theCast()
	require.NoError(t, err)
	id := c.ids["seal"]
	return cms.Signer{Key: id.Signing.Key, Certificate: id.Signing.Certificate}
}

// TestVerifyObjects verifies what is no message.
func TestVerifyObjects(t *testing.T) {
	files := things(t)
	for kind, args := range map[string][]string{
		typeCertificate: {"--cert", of(t, "ca.cer"), files[typeCertificate]},
		typeCSR:         {files[typeCSR]},
		typeTimestamp:   {files[typeTimestamp]},
		typeTransport:   {files[typeTransport]},
	} {
		d := verdictOf(t, args...)
		require.Equal(t, kind, d.Type)
		require.Equal(t, "passed", d.Verdict)
		require.Len(t, d.Signers, 1)
		golden(t, "verify-"+kind, ok(t, append([]string{"verify", "--signature-only", "--json"}, args...)...).out)
	}
	require.Equal(t, "passed", verdictOf(t, of(t, "ca.cer")).Verdict, "self-signed")

	forged := []byte(read(t, of(t, "ca.cer")))
	forged[len(forged)-1] ^= 1
	file := write(t, filepath.Join(t.TempDir(), "f"), string(forged))
	refused(t, exitNo, "", "", "verify", "--signature-only", file)

	c, err := theCast()
	require.NoError(t, err)
	crl := signedObject(t, c, "crl")
	d := verdictOf(t, "--cert", of(t, "seal.sign.cer"), crl)
	require.Equal(t, typeCRL, d.Type)
	require.Equal(t, []string{"Печатка"}, d.names())
	refused(t, exitFail, codeNoCert, "", "verify", "--signature-only", crl)
	ocsp := signedObject(t, c, "ocsp")
	require.Equal(t, typeOCSPResponse, verdictOf(t, ocsp).Type, "the responder is embedded")
	changed := []byte(read(t, ocsp))
	i := bytes.Index(changed, []byte("20230605"))
	changed[i] = '3'
	refused(t, exitNo, "", "", "verify", "--signature-only", write(t, filepath.Join(t.TempDir(), "o"), string(changed)))
}

func TestSignRefuses(t *testing.T) {
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "report.xml"), "the report")
	out := filepath.Join(dir, "out")
	kept := write(t, filepath.Join(t.TempDir(), "kept"), "kept")
	text := write(t, filepath.Join(t.TempDir(), "text"), "some text")
	closed := filepath.Join(t.TempDir(), "closed")
	require.NoError(t, os.Mkdir(closed, 0o500))
	p12 := of(t, "seal.p12")
	for name, tt := range map[string]struct {
		exit int
		code string
		args []string
	}{
		"no key":            {exitFail, codeUsage, []string{"-o", out, file}},
		"no file":           {exitFail, codeUsage, []string{"--key", p12, "--password", secret, "-o", out}},
		"wrong password":    {exitNo, codePassword, []string{"--key", p12, "--password", "wrong", "-o", out, file}},
		"empty password":    {exitNo, codePassword, []string{"--key", p12, "--password", "", "-o", out, file}},
		"no password":       {exitFail, codeUsage, []string{"--key", p12, "-o", out, file}},
		"key is text":       {exitFail, codeMalformed, []string{"--key", text, "--password", secret, "-o", out, file}},
		"key is missing":    {exitFail, codeIO, []string{"--key", out, "--password", secret, "-o", out, file}},
		"no certificate":    {exitFail, codeNoCert, []string{"--key", of(t, "director.dat"), "--password", secret, "-o", out, file}},
		"other certificate": {exitFail, codeNoCert, []string{"--key", of(t, "director.dat"), "--password", secret, "--cert", of(t, "seal.sign.cer"), "-o", out, file}},
		"agreement only":    {exitFail, codeNoCert, []string{"--key", of(t, "director.dat"), "--password", secret, "--cert", of(t, "director.agree.cer"), "-o", out, file}},
		"input is missing":  {exitFail, codeIO, []string{"--key", p12, "--password", secret, "-o", out, out}},
		"input is a dir":    {exitFail, codeIO, []string{"--key", p12, "--password", secret, "-o", out, dir}},
		"existing output":   {exitFail, codeIO, []string{"--key", p12, "--password", secret, "-o", kept, file}},
		"output is a dir":   {exitFail, codeIO, []string{"--key", p12, "--password", secret, "-o", dir, file}},
		"no such place":     {exitFail, codeIO, []string{"--key", p12, "--password", secret, "-o", filepath.Join(dir, "no", "out"), file}},
		"unknown hash":      {exitFail, codeUsage, []string{"--key", p12, "--password", secret, "--hash", "md5", "-o", out, file}},
		"unknown role":      {exitFail, codeUsage, []string{"--key", p12, "--password", secret, "--role", "boss", "-o", out, file}},
		"unknown level":     {exitFail, codeUsage, []string{"--key", p12, "--password", secret, "--level", "Z", "-o", out, file}},
		"level T":           {exitFail, codeUnsupported, []string{"--key", p12, "--password", secret, "--level", "T", "-o", out, file}},
		"timestamp server":  {exitFail, codeUnsupported, []string{"--key", p12, "--password", secret, "--tsp", "http://x", "-o", out, file}},
		"add to text":       {exitFail, codeMalformed, []string{"--key", p12, "--password", secret, "--add-to", text, "-o", out, file}},
		"unknown flag":      {exitFail, codeUsage, []string{"--nope", file}},
		"unwritable dir":    {exitFail, codeIO, []string{"--key", p12, "--password", secret, "-o", filepath.Join(closed, "out"), file}},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "unwritable dir" && os.Geteuid() == 0 {
				t.Skip("needs another user than root, who may write everywhere")
			}
			refused(t, tt.exit, tt.code, "", append([]string{"sign"}, tt.args...)...)
			holds(t, dir, "report.xml")
			require.Equal(t, "kept", read(t, kept))
		})
	}
	ok(t, "sign", "--key", p12, "--password", secret, "--force", "-o", kept, file)
	require.Equal(t, "passed", verdictOf(t, kept).Verdict)
	holds(t, filepath.Dir(kept), "kept")
}

// TestVerdictFault covers every code of a report.
func TestVerdictFault(t *testing.T) {
	for code, want := range map[validation.Code]struct {
		v    validation.Verdict
		exit int
		code string
		iit  int
	}{
		validation.HashFailure:             {validation.Failed, exitNo, "", 35},
		validation.SigCryptoFailure:        {validation.Failed, exitNo, "", 35},
		validation.NoRecipient:             {validation.Failed, exitNo, codeNoRecipient, 37},
		validation.DecryptionFailure:       {validation.Failed, exitNo, codeDecryption, 33},
		validation.NoSigners:               {validation.Indeterminate, exitNo, "", 0},
		validation.NoSigningCertificate:    {validation.Indeterminate, exitFail, codeNoCert, 51},
		validation.IssuerNotFound:          {validation.Indeterminate, exitFail, codeNoCert, 51},
		validation.SenderCertificateNeeded: {validation.Indeterminate, exitFail, codeNoCert, 51},
		validation.SignedDataNotFound:      {validation.Indeterminate, exitFail, codeUsage, 0},
		validation.AlgorithmUnsupported:    {validation.Indeterminate, exitFail, codeUnsupported, 65534},
		validation.FormatFailure:           {validation.Indeterminate, exitFail, codeMalformed, 33},
	} {
		r := new(validation.Report)
		r.Add(validation.Check{Code: code, Verdict: want.v})
		f := verdictFault("file", r)
		require.Equal(t, want.exit, f.exit, code)
		require.Equal(t, want.code, f.code, code)
		require.Equal(t, want.iit, f.iit, code)
	}
	passed := new(validation.Report)
	passed.Add(validation.Check{Verdict: validation.Passed})
	require.Nil(t, verdictFault("file", passed))
	require.NotNil(t, verdictFault("file", new(validation.Report)), "nothing checked")
}

// TestVerifyWithoutContent gives the verdict on a detached signature as far as it goes.
func TestVerifyWithoutContent(t *testing.T) {
	p7s := filepath.Join(t.TempDir(), "p7s")
	file := write(t, filepath.Join(t.TempDir(), "f"), "the report")
	ok(t, append([]string{"sign", "--detached", "-o", p7s, file}, sealKey(t)...)...)
	refused(t, exitFail, codeUsage, "", "verify", "--signature-only", p7s)
	r := run(t, "", "verify", "--signature-only", "--json", p7s)
	var d verdictDocument
	require.NoError(t, json.Unmarshal([]byte(r.out), &d))
	require.Equal(t, "indeterminate", d.Verdict)
	require.Len(t, d.Signers, 1)
	require.Nil(t, d.Signers[0].DigestValid)
	require.True(t, *d.Signers[0].SignatureValid)
	require.Contains(t, r.err, "--content")
	refused(t, exitFail, codeUsage, "", append([]string{"sign", "--detached", "--add-to", p7s, "-o", p7s + "2", file}, sealKey(t)...)...)
}
