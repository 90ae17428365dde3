package keystore_test

import (
	"crypto/pbkdf2"
	"encoding/base64"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/keystore"
)

// BenchmarkOpen opens containers of two keys with 10 000 iterations; PBKDF2 alone, once with as many,
// is the yardstick. In a PKCS#12 container of ours all keys have one salt, so that they cost one
// derivation, and in that of Diia each its own; the MAC has a derivation of half the work.
func BenchmarkOpen(b *testing.B) {
	keys := []*keystore.Entry{newEntry(b, dstu4145.M257PB()), newEntry(b, dstu4145.M257PB())}
	keys[1].Use = keystore.UseAgree
	marshalled := func(f keystore.Format) []byte {
		data, err := keystore.Marshal(f, keys, nil, "testpassword", nil)
		require.NoError(b, err)
		return data
	}
	diia, err := base64.StdEncoding.DecodeString(sampleDiia)
	require.NoError(b, err)
	taxpayer, err := hex.DecodeString(sampleKey6)
	require.NoError(b, err)
	b.Run("pbkdf2", func(b *testing.B) {
		salt := make([]byte, 32)
		for b.Loop() {
			_, err := pbkdf2.Key(gost34311.New, "testpassword", salt, keystore.DefaultIterations, 32)
			require.NoError(b, err)
		}
	})
	for _, c := range []struct {
		name, password string
		data           []byte
	}{
		{"PKCS12", "testpassword", marshalled(keystore.FormatPKCS12)},
		{"PKCS12 of Diia", "testpassword", diia},
		{"PKCS8", "testpassword", marshalled(keystore.FormatPKCS8Encrypted)},
		{"Key6", "tect4", taxpayer},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				_, err := keystore.Open(c.data, c.password, nil)
				require.NoError(b, err)
			}
		})
	}
}
