// Program links everything that handles secrets, for the test to look at.
package main

import (
	"fmt"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/kalyna"
)

func main() {
	for _, c := range dstu4145.Curves() {
		k, err := c.GenerateKey(nil)
		if err != nil {
			panic(err)
		}
		sig, err := k.Sign(nil, make([]byte, 32), nil)
		fmt.Println(sig, err)
		fmt.Println(k.ECDH(k.PublicKey()))
		fmt.Println(c.NewPublicKey(k.PublicKey().Bytes()))
	}
	kek := make([]byte, gost28147.KeySize)
	wrapped, err := gost28147.Wrap(nil, kek, kek, nil)
	fmt.Println(wrapped, err)
	fmt.Println(gost28147.Unwrap(kek, wrapped, nil))
	ciphers(kek)
}

func ciphers(kek []byte) {
	wrapped, err := kalyna.Wrap(nil, kek, kek)
	fmt.Println(wrapped, err)
	fmt.Println(kalyna.Unwrap(kek, wrapped))
	w, err := kalyna.NewKW(kalyna.BlockSize256, kek)
	if err != nil {
		panic(err)
	}
	wrapped, err = w.WrapPadded(kek[1:])
	fmt.Println(wrapped, err)
	fmt.Println(w.UnwrapPadded(wrapped))
	b, err := kalyna.NewConstantTime(kalyna.BlockSize512, wrapped[:kalyna.BlockSize512])
	if err != nil {
		panic(err)
	}
	gcm, err := kalyna.NewGCM(b, kalyna.BlockSize512)
	if err != nil {
		panic(err)
	}
	iv := make([]byte, kalyna.BlockSize512)
	fmt.Println(gcm.Open(nil, iv, gcm.Seal(nil, iv, iv, iv), iv))
	xts, err := kalyna.NewXTS(b)
	if err != nil {
		panic(err)
	}
	fmt.Println(xts.Decrypt(iv, iv, iv))
}
