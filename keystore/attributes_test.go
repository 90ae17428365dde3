package keystore_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/keystore"
)

// iitAttr is an attribute of IIT: the last arc below 1.3.6.1.4.1.19398.1.1.2.
func iitAttr(arc int, value build) build {
	return seq(oid(1, 3, 6, 1, 4, 1, 19398, 1, 1, 2, arc), tagged(cbasn1.SET, value))
}

func bitString(unused uint8, bits []byte) build {
	return tagged(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) { b.AddUint8(unused); b.AddBytes(bits) })
}

// withAttributes is a PKCS#8 of the key with attributes.
func withAttributes(t testing.TB, e *keystore.Entry, attributes ...build) []byte {
	t.Helper()
	var body cryptobyte.String
	s := cryptobyte.String(pkcs8Of(t, e))
	require.True(t, s.ReadASN1(&body, cbasn1.SEQUENCE))
	return der(t, seq(raw(body), tagged(explicit0, attributes...)))
}

// attribute takes an attribute out of what our writer makes of two keys.
func attribute(t testing.TB, arc byte, a, b *keystore.Entry) build {
	t.Helper()
	data := pkcs8Of(t, a, b)
	at := bytes.Index(data, append(unhex(t, "060c2b06010401819746010102"), arc))
	require.Positive(t, at)
	for start := at - 2; ; start-- {
		var el cryptobyte.String
		s := cryptobyte.String(data[start:])
		if s.ReadASN1Element(&el, cbasn1.SEQUENCE) && start+len(el) > at && el[len(el)-len(data[at:start+len(el)])] == 6 {
			return raw(el)
		}
	}
}

func TestAttributes(t *testing.T) {
	one, two := scalar(t, dstu4145.M257PB(), 1), scalar(t, dstu4145.M431PB(), 2)
	key, params, agreeID := attribute(t, 3, one, two), attribute(t, 2, one, two), attribute(t, 5, one, two)
	foreign := seq(oid(1, 2, 3), tagged(cbasn1.SET, number(1), number(2)))

	// What a reader has to take: any order, attributes of others, none at all.
	for name, attrs := range map[string][]build{
		"order":    {params, foreign, key, agreeID, iitAttr(6, octets(nil))},
		"no ids":   {key, params},
		"rsa id":   {key, params, iitAttr(7, octets(make([]byte, 20)))},
		"one twin": {key, params, foreign, foreign},
	} {
		s, entries := open(t, withAttributes(t, one, attrs...), "")
		require.Len(t, entries, 2, name)
		require.True(t, equalKeys(two, entries[1]), name)
		require.Equal(t, keystore.UseAgree, entries[1].Use, name)
		require.Empty(t, s.Warnings(), name)
	}
	for name, attrs := range map[string][]build{"empty": nil, "parameters alone": {params}, "foreign alone": {foreign}} {
		_, entries := open(t, withAttributes(t, one, attrs...), "")
		require.Len(t, entries, 1, name)
	}

	// Identifiers that do not fit are reported.
	s, entries := open(t, withAttributes(t, one, iitAttr(1, octets(make([]byte, 32))), key, params, iitAttr(5, octets(make([]byte, 32)))), "")
	require.True(t, entries[0].KeyIDMismatch)
	require.True(t, entries[1].KeyIDMismatch)
	require.Len(t, s.Warnings(), 2)

	// An RSA key of IIT, and a curve nobody knows: reported, the first key is usable.
	s, entries = open(t, withAttributes(t, one, seq(oid(1, 3, 6, 1, 4, 1, 19398, 1, 1, 1, 5), tagged(cbasn1.SET, octets(nil)))), "")
	require.Len(t, entries, 2)
	require.Nil(t, entries[1].Key)
	require.ErrorIs(t, entries[1].Err, errors.ErrUnsupported)
	require.Equal(t, "1.2.840.113549.1.1.1", entries[1].Algorithm.String())
	dke := gost28147.DKE1().DKE()
	ecbinary := seq(seq(number(257), number(11)), number(0), octets([]byte{1}), number(7), octets([]byte{2}))
	strange := iitAttr(2, seq(ecbinary, octets(dke), octets(dke)))
	_, entries = open(t, withAttributes(t, one, key, strange), "")
	require.Nil(t, entries[1].Key)
	require.ErrorIs(t, entries[1].Err, errors.ErrUnsupported)
	_, err := s.Find(0)
	require.NoError(t, err)

	for name, attrs := range map[string][]build{
		"key twice":         {key, key, params},
		"key alone":         {key},
		"no attribute":      {number(1)},
		"two values":        {iitAttr(1, func(b *cryptobyte.Builder) { octets(nil)(b); octets(nil)(b) })},
		"no value":          {iitAttr(1, func(*cryptobyte.Builder) {})},
		"another type":      {iitAttr(3, octets(make([]byte, 54))), params},
		"no bits":           {iitAttr(3, bitString(0, nil)), params},
		"eight unused bits": {iitAttr(3, bitString(8, make([]byte, 54))), params},
		"zero key":          {iitAttr(3, bitString(3, make([]byte, 54))), params},
		"long key":          {iitAttr(3, bitString(0, bytes.Repeat([]byte{1}, 54+65))), params},
		"short table":       {key, iitAttr(2, seq(ecbinary, octets(dke[1:])))},
		"trailing":          {key, iitAttr(2, seq(ecbinary, octets(dke), octets(dke), number(1)))},
	} {
		data := withAttributes(t, one, attrs...)
		_, err := keystore.Open(data, "", nil)
		require.ErrorIs(t, err, keystore.ErrFormat, name)
		_, err = keystore.Open(der(t, sealed(t, []byte("п"), data)), "п", nil)
		require.ErrorIs(t, err, keystore.ErrPassword, name)
	}
}

