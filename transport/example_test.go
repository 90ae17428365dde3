package transport_test

import (
	"context"
	"fmt"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

func ExampleParse() {
	message := []byte("TRANSPORTABLE\x00\x1a\x00\x00\x00filename=clear_file.txt\r\n\x00CLEAR\x00\x03\x00\x00\x00123")
	c, err := transport.Parse(message)
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Header.Get("filename"))
	for _, s := range c.Sections {
		fmt.Printf("%s: %s\n", s.Label, s.Content)
	}
	// Output:
	// clear_file.txt
	// CLEAR: 123
}

// The respondent packs a report, the centre opens it and answers with the first receipt.
func Example() {
	ca, err := testca.New("Authority", nil)
	if err != nil {
		panic(err)
	}
	person := func(name string) *testca.Identity {
		id, err := ca.Issue(testca.Subject{CommonName: name, Organization: "Example Ltd", EDRPOU: "12345678"})
		if err != nil {
			panic(err)
		}
		return id
	}
	signer := func(id *testca.Identity) cms.Signer {
		return cms.Signer{Key: id.Signing.Key, Certificate: id.Signing.Certificate}
	}
	accountant, director, centre := person("accountant"), person("director"), person("centre")

	message, err := transport.Pack([]byte("<DECLAR/>"), &transport.PackOptions{
		Signers: []cms.Signer{signer(accountant), signer(director)},
		Envelope: transport.Envelope{
			Recipients:        []*pkix.Certificate{centre.Agreement.Certificate},
			SenderCertificate: director.Agreement.Certificate,
		},
		Header: transport.HeaderOptions{FileName: "report.xml"},
	})
	if err != nil {
		panic(err)
	}

	opened, err := transport.Open(context.Background(), message, &transport.OpenOptions{
		Recipients: []cms.Recipient{{Key: centre.Agreement.Key, Certificate: centre.Agreement.Certificate}},
	})
	if err != nil {
		panic(err) // a signature is wrong, or a layer could not be opened; opened.Layers says which
	}
	fmt.Printf("%s: %s\n", opened.Header.Get(transport.KeyFileName), opened.Document)
	for _, s := range opened.Officials {
		fmt.Println("signed by", s.Certificate.Subject.CommonName())
	}

	text, err := transport.EncodeText("Отримано")
	if err != nil {
		panic(err)
	}
	receipt, err := transport.PackReceipt(text, &transport.ReceiptOptions{
		Number:   transport.FirstReceipt,
		Signer:   signer(centre),
		Envelope: transport.Envelope{Recipients: []*pkix.Certificate{opened.ReplyTo()}},
	})
	if err != nil {
		panic(err)
	}
	r, err := transport.OpenReceipt(context.Background(), receipt, &transport.OpenOptions{
		Recipients: []cms.Recipient{{Key: director.Agreement.Key, Certificate: director.Agreement.Certificate}},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println("receipt", r.Number, r.Accepted(), r.Text)
	// Output:
	// report.xml: <DECLAR/>
	// signed by accountant
	// signed by director
	// receipt 1 true Отримано
}
