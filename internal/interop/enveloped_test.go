//go:build interop

package interop_test

import (
	"bytes"
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
)

var (
	oidStandardGOST   = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 5}
	oidStandardKupyna = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1, 3, 8}
)

func sender(pair testca.KeyPair) *cms.Sender {
	return &cms.Sender{Key: pair.Key, Certificate: pair.Certificate}
}

func recipient(pair testca.KeyPair) cms.Recipient {
	return cms.Recipient{Key: pair.Key, Certificate: pair.Certificate}
}

// encrypted encrypts without telling the length, so lengths are indefinite.
func encrypted(t *testing.T, content []byte, to []*pkix.Certificate, o *cms.EncryptOptions) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := cms.NewEncrypter(&out, to, o)
	require.NoError(t, err)
	for len(content) > 0 {
		n := min(len(content), 999)
		_, err = w.Write(content[:n])
		require.NoError(t, err)
		content = content[n:]
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

func TestJkurwaDecrypts(t *testing.T) {
	p := node.need(t)
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			from, to := couple(t, authority(t, &profile.o))
			key, cert, theirs := pkcs8(t, to.Agreement), to.Agreement.Certificate.Raw, from.Agreement.Certificate.Raw
			for _, content := range profile.samples() {
				p7e, err := cms.Encrypt(content, []*pkix.Certificate{to.Agreement.Certificate},
					&cms.EncryptOptions{Sender: sender(from.Agreement)})
				require.NoError(t, err)
				r := p.must(t, 2, "unwrap", p7e, nil, "k", key, "c", cert, "c", theirs)
				require.Equal(t, "encrypted", string(r[1]))
				require.Equal(t, content, r[0])

				// Without the sender's certificate it cannot, and says so.
				r = p.must(t, -1, "unwrap", p7e, nil, "k", key, "c", cert)
				require.Equal(t, "error ENOCERT", string(r[len(r)-1]))
			}
		})
	}
}

func TestReadEnvelopesOfJkurwa(t *testing.T) {
	p := node.need(t)
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			from, to := couple(t, authority(t, &profile.o))
			key, cert := pkcs8(t, from.Agreement), from.Agreement.Certificate
			for _, content := range profile.samples() {
				p7e := p.must(t, 1, "encrypt", key, cert.Raw, to.Agreement.Certificate.Raw, content)[0]
				o := &cms.DecryptOptions{
					Recipients: []cms.Recipient{recipient(to.Agreement)}, Certificates: pkix.NewPool(cert),
				}
				got, err := cms.Decrypt(p7e, o)
				require.NoError(t, err)
				require.Equal(t, content, got)

				o.Certificates = nil
				_, err = cms.Decrypt(p7e, o)
				require.ErrorIs(t, err, cms.ErrNoSenderCertificate)
				stranger := from.Agreement
				_, err = cms.Decrypt(p7e, &cms.DecryptOptions{
					Recipients: []cms.Recipient{recipient(stranger)}, Certificates: pkix.NewPool(cert),
				})
				require.ErrorIs(t, err, cms.ErrNoRecipient)
			}
		})
	}
}

func TestBouncyCastleDecrypts(t *testing.T) {
	p := bouncy.need(t)
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			a := authority(t, &profile.o)
			from, to, other := issue(t, a, "Відправник"), issue(t, a, "Одержувач"), issue(t, a, "Інший одержувач")
			all := []*pkix.Certificate{to.Agreement.Certificate, other.Agreement.Certificate}
			variants := map[string]*cms.EncryptOptions{
				"static":                      {Sender: sender(from.Agreement), IncludeSenderCertificate: true},
				"ephemeral":                   nil,
				"standard":                    {KeyAgreement: oidStandardGOST},
				"key ids":                     {Sender: sender(from.Agreement), RecipientKeyIDs: true},
				"Kalyna":                      {Sender: sender(from.Agreement), Cipher: cms.CipherKalyna256},
				"Kalyna, ephemeral, standard": {Cipher: cms.CipherKalyna256, KeyAgreement: oidStandardKupyna},
				"Kalyna under GOST":           {Cipher: cms.CipherKalyna256, KeyAgreement: oidStandardGOST},
			}
			for name, o := range variants {
				for _, content := range profile.samples() {
					p7e, err := cms.Encrypt(content, all, o)
					require.NoError(t, err)
					for _, pair := range []testca.KeyPair{to.Agreement, other.Agreement} {
						r := p.must(t, 1, "open", p7e, pair.Certificate.Raw, pair.Key.Bytes(), from.Agreement.Certificate.Raw)
						require.Equal(t, content, r[0], name)
					}
					long := encrypted(t, content, all, o)
					r := p.must(t, 1, "open", long, to.Agreement.Certificate.Raw, to.Agreement.Key.Bytes(),
						from.Agreement.Certificate.Raw)
					require.Equal(t, content, r[0], name)
				}
			}
		})
	}
}

