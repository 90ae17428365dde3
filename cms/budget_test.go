package cms_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/validation"
)

// TestNamesakesHaveABudget: signers that bind no certificate may make a checker try several keys
// for each of them; a message cannot ask for that without limit.
func TestNamesakesHaveABudget(t *testing.T) {
	const signers, budget = 80, 64
	other := newKey(t, dstu4145.M163PB())
	right := newKey(t, dstu4145.M163PB())
	first := selfSigned(t, "тезки", 7, other, nil)
	second := selfSigned(t, "тезки", 7, right, nil)

	m := craft(t, testca.KeyPair{Key: right, Certificate: second}, gost, "x")
	m.certs = [][]byte{first.Raw, second.Raw}
	m.signers[0].attrs = m.signers[0].attrs[:2]
	for len(m.signers) < signers {
		m.signers = append(m.signers, m.signers[0])
	}
	r, _, err := check(t, m.der(), nil)
	require.Error(t, err)
	passed := 0
	for _, s := range r.Signers {
		if s.SignatureValid == validation.Passed {
			passed++
		}
	}
	require.Equal(t, budget, passed, "second keys tried")
}

// TestUnboundCertificate: a signer without signingCertificateV2 passes, and the result says that
// the certificate is not the one that was signed for sure.
func TestUnboundCertificate(t *testing.T) {
	k := identity(t, "a").Signing
	for name, bound := range map[string]bool{"with the attribute": true, "bare profile": false} {
		t.Run(name, func(t *testing.T) {
			m := craft(t, k, gost, "x")
			if !bound {
				m.signers[0].attrs = m.signers[0].attrs[:2]
			}
			r, _, err := check(t, m.der(), nil)
			require.NoError(t, err)
			require.Equal(t, bound, r.Signers[0].CertificateSigned)
			claimed := false
			for _, c := range r.Signers[0].Report.Checks {
				claimed = claimed || c.Code == validation.SigningCertMismatch
			}
			require.Equal(t, bound, claimed, "a check of a hash that is not there")
		})
	}
}
