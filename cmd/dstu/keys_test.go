package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/internal/corpus"
)

type keysDocument struct {
	Format string
	Keys   []struct {
		Index       int
		Use         []string
		KeyID       string  `json:"key_id_hex"`
		PublicKey   string  `json:"public_key_hex"`
		CurveM      int     `json:"curve_m"`
		Certificate *string `json:"certificate_sha256"`
	}
	Certificates []any
}

func TestKeys(t *testing.T) {
	golden(t, "keys", ok(t, "keys", "--json", "--password", secret, of(t, "seal.p12")).out)
	p12 := decoded[keysDocument](t, "keys", "--password", secret, of(t, "director.p12"))
	dat := decoded[keysDocument](t, "keys", "--password-file", of(t, "password"), of(t, "director.dat"))
	require.Equal(t, "pkcs12", p12.Format)
	require.Equal(t, "key6-iit", dat.Format)
	require.Len(t, p12.Keys, 2)
	require.Len(t, p12.Certificates, 2)
	require.Empty(t, dat.Certificates)
	for i := range p12.Keys {
		require.Equal(t, p12.Keys[i].KeyID, dat.Keys[i].KeyID)
		require.Equal(t, p12.Keys[i].PublicKey, dat.Keys[i].PublicKey)
		require.NotNil(t, p12.Keys[i].Certificate)
		require.Nil(t, dat.Keys[i].Certificate)
	}
	require.Equal(t, []int{257, 431}, []int{p12.Keys[0].CurveM, p12.Keys[1].CurveM})
	require.Equal(t, []string{"sign"}, p12.Keys[0].Use)
	require.Equal(t, []string{"agree"}, p12.Keys[1].Use)

	with := decoded[keysDocument](t, "keys", "--password", secret, "--cert", of(t, "director.sign.cer"), of(t, "director.dat"))
	require.NotNil(t, with.Keys[0].Certificate)
	require.Contains(t, ok(t, "keys", "--password", secret, of(t, "director.dat")).out, "m = 431")
	require.Equal(t, "pkcs8", decoded[keysDocument](t, "keys", of(t, "director.pk8")).Format, "no password is asked for where none is used")
}

// TestKeysExport rewrites containers and reads them again.
func TestKeysExport(t *testing.T) {
	dir := t.TempDir()
	want := decoded[keysDocument](t, "keys", "--password", secret, of(t, "director.p12"))
	for name, tt := range map[string]struct {
		args     []string
		password string
		format   string
		keys     []int
	}{
		"all to pkcs12":         {[]string{"--export", "all", "--to", "pkcs12", "--new-password", "n"}, "n", "pkcs12", []int{0, 1}},
		"first to pkcs12":       {[]string{"--export", "0", "--new-password", "n"}, "n", "pkcs12", []int{0}},
		"second to pkcs12":      {[]string{"--export", "1", "--new-password", "n"}, "n", "pkcs12", []int{1}},
		"the old password":      {[]string{"--export", "all"}, secret, "pkcs12", []int{0, 1}},
		"all to key6-iit":       {[]string{"--export", "all", "--to", "key6-iit", "--new-password", "n"}, "n", "key6-iit", []int{0, 1}},
		"first to pkcs8":        {[]string{"--export", "0", "--to", "pkcs8"}, "", "pkcs8", []int{0}},
		"pkcs8 under password":  {[]string{"--export", "0", "--to", "pkcs8", "--new-password", "n"}, "n", "pkcs8-encrypted", []int{0}},
		"pkcs8-encrypted":       {[]string{"--export", "0", "--to", "pkcs8-encrypted"}, secret, "pkcs8-encrypted", []int{0}},
		"pkcs8-encrypted, new":  {[]string{"--export", "0", "--to", "pkcs8-encrypted", "--pem", "--new-password", "n"}, "n", "pkcs8-encrypted", []int{0}},
		"Kalyna pkcs12":         {[]string{"--export", "all", "--cipher", "kalyna256"}, secret, "pkcs12", []int{0, 1}},
		"Kalyna pkcs8":          {[]string{"--export", "0", "--cipher", "kalyna256", "--to", "pkcs8", "--new-password", "n"}, "n", "pkcs8-encrypted", []int{0}},
		"pkcs8 in PEM":          {[]string{"--export", "0", "--to", "pkcs8", "--pem"}, "", "pkcs8", []int{0}},
		"password from a file":  {[]string{"--export", "0", "--new-password-file", of(t, "password")}, secret, "pkcs12", []int{0}},
		"pkcs8 in PEM, secured": {[]string{"--export", "0", "--to", "pkcs8", "--pem", "--new-password", "n"}, "n", "pkcs8-encrypted", []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
			ok(t, append([]string{"keys", "--password", secret, "-o", out, of(t, "director.p12")}, tt.args...)...)
			info, err := os.Stat(out)
			require.NoError(t, err)
			require.Zero(t, info.Mode().Perm()&0o077, "a private key is for its owner")
			got := decoded[keysDocument](t, "keys", "--password", tt.password, out)
			require.Equal(t, tt.format, got.Format)
			require.Len(t, got.Keys, len(tt.keys))
			for i, n := range tt.keys {
				require.Equal(t, want.Keys[n].KeyID, got.Keys[i].KeyID)
			}
			kalyna := bytes.Contains([]byte(read(t, out)), []byte{0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 1, 3, 5, 2})
			require.Equal(t, strings.Contains(name, "Kalyna"), kalyna)
			if strings.Contains(name, "PEM") {
				require.True(t, strings.HasPrefix(read(t, out), "-----BEGIN "))
			}
		})
	}
}

