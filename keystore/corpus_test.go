package keystore_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/internal/cp1251"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

// facts are what the manifest of the root collection says about a container.
type facts struct {
	Format      string
	Password    *string
	KeyPassword string `json:"key_password"`
	Opens       bool
	NKeys       int      `json:"n_keys"`
	NCerts      int      `json:"n_certificates"`
	CertSHA256  []string `json:"certificates_sha256_in_order"`
	Keys        []struct {
		KeyID       string `json:"key_id_hex"`
		KeyIDKupyna string `json:"key_id2_hex"`
		PublicKey   string `json:"public_key_hex"`
		CurveBits   int    `json:"curve_m"`
		CertSHA256  string `json:"certificate_sha256"`
		CertFile    string `json:"certificate_where"`
	}
}

// formatOf turns the prose of the manifest into a format.
func formatOf(t *testing.T, text string) keystore.Format {
	for part, f := range map[string]keystore.Format{
		"Key-6.dat": keystore.FormatKey6, "PKCS#12": keystore.FormatPKCS12, "EncryptedPrivateKeyInfo, PBES2": keystore.FormatPKCS8Encrypted,
		"PKCS#8 PrivateKeyInfo, not": keystore.FormatPKCS8, "(PKCS#8)": keystore.FormatPKCS8, "(PBES2 GOST)": keystore.FormatPKCS8Encrypted,
		"JKS": keystore.FormatJKS, "bare private scalar": keystore.FormatRaw,
	} {
		if strings.Contains(text, part) {
			return f
		}
	}
	t.Fatalf("format %q", text)
	return ""
}

func TestCorpusContainers(t *testing.T) {
	dir := corpus.Find(t, "corpus")
	items := dir.Kind("containers")
	require.NotEmpty(t, items)
	for _, it := range items {
		t.Run(it.File, func(t *testing.T) {
			t.Parallel()
			var f facts
			it.Decode(t, &f)
			require.True(t, f.Opens)
			data := it.Bytes(t)
			want := formatOf(t, f.Format)
			require.Equal(t, want, keystore.Detect(data))

			password := ""
			if f.Password != nil {
				password = *f.Password
			}
			o := &keystore.Options{KeyPassword: func() string { return f.KeyPassword }}
			s, err := keystore.Open(data, password, o)
			require.NoError(t, err)
			require.Equal(t, want, s.Format())
			entries := slices.Collect(s.Entries())
			require.Len(t, entries, f.NKeys)
			for i, k := range f.Keys {
				e := entries[i]
				require.NoError(t, e.Err)
				if k.KeyID != "" {
					require.Equal(t, k.KeyID, hex.EncodeToString(e.KeyID()))
				}
				if k.KeyIDKupyna != "" {
					require.Equal(t, k.KeyIDKupyna, hex.EncodeToString(e.KeyIDKupyna()))
				}
				if k.PublicKey != "" {
					require.Equal(t, k.PublicKey, hex.EncodeToString(e.PublicKeyWire()))
				}
				require.Equal(t, k.CurveBits, e.CurveBits())
				require.Equal(t, strings.Contains(it.File, "keys-ed99a5c2"), e.KeyIDMismatch, "key identifier")
				if k.CertFile != "" {
					matchCertificate(t, dir, s, i, k.CertFile, k.CertSHA256)
				}
			}
			require.GreaterOrEqual(t, len(s.Certificates()), f.NCerts)
			for i, sum := range f.CertSHA256 {
				got := sha256.Sum256(s.Certificates()[i].Raw)
				require.Equal(t, sum, hex.EncodeToString(got[:]))
			}
			if f.Password != nil {
				refuseWrong(t, data, password, o)
			}
			if f.KeyPassword != "" {
				_, err = keystore.Open(data, password, nil)
				require.ErrorIs(t, err, keystore.ErrPassword)
			}
			if want == keystore.FormatKey6 || want == keystore.FormatPKCS12 || want == keystore.FormatJKS {
				refuseDamage(t, data, password, o)
			}
		})
	}
}

// matchCertificate gives the store a certificate of entry i.
func matchCertificate(t *testing.T, dir *corpus.Dir, s *keystore.Store, i int, file, sum string) {
	t.Helper()
	c, err := pkix.ParseCertificate(dir.File(t, file))
	require.NoError(t, err)
	require.Equal(t, 1, s.Match(c))
	e := slices.Collect(s.Entries())[i]
	got := sha256.Sum256(e.Certificate().Raw)
	require.Equal(t, sum, hex.EncodeToString(got[:]))
	if c.KeyUsage&pkix.KeyUsageDigitalSignature != 0 {
		require.Equal(t, keystore.UseSign, e.Use&keystore.UseSign)
	}
	if c.KeyUsage != 0 && c.KeyUsage&pkix.KeyUsageKeyAgreement == 0 {
		require.Equal(t, keystore.UseSign, e.Use)
	}
}

