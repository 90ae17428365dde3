package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

func TestEncryptDecrypt(t *testing.T) {
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "report.xml"), "the report")
	to := of(t, "centre.agree.cer")
	open := []string{"decrypt", "--key", of(t, "centre.p12"), "--password", secret}
	for name, tt := range map[string]struct {
		args       []string
		originator cms.OriginatorKind
		signers    []string
	}{
		"ephemeral":         {[]string{"--to", to}, cms.OriginatorEphemeral, nil},
		"static":            {append([]string{"--to", to}, sealKey(t)...), cms.OriginatorIssuerSerial, nil},
		"static and signed": {append([]string{"--to", to, "--sign"}, sealKey(t)...), cms.OriginatorIssuerSerial, []string{"Печатка"}},
		"PEM":               {[]string{"--to", to, "--pem"}, cms.OriginatorEphemeral, nil},
		"two recipients":    {[]string{"--to", of(t, "seal.agree.cer"), "--to", to}, cms.OriginatorEphemeral, nil},
		"a PEM chain":       {[]string{"--to", of(t, "all.pem")}, cms.OriginatorEphemeral, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			p7e, plain := filepath.Join(dir, "p7e"), filepath.Join(dir, "plain")
			ok(t, append([]string{"encrypt", "-o", p7e, file}, tt.args...)...)
			type enveloped struct {
				Recipients []struct{ Originator cms.OriginatorKind }
			}
			require.Equal(t, tt.originator, decoded[[]enveloped](t, "inspect", p7e)[0].Recipients[0].Originator)
			type opened struct {
				Signed  bool
				Verdict *string
				Signers []struct {
					SubjectCN string `json:"subject_cn"`
				}
			}
			d := decoded[opened](t, append(open, "-o", plain, p7e)...)
			require.Equal(t, "the report", read(t, plain))
			require.Equal(t, len(tt.signers) > 0, d.Signed)
			require.Len(t, d.Signers, len(tt.signers))
			for i, s := range tt.signers {
				require.Equal(t, s, d.Signers[i].SubjectCN)
				require.Equal(t, "passed", *d.Verdict)
			}
			require.Equal(t, "the report", ok(t, append(open, p7e)...).out, "standard output")
			if name == "ephemeral" || d.Signed {
				golden(t, "decrypt-"+strings.ReplaceAll(name, " ", "-"), ok(t, append(open, "--json", "--force", "-o", plain, p7e)...).out)
			}
		})
	}
}

// TestEncryptKalyna encrypts with the new standards; decrypt takes the algorithms from the message.
func TestEncryptKalyna(t *testing.T) {
	dir := t.TempDir()
	file, p7e := write(t, filepath.Join(dir, "f"), "text"), filepath.Join(dir, "p7e")
	ok(t, "encrypt", "--cipher", "kalyna256", "--to", of(t, "centre.agree.cer"), "-o", p7e, file)
	msg, err := os.ReadFile(p7e)
	require.NoError(t, err)
	e, err := cms.ParseEnveloped(msg)
	require.NoError(t, err)
	require.Equal(t, cms.CipherKalyna256, e.ContentAlgorithm)
	require.Equal(t, "text", ok(t, "decrypt", "--key", of(t, "centre.dat"), "--password", secret, p7e).out)
}

// TestDecryptSignedMessage writes a whole signed message as it is: nobody said that it is one.
func TestDecryptSignedMessage(t *testing.T) {
	dir := t.TempDir()
	file, p7e := write(t, filepath.Join(dir, "f"), "text"), filepath.Join(dir, "p7e")
	open := []string{"decrypt", "--key", of(t, "centre.p12"), "--password", secret, p7e}
	for content, want := range map[string]string{file: "is not signed", file + ".p7s": "holds a signed message, which was not checked"} {
		if content != file {
			ok(t, append([]string{"sign", file}, sealKey(t)...)...)
		}
		ok(t, "encrypt", "--force", "--to", of(t, "centre.agree.cer"), "-o", p7e, content)
		r := ok(t, open...)
		require.Equal(t, read(t, content), r.out)
		require.Contains(t, r.err, want)
		require.Equal(t, 1, strings.Count(r.err, "\n"))
	}
}

