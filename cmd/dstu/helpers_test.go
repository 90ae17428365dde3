package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"flag"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
)

var update = flag.Bool("update", false, "write the golden shapes anew")

// result is what one run of the command left.
type result struct {
	code     int
	out, err string
}

func run(t testing.TB, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := execute(args, strings.NewReader(stdin), &out, &errs)
	return result{code, out.String(), errs.String()}
}

// ok runs a command that must succeed.
func ok(t testing.TB, args ...string) result {
	t.Helper()
	r := run(t, "", args...)
	require.Equal(t, exitOK, r.code, "%v: %s", args, r.err)
	return r
}

// decoded runs a command with --json that must succeed and returns its document.
func decoded[T any](t testing.TB, args ...string) (v T) {
	t.Helper()
	r := ok(t, append(args, "--json")...)
	require.NoError(t, json.Unmarshal([]byte(r.out), &v))
	return v
}

// refused runs a command that must fail, in text and in JSON: with this exit status, this code,
// exactly one line on standard error, and at most one document on standard output.
func refused(t testing.TB, exit int, code string, stdin string, args ...string) {
	t.Helper()
	r := run(t, stdin, args...)
	require.Equal(t, exit, r.code, "%v: %s", args, r.err)
	require.Equal(t, 1, strings.Count(r.err, "\n"), "%v: %q", args, r.err)
	require.True(t, strings.HasPrefix(r.err, "dstu: "), r.err)
	require.True(t, strings.HasSuffix(r.err, "\n"), r.err)

	r = run(t, stdin, append([]string{"--json"}, args...)...)
	require.Equal(t, exit, r.code)
	require.Equal(t, 1, strings.Count(r.err, "\n"), "%v: %q", args, r.err)
	d := json.NewDecoder(strings.NewReader(r.out))
	var document any
	require.NoError(t, d.Decode(&document), r.out)
	require.False(t, d.More(), "one JSON document")
	if list, ok := document.([]any); ok && len(list) == 1 {
		document = list[0]
	}
	got := ""
	if object, ok := document.(map[string]any); ok {
		if e, ok := object["error"].(map[string]any); ok {
			got, _ = e["code"].(string)
			require.NotEmpty(t, e["message"])
		}
	}
	require.Equal(t, code, got, "%v: %s", args, r.out)
}

// holds demands that a directory has these files and no others.
func holds(t testing.TB, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	sort.Strings(want)
	require.Equal(t, want, got)
}

func write(t testing.TB, path, data string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(data), 0o600))
	return path
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}

// shapeOf turns a document into what of it is contract: names, kinds of values, the first element
// of an array.
func shapeOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = shapeOf(v[k])
		}
		return v
	case []any:
		if len(v) == 0 {
			return []any{}
		}
		return []any{shapeOf(v[0])}
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "bool"
	}
	return v
}

// golden compares the shape of a document with the one in testdata.
func golden(t *testing.T, name string, document string) {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal([]byte(document), &v))
	got, err := json.MarshalIndent(shapeOf(v), "", "  ")
	require.NoError(t, err)
	got = append(got, '\n')
	path := filepath.Join("testdata", "shape", name+".json")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, got, 0o666))
		return
	}
	require.Equal(t, read(t, path), string(got))
}

// cast is the files of everybody in the tests: NAME.p12 with certificates, NAME.dat (Key-6.dat)
// without, NAME.sign.cer and NAME.agree.cer.
type cast struct {
	dir string
	ids map[string]*testca.Identity
	ca  *testca.Authority
}

const secret = "пароль-1"

