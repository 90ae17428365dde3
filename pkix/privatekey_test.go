package pkix_test

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/pkix"
)

func TestPrivateKeyRoundTrip(t *testing.T) {
	for _, curve := range dstu4145.Curves() {
		for i := range 8 {
			key, err := curve.GenerateKey(nil)
			require.NoError(t, err)
			info := &pkix.PrivateKeyInfo{Key: key, NamedCurve: i&1 != 0, BigEndian: i&2 != 0}
			if i&4 != 0 {
				info.SBox = gost28147.DKE1()
				info.SetAttributes([]byte{})
			}
			raw, err := pkix.MarshalPrivateKey(info)
			require.NoError(t, err)
			back, err := pkix.ParsePrivateKey(raw)
			require.NoError(t, err)
			require.True(t, key.Equal(back.Key.(crypto.PrivateKey)))
			require.Equal(t, info.NamedCurve && curve != dstu4145.M571PB(), back.NamedCurve)
			require.Equal(t, info.BigEndian, back.BigEndian)
			require.Equal(t, info.SBox != nil, back.SBox != nil)
			require.Equal(t, info.Attributes() != nil, back.Attributes() != nil)
			require.False(t, back.Reduced)

			spki, err := pkix.MarshalPublicKey(&pkix.PublicKeyInfo{Key: key.PublicKey(), NamedCurve: info.NamedCurve, BigEndian: info.BigEndian, SBox: info.SBox})
			require.NoError(t, err)
			pub, err := pkix.ParsePublicKey(spki)
			require.NoError(t, err)
			require.True(t, key.PublicKey().Equal(pub.Key))
			require.Equal(t, back.NamedCurve, pub.NamedCurve)
			require.Same(t, curve, pub.Curve)
		}
	}
}

// TestPrivateKeyOctets is the form of a key of the field, octet for octet (the plaintext of a
// test container published by UAPKI).
func TestPrivateKeyOctets(t *testing.T) {
	raw := unhex(t, "3045020100301e060b2a86240201010101030101300f060d2a8624020101010103010102060420b1beecd5c187e70a12845a544d562704aa451de51e5c48d30d4b5b7d03b9e470")
	info, err := pkix.ParsePrivateKey(raw)
	require.NoError(t, err)
	key := info.Key.(*dstu4145.PrivateKey)
	require.Equal(t, unhex(t, "f3066912cc7a40f7391247c49e6f1dc6b887252b153e4abd9f18f5f6abe40881"), pkix.KeyID(key.PublicKey(), nil))
	again, err := pkix.MarshalPrivateKey(info)
	require.NoError(t, err)
	require.Equal(t, raw, again)
}

// pkcs8 returns a PrivateKeyInfo with the octets of a scalar and more fields.
func pkcs8(t *testing.T, curve *dstu4145.Curve, octets []byte, more ...[]byte) []byte {
	spki, err := pkix.MarshalPublicKey(&pkix.PublicKeyInfo{Key: newKey(t, curve, 1).PublicKey(), NamedCurve: true})
	require.NoError(t, err)
	return sequence(append([][]byte{{2, 1, 0}, keyAlgorithm(t, spki), element(cbasn1.OCTET_STRING, octets)}, more...)...)
}

func TestPrivateKeyScalars(t *testing.T) {
	curve := dstu4145.M257PB()
	order := curve.Order()
	slices.Reverse(order)
	less, more := bytes.Clone(order), bytes.Clone(order)
	less[0]--
	more[0]++ // 0d to 0e: no carry
	pad := func(b []byte, n int) []byte { return append(bytes.Clone(b), make([]byte, n)...) }
	for name, c := range map[string]struct {
		octets  []byte
		ok      bool
		reduced bool
	}{
		"one":                {pad([]byte{1}, 31), true, false},
		"short":              {[]byte{1}, true, false},
		"n - 1":              {less, true, false},
		"zero tail":          {pad(less, 4), true, false}, // jkurwa
		"long zero tail":     {pad(less, 64), true, false},
		"n + 1":              {more, true, true},
		"436 bits":           {append(pad(less, 0), 0x0e), true, true},
		"n":                  {order, false, false},
		"zero":               {make([]byte, 32), false, false},
		"nothing":            {nil, false, false},
		"too long zero tail": {pad(less, 65), false, false},
	} {
		info, err := pkix.ParsePrivateKey(pkcs8(t, curve, c.octets))
		if !c.ok {
			require.ErrorIs(t, err, pkix.ErrPrivateKey, name)
			require.Equal(t, pkix.ErrPrivateKey.Error(), err.Error(), "one error for all")
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, c.reduced, info.Reduced, name)
	}
	info, err := pkix.ParsePrivateKey(pkcs8(t, curve, more))
	require.NoError(t, err)
	one, err := pkix.ParsePrivateKey(pkcs8(t, curve, []byte{1}))
	require.NoError(t, err)
	require.True(t, one.Key.(*dstu4145.PrivateKey).Equal(info.Key), "n + 1 is 1")
}

