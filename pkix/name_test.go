package pkix_test

import (
	"encoding/asn1"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/pkix"
)

// attribute returns one RelativeDistinguishedName; id are content octets below 2.5.4.
func attribute(id byte, tag cbasn1.Tag, value string) []byte {
	return element(cbasn1.SET, sequence([]byte{6, 3, 0x55, 4, id}, element(tag, []byte(value))))
}

func parseName(t *testing.T, rdns ...[]byte) pkix.Name {
	t.Helper()
	raw := sequence(rdns...)
	n, err := pkix.ParseName(raw)
	require.NoError(t, err)
	again, err := n.Marshal()
	require.NoError(t, err)
	require.Equal(t, raw, again)
	return n
}

func TestNameStrings(t *testing.T) {
	n := parseName(t,
		attribute(10, cbasn1.UTF8String, "Є"), attribute(3, der.BMPString, "\x04\x04\x00!"),
		attribute(6, cbasn1.PrintableString, "UA"), attribute(4, cbasn1.T61String, "caf\xe9"))
	require.Equal(t, "O=Є, CN=Є!, C=UA, SN=café", n.String())
	require.Equal(t, "Є!", n.CommonName())
	require.Equal(t, "Є", n.Organization())
	require.Equal(t, "UA", n.Get(pkix.OIDCountry))
	require.Empty(t, n.Get(pkix.OIDTitle))
	require.Len(t, n.Attributes(), 4)

	// values that cannot be read are shown as they are, and do not fail the name
	n = parseName(t, attribute(3, cbasn1.UTF8String, "\xff"), attribute(45, cbasn1.BIT_STRING, "\x00a"), attribute(10, cbasn1.UTF8String, ""))
	require.Equal(t, "CN=#0c01ff, 2.5.4.45=#03020061, O=", n.String())

	// several attributes in one RDN, and a type with a large number
	large := []byte("\x06\x0b\x69\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f")
	n = parseName(t, element(cbasn1.SET, sequence([]byte{6, 3, 0x55, 4, 3}, []byte("\x0c\x01a")), sequence(large, []byte("\x0c\x01b"))))
	require.Equal(t, "CN=a + 2.25.1180591620717411303423=b", n.String())
}

// TestNameEscapes: a value cannot look like another name, or disturb a terminal.
func TestNameEscapes(t *testing.T) {
	for value, want := range map[string]string{
		"a, O=b": `CN=a\, O=b`, `q"u\o;te`: `CN=q\"u\\o\;te`, " x ": `CN=\ x\ `, "#1": `CN=\#1`, "1#": "CN=1#",
		"<+>": `CN=\<\+\>`, "a\x1b[2J\n": `CN=a\1b[2J\0a`, "a\u202eb": `CN=a\e2\80\aeb`, "": "CN=", "пр": "CN=пр",
	} {
		require.Equal(t, want, pkix.NewName(pkix.Attribute{Type: pkix.OIDCommonName, Value: value}).String())
	}
}

func TestNameEqual(t *testing.T) {
	a := parseName(t, attribute(3, cbasn1.UTF8String, "Test  Name"), attribute(6, cbasn1.PrintableString, "UA"))
	for i, b := range []pkix.Name{
		parseName(t, attribute(3, cbasn1.PrintableString, "test name"), attribute(6, cbasn1.UTF8String, "ua")),
		parseName(t, attribute(3, der.BMPString, "\x00T\x00E\x00S\x00T\x00 \x00N\x00A\x00M\x00E"), attribute(6, cbasn1.PrintableString, "UA")),
		parseName(t, attribute(3, cbasn1.UTF8String, " Test Name "), attribute(6, cbasn1.PrintableString, "UA")),
	} {
		require.True(t, a.Equal(b), i)
	}
	for i, b := range []pkix.Name{
		{},
		parseName(t, attribute(6, cbasn1.PrintableString, "UA"), attribute(3, cbasn1.UTF8String, "Test Name")),
		parseName(t, attribute(3, cbasn1.UTF8String, "TestName"), attribute(6, cbasn1.PrintableString, "UA")),
		parseName(t, attribute(3, cbasn1.UTF8String, "Test Name")),
		parseName(t, attribute(4, cbasn1.UTF8String, "Test Name"), attribute(6, cbasn1.PrintableString, "UA")),
		parseName(t, element(cbasn1.SET, attribute(3, cbasn1.UTF8String, "Test Name")[2:], attribute(6, cbasn1.PrintableString, "UA")[2:])),
	} {
		require.False(t, a.Equal(b), i)
	}
	// parts of the comparison cannot be forged by control characters or unreadable values
	forged := parseName(t, attribute(3, cbasn1.UTF8String, "Test Name\x00\x012.5.4.6=ua"))
	require.False(t, forged.Equal(a))
	require.False(t, parseName(t, attribute(3, cbasn1.UTF8String, "\x020c01ff")).Equal(parseName(t, attribute(3, cbasn1.UTF8String, "\xff"))))
}

