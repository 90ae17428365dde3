package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

// certificates reads files of certificates: single ones, PEM chains, .p7b. Members of a bundle
// that cannot be read are left out as long as there are others.
func (a *app) certificates(files []string) ([]*pkix.Certificate, error) {
	var all []*pkix.Certificate
	for _, name := range files {
		data, err := a.readAll(name)
		if err != nil {
			return nil, err
		}
		certs, err := parseCertificates(name, data)
		if err != nil {
			return nil, err
		}
		all = append(all, certs...)
	}
	return all, nil
}

// keyFlags are the flags of commands that use private keys.
type keyFlags struct {
	files     []string
	passwords passwords
	inner     string // password of the keys inside a JKS
	certs     []string
}

func (k *keyFlags) register(flags *pflag.FlagSet, what string) {
	flags.StringArrayVar(&k.files, "key", nil, what+": a key container `FILE`")
	k.passwords.register(flags, "", "the key container")
	flags.StringVar(&k.inner, "key-password", "", "`password` of the keys inside a JKS, where it differs")
	flags.StringArrayVar(&k.certs, "cert", nil, "`FILE` with certificates; may be repeated")
}

// stores opens every --key and attaches the certificates of --cert to the keys. It returns all
// certificates at hand as well.
func (a *app) stores(k *keyFlags) ([]*keystore.Store, []*pkix.Certificate, error) {
	certs, err := a.certificates(k.certs)
	if err != nil {
		return nil, nil, err
	}
	var stores []*keystore.Store
	all := certs
	for i, name := range k.files {
		store, _, err := a.openStore(name, k, i)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, store.Certificates()...)
		store.Match(certs...)
		stores = append(stores, store)
	}
	return stores, all, nil
}

// openStore opens key container number i. The password is asked for only if the format has one.
func (a *app) openStore(name string, k *keyFlags, i int) (*keystore.Store, string, error) {
	data, err := a.readContainer(name)
	if err != nil {
		return nil, "", err
	}
	for _, p := range k.passwords.list { // whether or not they are needed
		if info, err := os.Stat(p.text); p.file && err == nil {
			a.inputs = append(a.inputs, info)
		}
	}
	password := ""
	switch keystore.Detect(data) {
	case keystore.FormatUnknown, keystore.FormatPKCS8, keystore.FormatRaw:
	default:
		if password, err = a.passwordFor(&k.passwords, i, len(k.files), name); err != nil {
			return nil, "", err
		}
	}
	store, err := openContainer(data, password, &keystore.Options{KeyPassword: func() string { return k.inner }})
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", name, err)
	}
	return store, password, nil
}

// openContainer is keystore.Open that says of a file if it is cut short.
func openContainer(data []byte, password string, o *keystore.Options) (*keystore.Store, error) {
	store, err := keystore.Open(data, password, o)
	if errors.Is(err, keystore.ErrFormat) && cutShort(data) {
		err = fmt.Errorf("%w: cut short", keystore.ErrFormat)
	}
	return store, err
}

// maxContainer bounds key containers. Those of users have a few KiB.
const maxContainer = 64 << 20

// readContainer reads a key container as a whole, and of anything large else its head only.
func (a *app) readContainer(name string) ([]byte, error) {
	in, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r := bufio.NewReaderSize(in, peekSize)
	if head, _ := r.Peek(peekSize); !familiar(head) {
		return nil, fmt.Errorf("%s: %w", name, keystore.ErrFormat)
	}
	if in.size <= maxContainer {
		data, err := io.ReadAll(io.LimitReader(r, maxContainer+1))
		if err != nil || len(data) <= maxContainer {
			return data, err
		}
	}
	return nil, &fault{exitFail, codeMalformed, iitKey, fmt.Errorf("%s: larger than %d MiB: not a key container", name, maxContainer>>20)}
}

const signing = pkix.KeyUsageDigitalSignature

// signer finds the signing key of a container and its certificate.
func signer(store *keystore.Store, name, role string) (cms.Signer, error) {
	if role != "" {
		return signerByRole(store, name, role)
	}
	e, err := store.Find(signing)
	if err != nil {
		return cms.Signer{}, fmt.Errorf("%s: %w", name, err)
	}
	cert := e.CertificateFor(signing)
	if cert == nil {
		return cms.Signer{}, noCertificate("%s: no certificate for the signing key %x; give it with --cert", name, e.KeyID())
	}
	return cms.Signer{Key: e.Key, Certificate: cert}, nil
}

// roles are the holders of a key, told apart by the codes in the certificate.
var roles = []string{"personal", "fop", "director", "stamp"}

// sealUsage is the extended key usage of electronic seals.
const sealUsage = "1.2.804.2.1.1.1.3.9"

func hasRole(c *pkix.Certificate, role string) bool {
	organisation, person := c.EDRPOU(), c.DRFO()
	seal := organisation != "" && person == ""
	for _, usage := range c.ExtKeyUsage {
		seal = seal || usage.String() == sealUsage
	}
	switch role {
	case "stamp":
		return seal
	case "personal":
		return !seal && organisation == ""
	case "fop":
		return !seal && organisation != "" && organisation == person
	default:
		return !seal && organisation != "" && organisation != person
	}
}

func signerByRole(store *keystore.Store, name, role string) (cms.Signer, error) {
	for e := range store.Entries() {
		if e.Key == nil {
			continue
		}
		if c := e.CertificateFor(signing); c != nil && hasRole(c, role) {
			return cms.Signer{Key: e.Key, Certificate: c}, nil
		}
	}
	return cms.Signer{}, noCertificate("%s: no signing key with a certificate of the role %s", name, role)
}

// recipients returns every key of the containers that may open envelopes.
func recipients(stores []*keystore.Store) []cms.Recipient {
	var out []cms.Recipient
	for _, store := range stores {
		for e := range store.Entries() {
			key, ok := e.Key.(dstu4145.KeyExchanger)
			if !ok {
				continue
			}
			certs := e.Certificates()
			if len(certs) == 0 {
				out = append(out, cms.Recipient{Key: key})
			}
			for _, c := range certs {
				out = append(out, cms.Recipient{Key: key, Certificate: c})
			}
		}
	}
	return out
}

// sender finds the key-agreement key of a container and its certificate.
func sender(store *keystore.Store, name string) (*cms.Sender, error) {
	e, err := store.Find(pkix.KeyUsageKeyAgreement)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	key, ok := e.Key.(dstu4145.KeyExchanger)
	cert := e.CertificateFor(pkix.KeyUsageKeyAgreement)
	switch {
	case !ok:
		return nil, unsupported("%s: the key is not of DSTU 4145", name)
	case cert == nil:
		return nil, noCertificate("%s: no certificate for the key-agreement key %x; give it with --cert", name, e.KeyID())
	}
	return &cms.Sender{Key: key, Certificate: cert}, nil
}
