package examples_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

// Encrypt a message to a certificate, and decrypt it with the key of a container. What comes out
// of an envelope is not authenticated: sign before you encrypt.
func Example_decryptMessage() {
	dir, done, err := prepare()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer done()

	der, err := os.ReadFile(filepath.Join(dir, "cipher.cer"))
	if err != nil {
		fmt.Println(err)
		return
	}
	certificate, err := pkix.ParseCertificate(der)
	if err != nil {
		fmt.Println(err)
		return
	}
	p7e, err := cms.Encrypt([]byte("привіт"), []*pkix.Certificate{certificate}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}

	container, err := os.ReadFile(filepath.Join(dir, "key.pfx"))
	if err != nil {
		fmt.Println(err)
		return
	}
	store, err := keystore.Open(container, "пароль", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	entry, err := store.Find(pkix.KeyUsageKeyAgreement)
	if err != nil {
		fmt.Println(err)
		return
	}
	key, ok := entry.Key.(dstu4145.KeyExchanger)
	if !ok {
		fmt.Println("not a key of DSTU 4145")
		return
	}
	plaintext, err := cms.Decrypt(p7e, &cms.DecryptOptions{
		Recipients: []cms.Recipient{{Key: key, Certificate: entry.CertificateFor(pkix.KeyUsageKeyAgreement)}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n", plaintext)
	// Output: привіт
}
