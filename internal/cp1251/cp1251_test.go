package cp1251_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cp1251"
)

func TestPasswords(t *testing.T) {
	for text, want := range map[string]string{
		"":              "",
		"tect4":         "7465637434",
		"пароль123":     "efe0f0eeebfc313233", // IIT reads these octets so
		"інший пароль":  "b3edf8e8e920efe0f0eeebfc",
		"експорт-c01":   "e5eaf1efeef0f22d633031",
		"ҐґЄєІіЇї№ʼ":    "", // U+02BC is not in the table
		"ҐґЄєІіЇї№’":    "a5b4aabab2b3afbfb992",
		"€\u00a0\u0098": "",
		"日":             "",
		"a\xff":         "", // not UTF-8
		"\xd0":          "",
		"\ufffd":        "",
	} {
		got, ok := cp1251.Encode(text)
		if ok != (want != "" || text == "") {
			t.Errorf("%q: ok = %v", text, ok)
		}
		if hex.EncodeToString(got) != want {
			t.Errorf("%q: %x, want %s", text, got, want)
		}
	}
}

func TestEveryOctet(t *testing.T) {
	for c := range 256 {
		text := cp1251.Decode([]byte{byte(c)})
		back, ok := cp1251.Encode(text)
		if c == 0x98 {
			if text != "\ufffd" || ok {
				t.Errorf("98: %q, %v", text, ok)
			}
			continue
		}
		if !ok || !bytes.Equal(back, []byte{byte(c)}) {
			t.Errorf("%02x: %q encodes to %x, %v", c, text, back, ok)
		}
		if c < 0x80 && text != string(rune(c)) {
			t.Errorf("%02x: %q", c, text)
		}
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("пароль123")
	f.Add("a\xff\ufffd")
	f.Fuzz(func(t *testing.T, s string) {
		if b, ok := cp1251.Encode(s); ok && cp1251.Decode(b) != s {
			t.Errorf("%q encodes to %x, which is %q", s, b, cp1251.Decode(b))
		}
	})
}
