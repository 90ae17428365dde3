//go:build interop

package interop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

var report = []byte("<?xml version=\"1.0\" encoding=\"windows-1251\"?><DECLAR><DECLARHEAD/></DECLAR>\r\n")

// headers reads the header of a message as jkurwa reports it: values are octets shown as Latin-1.
func headers(t *testing.T, text []byte) map[string]string {
	t.Helper()
	fields := map[string]string{}
	require.NoError(t, json.Unmarshal(text, &fields))
	return fields
}

func TestJkurwaOpensReports(t *testing.T) {
	p := node.need(t)
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			a := authority(t, &profile.o)
			from, to := couple(t, a)
			director, seal := issue(t, a, "Директор"), issue(t, a, "Печатка")
			message, err := transport.Pack(report, &transport.PackOptions{
				Signers: []cms.Signer{signer(director.Signing), signer(seal.Signing)},
				Envelope: transport.Envelope{
					Recipients: []*pkix.Certificate{to.Agreement.Certificate}, Sender: sender(from.Agreement),
				},
				Header: transport.HeaderOptions{FileName: "15013225000000F0103305100000000151220151501.xml", Email: "user@example.com"},
			})
			require.NoError(t, err)

			sections := p.must(t, 3, "transport", message)
			fields := headers(t, sections[0])
			require.Equal(t, "UA1", fields["CERTYPE"])
			require.Equal(t, "15013225000000F0103305100000000151220151501.xml", fields["FILENAME"])
			require.Equal(t, "user@example.com", fields["RCV_EMAIL"])
			require.Equal(t, "12345678", fields["EDRPOU"])
			require.Len(t, fields["SND_DATE"], 14)
			require.Equal(t, "UA1_SIGN", string(sections[1]))

			// Header, transport signature, envelope, then the officials from the last to the first.
			key, cert := pkcs8(t, to.Agreement), to.Agreement.Certificate.Raw
			r := p.must(t, 6, "unwrap", message, nil, "k", key, "c", cert)
			require.Equal(t, report, r[0])
			require.Regexp(t, "^header ", string(r[1]))
			require.Regexp(t, "^signed Печатка ", string(r[2]))
			require.Equal(t, "encrypted", string(r[3]))
			require.Regexp(t, "^signed Печатка ", string(r[4]))
			require.Regexp(t, "^signed Директор ", string(r[5]))
		})
	}
}

// shortInside tells whether a signature in a message is short.
func shortInside(t *testing.T, message []byte, to []cms.Recipient, from *testca.Identity) bool {
	t.Helper()
	if bytes.Equal(message, report) {
		return false
	}
	container, err := transport.Parse(message)
	require.NoError(t, err)
	for _, section := range container.Sections {
		switch {
		case section.Signed():
			parsed, err := cms.ParseSigned(section.Content)
			require.NoError(t, err)
			return short(t, section.Content, from.Signing.Certificate.Curve.ScalarSize()) ||
				shortInside(t, parsed.Content, to, from)
		case section.Encrypted():
			inner, err := cms.Decrypt(section.Content, &cms.DecryptOptions{
				Recipients: to, Certificates: pkix.NewPool(from.Agreement.Certificate),
			})
			require.NoError(t, err)
			return shortInside(t, inner, to, from)
		}
	}
	return false
}

func TestReadReportsOfJkurwa(t *testing.T) {
	p := node.need(t)
	for _, profile := range profiles {
		t.Run(profile.name, func(t *testing.T) {
			from, to := couple(t, authority(t, &profile.o))
			fields := `{"CERTYPE":"UA1","EDRPOU":"12345678","FILENAME":"report.xml","RCV_EMAIL":"user@example.com"}`
			o := &transport.OpenOptions{Recipients: []cms.Recipient{recipient(to.Agreement)}}
			// See TestReadSignedDataOfJkurwa on short signatures.
			var message []byte
			for message == nil || shortInside(t, message, o.Recipients, from) {
				message = p.must(t, 1, "report", pkcs8(t, from.Signing), from.Signing.Certificate.Raw,
					pkcs8(t, from.Agreement), from.Agreement.Certificate.Raw, to.Agreement.Certificate.Raw, report, fields)[0]
			}
			opened, err := transport.Open(context.Background(), message, o)
			require.NoError(t, err)
			require.Equal(t, report, opened.Document)
			require.Len(t, opened.Officials, 1)
			require.True(t, opened.Officials[0].Certificate.Equal(from.Signing.Certificate))
			require.Len(t, opened.Transport, 1)
			require.Equal(t, "report.xml", opened.Header.Get(transport.KeyFileName))
			require.Equal(t, "user@example.com", opened.Header.Get(transport.KeyReceiverEmail))
			require.Len(t, opened.SenderCertificates, 1)
			require.True(t, opened.SenderCertificates[0].Equal(from.Agreement.Certificate))
		})
	}
}

func TestJkurwaFraming(t *testing.T) {
	p := node.need(t)
	s := &stream{seed: seed(t)}
	for range 20 {
		container := &transport.Container{Header: &transport.Header{}}
		args := []any{nil}
		fields := map[string]string{}
		for _, key := range []string{"CERTYPE", "FILENAME", "DOC_TYPE"}[:1+s.below(3)] {
			value := must(json.Marshal(s.draw(6)))
			fields[key] = string(bytes.Trim(value, `"`))
		}
		// Both write the fields in the order of the JSON text, which is sorted.
		text := must(json.Marshal(fields))
		for _, key := range []string{"CERTYPE", "DOC_TYPE", "FILENAME"} {
			if value, ok := fields[key]; ok {
				container.Header.Fields = append(container.Header.Fields, transport.Field{Key: key, Value: value})
			}
		}
		args[0] = text
		for _, label := range []string{"CERTCRYPT", "UA1_CRYPT", "UA1_SIGN", "DOCUMENT"}[:1+s.below(4)] {
			content := s.draw(1 + s.below(700))
			container.Sections = append(container.Sections, transport.Section{Label: label, Content: content})
			args = append(args, label, content)
		}
		theirs := p.must(t, 1, "frame", args...)[0]
		ours, err := container.MarshalBinary()
		require.NoError(t, err)
		require.Equal(t, theirs, ours)
		parsed, err := transport.Parse(theirs)
		require.NoError(t, err)
		require.Equal(t, container.Header.Fields, parsed.Header.Fields)
		require.Equal(t, container.Sections, parsed.Sections)
	}
}
