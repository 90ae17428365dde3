package pkix_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/pkix"
)

// TestSHA1: RSA signatures with SHA-1, as old foreign certificates have, are checked, not refused.
func TestSHA1(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	c := issue(t, template("RSA", 2), newCA(t, "ЦСК", newKey(t, dstu4145.M257PB(), 1)), &key.PublicKey, newKey(t, dstu4145.M257PB(), 1))
	signed := []byte("signed octets")
	sum := sha1.Sum(signed)
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA1, sum[:])
	require.NoError(t, err)
	algorithm := identifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}, 5, 0)
	require.NoError(t, c.CheckSignature(algorithm, signed, sig))
	require.ErrorIs(t, c.CheckSignature(algorithm, append(signed, 0), sig), pkix.ErrSignature)
}
