package examples_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

// prepare leaves a key container and a certificate of a throw-away authority in a temporary
// directory. A real user has these files from a provider.
func prepare() (dir string, done func(), err error) {
	dir, err = os.MkdirTemp("", "dstu-example-")
	if err != nil {
		return "", nil, err
	}
	done = func() { os.RemoveAll(dir) }
	ca, err := testca.New("Тестовий надавач", nil)
	if err != nil {
		return dir, done, err
	}
	id, err := ca.Issue(testca.Subject{CommonName: "Петренко Іван", EDRPOU: "12345678"})
	if err != nil {
		return dir, done, err
	}
	container, err := id.Container(keystore.FormatPKCS12, "пароль", nil)
	if err != nil {
		return dir, done, err
	}
	for name, data := range map[string][]byte{
		"key.pfx":     container,
		"cipher.cer":  id.Agreement.Certificate.Raw,
		"content.txt": []byte("Договір № 1\n"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return dir, done, err
		}
	}
	return dir, done, nil
}

// Sign a file with the key of a container, and verify the detached signature.
func Example_signFile() {
	dir, done, err := prepare()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer done()

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
	entry, err := store.Find(pkix.KeyUsageDigitalSignature)
	if err != nil {
		fmt.Println(err)
		return
	}
	content, err := os.ReadFile(filepath.Join(dir, "content.txt"))
	if err != nil {
		fmt.Println(err)
		return
	}
	signer := cms.Signer{Key: entry.Key, Certificate: entry.CertificateFor(pkix.KeyUsageDigitalSignature)}
	p7s, err := cms.Sign(content, []cms.Signer{signer}, &cms.SignOptions{Detached: true})
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	result, err := cms.CheckDetached(ctx, p7s, bytes.NewReader(content), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Report.Verdict, result.Signers[0].Certificate.Subject.CommonName())

	content[0] ^= 1
	result, err = cms.CheckDetached(ctx, p7s, bytes.NewReader(content), nil)
	fmt.Println(err != nil, result.Report.Verdict, result.Report.Code)
	// Output:
	// passed Петренко Іван
	// true failed HASH_FAILURE
}
