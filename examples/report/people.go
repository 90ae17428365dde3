package main

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

// person is somebody who has opened a key container: a key to sign with and a key to decrypt
// with, each with its certificate.
type person struct {
	name      string
	signing   cms.Signer
	agreement cms.Recipient
}

// holder is a container on disk, and what is needed to open it.
type holder struct {
	subject  testca.Subject
	file     string
	format   keystore.Format
	password string
}

var (
	accountant = holder{testca.Subject{
		CommonName: "Коваленко Олена Петрівна", Organization: "ТОВ «Світанок»", Title: "Головний бухгалтер",
		EDRPOU: "12345678", DRFO: "2345678901",
	}, "accountant/Key-6.dat", keystore.FormatKey6, "бухгалтер-1"}
	director = holder{testca.Subject{
		CommonName: "Шевчук Андрій Іванович", Organization: "ТОВ «Світанок»", Title: "Директор",
		EDRPOU: "12345678", DRFO: "3456789012",
	}, "director/key.pfx", keystore.FormatPKCS12, "директор-2"}
	seal = holder{testca.Subject{
		CommonName: "ТОВ «Світанок»", Organization: "ТОВ «Світанок»", EDRPOU: "12345678", Seal: true,
	}, "seal/seal.pk8", keystore.FormatPKCS8Encrypted, "печатка-3"}
	centre = holder{testca.Subject{
		CommonName: "Центр приймання звітності", Organization: "Державна служба статистики", EDRPOU: "00000001", Seal: true,
	}, "centre/key.pfx", keystore.FormatPKCS12, "центр-4"}
	stranger = holder{testca.Subject{
		CommonName: "Сторонній Степан Степанович", DRFO: "4567890123",
	}, "stranger/Key-6.dat", keystore.FormatKey6, "чужий-5"}
)

// scene is everything that the example works with.
type scene struct {
	w    io.Writer
	dir  string
	step int

	authority *testca.Authority
	certs     *pkix.Pool // what a directory of certificates would hold
}

func newScene(w io.Writer, dir string) (*scene, error) {
	s := &scene{w: w, dir: dir, certs: pkix.NewPool()}
	s.title("Підготовка: ключі та сертифікати")
	ca, err := testca.New("Тестовий надавач довірчих послуг", nil)
	if err != nil {
		return nil, err
	}
	s.authority = ca
	for _, h := range []holder{accountant, director, seal, centre, stranger} {
		id, err := ca.Issue(h.subject)
		if err != nil {
			return nil, err
		}
		container, err := id.Container(h.format, h.password, nil)
		if err != nil {
			return nil, err
		}
		if err := s.write(h.file, container); err != nil {
			return nil, err
		}
		for name, c := range map[string]*pkix.Certificate{"sign.cer": id.Signing.Certificate, "agree.cer": id.Agreement.Certificate} {
			if err := s.write(path.Join(path.Dir(h.file), name), c.Raw); err != nil {
				return nil, err
			}
		}
		s.certs.Add(id.Signing.Certificate, id.Agreement.Certificate)
		s.say("%s: контейнер %s (%s), %d Б", h.subject.CommonName, h.file, h.format, len(container))
	}
	return s, nil
}

// open reads the container of h. The certificates come from the container or, where the format
// has none, from the pool, matched by key identifier.
func (s *scene) open(h holder, password string) (*person, error) {
	data, err := os.ReadFile(s.path(h.file))
	if err != nil {
		return nil, err
	}
	store, err := keystore.Open(data, password, nil)
	if err != nil {
		return nil, err
	}
	store.Match(s.certs.Certificates()...)

	signing, err := store.Find(pkix.KeyUsageDigitalSignature)
	if err != nil {
		return nil, err
	}
	agreement, err := store.Find(pkix.KeyUsageKeyAgreement)
	if err != nil {
		return nil, err
	}
	exchanger, ok := agreement.Key.(dstu4145.KeyExchanger)
	if !ok {
		return nil, fmt.Errorf("%s: a key for key agreement of another algorithm", h.file)
	}
	return &person{
		name:      h.subject.CommonName,
		signing:   cms.Signer{Key: signing.Key, Certificate: signing.CertificateFor(pkix.KeyUsageDigitalSignature)},
		agreement: cms.Recipient{Key: exchanger, Certificate: agreement.CertificateFor(pkix.KeyUsageKeyAgreement)},
	}, nil
}

func (s *scene) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

func (s *scene) write(name string, data []byte) error {
	p := s.path(name)
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		return err
	}
	return os.WriteFile(p, data, 0o600)
}

// title prints the heading of a step.
func (s *scene) title(text string) {
	s.step++
	fmt.Fprintf(s.w, "\n%d. %s\n", s.step, text)
}

func (s *scene) say(format string, args ...any) {
	fmt.Fprintf(s.w, "   • "+format+"\n", args...)
}
