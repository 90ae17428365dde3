package gost28147_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
)

// TestRedacted: ciphers, streams and codes under two keys print the same.
func TestRedacted(t *testing.T) {
	var texts [2][]string
	for i := range texts {
		key, iv := bytes.Repeat([]byte{byte(0xa7 + i)}, gost28147.KeySize), make([]byte, gost28147.BlockSize)
		b := must(gost28147.NewCipher(key, nil))
		mac := must(gost28147.NewMAC(key, nil))
		mac.Write(make([]byte, 20))
		for _, v := range []any{
			b, must(gost28147.NewCTR(b, iv)), must(gost28147.NewCFBEncrypter(b, iv)), must(gost28147.NewCFBDecrypter(b, iv)), mac,
		} {
			texts[i] = append(texts[i], fmt.Sprintf("%T: %v %+v %#v %s %x", v, v, v, v, v, v))
		}
	}
	for i, text := range texts[0] {
		if text != texts[1][i] {
			t.Errorf("the key shows: %.200s", text)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
