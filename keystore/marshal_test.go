package keystore_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

var (
	encrypted = []keystore.Format{keystore.FormatKey6, keystore.FormatPKCS12, keystore.FormatPKCS8Encrypted}
	writable  = append([]keystore.Format{keystore.FormatPKCS8}, encrypted...)
)

// quick keeps tests fast; containers of people take the default.
var quick = &keystore.MarshalOptions{Iterations: 3}

func equalKeys(a, b *keystore.Entry) bool {
	return a.Key.(*dstu4145.PrivateKey).Equal(b.Key)
}

// TestRoundTrip writes two keys on every pair of neighbouring curves and reads them.
func TestRoundTrip(t *testing.T) {
	curves := dstu4145.Curves()
	other, err := gost28147.DKE(2)
	require.NoError(t, err)
	for i, curve := range curves {
		sign, agree := newEntry(t, curve), newEntry(t, curves[(i+1)%len(curves)])
		agree.Use = keystore.UseAgree
		sign.NamedCurve = i%2 == 0
		if i%3 == 0 {
			agree.SBox = other
		}
		for _, f := range writable {
			t.Run(fmt.Sprintf("%s %s", curve.Name(), f), func(t *testing.T) {
				password := "пароль №1"
				// The key for key agreement goes second, wherever it stood.
				data, err := keystore.Marshal(f, []*keystore.Entry{agree, sign}, nil, password, quick)
				require.NoError(t, err)
				require.Equal(t, f, keystore.Detect(data))
				s, entries := open(t, data, password)
				require.Equal(t, f, s.Format())
				require.Len(t, entries, 2)
				require.True(t, equalKeys(sign, entries[0]))
				require.True(t, equalKeys(agree, entries[1]))
				require.Equal(t, f != keystore.FormatKey6 && sign.NamedCurve && curve != dstu4145.M571PB(), entries[0].NamedCurve)
				if i%3 == 0 {
					require.True(t, other.Equal(entries[1].SBox))
				}
				require.NotNil(t, entries[0].LocalKeyID)
				require.Empty(t, s.Warnings())

				data, err = keystore.Marshal(f, []*keystore.Entry{agree}, nil, password, quick)
				require.NoError(t, err)
				_, entries = open(t, data, password)
				require.Len(t, entries, 1)
				require.True(t, equalKeys(agree, entries[0]))
			})
		}
	}
}

// TestKalyna: what Kalyna and Kupyna protect opens, and a wrong password or damage does not.
func TestKalyna(t *testing.T) {
	o := &keystore.MarshalOptions{Iterations: 3, Kalyna: true}
	for _, f := range []keystore.Format{keystore.FormatPKCS12, keystore.FormatPKCS8Encrypted} {
		e := newEntry(t, dstu4145.M257PB())
		data, err := keystore.Marshal(f, []*keystore.Entry{e}, nil, "пароль №1", o)
		require.NoError(t, err)
		require.Contains(t, string(data), "\x2a\x86\x24\x02\x01\x01\x01\x01\x01\x03\x05\x02")
		require.NotContains(t, string(data), "\x2a\x86\x24\x02\x01\x01\x01\x01\x02\x01", "GOST 34.311")
		_, entries := open(t, data, "пароль №1")
		require.Len(t, entries, 1)
		require.True(t, equalKeys(e, entries[0]))
		_, err = keystore.Open(data, "пароль №2", nil)
		require.ErrorIs(t, err, keystore.ErrPassword)
		data[len(data)/2] ^= 1
		_, err = keystore.Open(data, "пароль №1", nil)
		require.Error(t, err)
	}
}

