package ber_test

import (
	"bytes"
	"io"
	"testing"

	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
)

// FuzzReader checks that every way of reading an element agrees on where it ends, and that
// ToDER is idempotent.
func FuzzReader(f *testing.F) {
	for _, tt := range bad {
		f.Add(unhex(f, tt.in))
	}
	f.Add(unhex(f, "30 80 24 80 04 01 61 24 03 04 01 62 00 00 00 00"))
	f.Add(unhex(f, "24 80 24 80 04 01 61 00 00 04 01 62 00 00"))
	f.Add(unhex(f, "30 84 00 00 00 03 02 01 01 05 00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, rest, err := ber.ReadElement(data)
		raw, err1 := ber.NewReader(bytes.NewReader(data)).Raw(len(data))
		raw2, err2 := ber.NewBytesReader(data).Raw(len(data))
		if (err == nil) != (err1 == nil) || (err == nil) != (err2 == nil) {
			t.Fatalf("readers disagree: %v; %v; %v", err, err1, err2)
		}
		if err == nil {
			if !bytes.Equal(raw, e.Raw) || !bytes.Equal(raw2, e.Raw) || len(raw)+len(rest) != len(data) {
				t.Fatalf("elements differ: %x, %x, %x", e.Raw, raw, raw2)
			}
		}
		der, err := ber.ToDER(data)
		if err == nil {
			if e.Raw == nil || len(rest) != 0 {
				t.Fatal("ToDER accepts what ReadElement does not")
			}
			again, err := ber.ToDER(der)
			if err != nil || !bytes.Equal(again, der) || len(der) > len(data) {
				t.Fatalf("ToDER of %x: %x, %v", der, again, err)
			}
		}
		joined, err3 := e.OctetString()
		s, err := ber.NewReader(bytes.NewReader(data)).String(asn1.OCTET_STRING)
		if err == nil {
			var streamed []byte
			streamed, err = io.ReadAll(s)
			if err == nil && (err3 != nil || !bytes.Equal(streamed, joined)) {
				t.Fatalf("strings differ: %x, %x, %v", streamed, joined, err3)
			}
		}
		if e.Raw != nil && e.Tag&^0x20 == asn1.OCTET_STRING && err3 == nil && err != nil {
			t.Fatalf("OctetString reads what the stream does not: %v", err)
		}
	})
}