// TestDecryptSignerUnknown writes what is signed by somebody whose certificate is not at hand, as IIT
// leaves it out, and says so.
func TestDecryptSignerUnknown(t *testing.T) {
	c, err := theCast()
	require.NoError(t, err)
	who, to := c.ids["seal"], c.ids["centre"].Agreement
	signer := cms.Signer{Key: who.Signing.Key, Certificate: who.Signing.Certificate}
	signed, err := cms.Sign([]byte("text"), []cms.Signer{signer}, &cms.SignOptions{OmitContentInfo: true, OmitCertificates: true})
	require.NoError(t, err)
	der, err := cms.Encrypt(signed, []*pkix.Certificate{to.Certificate}, &cms.EncryptOptions{ContentType: cms.ContentTypeSignedData})
	require.NoError(t, err)
	dir := t.TempDir()
	file, out := write(t, filepath.Join(dir, "p7e"), string(der)), filepath.Join(dir, "out")
	open := []string{"decrypt", "--key", of(t, "centre.p12"), "--password", secret, "-o", out, "--force", file}
	type document struct {
		Signed  bool
		Verdict string
		Signers []struct{ Code *string }
	}
	d := decoded[document](t, open...)
	require.Equal(t, "text", read(t, out))
	require.True(t, d.Signed)
	require.Equal(t, "indeterminate", d.Verdict)
	require.Equal(t, "NO_SIGNING_CERTIFICATE", *d.Signers[0].Code)
	r := ok(t, open...)
	require.Contains(t, r.err, "its signature was not checked: signer's certificate not found: serial ")
	require.Equal(t, 1, strings.Count(r.err, "\n"))

	r = ok(t, append(open, "--cert", of(t, "seal.sign.cer"))...)
	require.Contains(t, r.err, "signed by Печатка")
}

// TestDecryptSenderGiven opens a message that only names the sender.
func TestDecryptSenderGiven(t *testing.T) {
	c, err := theCast()
	require.NoError(t, err)
	sender, to := c.ids["seal"].Agreement, c.ids["centre"].Agreement
	der, err := cms.Encrypt([]byte("text"), []*pkix.Certificate{to.Certificate}, &cms.EncryptOptions{Sender: &cms.Sender{Key: sender.Key, Certificate: sender.Certificate}})
	require.NoError(t, err)
	file := write(t, filepath.Join(t.TempDir(), "p7e"), string(der))
	open := []string{"decrypt", "--key", of(t, "centre.dat"), "--password", secret}
	refused(t, exitFail, codeNoCert, "", append(open, "-o", file+".out", file)...)
	holds(t, filepath.Dir(file), "p7e")
	require.Equal(t, "text", ok(t, append(open, "--cert", of(t, "seal.agree.cer"), file)...).out)

	framed := transport.Container{Sections: []transport.Section{
		{Label: transport.LabelCertificate, Content: sender.Certificate.Raw}, {Label: transport.LabelCrypt, Content: der},
	}}
	data, err := framed.MarshalBinary()
	require.NoError(t, err)
	write(t, file, string(data))
	require.Equal(t, "text", ok(t, append(open, file)...).out, "the certificate beside it in the frame")
}

func TestEncryptRefuses(t *testing.T) {
	dir := t.TempDir()
	file, out := write(t, filepath.Join(dir, "f"), "text"), filepath.Join(dir, "out")
	to := of(t, "centre.agree.cer")
	for name, tt := range map[string]struct {
		exit int
		code string
		args []string
	}{
		"no recipient":        {exitFail, codeUsage, []string{"-o", out, file}},
		"no output":           {exitFail, codeUsage, []string{"--to", to, file}},
		"no file":             {exitFail, codeUsage, []string{"--to", to, "-o", out}},
		"signing certificate": {exitFail, codeBadCert, []string{"--to", of(t, "centre.sign.cer"), "-o", out, file}},
		"text":                {exitFail, codeBadCert, []string{"--to", file, "-o", out, file}},
		"missing recipient":   {exitFail, codeIO, []string{"--to", out, "-o", out, file}},
		"missing input":       {exitFail, codeIO, []string{"--to", to, "-o", out, out}},
		"existing output":     {exitFail, codeIO, []string{"--to", to, "-o", of(t, "ca.cer"), file}},
		"sign without key":    {exitFail, codeUsage, []string{"--to", to, "--sign", "-o", out, file}},
		"two keys":            {exitFail, codeUsage, append(append([]string{"--to", to, "-o", out, file}, sealKey(t)...), sealKey(t)...)},
		"unknown cipher":      {exitFail, codeUsage, []string{"--to", to, "--cipher", "rot13", "-o", out, file}},
		"wrong password":      {exitNo, codePassword, []string{"--to", to, "--key", of(t, "seal.p12"), "--password", "x", "-o", out, file}},
		"no certificate":      {exitFail, codeNoCert, []string{"--to", to, "--key", of(t, "director.dat"), "--password", secret, "-o", out, file}},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, tt.exit, tt.code, "", append([]string{"encrypt"}, tt.args...)...)
			holds(t, dir, "f")
		})
	}
}