// TestBigEndian: keys of the big-endian algorithm keep it, but for Key-6.dat.
func TestBigEndian(t *testing.T) {
	e, second := newEntry(t, dstu4145.M257PB()), newEntry(t, dstu4145.M431PB())
	little := e.KeyID()
	e.Algorithm, second.Algorithm = alg.OIDDSTU4145BE, alg.OIDDSTU4145BE
	require.NotEqual(t, little, e.KeyID())
	for _, f := range writable {
		data, err := keystore.Marshal(f, []*keystore.Entry{e, second}, nil, "пароль", quick)
		require.NoError(t, err)
		s, entries := open(t, data, "пароль")
		require.True(t, equalKeys(e, entries[0]), f)
		require.True(t, equalKeys(second, entries[1]), f)
		if f == keystore.FormatKey6 {
			require.Equal(t, little, entries[0].KeyID())
		} else {
			require.True(t, entries[0].Algorithm.Equal(alg.OIDDSTU4145BE), f)
			require.Equal(t, e.KeyID(), entries[0].KeyID())
		}
		require.Empty(t, s.Warnings(), f)
	}
}

// TestExtremeScalars writes keys whose top bits are set or clear: the BIT STRING of the second key
// has no fixed length.
func TestExtremeScalars(t *testing.T) {
	for _, curve := range dstu4145.Curves() {
		n := curve.Order()
		below := slices.Clone(n)
		below[len(below)-1]-- // the order is odd
		one := make([]byte, len(n))
		one[len(one)-1] = 1
		high := make([]byte, len(n))
		bit := curve.OrderBits() - 2
		high[len(high)-1-bit/8] = 1 << (bit % 8)
		for _, d := range [][]byte{one, high, below} {
			key, err := curve.NewPrivateKey(d)
			require.NoError(t, err)
			e := &keystore.Entry{Key: key}
			data, err := keystore.Marshal(keystore.FormatPKCS8, []*keystore.Entry{e, e}, nil, "", nil)
			require.NoError(t, err)
			_, entries := open(t, data, "")
			require.Len(t, entries, 2)
			require.True(t, equalKeys(e, entries[0]), "%s %x", curve.Name(), d)
			require.True(t, equalKeys(e, entries[1]), "%s %x", curve.Name(), d)
			require.False(t, entries[1].KeyIDMismatch)
		}
	}
}

// TestSameAsIIT writes the keys of a container of IIT again: the octets of the attributes are the
// same, but for one that nobody understands.
func TestSameAsIIT(t *testing.T) {
	_, entries := open(t, unhex(t, sampleKey6), "tect4")
	data, err := keystore.Marshal(keystore.FormatPKCS8, []*keystore.Entry{entries[0], entries[1]}, nil, "", nil)
	require.NoError(t, err)
	text := hex.EncodeToString(data)
	require.True(t, strings.HasPrefix(text, "30820305"+"02010030"+"81c9"), text[:40])
	for _, want := range []string{
		"042077922e2fa2eb4fe4502058b19f75ec910e5d40863809722818df6389c1f97f17a0820210",
		"3032060c2b0601040181974601010201312204207e9e345dd2cfd91ebadbe23c22eb9fac6bef65552ed42f56f9bac4aac5cb2d06",
		"3032060c2b0601040181974601010205312204207cebcd9412612324209f4cd81cd16a7a9a0ba05a75ad05d38bae9a7483d8f719",
		"3049060c2b06010401819746010102033139033703ad1c5ab26af0e00a2a936572b3b3ce59ec72fd8bac46964d9158ced05d4f0161d55ba5a6b211f74897fe8ff2cc71b3bf481248335cf8",
		"30820159060c2b060104018197460101020231820147308201433081bc300f020201af300902010502010302010102010104" +
			"3603ce10490f6a708fc26dfe8c3d27c4f94e690134d5bff988d8d28aaeaede975936c66bac536b18ae2dc312ca493117daa469c640caf3" +
			"02363fffffffffffffffffffffffffffffffffffffffffffffffffffffba3175458009a8c0a724f02f81aa8a1fcbaf80d90c7a95110504cf" +
			"04361a62ba79d98133a16bbae7ed9a8e03c32e0824d57aef72f88986874e5aae49c27bed49a2a95058068426c2171e99fd3b43c5947c857c" +
			"0440" + hex.EncodeToString(gost28147.DKE1().DKE()) + "0440" + hex.EncodeToString(gost28147.DKE1().DKE()),
	} {
		require.Contains(t, text, want)
	}
}

