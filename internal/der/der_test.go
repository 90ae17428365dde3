package der_test

import (
	"bytes"
	encodingasn1 "encoding/asn1"
	"errors"
	"math/big"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/der"
)

// TestPathAndOffset: a fault names the fields and the place.
func TestPathAndOffset(t *testing.T) {
	// SEQUENCE { SEQUENCE { INTEGER 1, BOOLEAN 01 } }
	data := []byte{0x30, 8, 0x30, 6, 2, 1, 1, 1, 1, 1}
	r := der.New(data, "root")
	list := r.Sequence("list")
	item := list.Item(0, asn1.SEQUENCE)
	if n := item.Int("n", 10); n != 1 {
		t.Errorf("n = %d", n)
	}
	item.Boolean("flag")
	err := r.Err()
	var fault *der.Error
	if !errors.As(err, &fault) || !errors.Is(err, der.ErrSyntax) {
		t.Fatalf("fault %v", err)
	}
	if fault.Path != "root.list[0].flag" || fault.Offset != 7 || !strings.Contains(err.Error(), "der: root.list[0].flag at 7") {
		t.Errorf("%v", err)
	}
	// a fault stops everything and is the only one
	if !item.Empty() || !list.Empty() || !r.Empty() || list.Int("later", 1) != 0 || r.End() != err {
		t.Error("reading went on")
	}
}

// TestOffsets reads an element at a known place.
func TestOffsets(t *testing.T) {
	data := []byte{0x30, 7, 2, 1, 5, 4, 2, 2, 0}
	r := der.New(data, "x")
	seq := r.Sequence("")
	if seq.Offset() != 2 {
		t.Errorf("offset %d", seq.Offset())
	}
	seq.Int("n", 9)
	if seq.Offset() != 5 {
		t.Errorf("offset %d", seq.Offset())
	}
	octets := seq.OctetString("o")
	in := seq.Inner("o", octets, seq.Offset()-len(octets))
	in.Integer("i")
	var fault *der.Error
	if !errors.As(r.Err(), &fault) || fault.Path != "x.o.i" || fault.Offset != 7 {
		t.Errorf("%v", r.Err())
	}
}

