//go:build interop

package interop_test

import (
	"bytes"
	"context"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/testca"
)

var (
	oidGOST34311 = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 2, 1}
	oidKupyna256 = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 2, 2, 1}
	oidKupyna384 = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 2, 2, 2}
	oidKupyna512 = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 2, 2, 3}

	oidWithKupyna384 = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 6, 2, 1}
	oidWithKupyna512 = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 6, 3, 1}
)

func signer(pair testca.KeyPair) cms.Signer {
	return cms.Signer{Key: pair.Key, Certificate: pair.Certificate, SigningTime: time.Now()}
}

// streamed signs without telling the length, so lengths are indefinite.
func streamed(t *testing.T, content []byte, o *cms.SignOptions, s ...cms.Signer) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := cms.NewSigner(context.Background(), &out, s, o)
	require.NoError(t, err)
	for len(content) > 0 {
		n := min(len(content), 1000)
		_, err = w.Write(content[:n])
		require.NoError(t, err)
		content = content[n:]
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// check verifies a message with our code and returns its content and the result.
func check(t *testing.T, p7s []byte) ([]byte, *cms.Result) {
	t.Helper()
	r, err := cms.NewSignedReader(bytes.NewReader(p7s))
	require.NoError(t, err)
	var content bytes.Buffer
	_, err = content.ReadFrom(r)
	require.NoError(t, err)
	result, err := r.CheckSignatures(context.Background(), nil)
	require.NoError(t, err)
	return content.Bytes(), result
}

func TestJkurwaVerifiesSignedData(t *testing.T) {
	p := node.need(t)
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			id := issue(t, authority(t, &profile.o), "Підписувач")
			for _, content := range profile.samples() {
				p7s, err := cms.Sign(content, []cms.Signer{signer(id.Signing)}, nil)
				require.NoError(t, err)
				r := p.must(t, 2, "unwrap", p7s, nil)
				require.Equal(t, content, r[0])
				require.Regexp(t, "^signed Підписувач 20", string(r[1]))

				detached, err := cms.Sign(content, []cms.Signer{signer(id.Signing)}, &cms.SignOptions{Detached: true})
				require.NoError(t, err)
				r = p.must(t, 2, "unwrap", detached, content)
				require.Regexp(t, "^signed Підписувач 20", string(r[1]))

				other := bytes.Clone(content)
				other[len(other)-1] ^= 1
				r = p.must(t, 2, "unwrap", detached, other)
				require.Equal(t, "error ESIGN", string(r[1]))
			}
		})
	}
}

func TestBouncyCastleVerifiesSignedData(t *testing.T) {
	p := bouncy.need(t)
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			id := issue(t, authority(t, &profile.o), "Підписувач")
			for _, digest := range []asn1.ObjectIdentifier{oidGOST34311, oidKupyna256, oidKupyna384, oidKupyna512} {
				s := signer(id.Signing)
				s.Digest = digest
				for _, content := range profile.samples() {
					p7s, err := cms.Sign(content, []cms.Signer{s}, nil)
					require.NoError(t, err)
					r := p.must(t, 2, "signed", p7s, nil, nil)
					require.Equal(t, content, r[0])
					require.Contains(t, string(r[1]), "CN=Підписувач")

					r = p.must(t, 2, "signed", streamed(t, content, nil, s), nil, nil)
					require.Equal(t, content, r[0])

					detached, err := cms.Sign(content, []cms.Signer{s}, &cms.SignOptions{Detached: true, OmitCertificates: true})
					require.NoError(t, err)
					p.must(t, 2, "signed", detached, content, id.Signing.Certificate.Raw)
					other := append(bytes.Clone(content), 0)
					p.refuses(t, "signed", detached, other, id.Signing.Certificate.Raw)
				}
			}
		})
	}
}

