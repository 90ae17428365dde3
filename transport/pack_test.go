package transport_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
	"github.com/ukrcrypto/dstu/validation"
)

// full returns the options of a report signed by three officials.
func full(p *people) *transport.PackOptions {
	return &transport.PackOptions{
		Signers: []cms.Signer{signerOf(p.accountant), signerOf(p.director), signerOf(p.seal)},
		Envelope: transport.Envelope{
			Recipients: []*pkix.Certificate{p.centre.Agreement.Certificate},
			Sender:     senderOf(p.seal),
		},
		Header: transport.HeaderOptions{
			FileName: "15013225000000F0103305100000000151220151501.xml", Email: "user@example.com",
			Time: time.Date(2023, 6, 5, 21, 20, 0, 0, time.UTC),
		},
	}
}

func TestPack(t *testing.T) {
	p := parties(t)
	ephemeral := full(p)
	ephemeral.Envelope.Sender = nil
	ephemeral.Envelope.SenderCertificate = p.seal.Agreement.Certificate
	for name, o := range map[string]*transport.PackOptions{"static": full(p), "ephemeral": ephemeral} {
		t.Run(name, func(t *testing.T) {
			message, err := transport.Pack(report(t), o)
			require.NoError(t, err)
			c, err := transport.Parse(message)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(fields{
				{"CERTYPE", "UA1"},
				{"RCV_NAME", "ТОВ Приклад"},
				{"EDRPOU", "12345678"},
				{"FILENAME", "15013225000000F0103305100000000151220151501.xml"},
				{"RCV_EMAIL", "user@example.com"},
				{"PRG_TYPE", transport.Program},
				{"PRG_VER", "0.1.0"},
				{"SND_DATE", "20230606002000"},
			}, c.Header.Fields))

			m, err := open(message, opens(p.other, p.centre))
			require.NoError(t, err)
			require.Equal(t, report(t), m.Document)
			require.Equal(t, []string{"Бухгалтер", "Директор", "Печатка"}, commonNames(m.Officials))
			require.Equal(t, []string{"Печатка"}, commonNames(m.Transport))
			require.Len(t, m.SenderCertificates, 1)
			require.True(t, m.ReplyTo().Equal(p.seal.Agreement.Certificate))
			require.Equal(t, 1, m.Layers[3].Recipient)
			if name == "static" {
				require.True(t, m.Layers[3].SenderCertificate.Equal(p.seal.Agreement.Certificate))
			} else {
				require.Nil(t, m.Layers[3].SenderCertificate)
			}

			m, err = open(message, opens(p.other))
			require.ErrorIs(t, err, cms.ErrNoRecipient)
			require.Equal(t, validation.NoRecipient, m.Report.Code)
			require.Nil(t, m.Document)
			require.Equal(t, []string{"Печатка"}, commonNames(m.Transport), "what is outside is reported")
		})
	}
}

func TestPackOptions(t *testing.T) {
	p := parties(t)
	pack := func(change func(*transport.PackOptions)) (*transport.Message, error) {
		o := full(p)
		change(o)
		message, err := transport.Pack(report(t), o)
		if err != nil {
			return nil, err
		}
		return open(message, opens(p.centre))
	}
	t.Run("another outer signer", func(t *testing.T) {
		m, err := pack(func(o *transport.PackOptions) { s := signerOf(p.gateway); o.Outer = &s })
		require.NoError(t, err)
		require.Equal(t, []string{"Шлюз"}, commonNames(m.Transport))
		require.Equal(t, "11112222", m.Header.Get("EDRPOU"))
	})
	t.Run("no outer signature, no header", func(t *testing.T) {
		m, err := pack(func(o *transport.PackOptions) { o.OmitOuter, o.Header.Omit = true, true })
		require.NoError(t, err)
		require.Empty(t, m.Transport)
		require.Empty(t, m.Header.Fields)
		require.Equal(t, transport.KindEnveloped, m.Layers[1].Kind)
	})
	t.Run("clear", func(t *testing.T) {
		m, err := pack(func(o *transport.PackOptions) { o.Clear, o.Envelope = true, transport.Envelope{} })
		require.NoError(t, err)
		require.Equal(t, report(t), m.Document)
		require.Equal(t, []string{"Бухгалтер", "Директор", "Печатка"}, commonNames(m.Officials))
		require.Empty(t, m.Transport)
	})
	t.Run("individual", func(t *testing.T) {
		m, err := pack(func(o *transport.PackOptions) {
			o.Signers = []cms.Signer{signerOf(p.other)}
			o.Envelope.Sender = senderOf(p.other)
			o.Header.Fields = fields{{"DOC_TYPE", "3"}, {"PRG_VER", "9"}}
		})
		require.NoError(t, err)
		require.Equal(t, "3333333333", m.Header.Get("EDRPOU"), "the tax number where there is no EDRPOU")
		require.Equal(t, "Особа", m.Header.Get("RCV_NAME"), "the common name where there is no organisation")
		require.Equal(t, "9", m.Header.Get("PRG_VER"))
		require.Equal(t, "3", m.Header.Get("DOC_TYPE"))
	})
	t.Run("several recipients", func(t *testing.T) {
		o := full(p)
		o.Envelope.Recipients = append(o.Envelope.Recipients, p.other.Agreement.Certificate)
		message, err := transport.Pack(report(t), o)
		require.NoError(t, err)
		_, err = open(message, opens(p.other))
		require.NoError(t, err)
	})
	t.Run("static sender without CERTCRYPT", func(t *testing.T) {
		o := full(p)
		message, err := transport.Pack(report(t), o)
		require.NoError(t, err)
		inner, err := transport.Parse(innerOf(t, message))
		require.NoError(t, err)
		bare := transport.Container{Sections: inner.Sections[1:]}
		data, err := bare.MarshalBinary()
		require.NoError(t, err)
		m, err := open(data, opens(p.centre))
		require.ErrorIs(t, err, cms.ErrNoSenderCertificate)
		require.Equal(t, validation.SenderCertificateNeeded, m.Report.Code)
		with := opens(p.centre)
		with.Certificates = pkix.NewPool(p.seal.Agreement.Certificate)
		_, err = open(data, with)
		require.NoError(t, err)
	})
}

