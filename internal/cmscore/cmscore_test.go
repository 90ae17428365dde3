package cmscore_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"io"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/cmscore"
)

func tlv(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(ber.AppendHeader(nil, cbasn1.Tag(tag), int64(len(body))), body...)
}

func TestSingle(t *testing.T) {
	a, b := asn1.ObjectIdentifier{1, 2, 3}, asn1.ObjectIdentifier{1, 2, 4}
	one := cmscore.Attribute{Type: a, Values: [][]byte{{5, 0}}}
	for _, tt := range []struct {
		list []cmscore.Attribute
		want error
	}{
		{[]cmscore.Attribute{one}, nil},
		{[]cmscore.Attribute{{Type: b}, one, {}}, nil},
		{nil, cmscore.ErrNoAttribute},
		{[]cmscore.Attribute{{Type: b}}, cmscore.ErrNoAttribute},
		{[]cmscore.Attribute{one, one}, cmscore.ErrManyOfOne},
		{[]cmscore.Attribute{{Type: a}}, cmscore.ErrNotOneValue},
		{[]cmscore.Attribute{{Type: a, Values: [][]byte{{5, 0}, {5, 0}}}}, cmscore.ErrNotOneValue},
	} {
		v, err := cmscore.Single(tt.list, a)
		if !errors.Is(err, tt.want) || (err == nil) != bytes.Equal(v, []byte{5, 0}) {
			t.Errorf("%v: %x, %v", tt.list, v, err)
		}
		if cmscore.Has(tt.list, a) == errors.Is(err, cmscore.ErrNoAttribute) {
			t.Errorf("%v: Has is wrong", tt.list)
		}
	}
}

func TestParseSigningCertificate(t *testing.T) {
	hash := bytes.Repeat([]byte{7}, 32)
	sha384 := tlv(0x30, []byte{6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2})
	for _, tt := range []struct {
		name  string
		value []byte
		v2    bool
		want  asn1.ObjectIdentifier // nil: refused
	}{
		{"default of 2", tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hash)))), true, alg.OIDSHA256},
		{"default of 1", tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hash)))), false, alg.OIDSHA1},
		{"explicit", tlv(0x30, tlv(0x30, tlv(0x30, sha384, tlv(4, hash)))), true, alg.OIDSHA384},
		{"issuer and policies", tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hash), tlv(0x30, tlv(0x30), tlv(2, []byte{1})))), tlv(0x30)), true, alg.OIDSHA256},
		{"explicit in 1", tlv(0x30, tlv(0x30, tlv(0x30, sha384, tlv(4, hash)))), false, nil},
		{"none", tlv(0x30, tlv(0x30)), true, nil},
		{"no hash", tlv(0x30, tlv(0x30, tlv(0x30))), true, nil},
		{"second malformed", tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hash)), tlv(0x30))), true, nil},
		{"more behind", tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hash))), tlv(0x30), tlv(0x30)), true, nil},
		{"trailing", append(tlv(0x30, tlv(0x30, tlv(0x30, tlv(4, hash)))), 0), true, nil},
	} {
		h, err := cmscore.ParseSigningCertificate(tt.value, tt.v2)
		if (err == nil) != (tt.want != nil) {
			t.Errorf("%s: %v", tt.name, err)
		} else if err == nil && (!h.Algorithm.Equal(tt.want) || !bytes.Equal(h.Hash, hash)) {
			t.Errorf("%s: %v %x", tt.name, h.Algorithm, h.Hash)
		}
	}
}

func signerInfo(t testing.TB, keyID bool) (*cmscore.SignerInfo, []byte) {
	t.Helper()
	attrs := cmscore.SignedAttrs{
		ContentType: cmscore.OIDData, SigningTime: time.Unix(1_800_000_000, 0), MessageDigest: make([]byte, 32),
		Digest: alg.OIDSHA256, CertHash: make([]byte, 32), Signer: cmscore.ID{RawIssuer: tlv(0x30), Serial: []byte{1}},
	}
	signed, err := attrs.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	si := &cmscore.SignerInfo{
		Signer: attrs.Signer, Digest: cmscore.AlgorithmID{OID: alg.OIDSHA256},
		Algorithm: cmscore.AlgorithmID{OID: alg.OIDDSTU4145LE, Params: []byte{5, 0}}, Signature: []byte("signature"),
	}
	if keyID {
		si.Signer = cmscore.ID{KeyID: []byte("key")}
	}
	raw, err := si.Marshal(signed)
	if err != nil {
		t.Fatal(err)
	}
	return si, raw
}

