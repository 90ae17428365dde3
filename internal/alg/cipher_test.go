package alg_test

import (
	"bytes"
	"crypto/cipher"
	"encoding/asn1"
	"encoding/json"
	"errors"
	"testing"
	"testing/iotest"

	"golang.org/x/crypto/cryptobyte"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/testvectors"
)

// TestContentCipherRoundTrip: what is written reads back as the same cipher, and decrypts.
func TestContentCipherRoundTrip(t *testing.T) {
	sbox, err := gost28147.DKE(3)
	if err != nil {
		t.Fatal(err)
	}
	key := bytes.Repeat([]byte{3}, 32)
	plain := []byte("not a multiple of eight")
	seen := map[string]bool{}
	for _, id := range []asn1.ObjectIdentifier{alg.OIDGOST28147CFB, alg.OIDGOST28147CTR} {
		for _, s := range []*gost28147.SBox{nil, gost28147.DKE1(), sbox} {
			c, err := alg.NewContentCipher(nil, id, s)
			if err != nil || c.KeySize() != 32 || len(c.IV) != 8 {
				t.Fatalf("%+v, %v", c, err)
			}
			var b cryptobyte.Builder
			c.AddAlgorithmIdentifier(&b)
			oid, params := split(t, b.BytesOrPanic())
			back, err := alg.ParseContentCipher(oid, params)
			if err != nil {
				t.Fatal(err)
			}
			if !back.OID.Equal(id) || !bytes.Equal(back.IV, c.IV) || back.LongIV || (back.SBox == nil) != (s == nil) {
				t.Errorf("read back %+v", back)
			}
			enc, err := c.Encrypter(key)
			if err != nil {
				t.Fatal(err)
			}
			dec, err := back.Decrypter(key)
			if err != nil {
				t.Fatal(err)
			}
			sealed, opened := make([]byte, len(plain)), make([]byte, len(plain))
			enc.XORKeyStream(sealed, plain)
			dec.XORKeyStream(opened, sealed)
			if !bytes.Equal(opened, plain) || bytes.Equal(sealed, plain) || seen[string(c.IV)] {
				t.Errorf("%v: %q", id, opened)
			}
			seen[string(c.IV)] = true
			if _, err := c.Encrypter(key[:31]); err == nil {
				t.Error("a short key is accepted")
			}
		}
	}
}