func TestKeysRefuses(t *testing.T) {
	dir := t.TempDir()
	p12, out := of(t, "director.p12"), filepath.Join(dir, "out")
	whole := read(t, p12)
	file := func(data string) string { return write(t, filepath.Join(t.TempDir(), "f"), data) }
	for name, tt := range map[string]struct {
		exit int
		code string
		args []string
	}{
		"wrong password":      {exitNo, codePassword, []string{"keys", "--password", "wrong", p12}},
		"no password":         {exitFail, codeUsage, []string{"keys", p12}},
		"empty":               {exitFail, codeMalformed, []string{"keys", "--password", secret, file("")}},
		"text":                {exitFail, codeMalformed, []string{"keys", "--password", secret, file("just some text, no key\n")}},
		"truncated":           {exitFail, codeMalformed, []string{"keys", "--password", secret, file(whole[:len(whole)/2])}},
		"certificate":         {exitFail, codeMalformed, []string{"keys", "--password", secret, of(t, "ca.cer")}},
		"missing":             {exitFail, codeIO, []string{"keys", "--password", secret, filepath.Join(dir, "nothing")}},
		"password file":       {exitFail, codeIO, []string{"keys", "--password-file", filepath.Join(dir, "nothing"), p12}},
		"bad certificate":     {exitFail, codeBadCert, []string{"keys", "--password", secret, "--cert", p12, p12}},
		"no file":             {exitFail, codeUsage, []string{"keys"}},
		"two files":           {exitFail, codeUsage, []string{"keys", p12, p12}},
		"export without o":    {exitFail, codeUsage, []string{"keys", "--password", secret, "--export", "0", p12}},
		"o without export":    {exitFail, codeUsage, []string{"keys", "--password", secret, "-o", out, p12}},
		"index too large":     {exitFail, codeUsage, []string{"keys", "--password", secret, "--export", "2", "-o", out, p12}},
		"index negative":      {exitFail, codeUsage, []string{"keys", "--password", secret, "--export", "-1", "-o", out, p12}},
		"unknown format":      {exitFail, codeUsage, []string{"keys", "--password", secret, "--export", "0", "--to", "jks", "-o", out, p12}},
		"PEM of a pkcs12":     {exitFail, codeUsage, []string{"keys", "--password", secret, "--export", "0", "--pem", "-o", out, p12}},
		"no new password":     {exitFail, codeUsage, []string{"keys", "--export", "0", "-o", out, of(t, "director.pk8")}},
		"format, no export":   {exitFail, codeUsage, []string{"keys", "--password", secret, "--to", "pkcs8", p12}},
		"password, no export": {exitFail, codeUsage, []string{"keys", "--password", secret, "--new-password", "n", p12}},
		"unknown cipher":      {exitFail, codeUsage, []string{"keys", "--password", secret, "--export", "0", "--cipher", "aes", "-o", out, p12}},
		"cipher of Key-6":     {exitFail, codeUsage, []string{"keys", "--password", secret, "--export", "0", "--to", "key6-iit", "--cipher", "kalyna256", "-o", out, p12}},
		"cipher of nothing":   {exitFail, codeUsage, []string{"keys", "--password", secret, "--export", "0", "--to", "pkcs8", "--cipher", "kalyna256", "-o", out, p12}},
		"encrypted, no word":  {exitFail, codeUsage, []string{"keys", "--export", "0", "--to", "pkcs8-encrypted", "-o", out, of(t, "director.pk8")}},
		"cipher, no export":   {exitFail, codeUsage, []string{"keys", "--password", secret, "--cipher", "kalyna256", p12}},
		"existing output":     {exitFail, codeIO, []string{"keys", "--password", secret, "--export", "0", "-o", file("kept"), p12}},
		"no such place":       {exitFail, codeIO, []string{"keys", "--password", secret, "--export", "0", "-o", filepath.Join(dir, "no", "out"), p12}},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, tt.exit, tt.code, "", tt.args...)
			holds(t, dir)
		})
	}
}