func TestSignerInfoRoundTrip(t *testing.T) {
	for _, keyID := range []bool{false, true} {
		want, raw := signerInfo(t, keyID)
		got, err := cmscore.ParseSignerInfo(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got.Version != map[bool]int{false: 1, true: 3}[keyID] || !bytes.Equal(got.Signer.KeyID, want.Signer.KeyID) ||
			!bytes.Equal(got.Signer.Serial, want.Signer.Serial) || !bytes.Equal(got.Signature, want.Signature) ||
			!got.Algorithm.OID.Equal(want.Algorithm.OID) || !bytes.Equal(got.Algorithm.Params, want.Algorithm.Params) ||
			len(got.SignedAttrs) != 4 || got.UnsignedAttrs != nil || !bytes.Equal(got.Raw, raw) {
			t.Errorf("read back: %+v", got)
		}
		// DEFAULT: the hash of the certificate is SHA-256 and does not say so.
		if bytes.Count(raw, []byte{6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1}) != 1 {
			t.Error("the default algorithm is written")
		}
		for n := range raw {
			if _, err := cmscore.ParseSignerInfo(raw[:n]); err == nil {
				t.Errorf("%d octets of %d are accepted", n, len(raw))
			}
		}
	}
	if _, err := new(cmscore.SignerInfo).Marshal([]byte{0xa0, 0}); err == nil {
		t.Error("attributes under another tag are written")
	}
}

func TestRecipientInfoRoundTrip(t *testing.T) {
	for _, info := range []cmscore.RecipientInfo{
		{Originator: cmscore.Originator{ID: cmscore.ID{RawIssuer: tlv(0x30), Serial: []byte{1}}}, UKM: []byte{}},
		{Originator: cmscore.Originator{ID: cmscore.ID{KeyID: []byte("id")}}},
		{Originator: cmscore.Originator{Algorithm: cmscore.AlgorithmID{OID: alg.OIDDSTU4145LE}, PublicKey: []byte("point")}, UKM: []byte("ukm")},
	} {
		info.Algorithm.OID = alg.OIDCofactorDHGOST
		info.Wrap = cmscore.AlgorithmID{OID: alg.OIDGOST28147Wrap, Params: []byte{5, 0}}
		info.Keys = []cmscore.RecipientKey{
			{ID: cmscore.ID{RawIssuer: tlv(0x30), Serial: []byte{2}}, EncryptedKey: []byte("one")},
			{ID: cmscore.ID{KeyID: []byte("key")}, EncryptedKey: []byte("two")},
		}
		var b cryptobyte.Builder
		info.Add(&b)
		oid := func(o asn1.ObjectIdentifier) []byte {
			var b cryptobyte.Builder
			b.AddASN1ObjectIdentifier(o)
			return b.BytesOrPanic()
		}
		content := tlv(0x30, oid(cmscore.OIDData), tlv(0x30, oid(alg.OIDGOST28147CFB)), tlv(0x80, []byte("abc")))
		msg := tlv(0x30, tlv(2, []byte{2}), tlv(0x31, b.BytesOrPanic()), content, tlv(0xa1, tlv(0x30)))
		e, err := cmscore.ReadEnvelopedData(ber.NewBytesReader(msg))
		if err != nil {
			t.Fatal(err)
		}
		if s, err := io.ReadAll(e.Content); err != nil || string(s) != "abc" {
			t.Errorf("content %q, %v", s, err)
		}
		if err := e.Finish(); err != nil {
			t.Error(err)
		}
		got := e.Recipients[0]
		var again cryptobyte.Builder
		got.Add(&again)
		if !bytes.Equal(again.BytesOrPanic(), b.BytesOrPanic()) || len(got.Keys) != 2 || (got.UKM == nil) != (info.UKM == nil) {
			t.Errorf("read back: %+v", got)
		}
	}
}

func TestNewAlgorithmID(t *testing.T) {
	a, err := cmscore.NewAlgorithmID(func(b *cryptobyte.Builder) { alg.AddIdentifier(b, alg.OIDSHA1, true) })
	if err != nil || !a.OID.Equal(alg.OIDSHA1) || hex.EncodeToString(a.Params) != "0500" {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := cmscore.NewAlgorithmID(func(b *cryptobyte.Builder) { b.AddASN1NULL() }); err == nil {
		t.Error("NULL is an algorithm")
	}
}

// FuzzParseSignerInfo checks that what is read is what stands there: written again from the
// fields and the attributes as transmitted, a SignerInfo in DER is the same.
func FuzzParseSignerInfo(f *testing.F) {
	for _, keyID := range []bool{false, true} {
		_, raw := signerInfo(f, keyID)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		si, err := cmscore.ParseSignerInfo(data)
		if err != nil {
			return
		}
		if !bytes.Equal(si.Raw, data) {
			t.Fatal("Raw is not the input")
		}
		if si.RawSignedAttrs == nil || si.UnsignedAttrs != nil {
			return
		}
		n := 0
		for _, a := range si.SignedAttrs {
			n += len(a.Raw)
		}
		if e, _, err := ber.ReadElement(si.RawSignedAttrs); err != nil || len(e.Body) != n {
			t.Fatalf("attributes of %d octets in a set of %d, %v", n, len(e.Body), err)
		}
		out, err := si.Marshal(append([]byte{0x31}, si.RawSignedAttrs[1:]...))
		if err != nil {
			t.Fatal(err)
		}
		again, err := cmscore.ParseSignerInfo(out)
		if err != nil {
			t.Fatalf("not read again: %v", err)
		}
		if !bytes.Equal(again.RawSignedAttrs, si.RawSignedAttrs) || !bytes.Equal(again.Signature, si.Signature) ||
			!again.Digest.OID.Equal(si.Digest.OID) || !bytes.Equal(again.Signer.KeyID, si.Signer.KeyID) {
			t.Fatalf("read again: %+v, was %+v", again, si)
		}
	})
}
