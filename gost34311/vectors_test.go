package gost34311_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"encoding/json"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/testvectors"
)

type hashTest struct {
	TcID                 int
	Name                 string
	SBoxID               int `json:"sbox_id"`
	Msg, Hash            testvectors.Bytes
	HashWithoutZeroBlock testvectors.Bytes `json:"hash_without_zero_block"`
	Result, Source       string
	Flags                []string
	Agree, Differ        []string
}

func TestVectors(t *testing.T) {
	var boxes map[int]*gost28147.SBox
	for _, s := range testvectors.Load[hashTest](t, "gost34311.json") {
		if boxes == nil || s.Raw["sboxes"] != nil {
			boxes = sboxes(t, s.Raw["sboxes"])
		}
		for _, v := range s.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				box := boxes[v.SBoxID]
				if box == nil {
					t.Fatalf("no S-box %d", v.SBoxID)
				}
				if v.Result != "valid" {
					t.Fatalf("result %q: every input of a hash is valid", v.Result)
				}
				if got := gost34311.SumSBox(v.Msg, box); !bytes.Equal(got[:], v.Hash) {
					t.Errorf("SumSBox = %x, want %x", got, v.Hash)
				}
				h := gost34311.NewSBox(box)
				h.Write(v.Msg)
				if got := h.Sum(nil); !bytes.Equal(got, v.Hash) {
					t.Errorf("NewSBox: %x, want %x", got, v.Hash)
				}
				if got := gost34311.Sum(v.Msg); bytes.Equal(got[:], v.Hash) != (v.SBoxID == 1) {
					t.Errorf("Sum = %x with S-box 1, %x with S-box %d", got, v.Hash, v.SBoxID)
				}
			})
		}
	}
}

func sboxes(t *testing.T, raw json.RawMessage) map[int]*gost28147.SBox {
	var table []struct {
		ID  int
		DKE testvectors.Bytes
	}
	if err := json.Unmarshal(raw, &table); err != nil {
		t.Fatalf("sboxes: %v", err)
	}
	boxes := make(map[int]*gost28147.SBox)
	for _, e := range table {
		box, err := gost28147.ParseDKE(e.DKE)
		if err != nil {
			t.Fatalf("S-box %d: %v", e.ID, err)
		}
		boxes[e.ID] = box
	}
	return boxes
}

type hmacTest struct {
	TcID       int
	Name, Type string
	SBoxID     int `json:"sbox_id"`
	Key, Msg   testvectors.Bytes
	MAC        testvectors.Bytes
	Result     string
	Agree      []string
}

func TestHMACVectors(t *testing.T) {
	for _, s := range testvectors.Load[hmacTest](t, "hmac_gost34311.json") {
		for _, v := range s.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				if v.Result != "valid" || v.SBoxID != 1 {
					t.Fatalf("result %q, S-box %d", v.Result, v.SBoxID)
				}
				h := hmac.New(gost34311.New, v.Key)
				for range 3 { // fresh, and with the kept state of the key
					h.Write(v.Msg)
					if got := h.Sum(nil); !bytes.Equal(got, v.MAC) {
						t.Errorf("HMAC %x, want %x", got, v.MAC)
					}
					h.Reset()
				}
			})
		}
	}
}

type pbkdf2Test struct {
	TcID           int
	Name, Type     string
	SBoxID         int `json:"sbox_id"`
	Password, Salt testvectors.Bytes
	Iterations     int
	DKLen          int `json:"dk_len"`
	DK             testvectors.Bytes
	Result         string
	Agree          []string
}

func TestPBKDF2Vectors(t *testing.T) {
	for _, s := range testvectors.Load[pbkdf2Test](t, "pbkdf2_gost34311.json") {
		for _, v := range s.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				if v.Result != "valid" || v.SBoxID != 1 {
					t.Fatalf("result %q, S-box %d", v.Result, v.SBoxID)
				}
				got, err := pbkdf2.Key(gost34311.New, string(v.Password), v.Salt, v.Iterations, v.DKLen)
				if err != nil || !bytes.Equal(got, v.DK) {
					t.Errorf("key %x, %v, want %x", got, err, v.DK)
				}
			})
		}
	}
}
