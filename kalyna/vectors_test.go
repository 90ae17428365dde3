package kalyna_test

import (
	"bytes"
	"crypto/cipher"
	"errors"
	"fmt"
	"slices"
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
	QBits         *int `json:"q_bits"`
	Nb            int
	Key, IV       testvectors.Bytes
	PT, CT        testvectors.Bytes
	AAD, Tag      testvectors.Bytes
	Msg, MAC      testvectors.Bytes
	S0            testvectors.Bytes
	Padding       string
	Padded        testvectors.Bytes
	RoundKeys     []testvectors.Bytes `json:"round_keys"`
	Result        string
	Source        string
	Comment       string
	Flags         []string
	Agree, Differ []string
	BCRejects     bool              `json:"bc_rejects"`
	CodeAlone     testvectors.Bytes `json:"mac_before_encryption"`
	// What other implementations have instead.
	FullCounter testvectors.Bytes `json:"ct_with_full_block_counter"`
	BCTag       testvectors.Bytes `json:"tag_if_zero_padded_like_bouncy_castle"`
	BCMAC       testvectors.Bytes `json:"mac_if_zero_padded_like_bouncy_castle"`
	BCLayout    testvectors.Bytes `json:"ct_bouncy_castle_layout"`
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
func runVectors(t *testing.T, file string, run func(t *testing.T, v *vector, b cipher.Block) error) {
	for _, s := range testvectors.Load[vector](t, file) {
		for _, v := range s.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				b, err := newCipher(v.Variant, v.Key)
				if err == nil {
					err = run(t, &v, b)
				}
				if valid := v.Result == "valid"; valid != (err == nil) {
					t.Errorf("%s: error %v", v.Result, err)
				}
			})
		}
	}
}

// q is the parameter in bytes.
func (v *vector) q(t *testing.T) int {
	if v.QBits == nil || *v.QBits%8 != 0 {
		t.Fatalf("%d: q is missing or not whole bytes", v.TcID)
	}
	return *v.QBits / 8
}

// errShape stands for what the caller of an interface without errors sees to.
var errShape = errors.New("not whole blocks")

func checkBytes(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%s\n got %x\nwant %x", what, got, want)
	}
}

func TestECBVectors(t *testing.T) {
	runVectors(t, "kalyna_ecb.json", func(t *testing.T, v *vector, b cipher.Block) error {
		if len(v.PT)%b.BlockSize() != 0 {
			return errShape
		}
		for i, k := range v.RoundKeys {
			checkBytes(t, fmt.Sprintf("round key %d", i), kalyna.TestingOnlyRoundKeys(b)[i], k)
		}
		iterations := max(1, v.Iterations)
		slow, err := kalyna.NewConstantTime(b.BlockSize(), v.Key)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []cipher.Block{b, slow} {
			enc, dec := must(kalyna.NewECBEncrypter(b)), must(kalyna.NewECBDecrypter(b))
			buf := bytes.Clone(v.PT)
			for range iterations {
				enc.CryptBlocks(buf, buf)
			}
			checkBytes(t, "ciphertext", buf, v.CT)
			for range iterations {
				dec.CryptBlocks(buf, buf)
			}
			checkBytes(t, "plaintext", buf, v.PT)
			if b == slow || iterations > 1 {
				return nil
			}
		}
		return nil
	})
}

// checkStreams runs a stream both ways.
func checkStreams[E, D cipher.Stream](t *testing.T, v *vector, enc E, dec D) {
	t.Helper()
	buf := bytes.Clone(v.PT)
	enc.XORKeyStream(buf, buf)
	checkBytes(t, "ciphertext", buf, v.CT)
	dec.XORKeyStream(buf, buf)
	checkBytes(t, "plaintext", buf, v.PT)
}

