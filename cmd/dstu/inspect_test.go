package main

import (
	"encoding/base64"
	"encoding/pem"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

// things makes one file of every type that the library writes.
func things(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	c, err := theCast()
	require.NoError(t, err)
	me := c.ids["seal"]
	signer := cms.Signer{Key: me.Signing.Key, Certificate: me.Signing.Certificate}
	signed, err := cms.Sign([]byte("content"), []cms.Signer{signer}, nil)
	require.NoError(t, err)
	stamp, err := cms.Sign([]byte("tst"), []cms.Signer{signer}, &cms.SignOptions{ContentType: []int{1, 2, 840, 113549, 1, 9, 16, 1, 4}})
	require.NoError(t, err)
	enveloped, err := cms.Encrypt([]byte("content"), []*pkix.Certificate{me.Agreement.Certificate}, nil)
	require.NoError(t, err)
	csr, err := pkix.CreateCertificateRequest(nil, me.Signing.Certificate, me.Signing.Key)
	require.NoError(t, err)
	message, err := transport.Pack([]byte("report"), &transport.PackOptions{
		Signers: []cms.Signer{signer}, Envelope: transport.Envelope{Recipients: []*pkix.Certificate{me.Agreement.Certificate}},
	})
	require.NoError(t, err)
	out := map[string]string{
		typeCertificate: of(t, "seal.sign.cer"), typeBundle: of(t, "all.pem"),
		typeContainer: of(t, "seal.p12"), typePrivateKey: of(t, "seal.pk8"),
	}
	for kind, data := range map[string][]byte{
		typeSigned: signed, typeTimestamp: stamp, typeEnveloped: enveloped, typeCSR: csr, typeTransport: message,
	} {
		out[kind] = write(t, filepath.Join(dir, kind), string(data))
	}
	return out
}

func TestInspect(t *testing.T) {
	for kind, file := range things(t) {
		t.Run(kind, func(t *testing.T) {
			got := decoded[[]map[string]any](t, "inspect", file, "--password", secret)
			require.Len(t, got, 1)
			require.Equal(t, kind, got[0]["type"])
			require.Equal(t, file, got[0]["file"])
			golden(t, "inspect-"+kind, ok(t, "inspect", file, "--password", secret, "--json").out)
			require.Contains(t, ok(t, "inspect", file, "--password", secret).out, file+": "+strings.ReplaceAll(kind, "_", " "))
		})
	}
}

// TestInspectFacts looks at values, once.
func TestInspectFacts(t *testing.T) {
	c, err := theCast()
	require.NoError(t, err)
	got := decoded[[]map[string]any](t, "inspect", of(t, "director.sign.cer"))[0]
	cert := c.ids["director"].Signing.Certificate
	require.Equal(t, "Директор", got["subject_cn"])
	require.Equal(t, "Тестовий ЦСК", got["issuer_cn"])
	require.Equal(t, "12345678", got["edrpou"])
	require.Equal(t, "2222222222", got["drfo"])
	require.Equal(t, 257.0, got["curve_m"])
	require.Equal(t, "explicit", got["curve_params"])
	require.Equal(t, []any{"digitalSignature", "nonRepudiation"}, got["key_usage"])
	require.Equal(t, cert.NotBefore.UTC().Format("2006-01-02T15:04:05Z"), got["not_before"])
	require.Equal(t, *hexText(cert.RawSerial), got["serial_hex"])
	require.Equal(t, *hexText(cert.RawPublicKey), got["public_key_hex"])
}

// TestInspectNames shows people names where JSON has identifiers, and nothing that a terminal
// obeys.
func TestInspectNames(t *testing.T) {
	files := things(t)
	for kind, want := range map[string][]string{
		typeCertificate: {"signed with  DSTU 4145 with GOST 34.311\n"},
		typeCSR:         {"signed with  DSTU 4145 with GOST 34.311\n"},
		typeSigned:      {"data, attached\n", "DSTU 4145 with GOST 34.311, digest GOST 34.311, level BES", "of «Тестовий ЦСК»"},
		typeTimestamp:   {"timestamp, attached\n"},
		typeEnveloped:   {"data, GOST 28147", "cofactor Diffie-Hellman with GOST 34.311, GOST 28147 key wrap, originator with an ephemeral key\n"},
	} {
		out := ok(t, "inspect", files[kind]).out
		for _, part := range want {
			require.Contains(t, out, part)
		}
		require.NotRegexp(t, `\b[0-2]\.[0-9]+\.[0-9]+\.[0-9]+\.`, out, kind)
	}
	require.Contains(t, ok(t, "verify", "--signature-only", files[typeSigned]).out, "DSTU 4145 with GOST 34.311, level BES\n")

	hostile := "A=\x1b[2J\u202e\u009b\r\n\x00"
	file := write(t, filepath.Join(t.TempDir(), "f"), "TRANSPORTABLE\x00"+string(rune(len(hostile)))+"\x00\x00\x00"+hostile+"CLEAR\x00\x00\x00\x00\x00")
	require.Contains(t, ok(t, "inspect", file).out, "A=\ufffd[2J\ufffd\ufffd\n")
}

// TestInspectArmor sees through PEM and Base64.
func TestInspectArmor(t *testing.T) {
	dir := t.TempDir()
	for kind, file := range things(t) {
		if kind == typeBundle {
			continue
		}
		der := []byte(read(t, file))
		b64 := base64.StdEncoding.EncodeToString(der)
		forms := map[string]string{"base64": b64, "base64 lines": b64[:40] + "\r\n " + b64[40:] + "\n",
			"base64 without padding": strings.TrimRight(b64, "=") + "\n", "base64 of Windows": "\ufeff" + b64 + "\r\n"}
		if kind != typeTransport {
			forms["pem of Windows"] = "\ufeff" + strings.ReplaceAll(string(pem.EncodeToMemory(&pem.Block{Type: "ANY THING", Bytes: der})), "\n", "\r\n")
			forms["pem"] = "note\n" + string(pem.EncodeToMemory(&pem.Block{Type: "ANY THING", Bytes: der}))
		}
		for form, text := range forms {
			path := write(t, filepath.Join(dir, "x"), text)
			got := decoded[[]map[string]any](t, "inspect", path, "--password", secret)
			require.Equal(t, kind, got[0]["type"], "%s in %s", kind, form)
		}
	}
}

func TestInspectContainer(t *testing.T) {
	got := decoded[[]map[string]any](t, "inspect", of(t, "seal.p12"))[0]
	require.Equal(t, "pkcs12", got["format"])
	require.Nil(t, got["keys"], "not opened without a password")
	refused(t, exitNo, codePassword, "", "inspect", of(t, "seal.p12"), "--password", "wrong")
}

// TestInspectCut says of a file of each type that it is cut short, and exits as for malformed input.
func TestInspectCut(t *testing.T) {
	files := things(t)
	delete(files, typeBundle) // see TestInspectBundle
	files["key6"] = of(t, "director.dat")
	out := filepath.Join(t.TempDir(), "out")
	files["pkcs8-encrypted"] = out
	ok(t, "keys", "--password", secret, "--export", "0", "--to", "pkcs8-encrypted", "-o", out, of(t, "seal.p12"))
	for kind, file := range files {
		whole := read(t, file)
		for _, n := range []int{len(whole) / 2, len(whole) - 1} {
			cut := write(t, filepath.Join(t.TempDir(), "cut"), whole[:n])
			refused(t, exitFail, codeMalformed, "", "inspect", cut)
			refused(t, exitFail, codeMalformed, "", "inspect", "--password", secret, cut)
			require.Regexp(t, "truncated|cut short|longer than the data", run(t, "", "inspect", cut).err, kind)
		}
		text := pem.EncodeToMemory(&pem.Block{Type: "ANY THING", Bytes: []byte(whole)})
		cut := write(t, filepath.Join(t.TempDir(), "cut"), string(text[:len(text)/2]))
		refused(t, exitFail, codeMalformed, "", "inspect", cut)
		require.Contains(t, run(t, "", "inspect", cut).err, "cut short", kind)
	}
}

func TestInspectUnknown(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	refused(t, exitFail, codeIO, "", "inspect", gone)
	require.Equal(t, 1, strings.Count(run(t, "", "inspect", gone).err, gone), "named once")
	dir := t.TempDir()
	cert := read(t, of(t, "seal.sign.cer"))
	for name, data := range map[string]string{
		"empty": "", "text": "Lorem ipsum, dolor sit amet.\n", "cut": cert[:len(cert)-1], "zeros": strings.Repeat("\x00", 100),
		"one octet": "0", "long length": "\x30\x84\xff\xff\xff\xff",
	} {
		file := write(t, filepath.Join(dir, name), data)
		refused(t, exitFail, codeMalformed, "", "inspect", file)
		r := run(t, "", "inspect", "--json", file)
		require.Contains(t, r.out, `"type": "unknown"`)
	}
	refused(t, exitFail, codeIO, "", "inspect", filepath.Join(dir, "nothing"))
	refused(t, exitFail, codeUsage, "", "inspect")
	r := run(t, cert, "inspect", "-", filepath.Join(dir, "empty"), "--json")
	require.Equal(t, exitFail, r.code)
	require.Contains(t, r.out, `"type": "certificate"`, "the readable one is there")
	require.Equal(t, 1, strings.Count(r.err, "\n"))
}

// TestInspectBundle says which member cannot be read and lists the rest.
func TestInspectBundle(t *testing.T) {
	cert := []byte(read(t, of(t, "seal.sign.cer")))
	broken := append(pemOf(cert), pemOf(cert[:100])...)
	file := write(t, filepath.Join(t.TempDir(), "b.pem"), string(append(broken, pemOf(cert)...)))
	r := run(t, "", "inspect", "--json", file)
	require.Equal(t, exitFail, r.code)
	golden(t, "inspect-bundle-failed", r.out)
	refused(t, exitFail, codeBadCert, "", "inspect", file)

	two := string(pemOf(cert)) + string(pemOf(cert))
	file = write(t, filepath.Join(t.TempDir(), "cut.pem"), two[:len(two)-40])
	refused(t, exitFail, codeBadCert, "", "inspect", file)
	require.Contains(t, run(t, "", "inspect", file).out, "member 1 cannot be read")
	require.Contains(t, run(t, "", "inspect", "--json", file).out, `"index": 1`)
	require.Equal(t, exitFail, run(t, "", "verify", "--signature-only", "--cert", of(t, "ca.cer"), file).code)
	ok(t, "verify", "--signature-only", "--cert", of(t, "ca.cer"), "--cert", file, of(t, "seal.sign.cer")) // the other is there
}

// seq writes a SEQUENCE of ready elements.
func seq(parts ...[]byte) []byte { return element(asn1.SEQUENCE, parts...) }

func element(tag asn1.Tag, parts ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) {
		for _, p := range parts {
			b.AddBytes(p)
		}
	})
	return b.BytesOrPanic()
}