func TestPrivateKeyForms(t *testing.T) {
	curve := dstu4145.M257PB()
	good := pkcs8(t, curve, []byte{1})
	info, err := pkix.ParsePrivateKey(pkcs8(t, curve, []byte{1}, unhex(t, "a000")))
	require.NoError(t, err)
	require.NotNil(t, info.Attributes())
	require.Empty(t, info.Attributes())
	info, err = pkix.ParsePrivateKey(pkcs8(t, curve, []byte{1}, unhex(t, "a0023000"), unhex(t, "81020001")))
	require.NoError(t, err, "the public key of RFC 5958")
	require.Equal(t, unhex(t, "3000"), info.Attributes())
	for name, raw := range map[string][]byte{
		"nothing": nil, "trailing": append(bytes.Clone(good), 0), "truncated": good[:len(good)-1],
		"trailing field": pkcs8(t, curve, []byte{1}, []byte{5, 0}), "attributes twice": pkcs8(t, curve, []byte{1}, unhex(t, "a000"), unhex(t, "a000")),
		"version 2": append([]byte{0x30, good[1], 2, 1, 2}, good[5:]...),
	} {
		_, err := pkix.ParsePrivateKey(raw)
		require.ErrorContains(t, err, "pkix: der: privateKeyInfo", name)
	}
	for name, id := range map[string][]byte{
		"the other basis": identifier(alg.OIDDSTU4145NormalLE, unhex(t, "300f060d2a862402010101010301010206")...),
		"ed448":           identifier(asn1.ObjectIdentifier{1, 3, 101, 113}),
	} {
		_, err := pkix.ParsePrivateKey(sequence([]byte{2, 1, 0}, id, []byte{4, 1, 1}))
		require.ErrorIs(t, err, pkix.ErrUnsupported, name)
	}
	_, err = pkix.ParsePrivateKey(sequence([]byte{2, 1, 0}, identifier(alg.OIDDSTU4145LE), []byte{4, 1, 1}))
	require.ErrorIs(t, err, alg.ErrParams)
}

// TestPrivateKeySEC1: Bouncy Castle puts an ECPrivateKey (RFC 5915) in place of the scalar, with the
// name of the curve bare. The key below is one of its own.
func TestPrivateKeySEC1(t *testing.T) {
	raw := unhex(t, "308185020100301e060d2a862402010101010301010101060d2a8624020101010103010102060460305e0201010420"+
		"662ff7fc8e34a309afb142e2d7326ee274d57f876cdbfd1fda5f9b3dbd35956d"+
		"a00f060d2a862402010101010301010206a12603240004210073aebe66e51a96e274acc03de87c098265187ec9bb6701b7bf2d941f965826fa")
	info, err := pkix.ParsePrivateKey(raw)
	require.NoError(t, err)
	key, ok := info.Key.(*dstu4145.PrivateKey)
	require.True(t, ok)
	require.True(t, info.BigEndian && info.NamedCurve && !info.Reduced)
	require.Equal(t, unhex(t, "662ff7fc8e34a309afb142e2d7326ee274d57f876cdbfd1fda5f9b3dbd35956d"), key.Bytes())
	require.Equal(t, unhex(t, "0073aebe66e51a96e274acc03de87c098265187ec9bb6701b7bf2d941f965826fa"), key.PublicKey().Bytes())

	// The same with the numbers of the curve, as X9.62 has them, in both places.
	numbers := "3081d5020101301d06072a8648ce3d010230120202010106092a8648ce3d0102030202010c30460421" +
		"000000000000000000000000000000000000000000000000000000000000000000042101cef494720115657e18f938d7a7942394ff9425c1458c57861f9eea6adbe3be10" +
		"044304002a29ef207d0e9b6c55cd260b306c7e007ac491ca1b10c62334a9e8dcd8d20fb7010686d41ff744d4449fccf6d8eea03102e6812c93a9d60b978b702cf156d814ef" +
		"022100800000000000000000000000000000006759213af182e987d3e17714907d470d020104"
	explicit, err := pkix.ParsePrivateKey(unhex(t, "3082021d0201003081e7060d2a862402010101010301010101"+numbers+
		"0482012c3082012802010104203aad498df206c62207e39fa16d05f90c00f437ebf601334040d7831f94fa38e4a081d8"+numbers+
		"a126032400042100a4e93b33b6f477afcc33a3375cd7465bda58279e44d1107f72eca05d07863504"))
	require.NoError(t, err)
	require.False(t, explicit.NamedCurve)
	require.Equal(t, unhex(t, "00a4e93b33b6f477afcc33a3375cd7465bda58279e44d1107f72eca05d07863504"), explicit.Key.(*dstu4145.PrivateKey).PublicKey().Bytes())

	// What is inside is in the order of SEC 1 whatever the algorithm says.
	curve := dstu4145.M257PB()
	d := key.Bytes()
	sec1 := func(fields ...[]byte) []byte { return pkcs8(t, curve, sequence(fields...)) }
	for name, octets := range map[string][]byte{
		"minimal":       sec1([]byte{2, 1, 1}, element(cbasn1.OCTET_STRING, d)),
		"leading zeros": sec1([]byte{2, 1, 1}, element(cbasn1.OCTET_STRING, []byte{0, 0}, d)),
	} {
		info, err := pkix.ParsePrivateKey(octets)
		require.NoError(t, err, name)
		require.True(t, key.Equal(info.Key), name)
		require.False(t, info.Reduced, name)
	}
	// A structure that is not quite one is no number either.
	for name, octets := range map[string][]byte{
		"version 2":     sec1([]byte{2, 1, 2}, element(cbasn1.OCTET_STRING, d)),
		"unknown field": sec1([]byte{2, 1, 1}, element(cbasn1.OCTET_STRING, d), []byte{5, 0}),
		"long":          sec1([]byte{2, 1, 1}, element(cbasn1.OCTET_STRING, make([]byte, 65), d)),
		"zero":          sec1([]byte{2, 1, 1}, element(cbasn1.OCTET_STRING, make([]byte, 32))),
		"trailing":      pkcs8(t, curve, append(sequence([]byte{2, 1, 1}, element(cbasn1.OCTET_STRING, d)), 0xff)),
	} {
		_, err := pkix.ParsePrivateKey(octets)
		require.ErrorIs(t, err, pkix.ErrPrivateKey, name)
	}
}