func TestBouncyCastleVerifiesSeveralSigners(t *testing.T) {
	p := bouncy.need(t)
	a := authority(t, nil)
	director, accountant, seal := issue(t, a, "Директор"), issue(t, a, "Бухгалтер"), issue(t, a, "Печатка")
	kupyna := signer(accountant.Signing)
	kupyna.Digest = oidKupyna256
	content := []byte("звіт")
	p7s, err := cms.Sign(content, []cms.Signer{signer(director.Signing), kupyna}, nil)
	require.NoError(t, err)
	more, err := cms.AddSigners(p7s, nil, []cms.Signer{signer(seal.Signing)}, nil)
	require.NoError(t, err)
	r := p.must(t, 4, "signed", more, nil, nil)
	require.Equal(t, content, r[0])
	names := string(bytes.Join(r[1:], []byte("|")))
	for _, name := range []string{"Директор", "Бухгалтер", "Печатка"} {
		require.Contains(t, names, "CN="+name)
	}
}

func TestReadSignedDataOfJkurwa(t *testing.T) {
	p := node.need(t)
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			id := issue(t, authority(t, &profile.o), "Підписувач")
			key, cert := pkcs8(t, id.Signing), id.Signing.Certificate
			for _, content := range profile.samples() {
				// When both halves begin with a zero octet jkurwa leaves it out; such a
				// message is made again.
				p7s := p.must(t, 1, "sign", key, cert.Raw, content, nil)[0]
				for short(t, p7s, cert.Curve.ScalarSize()) {
					p7s = p.must(t, 1, "sign", key, cert.Raw, content, nil)[0]
				}
				got, result := check(t, p7s)
				require.Equal(t, content, got)
				require.Len(t, result.Signers, 1)
				require.True(t, result.Signers[0].Certificate.Equal(cert))
				require.WithinDuration(t, time.Now(), result.Signers[0].ClaimedTime, time.Minute)

				detached := p.must(t, 1, "sign", key, cert.Raw, content, "yes")[0]
				for short(t, detached, cert.Curve.ScalarSize()) {
					detached = p.must(t, 1, "sign", key, cert.Raw, content, "yes")[0]
				}
				_, err := cms.CheckDetached(context.Background(), detached, bytes.NewReader(content), nil)
				require.NoError(t, err)
				other := append(bytes.Clone(content), 0)
				_, err = cms.CheckDetached(context.Background(), detached, bytes.NewReader(other), nil)
				require.Error(t, err)
			}
		})
	}
}

// short tells whether the signature value has less than its two halves of full length.
func short(t *testing.T, p7s []byte, half int) bool {
	t.Helper()
	parsed, err := cms.ParseSigned(p7s)
	require.NoError(t, err)
	return len(parsed.Signers[0].Signature) < 2*half
}

// The messages of Bouncy Castle are CMS but not CAdES: they have no signingCertificateV2.
func TestReadSignedDataOfBouncyCastle(t *testing.T) {
	p := bouncy.need(t)
	algorithms := []struct{ signature, digest asn1.ObjectIdentifier }{
		{testca.WithGOST34311, oidGOST34311},
		{testca.WithKupyna256, oidKupyna256},
		{oidWithKupyna384, oidKupyna384},
		{oidWithKupyna512, oidKupyna512},
	}
	id := issue(t, authority(t, nil), "Підписувач")
	cert := id.Signing.Certificate
	for _, algorithm := range algorithms {
		t.Run(algorithm.digest.String(), func(t *testing.T) {
			for _, content := range samples() {
				for _, detached := range []any{nil, "yes"} {
					p7s := p.must(t, 1, "signcms", cert.Raw, cert.Curve.FieldBits(), id.Signing.Key.Bytes(),
						algorithm.signature, algorithm.digest, content, detached)[0]
					if detached != nil {
						_, err := cms.CheckDetached(context.Background(), p7s, bytes.NewReader(content), nil)
						require.NoError(t, err)
						continue
					}
					got, result := check(t, p7s)
					require.Equal(t, content, got)
					require.Len(t, result.Signers, 1)
					require.Equal(t, algorithm.digest, result.Signers[0].DigestAlgorithm)
				}
			}
		})
	}
}