// TestAgreementParameters: the curve of the second key in the other ways in which keys name theirs.
func TestAgreementParameters(t *testing.T) {
	one, two := scalar(t, dstu4145.M257PB(), 1), scalar(t, dstu4145.M431PB(), 2)
	key := attribute(t, 3, one, two)
	dke := gost28147.DKE1().DKE()
	named := oid(1, 2, 804, 2, 1, 1, 1, 1, 3, 1, 1, 2, 9)
	little := func(b *cryptobyte.Builder) { alg.AddECBinary(b, dstu4145.M431PB(), false) }
	big := func(b *cryptobyte.Builder) { alg.AddECBinary(b, dstu4145.M431PB(), true) }
	for name, v := range map[string]struct {
		params build
		sbox   bool
	}{
		"big-endian, ascending": {seq(big, octets(dke), octets(dke)), true},
		"little-endian":         {seq(little, octets(dke), octets(dke)), true},
		"by name":               {seq(named, octets(dke), octets(dke)), true},
		"one table":             {seq(big, octets(dke)), true},
		"no table":              {seq(big), false},
		"by name alone":         {seq(named), false},
	} {
		s, entries := open(t, withAttributes(t, one, key, iitAttr(2, v.params)), "")
		require.Len(t, entries, 2, name)
		require.True(t, equalKeys(two, entries[1]), name)
		require.Equal(t, v.sbox, entries[1].SBox != nil, name)
		require.Empty(t, s.Warnings(), name)
	}
	for name, params := range map[string]build{
		"a name nobody knows": seq(oid(1, 2, 3), octets(dke), octets(dke)),
		"other numbers":       seq(seq(seq(number(431), seq(number(1), number(3), number(5))), number(1), octets(make([]byte, 54)), number(7), octets(make([]byte, 54))), octets(dke)),
	} {
		_, entries := open(t, withAttributes(t, one, key, iitAttr(2, params)), "")
		require.ErrorIs(t, entries[1].Err, errors.ErrUnsupported, name)
	}
}

// TestUnusedBits: they are cleared, not believed.
func TestUnusedBits(t *testing.T) {
	one, two := scalar(t, dstu4145.M257PB(), 1), scalar(t, dstu4145.M431PB(), 2)
	data := pkcs8Of(t, one, two)
	at := bytes.Index(data, unhex(t, "03370340")) // 54 octets, 3 unused bits, the scalar 02 5a…
	require.Positive(t, at)
	data[at+56] |= 7
	_, entries := open(t, data, "")
	require.True(t, equalKeys(two, entries[1]))
}

