package pbe_test

import (
	"bytes"
	"crypto/hmac"
	stdpbkdf2 "crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/asn1"
	"errors"
	"hash"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/kupyna"
)

// pbmac1 returns MacData of data with PBMAC1 (RFC 9579) of HMAC-SHA-256 for both, with what is made of
// its parameters by change.
func pbmac1(t testing.TB, password string, size int, data []byte, change func(params []byte) []byte) []byte {
	t.Helper()
	key, err := stdpbkdf2.Key(sha256.New, password, []byte("salt"), 3, max(size, 1))
	if err != nil {
		t.Fatal(err)
	}
	h := hmac.New(sha256.New, key)
	h.Write(data)
	sha := unhex(t, "2a864886f70d0209")
	id := func(b *cryptobyte.Builder, oid []byte, params func(*cryptobyte.Builder)) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(oid) })
			params(b)
		})
	}
	none := func(b *cryptobyte.Builder) {}
	var params cryptobyte.Builder
	params.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		id(b, unhex(t, "2a864886f70d01050c"), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1OctetString([]byte("salt"))
				b.AddASN1Int64(3)
				if size > 0 {
					b.AddASN1Int64(int64(size))
				}
				id(b, sha, (*cryptobyte.Builder).AddASN1NULL)
			})
		})
		id(b, sha, none)
	})
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			id(b, unhex(t, "2a864886f70d01050e"), func(b *cryptobyte.Builder) { b.AddBytes(change(params.BytesOrPanic())) })
			b.AddASN1OctetString(h.Sum(nil))
		})
		b.AddASN1OctetString([]byte("not used"))
	})
	return b.BytesOrPanic()
}

