package gost34311_test

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"fmt"
	"io"
	"strings"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
)

func ExampleSum() {
	fmt.Printf("%x\n", gost34311.Sum([]byte("Звіт")))
	// Output: 2ac42b968e8179fc802afa258847e31f0de306f9b04e0fa0033274626d0ab82c
}

func ExampleNew() {
	h := gost34311.New()
	if _, err := io.Copy(h, strings.NewReader("Звіт")); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%x\n", h.Sum(nil))
	// Output: 2ac42b968e8179fc802afa258847e31f0de306f9b04e0fa0033274626d0ab82c
}

// The substitution block comes from the parameters of the key that signs.
func ExampleNewSBox() {
	s, err := gost28147.DKE(2)
	if err != nil {
		fmt.Println(err)
		return
	}
	h := gost34311.NewSBox(s)
	h.Write([]byte("Звіт"))
	fmt.Printf("%x\n", h.Sum(nil))
	// Output: 71a4507d54d63f8fa27f2d83928fa0c7c6522e2e4ea8af1873f27c0e4656ecea
}

func ExampleNew_hmac() {
	mac := hmac.New(gost34311.New, []byte("key"))
	mac.Write([]byte("message"))
	fmt.Printf("%x\n", mac.Sum(nil))
	// Output: f9212701fb2ba5b9b90cb7c3ba3a6f960b3c6813aa982441f58eb528c976c4d7
}

func ExampleNew_pbkdf2() {
	key, err := pbkdf2.Key(gost34311.New, "password", []byte("salt"), 10_000, 32)
	fmt.Printf("%x %v\n", key, err)
	// Output: 50ea982b641aa743df1baf651fc17aa3d6d077f7ad52e433f17fb7fd0c863e45 <nil>
}
