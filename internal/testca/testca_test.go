package testca_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

func TestIssue(t *testing.T) {
	for name, o := range map[string]*testca.Options{
		"default": nil,
		"kupyna":  {Signature: testca.WithKupyna256, NamedCurve: true},
		"m=191":   {SigningCurve: dstu4145.M191PB(), AgreementCurve: dstu4145.M191PB()},
		"normal":  {SigningCurve: dstu4145.M191ONB(), AgreementCurve: dstu4145.M431ONB(), NamedCurve: true},
	} {
		t.Run(name, func(t *testing.T) {
			ca, err := testca.New("Тестовий центр", o)
			require.NoError(t, err)
			require.NoError(t, ca.Certificate.CheckSignatureFrom(ca.Certificate))
			other, err := testca.New("Інший центр", o)
			require.NoError(t, err)

			id, err := ca.Issue(testca.Subject{CommonName: "Петренко Іван", Organization: "ТОВ «Приклад»", EDRPOU: "12345678", DRFO: "1234567890"})
			require.NoError(t, err)
			for _, pair := range []testca.KeyPair{id.Signing, id.Agreement} {
				require.NoError(t, pair.Certificate.CheckSignatureFrom(ca.Certificate))
				require.Error(t, pair.Certificate.CheckSignatureFrom(other.Certificate))
				require.True(t, pair.Key.PublicKey().Equal(pair.Certificate.PublicKey))
				require.Equal(t, "12345678", pair.Certificate.EDRPOU())
				require.Equal(t, "1234567890", pair.Certificate.DRFO())
				require.Equal(t, "Петренко Іван", pair.Certificate.Subject.CommonName())
				require.Equal(t, ca.Certificate.SubjectKeyID, pair.Certificate.AuthorityKeyID)
			}
			require.Equal(t, pkix.KeyUsageDigitalSignature|pkix.KeyUsageNonRepudiation, id.Signing.Certificate.KeyUsage)
			require.Equal(t, pkix.KeyUsageKeyAgreement, id.Agreement.Certificate.KeyUsage)
			require.NotEqual(t, id.Signing.Certificate.SerialNumber, id.Agreement.Certificate.SerialNumber)
		})
	}
}

func TestContainer(t *testing.T) {
	for name, o := range map[string]*testca.Options{
		"default": nil,
		"normal":  {SigningCurve: dstu4145.M233ONB(), AgreementCurve: dstu4145.M431ONB()},
	} {
		t.Run(name, func(t *testing.T) { testContainer(t, o) })
	}
}

func testContainer(t *testing.T, o *testca.Options) {
	ca, err := testca.New("Тестовий центр", o)
	require.NoError(t, err)
	id, err := ca.Issue(testca.Subject{CommonName: "Петренко Іван"})
	require.NoError(t, err)
	for _, f := range []keystore.Format{keystore.FormatKey6, keystore.FormatPKCS12, keystore.FormatPKCS8Encrypted} {
		t.Run(string(f), func(t *testing.T) {
			data, err := id.Container(f, "пароль", &keystore.MarshalOptions{Iterations: 100})
			require.NoError(t, err)
			store, err := keystore.Open(data, "пароль", nil)
			require.NoError(t, err)
			require.Equal(t, f, store.Format())
			store.Match(id.Signing.Certificate, id.Agreement.Certificate)
			for usage, want := range map[pkix.KeyUsage]testca.KeyPair{
				pkix.KeyUsageDigitalSignature: id.Signing,
				pkix.KeyUsageKeyAgreement:     id.Agreement,
			} {
				e, err := store.Find(usage)
				require.NoError(t, err)
				require.True(t, want.Key.Equal(e.Key), "another key for %v", usage)
				require.True(t, want.Certificate.Equal(e.CertificateFor(usage)))
			}
		})
	}
}
