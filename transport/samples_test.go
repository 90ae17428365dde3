package transport_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/transport"
	"github.com/ukrcrypto/dstu/validation"
)

// diiaAgreement is the key-agreement key of the public test container of Diia.
const diiaAgreement = "6b1b77c0d1a1b60473a98dd6d4fe5302742aede101daa21f2c83a67ccdedb782"

// TestIITMessages opens two messages that the IIT library made, down to the report.
func TestIITMessages(t *testing.T) {
	for name, facts := range map[string]struct {
		sum        string
		originator cms.OriginatorKind
	}{
		"iit-transport-static.bin":  {"89aed5cfbffdf35e6cb29647d781984d3fd068458045a75845fd5a74f5db74b7", cms.OriginatorIssuerSerial},
		"iit-transport-dynamic.bin": {"82ba5082e7f6776780a5a62bf7c32586d5f5c6faceeae4612b74a6e89403c254", cms.OriginatorEphemeral},
	} {
		t.Run(name, func(t *testing.T) {
			data := sample(t, name)
			sum := sha256.Sum256(data)
			require.Equal(t, facts.sum, hex.EncodeToString(sum[:]))
			o := &transport.OpenOptions{Recipients: []cms.Recipient{corpusRecipient(t, diiaAgreement)}}

			m, err := open(data, o)
			require.NoError(t, err)
			require.Len(t, m.Document, 110)
			require.Contains(t, string(m.Document), "<?xml")
			var kinds []string
			for _, l := range m.Layers {
				kinds = append(kinds, string(l.Kind)+" "+l.Label)
				require.Equal(t, validation.Passed, l.Report.Verdict)
			}
			require.Empty(t, cmp.Diff([]string{
				"sections ", "signed UA1_SIGN", "sections ", "enveloped UA1_CRYPT",
				"sections ", "signed UA1_SIGN", "sections ", "signed UA1_SIGN",
			}, kinds))
			require.Len(t, m.Officials, 2)
			require.Len(t, m.Transport, 1)
			require.Greater(t, m.Officials[0].Layer, m.Officials[1].Layer, "the first signer is the innermost")
			require.Len(t, m.SenderCertificates, 1)
			require.NotNil(t, m.ReplyTo())
			require.Equal(t, facts.originator, m.Layers[3].Envelope.Recipients[0].Originator)

			container, err := transport.Parse(data)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(fields{
				{"CERTYPE", "UA1"},
				{"RCV_NAME", "ДП ДІЯ (Тестування)"},
				{"EDRPOU", "43395033"},
				{"FILENAME", "15013225000000F0103305100000000151220151501.xml"},
				{"RCV_EMAIL", "user@example.com"},
				{"PRG_TYPE", "ІІТ Користувач ЦСК-1. Бібліотека підпису"},
				{"PRG_VER", "1.3.1"},
				{"SND_DATE", "20230606002000"},
			}, container.Header.Fields))
			require.Empty(t, cmp.Diff(container.Header.Fields, m.Header.Fields))

			fresh := transport.Container{Header: &transport.Header{Fields: container.Header.Fields}, Sections: container.Sections}
			again, err := fresh.MarshalBinary()
			require.NoError(t, err)
			require.Equal(t, data, again, "the header written anew from its fields")

			_, err = open(data, nil)
			require.ErrorIs(t, err, cms.ErrNoRecipient)
		})
	}
}

// transportFacts is what the corpus says about a message.
type transportFacts struct {
	Sections    []string
	Headers     map[string]string
	Plaintext   string `json:"plaintext_sha256"`
	Size        int    `json:"plaintext_size"`
	Valid       *bool  `json:"signature_valid"`
	DecryptWith *struct {
		Container string `json:"container_file"`
		Password  string
	} `json:"decrypt_with"`
}

func TestCorpus(t *testing.T) {
	items := corpus.Find(t, "corpus").Kind("transport")
	require.NotEmpty(t, items)
	pool := corpusCertificates(t)
	for _, item := range items {
		t.Run(item.File, func(t *testing.T) {
			facts, data := decode[transportFacts](t, item), item.Bytes(t)
			c, err := transport.Parse(data)
			require.NoError(t, err)
			again, err := c.MarshalBinary()
			require.NoError(t, err)
			require.Equal(t, data, again)
			var labels []string
			for _, s := range c.Sections {
				labels = append(labels, s.Label)
			}
			require.ElementsMatch(t, facts.Sections, labels)
			for key, value := range facts.Headers {
				require.Equal(t, value, c.Header.Get(key))
			}

			o := &transport.OpenOptions{Certificates: pool}
			if w := facts.DecryptWith; w != nil {
				o.Recipients = []cms.Recipient{containerRecipient(t, item.Dir.File(t, w.Container), w.Password, "")}
			}
			m, err := open(data, o)
			require.Len(t, m.Document, facts.Size)
			sum := sha256.Sum256(m.Document)
			require.Equal(t, facts.Plaintext, hex.EncodeToString(sum[:]))
			if facts.Valid != nil && *facts.Valid {
				require.NoError(t, err)
				return
			}
			// Nothing else is signed: the document is reached and the verdict stays open.
			require.Equal(t, validation.Indeterminate, m.Report.Verdict)
			require.Equal(t, validation.NoSigners, m.Report.Code)
		})
	}
}
