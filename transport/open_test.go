package transport_test

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
	"github.com/ukrcrypto/dstu/validation"
)

func TestOpenForms(t *testing.T) {
	p := parties(t)
	doc := report(t)
	der, err := cms.Sign(doc, []cms.Signer{signerOf(p.accountant)}, nil)
	require.NoError(t, err)
	b64 := base64.StdEncoding.EncodeToString(der)
	for name, data := range map[string]string{
		"DER":                string(der),
		"section":            section("UA1_SIGN", string(der)),
		"another CA type":    "USC_SIGN\x00\x02" + section("", string(der))[1:],
		"header, section":    section("TRANSPORTABLE", "A=1\r\n\x00") + section("UA1_SIGN", string(der)),
		"bare marker":        "USC_SIGN\x00" + section("UA1_SIGN", string(der)),
		"Base64":             b64,
		"Base64, no padding": strings.TrimRight(b64, "="),
		"Base64 in lines":    b64[:64] + "\r\n" + b64[64:] + "\n",
		"Base64 of message":  base64.StdEncoding.EncodeToString([]byte(section("UA1_SIGN", string(der)))),
		"stamp beside":       section("UA1_SIGN", string(der)) + section("USC_STAMP", "stamp"),
	} {
		t.Run(name, func(t *testing.T) {
			m, err := open([]byte(data), nil)
			require.NoError(t, err)
			require.Equal(t, doc, m.Document)
			require.Equal(t, []string{"Бухгалтер"}, commonNames(m.Officials))
		})
	}
}

// TestOpenClear opens what nobody signed: the document is there, the verdict is open.
func TestOpenClear(t *testing.T) {
	for name, tt := range map[string]struct{ data, document string }{
		"text":                   {"some text", "some text"},
		"nothing":                {"", ""},
		"digit 0 begins":         {"0123456789 is not DER", "0123456789 is not DER"},
		"CLEAR section":          {section("CLEAR", "abc"), "abc"},
		"DOCUMENT section":       {section("TRANSPORTABLE", "\x00") + section("DOCUMENT", "abc"), "abc"},
		"empty DOCUMENT":         {section("DOCUMENT", ""), ""},
		"UTF-16 text":            {"t\x00e\x00x\x00t\x00", "t\x00e\x00x\x00t\x00"},
		"an early NUL":           {"SQLite format 3\x00\x10\x00\x01\x01\x00", "SQLite format 3\x00\x10\x00\x01\x01\x00"},
		"Base64 of a text":       {"c29tZSB0ZXh0", "c29tZSB0ZXh0"},
		"opaque section in text": {section("CLEAR", section("CLEAR", "abc")), section("CLEAR", "abc")},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := open([]byte(tt.data), nil)
			require.Error(t, err)
			require.Equal(t, validation.NoSigners, m.Report.Code)
			require.Equal(t, validation.Indeterminate, m.Report.Verdict)
			require.NotNil(t, m.Document)
			require.Equal(t, tt.document, string(m.Document))
		})
	}
}

func TestOpenMalformed(t *testing.T) {
	p := parties(t)
	der, err := cms.Sign([]byte("doc"), []cms.Signer{signerOf(p.accountant)}, nil)
	require.NoError(t, err)
	for name, data := range map[string]string{
		"cut section":             section("UA1_SIGN", string(der))[:100],
		"cut DER":                 string(der[:len(der)-1]),
		"cut DER in a section":    section("UA1_SIGN", string(der[:len(der)-1])),
		"text in UA1_SIGN":        section("UA1_SIGN", "text"),
		"text in UA1_CRYPT":       section("UA1_CRYPT", "text"),
		"empty UA1_SIGN":          section("UA1_SIGN", ""),
		"header only":             section("TRANSPORTABLE", "A=1\r\n\x00"),
		"certificate only":        section("CERTCRYPT", string(p.seal.Agreement.Certificate.Raw)),
		"ContentInfo and no more": "\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
	} {
		t.Run(name, func(t *testing.T) {
			m, err := open([]byte(data), nil)
			require.Error(t, err)
			require.Equal(t, validation.FormatFailure, m.Report.Code)
			require.Equal(t, validation.Failed, m.Report.Verdict)
			require.Nil(t, m.Document)
		})
	}
	t.Run("PACKED_XML", func(t *testing.T) {
		m, err := open([]byte("PACKED_XML\x00\x10\x00\x00\x00"), nil)
		var ue *transport.UnsupportedError
		require.ErrorAs(t, err, &ue)
		require.Equal(t, validation.AlgorithmUnsupported, m.Report.Code)
	})
	t.Run("CERTCRYPT is no certificate", func(t *testing.T) {
		m, err := open([]byte(section("CERTCRYPT", "0")+section("UA1_SIGN", string(der))), nil)
		require.Error(t, err)
		require.Equal(t, validation.CertificateUnusable, m.Report.Code)
		require.Equal(t, "doc", string(m.Document))
	})
	t.Run("content that is not looked at", func(t *testing.T) {
		m, err := open([]byte(section("UA1_SIGN", string(der))+section("CLEAR", "unsigned")), nil)
		require.Error(t, err)
		require.Equal(t, validation.Indeterminate, m.Report.Verdict)
		require.Equal(t, "doc", string(m.Document))
	})
}

