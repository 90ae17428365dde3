package pkix_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/pkix"
)

// members returns certificates of one size class.
func members(t testing.TB, n int) []*pkix.Certificate {
	key := newKey(t, curveSmall, 1)
	var list []*pkix.Certificate
	for i := range n {
		list = append(list, issue(t, template("Установа "+string(rune('А'+i)), int64(i+1)), nil, nil, key))
	}
	return list
}

func concatenated(list []*pkix.Certificate) []byte {
	var out []byte
	for _, c := range list {
		out = append(out, c.Raw...)
	}
	return out
}

// p7b returns a degenerate SignedData, in DER.
func p7b(t testing.TB, set []byte) []byte {
	data := sequence(unhex(t, "06092a864886f70d010701"))
	sd := sequence([]byte{2, 1, 1}, element(cbasn1.SET), data, element(0xa0, set), element(cbasn1.SET))
	return sequence(unhex(t, "06092a864886f70d010702"), element(0xa0, sd))
}

// berP7B is the same with indefinite lengths outside the certificates.
func berP7B(t testing.TB, set []byte) []byte {
	indefinite := func(tag byte, contents ...[]byte) []byte {
		out := []byte{tag, 0x80}
		for _, c := range contents {
			out = append(out, c...)
		}
		return append(out, 0, 0)
	}
	data := indefinite(0x30, unhex(t, "06092a864886f70d010701"))
	sd := indefinite(0x30, []byte{2, 1, 1}, element(cbasn1.SET), data, indefinite(0xa0, set), element(cbasn1.SET))
	return indefinite(0x30, unhex(t, "06092a864886f70d010702"), indefinite(0xa0, sd))
}

func pemOf(label string, blocks ...[]byte) []byte {
	var out []byte
	for _, b := range blocks {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: label, Bytes: b})...)
	}
	return out
}

// takeInner returns the SignedData of a ContentInfo.
func takeInner(t testing.TB, info []byte) []byte {
	t.Helper()
	s := cryptobyte.String(info)
	var body, explicit cryptobyte.String
	require.True(t, s.ReadASN1(&body, cbasn1.SEQUENCE) && body.SkipASN1(cbasn1.OBJECT_IDENTIFIER) && body.ReadASN1(&explicit, 0xa0))
	return explicit
}

func TestBundleForms(t *testing.T) {
	list := members(t, 3)
	der := concatenated(list)
	var raws [][]byte
	for _, c := range list {
		raws = append(raws, c.Raw)
	}
	b64 := func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) }
	wrapped := bytes.Join([][]byte{b64(p7b(t, der))[:64], b64(p7b(t, der))[64:]}, []byte("\r\n"))
	for name, data := range map[string][]byte{
		"DER one after another":  der,
		"p7b":                    p7b(t, der),
		"p7b in BER":             berP7B(t, der),
		"PEM":                    pemOf("CERTIFICATE", raws...),
		"PEM among text":         append([]byte("subject=/O=x\n"), append(pemOf("CERTIFICATE", raws...), "\nend"...)...),
		"PEM with a byte order":  append([]byte("\xef\xbb\xbf"), pemOf("CERTIFICATE", raws...)...),
		"PEM of p7b":             pemOf("PKCS7", p7b(t, der)),
		"PEM beside a key":       append(pemOf("PRIVATE KEY", []byte("secret")), pemOf("X509 CERTIFICATE", raws...)...),
		"PEM with CRLF":          bytes.ReplaceAll(pemOf("CERTIFICATE", raws...), []byte("\n"), []byte("\r\n")),
		"PEM with headers":       pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Headers: map[string]string{"X": "y"}, Bytes: der}),
		"PEM, several in one":    pemOf("CERTIFICATE", der),
		"Base64 of DER":          b64(der),
		"Base64 of p7b":          append(b64(p7b(t, der)), '\n'),
		"Base64 in lines":        wrapped,
		"Base64 unpadded":        bytes.TrimRight(b64(der), "="),
		"SignedData bare":        takeInner(t, p7b(t, der)),
		"zeros and lines behind": append(bytes.Clone(der), 0, 0, '\r', '\n'),
		"padded members":         bytes.Join(raws, make([]byte, 5)),
		"p7b with a line end":    append(p7b(t, der), '\n'),
		"PEM in one line":        bytes.ReplaceAll(pemOf("CERTIFICATE", raws...), []byte("\n"), []byte(" ")),
		"PEM, lines indented":    bytes.ReplaceAll(pemOf("CERTIFICATE", raws...), []byte("\n"), []byte("\n\t")),
		"PEM with CR alone":      bytes.ReplaceAll(pemOf("CERTIFICATE", raws...), []byte("\n"), []byte("\r")),
		"p7b and certificates":   append(p7b(t, list[0].Raw), concatenated(list[1:])...),
	} {
		b, err := pkix.ParseBundle(data)
		require.NoError(t, err, name)
		require.Empty(t, b.Failed, name)
		require.Equal(t, len(list), len(b.Certificates), name)
		for i, c := range b.Certificates {
			require.True(t, c.Equal(list[i]), name)
		}
	}
}