// innerOf returns the content of the outer signature of a message.
func innerOf(t testing.TB, message []byte) []byte {
	t.Helper()
	c, err := transport.Parse(message)
	require.NoError(t, err)
	s, err := cms.ParseSigned(c.Sections[0].Content)
	require.NoError(t, err)
	return s.Content
}

func TestPackRefuses(t *testing.T) {
	p := parties(t)
	for name, tt := range map[string]struct {
		want   error
		change func(*transport.PackOptions)
	}{
		"no signer":            {transport.ErrNoSigner, func(o *transport.PackOptions) { o.Signers = nil }},
		"no recipient":         {transport.ErrNoReceiver, func(o *transport.PackOptions) { o.Envelope.Recipients = nil }},
		"signing certificate":  {transport.ErrNotForAgreement, func(o *transport.PackOptions) { o.Envelope.Recipients[0] = p.centre.Signing.Certificate }},
		"CR in the file name":  {transport.ErrHeader, func(o *transport.PackOptions) { o.Header.FileName = "a\rb" }},
		"LF in a field":        {transport.ErrHeader, func(o *transport.PackOptions) { o.Header.Fields = fields{{"A", "1\nRESULT=0"}} }},
		"emoji in the program": {transport.ErrHeader, func(o *transport.PackOptions) { o.Header.Program = "\U0001f600" }},
	} {
		t.Run(name, func(t *testing.T) {
			o := full(p)
			tt.change(o)
			_, err := transport.Pack(report(t), o)
			require.ErrorIs(t, err, tt.want)
		})
	}
	_, err := transport.Pack(nil, nil)
	require.ErrorIs(t, err, transport.ErrNoSigner)
}

// TestAmbiguousName packs a name whose windows-1251 octets are UTF-8 of something else.
func TestAmbiguousName(t *testing.T) {
	p := parties(t)
	o := full(p)
	o.Header.Fields = fields{{"RCV_NAME", "В©"}}
	message, err := transport.Pack(report(t), o)
	require.NoError(t, err)
	c, err := transport.Parse(message)
	require.NoError(t, err)
	require.Equal(t, "В©", c.Header.Get("RCV_NAME"))
	require.Equal(t, "WIN", c.Header.Get("ENCODING"))
}

func TestWrap(t *testing.T) {
	p := parties(t)
	message, err := transport.Pack(report(t), full(p))
	require.NoError(t, err)
	gateway := signerOf(p.gateway)
	header := &transport.Header{Fields: fields{{"SND_DATE", "20300101000000"}, {"VIA", "gateway"}}}
	wrapped, err := transport.Wrap(message, gateway, header, rand.Reader)
	require.NoError(t, err)
	require.Equal(t, message, innerOf(t, wrapped), "the message stays as it is")

	m, err := open(wrapped, opens(p.centre))
	require.NoError(t, err)
	require.Equal(t, []string{"Печатка", "Шлюз"}, commonNames(m.Transport))
	require.Equal(t, []string{"Бухгалтер", "Директор", "Печатка"}, commonNames(m.Officials))
	require.Equal(t, "20300101000000", m.Header.Get("SND_DATE"), "outermost values win")
	require.Equal(t, "gateway", m.Header.Get("VIA"))
	require.Equal(t, "ТОВ Приклад", m.Header.Get("RCV_NAME"), "inner fields are merged")
	require.Equal(t, "20230606002000", m.Layers[2].Container.Header.Get("SND_DATE"), "and kept per layer")

	_, err = transport.Wrap([]byte("no message"), gateway, nil, nil)
	require.ErrorIs(t, err, transport.ErrFormat)
}

