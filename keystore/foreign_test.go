package keystore_test

import (
	"crypto/ecdsa"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/keystore"
)

// The files of testdata/foreign were made by OpenSSL 3.0 (pkcs12 -export), by keytool of OpenJDK, and
// by programs over the key stores PKCS12 of Bouncy Castle 1.72 and JKS of OpenJDK; password
// "пароль123", the key of keytool.jks under "інший456".
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

// TestBouncyCastle: two DSTU keys in its own encoding, their certificates under RC2, and the name of
// each key. Its key identifiers are those of SHA-1 and say nothing to us. The key store of Java beside
// it has a trusted certificate, too.
func TestBouncyCastle(t *testing.T) {
	for file, format := range map[string]keystore.Format{"bouncycastle.p12": keystore.FormatPKCS12, "bouncycastle.jks": keystore.FormatJKS} {
		t.Run(file, func(t *testing.T) {
			data := foreign(t, file)
			s, entries := open(t, data, "пароль123")
			require.Equal(t, format, s.Format())
			require.Len(t, entries, 2)
			require.Empty(t, s.Warnings())
			bits := map[string]int{}
			for _, e := range entries {
				require.IsType(t, (*dstu4145.PrivateKey)(nil), e.Key)
				require.True(t, e.NamedCurve)
				require.Equal(t, "1.2.804.2.1.1.1.1.3.1.1.1.1", e.Algorithm.String())
				require.False(t, e.KeyIDMismatch)
				require.NotNil(t, e.Certificate())
				require.Equal(t, e.PublicKeyWire(), e.Certificate().RawPublicKey)
				require.NoError(t, e.Certificate().CheckSignatureFrom(e.Certificate()))
				bits[e.Alias] = e.CurveBits()
			}
			require.Equal(t, map[string]int{"ключ0": 257, "ключ1": 431}, bits)
			refuseWrong(t, data, "пароль123", nil)
			refuseDamage(t, data, "пароль123", nil)
		})
	}
}
