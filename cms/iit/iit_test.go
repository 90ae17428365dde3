package iit_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/cms/iit"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/pkix"
)

func parse(t *testing.T, raw []byte) *pkix.Certificate {
	t.Helper()
	c, err := pkix.ParseCertificate(raw)
	require.NoError(t, err)
	return c
}

func TestRawSignatures(t *testing.T) {
	digests := map[string]asn1.ObjectIdentifier{"": nil, "gost34311": alg.OIDGOST34311, "kupyna256": alg.OIDKupyna256, "kupyna512": alg.OIDKupyna512}
	for name, n := range map[string]int{"corpus/iit": 49, "corpus/uapki": 27} {
		d := corpus.Find(t, name)
		items := d.Kind("raw-signature")
		require.Len(t, items, n)
		for _, it := range items {
			var want struct {
				Cert, Hash string
				Certs      []string
				Plaintext  string `json:"plaintext_file"`
			}
			it.Decode(t, &want)
			if want.Cert == "" {
				want.Cert = want.Certs[0]
			}
			cert, content, sig := parse(t, d.File(t, want.Cert)), d.File(t, want.Plaintext), it.Bytes(t)
			digest := digests[want.Hash]
			at, err := iit.CheckSignature(sig, bytes.NewReader(content), cert, digest)
			require.NoError(t, err, it.File)
			require.Equal(t, name == "corpus/iit", at.Year() == 2026, "%s: %v", it.File, at)
			require.Equal(t, name == "corpus/iit", iit.Names(sig, cert), it.File)
			_, err = iit.CheckSignature(sig, bytes.NewReader(append(content, 0)), cert, digest)
			require.Equal(t, iit.ErrSignature, err, it.File)
			bad := bytes.Clone(sig)
			bad[len(bad)-2] ^= 1
			_, err = iit.CheckSignature(bad, bytes.NewReader(content), cert, digest)
			require.Equal(t, iit.ErrSignature, err, it.File)
		}
	}
}

func key(t *testing.T, d *corpus.Dir, cert *pkix.Certificate) *dstu4145.PrivateKey {
	var all map[string]struct {
		Keys []struct {
			M int    `json:"curve_m"`
			D string `json:"private_key_d_hex"`
		}
	}
	require.NoError(t, json.Unmarshal(d.Raw["identities"], &all))
	for _, id := range all {
		for _, k := range id.Keys {
			if len(k.D)%2 != 0 {
				k.D = "0" + k.D
			}
			b, err := hex.DecodeString(k.D)
			require.NoError(t, err)
			i := slices.IndexFunc(dstu4145.Curves(), func(c *dstu4145.Curve) bool { return c.FieldBits() == k.M })
			require.GreaterOrEqual(t, i, 0)
			key, err := dstu4145.Curves()[i].ReducePrivateKey(b)
			require.NoError(t, err)
			if key.PublicKey().Equal(cert.PublicKey) {
				return key
			}
		}
	}
	t.Fatal("no key")
	return nil
}

func TestRawEnvelopes(t *testing.T) {
	d := corpus.Find(t, "corpus/iit")
	items := d.Kind("raw-envelope")
	require.Len(t, items, 3)
	for _, it := range items {
		var want struct {
			Sender     string   `json:"sender_cert"`
			Recipients []string `json:"recipient_certs"`
			Plaintext  string   `json:"plaintext_sha256"`
		}
		it.Decode(t, &want)
		sender := parse(t, d.File(t, want.Sender))
		own, data := key(t, d, parse(t, d.File(t, want.Recipients[0]))), it.Bytes(t)
		got, err := iit.OpenEnvelope(data, own, sender)
		require.NoError(t, err, it.File)
		require.True(t, iit.Names(data, sender))
		sum := sha256.Sum256(got)
		require.Equal(t, want.Plaintext, hex.EncodeToString(sum[:]))
		for _, at := range []int{4, 11, 12, 55} { // nonce, wrapped key
			bad := bytes.Clone(data)
			bad[at] ^= 1
			_, err = iit.OpenEnvelope(bad, own, sender)
			require.Equal(t, cms.ErrDecryption, err)
		}
		other, err := dstu4145.M163PB().GenerateKey(nil)
		require.NoError(t, err)
		_, err = iit.OpenEnvelope(data, other, sender)
		require.Equal(t, cms.ErrDecryption, err)
		for n := range 56 {
			_, err = iit.OpenEnvelope(data[:n], own, sender)
			require.Equal(t, iit.ErrFormat, err)
		}
	}
}