// TestPasswordsPair gives one password for all keys, or one for each.
func TestPasswordsPair(t *testing.T) {
	p := &passwords{list: []*password{{text: "a"}, {text: "b"}}}
	a := newApp(nil, nil, nil)
	for i, want := range []string{"a", "b"} {
		got, err := a.passwordFor(p, i, 2, "")
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := a.passwordFor(p, 0, 3, "")
	require.Equal(t, codeUsage, classify(err).code)
	p.list = p.list[:1]
	got, err := a.passwordFor(p, 2, 3, "")
	require.NoError(t, err)
	require.Equal(t, "a", got)
	p.list = nil
	a.prompt = func(what string) (string, error) { return "typed for " + what, nil }
	got, err = a.passwordFor(p, 0, 1, "key")
	require.NoError(t, err)
	require.Equal(t, "typed for key", got)

	for data, want := range map[string]string{"p\n": "p", "p\r\n": "p", "p": "p", "p \n": "p ", "p\n\n": "p\n", "": ""} {
		got, err := newApp(nil, nil, nil).passwordText(&password{text: write(t, filepath.Join(t.TempDir(), "p"), data), file: true})
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, data := range []string{"\ufeffпароль\r\n", "пароль\n", "пароль"} {
		got, err := newApp(nil, nil, nil).passwordText(&password{text: write(t, filepath.Join(t.TempDir(), "p"), data), file: true})
		require.NoError(t, err)
		require.Equal(t, "пароль", got)
	}
	_, err = newApp(nil, nil, nil).passwordText(&password{text: write(t, filepath.Join(t.TempDir(), "p"), strings.Repeat("p", maxPassword+1)), file: true})
	require.Error(t, err)
}

// TestPasswordStaysSecret looks for the password in everything that is printed.
func TestPasswordStaysSecret(t *testing.T) {
	const mine = "S3cr3t-п4роль"
	for _, args := range [][]string{
		{"keys", "--password", mine, of(t, "director.p12")},
		{"keys", "--password", mine, "--json", of(t, "director.p12")},
		{"keys", "--password", mine, "nothing", "--bad-flag"},
		{"sign", "--key", of(t, "seal.p12"), "--password", mine, of(t, "ca.cer")},
	} {
		r := run(t, "", args...)
		require.NotEqual(t, exitOK, r.code)
		require.NotContains(t, r.out+r.err, mine)
	}
}

// TestKeysCorpus opens every real container with its password.
func TestKeysCorpus(t *testing.T) {
	dir := corpus.Find(t, "corpus")
	for _, item := range dir.Kind("containers") {
		var facts struct {
			Password    *string
			KeyPassword string `json:"key_password"`
			N           int    `json:"n_keys"`
			Keys        []struct {
				KeyID *string `json:"key_id_hex"`
			}
		}
		item.Decode(t, &facts)
		args := []string{"keys", filepath.Join(dir.Path, item.File)}
		if facts.Password != nil {
			args = append(args, "--password", *facts.Password)
		}
		if facts.KeyPassword != "" {
			args = append(args, "--key-password", facts.KeyPassword)
		}
		got := decoded[keysDocument](t, args...)
		require.NotEmpty(t, got.Keys, item.File)
		for i, k := range facts.Keys {
			if k.KeyID != nil {
				require.Equal(t, *k.KeyID, got.Keys[i].KeyID, item.File)
			}
		}
	}
}

// TestKeysWarns warns of a key that leaves its container unencrypted, and only then.
func TestKeysWarns(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	export := func(from string, args ...string) string {
		return ok(t, append([]string{"keys", "--password", secret, "--export", "0", "--force", "-o", out, of(t, from)}, args...)...).err
	}
	warning := export("director.p12", "--to", "pkcs8")
	require.Contains(t, warning, "unencrypted")
	require.Equal(t, 1, strings.Count(warning, "\n"))
	require.Empty(t, export("director.p12", "--to", "pkcs8", "--new-password", "n"))
	require.Empty(t, export("director.p12"))
	require.Empty(t, export("director.pk8", "--to", "pkcs8"), "it was not encrypted before")
}

// TestPasswordOfStdin reads passwords as lines of standard input, one for each flag.
func TestPasswordOfStdin(t *testing.T) {
	p12, out := of(t, "director.p12"), filepath.Join(t.TempDir(), "out")
	for _, in := range []string{secret, secret + "\n", secret + "\r\nmore\n", "\ufeff" + secret + "\n"} {
		r := run(t, in, "keys", "--password-file", "-", p12)
		require.Equal(t, exitOK, r.code, r.err)
	}
	r := run(t, secret+"\nfresh\n", "keys", "--password-file", "-", "--export", "0", "--new-password-file", "-", "-o", out, p12)
	require.Equal(t, exitOK, r.code, r.err)
	ok(t, "keys", "--password", "fresh", out)
	r = run(t, secret+"\n", "inspect", "--password-file", "-", p12, of(t, "seal.p12"))
	require.Equal(t, exitOK, r.code, "one line for all: %s", r.err)

	refused(t, exitNo, codePassword, "wrong\n", "keys", "--password-file", "-", p12)
	refused(t, exitFail, codeIO, "", "keys", "--password-file", "-", p12)
	refused(t, exitFail, codeIO, strings.Repeat("p", maxPassword+2), "keys", "--password-file", "-", p12)
	refused(t, exitFail, codeUsage, read(t, p12), "keys", "--password-file", "-", "-")
	refused(t, exitFail, codeUsage, secret+"\ncontent", "sign", "--key", p12, "--password-file", "-", "-o", out, "--force", "-")
}