func TestCertificates(t *testing.T) {
	ca, err := testca.New("Центр", nil)
	require.NoError(t, err)
	id, err := ca.Issue(testca.Subject{CommonName: "Петренко Іван"})
	require.NoError(t, err)
	stranger, err := ca.Issue(testca.Subject{CommonName: "Інший"})
	require.NoError(t, err)
	entries := []*keystore.Entry{
		{Key: id.Signing.Key, Alias: "підпис", Chain: []*pkix.Certificate{id.Signing.Certificate, ca.Certificate}},
		{Key: id.Agreement.Key, Alias: "a rather long name of a key"},
	}
	certs := []*pkix.Certificate{id.Agreement.Certificate, ca.Certificate, id.Signing.Certificate, stranger.Signing.Certificate}
	data, err := keystore.Marshal(keystore.FormatPKCS12, entries, certs, "пароль", quick)
	require.NoError(t, err)
	require.False(t, bytes.Contains(data, id.Signing.Certificate.Raw), "certificates are encrypted")

	s, got := open(t, data, "пароль")
	require.Len(t, s.Certificates(), 4)
	require.Len(t, got, 2)
	require.Equal(t, "підпис", got[0].Alias)
	require.Equal(t, keystore.UseSign, got[0].Use)
	require.Equal(t, keystore.UseAgree, got[1].Use)
	require.Len(t, got[0].Chain, 2)
	require.True(t, got[0].Chain[1].Equal(ca.Certificate))
	require.True(t, got[1].Certificate().Equal(id.Agreement.Certificate))
	require.Len(t, got[1].Certificates(), 1)
	require.Nil(t, got[1].CertificateFor(pkix.KeyUsageDigitalSignature))

	e, err := s.Find(pkix.KeyUsageKeyAgreement)
	require.NoError(t, err)
	require.Same(t, got[1], e)
	_, err = s.Find(pkix.KeyUsageCRLSign)
	require.ErrorIs(t, err, keystore.ErrNoKey)
	requireIIT(t, 51, err)
	require.ErrorContains(t, err, "cRLSign")
	require.ErrorContains(t, err, "digitalSignature")

	// Without certificates, and then with those that the user brings.
	data, err = keystore.Marshal(keystore.FormatKey6, entries, certs, "пароль", nil)
	require.NoError(t, err)
	s, got = open(t, data, "пароль")
	require.Empty(t, s.Certificates())
	require.Equal(t, 2, s.Match(certs...))
	require.Equal(t, 2, s.Match(certs...), "twice")
	require.Len(t, s.Certificates(), 2)
	require.Equal(t, keystore.UseSign, got[0].Use)
	require.Len(t, got[0].Chain, 2)
	require.Len(t, got[0].Certificates(), 1)
}

// TestOnlyOneCertificate: whoever has a certificate for signatures alone cannot encrypt, and is told so.
func TestOnlyOneCertificate(t *testing.T) {
	ca, err := testca.New("Центр", nil)
	require.NoError(t, err)
	id, err := ca.Issue(testca.Subject{CommonName: "Петренко Іван"})
	require.NoError(t, err)
	data, err := keystore.Marshal(keystore.FormatPKCS8, []*keystore.Entry{{Key: id.Signing.Key}}, nil, "", nil)
	require.NoError(t, err)
	s, _ := open(t, data, "")
	_, err = s.Find(pkix.KeyUsageKeyAgreement)
	require.NoError(t, err, "nothing is known about the key")
	require.Equal(t, 1, s.Match(id.Signing.Certificate))
	var missing *keystore.NotFoundError
	_, err = s.Find(pkix.KeyUsageKeyAgreement)
	require.ErrorAs(t, err, &missing)
	require.Contains(t, missing.Missing, "keyAgreement")
	require.Contains(t, missing.Missing, "digitalSignature")
}

