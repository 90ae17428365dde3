package cryptotest_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha512"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
)

// The suites must pass over the standard library, whose behaviour they describe.

func TestHash(t *testing.T) {
	cryptotest.TestHash(t, sha256.New)
	cryptotest.TestHash(t, sha512.New)
}

func TestHashState(t *testing.T) {
	cryptotest.TestHashState(t, sha256.New, sha512.New(), sha256.New224())
}

func TestBlock(t *testing.T) {
	b, err := aes.NewCipher(make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	cryptotest.TestBlock(t, b)
}

func TestStream(t *testing.T) {
	b, err := aes.NewCipher(make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	newStream := func() cipher.Stream { return cipher.NewCTR(b, make([]byte, 16)) }
	cryptotest.TestStream(t, 16, newStream, newStream)
}