// TestContentCipherModes compares with the modes themselves, so that identifiers are not
// exchanged.
func TestContentCipherModes(t *testing.T) {
	key, iv := bytes.Repeat([]byte{5}, 32), []byte("12345678")
	block, err := gost28147.NewCipher(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	for text, mode := range map[string]func(cipher.Block, []byte) (cipher.Stream, error){
		"1.2.804.2.1.1.1.1.1.1.2": gost28147.NewCTR,
		"1.2.804.2.1.1.1.1.1.1.3": gost28147.NewCFBEncrypter,
	} {
		want, err := mode(block, iv)
		if err != nil {
			t.Fatal(err)
		}
		c, err := alg.NewContentCipher(bytes.NewReader(iv), oid(t, text), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Encrypter(key)
		if err != nil {
			t.Fatal(err)
		}
		a, b := make([]byte, 40), make([]byte, 40)
		want.XORKeyStream(a, a)
		got.XORKeyStream(b, b)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: %x, want %x", text, b, a)
		}
	}
}

func TestContentCipherParams(t *testing.T) {
	cfb := alg.OIDGOST28147CFB
	long, err := alg.ParseContentCipher(cfb, append([]byte{0x30, 34, 4, 32}, bytes.Repeat([]byte{9}, 32)...))
	if err != nil || !long.LongIV || len(long.IV) != 8 {
		t.Errorf("32 octets: %+v, %v", long, err)
	}
	for name, text := range map[string]string{
		"absent": "", "null": "0500", "empty": "3000", "short": "300904070102030405060700"[:22],
		"dke of 63 octets": "304b04080102030405060708043f" + dke1[2:], "trailing inside": "300c040801020304050607080500",
		"trailing": "300a040801020304050607080500", "not a string": "300a02080102030405060708",
	} {
		if c, err := alg.ParseContentCipher(cfb, unhex(t, text)); !errors.Is(err, alg.ErrParams) {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	for _, text := range []string{"1.2.804.2.1.1.1.1.1.1.1", "1.2.804.2.1.1.1.1.1.1.5", "1.2.3"} {
		if _, err := alg.ParseContentCipher(oid(t, text), nil); !errors.Is(err, alg.ErrUnsupported) {
			t.Errorf("%s: %v", text, err)
		}
		if _, err := alg.NewContentCipher(nil, oid(t, text), nil); !errors.Is(err, alg.ErrUnsupported) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := alg.NewContentCipher(iotest.ErrReader(errors.New("dry")), cfb, nil); err == nil {
		t.Error("a failing source of randomness goes unnoticed")
	}
}

// TestDigests: sizes of the table are those of the functions, and the S-box reaches GOST 34.311.
func TestDigests(t *testing.T) {
	for _, id := range []asn1.ObjectIdentifier{
		alg.OIDGOST34311, alg.OIDKupyna256, alg.OIDKupyna384, alg.OIDKupyna512,
		alg.OIDSHA1, alg.OIDSHA224, alg.OIDSHA256, alg.OIDSHA384, alg.OIDSHA512,
	} {
		newHash, err := alg.NewHash(id, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := newHash().Size(); n != alg.HashSize(id) || n == 0 {
			t.Errorf("%v: %d octets, table says %d", id, n, alg.HashSize(id))
		}
	}
	sbox, _ := gost28147.DKE(2)
	for _, s := range []*gost28147.SBox{nil, gost28147.DKE1(), sbox} {
		newHash, _ := alg.NewHash(alg.OIDGOST34311, s)
		h := newHash()
		h.Write([]byte("abc"))
		want := gost34311.Sum([]byte("abc"))
		if same := bytes.Equal(h.Sum(nil), want[:]); same != (s != sbox) {
			t.Errorf("S-box %v: same digest as DKE No. 1: %v", s, same)
		}
	}
	if _, err := alg.NewHash(alg.OIDDSTU4145LE, nil); !errors.Is(err, alg.ErrUnsupported) || alg.HashSize(nil) != 0 {
		t.Error("an unknown digest exists")
	}
}

// TestPRFs runs the vectors of the two national keyed digests through the table.
func TestPRFs(t *testing.T) {
	n := 0
	for file, find := range map[string]func(v map[string]json.RawMessage) asn1.ObjectIdentifier{
		"hmac_gost34311.json": func(map[string]json.RawMessage) asn1.ObjectIdentifier { return alg.OIDHMACGOST34311 },
		"kupyna_kmac.json": func(v map[string]json.RawMessage) asn1.ObjectIdentifier {
			var key testvectors.Bytes
			_ = json.Unmarshal(v["key"], &key)
			return map[int]asn1.ObjectIdentifier{32: alg.OIDKupynaMAC256, 48: alg.OIDKupynaMAC384, 64: alg.OIDKupynaMAC512}[len(key)]
		},
	} {
		for _, suite := range testvectors.Load[map[string]json.RawMessage](t, file) {
			for _, v := range suite.Tests {
				if string(v["result"]) != `"valid"` || v["sbox_id"] != nil && string(v["sbox_id"]) != "1" {
					continue
				}
				var key, msg, mac testvectors.Bytes
				for name, to := range map[string]*testvectors.Bytes{"key": &key, "msg": &msg, "mac": &mac} {
					if json.Unmarshal(v[name], to) != nil {
						t.Fatalf("%s: no %s in %v", file, name, v)
					}
				}
				id := find(v)
				newPRF, err := alg.NewPRF(id)
				if err != nil {
					t.Fatal(err)
				}
				h, err := newPRF(key)
				if err != nil {
					t.Fatal(err)
				}
				h.Write(msg)
				if got := h.Sum(nil); !bytes.Equal(got, mac) {
					t.Errorf("%s: %x, want %x", file, got, mac)
				}
				n++
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d vectors ran", n)
	}
	for _, id := range []asn1.ObjectIdentifier{alg.OIDHMACSHA1, alg.OIDHMACSHA224, alg.OIDHMACSHA256, alg.OIDHMACSHA384, alg.OIDHMACSHA512} {
		if _, err := alg.NewPRF(id); err != nil {
			t.Error(err)
		}
	}
	if _, err := alg.NewPRF(alg.OIDSHA256); !errors.Is(err, alg.ErrUnsupported) {
		t.Errorf("a plain hash as a keyed digest: %v", err)
	}
}

func TestLeadingZeros(t *testing.T) {
	for n := range 5 {
		for _, tail := range [][]byte{nil, {1}, {0x80, 0}, {0xff, 0, 0}} {
			z := append(make([]byte, n), tail...)
			if got := alg.LeadingZeros(z); got != n {
				t.Errorf("%x: %d", z, got)
			}
		}
	}
}

// TestSharedInfoWithoutNull is the form of one older writer, keyInfo without parameters.
func TestSharedInfoWithoutNull(t *testing.T) {
	want := unhex(t, "3017300d060b2a8624020101010101030ba206040400000100")
	if got := alg.SharedInfo(alg.OIDKalynaWrap, false, nil); !bytes.Equal(got, want) {
		t.Errorf("%x", got)
	}
}

func TestUnknownAgreement(t *testing.T) {
	if _, ok := alg.KeyAgreementByOID(alg.OIDGOST34311); ok {
		t.Error("a hash agrees on keys")
	}
	if _, ok := alg.KeyWrapByOID(alg.OIDGOST28147CFB); ok {
		t.Error("a cipher wraps keys")
	}
}