func TestMarshalRefuses(t *testing.T) {
	e := newEntry(t, dstu4145.M257PB())
	three := []*keystore.Entry{e, e, e}
	for name, call := range map[string]func() ([]byte, error){
		"no keys": func() ([]byte, error) { return keystore.Marshal(keystore.FormatPKCS12, nil, nil, "x", nil) },
		"nil entry": func() ([]byte, error) {
			return keystore.Marshal(keystore.FormatPKCS12, []*keystore.Entry{nil}, nil, "x", nil)
		},
		"no key": func() ([]byte, error) {
			return keystore.Marshal(keystore.FormatPKCS12, []*keystore.Entry{{}}, nil, "x", nil)
		},
		"empty password":   func() ([]byte, error) { return keystore.Marshal(keystore.FormatKey6, three[:1], nil, "", nil) },
		"not UTF-8":        func() ([]byte, error) { return keystore.Marshal(keystore.FormatPKCS12, three[:1], nil, "\xff", nil) },
		"not windows-1251": func() ([]byte, error) { return keystore.Marshal(keystore.FormatKey6, three[:1], nil, "漢字", nil) },
		"three keys":       func() ([]byte, error) { return keystore.Marshal(keystore.FormatPKCS8, three, nil, "", nil) },
		"JKS":              func() ([]byte, error) { return keystore.Marshal(keystore.FormatJKS, three[:1], nil, "x", nil) },
		"too many rounds": func() ([]byte, error) {
			return keystore.Marshal(keystore.FormatPKCS12, three[:1], nil, "x", &keystore.MarshalOptions{Iterations: 1_000_001})
		},
		"negative rounds": func() ([]byte, error) {
			return keystore.Marshal(keystore.FormatPKCS12, three[:1], nil, "x", &keystore.MarshalOptions{Iterations: -1})
		},
		"failing randomness": func() ([]byte, error) {
			return keystore.Marshal(keystore.FormatPKCS12, three[:1], nil, "x", &keystore.MarshalOptions{Rand: iotest.ErrReader(errors.New("x"))})
		},
		"short randomness": func() ([]byte, error) {
			return keystore.Marshal(keystore.FormatPKCS8Encrypted, three[:1], nil, "x", &keystore.MarshalOptions{Rand: io.LimitReader(rand.Reader, 39)})
		},
	} {
		data, err := call()
		require.Error(t, err, name)
		require.Nil(t, data, name)
	}
}

// TestDefaultIterations: what others write, in each part.
func TestDefaultIterations(t *testing.T) {
	data, err := keystore.Marshal(keystore.FormatPKCS12, []*keystore.Entry{newEntry(t, dstu4145.M257PB())}, nil, "пароль", nil)
	require.NoError(t, err)
	require.Equal(t, 2, bytes.Count(data, []byte{2, 2, 0x27, 0x10}))
	open(t, data, "пароль")
}

// TestFreshSalts: nothing in two containers of the same key is the same but the key identifier.
func TestFreshSalts(t *testing.T) {
	entries := []*keystore.Entry{newEntry(t, dstu4145.M257PB())}
	a, err := keystore.Marshal(keystore.FormatPKCS12, entries, nil, "пароль", quick)
	require.NoError(t, err)
	b, err := keystore.Marshal(keystore.FormatPKCS12, entries, nil, "пароль", quick)
	require.NoError(t, err)
	require.Equal(t, len(a), len(b))
	same := 0
	for i := 0; i+16 <= len(a); i += 16 {
		if bytes.Contains(b, a[i:i+16]) {
			same++
		}
	}
	require.Less(t, same, len(a)/16*2/3)
}

// TestOneDerivation: however many keys a container that we write holds, opening it takes one derivation
// for them and one for the code; the limit of both together is twice that of one.
func TestOneDerivation(t *testing.T) {
	keys := []*keystore.Entry{newEntry(t, dstu4145.M257PB()), newEntry(t, dstu4145.M431PB()), newEntry(t, dstu4145.M163PB())}
	for _, kalyna := range []bool{false, true} {
		o := &keystore.MarshalOptions{Iterations: 7, Kalyna: kalyna}
		data, err := keystore.Marshal(keystore.FormatPKCS12, keys, nil, "password", o)
		require.NoError(t, err)
		s, err := keystore.Open(data, "password", &keystore.Options{MaxIterations: o.Iterations})
		require.NoError(t, err)
		require.Equal(t, len(keys), s.Len())
	}
}
