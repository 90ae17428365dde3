package gost28147_test

import (
	"bytes"
	"crypto/hmac"
	"encoding/hex"
	"fmt"

	"github.com/ukrcrypto/dstu/gost28147"
)

// The feedback mode with DKE No 1, as in enveloped data.
func ExampleNewCFBEncrypter() {
	key := []byte("a key of thirty-two bytes, here.")
	iv := []byte("8 bytes!") // random, and sent along
	block, err := gost28147.NewCipher(key, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	data := []byte("Звіт за перший квартал")
	enc, err := gost28147.NewCFBEncrypter(block, iv)
	if err != nil {
		fmt.Println(err)
		return
	}
	enc.XORKeyStream(data, data)
	fmt.Println(hex.EncodeToString(data[:8]))

	dec, err := gost28147.NewCFBDecrypter(block, iv)
	if err != nil {
		fmt.Println(err)
		return
	}
	dec.XORKeyStream(data, data)
	fmt.Println(string(data))
	// Output:
	// 95d0ea5ddfb3a22c
	// Звіт за перший квартал
}

func ExampleNewMAC() {
	key := []byte("a key of thirty-two bytes, here.")
	mac, err := gost28147.NewMAC(key, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	mac.Write([]byte("a message of at least two blocks"))
	tag := mac.Sum(nil)
	fmt.Println(hex.EncodeToString(tag), hmac.Equal(tag, mac.Sum(nil)))
	// Output: be56db38 true
}

// Wrap and Unwrap carry the key of the content under a key that both sides agreed on.
func ExampleWrap() {
	kek := []byte("a key of thirty-two bytes, here.")
	cek := []byte("another key of thirty-two bytes.")
	wrapped, err := gost28147.Wrap(nil, kek, cek, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	got, err := gost28147.Unwrap(kek, wrapped, nil)
	fmt.Println(len(wrapped), bytes.Equal(got, cek), err)

	wrapped[0] ^= 1
	_, err = gost28147.Unwrap(kek, wrapped, nil)
	fmt.Println(err)
	// Output:
	// 44 true <nil>
	// gost28147: key unwrap failed
}

// ParseDKE reads the substitution block out of the parameters of a certificate.
func ExampleParseDKE() {
	packed, err := hex.DecodeString("a9d6eb45f13c708280c4967b231f5eadf658eba4c037291d38d96bf025ca4e17" +
		"f8e9720dc615b43a28975f0bc1dea36438b564ea2c179fd0123e6db8fac57904")
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := gost28147.ParseDKE(packed)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Equal(gost28147.DKE1()))
	// Output: true
}