// refuseWrong tries the empty password and some near the right one: others for other containers, as
// each costs the whole derivation.
func refuseWrong(t *testing.T, data []byte, password string, o *keystore.Options) {
	t.Helper()
	near := []string{password + "x", password + " ", "x" + password, strings.ToUpper(password) + "!", "пароль!", "\x00", "пароль\xff", "漢字"}
	if len(password) > 1 {
		near = append(near, password[1:])
	}
	n := 4
	if testing.Short() {
		n = 1
	}
	wrong := []string{""}
	for i := range n {
		wrong = append(wrong, near[(len(data)+i)%len(near)])
	}
	for _, w := range wrong {
		s, err := keystore.Open(data, w, o)
		require.ErrorIs(t, err, keystore.ErrPassword, "password %q", w)
		require.Nil(t, s)
		requireIIT(t, 24, err)
	}
}

// refuseDamage changes single bits. The error is that of a wrong password, or one of the structure.
func refuseDamage(t *testing.T, data []byte, password string, o *keystore.Options) {
	t.Helper()
	n := 6
	if testing.Short() {
		n = 2
	}
	for i := range n {
		damaged := slices.Clone(data)
		at := len(damaged) * i / n
		damaged[at] ^= 1 << (i % 8)
		_, err := keystore.Open(damaged, password, o)
		require.Error(t, err, "octet %d of %d", at, len(data))
		requireIIT(t, 24, err)
	}
	_, err := keystore.Open(data[:len(data)-1], password, o)
	require.Error(t, err)
	_, err = keystore.Open(append(slices.Clone(data), 0, 1), password, o)
	require.Error(t, err)
}

func requireIIT(t *testing.T, want int, err error) {
	t.Helper()
	var code interface{ IIT() int }
	require.True(t, errors.As(err, &code), "%v has no code", err)
	require.Equal(t, want, code.IIT())
}

// iitIdentity is an owner of containers made by IIT.
type iitIdentity struct {
	Keys      []iitKey
	SignCert  string `json:"sign_cert"`
	AgreeCert string `json:"kep_cert"`
}

type iitKey struct {
	Usage     string
	CurveBits int    `json:"curve_m"`
	PublicKey string `json:"public_key_le_hex"`
	D         string `json:"private_key_d_hex"`
	KeyID     string `json:"ski_hex"`
}

// key finds a key by its usage: "sign", "agreement" (of exports: "kep") or both.
func (id iitIdentity) key(usage string) iitKey {
	if usage == "kep" {
		usage = "agreement"
	}
	return id.Keys[slices.IndexFunc(id.Keys, func(k iitKey) bool {
		return strings.Contains(k.Usage, usage) || strings.Contains(usage, k.Usage)
	})]
}

func iitIdentities(t *testing.T, dir *corpus.Dir) map[string]iitIdentity {
	ids := make(map[string]iitIdentity)
	require.NoError(t, json.Unmarshal(dir.Raw["identities"], &ids))
	require.NotEmpty(t, ids)
	return ids
}

// passwordOf reads password_hex: windows-1251, as the product takes it.
func passwordOf(t *testing.T, s string) string {
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return cp1251.Decode(b)
}

// requireKey compares a key with its number in the manifest.
func requireKey(t *testing.T, d string, e *keystore.Entry) {
	t.Helper()
	key := e.Key.(*dstu4145.PrivateKey)
	require.Equal(t, strings.TrimLeft(d, "0"), strings.TrimLeft(hex.EncodeToString(key.Bytes()), "0"))
}

func TestCorpusIIT(t *testing.T) {
	dir := corpus.Find(t, "corpus/iit")
	ids := iitIdentities(t, dir)
	formats := map[keystore.Format]int{}
	for _, it := range dir.Kind("container") {
		t.Run(it.File, func(t *testing.T) {
			var f struct {
				Owner    string
				Password string `json:"password_hex"`
				Keys     []string
				Certs    bool `json:"includes_certs"`
			}
			it.Decode(t, &f)
			data, password, id := it.Bytes(t), passwordOf(t, f.Password), ids[f.Owner]
			s, err := keystore.Open(data, password, nil)
			require.NoError(t, err)
			formats[s.Format()]++
			entries := slices.Collect(s.Entries())
			require.Len(t, entries, len(f.Keys))
			for i, usage := range f.Keys {
				k := id.key(usage)
				e := entries[i]
				require.NoError(t, e.Err)
				requireKey(t, k.D, e)
				require.Equal(t, k.PublicKey, hex.EncodeToString(e.PublicKeyWire()))
				require.Equal(t, k.KeyID, hex.EncodeToString(e.KeyID()))
				require.Equal(t, k.CurveBits, e.CurveBits())
				require.False(t, e.KeyIDMismatch)
				require.False(t, e.NamedCurve)
				require.NotNil(t, e.SBox)
			}
			require.Equal(t, f.Certs, len(s.Certificates()) > 0)
			require.Empty(t, s.Warnings())
			sameAsIIT(t, s, data, password)
			refuseWrong(t, data, password, nil)
			checkUses(t, dir, s, id)
		})
	}
	require.Positive(t, formats[keystore.FormatKey6])
	require.Positive(t, formats[keystore.FormatPKCS12])
	require.Positive(t, formats[keystore.FormatPKCS8Encrypted])
}

