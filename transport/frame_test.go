package transport_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/transport"
)

// section writes one plain section independently of the package.
func section(label, content string) string {
	return label + "\x00" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(content)))) + content
}

func TestParseRoundTrip(t *testing.T) {
	type want = transport.Section
	sec := func(label, content string) want { return want{Label: label, Content: []byte(content)} }
	for _, tt := range []struct {
		name     string
		data     string
		header   bool
		sections []want
	}{
		{"one section", section("UA1_SIGN", "abc"), false, []want{sec("UA1_SIGN", "abc")}},
		{"empty content", section("CLEAR", ""), false, []want{sec("CLEAR", "")}},
		{"empty header", section("TRANSPORTABLE", "\x00"), true, nil},
		{"header without NUL", section("TRANSPORTABLE", "A=1\r\n"), true, nil},
		{"header without CR LF", section("TRANSPORTABLE", "A=1"), true, nil},
		{"header of length 0", section("TRANSPORTABLE", ""), true, nil},
		{"header and two sections", section("TRANSPORTABLE", "A=1\r\n\x00") + section("CERTCRYPT", "c") + section("UA1_CRYPT", "e"),
			true, []want{sec("CERTCRYPT", "c"), sec("UA1_CRYPT", "e")}},
		{"header in a later place", section("CLEAR", "x") + section("TRANSPORTABLE", "A=1\r\n\x00"), false,
			[]want{sec("CLEAR", "x"), sec("TRANSPORTABLE", "A=1\r\n\x00")}},
		{"two headers", section("TRANSPORTABLE", "\x00") + section("TRANSPORTABLE", "A=1\r\n\x00"), true,
			[]want{sec("TRANSPORTABLE", "A=1\r\n\x00")}},
		{"odd label", section("a label, 19 letters", "x"), false, []want{sec("a label, 19 letters", "x")}},
		{"one-letter label", section("x", "y"), false, []want{sec("x", "y")}},
		{"another CA type, encrypted", section("USC_CRYPT", "abc"), false, []want{sec("USC_CRYPT", "abc")}},
		{"another CA type, signed, octet 02", "USC_SIGN\x00\x02\x03\x00\x00\x00abc", false,
			[]want{{Label: "USC_SIGN", Content: []byte("abc"), Form: transport.Marked}}},
		{"octet 02 and empty content", "QLB_SIGN\x00\x02\x00\x00\x00\x00", false,
			[]want{{Label: "QLB_SIGN", Content: []byte{}, Form: transport.Marked}}},
		{"another CA type, signed, without 02", section("USC_SIGN", "abc"), false, []want{sec("USC_SIGN", "abc")}},
		{"length of 2 without 02", section("USC_SIGN", "ab"), false, []want{sec("USC_SIGN", "ab")}},
		{"bare markers", "USC_SIGN\x00USC_CRYPT\x00" + section("UA1_SIGN", "abc"), false,
			[]want{{Label: "USC_SIGN", Form: transport.Bare}, {Label: "USC_CRYPT", Form: transport.Bare}, sec("UA1_SIGN", "abc")}},
		{"stamp", section("USC_STAMP", "abc"), false, []want{sec("USC_STAMP", "abc")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := transport.Parse([]byte(tt.data))
			require.NoError(t, err)
			require.Equal(t, tt.header, c.Header != nil)
			require.Len(t, c.Sections, len(tt.sections))
			for i, s := range c.Sections {
				require.Equal(t, tt.sections[i].Label, s.Label)
				require.Equal(t, tt.sections[i].Form, s.Form)
				require.Equal(t, string(tt.sections[i].Content), string(s.Content))
			}
			back, err := c.AppendBinary([]byte("before"))
			require.NoError(t, err)
			require.Equal(t, "before"+tt.data, string(back))
		})
	}
}

// TestObservedHeads repeats what the library of IIT writes around the content abc.
func TestObservedHeads(t *testing.T) {
	abc := []byte("abc")
	for want, s := range map[string]transport.Section{
		"UA1_SIGN\x00\x03\x00\x00\x00abc":     {Label: "UA1_SIGN", Content: abc},
		"UA1_CRYPT\x00\x03\x00\x00\x00abc":    {Label: "UA1_CRYPT", Content: abc},
		"CERTCRYPT\x00\x03\x00\x00\x00abc":    {Label: "CERTCRYPT", Content: abc},
		"USC_SIGN\x00\x02\x03\x00\x00\x00abc": {Label: "USC_SIGN", Content: abc, Form: transport.Marked},
		"USC_CRYPT\x00\x03\x00\x00\x00abc":    {Label: "USC_CRYPT", Content: abc},
	} {
		c := transport.Container{Sections: []transport.Section{s}}
		got, err := c.MarshalBinary()
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
}

func TestParseRefuses(t *testing.T) {
	long := strings.Repeat("A", 100)
	for _, tt := range []struct{ name, data, reason string }{
		{"nothing", "", "no sections"},
		{"no NUL", "UA1_SIGN", "no label"},
		{"text", "Some clear text, not framed at all", "no label"},
		{"DER", "\x30\x03\x02\x01\x00", "no label"},
		{"empty label", "\x00\x00\x00\x00\x00", "no label"},
		{"label of 20 characters", section("ABCDEFGHIJKLMNOPQRST", "x"), "no label"},
		{"control character in a label", section("UA1\tSIGN", "x"), "no label"},
		{"letter outside ASCII in a label", section("UA1\xc0", "x"), "no label"},
		{"no length", "UA1_SIGN\x00", "length is cut short"},
		{"three octets of length", "UA1_SIGN\x00\x01\x00\x00", "length is cut short"},
		{"one octet too few", "UA1_SIGN\x00\x04\x00\x00\x00abc", "longer than the data"},
		{"length ffffffff", "UA1_SIGN\x00\xff\xff\xff\xffabc", "longer than the data"},
		{"length of sign bit", "UA1_SIGN\x00\x00\x00\x00\x80abc", "longer than the data"},
		{"trailing octet", section("UA1_SIGN", "abc") + "\x00", "no label"},
		{"UA1_SIGN with octet 02", "UA1_SIGN\x00\x02\x03\x00\x00\x00abc", "longer than the data"},
		{"bare UA1_SIGN", "UA1_SIGN\x00" + section("UA1_SIGN", "abc"), "longer than the data"},
		{"bare marker at the end", "USC_SIGN\x00", "length is cut short"},
		{"51 sections", strings.Repeat(section("CLEAR", ""), 51), "too many sections"},
		{"1001 fields", section("TRANSPORTABLE", strings.Repeat("A=1\r\n", 1001)), "too many header fields"},
		{"long rubbish", long, "no label"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := transport.Parse([]byte(tt.data))
			require.ErrorIs(t, err, transport.ErrFormat)
			var fe *transport.FormatError
			require.ErrorAs(t, err, &fe)
			require.Equal(t, tt.reason, fe.Reason)
		})
	}
	_, err := transport.Parse([]byte(strings.Repeat(section("CLEAR", ""), 50)))
	require.NoError(t, err, "50 sections")
}

