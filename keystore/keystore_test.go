package keystore_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

// first returns the entries of a store that must open.
func open(t testing.TB, data []byte, password string) (*keystore.Store, []*keystore.Entry) {
	t.Helper()
	s, err := keystore.Open(data, password, nil)
	require.NoError(t, err)
	entries := slices.Collect(s.Entries())
	require.Equal(t, s.Len(), len(entries))
	return s, entries
}

func TestSampleKey6(t *testing.T) {
	s, entries := open(t, unhex(t, sampleKey6), "tect4")
	require.Equal(t, keystore.FormatKey6, s.Format())
	require.Len(t, entries, 2)
	sign, agree := entries[0], entries[1]

	d := sign.Key.(*dstu4145.PrivateKey).Bytes()
	slices.Reverse(d)
	require.Equal(t, "77922e2fa2eb4fe4502058b19f75ec910e5d40863809722818df6389c1f97f17", hex.EncodeToString(d))
	require.Equal(t, "0a9c68e5bf193196278628a4f60840c9104373ad22045ce056ccea523eb5eb8001", hex.EncodeToString(sign.PublicKeyWire()))
	require.Equal(t, "7e9e345dd2cfd91ebadbe23c22eb9fac6bef65552ed42f56f9bac4aac5cb2d06", hex.EncodeToString(sign.KeyID()))
	require.Equal(t, "d273bba216624d529091ddc996554d0e64c6d6e886c0b1c65183a7cb81e2304e", hex.EncodeToString(sign.KeyIDKupyna()))
	require.Equal(t, sign.KeyID(), sign.LocalKeyID)
	require.Equal(t, 257, sign.CurveBits())

	require.Equal(t, "7cebcd9412612324209f4cd81cd16a7a9a0ba05a75ad05d38bae9a7483d8f719", hex.EncodeToString(agree.KeyID()))
	require.Equal(t, agree.KeyID(), agree.LocalKeyID)
	require.Equal(t, 431, agree.CurveBits())
	require.True(t, agree.SBox.Equal(gost28147.DKE1()))
	require.Empty(t, s.Warnings())

	require.Equal(t, []string{"sign", "agree"}, sign.Use.Strings())
	require.Equal(t, []string{"agree"}, agree.Use.Strings())
	for usage, want := range map[pkix.KeyUsage]*keystore.Entry{
		pkix.KeyUsageDigitalSignature: sign, pkix.KeyUsageDigitalSignature | pkix.KeyUsageNonRepudiation: sign, pkix.KeyUsageKeyAgreement: agree,
	} {
		got, err := s.Find(usage)
		require.NoError(t, err)
		require.Same(t, want, got)
	}
}

func TestSampleDiia(t *testing.T) {
	for name, data := range map[string][]byte{
		"Base64":  []byte(sampleDiia),
		"lines":   []byte(" " + sampleDiia[:64] + "\r\n" + sampleDiia[64:] + "\n"),
		"DER":     fromBase64(t, sampleDiia),
		"M.E.Doc": append([]byte("Q12345"), fromBase64(t, sampleDiia)...),
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, keystore.FormatPKCS12, keystore.Detect(data))
			_, entries := open(t, data, "testpassword")
			require.Len(t, entries, 2)
			d := entries[0].Key.(*dstu4145.PrivateKey).Bytes()
			slices.Reverse(d)
			require.Equal(t, "357bb5fd6171fecb378a8875793556ceb40313d217c271e896c07166ea16cb47", hex.EncodeToString(d))
			require.Equal(t, "5bc6c06ee1e00c1700e92aa7a9ad75f82d3cb7a9b66e3a98023209b24513315c", hex.EncodeToString(entries[0].KeyID()))
			require.Equal(t, "6b1b77c0d1a1b60473a98dd6d4fe5302742aede101daa21f2c83a67ccdedb782", hex.EncodeToString(entries[1].KeyID()))
			require.Equal(t, entries[1].KeyID(), entries[1].LocalKeyID)
		})
	}
}