func TestDecryptRefuses(t *testing.T) {
	for _, data := range []string{"", "plain text", "\x04\x01x"} {
		args := []string{"decrypt", "--key", of(t, "centre.p12"), "--password", secret, "-o", filepath.Join(t.TempDir(), "out"), "-"}
		refused(t, exitFail, codeMalformed, data, args...)
		require.Contains(t, run(t, data, args...).err, "neither an enveloped message nor")
	}
	dir := t.TempDir()
	file, out := write(t, filepath.Join(t.TempDir(), "f"), "text that is long enough to be found"), filepath.Join(dir, "out")
	p7e, signed := filepath.Join(t.TempDir(), "p7e"), filepath.Join(t.TempDir(), "signed")
	ok(t, "encrypt", "--to", of(t, "centre.agree.cer"), "-o", p7e, file)
	ok(t, append(append([]string{"encrypt", "--to", of(t, "centre.agree.cer"), "--sign", "-o", signed}, sealKey(t)...), file)...)
	whole := read(t, p7e)
	env, err := cms.ParseEnveloped([]byte(whole))
	require.NoError(t, err)
	inner, err := cms.ParseEnveloped([]byte(read(t, signed)))
	require.NoError(t, err)
	text := bytes.Index(cipherText(t, signed), []byte("text that"))
	require.Positive(t, text)
	in := func(data string) string { return write(t, filepath.Join(t.TempDir(), "in"), data) }
	key := []string{"--key", of(t, "centre.p12"), "--password", secret}

	for name, tt := range map[string]struct {
		exit int
		code string
		args []string
	}{
		"no key":             {exitFail, codeUsage, []string{p7e}},
		"no file":            {exitFail, codeUsage, key},
		"wrong password":     {exitNo, codePassword, []string{"--key", of(t, "centre.p12"), "--password", "x", p7e}},
		"another's key":      {exitNo, codeNoRecipient, append(sealKey(t), p7e)},
		"wrapped key":        {exitNo, codeDecryption, append(key, flipped(t, p7e, env.Recipients[0].EncryptedKey))},
		"signed content":     {exitNo, "", append(key, flipped(t, signed, inner.EncryptedContent[text+5:]))},
		"empty":              {exitFail, codeMalformed, append(key, in(""))},
		"text":               {exitFail, codeMalformed, append(key, in("some text"))},
		"truncated":          {exitFail, codeMalformed, append(key, in(whole[:len(whole)-1]))},
		"head only":          {exitFail, codeMalformed, append(key, in(whole[:30]))},
		"certificate":        {exitFail, codeMalformed, append(key, of(t, "ca.cer"))},
		"no envelope inside": {exitFail, codeMalformed, append(key, things(t)[typeTransport])},
		"signed message":     {exitFail, codeMalformed, append(key, things(t)[typeSigned])},
		"missing":            {exitFail, codeIO, append(key, out)},
		"existing output":    {exitFail, codeIO, append(key, "-o", of(t, "ca.cer"), p7e)},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"decrypt", "-o", out}, tt.args...)
			refused(t, tt.exit, tt.code, "", args...)
			holds(t, dir)
		})
	}
	refused(t, exitFail, codeUsage, "", "decrypt", "--json", "--key", of(t, "centre.p12"), "--password", secret, p7e)
}

// cipherText decrypts a message that is signed within and returns what is encrypted, so that an
// octet of the content can be told in the cipher text: the mode keeps places.
func cipherText(t testing.TB, file string) []byte {
	c, err := theCast()
	require.NoError(t, err)
	plain, err := cms.Decrypt([]byte(read(t, file)), &cms.DecryptOptions{Recipients: []cms.Recipient{{Key: c.ids["centre"].Agreement.Key}}})
	require.NoError(t, err)
	return plain
}

// TestMemory bounds what the streaming commands allocate for a file of 8 MiB.
func TestMemory(t *testing.T) {
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "large"), string(make([]byte, 8<<20)))
	p7s, p7e, plain := filepath.Join(dir, "p7s"), filepath.Join(dir, "p7e"), filepath.Join(dir, "plain")
	for _, args := range [][]string{
		{"hash", file},
		append([]string{"sign", "-o", p7s, file}, sealKey(t)...),
		{"verify", "--signature-only", p7s},
		{"inspect", p7s},
		append([]string{"encrypt", "--sign", "--to", of(t, "centre.agree.cer"), "-o", p7e, file}, sealKey(t)...),
		{"decrypt", "--key", of(t, "centre.p12"), "--password", secret, "-o", plain, p7e},
	} {
		grown, _ := cryptotest.Allocated(func() { ok(t, args...) })
		require.Less(t, grown, uint64(memoryBound), "%s allocated %d octets", args[0], grown)
	}
}
