package kupyna_test

import (
	"crypto/hmac"
	"fmt"
	"io"
	"strings"

	"github.com/ukrcrypto/dstu/kupyna"
)

func ExampleSum256() {
	fmt.Printf("%x\n", kupyna.Sum256([]byte("Звіт")))
	// Output: d9b9d17a648080f0b774e3588e3b243b6ecc2fd581f6859a37018b9ae7229bf6
}

func ExampleNew512() {
	h := kupyna.New512()
	if _, err := io.Copy(h, strings.NewReader("Звіт")); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%x\n", h.Sum(nil))
	// Output: 32698df6c193848f3c74e6e327273530a69835638f518c5ec0b3ebc46600a4907e49779a6ca2ebc92b491d93c80b025b1b7fac741647c22a28ca5e34b3f114ce
}

// A shorter digest is the end of a longer one of the same state.
func ExampleNew() {
	h, err := kupyna.New(6)
	if err != nil {
		fmt.Println(err)
		return
	}
	h.Write([]byte("Звіт"))
	fmt.Printf("%x\n", h.Sum(nil))
	// Output: 8b9ae7229bf6
}

// An example of the standard: Kupyna-384 of a message of 33 bits.
func ExampleSumBits() {
	digest, err := kupyna.SumBits(kupyna.Size384, []byte{0x00, 0x00, 0xff, 0x00, 0x00}, 33)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%x\n", digest)
	// Output: b0331847cb0f28e0a7eccbdf72386f492b8a07bd6ae6b4af8c279f1c1e8d771cd033917fcdfd22eb20a0c4f663c3611d
}

func ExampleNewMAC256() {
	key := []byte("a key of thirty-two bytes, here.")
	mac, err := kupyna.NewMAC256(key)
	if err != nil {
		fmt.Println(err)
		return
	}
	mac.Write([]byte("message"))
	tag := mac.Sum(nil)
	fmt.Printf("%x\n", tag)

	mac.Reset() // keeps the key
	mac.Write([]byte("message"))
	fmt.Println(hmac.Equal(tag, mac.Sum(nil)))
	// Output:
	// f8f82523f85bf954f8c82128cea765a0c32c21b5d1b58050e658ac8d72af8391
	// true
}