func fromBase64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	require.NoError(t, err)
	return b
}

func TestSampleKalyna(t *testing.T) {
	data := unhex(t, sampleKalyna)
	require.Equal(t, keystore.FormatPKCS12, keystore.Detect(data))
	_, entries := open(t, data, "testpassword")
	require.Len(t, entries, 1)
	require.Equal(t, "f3066912cc7a40f7391247c49e6f1dc6b887252b153e4abd9f18f5f6abe40881", hex.EncodeToString(entries[0].KeyID()))
	_, err := keystore.Open(data, "Testpassword", nil)
	require.ErrorIs(t, err, keystore.ErrPassword)
}

// TestCutShort: an incomplete copy is told from data of another kind. Contents that are damaged, or a
// wrong password, say no more than before.
func TestCutShort(t *testing.T) {
	armor := func(data []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: data})
	}
	indefinite := append([]byte{0x30, 0x80}, fromBase64(t, sampleDiia)[4:]...)
	for name, data := range map[string][]byte{
		"Key-6.dat": unhex(t, sampleKey6), "PKCS#12": unhex(t, sampleKalyna), "indefinite length": append(indefinite, 0, 0),
	} {
		for _, n := range []int{100, len(data) / 2, len(data) - 1} {
			for _, cut := range [][]byte{data[:n], append([]byte("Q12345"), data[:n]...), armor(data[:n])} {
				_, err := keystore.Open(cut, "tect4", nil)
				require.ErrorIs(t, err, keystore.ErrFormat, "%s: %d octets", name, n)
				require.ErrorContains(t, err, fmt.Sprintf("cut short: more than the %d octets", n), name)
			}
		}
	}
	for _, n := range []int{100, len(sampleKey6)/2 - 1} {
		data := unhex(t, sampleKey6)
		data[n] ^= 1
		_, err := keystore.Open(data, "tect4", nil)
		require.Equal(t, keystore.ErrPassword, err)
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]keystore.Format{
		"":                           keystore.FormatUnknown,
		"00":                         keystore.FormatUnknown,
		"30":                         keystore.FormatUnknown,
		"3080":                       keystore.FormatUnknown,
		"feedfeed":                   keystore.FormatJKS,
		"feedfee0":                   keystore.FormatUnknown,
		"cececece00000002":           keystore.FormatJKS, // JCEKS: known, not opened
		"30030201033000":             keystore.FormatUnknown,
		"300902010330040602aabb":     keystore.FormatPKCS12,
		"30800201033080060900":       keystore.FormatPKCS12, // BER
		"3084ffffffff02010330060604": keystore.FormatPKCS12, // declared far beyond the end
		"300902010030040602aabb":     keystore.FormatUnknown,
		"300b0201003004060201020400": keystore.FormatPKCS8,
		"300b0201013004060201020400": keystore.FormatPKCS8, // RFC 5958, with a public key
		"300b0201023004060201020400": keystore.FormatUnknown,
		"302d0201010420":             keystore.FormatUnknown, // ECPrivateKey
		"3006020100020100":           keystore.FormatUnknown, // RSAPrivateKey
	} {
		require.Equal(t, want, keystore.Detect(unhex(t, text)), text)
	}
	require.Equal(t, keystore.FormatRaw, keystore.Detect(make([]byte, 32)))
	require.Equal(t, keystore.FormatUnknown, keystore.Detect(make([]byte, 31)))
	require.Equal(t, keystore.FormatUnknown, keystore.Detect(make([]byte, 33)))
	require.Equal(t, keystore.FormatUnknown, keystore.Detect([]byte("MIIE4wIBAzCCBIAGCSqGSIb3DQEHAaCCBHEEggRt!")))

	for _, data := range [][]byte{nil, []byte("no container"), make([]byte, 31), []byte(sampleDiia[:400]), unhex(t, sampleKey6)[:40]} {
		_, err := keystore.Open(data, "password", nil)
		require.ErrorIs(t, err, keystore.ErrFormat)
		requireIIT(t, 24, err)
	}
}

