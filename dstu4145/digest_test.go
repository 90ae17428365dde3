package dstu4145_test

import (
	"crypto"
	_ "crypto/sha256"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// TestForgottenHash: a digest that cannot be one of the hash function named, and an empty one,
// are refused on both sides.
func TestForgottenHash(t *testing.T) {
	k, err := dstu4145.M163PB().GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		digest []byte
		opts   crypto.SignerOpts
		good   bool
	}{
		"nil":                     {nil, nil, false},
		"empty":                   {[]byte{}, nil, false},
		"empty with SHA-256":      {nil, crypto.SHA256, false},
		"short for SHA-256":       {make([]byte, 20), crypto.SHA256, false},
		"SHA-256":                 {make([]byte, 32), crypto.SHA256, true},
		"no hash named":           {make([]byte, 1), crypto.Hash(0), true},
		"options without a hash":  {make([]byte, 20), &dstu4145.Options{}, true},
		"nil options of our type": {make([]byte, 20), (*dstu4145.Options)(nil), true},
	} {
		sig, err := k.Sign(nil, tt.digest, tt.opts)
		if (err == nil) != tt.good {
			t.Errorf("%s: %v", name, err)
		}
		if tt.good && !dstu4145.Verify(k.PublicKey(), tt.digest, sig) {
			t.Errorf("%s: not verified", name)
		}
	}
	// The same element as an empty digest would give.
	sig, err := k.Sign(nil, make([]byte, 32), nil)
	if err != nil {
		t.Fatal(err)
	}
	if dstu4145.Verify(k.PublicKey(), nil, sig) {
		t.Error("the signature of a zero digest is one of no digest")
	}
}