// TestCheckStructure is the intermediary: no key is at hand.
func TestCheckStructure(t *testing.T) {
	p := parties(t)
	message, err := transport.Pack(report(t), full(p))
	require.NoError(t, err)
	check := func(data []byte) (*transport.Message, error) {
		return transport.CheckStructure(context.Background(), data, nil)
	}
	m, err := check(message)
	require.NoError(t, err)
	require.Nil(t, m.Document)
	require.Empty(t, m.Officials)
	require.Equal(t, []string{"Печатка"}, commonNames(m.Transport))
	require.Equal(t, transport.KindEnveloped, m.Layers[len(m.Layers)-1].Kind)
	require.Len(t, m.Layers[len(m.Layers)-1].Envelope.Recipients, 1)

	s, err := cms.ParseSigned(outerCMS(t, message))
	require.NoError(t, err)
	broken := flip(t, message, s.Signers[0].Signature, 5)
	m, err = check(broken)
	require.Error(t, err)
	require.Equal(t, validation.SigCryptoFailure, m.Report.Code)
	require.Equal(t, validation.Passed, m.Layers[3].Report.Verdict, "the envelope was reached")

	m, err = check(message[:len(message)-1])
	require.ErrorIs(t, err, transport.ErrFormat)
	require.Equal(t, validation.FormatFailure, m.Report.Code)
}

// outerCMS returns the CMS object of the outermost signature.
func outerCMS(t testing.TB, message []byte) []byte {
	c, err := transport.Parse(message)
	require.NoError(t, err)
	return c.Sections[0].Content
}

// build makes the message of the test by hand: sections over sections.
type build struct {
	t    testing.TB
	data []byte
}

func (b *build) framed(label string, content []byte) {
	c := transport.Container{Sections: []transport.Section{{Label: label, Content: content}}}
	data, err := c.MarshalBinary()
	require.NoError(b.t, err)
	b.data = data
}

func (b *build) sign(id *testca.Identity) *cms.SignedData {
	der, err := cms.Sign(b.data, []cms.Signer{signerOf(id)}, nil)
	require.NoError(b.t, err)
	s, err := cms.ParseSigned(der)
	require.NoError(b.t, err)
	b.framed(transport.LabelSign, der)
	return s
}

func (b *build) encrypt(id *testca.Identity) *cms.EnvelopedData {
	der, err := cms.Encrypt(b.data, []*pkix.Certificate{id.Agreement.Certificate}, nil)
	require.NoError(b.t, err)
	e, err := cms.ParseEnveloped(der)
	require.NoError(b.t, err)
	b.framed(transport.LabelCrypt, der)
	return e
}

// TestFlip damages one octet in one layer, before the next layer is put around it, and sees that
// exactly this layer fails.
func TestFlip(t *testing.T) {
	p := parties(t)
	for broken, code := range map[string]validation.Code{
		"":                     "",
		"accountant signature": validation.SigCryptoFailure,
		"accountant content":   validation.HashFailure,
		"director signature":   validation.SigCryptoFailure,
		"seal signature":       validation.SigCryptoFailure,
		"wrapped key":          validation.DecryptionFailure,
		"outer signature":      validation.SigCryptoFailure,
	} {
		t.Run(broken, func(t *testing.T) {
			doc := report(t)
			b := &build{t: t, data: doc}
			damage := func(name string, part []byte) {
				if name == broken {
					b.data = flip(t, b.data, part, len(part)/2)
				}
			}
			s := b.sign(p.accountant)
			damage("accountant signature", s.Signers[0].Signature)
			damage("accountant content", doc)
			damage("director signature", b.sign(p.director).Signers[0].Signature)
			damage("seal signature", b.sign(p.seal).Signers[0].Signature)
			damage("wrapped key", b.encrypt(p.centre).Recipients[0].EncryptedKey)
			damage("outer signature", b.sign(p.gateway).Signers[0].Signature)

			m, err := open(b.data, opens(p.centre))
			if broken == "" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			require.Equal(t, code, m.Report.Code)
			failed := map[string]int{
				"outer signature": 1, "wrapped key": 3, "seal signature": 5, "director signature": 7,
				"accountant signature": 9, "accountant content": 9,
			}[broken]
			for i, l := range m.Layers {
				if (l.Report.Verdict == validation.Passed) == (i == failed) {
					t.Errorf("layer %d (%s %s): %v", i, l.Kind, l.Label, l.Report.Verdict)
				}
			}
			if broken == "wrapped key" {
				require.ErrorIs(t, err, cms.ErrDecryption)
				require.Nil(t, m.Document)
				return
			}
			require.Len(t, m.Officials, 3)
			require.Len(t, m.Document, len(doc), "inner layers are returned all the same")
		})
	}
}
