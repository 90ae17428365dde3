package keystore_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/keystore"
)

// encryptedInfo is a ContentInfo with a SafeContents under a password.
func encryptedInfo(t testing.TB, password string, contents []byte) build {
	t.Helper()
	scheme, err := pbe.NewPBES2(bytes.NewReader(make([]byte, 64)), pbe.GOST, 2)
	require.NoError(t, err)
	data, err := scheme.Encrypt(pbe.NewSession(2, 1), pbe.Password{Octets: []byte(password)}, contents)
	require.NoError(t, err)
	return seq(oid(1, 2, 840, 113549, 1, 7, 6), tagged(explicit0, seq(number(0), seq(
		oid(1, 2, 840, 113549, 1, 7, 1), scheme.AddAlgorithm, tagged(cbasn1.Tag(0).ContextSpecific(), raw(data))))))
}

// TestLockedSafe: under a right MAC a part with a password of its own is reported, and the others are
// read. If that leaves no key, the password is to blame.
func TestLockedSafe(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 8)
	key := der(t, seq(bagOf(1, raw(pkcs8Of(t, e)))))
	container := func(infos ...build) []byte {
		safe := der(t, seq(infos...))
		return der(t, seq(number(3), dataInfo(safe), macOf(t, "п", safe)))
	}
	s, entries := open(t, container(encryptedInfo(t, "інший", der(t, seq())), encryptedInfo(t, "п", key)), "п")
	require.Len(t, entries, 1)
	require.True(t, equalKeys(e, entries[0]))
	require.Len(t, s.Warnings(), 1)
	require.ErrorIs(t, s.Warnings()[0], keystore.ErrPassword)

	_, err := keystore.Open(container(encryptedInfo(t, "інший", key)), "п", nil)
	require.ErrorIs(t, err, keystore.ErrPassword)
	requireIIT(t, 24, err)
	_, err = keystore.Open(pfxOf(t, encryptedInfo(t, "інший", der(t, seq())), encryptedInfo(t, "п", key)), "п", nil)
	require.ErrorIs(t, err, keystore.ErrPassword, "without a MAC")
}
