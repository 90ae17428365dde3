package cms_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

const (
	oidGOSTCFB  = "1.2.804.2.1.1.1.1.1.1.3"
	oidGOSTWrap = "1.2.804.2.1.1.1.1.1.1.5"
)

// openEnvelope decrypts through the stream, one octet more than a block at a time, and in one
// piece, and demands the same of both.
func openEnvelope(t testing.TB, msg []byte, o *cms.DecryptOptions) ([]byte, *cms.Decrypter, error) {
	t.Helper()
	whole, err1 := cms.Decrypt(msg, o)
	d, err2 := cms.NewDecrypter(bytes.NewReader(msg), o)
	if err1 != nil || err2 != nil {
		require.Equal(t, err1, err2)
		return nil, nil, err2
	}
	var out bytes.Buffer
	_, err := io.CopyBuffer(struct{ io.Writer }{&out}, struct{ io.Reader }{d}, make([]byte, 9))
	require.NoError(t, err)
	require.True(t, bytes.Equal(whole, out.Bytes()), "stream and whole differ")
	return out.Bytes(), d, nil
}

// container opens a key container and returns all its keys that can agree.
func container(t testing.TB, data []byte, password string) []cms.Recipient {
	t.Helper()
	store, err := keystore.Open(data, password, nil)
	require.NoError(t, err)
	var list []cms.Recipient
	for e := range store.Entries() {
		if k, ok := e.Key.(dstu4145.KeyExchanger); ok {
			list = append(list, cms.Recipient{Key: k})
		}
	}
	require.NotEmpty(t, list)
	return list
}

// TestCorpusEnveloped opens the envelopes of public repositories with the containers that the
// collection names, without certificates of the recipients where that is enough.
func TestCorpusEnveloped(t *testing.T) {
	d := corpus.Find(t, "corpus")
	items := d.Kind("enveloped")
	require.NotEmpty(t, items)
	for _, it := range items {
		t.Run(path.Base(it.File), func(t *testing.T) {
			var want struct {
				Version    int
				Originator bool `json:"has_originator_info"`
				Recipients []struct {
					Originator, KeyAgreement, KeyWrap string
					UKM                               int `json:"ukm_bytes"`
				}
				ContentType string `json:"content_type"`
				Cipher      string `json:"content_encryption"`
				Encrypted   int    `json:"encrypted_bytes"`
				Decrypts    *bool
				Plaintext   string `json:"plaintext_sha256"`
				With        struct {
					Password  string
					Container string `json:"container_file"`
				} `json:"decrypt_with"`
				Sender    string `json:"sender_cert_where"`
				Recipient string `json:"recipient_cert_where"`
			}
			it.Decode(t, &want)
			msg := it.Bytes(t)
			e, err := cms.ParseEnveloped(msg)
			require.NoError(t, err)
			require.Equal(t, want.Version, e.Version)
			require.Equal(t, want.ContentType, e.ContentType.String())
			require.Equal(t, want.Cipher, e.ContentAlgorithm.String())
			require.Len(t, e.EncryptedContent, want.Encrypted)
			require.Len(t, e.Recipients, len(want.Recipients))
			for i, r := range want.Recipients {
				require.Len(t, e.Recipients[i].UKM, r.UKM)
			}
			if want.Decrypts == nil {
				return // nobody's key is at hand
			}
			o := &cms.DecryptOptions{
				Recipients:   container(t, d.File(t, want.With.Container), want.With.Password),
				Certificates: pkix.NewPool(),
			}
			if want.Recipient != "" {
				o.Recipients[0].Certificate = certificate(t, d, want.Recipient)
			}
			if strings.HasPrefix(want.Sender, "certs/") {
				_, _, err := openEnvelope(t, msg, o)
				if want.Sender != want.Recipient {
					require.ErrorIs(t, err, cms.ErrNoSenderCertificate)
				}
				o.Certificates.Add(certificate(t, d, want.Sender))
			}
			got, _, err := openEnvelope(t, msg, o)
			require.NoError(t, err)
			sum := sha256.Sum256(got)
			require.Equal(t, want.Plaintext, hex.EncodeToString(sum[:]))
		})
	}
}

// key makes a private key of a number in hexadecimal.
func key(t testing.TB, m int, d string) *dstu4145.PrivateKey {
	t.Helper()
	for _, c := range dstu4145.Curves() {
		if c.FieldBits() != m {
			continue
		}
		if len(d)%2 != 0 {
			d = "0" + d
		}
		b, err := hex.DecodeString(d)
		require.NoError(t, err)
		k, err := c.ReducePrivateKey(b)
		require.NoError(t, err)
		return k
	}
	t.Fatalf("no curve of degree %d", m)
	return nil
}

type keyFacts struct {
	M         int    `json:"curve_m"`
	PublicKey string `json:"public_key_le_hex"`
	D         string `json:"private_key_d_hex"`
	Cert      string
}

