package kalyna_test

import (
	"bytes"
	"crypto/cipher"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/kalyna"
	"github.com/ukrcrypto/dstu/testvectors"
)

// vector is a test of any file but that of the key wrap of CMS.
type vector struct {
	TcID          int
	Name, Variant string
	Type, Mode    string
	Iterations    int
	Key, IV       testvectors.Bytes
	PT, CT        testvectors.Bytes
	Padding       string
	Padded        testvectors.Bytes
	RoundKeys     []testvectors.Bytes `json:"round_keys"`
	Result        string
	Source        string
	Flags         []string
	Agree, Differ []string
	BCRejects     bool `json:"bc_rejects"`
}

// newCipher makes the cipher of a variant "block/key" in bits.
func newCipher(variant string, key []byte) (cipher.Block, error) {
	var block, bits int
	if _, err := fmt.Sscanf(variant, "%d/%d", &block, &bits); err != nil {
		return nil, err
	}
	switch block {
	case 128:
		return kalyna.New128(key)
	case 256:
		return kalyna.New256(key)
	case 512:
		return kalyna.New512(key)
	}
	return nil, fmt.Errorf("no block size %d", block)
}

// runVectors runs all tests of a file; run returns the error of the package.
func runVectors[T any](t *testing.T, file string, head func(*T) (id int, name, result string), run func(*testing.T, *T) error) {
	for _, s := range testvectors.Load[T](t, file) {
		for _, v := range s.Tests {
			id, name, result := head(&v)
			t.Run(testvectors.Name(id, name), func(t *testing.T) {
				err := run(t, &v)
				if valid := result == "valid"; valid != (err == nil) {
					t.Errorf("%s: error %v", result, err)
				}
			})
		}
	}
}

func (v *vector) head() (int, string, string) { return v.TcID, v.Name, v.Result }

func checkBytes(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%s\n got %x\nwant %x", what, got, want)
	}
}

func TestECBVectors(t *testing.T) {
	runVectors(t, "kalyna_ecb.json", (*vector).head, func(t *testing.T, v *vector) error {
		b, err := newCipher(v.Variant, v.Key)
		if err != nil {
			return err
		}
		if len(v.PT)%b.BlockSize() != 0 {
			return fmt.Errorf("not whole blocks") // the caller of a cipher.Block sees to it
		}
		if v.RoundKeys != nil {
			for i, k := range kalyna.TestingOnlyRoundKeys(b) {
				checkBytes(t, fmt.Sprintf("round key %d", i), k, v.RoundKeys[i])
			}
		}
		iterations := max(1, v.Iterations)
		slow, err := kalyna.NewConstantTime(b.BlockSize(), v.Key)
		if err != nil {
			return err
		}
		for _, b := range []cipher.Block{b, slow} {
			enc, _ := kalyna.NewECBEncrypter(b)
			dec, _ := kalyna.NewECBDecrypter(b)
			buf := bytes.Clone(v.PT)
			for range iterations {
				enc.CryptBlocks(buf, buf)
			}
			checkBytes(t, "ciphertext", buf, v.CT)
			for range iterations {
				dec.CryptBlocks(buf, buf)
			}
			checkBytes(t, "plaintext", buf, v.PT)
		}
		return nil
	})
}