func TestProtectedData(t *testing.T) {
	d := corpus.Find(t, "corpus/iit")
	items := d.Kind("password-protected-data")
	require.Len(t, items, 3)
	for _, it := range items {
		var want struct {
			Password  string
			Plaintext string `json:"plaintext_sha256"`
		}
		it.Decode(t, &want)
		got, err := iit.Unprotect(it.Bytes(t), want.Password)
		require.NoError(t, err, it.File)
		sum := sha256.Sum256(got)
		require.Equal(t, want.Plaintext, hex.EncodeToString(sum[:]))
		_, err = iit.Unprotect(it.Bytes(t), want.Password+"!")
		require.Equal(t, iit.ErrPassword, err)
	}
}

// protected is "abc" under the password "pw", as the IIT library protects it.
var protected = []byte{0x66, 0x60, 0x80, 0x03, 0x4c, 0x4f, 0x91, 0xb6, 0x05, 0xdb, 0x73, 0x26, 0x9f}

func TestUnprotect(t *testing.T) {
	got, err := iit.Unprotect(protected, "pw")
	require.NoError(t, err)
	require.Equal(t, "abc", string(got))
	for i := range protected {
		bad := bytes.Clone(protected)
		bad[i] ^= 0x40
		_, err := iit.Unprotect(bad, "pw")
		if i == 8 {
			require.Equal(t, iit.ErrFormat, err, "padding of 69 octets")
		} else {
			require.Equal(t, iit.ErrPassword, err, "octet %d", i)
		}
	}
	for n := range protected {
		_, err := iit.Unprotect(protected[:n], "pw")
		require.Error(t, err, "%d octets", n)
	}
	_, err = iit.Unprotect(protected, "не cp1251: \u4e16")
	require.Equal(t, iit.ErrPassword, err)
	_, err = iit.Unprotect([]byte{7, 0, 0, 0, 0}, "pw")
	require.Equal(t, iit.ErrFormat, err, "more padding than data")
}

func TestRawSignatureForms(t *testing.T) {
	k, err := dstu4145.M163PB().GenerateKey(nil)
	require.NoError(t, err)
	tmpl := &pkix.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.NewName(pkix.Attribute{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: "x"}),
		NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour), SignatureOID: alg.OIDDSTU4145LE,
	}
	raw, err := pkix.CreateCertificate(nil, tmpl, tmpl, k.PublicKey(), k)
	require.NoError(t, err)
	cert := parse(t, raw)
	sum := gost34311.Sum([]byte("abc"))
	be, err := k.Sign(nil, sum[:], nil)
	require.NoError(t, err)
	bare := alg.Signature{}.ToWire(be)
	header := []byte{1, 0, 0, 0, 0xb0, 0xcc, 0x72, 0x38, 0xfc, 0x79, 0xdd, 0x01}
	at, err := iit.CheckDigest(bare, sum[:], cert, nil)
	require.NoError(t, err)
	require.True(t, at.IsZero())
	at, err = iit.CheckDigest(append(header, bare...), sum[:], cert, nil)
	require.NoError(t, err)
	require.Equal(t, "2026-11-21T21:06:47.675Z", at.Format(time.RFC3339Nano))
	require.False(t, iit.Names(bare, cert))
	require.False(t, iit.Names(nil, cert))
	for name, sig := range map[string][]byte{
		"nothing": nil, "short": bare[1:], "long": append(bare, 0), "header alone": header, "half a header": append(header[6:], bare...),
	} {
		_, err := iit.CheckDigest(sig, sum[:], cert, nil)
		require.Equal(t, iit.ErrFormat, err, name)
	}
	_, err = iit.CheckDigest(bare, sum[:], cert, alg.OIDSHA256)
	require.ErrorIs(t, err, iit.ErrUnsupported)
	_, err = iit.CheckSignature(bare, bytes.NewReader(nil), cert, asn1.ObjectIdentifier{1, 2, 3})
	require.ErrorIs(t, err, iit.ErrUnsupported)
	boom := errors.New("boom")
	_, err = iit.CheckSignature(bare, iotest.ErrReader(boom), cert, nil)
	require.ErrorIs(t, err, boom)
}

// FuzzUnprotect checks that what opens is shorter than the data by the code and the padding.
func FuzzUnprotect(f *testing.F) {
	f.Add(protected, "pw")
	f.Add([]byte{0, 0, 0, 0, 0}, "")
	f.Fuzz(func(t *testing.T, data []byte, password string) {
		got, err := iit.Unprotect(data, password)
		if err != nil {
			if !errors.Is(err, iit.ErrFormat) && !errors.Is(err, iit.ErrPassword) {
				t.Fatal(err)
			}
			return
		}
		if pad := len(data) - 5 - len(got); pad < 0 || pad > 7 || pad != int(data[len(data)-5]) {
			t.Fatalf("%d octets of %d", len(got), len(data))
		}
	})
}