func TestRaw(t *testing.T) {
	curve := dstu4145.M257PB()
	key, err := curve.GenerateKey(rand.Reader)
	require.NoError(t, err)
	d := key.Bytes()
	slices.Reverse(d)
	s, entries := open(t, d, "any")
	require.Equal(t, keystore.FormatRaw, s.Format())
	require.True(t, key.Equal(entries[0].Key))

	// A scalar above the order is taken modulo the order; zero is refused.
	n := curve.Order()
	slices.Reverse(n)
	_, err = keystore.Open(n, "", nil)
	require.ErrorIs(t, err, keystore.ErrFormat)
	n[0] += 5
	_, entries = open(t, n, "")
	require.Equal(t, byte(5), entries[0].Key.(*dstu4145.PrivateKey).Bytes()[31])
	require.Equal(t, make([]byte, 31), entries[0].Key.(*dstu4145.PrivateKey).Bytes()[:31])
}

func TestPEM(t *testing.T) {
	one, two := newEntry(t, dstu4145.M257PB()), newEntry(t, dstu4145.M191PB())
	var text bytes.Buffer
	text.WriteString("Bag Attributes: something that OpenSSL writes\n")
	for _, e := range []*keystore.Entry{one, two} {
		der, err := keystore.Marshal(keystore.FormatPKCS8, []*keystore.Entry{e}, nil, "", nil)
		require.NoError(t, err)
		require.NoError(t, pem.Encode(&text, &pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	require.NoError(t, pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: []byte("broken")}))
	s, entries := open(t, text.Bytes(), "")
	require.Equal(t, keystore.FormatPKCS8, s.Format())
	require.Len(t, entries, 2)
	require.True(t, one.Key.(*dstu4145.PrivateKey).Equal(entries[0].Key))
	require.True(t, two.Key.(*dstu4145.PrivateKey).Equal(entries[1].Key))
	require.Len(t, s.Warnings(), 1)
}

// TestTextForms: what text editors and mail do to Base64 and PEM.
func TestTextForms(t *testing.T) {
	e := newEntry(t, dstu4145.M257PB())
	data, err := keystore.Marshal(keystore.FormatPKCS8, []*keystore.Entry{e}, nil, "", nil)
	require.NoError(t, err)
	armour := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: data})
	header := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Headers: map[string]string{"localKeyID": "01"}, Bytes: data})
	b64 := base64.StdEncoding.EncodeToString(data)
	mark := "\xef\xbb\xbf"
	for name, text := range map[string]string{
		"byte order mark, PEM":    mark + string(armour),
		"CRLF":                    strings.ReplaceAll(string(armour), "\n", "\r\n"),
		"header":                  string(header),
		"Base64":                  b64,
		"byte order mark, Base64": mark + b64,
		"lines with tabs":         " " + b64[:64] + " \r\n\t" + b64[64:] + "\r\n",
		"no padding":              strings.TrimRight(b64, "="),
		"M.E.Doc in Base64":       base64.StdEncoding.EncodeToString(append([]byte("Q12345"), data...)),
		"M.E.Doc before PEM":      "Q12345" + string(armour),
	} {
		s, entries := open(t, []byte(text), "")
		require.Equal(t, keystore.FormatPKCS8, s.Format(), name)
		require.Len(t, entries, 1, name)
		require.True(t, equalKeys(e, entries[0]), name)
	}
	for name, text := range map[string]string{
		"another alphabet": strings.Replace(b64, b64[9:10], "_", 1),
		"text behind":      b64 + " end",
	} {
		_, err := keystore.Open([]byte(text), "", nil)
		require.ErrorIs(t, err, keystore.ErrFormat, name)
	}
}

