package dstu4145_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"log"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost34311"
)

func Example() {
	key, err := dstu4145.M257PB().GenerateKey(rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	message := []byte("Податкова декларація")
	sig, err := key.SignMessage(rand.Reader, message, &dstu4145.Options{Hash: gost34311.New})
	if err != nil {
		log.Fatal(err)
	}

	digest := gost34311.Sum(message)
	fmt.Println(len(sig), dstu4145.Verify(key.PublicKey(), digest[:], sig))
	// Output: 64 true
}

// A public key travels as a compressed point and is checked when it arrives.
func ExampleCurve_NewPublicKey() {
	curve := dstu4145.M257PB()
	key, err := curve.GenerateKey(rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	encoded := key.PublicKey().Bytes()
	pub, err := curve.NewPublicKey(encoded)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(encoded), pub.Equal(key.PublicKey()))

	_, err = curve.NewPublicKey(make([]byte, curve.FieldSize()))
	fmt.Println(err)
	// Output:
	// 33 true
	// dstu4145: public key is the zero string
}

// Both sides compute the same secret; a key derivation function must follow.
func ExamplePrivateKey_CofactorECDH() {
	curve := dstu4145.M431PB()
	alice, err := curve.GenerateKey(rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	bob, err := curve.GenerateKey(rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	a, err := alice.CofactorECDH(bob.PublicKey())
	if err != nil {
		log.Fatal(err)
	}
	b, err := bob.CofactorECDH(alice.PublicKey())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(a), bytes.Equal(a, b))
	// Output: 54 true
}

// Keys do not show their number by accident.
func ExamplePrivateKey_Format() {
	key, err := dstu4145.M257PB().GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v %x\n", key, key)
	// Output: dstu4145.PrivateKey(REDACTED) dstu4145.PrivateKey(REDACTED)
}
