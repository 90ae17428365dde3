package ber_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestToDER(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"DER stays", "30 05 02 01 01 04 00", "30 05 02 01 01 04 00"},
		{"indefinite", "30 80 02 01 01 00 00", "30 03 02 01 01"},
		{"nested indefinite", "30 80 a0 80 02 01 01 00 00 05 00 00 00", "30 07 a0 03 02 01 01 05 00"},
		{"long length", "30 81 03 02 01 01", "30 03 02 01 01"},
		{"padded length", "30 84 00 00 00 03 02 01 01", "30 03 02 01 01"},
		{"long length inside", "30 04 02 81 01 01", "30 03 02 01 01"},
		{"string in parts", "24 80 04 01 61 04 00 04 02 62 63 00 00", "04 03 61 62 63"},
		{"string in definite parts", "24 07 04 01 61 24 02 04 00", "04 01 61"},
		{"string of nested parts", "30 80 24 80 24 80 04 01 61 00 00 04 01 62 00 00 00 00", "30 04 04 02 61 62"},
		{"empty string", "24 80 00 00", "04 00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := unhex(t, tt.in)
			got, err := ber.ToDER(in)
			if err != nil || !bytes.Equal(got, unhex(t, tt.want)) {
				t.Fatalf("got %x, %v, want %s", got, err, tt.want)
			}
			again, err := ber.ToDER(got)
			if err != nil || &again[0] != &got[0] {
				t.Errorf("DER is not returned as it is: %x, %v", again, err)
			}
		})
	}
	long := append([]byte{0x30, 0x80, 0x04, 0x83, 0x01, 0x00, 0x00}, make([]byte, 1<<16)...)
	got, err := ber.ToDER(append(long, 0, 0))
	if want := unhex(t, "30 83 01 00 05 04 83 01 00 00"); err != nil || !bytes.HasPrefix(got, want) || len(got) != len(want)+1<<16 {
		t.Errorf("long: %x… of %d octets, %v", got[:10], len(got), err)
	}
}

// bad are encodings that every way of reading must refuse.
var bad = []struct {
	name, in string
	short    bool // the fault is a missing end
}{
	{"empty", "", true},
	{"half a header", "30", true},
	{"half a length", "30 82 01", true},
	{"contents missing", "04 05 61", true},
	{"huge length", "04 84 7f ff ff ff 61", true},
	{"length of 62 bits", "04 88 3f ff ff ff ff ff ff ff 61", true},
	{"length of 64 bits", "04 88 ff ff ff ff ff ff ff ff 61", false},
	{"length of 9 octets", "04 89 01 00 00 00 00 00 00 00 00 61", false},
	{"reserved length", "04 ff 61", false},
	{"high tag", "1f 22 01 61", false},
	{"primitive indefinite", "04 80 61 00 00", false},
	{"end of contents alone", "00 00", false},
	{"end of contents with length", "00 01 61", false},
	{"constructed end of contents", "20 00", false},
	{"indefinite without end", "30 80 02 01 01", true},
	{"indefinite with half an end", "30 80 02 01 01 00", true},
	{"indefinite with a bad end", "30 80 00 01 61", false},
}

func TestBad(t *testing.T) {
	for _, tt := range bad {
		t.Run(tt.name, func(t *testing.T) {
			in := unhex(t, tt.in)
			check := func(what string, err error) {
				t.Helper()
				if err == nil {
					t.Errorf("%s accepts it", what)
				} else if errors.Is(err, io.ErrUnexpectedEOF) != tt.short {
					t.Errorf("%s: %v", what, err)
				}
			}
			_, err := ber.ToDER(in)
			check("ToDER", err)
			_, _, err = ber.ReadElement(in)
			check("ReadElement", err)
			if len(in) == 0 {
				return
			}
			_, err = ber.NewReader(bytes.NewReader(in)).Raw(1 << 20)
			if err != ber.ErrTooLarge {
				check("Raw", err)
			}
			_, err = ber.NewBytesReader(in).Raw(1 << 20)
			check("Raw of bytes", err)
		})
	}
	for name, in := range map[string]string{
		"trailing data":            "02 01 01 00",
		"constructed INTEGER":      "22 03 02 01 01",
		"constructed UTF8String":   "2c 03 0c 01 61",
		"constructed BIT STRING":   "23 04 03 02 00 61",
		"wrong part of a string":   "24 03 02 01 01",
		"part passes its parent":   "30 03 04 02 61 61",
		"end passes its parent":    "30 03 30 80 00 00 00",
		"header passes its parent": "30 02 30 82 01 00",
		"lone end in definite":     "30 02 00 00",
	} {
		if got, err := ber.ToDER(unhex(t, in)); err == nil {
			t.Errorf("%s: ToDER accepts it: %x", name, got)
		}
	}
}

