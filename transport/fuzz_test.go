package transport_test

import (
	"bytes"
	"context"
	"reflect"
	"sync"
	"testing"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/transport"
	"github.com/ukrcrypto/dstu/validation"
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

// FuzzOpen checks that what is opened keeps its own rules: a passed report has a document and a
// signature, every layer has a report, signatures refer to signed layers, and a second run says
// the same. The first octet chooses between keys and no keys.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("\x00" + section("UA1_SIGN", "text")))
	pair := sync.OnceValue(func() *transport.OpenOptions { return fuzzKeys(f) })
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		o := pair()
		if data[0]&1 == 0 {
			o = nil
		}
		m, err := transport.Open(context.Background(), data[1:], o)
		if (err == nil) != (m.Report.Verdict == validation.Passed) {
			t.Fatalf("error %v with verdict %v", err, m.Report.Verdict)
		}
		if err == nil && (m.Document == nil || len(m.Officials)+len(m.Transport) == 0) {
			t.Fatal("passed without a document or a signature")
		}
		if len(m.Layers) > 2*transport.MaxDepth+2 {
			t.Fatalf("%d layers", len(m.Layers))
		}
		for _, l := range m.Layers {
			if l.Report == nil {
				t.Fatal("a layer without a report")
			}
		}
		for _, s := range append(m.Officials, m.Transport...) {
			if m.Layers[s.Layer].Kind != transport.KindSigned {
				t.Fatal("a signature of no signed layer")
			}
		}
		again, _ := transport.Open(context.Background(), data[1:], o)
		if !bytes.Equal(again.Document, m.Document) || again.Report.Verdict != m.Report.Verdict || again.Report.Code != m.Report.Code {
			t.Fatal("the second run differs")
		}
		checked, err := transport.CheckStructure(context.Background(), data[1:], o)
		if err == nil && len(checked.Layers) > len(m.Layers) {
			t.Fatal("more layers without keys than with them")
		}
	})
}

// fuzzKeys is the key that the seeds are encrypted to.
func fuzzKeys(f *testing.F) *transport.OpenOptions {
	d := make([]byte, dstu4145.M257PB().ScalarSize())
	d[len(d)-1] = 7
	key, err := dstu4145.M257PB().NewPrivateKey(d)
	if err != nil {
		f.Fatal(err)
	}
	return &transport.OpenOptions{Recipients: []cms.Recipient{{Key: key}}}
}

// FuzzParseReceiptXML checks that a receipt that was read can be written, and then reads the same.
func FuzzParseReceiptXML(f *testing.F) {
	f.Add([]byte("<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<DECLAR><DECLARHEAD><TIN>1</TIN></DECLARHEAD><DECLARBODY><HRESULT>\xe4\xe0</HRESULT></DECLARBODY></DECLAR>\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := transport.ParseReceiptXML(data)
		if err != nil {
			return
		}
		out, err := x.MarshalBinary()
		if err != nil {
			return // a character that windows-1251 does not have
		}
		back, err := transport.ParseReceiptXML(out)
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		if !reflect.DeepEqual(x.Head, back.Head) || !reflect.DeepEqual(x.Body, back.Body) {
			t.Fatalf("%+v became %+v", x, back)
		}
	})
}
