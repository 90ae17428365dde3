package transport_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

// people are the parties of electronic reporting, made once for all tests.
type people struct {
	accountant, director, seal, centre, gateway, other *testca.Identity
}

var cast = sync.OnceValues(func() (*people, error) {
	ca, err := testca.New("Тестовий ЦСК", nil)
	if err != nil {
		return nil, err
	}
	var p people
	for _, who := range []struct {
		to *(*testca.Identity)
		testca.Subject
	}{
		{&p.accountant, testca.Subject{CommonName: "Бухгалтер", Organization: "ТОВ Приклад", EDRPOU: "12345678", DRFO: "1111111111"}},
		{&p.director, testca.Subject{CommonName: "Директор", Organization: "ТОВ Приклад", EDRPOU: "12345678", DRFO: "2222222222"}},
		{&p.seal, testca.Subject{CommonName: "Печатка", Organization: "ТОВ Приклад", EDRPOU: "12345678", Seal: true}},
		{&p.centre, testca.Subject{CommonName: "ОТРИМАНО", Organization: "Державна служба", EDRPOU: "87654321", Seal: true}},
		{&p.gateway, testca.Subject{CommonName: "Шлюз", Organization: "Посередник", EDRPOU: "11112222", Seal: true}},
		{&p.other, testca.Subject{CommonName: "Особа", DRFO: "3333333333"}},
	} {
		if *who.to, err = ca.Issue(who.Subject); err != nil {
			return nil, err
		}
	}
	return &p, nil
})

func parties(t testing.TB) *people {
	t.Helper()
	p, err := cast()
	require.NoError(t, err)
	return p
}

func signerOf(id *testca.Identity) cms.Signer {
	return cms.Signer{Key: id.Signing.Key, Certificate: id.Signing.Certificate}
}

func senderOf(id *testca.Identity) *cms.Sender {
	return &cms.Sender{Key: id.Agreement.Key, Certificate: id.Agreement.Certificate}
}

func opens(ids ...*testca.Identity) *transport.OpenOptions {
	o := new(transport.OpenOptions)
	for _, id := range ids {
		o.Recipients = append(o.Recipients, cms.Recipient{Key: id.Agreement.Key, Certificate: id.Agreement.Certificate})
	}
	return o
}

func open(data []byte, o *transport.OpenOptions) (*transport.Message, error) {
	return transport.Open(context.Background(), data, o)
}

func commonNames(list []transport.Signature) []string {
	var out []string
	for _, s := range list {
		name := "?"
		if s.Certificate != nil {
			name = s.Certificate.Subject.CommonName()
		}
		out = append(out, name)
	}
	return out
}

// report is a document in windows-1251.
func report(t testing.TB) []byte {
	b, err := transport.EncodeText(`<?xml version="1.0" encoding="windows-1251"?><DECLAR><HNAME>ТОВ "Приклад"</HNAME></DECLAR>`)
	require.NoError(t, err)
	return b
}

// sample returns a file of the specification, or skips.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "spec", "samples", name))
	if os.IsNotExist(err) {
		t.Skipf("%s: the samples of the specification are not beside the module root", name)
	}
	require.NoError(t, err)
	return data
}

// corpusRecipient finds, among the containers of the corpus, the key with the identifier.
func corpusRecipient(t testing.TB, keyID string) cms.Recipient {
	t.Helper()
	for _, item := range corpus.Find(t, "corpus").Kind("containers") {
		var facts struct {
			Password string
			Keys     []struct {
				KeyID string `json:"key_id_hex"`
			}
		}
		item.Decode(t, &facts)
		for _, k := range facts.Keys {
			if k.KeyID == keyID {
				return containerRecipient(t, item.Bytes(t), facts.Password, keyID)
			}
		}
	}
	t.Skipf("no container with the key %s in the corpus", keyID)
	panic("unreachable")
}

// containerRecipient returns the key with the identifier, or, for "", the only one.
func containerRecipient(t testing.TB, container []byte, password, keyID string) cms.Recipient {
	t.Helper()
	store, err := keystore.Open(container, password, nil)
	require.NoError(t, err)
	for e := range store.Entries() {
		if keyID == "" || hex.EncodeToString(e.KeyID()) == keyID {
			return cms.Recipient{Key: e.Key.(dstu4145.KeyExchanger)}
		}
	}
	t.Fatalf("no key %s in the container", keyID)
	panic("unreachable")
}

// corpusCertificates is a pool of all single certificates of the corpus.
func corpusCertificates(t testing.TB) *pkix.Pool {
	pool := pkix.NewPool()
	for _, item := range corpus.Find(t, "corpus").Kind("certs") {
		if c, err := pkix.ParseCertificate(item.Bytes(t)); err == nil {
			pool.Add(c)
		}
	}
	return pool
}

// flip returns data with the first occurrence of part changed in octet at of it.
func flip(t testing.TB, data, part []byte, at int) []byte {
	t.Helper()
	i := bytes.Index(data, part)
	require.GreaterOrEqual(t, i, 0, "the part is not in the data")
	out := bytes.Clone(data)
	out[i+at] ^= 1
	return out
}

func decode[T any](t testing.TB, item *corpus.Item) (facts T) {
	item.Decode(t, &facts)
	return facts
}