var theCast = sync.OnceValues(func() (*cast, error) {
	dir, err := os.MkdirTemp("", "dstu-test-")
	if err != nil {
		return nil, err
	}
	ca, err := testca.New("Тестовий ЦСК", nil)
	if err != nil {
		return nil, err
	}
	c := &cast{dir, map[string]*testca.Identity{}, ca}
	files := map[string][]byte{"ca.cer": ca.Certificate.Raw}
	for name, s := range map[string]testca.Subject{
		"accountant": {CommonName: "Бухгалтер", Organization: "ТОВ Приклад", EDRPOU: "12345678", DRFO: "1111111111"},
		"director":   {CommonName: "Директор", Organization: "ТОВ Приклад", EDRPOU: "12345678", DRFO: "2222222222"},
		"seal":       {CommonName: "Печатка", Organization: "ТОВ Приклад", EDRPOU: "12345678", Seal: true},
		"centre":     {CommonName: "ОТРИМАНО", Organization: "Державна служба", EDRPOU: "87654321", Seal: true},
		"person":     {CommonName: "Особа", DRFO: "3333333333"},
	} {
		id, err := ca.Issue(s)
		if err != nil {
			return nil, err
		}
		c.ids[name] = id
		files[name+".sign.cer"] = id.Signing.Certificate.Raw
		files[name+".agree.cer"] = id.Agreement.Certificate.Raw
		for ext, format := range map[string]keystore.Format{".p12": keystore.FormatPKCS12, ".pk8": keystore.FormatPKCS8} {
			if files[name+ext], err = id.Container(format, secret, &keystore.MarshalOptions{Iterations: 10}); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range []string{"director", "centre"} {
		if files[name+".dat"], err = c.ids[name].Container(keystore.FormatKey6, secret, nil); err != nil {
			return nil, err
		}
	}
	files["all.pem"] = append(pemOf(ca.Certificate.Raw), pemOf(files["centre.agree.cer"])...)
	files["password"] = []byte(secret + "\n")
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return nil, err
		}
	}
	return c, nil
})

func pemOf(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// of returns the path of a file of the cast.
func of(t testing.TB, name string) string {
	t.Helper()
	c, err := theCast()
	require.NoError(t, err)
	return filepath.Join(c.dir, name)
}

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if c, err := theCast(); err == nil {
		os.RemoveAll(c.dir)
	}
	os.Exit(code)
}

// signedObject writes a revocation list or an OCSP response that the seal of the cast signed.
func signedObject(t testing.TB, c *cast, kind string) string {
	t.Helper()
	cert, key := c.ids["seal"].Signing.Certificate, c.ids["seal"].Signing.Key
	var outer cryptobyte.String = cert.Raw
	var tbs, algorithm cryptobyte.String
	require.True(t, outer.ReadASN1(&outer, asn1.SEQUENCE) && outer.ReadASN1Element(&tbs, asn1.SEQUENCE) && outer.ReadASN1Element(&algorithm, asn1.SEQUENCE))
	at := []byte("20230605000000Z")
	signed := seq(element(asn1.INTEGER, []byte{1}), algorithm, cert.RawSubject, element(asn1.GeneralizedTime, at))
	var embedded []byte
	if kind == "ocsp" {
		signed = seq(element(context1, cert.RawSubject), element(asn1.GeneralizedTime, at), seq())
		embedded = element(context0, seq(cert.Raw))
	}
	digest := gost34311.Sum(signed)
	signature, err := key.Sign(nil, digest[:], nil)
	require.NoError(t, err)
	how, _ := alg.SignatureFor(alg.OIDGOST34311, key.PublicKey().Curve())
	signature = how.ToWire(signature)
	basic := seq(signed, algorithm, element(asn1.BIT_STRING, []byte{0}, element(asn1.OCTET_STRING, signature)), embedded)
	if kind == "ocsp" {
		basic = seq(element(asn1.ENUM, []byte{0}), element(context0, seq(element(asn1.OBJECT_IDENTIFIER, []byte{0x2b, 6, 1, 5, 5, 7, 48, 1, 1}), element(asn1.OCTET_STRING, basic))))
	}
	return write(t, filepath.Join(t.TempDir(), kind), string(basic))
}