// sameAsIIT writes the keys and certificates of a container of IIT again. All but salts,
// initialisation vectors, ciphertexts and the MAC is fixed, so the result is as long, to the octet.
// Key-6.dat is not: nobody understands one of its attributes.
func sameAsIIT(t *testing.T, s *keystore.Store, data []byte, password string) {
	t.Helper()
	if s.Format() == keystore.FormatKey6 {
		return
	}
	few := &keystore.MarshalOptions{Iterations: 300} // as many octets as 10 000
	again, err := keystore.Marshal(s.Format(), slices.Collect(s.Entries()), s.Certificates(), password, few)
	require.NoError(t, err)
	require.Len(t, again, len(data))
}

// checkUses gives the store the certificates of its owner and looks for keys by use.
func checkUses(t *testing.T, dir *corpus.Dir, s *keystore.Store, id iitIdentity) {
	t.Helper()
	for _, c := range []struct {
		file  string
		usage pkix.KeyUsage
	}{{id.SignCert, pkix.KeyUsageDigitalSignature}, {id.AgreeCert, pkix.KeyUsageKeyAgreement}} {
		if c.file == "" || !dir.Has(t, c.file) {
			continue
		}
		cert, err := pkix.ParseCertificate(dir.File(t, c.file))
		require.NoError(t, err)
		if s.Match(cert) == 0 || cert.KeyUsage&c.usage == 0 {
			continue // a container of one of the keys, a certificate for one use
		}
		e, err := s.Find(c.usage)
		require.NoError(t, err)
		require.True(t, e.CertificateFor(c.usage).Equal(cert))
		require.Equal(t, hex.EncodeToString(cert.SubjectKeyID), hex.EncodeToString(e.KeyID()))
	}
}

func TestCorpusIITNegative(t *testing.T) {
	dir := corpus.Find(t, "corpus/iit")
	items := dir.Kind("container-negative")
	require.NotEmpty(t, items)
	for _, it := range items {
		t.Run(it.File, func(t *testing.T) {
			var f struct {
				Password string `json:"password_hex"`
				IIT      map[string]string
			}
			it.Decode(t, &f)
			_, err := keystore.Open(it.Bytes(t), passwordOf(t, f.Password), nil)
			require.ErrorIs(t, err, keystore.ErrPassword)
			requireIIT(t, 24, err)
			require.Equal(t, "0x0018", f.IIT["EUReadPrivateKeyBinary"])
		})
	}
}

func TestCorpusUAPKI(t *testing.T) {
	dir := corpus.Find(t, "corpus/uapki")
	items := dir.Kind("container")
	require.NotEmpty(t, items)
	for _, it := range items {
		t.Run(it.File, func(t *testing.T) {
			var f struct {
				Password string
				Keys     []struct {
					KeyID     string `json:"ski_hex"`
					CurveBits int    `json:"curve_m"`
					PublicKey string `json:"public_key_hex"`
					Usage     string
					Cert      string
					D         string `json:"private_key_d_hex"`
				}
			}
			it.Decode(t, &f)
			data := it.Bytes(t)
			s, err := keystore.Open(data, f.Password, nil)
			require.NoError(t, err)
			require.Equal(t, keystore.FormatPKCS12, s.Format())
			entries := slices.Collect(s.Entries())
			require.Len(t, entries, len(f.Keys))
			for i, k := range f.Keys {
				e := entries[i]
				require.Equal(t, k.KeyID, hex.EncodeToString(e.KeyID()))
				require.Equal(t, k.PublicKey, hex.EncodeToString(e.PublicKeyWire()))
				require.Equal(t, k.CurveBits, e.CurveBits())
				require.True(t, e.NamedCurve)
				require.False(t, e.KeyIDMismatch)
				require.NotEmpty(t, e.Alias)
				if k.D != "" {
					requireKey(t, k.D, e)
				}
				cert, err := pkix.ParseCertificate(dir.File(t, k.Cert))
				require.NoError(t, err)
				require.Equal(t, 1, s.Match(cert))
				require.Equal(t, map[string][]string{"both": {"sign", "agree"}, "sign": {"sign"}, "agree": {"agree"}}[k.Usage], e.Use.Strings())
			}
			refuseWrong(t, data, f.Password, nil)
			refuseDamage(t, data, f.Password, nil)
		})
	}
}