func TestBundleNothing(t *testing.T) {
	empty, err := pkix.ParseBundle(p7b(t, nil))
	require.NoError(t, err, "a SignedData without certificates")
	require.Empty(t, empty.Certificates)
	bare := sequence(unhex(t, "06092a864886f70d010702"), element(0xa0, sequence([]byte{2, 1, 1}, element(cbasn1.SET), sequence(unhex(t, "06092a864886f70d010701")), element(cbasn1.SET))))
	_, err = pkix.ParseBundle(bare)
	require.NoError(t, err, "without the field")
	_, err = pkix.ParseBundle(sequence([]byte{2, 1, 1}, element(cbasn1.SET), sequence(unhex(t, "06092a864886f70d010701")), element(0xa1), element(cbasn1.SET)))
	require.NoError(t, err, "revocation lists alone")
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("hello, world"), "spaces": []byte(" \n"), "rubbish": {0x30, 0x82, 1, 2, 3},
		"zeros": make([]byte, 300), "a key in PEM": pemOf("PRIVATE KEY", []byte{1}), "a BEGIN alone": []byte("-----BEGIN CERTIFICATE-----\nAAAA"),
		"bare EnvelopedData":        sequence([]byte{2, 1, 2}, element(cbasn1.SET, sequence()), sequence(unhex(t, "06092a864886f70d010701"), sequence(), element(0x80, []byte{1}))),
		"EnvelopedData, attributes": sequence([]byte{2, 1, 2}, element(cbasn1.SET, sequence()), sequence(unhex(t, "06092a864886f70d010701"), sequence(), element(0x80, []byte{1})), element(0xa1)),
		"no SignedData":             sequence([]byte{2, 1, 1}, element(cbasn1.SET), element(cbasn1.SET), element(0xa0)),
		"two half headers":          []byte("-----BEGIN -----BEGIN \n-----"), "a sequence": sequence(sequence(), sequence()),
	} {
		b, err := pkix.ParseBundle(data)
		require.ErrorIs(t, err, pkix.ErrNoCertificate, name)
		require.NotNil(t, b, name)
		require.Empty(t, b.Certificates, name)
	}
}

// TestBundleDamage changes every octet of one member in every kind of bundle: the others are
// read, the damaged one is not or is another certificate.
func TestBundleDamage(t *testing.T) {
	list := members(t, 3)
	whole := concatenated(list)
	start, n := len(list[0].Raw), len(list[1].Raw)
	for at := range n {
		for _, bit := range []byte{1, 0x80} {
			if at > 64 && bit != 1 {
				continue // behind the headers any change will do
			}
			bad := bytes.Clone(whole)
			bad[start+at] ^= bit
			for name, data := range map[string][]byte{"DER": bad, "p7b": p7b(t, bad), "BER": berP7B(t, bad)} {
				b, err := pkix.ParseBundle(data)
				require.NoError(t, err)
				var first, last bool
				for _, c := range b.Certificates {
					first = first || c.Equal(list[0])
					last = last || c.Equal(list[2])
					require.False(t, c.Equal(list[1]))
				}
				require.True(t, first && last, "%s: octet %d ^ %#x: %d certificates, failed %v", name, at, bit, len(b.Certificates), b.Failed)
				require.GreaterOrEqual(t, len(b.Certificates)+len(b.Failed), 3)
			}
		}
	}
}

