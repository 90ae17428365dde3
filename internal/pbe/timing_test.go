package pbe_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/internal/timing"
)

// TestTiming compares the time in which a code that is wrong in its last octet is refused to that for
// one that is wrong everywhere.
//
//	DSTU_TIMING=1000000 go test -run '^TestTiming$' -timeout 0 -v ./internal/pbe
//
// makes so many measurements and fails where a difference shows.
func TestTiming(t *testing.T) {
	r := rand.NewChaCha8([32]byte{1})
	salt, data := make([]byte, pbe.SaltSize), make([]byte, 100)
	r.Read(data)
	type checked struct {
		mac *pbe.MAC
		s   *pbe.Session
	}
	var ops []timing.Op
	for name, suite := range map[string]*pbe.Suite{"GOST": pbe.GOST, "Kalyna": pbe.Kalyna} {
		var b cryptobyte.Builder
		session, p := pbe.NewSession(1, 1), password("пароль")
		pbe.AddMACData(&b, suite, session, p, salt, 1, data)
		right := b.BytesOrPanic()
		code := codeOf(t, right)
		ops = append(ops, timing.Op{Name: name, Measure: timing.Experiment[checked]{
			Prepare: func(random bool) checked {
				wrong, other := bytes.Clone(code), make([]byte, len(code))
				wrong[len(wrong)-1] ^= 1
				if r.Read(other); random {
					copy(wrong, other)
				}
				mac, err := pbe.ParseMAC(der.New(bytes.Replace(right, code, wrong, 1), "").Sequence(""))
				if err != nil {
					t.Fatal(err)
				}
				return checked{mac, session}
			},
			Run: func(in *checked) {
				if in.mac.Check(in.s, p, data) == nil {
					t.Fatal("a wrong code passes")
				}
			},
		}.Measure})
	}
	timing.Test(t, "check of the code", 10, ops)
}

// codeOf returns the code in MacData.
func codeOf(t *testing.T, macData []byte) []byte {
	t.Helper()
	info := der.New(macData, "").Sequence("").Sequence("")
	info.Sequence("")
	code := info.OctetString("")
	if len(code) == 0 {
		t.Fatal("no code")
	}
	return code
}