// TestPrivateKeyUnsupported: a key that only this library lacks is told apart from a broken one.
func TestPrivateKeyUnsupported(t *testing.T) {
	ec := func(params string) []byte {
		return sequence([]byte{2, 1, 0}, identifier(alg.OIDECPublicKey, unhex(t, params)...),
			element(cbasn1.OCTET_STRING, sequence([]byte{2, 1, 1}, element(cbasn1.OCTET_STRING, bytes.Repeat([]byte{1}, 32)))))
	}
	for name, raw := range map[string][]byte{
		"secp256k1":   ec("06052b8104000a"),
		"explicit EC": ec("3000"),
		"RSASSA-PSS":  sequence([]byte{2, 1, 0}, identifier(alg.OIDRSAPSS), element(cbasn1.OCTET_STRING, sequence())),
		"Ed25519":     sequence([]byte{2, 1, 0}, identifier(asn1.ObjectIdentifier{1, 3, 101, 112}), element(cbasn1.OCTET_STRING, make([]byte, 34))),
	} {
		_, err := pkix.ParsePrivateKey(raw)
		require.ErrorIs(t, err, pkix.ErrUnsupported, name)
	}
	_, err := pkix.ParsePrivateKey(ec("06082a8648ce3d030107" + "0500"))
	require.ErrorIs(t, err, pkix.ErrPrivateKey)
}

func TestPrivateKeyForeign(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for _, key := range []crypto.Signer{ec, rsaKey} {
		raw, err := pkix.MarshalPrivateKey(&pkix.PrivateKeyInfo{Key: key})
		require.NoError(t, err)
		want, err := x509.MarshalPKCS8PrivateKey(key)
		require.NoError(t, err)
		require.Equal(t, want, raw)
		info, err := pkix.ParsePrivateKey(raw)
		require.NoError(t, err)
		require.True(t, info.Key.(interface{ Equal(crypto.PrivateKey) bool }).Equal(key))
		raw[len(raw)-2] ^= 0xff
		if _, err := pkix.ParsePrivateKey(raw); err != nil {
			require.ErrorIs(t, err, pkix.ErrPrivateKey)
		}
	}
	_, err = pkix.ParsePrivateKey(sequence([]byte{2, 1, 0}, identifier(alg.OIDRSAEncryption, 5, 0), []byte{4, 1, 1}))
	require.ErrorIs(t, err, pkix.ErrPrivateKey)
	_, err = pkix.MarshalPrivateKey(&pkix.PrivateKeyInfo{})
	require.ErrorIs(t, err, pkix.ErrUnsupported)
	_, err = pkix.MarshalPublicKey(&pkix.PublicKeyInfo{})
	require.ErrorIs(t, err, pkix.ErrUnsupported)
	dh, err := ecdh.P256().GenerateKey(rand.Reader)
	require.NoError(t, err)
	_, err = pkix.MarshalPrivateKey(&pkix.PrivateKeyInfo{Key: signerOf{dh}})
	require.ErrorIs(t, err, pkix.ErrUnsupported)
}