func TestStreamVectors(t *testing.T) {
	for file, newStream := range map[string]func(cipher.Block, []byte) (cipher.Stream, error){
		"kalyna_ctr.json": kalyna.NewCTR,
		"kalyna_ofb.json": kalyna.NewOFB,
	} {
		runVectors(t, file, func(t *testing.T, v *vector, b cipher.Block) error {
			enc, err := newStream(b, v.IV)
			if err != nil {
				return err
			}
			checkStreams(t, v, enc, must(newStream(b, v.IV)))
			if v.S0 != nil {
				s0 := make([]byte, b.BlockSize())
				b.Encrypt(s0, v.IV)
				checkBytes(t, "s0", s0, v.S0)
			}
			return nil
		})
	}
}

func TestCFBVectors(t *testing.T) {
	runVectors(t, "kalyna_cfb.json", func(t *testing.T, v *vector, b cipher.Block) error {
		enc, err := kalyna.NewCFBEncrypter(b, v.IV, v.q(t))
		if err != nil {
			return err
		}
		checkStreams(t, v, enc, must(kalyna.NewCFBDecrypter(b, v.IV, v.q(t))))
		return nil
	})
}

func TestCBCVectors(t *testing.T) {
	runVectors(t, "kalyna_cbc.json", func(t *testing.T, v *vector, b cipher.Block) error {
		enc, err := kalyna.NewCBCEncrypter(b, v.IV)
		if err != nil {
			return err
		}
		dec := must(kalyna.NewCBCDecrypter(b, v.IV))
		text := bytes.Clone(v.PT)
		if v.Padded != nil {
			text = kalyna.Pad(text, b.BlockSize())
			checkBytes(t, "padded", text, v.Padded)
		}
		if len(text)%b.BlockSize() != 0 {
			return errShape
		}
		enc.CryptBlocks(text, text)
		checkBytes(t, "ciphertext", text, v.CT)
		dec.CryptBlocks(text, text)
		if v.Padded != nil {
			if text, err = kalyna.Unpad(text, b.BlockSize()); err != nil {
				return err
			}
		}
		checkBytes(t, "plaintext", text, v.PT)
		return nil
	})
}

func TestMACVectors(t *testing.T) {
	for file, newMAC := range map[string]func(cipher.Block, int) (*kalyna.MAC, error){
		"kalyna_cmac.json": kalyna.NewCMAC,
		"kalyna_gmac.json": kalyna.NewGMAC,
	} {
		runVectors(t, file, func(t *testing.T, v *vector, b cipher.Block) error {
			m, err := newMAC(b, v.q(t))
			if err != nil {
				return err
			}
			m.Write(v.Msg)
			if v.MAC == nil {
				tag, err := m.Sum(nil)
				if err == nil || tag != nil || m.Verify(make([]byte, m.Size())) == nil {
					t.Errorf("tag %x, %v", tag, err)
				}
				return err
			}
			if err := m.Verify(v.MAC); err != nil {
				return err
			}
			checkBytes(t, "tag", must(m.Sum(nil)), v.MAC)
			if v.BCMAC != nil && m.Verify(v.BCMAC) == nil {
				t.Error("padded with zeros")
			}
			return nil
		})
	}
}

func TestGCMVectors(t *testing.T) {
	runVectors(t, "kalyna_gcm.json", func(t *testing.T, v *vector, b cipher.Block) error {
		a, err := kalyna.NewGCM(b, v.q(t))
		if err != nil {
			return err
		}
		if len(v.IV) != a.NonceSize() {
			mustPanic(t, "nonce", func() { a.Seal(nil, v.IV, v.PT, v.AAD) })
			mustPanic(t, "nonce", func() { a.Open(nil, v.IV, make([]byte, 100), v.AAD) })
			return errShape
		}
		if slices.Contains(v.Flags, "BothEmpty") {
			mustPanic(t, "both empty", func() { a.Seal(nil, v.IV, nil, nil) })
			checkBytes(t, "tag of nothing", kalyna.TestingOnlyEmptyTag(a), v.Tag)
		}
		return checkAEAD(t, a, v, append(bytes.Clone(v.CT), v.Tag...))
	})
}