func TestNameMarshal(t *testing.T) {
	n := pkix.NewName(
		pkix.Attribute{Type: pkix.OIDCommonName, Value: "A"},
		pkix.Attribute{Type: pkix.OIDCountry, Value: "UA"},
		pkix.Attribute{Type: pkix.OIDSerialNumber, Value: "номер"},
		pkix.Attribute{Type: pkix.OIDEmailAddress, Value: "a@b"},
	)
	raw, err := n.Marshal()
	require.NoError(t, err)
	back, err := pkix.ParseName(raw)
	require.NoError(t, err)
	require.True(t, n.Equal(back))
	var tags []byte
	for _, a := range back.Attributes() {
		tags = append(tags, a.Raw[0])
	}
	require.Equal(t, []byte{0x0c, 0x13, 0x0c, 0x16}, tags)

	empty, err := pkix.Name{}.Marshal()
	require.NoError(t, err)
	require.Equal(t, []byte{0x30, 0}, empty)
	two := pkix.Name{RDNs: [][]pkix.Attribute{n.Attributes()}}
	_, err = two.Marshal()
	require.Error(t, err)
	for _, bad := range [][]byte{nil, {0x30}, {0x30, 0, 0}, {0x31, 0}, sequence(element(cbasn1.SET)), sequence(element(cbasn1.SET, sequence([]byte{6, 1, 0x80}, []byte{5, 0})))} {
		_, err := pkix.ParseName(bad)
		require.Error(t, err)
	}
}

// TestNameLinear: sixteen times the attributes take about sixteen times the memory. What is
// quadratic without allocating would not come to an end.
func TestNameLinear(t *testing.T) {
	spend := func(n int) uint64 {
		raw := sequence([]byte(strings.Repeat(string(attribute(3, cbasn1.UTF8String, strings.Repeat("є", 20))), n)))
		octets, _ := cryptotest.Allocated(func() {
			name, err := pkix.ParseName(raw)
			require.NoError(t, err)
			require.NotEmpty(t, name.String())
			require.True(t, name.Equal(name))
		})
		return octets
	}
	require.Less(t, spend(160_000), 32*spend(10_000))
}

func TestKeyUsage(t *testing.T) {
	require.Equal(t, []string{"digitalSignature", "nonRepudiation"}, (pkix.KeyUsageDigitalSignature | pkix.KeyUsageNonRepudiation).Names())
	require.Equal(t, "keyAgreement,decipherOnly", (pkix.KeyUsageKeyAgreement | pkix.KeyUsageDecipherOnly).String())
	require.Nil(t, pkix.KeyUsage(0).Names())
	key := newKey(t, curveSmall, 1)
	for u := pkix.KeyUsage(1); u < 1<<9; u++ {
		tmpl := template("x", 1)
		tmpl.KeyUsage = u
		if u > 16 && u%37 != 0 {
			continue
		}
		c := issue(t, tmpl, nil, nil, key)
		require.Equal(t, u, c.KeyUsage)
		e, _ := c.Extension(asn1.ObjectIdentifier{2, 5, 29, 15})
		last := e.Value[len(e.Value)-1]
		require.NotZero(t, last&(1<<e.Value[2]), "the last bit is set")
	}
}