func TestOpenParallelSigners(t *testing.T) {
	p := parties(t)
	b := &build{t: t, data: report(t)}
	der, err := cms.Sign(b.data, []cms.Signer{signerOf(p.accountant), signerOf(p.director)}, nil)
	require.NoError(t, err)
	b.framed(transport.LabelSign, der)
	b.sign(p.seal)
	b.encrypt(p.centre)
	m, err := open(b.data, opens(p.centre))
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"Бухгалтер", "Директор"}, commonNames(m.Officials[:2]))
	require.Equal(t, "Печатка", m.Officials[2].Certificate.Subject.CommonName())
	require.Empty(t, m.Transport)
}

// TestOpenBareSignedData is what IIT writes when it signs and envelopes in one step.
func TestOpenBareSignedData(t *testing.T) {
	p := parties(t)
	for name, bare := range map[string]bool{"bare SignedData": true, "whole ContentInfo": false} {
		t.Run(name, func(t *testing.T) {
			inner, err := cms.Sign(report(t), []cms.Signer{signerOf(p.director)}, &cms.SignOptions{OmitContentInfo: bare})
			require.NoError(t, err)
			o := new(cms.EncryptOptions)
			if bare {
				o.ContentType = cms.ContentTypeSignedData
			}
			der, err := cms.Encrypt(inner, []*pkix.Certificate{p.centre.Agreement.Certificate}, o)
			require.NoError(t, err)
			m, err := open([]byte(section("UA1_CRYPT", string(der))), opens(p.centre))
			require.NoError(t, err)
			require.Equal(t, report(t), m.Document)
			require.Equal(t, []string{"Директор"}, commonNames(m.Officials))
		})
	}
}

// TestOpenBareSections leaves ContentInfo out inside of sections, whose labels say what they hold.
func TestOpenBareSections(t *testing.T) {
	p := parties(t)
	inner, err := cms.Sign(report(t), []cms.Signer{signerOf(p.director)}, &cms.SignOptions{OmitContentInfo: true})
	require.NoError(t, err)
	env, err := cms.Encrypt([]byte(section("UA1_SIGN", string(inner))), []*pkix.Certificate{p.centre.Agreement.Certificate}, nil)
	require.NoError(t, err)
	outer, _, err := ber.ReadElement(env)
	require.NoError(t, err)
	fields, err := outer.Children(2)
	require.NoError(t, err)
	m, err := open([]byte(section("UA1_CRYPT", string(fields[1].Body))), opens(p.centre))
	require.NoError(t, err)
	require.Equal(t, report(t), m.Document)
	require.Equal(t, []string{"Директор"}, commonNames(m.Officials))

	for _, label := range []string{"UA1_SIGN", "UA1_CRYPT"} {
		m, err = open([]byte(section(label, "0 is no CMS object")), nil)
		require.Error(t, err)
		require.Equal(t, validation.FormatFailure, m.Report.Code)
		require.Nil(t, m.Document)
	}
}

// TestOpenMissingCertificate leaves the certificate to the caller.
func TestOpenMissingCertificate(t *testing.T) {
	p := parties(t)
	der, err := cms.Sign(report(t), []cms.Signer{signerOf(p.director)}, &cms.SignOptions{OmitCertificates: true})
	require.NoError(t, err)
	data := []byte(section("UA1_SIGN", string(der)))
	m, err := open(data, nil)
	require.Error(t, err)
	require.Equal(t, validation.NoSigningCertificate, m.Report.Code)
	require.Equal(t, report(t), m.Document)
	require.Equal(t, []string{"?"}, commonNames(m.Officials))

	m, err = open(data, &transport.OpenOptions{Certificates: pkix.NewPool(p.director.Signing.Certificate)})
	require.NoError(t, err)
	require.Equal(t, []string{"Директор"}, commonNames(m.Officials))
}