func TestCCMVectors(t *testing.T) {
	runVectors(t, "kalyna_ccm.json", func(t *testing.T, v *vector, b cipher.Block) error {
		a, err := kalyna.NewCCM(b, v.Nb, v.q(t))
		if err != nil {
			return err
		}
		if v.CodeAlone != nil {
			checkBytes(t, "code", kalyna.TestingOnlyCode(a, v.IV, v.PT, v.AAD), v.CodeAlone)
		}
		if v.PT != nil && v.CT == nil {
			mustPanic(t, "plaintext", func() { a.Seal(nil, v.IV, v.PT, v.AAD) })
			return errShape
		}
		return checkAEAD(t, a, v, v.CT)
	})
}

// checkAEAD opens and, where it is the result of that, seals the message.
func checkAEAD(t *testing.T, a cipher.AEAD, v *vector, sealed []byte) error {
	t.Helper()
	opened, err := a.Open(nil, v.IV, sealed, v.AAD)
	if err != nil {
		if err != kalyna.ErrAuthentication || opened != nil {
			t.Errorf("Open = %x, %v", opened, err)
		}
		return err
	}
	checkBytes(t, "plaintext", opened, v.PT)
	checkBytes(t, "ciphertext", a.Seal(nil, v.IV, v.PT, v.AAD), sealed)
	return nil
}

func TestXTSVectors(t *testing.T) {
	runVectors(t, "kalyna_xts.json", func(t *testing.T, v *vector, b cipher.Block) error {
		x := must(kalyna.NewXTS(b))
		buf := bytes.Clone(v.PT)
		if err := x.Encrypt(buf, buf, v.IV); err != nil {
			if x.Decrypt(buf, buf, v.IV) == nil {
				t.Error("decrypts what it does not encrypt")
			}
			return err
		}
		checkBytes(t, "ciphertext", buf, v.CT)
		if err := x.Decrypt(buf, buf, v.IV); err != nil {
			return err
		}
		checkBytes(t, "plaintext", buf, v.PT)
		return nil
	})
}

func TestKWVectors(t *testing.T) {
	runVectors(t, "kalyna_kw.json", func(t *testing.T, v *vector, b cipher.Block) error {
		w, err := kalyna.NewKW(b.BlockSize(), v.Key)
		if err != nil {
			return err
		}
		wrap, unwrap := w.Wrap, w.Unwrap
		if v.Mode == "KW-p" {
			wrap, unwrap = w.WrapPadded, w.UnwrapPadded
		}
		if slices.Contains(v.Flags, "CounterAbove255") && testing.Short() && b.BlockSize() > 16 {
			t.Skip("short: slow without tables")
		}
		key, err := unwrap(v.CT)
		if err != nil {
			if err != kalyna.ErrUnwrap || key != nil {
				t.Errorf("unwrapped %x, %v", key, err)
			}
			return err
		}
		checkBytes(t, "key", key, v.PT)
		checkBytes(t, "wrapped", must(wrap(v.PT)), v.CT)
		return nil
	})
}

type wrapVector struct {
	TcID        int
	Name        string
	KEK, CEK    testvectors.Bytes
	IV, Wrapped testvectors.Bytes
	Result      string
	Source      string
	Flags       []string
	Agree       []string
	PeersAccept []string `json:"peers_accept"`
}

func TestWrapVectors(t *testing.T) {
	for _, s := range testvectors.Load[wrapVector](t, "kalyna_cmswrap.json") {
		for _, v := range s.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				cek, err := kalyna.Unwrap(v.KEK, v.Wrapped)
				if v.Result != "valid" {
					if err != kalyna.ErrUnwrap || cek != nil {
						t.Fatalf("Unwrap = %x, %v", cek, err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				checkBytes(t, "key", cek, v.CEK)
				checkBytes(t, "wrapped key", must(kalyna.Wrap(bytes.NewReader(v.IV), v.KEK, v.CEK)), v.Wrapped)
			})
		}
	}
}