// agreementKeys returns the keys of all identities of a collection by the name of their
// certificate.
func agreementKeys(t *testing.T, d *corpus.Dir) map[string]cms.Recipient {
	keys := map[string]cms.Recipient{}
	add := func(cert string, k dstu4145.KeyExchanger) {
		c := certificate(t, d, cert)
		if k.PublicKey().Equal(c.PublicKey) {
			keys[cert] = cms.Recipient{Certificate: c, Key: k}
		}
	}
	if raw, ok := d.Raw["identities"]; ok {
		var all map[string]struct {
			Keys []keyFacts
			Sign string `json:"sign_cert"`
			KEP  string `json:"kep_cert"`
		}
		require.NoError(t, json.Unmarshal(raw, &all))
		for _, id := range all {
			for _, k := range id.Keys {
				add(id.Sign, key(t, k.M, k.D))
				add(id.KEP, key(t, k.M, k.D))
			}
		}
	}
	for _, it := range d.Kind("container") {
		var facts struct {
			Password string
			Keys     json.RawMessage
		}
		it.Decode(t, &facts)
		var list []keyFacts
		if json.Unmarshal(facts.Keys, &list) != nil {
			continue
		}
		for _, r := range container(t, it.Bytes(t), facts.Password) {
			for _, k := range list {
				add(k.Cert, r.Key)
			}
		}
	}
	return keys
}

// TestMadeEnveloped opens every envelope of IIT and UAPKI for each of its recipients, with the
// recipient's certificate and by the key alone.
func TestMadeEnveloped(t *testing.T) {
	for _, name := range []string{"corpus/iit", "corpus/uapki"} {
		d := corpus.Find(t, name)
		keys := agreementKeys(t, d)
		items := d.Kind("cms-enveloped")
		require.NotEmpty(t, items)
		for _, it := range items {
			t.Run(it.File, func(t *testing.T) { checkMadeEnvelope(t, d, it, keys) })
		}
	}
}

func checkMadeEnvelope(t *testing.T, d *corpus.Dir, it *corpus.Item, keys map[string]cms.Recipient) {
	var want struct {
		Mode       string
		Sender     string   `json:"sender_cert"`
		Recipients []string `json:"recipient_certs"`
		Plaintext  string   `json:"plaintext_sha256"`
		Cipher     string   `json:"content_alg"`
		Wrap       string   `json:"wrap_alg"`
	}
	it.Decode(t, &want)
	msg := it.Bytes(t)
	pool := pkix.NewPool()
	if want.Sender != "" {
		pool.Add(certificate(t, d, want.Sender))
	}
	require.NotEmpty(t, want.Recipients)
	for _, name := range want.Recipients {
		r, ok := keys[name]
		require.True(t, ok, "no key for %s", name)
		for _, recipient := range []cms.Recipient{r, {Key: r.Key}} {
			o := &cms.DecryptOptions{Recipients: []cms.Recipient{recipient}, Certificates: pool}
			got, dec, err := openEnvelope(t, msg, o)
			require.NoError(t, err)
			if static := strings.HasPrefix(want.Mode, "s"); static { // "static", "sign-then-envelop"
				// IIT takes an ephemeral key for a recipient on another curve than the sender's.
				sender := pool.Certificates()[0].PublicKey.(*dstu4145.PublicKey)
				require.Equal(t, sender.Curve() == r.Key.PublicKey().Curve(), dec.SenderCertificate() != nil)
			}
			if dec.ContentType().Equal(cms.ContentTypeSignedData) {
				got = checkSignedInside(t, d, got, want.Sender)
			}
			sum := sha256.Sum256(got)
			require.Equal(t, want.Plaintext, hex.EncodeToString(sum[:]))
		}
	}
	stranger := key(t, 257, "1234567890abcdef")
	_, _, err := openEnvelope(t, msg, &cms.DecryptOptions{Recipients: []cms.Recipient{{Key: stranger}}, Certificates: pool})
	if want.Cipher == "" || want.Cipher == oidGOSTCFB {
		require.True(t, err == cms.ErrNoRecipient || want.Wrap == "1.2.804.2.1.1.1.1.1.3.11", "%v", err)
	}
}

// checkSignedInside verifies the bare SignedData that IIT puts into an envelope, made by the
// sender's signing key.
func checkSignedInside(t *testing.T, d *corpus.Dir, msg []byte, sender string) []byte {
	signer := certificate(t, d, strings.Replace(sender, ".kep.", ".sign.", 1))
	s, err := cms.NewSignedReader(bytes.NewReader(msg))
	require.NoError(t, err)
	content, err := io.ReadAll(s)
	require.NoError(t, err)
	_, err = s.CheckSignatures(context.Background(), &cms.CheckOptions{Certificates: pkix.NewPool(signer)})
	require.NoError(t, err)
	return content
}