func TestParseNamesThePlace(t *testing.T) {
	_, err := transport.Parse([]byte(section("CLEAR", "abc") + "UA1_SIGN\x00\x09\x00\x00\x00x"))
	var fe *transport.FormatError
	require.ErrorAs(t, err, &fe)
	require.Equal(t, &transport.FormatError{Section: 1, Offset: 13, Label: "UA1_SIGN", Reason: "longer than the data"}, fe)
}

func TestPackedXML(t *testing.T) {
	_, err := transport.Parse([]byte("PACKED_XML\x00\x10\x00\x00\x00rest"))
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.NotErrorIs(t, err, transport.ErrFormat)
	var ue *transport.UnsupportedError
	require.ErrorAs(t, err, &ue)
}

func TestAppendBinaryRefuses(t *testing.T) {
	one := func(s transport.Section) *transport.Container {
		return &transport.Container{Sections: []transport.Section{s}}
	}
	zpost, err := transport.Parse([]byte(section("ZPOSTTRANSPORTABLE", "A=1\r\n\x00")))
	require.NoError(t, err)
	require.Equal(t, "1", zpost.Header.Get("A"), "ZPOSTTRANSPORTABLE is read")
	many := new(transport.Container)
	for range transport.MaxSections + 1 {
		many.Sections = append(many.Sections, transport.Section{Label: "CLEAR"})
	}
	for name, c := range map[string]*transport.Container{
		"nothing":                       {},
		"received as ZPOST":             zpost,
		"section ZPOST":                 one(transport.Section{Label: "ZPOSTTRANSPORTABLE"}),
		"empty label":                   one(transport.Section{}),
		"long label":                    one(transport.Section{Label: strings.Repeat("A", 20)}),
		"NUL in label":                  one(transport.Section{Label: "UA1\x00SIGN"}),
		"Cyrillic label":                one(transport.Section{Label: "ЗВІТ"}),
		"header as a section":           one(transport.Section{Label: "TRANSPORTABLE", Content: []byte{0}}),
		"02 before UA1_SIGN content":    one(transport.Section{Label: "UA1_SIGN", Form: transport.Marked, Content: []byte("abc")}),
		"02 before USC_CRYPT content":   one(transport.Section{Label: "USC_CRYPT", Form: transport.Marked, Content: []byte("abc")}),
		"bare marker at the end":        one(transport.Section{Label: "USC_SIGN", Form: transport.Bare}),
		"bare marker with content":      one(transport.Section{Label: "USC_SIGN", Form: transport.Bare, Content: []byte("x")}),
		"PACKED_XML as a label":         one(transport.Section{Label: "PACKED_XML"}),
		"more sections than are parsed": many,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.AppendBinary([]byte("kept"))
			require.Error(t, err)
			require.Equal(t, "kept", string(got))
		})
	}
}

func TestIsFramed(t *testing.T) {
	for data, want := range map[string]bool{
		section("UA1_SIGN", "abc"): true,
		section("ANYTHING", "abc"): true,
		"PACKED_XML\x00":           true,
		"":                         false,
		"0\x82\x04\x02\x00":        false,
		"<?xml version=\"1.0\"?>":  false,
		"plain text\nsecond line":  false,
	} {
		require.Equal(t, want, transport.IsFramed([]byte(data)), "%q", data)
	}
}

func TestParseSharesMemory(t *testing.T) {
	data := []byte(section("CLEAR", strings.Repeat("x", 1<<20)))
	require.LessOrEqual(t, testing.AllocsPerRun(10, func() { _, _ = transport.Parse(data) }), 5.0)
	forged := []byte("UA1_SIGN\x00\xff\xff\xff\x7fabc")
	require.LessOrEqual(t, testing.AllocsPerRun(10, func() { _, _ = transport.Parse(forged) }), 5.0)
}
