package pbe_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/testvectors"
)

const (
	gostHMAC   = "1.2.804.2.1.1.1.1.1.2"
	kupynaKMAC = "1.2.804.2.1.1.1.1.2.2.4"
	gostHash   = "1.2.804.2.1.1.1.1.2.1"
	kupyna256  = "1.2.804.2.1.1.1.1.2.2.1"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPBKDF2GOST(t *testing.T) {
	type vector struct {
		TcID       int               `json:"tcId"`
		Name       string            `json:"name"`
		Type       string            `json:"type"`
		Result     string            `json:"result"`
		SBox       int               `json:"sbox_id"`
		Password   testvectors.Bytes `json:"password"`
		Salt       testvectors.Bytes `json:"salt"`
		Iterations uint64            `json:"iterations"`
		Size       int               `json:"dk_len"`
		Key        testvectors.Bytes `json:"dk"`
		Agree      []string          `json:"agree"`
	}
	for _, suite := range testvectors.Load[vector](t, "pbkdf2_gost34311.json") {
		for _, v := range suite.Tests {
			if v.Type != "pbkdf2" || v.Result != "valid" || v.SBox != 1 {
				t.Fatalf("%s %d: type %q, result %q, table %d", suite.File, v.TcID, v.Type, v.Result, v.SBox)
			}
			if got := pbe.PBKDF2(gostHMAC, v.Password, v.Salt, v.Iterations, v.Size); !bytes.Equal(got, v.Key) {
				t.Errorf("%s %d (%s): %x, want %x", suite.File, v.TcID, v.Name, got, v.Key)
			}
		}
	}
}

// TestPBKDF2 has the check values of the containers' description, of RFC 6070 and RFC 7914.
func TestPBKDF2(t *testing.T) {
	const salt = "31a58dc1462981189cf6c701e276c7553a5ab5f6e36d8418e4aa40c930cf3876"
	for _, v := range []struct {
		prf, password, salt string
		iterations          uint64
		want                string
	}{
		{gostHMAC, "password", salt, 1, "b1d0fba9e976971b3f0eb3db1d574f972a862d68f67eadaa7ca9161b76f368da"},
		{gostHMAC, "password", salt, 10000, "c4e7f788e60c731a2cfedd300af67bd2ee9458532a793e5280ae7f8c1e562e44"},
		{kupynaKMAC, "testpassword", "7c040847a91e6c7ffe454aae06c146e81dd0fe2c", 10000, "844d02d38fa28dbabaa1bdfa8a9ffcbe37f4aaa13fd10b8bc679c273499de031"},
		{"1.2.840.113549.2.7", "passwordPASSWORDpassword", hex.EncodeToString([]byte("saltSALTsaltSALTsaltSALTsaltSALTsalt")), 4096, "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
		{"1.2.840.113549.2.7", "pass\x00word", hex.EncodeToString([]byte("sa\x00lt")), 4096, "56fa6aa75548099dcc37d7f03425e0c3"},
		{"1.2.840.113549.2.12", "password", "0011223344556677", 1001, "06:D2:C3:A5:12:B5:A9:97:56:45:0C:5E:73:0B:1C:01:B9:71:74:A1:96:7D:07:C8:84:D1:C8:B8:47:77:F9:AC:A6:2C:63:9A:5A:3A:FA:3F"}, // openssl kdf, as the next
		{"1.2.840.113549.2.13", "password", "0011223344556677", 1001, "C7:A9:08:F4:BB:0C:51:15:FA:CE:ED:8E:94:13:28:09:AE:17:8B:8E:CD:B2:CE:A1:E9:4A:90:4D:01:51:33:44:34:0A:72:78:B5:C8:94:9E"},
		{"1.2.840.113549.2.9", "passwd", hex.EncodeToString([]byte("salt")), 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9ccc"},
	} {
		want := unhex(t, v.want)
		if got := pbe.PBKDF2(v.prf, []byte(v.password), unhex(t, v.salt), v.iterations, len(want)); !bytes.Equal(got, want) {
			t.Errorf("%s, %d iterations: %x, want %x", v.prf, v.iterations, got, want)
		}
	}
}

func TestIITKey(t *testing.T) {
	for password, want := range map[string]string{
		"123123": "3709d09a3574045a52ee9ac65d6277282e065abc597ab0330bd275446230b6a6",
		"tect4":  "347c1b897a383727f0b84ae84d36518fc172debce5c462650bca9a726815a980",
	} {
		if got := pbe.IITKey([]byte(password)); hex.EncodeToString(got) != want {
			t.Errorf("%s: %x, want %s", password, got, want)
		}
	}
}

// TestPKCS12 has values of OpenSSL 3.0 (kdf PKCS12KDF), SHA-384 those of a Python program, password
// "пароль", salt 00 … 13, 3 iterations.
func TestPKCS12(t *testing.T) {
	password := pbe.BMPString("пароль")
	if want := unhex(t, "043f04300440043e043b044c0000"); !bytes.Equal(password, want) {
		t.Fatalf("password %x, want %x", password, want)
	}
	salt := unhex(t, "000102030405060708090a0b0c0d0e0f10111213")
	const sha1, sha256, sha384, sha512 = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"
	for _, v := range []struct {
		hash string
		id   byte
		want string
	}{
		{sha1, 1, "E0:FC:A9:8C:75:FA:F1:4A:C5:27:A7:3C:92:9E:01:A2:08:AE:B1:8D:4F:B2:E2:F2:41:07:79:E8:61:D7:95:33:D3:52:E8:42:5D:EA:74:5A:67:DA:F8:66:3F:FD:6F:39:6F:8F:BB:F9:01:E4:A6:1D:FA:57:23:D8:D1:5F:02:BE:90:E8:0D:75:2C:F1"},
		{sha1, 2, "0D:54:C7:23:7D:7A:B1:07:DE:00:D2:9D:C8:19:ED:64:EA:B6:33:B3:0B:8A:68:80:67:59:1B:85:66:3C:9A:DD:88:DF:C1:B3:4B:6D:4B:EA:4C:C1:2D:4D:4D:AB:AF:12:10:83:19:07:D4:FE:5B:02:10:10:64:EC:F0:AF:19:19:DB:C9:F3:BE:75:C7"},
		{sha1, 3, "44:9A:FA:B3:B5:78:BE:34:09:51:4C:E8:B6:2A:32:71:17:8E:88:50:6C:12:47:AE:6C:F7:78:79:46:90:C5:56:45:73:CF:4B:2C:D5:E4:E1:CF:79:B9:52:CC:5D:EA:03:23:9C:3F:61:8B:50:DB:0F:A4:50:8E:BD:7D:68:B5:D5:52:E4:A9:D8:D0:2D"},
		{sha256, 1, "9C:67:EF:83:F9:D9:99:1D:7F:E0:33:D8:03:B5:A2:17:01:F4:BE:9D:CC:A2:0F:A9:43:B8:6D:EF:74:4F:A1:CF:81:44:F1:EA:F4:20:DD:7B:2D:92:04:8D:8C:B0:BA:90:E0:B7:DF:66:27:2A:57:3F:FF:69:F6:8A:1D:0F:2B:0B:C7:60:F1:32:D3:69"},
		{sha256, 3, "CD:63:48:3E:29:E3:B6:47:0D:EF:F9:46:BC:59:97:B1:B3:88:60:25:37:F8:B2:7E:85:9B:7A:2E:2C:0F:E5:BB:4F:CD:DC:F6:FA:AF:36:1E:FF:D3:15:45:FB:FA:8F:4B:FF:9A:19:AE:DE:0F:DA:CA:E8:20:20:CF:F3:C4:E0:26:3E:F4:42:84:63:05"},
		{sha384, 3, "0e3513e4e6cdcf094e78efa77a7eaa60bed1e5c1323f7e5b230acbaf76bd778d53102a8e41a7092d1466eeb218421a17fddbffd6be8ea4fbaa64d741e3512d80b9e8bd89e8a2"},
		{"2.16.840.1.101.3.4.2.5", 3, "9C:C1:81:E2:BE:B3:A0:6F:3B:42:33:F3:78:C6:B3:E6:83:60:EB:F0:82:66:FD:DC:EB:9E:3D:9C:11:A9:50:29:23:C2:08:79:2A:B8:21:C9:5B:FB:47:86:2E:D4:CA:CF:A0:AB:E3:60:29:EB:AE:0E:4C:BA:1B:47:49:4F:7C:91:96:0F:8E:93:0B:9F"},
		{"2.16.840.1.101.3.4.2.6", 3, "44:E7:F8:7B:8B:B1:2C:6D:50:41:CD:50:6B:92:1C:E7:55:B6:70:92:8F:6A:53:D9:44:0E:79:7E:66:36:2E:08:9C:0E:43:54:D5:18:76:34:9B:D5:A9:01:A1:3B:03:05:F3:00:77:3C:04:C1:B7:E2:9C:E1:4A:C0:CD:C3:96:9C:51:BF:17:AC:24:BC"},
		{sha512, 3, "FF:B5:EE:03:1C:92:20:C2:DB:35:50:A9:88:CD:90:DA:8F:94:FA:7A:8A:72:B4:24:D2:AE:42:94:DA:31:F4:49:7D:83:68:7D:94:78:E0:84:31:6A:EE:87:DC:A9:2F:2C:9C:68:7E:B5:FC:F2:22:BB:EF:BC:70:F5:1C:C9:4B:63:9A:68:F9:4C:A6:34"},
	} {
		want := unhex(t, v.want)
		if got := pbe.PKCS12(v.hash, v.id, password, salt, 3, len(want)); !bytes.Equal(got, want) {
			t.Errorf("%s, purpose %d: %x, want %x", v.hash, v.id, got, want)
		}
	}
	if got := pbe.PKCS12(sha1, 1, unhex(t, "0073006d006500670000"), unhex(t, "0a58cf64530d823f"), 1, 24); hex.EncodeToString(got) != "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3" {
		t.Errorf("smeg: %x", got)
	}
}

// TestOpenSSL decrypts what OpenSSL has encrypted, with every function and cipher it shares.
func TestOpenSSL(t *testing.T) {
	data, err := os.ReadFile("testdata/openssl.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Password string
		Plain    testvectors.Bytes
		Tests    []struct {
			Name string
			DER  testvectors.Bytes
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Tests) != 15 {
		t.Fatalf("%d tests", len(file.Tests))
	}
	for _, v := range file.Tests {
		t.Run(v.Name, func(t *testing.T) {
			scheme, cipher := parse(t, v.DER)
			plain, err := scheme.Decrypt(pbe.NewSession(11, 1), password(file.Password), cipher)
			if err != nil || !bytes.Equal(plain, file.Plain) {
				t.Errorf("%x, %v", plain, err)
			}
			padded := 0
			for i := range 64 {
				_, err := scheme.Decrypt(pbe.NewSession(11, 1), password(fmt.Sprint(file.Password, i)), cipher)
				if err == nil {
					padded++ // a wrong key makes a right padding once in 256
				} else if err != pbe.ErrDecrypt {
					t.Fatal(err)
				}
			}
			if padded > 8 {
				t.Errorf("%d of 64 wrong passwords pass", padded)
			}
			if _, err := scheme.Decrypt(pbe.NewSession(11, 1), password(file.Password), cipher[:len(cipher)-1]); err != pbe.ErrDecrypt {
				t.Errorf("cut: %v", err)
			}
			if _, err := scheme.Decrypt(pbe.NewSession(11, 1), password(file.Password), nil); err != pbe.ErrDecrypt {
				t.Errorf("empty: %v", err)
			}
		})
	}
}

// TestRC2 has the values of RFC 2268, section 5, whose keys have all their bits.
func TestRC2(t *testing.T) {
	for _, v := range []struct{ key, plain, cipher string }{
		{"ffffffffffffffff", "ffffffffffffffff", "278b27e42e2f0d49"},
		{"3000000000000000", "1000000000000001", "30649edf9be7d2c2"},
		{"88bca90e90875a7f0f79c384627bafb2", "0000000000000000", "2269552ab0f85ca6"},
	} {
		b, err := pbe.NewRC2(unhex(t, v.key))
		if err != nil {
			t.Fatal(err)
		}
		out := make([]byte, 8)
		if b.Encrypt(out, unhex(t, v.plain)); !bytes.Equal(out, unhex(t, v.cipher)) {
			t.Errorf("key %s: %x, want %s", v.key, out, v.cipher)
		}
		if b.Decrypt(out, out); !bytes.Equal(out, unhex(t, v.plain)) {
			t.Errorf("key %s: decrypted %x", v.key, out)
		}
	}
}

func password(text string) pbe.Password {
	return pbe.Password{Octets: []byte(text), BMP: pbe.BMPString(text)}
}

// parse reads an EncryptedPrivateKeyInfo.
func parse(t testing.TB, data []byte) (*pbe.Scheme, []byte) {
	t.Helper()
	r := der.New(data, "")
	seq := r.Sequence("")
	scheme, err := pbe.ParseScheme(seq.Sequence("algorithm"))
	if err != nil {
		t.Fatal(err)
	}
	cipher := seq.OctetString("data")
	if err := seq.End(); err != nil {
		t.Fatal(err)
	}
	return scheme, cipher
}