func TestPBMAC1(t *testing.T) {
	same := func(params []byte) []byte { return params }
	data := []byte("contents")
	for _, size := range []int{20, 32, 64} {
		mac, err := pbe.ParseMAC(der.New(pbmac1(t, "пароль", size, data, same), "").Sequence(""))
		if err != nil {
			t.Fatal(err)
		}
		if err := mac.Check(pbe.NewSession(100, 1), password("пароль"), data); err != nil {
			t.Errorf("%d octets: %v", size, err)
		}
		if err := mac.Check(pbe.NewSession(100, 1), password("парол"), data); err != pbe.ErrDecrypt {
			t.Errorf("another password: %v", err)
		}
		var limit *pbe.LimitError
		if err := mac.Admit(pbe.NewSession(2, 1)); !errors.As(err, &limit) {
			t.Errorf("three iterations of two: %v", err)
		}
	}
	var unsupported *pbe.UnsupportedError
	for name, v := range map[string]struct {
		data        []byte
		unsupported bool
	}{
		"length left out": {pbmac1(t, "x", 0, data, same), false},
		"too short":       {pbmac1(t, "x", 19, data, same), false},
		"one octet":       {pbmac1(t, "x", 1, data, same), false},
		"too long":        {pbmac1(t, "x", 65, data, same), false},
		"trailing":        {pbmac1(t, "x", 32, data, func(p []byte) []byte { return append(p, 5, 0) }), false},
		"no parameters":   {pbmac1(t, "x", 32, data, func([]byte) []byte { return nil }), false},
		"no octets":       {pbmac1(t, "x", 32, data, func(p []byte) []byte { return bytes.Replace(p, []byte{2, 1, 32}, []byte{2, 1, 0}, 1) }), false},
		"scrypt":          {pbmac1(t, "x", 32, data, func(p []byte) []byte { return bytes.Replace(p, unhex(t, "01050c"), unhex(t, "01050b"), 1) }), true},
		"HMAC-MD5":        {pbmac1(t, "x", 32, data, func(p []byte) []byte { p[len(p)-1] = 6; return p }), true},
	} {
		_, err := pbe.ParseMAC(der.New(v.data, "").Sequence(""))
		if err == nil || errors.As(err, &unsupported) != v.unsupported {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemeForms: what writers leave out of PBES2 or write in another way. All say the same, but for
// the function that is the default.
func TestSchemeForms(t *testing.T) {
	plain := []byte("plain")
	salt, dke := bytes.Repeat([]byte{3}, 20), gost28147.DKE1().DKE()
	gostKey := pbe.PBKDF2(gostHMAC, []byte("пароль"), salt, 4, 32)
	shaKey := pbe.PBKDF2("1.2.840.113549.2.7", []byte("пароль"), salt, 4, 32)
	other, err := gost28147.ParseDKE(bytes.Repeat([]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}, 8))
	if err != nil {
		t.Fatal(err)
	}
	const prf, prfNull = "300c060a2a862402010101010102", "300e060a2a8624020101010101020500"
	for name, v := range map[string]struct {
		keyLength, prf string
		key, dke       []byte
	}{
		"as IIT writes":            {"", prfNull, gostKey, dke},
		"without NULL":             {"", prf, gostKey, dke},
		"length of the key":        {"020120", prfNull, gostKey, dke},
		"no table":                 {"", prfNull, gostKey, nil},
		"another table":            {"", prf, gostKey, other.DKE()},
		"default function":         {"", "", shaKey, dke},
		"length, default function": {"020120", "", shaKey, nil},
		"nothing that can go":      {"", "", shaKey, nil},
	} {
		table := gost28147.DKE1()
		if v.dke != nil {
			if table, err = gost28147.ParseDKE(v.dke); err != nil {
				t.Fatal(err)
			}
		}
		block, err := gost28147.NewCipher(v.key, table)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := gost28147.NewCFBEncrypter(block, []byte("12345678"))
		if err != nil {
			t.Fatal(err)
		}
		data := make([]byte, len(plain))
		stream.XORKeyStream(data, plain)
		seq := func(parts ...[]byte) []byte {
			body := bytes.Join(parts, nil)
			if len(body) < 128 {
				return append([]byte{0x30, byte(len(body))}, body...)
			}
			return append([]byte{0x30, 0x81, byte(len(body))}, body...)
		}
		octets := func(b []byte) []byte { return append([]byte{4, byte(len(b))}, b...) }
		var table64 []byte
		if v.dke != nil {
			table64 = octets(v.dke)
		}
		scheme, cipher := parse(t, seq(seq(unhex(t, "06092a864886f70d01050d"), seq(
			seq(unhex(t, "06092a864886f70d01050c"), seq(octets(salt), []byte{2, 1, 4}, unhex(t, v.keyLength), unhex(t, v.prf))),
			seq(unhex(t, "060b2a86240201010101010103"), seq(octets([]byte("12345678")), table64)))), octets(data)))
		if got, err := scheme.Decrypt(pbe.NewSession(100, 1), password("пароль"), cipher); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// TestKupynaSizes: the longer codes of Kupyna take the place of the one of 256 bits, keys, blocks and
// all. The loops here are those of the standards, written down once more for one block of output.
func TestKupynaSizes(t *testing.T) {
	for _, v := range []struct {
		prf, digest string
		mac         func([]byte) (hash.Hash, error)
		new         func() hash.Hash
		block       int
	}{
		{kupynaKMAC, kupyna256, kupyna.NewMAC256, kupyna.New256, 64},
		{"1.2.804.2.1.1.1.1.2.2.5", "1.2.804.2.1.1.1.1.2.2.2", kupyna.NewMAC384, kupyna.New384, 128},
		{"1.2.804.2.1.1.1.1.2.2.6", "1.2.804.2.1.1.1.1.2.2.3", kupyna.NewMAC512, kupyna.New512, 128},
	} {
		size := v.new().Size()
		for _, password := range [][]byte{nil, []byte("пароль"), bytes.Repeat([]byte("0123456789"), 9)} {
			key := make([]byte, size)
			copy(key, password)
			h, err := v.mac(key)
			if err != nil {
				t.Fatal(err)
			}
			h.Write([]byte("salt\x00\x00\x00\x01"))
			u := h.Sum(nil)
			h.Reset()
			h.Write(u)
			want := make([]byte, size)
			subtle.XORBytes(want, u, h.Sum(nil))
			if got := pbe.PBKDF2(v.prf, password, []byte("salt"), 2, size); !bytes.Equal(got, want) {
				t.Errorf("PBKDF2 with %s: %x, want %x", v.prf, got, want)
			}
		}
		repeat := func(s string) []byte { return bytes.Repeat([]byte(s), v.block/len(s)) }
		h := v.new()
		h.Write(bytes.Repeat([]byte{3}, v.block))
		h.Write(repeat("salt"))
		h.Write(repeat("password"))
		one := h.Sum(nil)
		h.Reset()
		h.Write(one)
		if got := pbe.PKCS12(v.digest, 3, []byte("password"), []byte("salt"), 2, size); !bytes.Equal(got, h.Sum(nil)) {
			t.Errorf("PKCS #12 with %s: %x", v.digest, got)
		}
		code, err := v.mac(h.Sum(nil))
		if err != nil {
			t.Fatal(err)
		}
		code.Write([]byte("contents"))
		var b cryptobyte.Builder
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				alg.AddIdentifier(b, oid(t, v.digest), true)
				b.AddASN1OctetString(code.Sum(nil))
			})
			b.AddASN1OctetString([]byte("salt"))
			b.AddASN1Int64(2)
		})
		mac, err := pbe.ParseMAC(der.New(b.BytesOrPanic(), "").Sequence(""))
		if err != nil {
			t.Fatal(err)
		}
		if err := mac.Check(pbe.NewSession(100, 1), pbe.Password{BMP: []byte("password")}, []byte("contents")); err != nil {
			t.Errorf("MAC with %s: %v", v.digest, err)
		}
	}
}

func oid(t testing.TB, text string) asn1.ObjectIdentifier {
	t.Helper()
	var out asn1.ObjectIdentifier
	for _, arc := range strings.Split(text, ".") {
		n, err := strconv.Atoi(arc)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}