// TestDetect recognises by structure what the library does not write.
func TestDetect(t *testing.T) {
	null, one, octets := element(asn1.NULL), element(asn1.INTEGER, []byte{1}), element(asn1.OCTET_STRING, []byte("abc"))
	algorithm := seq(element(asn1.OBJECT_IDENTIFIER, []byte{0x2a, 3}), null)
	name, bits := seq(), element(asn1.BIT_STRING, []byte{0, 1})
	utc, generalized := element(asn1.UTCTime, []byte("230605000000Z")), element(asn1.GeneralizedTime, []byte("20230605000000Z"))
	certID := seq(algorithm, octets, octets, one)
	info := seq(oidPKCS7With(2), element(context0, seq()))
	for want, list := range map[string][][]byte{
		typeCRL: {
			seq(seq(one, algorithm, name, utc), algorithm, bits), seq(seq(algorithm, name, generalized), algorithm, bits),
		},
		typeOCSPRequest: {
			seq(seq(seq(seq(certID)))), seq(seq(element(context0, one), element(context1, name), seq(seq(certID), seq(certID)))),
			seq(seq(seq(seq(certID))), element(context0, seq(algorithm, bits))),
		},
		typeOCSPResponse: {
			seq(element(asn1.ENUM, []byte{0}), element(context0, seq())), seq(element(asn1.ENUM, []byte{1})),
			seq(seq(element(context1, name), generalized, seq()), algorithm, bits),
			seq(seq(element(context0, one), element(context2, octets), generalized, seq()), algorithm, bits, element(context0, seq())),
		},
		typeTSPRequest:  {seq(one, seq(algorithm, octets)), seq(one, seq(algorithm, octets), element(asn1.OBJECT_IDENTIFIER, []byte{0x2a}), one)},
		typeTSPResponse: {seq(seq(one)), seq(seq(one, seq()), info)},
		typeUnknown: {
			seq(), seq(seq()), seq(one), seq(seq(one, one), algorithm, bits), seq(null, null), seq(seq(seq())), info[:5],
			append(seq(seq(one)), 0), seq(seq(algorithm, octets), seq()),
		},
	} {
		for i, der := range list {
			require.Equal(t, want, detect(der), "%s %d: %x", want, i, der)
		}
	}
}

func oidPKCS7With(arc byte) []byte { return append(append([]byte{}, oidPKCS7...), arc) }

// TestDetectCorpus recognises the real files of every kind.
func TestDetectCorpus(t *testing.T) {
	want := map[string][]string{
		"certs": {typeCertificate}, "bundles": {typeBundle}, "crls": {typeCRL}, "cms": {typeSigned}, "enveloped": {typeEnveloped},
		"containers": {typeContainer, typePrivateKey}, "ocsp": {typeOCSPRequest, typeOCSPResponse},
		"tsp": {typeTimestamp, typeTSPRequest, typeTSPResponse}, "transport": {typeTransport}, "requests": {typeCSR},
	}
	dir := corpus.Find(t, "corpus")
	for i := range dir.Items {
		item := &dir.Items[i]
		file := filepath.Join(dir.Path, item.File)
		r := run(t, "", "inspect", "--json", file)
		require.Equal(t, exitOK, r.code, r.err)
		found := false
		for _, kind := range want[item.Kind] {
			found = found || strings.Contains(r.out, `"type": "`+kind+`"`)
		}
		require.True(t, found, "%s: %.200s", item.File, r.out)
	}
}