// TestBundleFailed: what failed is said.
func TestBundleFailed(t *testing.T) {
	list := members(t, 3)
	bad := bytes.Clone(list[1].Raw)
	bad[len(bad)-80] ^= 0xff // somewhere behind the fields: still a certificate or not
	bad[9] ^= 0xff           // the version
	data := append(append(bytes.Clone(list[0].Raw), bad...), list[2].Raw...)
	for name, in := range map[string][]byte{"DER": data, "p7b": p7b(t, data), "PEM": pemOf("CERTIFICATE", list[0].Raw, bad, list[2].Raw)} {
		b, err := pkix.ParseBundle(in)
		require.NoError(t, err, name)
		require.Len(t, b.Certificates, 2, name)
		require.Len(t, b.Failed, 1, name)
		require.Equal(t, 1, b.Failed[0].Index, name)
		require.Equal(t, bad, b.Failed[0].Raw, name)
		require.ErrorContains(t, b.Failed[0], "member 1: pkix: der: certificate", name)
		require.Error(t, b.Failed[0].Unwrap())
	}

	// a block that is not Base64, and one without an end
	text := bytes.Replace(pemOf("CERTIFICATE", list[0].Raw, list[1].Raw), []byte("MII"), []byte("M!I"), 1)
	text = append([]byte("-----BEGIN CERTIFICATE-----\nMIIB\n"), text...)
	b, err := pkix.ParseBundle(text)
	require.NoError(t, err)
	require.Len(t, b.Certificates, 1)
	require.Len(t, b.Failed, 2)

	// an attribute certificate among the others
	b, err = pkix.ParseBundle(p7b(t, append(element(0xa1, sequence()), list[0].Raw...)))
	require.NoError(t, err)
	require.Len(t, b.Certificates, 1)
	require.Len(t, b.Failed, 1)
	require.ErrorIs(t, b.Failed[0].Err, pkix.ErrUnsupported)

	// only a damaged one
	b, err = pkix.ParseBundle(bad)
	require.ErrorIs(t, err, pkix.ErrNoCertificate)
	require.Len(t, b.Failed, 1)
}

// TestBundleHostile: a megabyte of beginnings of certificates is given up in time.
func TestBundleHostile(t *testing.T) {
	inner := sequence(bytes.Repeat([]byte{0x30, 0x81, 0x80, 0x30, 0x10}, 200000))
	b, err := pkix.ParseBundle(inner)
	require.ErrorIs(t, err, pkix.ErrNoCertificate)
	require.NotEmpty(t, b.Failed)
	require.Less(t, len(b.Failed), 1100)
	size := 0
	for _, f := range b.Failed {
		size += len(f.Raw)
	}
	require.LessOrEqual(t, size, len(inner), "failed members do not overlap")
}

// TestBundleLinear: damaged input takes work in proportion to its length; quadratic, this takes
// minutes.
func TestBundleLinear(t *testing.T) {
	var nested []byte
	for n := 4 << 20; len(nested) < 5000; n -= 5 {
		nested = append(nested, 0x30, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	nested = append(nested, make([]byte, 4<<20+5-len(nested)+1)...) // one octet behind it
	for name, data := range map[string][]byte{
		"blocks without end":             bytes.Repeat([]byte("-----BEGIN A-----"), 1<<16),
		"certificate blocks without end": bytes.Repeat([]byte("-----BEGIN CERTIFICATE-----\n"), 1<<16),
		"beginnings inside each other":   nested,
	} {
		t.Run(name, func(t *testing.T) {
			octets, _ := cryptotest.Allocated(func() {
				_, err := pkix.ParseBundle(data)
				require.ErrorIs(t, err, pkix.ErrNoCertificate)
			})
			require.Less(t, octets, uint64(50*len(data)))
		})
	}
}
