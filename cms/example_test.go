package cms_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
)

func Example() {
	ca, err := testca.New("Тестовий центр", nil)
	if err != nil {
		log.Fatal(err)
	}
	me, err := ca.Issue(testca.Subject{CommonName: "Відправник"})
	if err != nil {
		log.Fatal(err)
	}
	you, err := ca.Issue(testca.Subject{CommonName: "Одержувач"})
	if err != nil {
		log.Fatal(err)
	}

	// Sign, then encrypt.
	signed, err := cms.Sign([]byte("Доброго дня!"), []cms.Signer{{Key: me.Signing.Key, Certificate: me.Signing.Certificate}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	envelope, err := cms.Encrypt(signed, []*pkix.Certificate{you.Agreement.Certificate}, nil)
	if err != nil {
		log.Fatal(err)
	}

	// Decrypt and check, both as streams.
	d, err := cms.NewDecrypter(bytes.NewReader(envelope), &cms.DecryptOptions{
		Recipients: []cms.Recipient{{Key: you.Agreement.Key, Certificate: you.Agreement.Certificate}},
	})
	if err != nil {
		log.Fatal(err)
	}
	s, err := cms.NewSignedReader(d)
	if err != nil {
		log.Fatal(err)
	}
	content, err := io.ReadAll(s)
	if err != nil {
		log.Fatal(err)
	}
	res, err := s.CheckSignatures(context.Background(), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s\n", res.Signers[0].Certificate.Subject.CommonName(), content)
	// Output: Відправник: Доброго дня!
}
