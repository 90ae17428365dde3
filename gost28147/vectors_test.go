package gost28147_test

import (
	"bytes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"hash"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/testvectors"
)

// sboxTable is the "sboxes" member of a file of vectors.
type sboxTable []struct {
	ID        int
	Name      string
	Rows, DKE testvectors.Bytes
}

// loadSBoxes reads the table of the embedded file.
func loadSBoxes(tb testing.TB, s testvectors.Suite[cipherTest]) map[int]*gost28147.SBox {
	tb.Helper()
	var table sboxTable
	if err := json.Unmarshal(s.Raw["sboxes"], &table); err != nil {
		tb.Fatalf("%s: sboxes: %v", s.File, err)
	}
	boxes := make(map[int]*gost28147.SBox)
	for _, e := range table {
		box, err := gost28147.ParseDKE(e.DKE)
		if err != nil {
			tb.Fatalf("%s: S-box %d: %v", s.File, e.ID, err)
		}
		for i := range e.DKE {
			if e.DKE[i] != e.Rows[2*i]<<4|e.Rows[2*i+1] {
				tb.Fatalf("%s: S-box %d: packed and unpacked forms differ", s.File, e.ID)
			}
		}
		boxes[e.ID] = box
	}
	return boxes
}

type cipherTest struct {
	TcID          int
	Name, Mode    string
	SBoxID        int `json:"sbox_id"`
	Key, IV       testvectors.Bytes
	PT, CT        testvectors.Bytes
	Msg, MAC      testvectors.Bytes
	MAC8, DKE     testvectors.Bytes
	Result        string
	Flags         []string
	Agree, Differ []string
}

func TestVectors(t *testing.T) {
	var boxes map[int]*gost28147.SBox
	for _, s := range testvectors.Load[cipherTest](t, "gost28147.json") {
		if boxes == nil || s.Raw["sboxes"] != nil {
			boxes = loadSBoxes(t, s)
		}
		for _, v := range s.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				err := runCipherTest(t, &v, boxes[v.SBoxID])
				if valid := v.Result == "valid"; valid != (err == nil) {
					t.Errorf("%s %s: error %v", v.Mode, v.Result, err)
				}
			})
		}
	}
}

var errLength = errors.New("not whole blocks")

// runCipherTest returns the error of the package; a wrong result fails the test.
func runCipherTest(t *testing.T, v *cipherTest, s *gost28147.SBox) error {
	if s == nil {
		t.Fatalf("no S-box %d", v.SBoxID)
	}
	if v.DKE != nil {
		var err error
		if s, err = gost28147.ParseDKE(v.DKE); err != nil {
			return err
		}
	}
	if v.Mode == "mac" {
		return errors.Join(
			checkMAC(t, gost28147.NewMAC, v, s, v.MAC),
			checkMAC(t, gost28147.NewMAC8, v, s, v.MAC8))
	}
	b, err := gost28147.NewCipher(v.Key, s)
	if err != nil {
		return err
	}
	switch v.Mode {
	case "ecb":
		if len(v.PT)%gost28147.BlockSize != 0 {
			return errLength // the caller of a cipher.Block sees to whole blocks
		}
		ct, pt := make([]byte, len(v.PT)), make([]byte, len(v.PT))
		for i := 0; i < len(ct); i += gost28147.BlockSize {
			b.Encrypt(ct[i:], v.PT[i:])
			b.Decrypt(pt[i:], ct[i:])
		}
		checkBytes(t, "ciphertext", ct, v.CT)
		checkBytes(t, "plaintext", pt, v.PT)
		return nil
	case "ctr":
		return checkStreams(t, v, b, gost28147.NewCTR, gost28147.NewCTR)
	case "cfb":
		return checkStreams(t, v, b, gost28147.NewCFBEncrypter, gost28147.NewCFBDecrypter)
	}
	t.Fatalf("unknown mode %q", v.Mode)
	return nil
}

type newStream = func(cipher.Block, []byte) (cipher.Stream, error)

func checkStreams(t *testing.T, v *cipherTest, b cipher.Block, encrypt, decrypt newStream) error {
	enc, err := encrypt(b, v.IV)
	if err != nil {
		return err
	}
	dec, err := decrypt(b, v.IV)
	if err != nil {
		return err
	}
	buf := bytes.Clone(v.PT)
	enc.XORKeyStream(buf, buf)
	checkBytes(t, "ciphertext", buf, v.CT)
	dec.XORKeyStream(buf, buf)
	checkBytes(t, "plaintext", buf, v.PT)
	return nil
}

func checkMAC(t *testing.T, newMAC func([]byte, *gost28147.SBox) (hash.Hash, error), v *cipherTest, s *gost28147.SBox, want []byte) error {
	m, err := newMAC(v.Key, s)
	if err != nil {
		return err
	}
	m.Write(v.Msg)
	checkBytes(t, "MAC", m.Sum(nil), want)
	return nil
}

func checkBytes(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%s %x, want %x", what, got, want)
	}
}

type wrapTest struct {
	TcID        int
	Name        string
	SBoxID      int `json:"sbox_id"`
	KEK, CEK    testvectors.Bytes
	IV, ICV     testvectors.Bytes
	Wrapped     testvectors.Bytes
	Result      string
	Source      string
	Flags       []string
	Agree       []string
	PeersAccept []string `json:"peers_accept"`
}

func TestWrapVectors(t *testing.T) {
	for _, s := range testvectors.Load[wrapTest](t, "gostkw.json") {
		for _, v := range s.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				box, err := gost28147.DKE(v.SBoxID)
				if err != nil {
					t.Fatal(err)
				}
				cek, err := gost28147.Unwrap(v.KEK, v.Wrapped, box)
				if v.Result != "valid" {
					if err != gost28147.ErrUnwrap || cek != nil {
						t.Fatalf("Unwrap = %x, %v", cek, err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				checkBytes(t, "key", cek, v.CEK)
				wrapped, err := gost28147.Wrap(bytes.NewReader(v.IV), v.KEK, v.CEK, box)
				if err != nil {
					t.Fatal(err)
				}
				checkBytes(t, "wrapped key", wrapped, v.Wrapped)
			})
		}
	}
}
