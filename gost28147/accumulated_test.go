package gost28147_test

import (
	"bytes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha3"
	"encoding/hex"
	"hash"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
)

// TestAccumulated sends random keys, substitution blocks and messages through all operations,
// checks each result against the reference, and the digest of all results against the value that
// the reference gave.
func TestAccumulated(t *testing.T) {
	const cases = 10_000
	const want = "91cf71a46b444508e74b3649e27e4550515e708c0c20447f5b8eb86baffb30e7"
	in, sum := sha3.NewSHAKE128(), sha256.New()
	key, iv, msg := make([]byte, gost28147.KeySize), make([]byte, gost28147.BlockSize), make([]byte, 200)
	for i := range cases {
		in.Read(key)
		in.Read(iv)
		m := msg[:i%len(msg)]
		in.Read(m)
		s := randomSBox(t, in)
		accumulate(t, sum, newNaive(key, s), s, key, iv, m)
		if t.Failed() {
			t.Fatalf("case %d", i)
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		t.Errorf("digest of all results %s, want %s", got, want)
	}
}

// accumulate runs one case and adds its results to sum.
func accumulate(t *testing.T, sum hash.Hash, ref *naive, s *gost28147.SBox, key, iv, msg []byte) {
	check := func(what string, got, want []byte) {
		t.Helper()
		checkBytes(t, what, got, want)
		sum.Write(got)
	}
	b, err := gost28147.NewCipher(key, s)
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, gost28147.BlockSize)
	b.Encrypt(block, iv)
	check("Encrypt", block, ref.encrypt(iv))
	b.Decrypt(block, iv)
	check("Decrypt", block, ref.decrypt(iv))
	stream := func(f func(cipher.Block, []byte) (cipher.Stream, error)) []byte {
		out := bytes.Clone(msg)
		mustStream(t, f, b, iv).XORKeyStream(out, out)
		return out
	}
	check("CTR", stream(gost28147.NewCTR), ref.ctr(iv, msg))
	check("CFB encryption", stream(gost28147.NewCFBEncrypter), ref.cfb(iv, msg, false))
	check("CFB decryption", stream(gost28147.NewCFBDecrypter), ref.cfb(iv, msg, true))
	m, err := gost28147.NewMAC8(key, s)
	if err != nil {
		t.Fatal(err)
	}
	m.Write(msg)
	check("MAC", m.Sum(nil), ref.mac(msg))
	cek := sha256.Sum256(msg)
	w, err := gost28147.Wrap(bytes.NewReader(iv), key, cek[:], s)
	if err != nil {
		t.Fatal(err)
	}
	check("Wrap", w, ref.wrap(iv, cek[:]))
	back, err := gost28147.Unwrap(key, w, s)
	if err != nil {
		t.Fatal(err)
	}
	check("Unwrap", back, cek[:])
}
