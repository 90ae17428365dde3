package transport_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/transport"
)

type fields = []transport.Field

func TestParseHeader(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       fields
	}{
		{"empty", "\x00", nil},
		{"no octets", "", nil},
		{"lower-case key", "filename=clear_file.txt\r\n\x00", fields{{"filename", "clear_file.txt"}}},
		{"equals sign in the value", "SUBJECT=a=b==\r\n\x00", fields{{"SUBJECT", "a=b=="}}},
		{"no final NUL", "A=1\r\nB=2\r\n", fields{{"A", "1"}, {"B", "2"}}},
		{"no final CR LF", "A=1\r\nB=2\x00", fields{{"A", "1"}, {"B", "2"}}},
		{"empty value", "EDRPOU=\r\n\x00", fields{{"EDRPOU", ""}}},
		{"repeated key", "A=1\r\nA=2\r\n\x00", fields{{"A", "1"}, {"A", "2"}}},
		{"no equals sign", "WORD\r\n\x00", fields{{"WORD", ""}}},
		{"empty line", "A=1\r\n\r\nB=2\r\n\x00", fields{{"A", "1"}, {"B", "2"}}},
		{"lone LF stays in the value", "A=1\nB=2\r\n\x00", fields{{"A", "1\nB=2"}}},
		{"LF for every CR LF", "A=1\nENCODING=WIN\nB=\xc2\xa9\n\x00", fields{{"A", "1"}, {"ENCODING", "WIN"}, {"B", "В©"}}},
		{"more NULs", "A=1\r\n\x00\x00\x00", fields{{"A", "1"}}},
		{"windows-1251", "RCV_NAME=\xc4\xcf \xc4\xb2\xdf\r\n\x00", fields{{"RCV_NAME", "ДП ДІЯ"}}},
		{"UTF-8", "RCV_NAME=ДП ДІЯ\r\n\x00", fields{{"RCV_NAME", "ДП ДІЯ"}}},
		{"windows-1251 that is valid UTF-8", "A=\xc2\xa9\r\n\x00", fields{{"A", "©"}}},
		{"the same with ENCODING=WIN", "A=\xc2\xa9\r\nENCODING=WIN\r\n\x00", fields{{"A", "В©"}, {"ENCODING", "WIN"}}},
		{"undefined octet", "A=\x98\r\n\x00", fields{{"A", "\ufffd"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, err := transport.ParseHeader([]byte(tt.text))
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(tt.want, h.Fields))
			back, err := h.AppendBinary([]byte("x"))
			require.NoError(t, err)
			require.Equal(t, "x"+tt.text, string(back), "a header as received is written as received")
		})
	}
}

func TestHeaderWrite(t *testing.T) {
	h := &transport.Header{Fields: fields{{"CERTYPE", "UA1"}, {"RCV_NAME", "ДП ДІЯ"}, {"EDRPOU", ""}}}
	got, err := h.AppendBinary(nil)
	require.NoError(t, err)
	require.Equal(t, "CERTYPE=UA1\r\nRCV_NAME=\xc4\xcf \xc4\xb2\xdf\r\nEDRPOU=\r\n\x00", string(got))

	got, err = new(transport.Header).AppendBinary(nil)
	require.NoError(t, err)
	require.Equal(t, "\x00", string(got), "an empty header is the NUL")
}

func TestHeaderWriteAfterChange(t *testing.T) {
	h, err := transport.ParseHeader([]byte("RCV_NAME=ДП\r\nA=1"))
	require.NoError(t, err)
	h.Set("A", "2")
	h.Set("B", "3")
	got, err := h.AppendBinary(nil)
	require.NoError(t, err)
	require.Equal(t, "RCV_NAME=\xc4\xcf\r\nA=2\r\nB=3\r\n\x00", string(got))
	require.Equal(t, "2", h.Get("A"))
	_, ok := h.Lookup("a")
	require.False(t, ok, "keys are case-sensitive")
}

func TestHeaderRefuses(t *testing.T) {
	for name, f := range map[string]transport.Field{
		"CR in value":        {"A", "1\r2"},
		"LF in value":        {"A", "1\n2"},
		"NUL in value":       {"A", "1\x002"},
		"CR LF in value":     {"A", "1\r\nRESULT=0"},
		"CR in key":          {"A\r", "1"},
		"NUL in key":         {"A\x00", "1"},
		"equals sign in key": {"A=B", "1"},
		"empty key":          {"", "1"},
		"emoji":              {"A", "\U0001f600"},
		"Chinese":            {"A", "漢"},
		"not UTF-8":          {"A", "\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			h := &transport.Header{Fields: fields{f}}
			got, err := h.AppendBinary([]byte("kept"))
			require.ErrorIs(t, err, transport.ErrHeader)
			require.Equal(t, "kept", string(got))
			c := transport.Container{Header: h}
			_, err = c.MarshalBinary()
			require.ErrorIs(t, err, transport.ErrHeader)
		})
	}
}

// TestHeaderAmbiguous writes a name whose windows-1251 octets happen to be UTF-8.
func TestHeaderAmbiguous(t *testing.T) {
	h := &transport.Header{Fields: fields{{"RCV_NAME", "В©"}}}
	_, err := h.AppendBinary(nil)
	require.ErrorIs(t, err, transport.ErrHeader)
	h.Set("ENCODING", "WIN")
	text, err := h.AppendBinary(nil)
	require.NoError(t, err)
	back, err := transport.ParseHeader(text)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(h.Fields, back.Fields))
}

func TestHeaderNil(t *testing.T) {
	var h *transport.Header
	require.Empty(t, h.Get("A"))
}

// TestHeaderText reads every value that windows-1251 can write back as it was.
func TestHeaderText(t *testing.T) {
	var b strings.Builder
	for c := 0x20; c < 0x100; c++ {
		if c != 0x98 && c != 0x7f {
			b.WriteByte(byte(c))
		}
	}
	h, err := transport.ParseHeader([]byte("A=" + b.String() + "\r\nENCODING=WIN\r\n\x00"))
	require.NoError(t, err)
	written, err := (&transport.Header{Fields: h.Fields}).AppendBinary(nil)
	require.NoError(t, err)
	require.Equal(t, "A="+b.String()+"\r\nENCODING=WIN\r\n\x00", string(written))
}