// TestForeignKeys opens RSA and ECDSA keys, which the standard library reads.
func TestForeignKeys(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	entries := []*keystore.Entry{{Key: r, Alias: "rsa"}, {Key: e}, newEntry(t, dstu4145.M257PB())}
	data, err := keystore.Marshal(keystore.FormatPKCS12, entries, nil, "пароль", &keystore.MarshalOptions{Iterations: 2})
	require.NoError(t, err)
	s, got := open(t, data, "пароль")
	require.Len(t, got, 3)
	require.True(t, r.Equal(got[0].Key))
	require.Equal(t, "rsa", got[0].Alias)
	require.True(t, e.Equal(got[1].Key))
	require.Equal(t, []int{0, 256, 257}, []int{got[0].CurveBits(), got[1].CurveBits(), got[2].CurveBits()})
	require.Len(t, got[0].KeyID(), 20)
	require.Nil(t, got[0].KeyIDKupyna())
	require.Nil(t, got[0].PublicKeyWire())
	require.Empty(t, s.Warnings())
	for _, f := range []keystore.Format{keystore.FormatPKCS8, keystore.FormatPKCS8Encrypted} {
		data, err := keystore.Marshal(f, entries[:1], nil, "пароль", &keystore.MarshalOptions{Iterations: 2})
		require.NoError(t, err)
		_, got := open(t, data, "пароль")
		require.True(t, r.Equal(got[0].Key))
	}
	var unsupported *keystore.UnsupportedError
	_, err = keystore.Marshal(keystore.FormatKey6, entries[:1], nil, "пароль", nil)
	require.ErrorAs(t, err, &unsupported)
}

func newEntry(t testing.TB, curve *dstu4145.Curve) *keystore.Entry {
	t.Helper()
	key, err := curve.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return &keystore.Entry{Key: key}
}

// TestRedaction prints entries and stores in every way and looks for the key.
func TestRedaction(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	k := newEntry(t, dstu4145.M257PB())
	data, err := keystore.Marshal(keystore.FormatPKCS12, []*keystore.Entry{k, {Key: r}}, nil, "секрет", &keystore.MarshalOptions{Iterations: 1})
	require.NoError(t, err)
	s, entries := open(t, data, "секрет")

	var secrets []string
	for _, secret := range [][]byte{k.Key.(*dstu4145.PrivateKey).Bytes(), r.D.Bytes(), r.Primes[0].Bytes()} {
		secrets = append(secrets, hex.EncodeToString(secret)[8:24], fmt.Sprint(secret[4:9]), strings.Trim(fmt.Sprint(secret[4:9]), "[]"), fmt.Sprintf("%#v", secret[4:9])[7:])
	}
	secrets = append(secrets, r.D.String()[:20], "секрет")
	options := keystore.Options{KeyPassword: func() string { return "секрет" }}
	for _, v := range []any{s, *s, entries[0], *entries[0], entries[1], *entries[1], entries, []keystore.Entry{*entries[0], *entries[1]}, map[string]*keystore.Entry{"a": entries[1]}, struct{ E *keystore.Entry }{entries[1]}, options, &options, struct{ o keystore.Options }{options}, struct{ e keystore.Entry }{*entries[0]}} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		j, err := json.Marshal(v)
		require.NoError(t, err)
		text := fmt.Sprintf("%v %+v %#v %s %d %x %q", v, v, v, v, v, v, v) + string(j) + log.String()
		for _, secret := range secrets {
			require.NotContains(t, strings.ToLower(text), strings.ToLower(secret), "%T", v)
		}
	}
	require.Contains(t, entries[0].String(), hex.EncodeToString(entries[0].KeyID()))
	j, err := json.Marshal(entries[0])
	require.NoError(t, err)
	require.Contains(t, string(j), `"key_id_hex":"`+hex.EncodeToString(entries[0].KeyID()))
}

func TestFindErrors(t *testing.T) {
	s, _ := open(t, unhex(t, sampleKey6), "tect4")
	_, err := s.Find(pkix.KeyUsageDigitalSignature | pkix.KeyUsageKeyAgreement)
	require.NoError(t, err) // the first key may be for both, as far as is known
	require.Zero(t, s.Match())
}
