// Program links everything that handles secrets, for the test to look at.
package main

import (
	"fmt"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
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
}
