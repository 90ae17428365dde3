package speed

import (
	"bytes"
	"context"
	"io"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
)

// formats are primitives of certificates and messages, with a throw-away authority.
func formats() []primitive {
	with := func(name, yardstick string, f func(ca *testca.Authority, id *testca.Identity) (func() error, error)) primitive {
		return primitive{name, []string{"internal/ec2m", "internal/gf2m", "gost34311"}, yardstick, func() (operation, error) {
			ca, err := testca.New("speed", nil)
			if err != nil {
				return operation{}, err
			}
			id, err := ca.Issue(testca.Subject{CommonName: "speed"})
			if err != nil {
				return operation{}, err
			}
			run, err := f(ca, id)
			return operation{0, run}, err
		}}
	}
	content := make([]byte, 1024)
	sign := func(id *testca.Identity) ([]byte, error) {
		return cms.Sign(content, []cms.Signer{{Key: id.Signing.Key, Certificate: id.Signing.Certificate}}, nil)
	}
	return []primitive{
		with("pkix/verify", "x509-p256/verify", func(ca *testca.Authority, id *testca.Identity) (func() error, error) {
			return func() error { return id.Signing.Certificate.CheckSignatureFrom(ca.Certificate) }, nil
		}),
		with("cms/sign-1KiB", "ecdsa-p256/sign", func(_ *testca.Authority, id *testca.Identity) (func() error, error) {
			return func() error {
				_, err := sign(id)
				return err
			}, nil
		}),
		with("cms/verify-1KiB", "ecdsa-p256/verify", func(_ *testca.Authority, id *testca.Identity) (func() error, error) {
			p7s, err := sign(id)
			return func() error { return check(p7s) }, err
		}),
		with("keystore/open-pfx/10000", "pbkdf2-sha256/10000", func(_ *testca.Authority, id *testca.Identity) (func() error, error) {
			const password = "password"
			pfx, err := id.Container(keystore.FormatPKCS12, password, &keystore.MarshalOptions{Iterations: iterations})
			return func() error {
				_, err := keystore.Open(pfx, password, nil)
				return err
			}, err
		}),
	}
}

func check(p7s []byte) error {
	r, err := cms.NewSignedReader(bytes.NewReader(p7s))
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	_, err = r.CheckSignatures(context.Background(), nil)
	return err
}