// TestStrict lists encodings that are BER but not DER, or nothing at all.
func TestStrict(t *testing.T) {
	read := map[string]func(*der.Reader){
		"any":     func(r *der.Reader) { r.Any("") },
		"seq":     func(r *der.Reader) { _ = r.Sequence("").End() },
		"bool":    func(r *der.Reader) { r.Boolean("") },
		"default": func(r *der.Reader) { r.DefaultFalse("") },
		"int":     func(r *der.Reader) { r.Integer("") },
		"uint":    func(r *der.Reader) { r.Unsigned("") },
		"small":   func(r *der.Reader) { r.Int("", 255) },
		"null":    func(r *der.Reader) { r.Null("") },
		"bits":    func(r *der.Reader) { r.BitString("") },
		"octbits": func(r *der.Reader) { r.BitOctets("") },
		"oid":     func(r *der.Reader) { r.OID("") },
		"time":    func(r *der.Reader) { r.Time("") },
		"string":  func(r *der.Reader) { r.String("") },
		"set":     func(r *der.Reader) { r.Set("") },
	}
	for _, c := range []struct {
		how  string
		data string
		kind error
	}{
		{"any", "", der.ErrTag},
		{"any", "\x30", der.ErrSyntax},
		{"any", "\x30\x80\x00\x00", der.ErrSyntax},  // indefinite
		{"any", "\x04\x81\x01a", der.ErrSyntax},     // length not minimal
		{"any", "\x04\x82\x00\x01a", der.ErrSyntax}, // the same
		{"any", "\x04\x85\x00\x00\x00\x00\x01a", der.ErrSyntax},
		{"any", "\x04\xff", der.ErrSyntax},
		{"any", "\x04\x05abc", der.ErrSyntax},              // truncated
		{"any", "\x04\x84\xff\xff\xff\xff", der.ErrSyntax}, // huge
		{"any", "\x1f\x81\x01\x00", der.ErrSyntax},         // high tag number
		{"seq", "\x30\x01\x00", der.ErrTrailing},
		{"seq", "\x31\x00", der.ErrTag},
		{"bool", "\x01\x01\x01", der.ErrSyntax},
		{"bool", "\x01\x00", der.ErrSyntax},
		{"bool", "\x01\x02\xff\xff", der.ErrSyntax},
		{"default", "\x01\x01\x00", der.ErrSyntax},
		{"int", "\x02\x00", der.ErrSyntax},
		{"int", "\x02\x02\x00\x7f", der.ErrSyntax},
		{"int", "\x02\x02\xff\x80", der.ErrSyntax},
		{"uint", "\x02\x01\x80", der.ErrValue},
		{"small", "\x02\x02\x01\x00", der.ErrValue},
		{"small", "\x02\x09\x01\x00\x00\x00\x00\x00\x00\x00\x00", der.ErrValue},
		{"small", "\x02\x01\xff", der.ErrValue},
		{"null", "\x05\x01\x00", der.ErrSyntax},
		{"bits", "\x03\x00", der.ErrSyntax},
		{"bits", "\x03\x01\x01", der.ErrSyntax},
		{"bits", "\x03\x02\x08\x00", der.ErrSyntax},
		{"bits", "\x03\x02\x01\x01", der.ErrSyntax}, // padding bit set
		{"octbits", "\x03\x02\x01\x02", der.ErrValue},
		{"oid", "\x06\x00", der.ErrSyntax},
		{"oid", "\x06\x01\x80", der.ErrSyntax},
		{"oid", "\x06\x02\x2a\x80", der.ErrSyntax},
		{"oid", "\x06\x03\x2a\x80\x01", der.ErrSyntax},
		{"oid", "\x06\x06\x2a\x88\x80\x80\x80\x00", der.ErrLargeArc},
		{"oid", "\x06\x0c\x69\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", der.ErrLargeArc},
		{"time", "\x17\x0b9901010000Z", der.ErrSyntax},
		{"time", "\x17\x0d991301000000Z", der.ErrSyntax},
		{"time", "\x17\x0d990230000000Z", der.ErrSyntax},
		{"time", "\x17\x0d990101240000Z", der.ErrSyntax},
		{"time", "\x17\x0d990101000060Z", der.ErrSyntax},
		{"time", "\x17\x119901010000" + "00+0200", der.ErrSyntax},
		{"time", "\x18\x0f20200101000000+", der.ErrSyntax},
		{"time", "\x18\x1120200101000000.0Z", der.ErrSyntax}, // ends in zero
		{"time", "\x18\x1020200101000000.Z", der.ErrSyntax},
		{"time", "\x18\x1120200101000000,5Z", der.ErrSyntax},
		{"time", "\x04\x00", der.ErrTag},
		{"string", "\x0c\x01\xff", der.ErrValue},
		{"string", "\x13\x01\xd0", der.ErrValue},
		{"string", "\x1e\x01a", der.ErrValue},
		{"string", "\x1e\x02\xd8\x00", der.ErrValue},         // lone surrogate
		{"string", "\x1e\x04\xdc\x00\xd8\x00", der.ErrValue}, // the wrong way round
		{"string", "\x1c\x04\x00\x11\x00\x00", der.ErrValue},
		{"string", "\x1c\x03\x00\x11\x00", der.ErrValue},
		{"string", "\x04\x01a", der.ErrValue},
		{"string", "", der.ErrValue},
		{"set", "\x30\x00", der.ErrTag},
	} {
		r := der.New([]byte(c.data), "x")
		read[c.how](r)
		if err := r.Err(); !errors.Is(err, c.kind) {
			t.Errorf("%s %x: %v, want %v", c.how, c.data, err, c.kind)
		}
	}
}

func TestDepth(t *testing.T) {
	data := []byte{}
	for range der.MaxDepth + 1 {
		data = append([]byte{0x30, byte(len(data))}, data...)
	}
	walk := func(data []byte) error {
		root := der.New(data, "x")
		for r := root; !r.Empty(); {
			r = r.Sequence("")
		}
		return root.Err()
	}
	if err := walk(data); !errors.Is(err, der.ErrDepth) {
		t.Errorf("%d levels: %v", der.MaxDepth+1, err)
	}
	if err := walk(data[2:]); err != nil {
		t.Errorf("%d levels: %v", der.MaxDepth, err)
	}
	in := der.New(nil, "x")
	for range der.MaxDepth + 1 {
		in = in.Inner("", nil, 0)
	}
	if !errors.Is(in.Err(), der.ErrDepth) {
		t.Errorf("inner encodings nest without end: %v", in.Err())
	}
}

func TestValues(t *testing.T) {
	r := der.New([]byte("\x02\x01\x00"+"\x02\x02\x00\x80"+"\x02\x01\xff"+"\x01\x01\xff"+"\x05\x00"+"\x03\x02\x01\x80"+"\x02\x03\x01\x00\x01"), "x")
	if got := r.Unsigned("zero"); len(got) != 0 {
		t.Errorf("%x", got)
	}
	if got := r.Int("n", 200); got != 128 {
		t.Errorf("%d", got)
	}
	if got := r.BigInt("b"); got.Cmp(big.NewInt(-1)) != 0 {
		t.Errorf("%v", got)
	}
	if !r.DefaultFalse("f") || r.DefaultFalse("absent") {
		t.Error("booleans")
	}
	r.Null("null")
	if b, unused := r.BitString("bits"); !bytes.Equal(b, []byte{0x80}) || unused != 1 {
		t.Errorf("%x, %d", b, unused)
	}
	if got := r.Int("n", 1<<31-1); got != 65537 {
		t.Errorf("%d", got)
	}
	if err := r.End(); err != nil {
		t.Error(err)
	}
}