func TestDepth(t *testing.T) {
	nest := func(n int) []byte {
		return append(bytes.Repeat([]byte{0x30, 0x80}, n), make([]byte, 2*n)...)
	}
	for _, tt := range []struct {
		n  int
		ok bool
	}{{ber.MaxDepth, true}, {ber.MaxDepth + 1, false}, {1_000_000, false}} {
		in := nest(tt.n)
		_, err1 := ber.ToDER(in)
		_, _, err2 := ber.ReadElement(in)
		_, err3 := ber.NewReader(bytes.NewReader(in)).Raw(len(in))
		_, err4 := ber.NewBytesReader(in).Raw(len(in))
		for i, err := range []error{err1, err2, err3, err4} {
			if (err == nil) != tt.ok {
				t.Errorf("%d levels, way %d: %v", tt.n, i+1, err)
			}
		}
	}
	// A string of strings.
	in := append(bytes.Repeat([]byte{0x24, 0x80}, 40), make([]byte, 80)...)
	s, err := ber.NewReader(bytes.NewReader(in)).String(asn1.OCTET_STRING)
	if err == nil {
		_, err = io.ReadAll(s)
	}
	if err == nil {
		t.Error("a string of 40 levels is read")
	}
}

const (
	seq = asn1.SEQUENCE
	ctx = asn1.Tag(0xa0)
)

func TestReader(t *testing.T) {
	for _, in := range []string{
		"30 80 02 01 05 a0 80 24 80 04 02 61 62 24 03 04 01 63 04 00 00 00 00 00 30 80 05 00 00 00 00 00 ff",
		"30 11 02 01 05 a0 07 24 05 04 03 61 62 63 30 03 04 01 00 ff",
		"30 10 02 01 05 a0 05 04 03 61 62 63 30 04 05 00 05 00 ff",
	} {
		data := unhex(t, in)
		for name, src := range map[string]*ber.Reader{
			"stream": ber.NewReader(iotest.OneByteReader(bytes.NewReader(data))),
			"bytes":  ber.NewBytesReader(data),
		} {
			if err := read(src); err != nil {
				t.Errorf("%s, %s: %v", in, name, err)
			}
		}
	}
}

func read(r *ber.Reader) error {
	if err := r.Enter(seq); err != nil {
		return err
	}
	if raw, err := r.Raw(3); err != nil || !bytes.Equal(raw, []byte{2, 1, 5}) {
		return errors.Join(err, errors.New("integer"))
	}
	if err := r.Enter(ctx); err != nil {
		return err
	}
	s, err := r.String(asn1.OCTET_STRING)
	if err != nil {
		return err
	}
	if _, err := r.Peek(); err == nil {
		return errors.New("Peek inside an unread string")
	}
	if got, err := io.ReadAll(s); err != nil || string(got) != "abc" {
		return errors.Join(err, errors.New("string: "+string(got)))
	}
	if err := r.Leave(); err != nil {
		return err
	}
	raw, err := r.Raw(1 << 10)
	if err != nil {
		return err
	}
	if e, rest, err := ber.ReadElement(raw); err != nil || len(rest) != 0 || e.Tag != seq {
		return errors.Join(err, errors.New("sequence"))
	}
	if _, err := r.Peek(); err != io.EOF {
		return errors.Join(err, errors.New("no end"))
	}
	if err := r.Leave(); err != nil {
		return err
	}
	if r.Leave() == nil || r.Enter(seq) == nil {
		return errors.New("goes on after the end")
	}
	return nil
}

func TestReaderRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"child passes definite parent":             "30 03 04 02 61 61 61",
		"grandchild passes through an indefinite":  "30 06 30 80 04 04 61 61 61 61 00 00",
		"something left":                           "30 04 04 00 04 00",
		"other tag":                                "30 02 05 00",
		"nothing there":                            "30 00",
		"truncated":                                "30 05 04 03 61",
		"primitive of the constructed tag's class": "30 02 24 80",
	} {
		r := ber.NewReader(bytes.NewReader(unhex(t, in)))
		err := r.Enter(seq)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		err = func() error {
			if h, err := r.Peek(); err == nil && h.Tag == seq {
				if err := r.Enter(seq); err != nil {
					return err
				}
			}
			s, err := r.String(asn1.OCTET_STRING)
			if err != nil {
				return err
			}
			if _, err := io.ReadAll(s); err != nil {
				return err
			}
			return r.Leave()
		}()
		if err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if err := ber.NewReader(bytes.NewReader([]byte{4, 0})).Enter(asn1.OCTET_STRING); err == nil {
		t.Error("a primitive element is entered")
	}
}

// Nothing is given out beyond the end of a container, not even before the fault is reported.
func TestBounds(t *testing.T) {
	for _, in := range []string{
		"30 03 04 02 61 61 61",             // contents
		"30 01 30 80 00 00",                // header of indefinite length
		"30 03 04 82 00 01 61",             // header
		"30 06 30 80 04 02 61 61 00 00",    // end of contents
		"30 04 30 80 04 01 61 00 00",       // contents inside an indefinite length
		"30 80 30 03 04 02 61 61 61 00 00", // contents inside a definite one of it
	} {
		for _, r := range []*ber.Reader{ber.NewReader(bytes.NewReader(unhex(t, in))), ber.NewBytesReader(unhex(t, in))} {
			err := r.Enter(seq)
			for err == nil {
				var h ber.Header
				if h, err = r.Peek(); err != nil {
					break
				}
				if h.Tag == seq {
					err = r.Enter(seq)
					continue
				}
				var s io.Reader
				if s, err = r.String(asn1.OCTET_STRING); err != nil {
					break
				}
				var got []byte
				if got, err = io.ReadAll(s); len(got) > 2 || (len(got) == 2 && in != "30 06 30 80 04 02 61 61 00 00") {
					t.Errorf("%s: %q given out", in, got)
				}
			}
			if err == io.EOF {
				err = r.Leave()
				if err == nil {
					err = r.Leave()
				}
			}
			if err == nil {
				t.Errorf("%s is accepted", in)
			}
		}
	}
}

func TestRawLimit(t *testing.T) {
	for _, in := range []string{"30 05 04 03 61 61 61", "30 80 04 03 61 61 61 00 00", "30 80 30 80 00 00 00 00"} {
		data := unhex(t, in)
		for limit := range len(data) {
			if _, err := ber.NewReader(bytes.NewReader(data)).Raw(limit); err != ber.ErrTooLarge {
				t.Errorf("%s, limit %d: %v", in, limit, err)
			}
			if _, err := ber.NewBytesReader(data).Raw(limit); err != ber.ErrTooLarge {
				t.Errorf("%s of bytes, limit %d: %v", in, limit, err)
			}
		}
		got, err := ber.NewReader(bytes.NewReader(data)).Raw(len(data))
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %x, %v", in, got, err)
		}
	}
}

// A declared length is no reason to allocate.
func TestNoAllocationByLength(t *testing.T) {
	in := unhex(t, "30 84 3f ff ff ff 04 84 3f ff ff f0 61")
	octets, _ := cryptotest.Allocated(func() {
		if _, err := ber.NewReader(bytes.NewReader(in)).Raw(1 << 30); err == nil {
			t.Error("a truncated element is accepted")
		}
	})
	if octets > 64<<10 {
		t.Errorf("%d octets allocated for an input of %d", octets, len(in))
	}
}

