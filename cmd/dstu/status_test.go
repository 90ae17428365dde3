package main

import (
	"encoding/hex"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/corpus"
)

// TestInspectStatus says what is in revocation lists, OCSP messages and timestamps.
func TestInspectStatus(t *testing.T) {
	c, err := theCast()
	require.NoError(t, err)
	crl := signedObject(t, c, "crl")
	golden(t, "inspect-crl", ok(t, "inspect", "--json", crl).out)
	out := ok(t, "inspect", crl).out
	require.Contains(t, out, "CN=Печатка")
	require.Contains(t, out, "valid        2023-06-05T00:00:00Z to -\n")
	ocsp := signedObject(t, c, "ocsp")
	golden(t, "inspect-ocsp", ok(t, "inspect", "--json", ocsp).out)
	require.Contains(t, ok(t, "inspect", ocsp).out, "produced     2023-06-05T00:00:00Z\n")

	one, imprint := element(asn1.INTEGER, []byte{1}), element(asn1.OCTET_STRING, []byte("abc"))
	sha1 := seq(element(asn1.OBJECT_IDENTIFIER, []byte{0x2b, 0x0e, 3, 2, 0x1a}))
	request := write(t, filepath.Join(t.TempDir(), "f"), string(seq(one, seq(sha1, imprint), one)))
	golden(t, "inspect-tsp-request", ok(t, "inspect", "--json", request).out)
	require.Equal(t, request+": tsp request\n  imprint      SHA-1 616263\n  nonce        01\n", ok(t, "inspect", request).out)
	damaged := write(t, filepath.Join(t.TempDir(), "f"), string(seq(one, seq(sha1, imprint), element(asn1.OBJECT_IDENTIFIER, []byte{0x80}))))
	require.Equal(t, damaged+": tsp request\n", ok(t, "inspect", damaged).out)
}

// TestInspectStatusCorpus compares the facts of real ones.
func TestInspectStatusCorpus(t *testing.T) {
	dir := corpus.Find(t, "corpus")
	for _, item := range dir.Kind("crls", "tsp", "ocsp") {
		var want struct {
			Type       string
			Number     string  `json:"crl_number_hex"`
			Revoked    int     `json:"n_revoked"`
			ThisUpdate string  `json:"thisUpdate"`
			ProducedAt *string `json:"producedAt"`
			Imprint    string  `json:"imprint_hex"`
			Serial     *string `json:"serial_hex"`
			GenTime    *string `json:"genTime"`
			Policy     string
			Responses  []struct{ Serial, Status string }
		}
		item.Decode(t, &want)
		type stampFacts struct {
			Time    *string
			Serial  *string `json:"serial_hex"`
			Policy  *string
			Imprint string `json:"imprint_hex"`
		}
		got := decoded[[]struct {
			Type       string
			Number     string `json:"crl_number_hex"`
			Revoked    int    `json:"n_revoked"`
			ThisUpdate string `json:"this_update"`
			stampFacts
			Timestamp  *stampFacts
			ProducedAt *string `json:"produced_at"`
			Responses  []struct {
				Serial string `json:"serial_hex"`
				Status string
			}
		}](t, "inspect", filepath.Join(dir.Path, item.File))[0]
		switch got.Type {
		case typeCRL:
			require.Equal(t, []any{want.Number, want.Revoked, want.ThisUpdate}, []any{got.Number, got.Revoked, got.ThisUpdate}, item.File)
		case typeOCSPResponse:
			require.Equal(t, want.ProducedAt, got.ProducedAt, item.File)
			require.Len(t, got.Responses, len(want.Responses), item.File)
			for i, one := range want.Responses {
				require.Equal(t, []string{one.Serial, one.Status}, []string{got.Responses[i].Serial, got.Responses[i].Status}, item.File)
			}
		case typeTSPRequest:
			require.Equal(t, want.Imprint, got.Imprint, item.File)
		case typeTimestamp, typeTSPResponse:
			require.NotNil(t, got.Timestamp, item.File)
			require.Equal(t, stampFacts{want.GenTime, want.Serial, &want.Policy, want.Imprint}, *got.Timestamp, item.File)
		}
	}
}

// FuzzStatus reads data as all that describes it may.
func FuzzStatus(f *testing.F) {
	one, zero, at := element(asn1.INTEGER, []byte{1}), element(asn1.INTEGER, []byte{0}), element(asn1.GeneralizedTime, []byte("20230605000000.100Z"))
	algorithm, octets := seq(element(asn1.OBJECT_IDENTIFIER, []byte{0x2b, 0x0e, 3, 2, 0x1a})), element(asn1.OCTET_STRING, []byte("abc"))
	number := seq(element(asn1.OBJECT_IDENTIFIER, []byte{0x55, 0x1d, 20}), element(asn1.OCTET_STRING, one))
	f.Add(seq(seq(one, algorithm, seq(), at, at, seq(seq(one, at)), element(context0, seq(number)))))
	f.Add(seq(one, seq(algorithm, octets), one))
	f.Add(seq(one, element(asn1.OBJECT_IDENTIFIER, []byte{0x2a}), seq(algorithm, octets), one, at))
	f.Add(seq(seq(element(context1, seq()), at, seq(seq(seq(algorithm, octets, octets, one), element(asn1.Tag(0).ContextSpecific()), at))), algorithm))
	f.Add(seq(seq(zero), seq(element(asn1.OBJECT_IDENTIFIER, []byte{0x2a}), element(context0, seq()))))
	f.Fuzz(func(t *testing.T, data []byte) {
		var b strings.Builder
		if j := describeCRL(data); j != nil {
			if j.Revoked > len(data) {
				t.Errorf("%d entries in %d octets", j.Revoked, len(data))
			}
			j.write(&b)
		}
		if j := describeOCSP(data); j != nil {
			if len(j.Responses) > len(data) {
				t.Errorf("%d answers in %d octets", len(j.Responses), len(data))
			}
			j.write(&b)
		}
		for _, request := range []bool{false, true} {
			if j := describeStamp(data, request); j != nil {
				if hex.EncodedLen(len(data)) < len(j.Imprint) {
					t.Errorf("a digest of %d digits in %d octets", len(j.Imprint), len(data))
				}
				j.write(&b)
			}
		}
		describeStampResponse(data)
		for line := range strings.Lines(b.String()) {
			if !strings.HasPrefix(line, "  ") {
				t.Errorf("a line of its own: %q", line)
			}
		}
	})
}
