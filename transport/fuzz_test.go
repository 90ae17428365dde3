package transport_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/ukrcrypto/dstu/transport"
)

// FuzzParse checks that whatever parses is written back octet by octet, and that the fields of
// its header, written anew, read the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(section("TRANSPORTABLE", "CERTYPE=UA1\r\n\x00") + section("UA1_SIGN", "abc")))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := transport.Parse(data)
		if err != nil {
			return
		}
		if len(c.Sections) > transport.MaxSections {
			t.Fatalf("%d sections", len(c.Sections))
		}
		out, err := c.AppendBinary(nil)
		switch {
		case err != nil && bytes.Contains(data, []byte("ZPOSTTRANSPORTABLE\x00")):
			return // the one label that is read and never written
		case err != nil:
			t.Fatalf("parsed but not written: %v", err)
		case !bytes.Equal(out, data):
			t.Fatalf("wrote %x, read %x", out, data)
		}
		if c.Header == nil {
			return
		}
		fresh := &transport.Header{Fields: c.Header.Fields}
		text, err := fresh.AppendBinary(nil)
		if err != nil {
			return
		}
		back, err := transport.ParseHeader(text)
		if err != nil || !reflect.DeepEqual(back.Fields, c.Header.Fields) {
			t.Fatalf("fields %q became %q, %v", c.Header.Fields, back.Fields, err)
		}
	})
}
