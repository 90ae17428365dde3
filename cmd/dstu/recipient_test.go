package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
)

// TestRecipientFile takes of each file one recipient, and says what else a file is.
func TestRecipientFile(t *testing.T) {
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "doc.txt"), "a text that is no certificate")
	centre, seal := read(t, of(t, "centre.agree.cer")), read(t, of(t, "seal.agree.cer"))
	in := func(name, data string) string { return write(t, filepath.Join(dir, name), data) }
	bundle := in("two.cer", centre+seal)
	for to, want := range map[string]struct{ code, message string }{
		bundle: {codeUsage, "2 certificates to encrypt to; give each recipient's in a file of its own"},
		in("two.pem", string(pemOf([]byte(centre)))+string(pemOf([]byte(seal)))): {codeUsage, "2 certificates"},
		things(t)[typeSigned]:             {codeBadCert, "a signed message, not a certificate"},
		things(t)[typeEnveloped]:          {codeBadCert, "an encrypted message, not a certificate"},
		things(t)[typeTransport]:          {codeBadCert, "a transport message, not a certificate"},
		of(t, "centre.p12"):               {codeBadCert, "a key container, not a certificate"},
		of(t, "centre.pk8"):               {codeBadCert, "a private key, not a certificate"},
		file:                              {codeBadCert, "no certificate in it"},
		in("cut.cer", centre[:200]):       {codeBadCert, "cut short"},
		of(t, "ca.cer"):                   {codeBadCert, "the certificate is not for key agreement"},
		in("damaged", "\x30\x02\x05\x00"): {codeBadCert, ""},
	} {
		out := filepath.Join(dir, "out")
		for _, args := range [][]string{
			{"encrypt", "--to", to, "-o", out, file},
			append([]string{"report", "pack", "--to", to, "-o", out, file}, sealKey(t)...),
		} {
			refused(t, exitFail, want.code, "", args...)
			require.Contains(t, run(t, "", args...).err, ": "+to+": "+want.message)
			require.NoFileExists(t, out)
		}
	}
	ok(t, "encrypt", "--to", in("twice.cer", centre+centre), "-o", filepath.Join(dir, "one"), file)
}

// TestRecipientsNamed says to whom a file was encrypted.
func TestRecipientsNamed(t *testing.T) {
	dir := t.TempDir()
	file, out := write(t, filepath.Join(dir, "f"), "text"), filepath.Join(dir, "out")
	to := []string{"--to", of(t, "centre.agree.cer"), "--to", of(t, "seal.agree.cer"), "--force", "-o", out, file}
	for _, args := range [][]string{append([]string{"encrypt"}, to...), append(append([]string{"report", "pack"}, to...), sealKey(t)...)} {
		require.Contains(t, ok(t, args...).err, ": note: encrypted to ОТРИМАНО, Печатка\n")
		r := ok(t, append(args, "--json")...)
		require.Empty(t, r.err)
		var d struct{ Recipients []partyJSON }
		require.NoError(t, json.Unmarshal([]byte(r.out), &d))
		require.Len(t, d.Recipients, 2)
		require.Equal(t, "ОТРИМАНО", *d.Recipients[0].SubjectCN)
		require.Equal(t, "87654321", *d.Recipients[0].EDRPOU)
		require.NotEmpty(t, *d.Recipients[1].Serial)
	}
}

