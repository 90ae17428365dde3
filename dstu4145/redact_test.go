package dstu4145_test

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// TestRedacted prints a key in every way that the standard library offers, also copied and
// wrapped, and looks for the number in the bases and orders it could be printed in.
func TestRedacted(t *testing.T) {
	k := testKey(t, dstu4145.M163PB(), 1)
	d := k.Bytes()
	number := new(big.Int).SetBytes(d)
	forbidden := []string{
		string(d), string(reversed(d)), hex.EncodeToString(d), hex.EncodeToString(reversed(d)), number.String(),
		strings.Trim(fmt.Sprint(d), "[]"), strings.Trim(fmt.Sprintf("%x", d[1:9]), "[]"),
	}
	for i := range 3 { // 64-bit words in bases 2, 8, 10, 16
		w := new(big.Int).Rsh(number, uint(64*i)).Uint64()
		for _, base := range []int{2, 8, 10, 16} {
			forbidden = append(forbidden, strconv.FormatUint(w, base))
		}
	}

	type wrapper struct {
		Key    *dstu4145.PrivateKey
		hidden *dstu4145.PrivateKey
		value  dstu4145.PrivateKey
	}
	values := map[string]any{
		"key": k, "copy": *k, "wrapper": wrapper{k, k, *k}, "pointer to wrapper": &wrapper{k, k, *k},
		"slice": []any{k, *k}, "map": map[string]any{"k": *k},
	}
	check := func(how, text string) {
		t.Helper()
		for _, f := range forbidden {
			if strings.Contains(strings.ToLower(text), strings.ToLower(f)) {
				t.Errorf("%s shows %q: %q", how, f, text)
			}
		}
		if !strings.Contains(text, "REDACTED") {
			t.Errorf("%s does not say so: %q", how, text)
		}
	}
	for name, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%#x", "%d", "%o", "%b", "%e", "%t", "%c", "%U", "%10.3v"} {
			check(name+" "+verb, fmt.Sprintf(verb, v))
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		check(name+" json", string(text))
		for handler, make := range map[string]func(*bytes.Buffer) slog.Handler{
			"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
			"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		} {
			var buf bytes.Buffer
			slog.New(make(&buf)).Info("message", "key", v)
			check(name+" slog "+handler, buf.String())
		}
	}
	for how, text := range map[string]string{
		"String": k.String(), "GoString": k.GoString(), "LogValue": k.LogValue().String(), "error": fmt.Errorf("key %v", k).Error(),
	} {
		check(how, text)
	}

	// An encoder that knows no redaction finds nothing to encode.
	var buf bytes.Buffer
	_ = gob.NewEncoder(&buf).Encode(k)
	for _, f := range forbidden {
		if strings.Contains(buf.String(), f) {
			t.Errorf("gob shows %q", f)
		}
	}
	if got := fmt.Sprint((*dstu4145.PrivateKey)(nil)); got != "<nil>" {
		t.Errorf("nil key prints as %q", got)
	}
}

// TestErrorsAreSilent: errors of imports do not repeat what was imported.
func TestErrorsAreSilent(t *testing.T) {
	c := dstu4145.M163PB()
	bad := bytes.Repeat([]byte{0xab}, c.ScalarSize())
	_, err := c.NewPrivateKey(bad)
	_, errLength := c.NewPrivateKey(append(bad, 0xab))
	for _, err := range []error{err, errLength} {
		if err == nil {
			t.Fatal("accepted")
		}
		for _, s := range []string{"abab", "171", string(bad)} {
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), s) {
				t.Errorf("error shows the key: %v", err)
			}
		}
		if !strings.HasPrefix(err.Error(), "dstu4145: ") {
			t.Errorf("error without prefix: %v", err)
		}
	}
}
