package keystore_test

import (
	"crypto/ecdsa"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/keystore"
)

// The files of testdata/foreign were made by OpenSSL 3.0 (pkcs12 -export) and by keytool of OpenJDK,
// password "пароль123", the key of the JKS file under "інший456".
func foreign(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/foreign/" + name)
	require.NoError(t, err)
	return data
}

func TestOpenSSL(t *testing.T) {
	for _, v := range []struct {
		file, alias string
		certs       int
	}{
		{"openssl-aes256-sha256.p12", "ключ", 1},
		{"openssl-3des-aes192-sha512.p12", "sha512", 1},
		{"openssl-3des-rc2-sha1.p12", "legacy", 1}, // what OpenSSL before 3.0 and Windows write
	} {
		t.Run(v.file, func(t *testing.T) {
			data := foreign(t, v.file)
			s, entries := open(t, data, "пароль123")
			require.Equal(t, keystore.FormatPKCS12, s.Format())
			require.Len(t, entries, 1)
			require.Equal(t, v.alias, entries[0].Alias)
			require.IsType(t, (*ecdsa.PrivateKey)(nil), entries[0].Key)
			require.Len(t, s.Certificates(), v.certs)
			require.Len(t, entries[0].Chain, v.certs)
			require.Empty(t, s.Warnings())
			refuseWrong(t, data, "пароль123", nil)
			refuseDamage(t, data, "пароль123", nil)
		})
	}
}

func TestKeytool(t *testing.T) {
	data := foreign(t, "keytool.jks")
	o := &keystore.Options{KeyPassword: func() string { return "інший456" }}
	s, err := keystore.Open(data, "пароль123", o)
	require.NoError(t, err)
	require.Equal(t, keystore.FormatJKS, s.Format())
	require.Equal(t, 1, s.Len())
	require.Len(t, s.Certificates(), 2)
	for e := range s.Entries() {
		require.Equal(t, "ключ😀", e.Alias)
		require.IsType(t, (*ecdsa.PrivateKey)(nil), e.Key)
		require.Equal(t, "jks", e.Certificate().Subject.CommonName())
	}
	_, err = keystore.Open(data, "пароль123", nil)
	require.ErrorIs(t, err, keystore.ErrPassword)
	refuseWrong(t, data, "пароль123", o)
	refuseDamage(t, data, "пароль123", o)
}
