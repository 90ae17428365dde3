package gost28147_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
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
			must(gost28147.NewECBEncrypter(b)), must(gost28147.NewECBDecrypter(b)),
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

// TestMethods: what the constructors return has the methods of its interface, and prints; nothing of what
// is inside can be reached through another interface.
func TestMethods(t *testing.T) {
	b := must(gost28147.NewCipher(make([]byte, gost28147.KeySize), nil))
	iv := make([]byte, gost28147.BlockSize)
	stream, mode := []string{"XORKeyStream", "Format"}, []string{"BlockSize", "CryptBlocks"}
	code := []string{"Write", "Sum", "Reset", "Size", "BlockSize", "Clone", "Format"}
	for _, v := range []struct {
		value   any
		methods []string
	}{
		{b, []string{"BlockSize", "Encrypt", "Decrypt", "Format"}},
		{must(gost28147.NewCTR(b, iv)), stream},
		{must(gost28147.NewCFBEncrypter(b, iv)), stream},
		{must(gost28147.NewCFBDecrypter(b, iv)), stream},
		{must(gost28147.NewECBEncrypter(b)), append(mode, "Format")},
		{must(gost28147.NewECBDecrypter(b)), append(mode, "Format")},
		{must(gost28147.NewMAC(make([]byte, gost28147.KeySize), nil)), code},
	} {
		typ := reflect.TypeOf(v.value)
		for i := range typ.NumMethod() {
			if name := typ.Method(i).Name; !slices.Contains(v.methods, name) {
				t.Errorf("%v has a method %s", typ, name)
			}
		}
		if typ.NumMethod() != len(v.methods) {
			t.Errorf("%v has %d methods, want %q", typ, typ.NumMethod(), v.methods)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
