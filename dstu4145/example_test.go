package dstu4145_test

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"log"
	"time"

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

// The key of an authority checks many certificates: a table makes that quicker.
func ExamplePublicKey_Prepare() {
	authority, err := dstu4145.M257PB().GenerateKey(rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	pub := authority.PublicKey()
	pub.Prepare()

	for _, certificate := range []string{"перший", "другий"} {
		digest := gost34311.Sum([]byte(certificate))
		sig, err := authority.Sign(rand.Reader, digest[:], nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(dstu4145.Verify(pub, digest[:], sig))
	}
	// Output:
	// true
	// true
}

// The generator of annex A is a source of randomness like any other. On a curve in optimal normal
// basis everything is done as on the others.
func ExampleNewAnnexA() {
	secret := make([]byte, 32+8) // key and first state
	if _, err := rand.Read(secret); err != nil {
		log.Fatal(err)
	}
	date := binary.BigEndian.AppendUint64(nil, uint64(time.Now().UnixNano()))
	random, err := dstu4145.NewAnnexA(secret[:32], secret[32:], date, nil)
	if err != nil {
		log.Fatal(err)
	}
	key, err := dstu4145.M431ONB().GenerateKey(random)
	if err != nil {
		log.Fatal(err)
	}
	digest := gost34311.Sum([]byte("Звіт"))
	sig, err := key.Sign(random, digest[:], nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(random, dstu4145.Verify(key.PublicKey(), digest[:], sig))
	// Output: dstu4145.AnnexA(REDACTED) true
}