func TestReadEnvelopesOfBouncyCastle(t *testing.T) {
	p := bouncy.need(t)
	s := &stream{seed: seed(t)}
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			to := issue(t, authority(t, &profile.o), "Одержувач")
			o := &cms.DecryptOptions{Recipients: []cms.Recipient{recipient(to.Agreement)}}
			for _, content := range profile.samples() {
				for _, ukm := range []any{nil, s.draw(64)} {
					for _, standard := range []any{nil, "yes"} {
						p7e := p.must(t, 1, "seal", to.Agreement.Certificate.Raw, content, ukm, standard)[0]
						got, err := cms.Decrypt(p7e, o)
						require.NoError(t, err)
						require.Equal(t, content, got)
					}
				}
			}
		})
	}
}

// zeroPairs issues identities until there are pairs whose shared secret begins
// with no, one, and two or more zero octets. One pair in 512 on M257 has two.
func zeroPairs(t *testing.T, a *testca.Authority) (pairs [3][2]*testca.Identity) {
	t.Helper()
	var people []*testca.Identity
	for found := 0; found < 3; {
		require.Less(t, len(people), 300)
		from := issue(t, a, "Відправник")
		for _, to := range people {
			z := must(from.Agreement.Key.CofactorECDH(to.Agreement.Key.PublicKey()))
			zeros := min(2, len(z)-len(bytes.TrimLeft(z, "\x00")))
			if pairs[zeros][0] == nil {
				pairs[zeros] = [2]*testca.Identity{from, to}
				found++
			}
		}
		people = append(people, from)
	}
	return pairs
}

// All leading zero octets of the shared secret are removed before the derivation.
func TestBouncyCastleLeadingZeros(t *testing.T) {
	p := bouncy.need(t)
	for zeros, pair := range zeroPairs(t, authority(t, &profiles[0].o)) {
		from, to := pair[0].Agreement, pair[1].Agreement
		p7e, err := cms.Encrypt(report, []*pkix.Certificate{to.Certificate}, &cms.EncryptOptions{Sender: sender(from)})
		require.NoError(t, err)
		r := p.must(t, 1, "open", p7e, to.Certificate.Raw, to.Key.Bytes(), from.Certificate.Raw)
		require.Equal(t, report, r[0], "%d leading zeros", zeros)
	}
}

// jkurwa removes one octet at most. We read such messages; it cannot read ours
// when there are two.
func TestJkurwaLeadingZeros(t *testing.T) {
	p := node.need(t)
	for zeros, pair := range zeroPairs(t, authority(t, &profiles[0].o)) {
		from, to := pair[0].Agreement, pair[1].Agreement
		theirs := p.must(t, 1, "encrypt", pkcs8(t, from), from.Certificate.Raw, to.Certificate.Raw, report)[0]
		got, err := cms.Decrypt(theirs, &cms.DecryptOptions{
			Recipients: []cms.Recipient{recipient(to)}, Certificates: pkix.NewPool(from.Certificate),
		})
		require.NoError(t, err, "%d leading zeros", zeros)
		require.Equal(t, report, got)

		ours, err := cms.Encrypt(report, []*pkix.Certificate{to.Certificate}, &cms.EncryptOptions{Sender: sender(from)})
		require.NoError(t, err)
		args := []any{ours, nil, "k", pkcs8(t, to), "c", to.Certificate.Raw, "c", from.Certificate.Raw}
		if zeros == 2 {
			p.refuses(t, "unwrap", args...)
			continue
		}
		require.Equal(t, report, p.must(t, 2, "unwrap", args...)[0])
	}
}
