package der_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/der"
)

// FuzzReader walks any octets: what is accepted as DER is written again to the same octets.
func FuzzReader(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		r := der.New(data, "x")
		var b cryptobyte.Builder
		copyAll(t, r, &b, len(data))
		if r.Err() != nil {
			return
		}
		if got := b.BytesOrPanic(); !bytes.Equal(got, data) {
			t.Errorf("wrote %x", got)
		}
	})
}

// copyAll writes the elements of r to b, typed where the type is known.
func copyAll(t *testing.T, r *der.Reader, b *cryptobyte.Builder, size int) {
	for !r.Empty() {
		if r.Offset() < 0 || r.Offset() > size {
			t.Fatalf("offset %d of %d", r.Offset(), size)
		}
		switch tag := r.NextTag(); {
		case tag == asn1.INTEGER:
			b.AddASN1BigInt(r.BigInt("integer"))
		case tag == asn1.BOOLEAN:
			b.AddASN1Boolean(r.Boolean("boolean"))
		case tag == asn1.OBJECT_IDENTIFIER:
			oid, raw := r.RawOID("oid")
			if oid == nil {
				b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes(raw) })
				continue
			}
			if got := der.FormatOID(raw); got != oid.String() && len(raw) <= 256 {
				t.Errorf("%x: %s and %v", raw, got, oid)
			}
			b.AddASN1ObjectIdentifier(oid)
		case tag == asn1.UTCTime:
			if at := r.Time("time"); r.Err() == nil {
				b.AddASN1UTCTime(at)
			}
		case tag == asn1.BIT_STRING:
			octets, unused := r.BitString("bits")
			b.AddASN1(tag, func(b *cryptobyte.Builder) {
				b.AddUint8(uint8(unused))
				b.AddBytes(octets)
			})
		case tag == der.BMPString:
			if s := r.String("bmp"); r.Err() == nil {
				b.AddASN1(tag, func(b *cryptobyte.Builder) {
					for _, u := range utf16.Encode([]rune(s)) {
						b.AddBytes(binary.BigEndian.AppendUint16(nil, u))
					}
				})
			}
		case tag&0x20 != 0:
			inner := r.Enter("inner", tag)
			b.AddASN1(tag, func(b *cryptobyte.Builder) { copyAll(t, inner, b, size) })
		default:
			el, _, _ := r.Any("any")
			b.AddBytes(el)
		}
	}
}

// FuzzTime: a time is written again to the same octets.
func FuzzTime(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte) {
		if at, ok := der.ParseUTCTime(text); ok && at.Format("060102150405Z") != string(text) {
			t.Errorf("UTCTime %q is %v", text, at)
		}
		if at, ok := der.ParseGeneralizedTime(text); ok {
			got := at.Format("20060102150405.999999999Z")
			if len(text) <= len("20060102150405.999999999Z") && got != string(text) {
				t.Errorf("GeneralizedTime %q is %v", text, at)
			}
			if !strings.HasPrefix(string(text), got[:14]) {
				t.Errorf("GeneralizedTime %q is %v", text, at)
			}
		}
	})
}
