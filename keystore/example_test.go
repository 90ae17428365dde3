package keystore_test

import (
	"encoding/hex"
	"fmt"
	"log"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

// Open reads any container; its format is recognised by its structure.
func ExampleOpen() {
	data, err := hex.DecodeString(sampleKey6) // the octets of a Key-6.dat
	if err != nil {
		log.Fatal(err)
	}
	store, err := keystore.Open(data, "tect4", nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(store.Format())
	for e := range store.Entries() {
		fmt.Printf("m=%d %v %x\n", e.CurveBits(), e.Use.Strings(), e.KeyID()[:8])
	}
	// Output:
	// key6-iit
	// m=257 [sign agree] 7e9e345dd2cfd91e
	// m=431 [agree] 7cebcd9412612324
}

// A wrong password and a damaged container cannot be told apart.
func ExampleOpen_wrongPassword() {
	_, err := keystore.Open([]byte(sampleDiia), "password", nil)
	fmt.Println(err)
	fmt.Println(err.(interface{ IIT() int }).IIT())
	// Output:
	// keystore: wrong password or damaged container
	// 24
}

// Find chooses a key by what it is needed for.
func ExampleStore_Find() {
	store, err := keystore.Open([]byte(sampleDiia), "testpassword", nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, usage := range []pkix.KeyUsage{pkix.KeyUsageDigitalSignature, pkix.KeyUsageKeyAgreement} {
		e, err := store.Find(usage)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(usage, e.CurveBits())
	}
	// Output:
	// digitalSignature 257
	// keyAgreement 431
}

// Marshal writes a key into a container of another format.
func ExampleMarshal() {
	key, err := dstu4145.M257PB().GenerateKey(nil)
	if err != nil {
		log.Fatal(err)
	}
	entries := []*keystore.Entry{{Key: key, Alias: "підпис"}}
	data, err := keystore.Marshal(keystore.FormatPKCS12, entries, nil, "пароль", nil)
	if err != nil {
		log.Fatal(err)
	}
	store, err := keystore.Open(data, "пароль", nil)
	if err != nil {
		log.Fatal(err)
	}
	for e := range store.Entries() {
		fmt.Println(store.Format(), e.Alias, key.Equal(e.Key))
	}
	// Output:
	// pkcs12 підпис true
}
