package examples_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ukrcrypto/dstu/keystore"
)

// Open a key container and see what it holds. The format is found by structure; the call is the
// same for Key-6.dat, PKCS#12, PKCS#8 and JKS.
func Example_openContainer() {
	dir, done, err := prepare()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer done()

	data, err := os.ReadFile(filepath.Join(dir, "key.pfx"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = keystore.Open(data, "хибний пароль", nil)
	fmt.Println("wrong password:", errors.Is(err, keystore.ErrPassword))

	store, err := keystore.Open(data, "пароль", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("format:", store.Format())
	for entry := range store.Entries() {
		fmt.Println(entry.Use.Strings(), entry.CurveBits(), entry.CertificateFor(0).Subject.CommonName())
	}
	// Output:
	// wrong password: true
	// format: pkcs12
	// [sign] 257 Петренко Іван
	// [agree] 431 Петренко Іван
}