// TestDates uses certificates outside of their dates, and says so.
func TestDates(t *testing.T) {
	for when, want := range map[time.Duration]string{
		-5 * 365 * 24 * time.Hour: "the certificate of Давній expired on ",
		5 * 365 * 24 * time.Hour:  "the certificate of Давній is not valid before ",
	} {
		ca, err := testca.New("ЦСК", &testca.Options{Now: time.Now().Add(when)})
		require.NoError(t, err)
		id, err := ca.Issue(testca.Subject{CommonName: "Давній", DRFO: "1111111111"})
		require.NoError(t, err)
		p12, err := id.Container(keystore.FormatPKCS12, secret, &keystore.MarshalOptions{Iterations: 10})
		require.NoError(t, err)
		dir := t.TempDir()
		file, out := write(t, filepath.Join(dir, "f"), "text"), filepath.Join(dir, "out")
		cer := write(t, filepath.Join(dir, "cer"), string(id.Agreement.Certificate.Raw))
		key := []string{"--key", write(t, filepath.Join(dir, "p12"), string(p12)), "--password", secret, "--force", "-o", out, file}
		for _, args := range [][]string{
			append([]string{"sign"}, key...),
			{"encrypt", "--to", cer, "--force", "-o", out, file},
			append([]string{"encrypt", "--sign", "--to", of(t, "centre.agree.cer")}, key...),
			append([]string{"report", "pack", "--to", of(t, "centre.agree.cer")}, key...),
		} {
			r := ok(t, args...)
			require.Equal(t, 1, strings.Count(r.err, want), r.err)
			var d struct{ Notes []string }
			r = ok(t, append(args, "--json")...)
			require.NoError(t, json.Unmarshal([]byte(r.out), &d))
			require.Len(t, d.Notes, 1)
			require.Contains(t, d.Notes[0], want)
		}
		require.NotContains(t, ok(t, append([]string{"sign", "--force", "-o", out, file}, sealKey(t)...)...).err, "note")
	}
}

// TestOutputIsInput refuses to replace what a command reads, even with --force.
func TestOutputIsInput(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return write(t, filepath.Join(dir, name), read(t, of(t, name))) }
	key, scalar, cert, to, pass := in("seal.p12"), in("seal.pk8"), in("seal.sign.cer"), in("centre.agree.cer"), in("password")
	file := write(t, filepath.Join(dir, "f"), "text")
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Link(key, link))
	p7e := filepath.Join(dir, "p7e")
	ok(t, "encrypt", "--to", of(t, "seal.agree.cer"), "-o", p7e, file)
	for _, place := range []string{key, link, cert, to, pass, file} {
		was := read(t, place)
		flags := []string{"--key", key, "--cert", cert, "--password-file", pass, "--force", "-o", place, file}
		for _, args := range [][]string{{"sign"}, {"encrypt", "--sign", "--to", to}, {"report", "pack", "--to", to}} {
			if place == to && args[0] == "sign" {
				continue
			}
			refused(t, exitFail, codeUsage, "", append(args, flags...)...)
			require.Equal(t, was, read(t, place))
		}
	}
	refused(t, exitFail, codeUsage, "", "sign", "--key", scalar, "--cert", cert, "--password-file", pass, "--force", "-o", pass, file)
	for _, place := range []string{key, pass, p7e} {
		refused(t, exitFail, codeUsage, "", "decrypt", "--key", key, "--password-file", pass, "--force", "-o", place, p7e)
	}
	for _, place := range []string{key, pass} {
		refused(t, exitFail, codeUsage, "", "keys", "--password-file", pass, "--export", "0", "--force", "-o", place, key)
	}
	refused(t, exitFail, codeIO, "", "keys", "--password-file", pass, "--export", "0", "-o", key, key) // without --force

	p7s := filepath.Join(dir, "p7s")
	ok(t, append([]string{"sign", "-o", p7s, file}, sealKey(t)...)...)
	ok(t, "sign", "--key", of(t, "director.p12"), "--password", secret, "--add-to", p7s, "--force", "-o", p7s, file)
	require.Contains(t, ok(t, "verify", "--signature-only", p7s).out, "Директор")
}

// TestJSONBesideOutput refuses two things on standard output.
func TestJSONBesideOutput(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "f"), "text")
	for _, args := range [][]string{
		append([]string{"sign", "-o", "-", file}, sealKey(t)...),
		append([]string{"sign", "-"}, sealKey(t)...),
		{"encrypt", "--to", of(t, "centre.agree.cer"), "-o", "-", file},
		{"keys", "--export", "0", "--password", secret, "-o", "-", of(t, "seal.p12")},
	} {
		r := run(t, "text", append(args, "--json")...)
		require.Equal(t, exitFail, r.code)
		require.Contains(t, r.out, `"code": "usage"`)
		require.True(t, json.Valid([]byte(r.out)))
	}
}
