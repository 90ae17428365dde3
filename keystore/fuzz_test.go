package keystore_test

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"errors"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/keystore"
)

// fuzzPassword opens the seeds.
const fuzzPassword = "п"

// checkOpen opens data and checks what must hold whatever the data is.
func checkOpen(t *testing.T, data []byte) {
	t.Helper()
	before := bytes.Clone(data)
	format := keystore.Detect(data)
	s, err := keystore.Open(data, fuzzPassword, &keystore.Options{MaxIterations: 16})
	if !bytes.Equal(before, data) {
		t.Fatal("the input was changed")
	}
	if err != nil {
		checkError(t, s, format, err)
		return
	}
	if s.Format() != format || format == keystore.FormatUnknown {
		t.Fatalf("detected %q, opened %q", format, s.Format())
	}
	usable := 0
	for e := range s.Entries() {
		_ = e.String()
		if (e.Key == nil) == (e.Err == nil) {
			t.Fatalf("key %v, error %v", e.Key != nil, e.Err)
		}
		if e.Key == nil {
			continue
		}
		usable++
		if again := rewritten(t, e); !e.Key.(interface{ Equal(crypto.PrivateKey) bool }).Equal(again.Key) {
			t.Fatal("another key after writing and reading")
		} else if !bytes.Equal(e.KeyID(), again.KeyID()) || again.KeyIDMismatch {
			t.Fatal("another key identifier after writing and reading")
		}
	}
	if usable == 0 {
		t.Fatal("a store without keys")
	}
}

// rewritten writes one key as PKCS#8 and reads it.
func rewritten(t *testing.T, e *keystore.Entry) *keystore.Entry {
	t.Helper()
	data, err := keystore.Marshal(keystore.FormatPKCS8, []*keystore.Entry{e}, nil, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := keystore.Open(data, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(s.Entries())[0]
}

func checkError(t *testing.T, s *keystore.Store, format keystore.Format, err error) {
	t.Helper()
	var (
		code        interface{ IIT() int }
		unsupported *keystore.UnsupportedError
		limit       *keystore.LimitError
	)
	switch {
	case s != nil:
		t.Fatal("a store and an error")
	case !errors.As(err, &code) || code.IIT() == 0:
		t.Fatalf("no code: %v", err)
	case errors.Is(err, keystore.ErrFormat):
	case format == keystore.FormatUnknown:
		t.Fatalf("nothing detected, but %v", err)
	case errors.Is(err, keystore.ErrPassword), errors.Is(err, keystore.ErrNoKey), errors.As(err, &unsupported), errors.As(err, &limit):
	default:
		t.Fatalf("an error of no kind: %v", err)
	}
}

func FuzzKey6(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) { checkOpen(t, data) })
}

func FuzzPKCS12(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) { checkOpen(t, data) })
}

func FuzzPKCS8(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) { checkOpen(t, data) })
}

func FuzzPBES2(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) { checkOpen(t, data) })
}

// FuzzJKS puts the right check behind the data, or all but the first octets would be lost on it.
func FuzzJKS(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		h := sha1.New()
		h.Write(pbe.UTF16(fuzzPassword))
		h.Write([]byte("Mighty Aphrodite"))
		h.Write(data)
		checkOpen(t, h.Sum(bytes.Clone(data)))
	})
}

func FuzzDetect(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		format, prefixed := keystore.Detect(data), append([]byte("Q12345"), data...)
		binary := bytes.HasPrefix(data, []byte{0x30}) || bytes.HasPrefix(data, []byte{0xfe})
		if got := keystore.Detect(prefixed); binary && len(data) != 32 && len(prefixed) != 32 && got != format {
			t.Fatalf("%q, behind the prefix of M.E.Doc %q", format, got)
		}
		checkOpen(t, data)
	})
}

func FuzzKeyInfo(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := keystore.ParseKeyInfo(data)
		if (info == nil) != (err != nil) || err == nil && info.SigningKeyID != nil && len(info.SigningKeyID) != 32 {
			t.Fatalf("%+v, %v", info, err)
		}
	})
}