func TestOID(t *testing.T) {
	for raw, text := range map[string]string{
		"\x2a\x86\x24\x02\x01\x01\x01": "1.2.804.2.1.1.1",
		"\x00":                         "0.0",
		"\x27":                         "0.39",
		"\x28":                         "1.0",
		"\x4f":                         "1.39",
		"\x50":                         "2.0",
		"\x88\x37":                     "2.999",
		"\x48\x86\xf7\x0d\x01\x07\x01\xa0\x82\x01": "1.32.113549.1.7.1.524545",
		"\x2a\x87\xff\xff\xff\x7f":                 "1.2.2147483647",
		"\x88\x80\x80\x80\x4f":                     "2.2147483647",
	} {
		r := der.New(append([]byte{6, byte(len(raw))}, raw...), "x")
		oid, contents := r.RawOID("")
		if r.Err() != nil || string(contents) != raw {
			t.Errorf("%s: %v", text, r.Err())
			continue
		}
		if oid.String() != text || der.FormatOID(contents) != text {
			t.Errorf("%s: read %v, formatted %s", text, oid, der.FormatOID(contents))
		}
	}
	if got := der.FormatOID([]byte("\x69\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f")); got != "2.25.1180591620717411303423" {
		t.Errorf("large arc: %s", got)
	}
	if got := der.FormatOID([]byte{0x80}); got != "80" {
		t.Errorf("no identifier: %s", got)
	}
}

// TestLongOID: an identifier takes no more memory than its octets, however many arcs they are.
func TestLongOID(t *testing.T) {
	identifier := func(arcs int) []byte {
		n := arcs - 1 // the first octet stands for two
		return append([]byte{6, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}, bytes.Repeat([]byte{1}, n)...)
	}
	short := append([]byte{6, der.MaxArcs - 1}, bytes.Repeat([]byte{1}, der.MaxArcs-1)...)
	if oid := der.New(short, "x").OID(""); len(oid) != der.MaxArcs {
		t.Errorf("%d arcs of %d", len(oid), der.MaxArcs)
	}
	long := identifier(1 << 20)
	r := der.New(long, "x")
	var oid encodingasn1.ObjectIdentifier
	var raw []byte
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	oid, raw = r.RawOID("")
	runtime.ReadMemStats(&after)
	if r.Err() != nil || oid != nil || len(raw) != 1<<20-1 {
		t.Errorf("%v, %d arcs, %d octets", r.Err(), len(oid), len(raw))
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<16 {
		t.Errorf("%d octets allocated for %d", n, len(long))
	}
	r = der.New(long, "x")
	if r.OID(""); !errors.Is(r.Err(), der.ErrLargeArc) {
		t.Errorf("long identifier: %v", r.Err())
	}
}

func TestTime(t *testing.T) {
	for text, want := range map[string]time.Time{
		"\x17\x0d500101000000Z":               time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC),
		"\x17\x0d491231235959Z":               time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC),
		"\x17\x0d240229120000Z":               time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
		"\x18\x0f20500101000000Z":             time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC),
		"\x18\x1120200101000000.5Z":           time.Date(2020, 1, 1, 0, 0, 0, 5e8, time.UTC),
		"\x18\x1520200101000000.12345Z":       time.Date(2020, 1, 1, 0, 0, 0, 123450000, time.UTC),
		"\x18\x1b20200101000000.00000000001Z": time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		r := der.New([]byte(text), "x")
		if got := r.Time(""); r.Err() != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v, want %v", text, got, r.Err(), want)
		}
	}
}

func TestStrings(t *testing.T) {
	for data, want := range map[string]string{
		"\x0c\x04\xd0\x84\xd1\x94":                 "Єє",
		"\x13\x05a_b@c":                            "a_b@c",
		"\x16\x01@":                                "@",
		"\x1e\x04\x04\x04\x00a":                    "Єa",
		"\x1e\x04\xd8\x3d\xde\x00":                 "😀",
		"\x14\x02a\xe9":                            "aé",
		"\x1c\x08\x00\x00\x04\x04\x00\x01\xf6\x00": "Є😀",
		"\x1a\x01~":                                "~",
		"\x12\x011":                                "1",
	} {
		r := der.New([]byte(data), "x")
		if got := r.String(""); got != want || r.End() != nil {
			t.Errorf("%x: %q, %v, want %q", data, got, r.Err(), want)
		}
	}
	if _, ok := der.DecodeString(asn1.OCTET_STRING, nil); ok {
		t.Error("an octet string is text")
	}
	for s, want := range map[string]bool{"": true, "UA-1 (a)+,./:=?'": true, "a_b": false, "є": false, "a*": false, "@": false} {
		if der.IsPrintable(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}