func TestOpenDetached(t *testing.T) {
	p := parties(t)
	der, err := cms.Sign(report(t), []cms.Signer{signerOf(p.director)}, &cms.SignOptions{Detached: true})
	require.NoError(t, err)
	m, err := open([]byte(section("UA1_SIGN", string(der))), nil)
	require.Error(t, err)
	require.Equal(t, validation.SignedDataNotFound, m.Report.Code)
	require.Nil(t, m.Document)
}

func TestOpenQLB(t *testing.T) {
	p := parties(t)
	doc := report(t)
	sig, err := cms.Sign(doc, []cms.Signer{signerOf(p.director)}, &cms.SignOptions{Detached: true})
	require.NoError(t, err)
	env, err := cms.Encrypt([]byte(section("UA1_SIGN", mustSign(t, doc))), []*pkix.Certificate{p.centre.Agreement.Certificate}, &cms.EncryptOptions{Sender: senderOf(p.seal)})
	require.NoError(t, err)
	item := func(tag, b string) string { return tag + section("", b)[1:] }
	hash := "\x20" + strings.Repeat("h", 32)
	cert := string(p.seal.Agreement.Certificate.Raw)

	t.Run("QLB_SIGN", func(t *testing.T) {
		m, err := open([]byte(section("QLB_SIGN", item("\x02", string(sig))+hash+"\x00\x00\x00\x00"+item("", string(doc)))), nil)
		require.NoError(t, err)
		require.Equal(t, doc, m.Document)
		require.Equal(t, []string{"Директор"}, commonNames(m.Officials))
	})
	t.Run("QLB_CRYPT", func(t *testing.T) {
		m, err := open([]byte(section("QLB_CRYPT", item("\x02", cert)+item("\x02", string(env))+hash)), opens(p.centre))
		require.NoError(t, err)
		require.Equal(t, doc, m.Document)
		require.Len(t, m.SenderCertificates, 1)
	})
	for name, content := range map[string]string{
		"unknown item":     "\x07\x01\x00\x00\x00",
		"item too long":    "\x02\xff\xff\xff\xff",
		"one item":         item("\x02", string(sig)),
		"three items":      item("\x02", "a") + item("\x02", "b") + item("\x02", "c"),
		"hash cut":         item("\x02", "a") + "\x20abc",
		"nothing":          "",
		"items are no CMS": item("\x02", "a") + item("\x02", "b"),
	} {
		t.Run(name, func(t *testing.T) {
			for _, label := range []string{"QLB_SIGN", "QLB_CRYPT"} {
				m, err := open([]byte(section(label, content)), nil)
				require.Error(t, err)
				require.Equal(t, validation.Failed, m.Report.Verdict)
				require.Nil(t, m.Document)
			}
		})
	}
}

func mustSign(t testing.TB, doc []byte) string {
	der, err := cms.Sign(doc, []cms.Signer{signerOf(parties(t).director)}, nil)
	require.NoError(t, err)
	return string(der)
}

func TestOpenDepth(t *testing.T) {
	b := &build{t: t, data: []byte("doc")}
	for range transport.MaxDepth {
		b.sign(parties(t).director)
	}
	m, err := open(b.data, nil)
	require.NoError(t, err)
	require.Len(t, m.Officials, transport.MaxDepth)
	b.sign(parties(t).director)
	m, err = open(b.data, nil)
	require.ErrorIs(t, err, transport.ErrFormat)
	require.Nil(t, m.Document)
	require.Len(t, m.Officials, transport.MaxDepth)
}

func TestOpenContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m, err := transport.Open(ctx, []byte(section("UA1_SIGN", mustSign(t, nil))), nil)
	require.ErrorIs(t, err, context.Canceled)
	require.NotNil(t, m)
}

// TestOpenMemory bounds what Open allocates: a fixed number of copies a layer, and nothing by
// declared length.
func TestOpenMemory(t *testing.T) {
	p := parties(t)
	doc := make([]byte, 4<<20)
	o := full(p)
	message, err := transport.Pack(doc, o)
	require.NoError(t, err)
	const layers = 5
	grown, _ := cryptotest.Allocated(func() {
		m, err := open(message, opens(p.centre))
		require.NoError(t, err)
		require.Len(t, m.Document, len(doc))
	})
	require.Less(t, grown, uint64(10*layers*len(doc)), "octets allocated")

	forged := append([]byte("UA1_SIGN\x00"), 0, 0, 0, 0x7f)
	forged = append(forged, 0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02)
	for range 2 {
		grown, _ := cryptotest.Allocated(func() { _, _ = open(forged, nil) })
		require.Less(t, grown, uint64(1<<20))
		binary.LittleEndian.PutUint32(forged[9:], uint32(len(forged)-13))
	}
}