type signerOf struct{ *ecdh.PrivateKey }

func (signerOf) Public() crypto.PublicKey { return nil }
func (signerOf) Sign(_ io.Reader, _ []byte, _ crypto.SignerOpts) ([]byte, error) {
	return nil, nil
}

// TestPrivateKeyRedacted prints a key in every way.
func TestPrivateKeyRedacted(t *testing.T) {
	info := &pkix.PrivateKeyInfo{Key: newKey(t, dstu4145.M257PB(), 1)}
	info.SetAttributes([]byte("0123456789"))
	out, err := json.Marshal(info)
	require.NoError(t, err)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", info, "value", *info)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", info, "value", *info)
	text := string(out) + log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text += fmt.Sprintf(verb, info) + fmt.Sprintf(verb, *info) + fmt.Sprintf(verb, []any{info, *info})
		// Nobody can call Format on a field that is not exported.
		hidden := struct {
			info pkix.PrivateKeyInfo
			all  []pkix.PrivateKeyInfo
		}{*info, []pkix.PrivateKeyInfo{*info}}
		text += fmt.Sprintf(verb, hidden) + fmt.Sprintf(verb, &hidden)
	}
	for _, leak := range []string{"0e0e0e", "14 14", "30313233", "0123456789", "48 49 50"} {
		require.NotContains(t, strings.ToLower(text), leak)
	}
	require.Contains(t, text, "REDACTED")
}

// TestCorpusPrivateKeys reads the containers that are not encrypted.
func TestCorpusPrivateKeys(t *testing.T) {
	n := 0
	for _, d := range corpus.Dirs(t) {
		for _, it := range d.Kind("containers") {
			var want struct {
				Format string
				Keys   []struct {
					KeyID  string `json:"key_id_hex"`
					CurveM int    `json:"curve_m"`
				}
			}
			it.Decode(t, &want)
			if want.Format != "PKCS#8 PrivateKeyInfo, not encrypted" {
				continue
			}
			n++
			t.Run(d.Name+"/"+it.File, func(t *testing.T) {
				info, err := pkix.ParsePrivateKey(it.Bytes(t))
				require.NoError(t, err)
				key := info.Key.(*dstu4145.PrivateKey)
				require.Equal(t, want.Keys[0].CurveM, key.Curve().FieldBits())
				require.Equal(t, unhex(t, want.Keys[0].KeyID), pkix.KeyID(key.PublicKey(), nil))
				require.Equal(t, it.File == "containers/jkurwa-KeyE54B.cer", info.Reduced)
				require.Equal(t, len(want.Keys) > 1, len(info.Attributes()) > 0)
			})
		}
	}
	if n == 0 {
		t.Skip("no plain containers in the collections")
	}
}

// TestHugeRSAKey: the length of the numbers of a key bounds the work before it begins, which would
// take minutes otherwise.
func TestHugeRSAKey(t *testing.T) {
	one := big.NewInt(1)
	key := func(modulusBits, primeBits uint) []byte {
		p := new(big.Int).Sub(new(big.Int).Lsh(one, primeBits), one)
		q := new(big.Int).Sub(p, big.NewInt(2))
		n := new(big.Int).Mul(p, q)
		if uint(n.BitLen()) != modulusBits {
			n = new(big.Int).Sub(new(big.Int).Lsh(one, modulusBits), one)
		}
		var numbers [][]byte
		for _, x := range []*big.Int{new(big.Int), n, big.NewInt(65537), n, p, q, p, q, p} {
			numbers = append(numbers, element(cbasn1.INTEGER, append([]byte{0}, x.Bytes()...)))
		}
		numbers[0], numbers[2] = []byte{2, 1, 0}, []byte{2, 3, 1, 0, 1}
		return sequence([]byte{2, 1, 0}, identifier(alg.OIDRSAEncryption, 5, 0), element(cbasn1.OCTET_STRING, sequence(numbers...)))
	}
	for name, raw := range map[string][]byte{
		"modulus":               key(1<<19, 1<<18),
		"modulus of 8193 bits":  key(8193, 4096),
		"primes above modulus":  key(4096, 1<<15),
		"primes without bounds": key(2048, 1<<19),
	} {
		_, err := pkix.ParsePrivateKey(raw)
		require.ErrorIs(t, err, pkix.ErrPrivateKey, name)
	}
}
