//go:build interop

package interop_test

import (
	"bytes"
	"crypto"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

// A heldKey is a private key as a partner reports it; certificates have degree 0.
type heldKey struct {
	degree string
	value  []byte
	id     []byte
}

func held(t *testing.T, results [][]byte) []heldKey {
	t.Helper()
	require.Zero(t, len(results)%3)
	var keys []heldKey
	for i := 0; i < len(results); i += 3 {
		keys = append(keys, heldKey{string(results[i]), results[i+1], results[i+2]})
	}
	return keys
}

// same checks that a partner found this key; an id is checked if the partner has one.
func same(t *testing.T, want testca.KeyPair, got heldKey) {
	t.Helper()
	require.Equal(t, fmt.Sprint(want.Key.Curve().FieldBits()), got.degree)
	require.Equal(t, bytes.TrimLeft(want.Key.Bytes(), "\x00"), bytes.TrimLeft(got.value, "\x00"))
	if got.id != nil {
		require.Equal(t, want.Certificate.SubjectKeyID, got.id)
	}
}

const asciiPassword, ukrainianPassword = "parol-1234 $", "пароль Їжак №7"

// iterations is the usual count for the first profile and a lower one, for speed, for the others.
func iterations(p profile) *keystore.MarshalOptions {
	if p.name == profiles[0].name {
		return nil
	}
	return &keystore.MarshalOptions{Iterations: 100}
}

func TestJkurwaOpensContainers(t *testing.T) {
	p := node.need(t)
	for _, profile := range profiles {
		for _, format := range []keystore.Format{
			keystore.FormatKey6, keystore.FormatPKCS8Encrypted, keystore.FormatPKCS12, keystore.FormatPKCS8,
		} {
			t.Run(profile.name+"/"+string(format), func(t *testing.T) {
				id := issue(t, authority(t, &profile.o), "Власник ключа")
				data, err := id.Container(format, asciiPassword, iterations(profile))
				require.NoError(t, err)
				var password any = asciiPassword
				if format == keystore.FormatPKCS8 {
					password = nil
				}
				keys := held(t, p.must(t, -1, "open", data, password))
				if format == keystore.FormatPKCS12 {
					require.Len(t, keys, 4)
					require.Equal(t, id.Signing.Certificate.Raw, keys[2].value)
					require.Equal(t, id.Agreement.Certificate.Raw, keys[3].value)
				} else {
					require.Len(t, keys, 2)
				}
				same(t, id.Signing, keys[0])
				same(t, id.Agreement, keys[1])
				if format != keystore.FormatPKCS8 && profile.name == profiles[0].name {
					p.refuses(t, "open", data, "wrong")
				}
			})
		}
	}
}

func TestBouncyCastleOpensContainers(t *testing.T) {
	p := bouncy.need(t)
	for _, profile := range profiles {
		for _, password := range []string{asciiPassword, ukrainianPassword} {
			t.Run(profile.name+"/"+password, func(t *testing.T) {
				id := issue(t, authority(t, &profile.o), "Власник ключа")

				data, err := id.Container(keystore.FormatPKCS12, password, iterations(profile))
				require.NoError(t, err)
				keys := held(t, p.must(t, -1, "pkcs12", data, password))
				require.Len(t, keys, 4)
				same(t, id.Signing, keys[0])
				same(t, id.Agreement, keys[1])
				require.Equal(t, id.Signing.Certificate.Raw, keys[2].value)
				require.Equal(t, id.Agreement.Certificate.Raw, keys[3].value)
				p.refuses(t, "pkcs12", data, password+"!")

				data, err = id.Container(keystore.FormatPKCS8Encrypted, password, iterations(profile))
				require.NoError(t, err)
				same(t, id.Signing, held(t, p.must(t, 3, "pbes2", data, password))[0])

				if profile.o.NamedCurve {
					return // Key-6.dat has a fixed count and takes long
				}
				data, err = id.Container(keystore.FormatKey6, password, nil)
				require.NoError(t, err)
				octets, err := charmap.Windows1251.NewEncoder().Bytes([]byte(password))
				require.NoError(t, err)
				same(t, id.Signing, held(t, p.must(t, 3, "iit", data, octets))[0])
				p.refuses(t, "iit", data, append(octets, 'x'))
			})
		}
	}
}

func TestReadContainersOfJkurwa(t *testing.T) {
	p := node.need(t)
	for _, curve := range jkurwaCurves {
		key := must(curve.GenerateKey(nil))
		der := pkcs8(t, testca.KeyPair{Key: key, Certificate: &pkix.Certificate{SBox: gost28147.DKE1()}})

		plain := p.must(t, 1, "reencode", der)[0]
		info, err := pkix.ParsePrivateKey(plain)
		require.NoError(t, err)
		require.True(t, key.Equal(info.Key.(crypto.PrivateKey)))

		protected := p.must(t, 1, "protect", der, asciiPassword)[0]
		require.Equal(t, keystore.FormatPKCS8Encrypted, keystore.Detect(protected))
		store, err := keystore.Open(protected, asciiPassword, nil)
		require.NoError(t, err)
		require.Equal(t, 1, store.Len())
		for entry := range store.Entries() {
			require.True(t, key.Equal(entry.Key))
			require.Equal(t, pkix.KeyID(key.PublicKey(), nil), entry.KeyID())
			require.IsType(t, (*dstu4145.PrivateKey)(nil), entry.Key)
		}
		_, err = keystore.Open(protected, "wrong", nil)
		require.ErrorIs(t, err, keystore.ErrPassword)
	}
}