// TestUnauthenticated: PBES2 alone has no check of its own. Wrong passwords and damage have to show
// in the plaintext, and all of it is one error.
func TestUnauthenticated(t *testing.T) {
	one, two := scalar(t, dstu4145.M257PB(), 1), scalar(t, dstu4145.M431PB(), 2)
	sealedKey := func(plain []byte) []byte { return der(t, sealed(t, []byte("п"), plain)) }
	good := pkcs8Of(t, one, two)
	_, entries := open(t, sealedKey(append(slices.Clone(good), 0, 0)), "п") // a zero tail is let pass
	require.Len(t, entries, 2)
	bad := map[string][]byte{
		"tail":       append(slices.Clone(good), 0, 1),
		"cut":        good[:len(good)-1],
		"empty":      {},
		"identifier": withAttributes(t, one, iitAttr(1, octets(make([]byte, 32)))),
		"algorithm":  bytes.Replace(good, unhex(t, "2a86240201010101030101"), unhex(t, "2a86240201010101030109"), 1),
		"curve":      bytes.Replace(good, unhex(t, "02020101"), unhex(t, "02020103"), 1),
		"version":    bytes.Replace(good, unhex(t, "0201003081"), unhex(t, "0201053081"), 1),
		"above n":    aboveOrder(t),
		"zero":       bytes.Replace(pkcs8Of(t, one), unhex(t, "0420015a"), unhex(t, "04200000"), 1),
	}
	for name, plain := range bad {
		_, err := keystore.Open(sealedKey(plain), "п", nil)
		require.ErrorIs(t, err, keystore.ErrPassword, name)
	}
	// The same scalar in a container that is not encrypted is taken modulo the order.
	open(t, aboveOrder(t), "")

	// So it is with the second key.
	params := attribute(t, 2, one, two)
	high := withAttributes(t, one, iitAttr(3, bitString(0, bytes.Repeat([]byte{0xff}, 54))), params)
	_, entries = open(t, high, "")
	require.Len(t, entries, 2)
	_, err := keystore.Open(sealedKey(high), "п", nil)
	require.ErrorIs(t, err, keystore.ErrPassword)
	padded := withAttributes(t, one, iitAttr(3, bitString(0, append([]byte{0x40}, make([]byte, 100)...))), params)
	_, entries = open(t, sealedKey(padded), "п")
	require.Equal(t, byte(2), entries[1].Key.(*dstu4145.PrivateKey).Bytes()[53])

	n := 10_000
	if testing.Short() {
		n = 500
	}
	data := sealedKey(good)
	for i := range n {
		if _, err := keystore.Open(data, fmt.Sprint("wrong ", i), nil); !errors.Is(err, keystore.ErrPassword) {
			t.Fatalf("password %d: %v", i, err)
		}
	}
}

// aboveOrder is a plain key of 257 bits with all bits of the scalar set.
func aboveOrder(t testing.TB) []byte {
	data := pkcs8Of(t, scalar(t, dstu4145.M257PB(), 1))
	copy(data[len(data)-32:], bytes.Repeat([]byte{0xff}, 32))
	return data
}

func TestKeyInfo(t *testing.T) {
	good := make([]byte, 112)
	good[0], good[4], good[8], good[16], good[48] = 1, 1, 1, 0xaa, 0xbb
	info, err := keystore.ParseKeyInfo(good)
	require.NoError(t, err)
	require.Equal(t, byte(0xaa), info.SigningKeyID[0])
	require.Equal(t, byte(0xbb), info.AgreementKeyID[0])
	for _, at := range []int{0, 1, 4, 8, 12, 80, 111} {
		bad := slices.Clone(good)
		bad[at] ^= 2
		_, err := keystore.ParseKeyInfo(bad)
		require.ErrorIs(t, err, keystore.ErrFormat, at)
	}
	for _, bad := range [][]byte{nil, good[:111], append(slices.Clone(good), 0)} {
		_, err := keystore.ParseKeyInfo(bad)
		require.ErrorIs(t, err, keystore.ErrFormat)
	}
}

func TestCorpusKeyInfo(t *testing.T) {
	dir := corpus.Find(t, "corpus/iit")
	ids := iitIdentities(t, dir)
	items := dir.Kind("key-info")
	require.NotEmpty(t, items)
	for _, it := range items {
		var f struct{ Owner string }
		it.Decode(t, &f)
		info, err := keystore.ParseKeyInfo(it.Bytes(t))
		require.NoError(t, err, it.File)
		id := ids[f.Owner]
		require.Equal(t, unhex(t, id.key("sign").KeyID), info.SigningKeyID, it.File)
		if len(id.Keys) == 1 {
			require.Nil(t, info.AgreementKeyID, it.File)
		} else {
			require.Equal(t, unhex(t, id.key("agreement").KeyID), info.AgreementKeyID, it.File)
		}
	}
}