func TestReadErrorPasses(t *testing.T) {
	boom := errors.New("boom")
	in := io.MultiReader(bytes.NewReader(unhex(t, "04 05 61")), iotest.ErrReader(boom))
	var read *ber.ReadError
	if _, err := ber.NewReader(in).Raw(100); !errors.Is(err, boom) || !errors.As(err, &read) {
		t.Errorf("Raw: %v", err)
	}
	in = io.MultiReader(bytes.NewReader(unhex(t, "04 05 61")), iotest.ErrReader(boom))
	s, err := ber.NewReader(in).String(asn1.OCTET_STRING)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(s); !errors.Is(err, boom) {
		t.Errorf("String: %v", err)
	}
}

func TestWriter(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 300, 32 << 10, 70_000} {
		content := bytes.Repeat([]byte{0x5a}, n)
		for _, known := range []bool{true, false} {
			var out bytes.Buffer
			if err := write(&out, content, known); err != nil {
				t.Fatalf("%d octets, known %v: %v", n, known, err)
			}
			der, err := ber.ToDER(out.Bytes())
			if err != nil {
				t.Fatalf("%d octets, known %v: %v", n, known, err)
			}
			if known && !bytes.Equal(der, out.Bytes()) {
				t.Errorf("%d octets: not DER: %x", n, out.Bytes()[:20])
			}
			e, _, err := ber.ReadElement(der)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Children(1); err == nil {
				t.Error("Children does not heed its limit")
			}
			children, err := e.Children(2)
			if err != nil || len(children) != 2 || !bytes.Equal(children[1].Body, content) {
				t.Errorf("%d octets, known %v: %d children, %v", n, known, len(children), err)
			}
		}
	}
}

func write(out io.Writer, content []byte, known bool) error {
	w := ber.NewWriter(out)
	outer, inner := int64(-1), int64(-1)
	if known {
		inner = int64(len(content))
		outer = 2 + int64(ber.HeaderSize(inner)) + inner
	}
	if err := w.Begin(seq, outer); err != nil {
		return err
	}
	if err := w.Raw([]byte{5, 0}); err != nil {
		return err
	}
	s, err := w.String(asn1.OCTET_STRING, inner)
	if err != nil {
		return err
	}
	for len(content) > 0 {
		n := min(len(content), 1000)
		if _, err := s.Write(content[:n]); err != nil {
			return err
		}
		content = content[n:]
	}
	if err := s.Close(); err != nil {
		return err
	}
	return w.End()
}

func TestWriterLength(t *testing.T) {
	w := ber.NewWriter(io.Discard)
	s, err := w.String(asn1.OCTET_STRING, 3)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write(make([]byte, 4)); err == nil {
		t.Error("a string may be longer than announced")
	}
	if s.Close() == nil || w.Raw(nil) == nil {
		t.Error("the error does not stay")
	}
	w = ber.NewWriter(io.Discard)
	if s, err = w.String(asn1.OCTET_STRING, 3); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err == nil {
		t.Error("a string may be shorter than announced")
	}
	w = ber.NewWriter(shortWriter{})
	if err := w.Raw([]byte{1, 2}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("short write: %v", err)
	}
}

type shortWriter struct{}

func (shortWriter) Write(p []byte) (int, error) { return 0, nil }

// TestLinear: a million elements at the greatest depth. Work that grows faster than the input would
// not come to an end.
func TestLinear(t *testing.T) {
	const n = 1 << 20
	in := bytes.Repeat([]byte{0x30, 0x80}, ber.MaxDepth-1)
	in = append(in, bytes.Repeat([]byte{0x05, 0x00}, n)...)
	in = append(in, make([]byte, 2*(ber.MaxDepth-1))...)
	octets, _ := cryptotest.Allocated(func() {
		if _, err := ber.ToDER(in); err != nil {
			t.Error(err)
		}
	})
	if octets > uint64(50*len(in)) {
		t.Errorf("%d octets allocated for %d", octets, len(in))
	}
}
