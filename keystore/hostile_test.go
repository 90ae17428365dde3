package keystore_test

import (
	"bytes"
	"crypto/sha1"
	"encoding/asn1"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/cp1251"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/keystore"
)

type build = func(*cryptobyte.Builder)

func seq(parts ...build) build {
	return func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, p := range parts {
				p(b)
			}
		})
	}
}

func tagged(tag cbasn1.Tag, parts ...build) build {
	return func(b *cryptobyte.Builder) {
		b.AddASN1(tag, func(b *cryptobyte.Builder) {
			for _, p := range parts {
				p(b)
			}
		})
	}
}

func oid(arcs ...int) build {
	return func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier(arcs)) }
}
func octets(o []byte) build { return func(b *cryptobyte.Builder) { b.AddASN1OctetString(o) } }
func raw(o []byte) build    { return func(b *cryptobyte.Builder) { b.AddBytes(o) } }
func number(n uint64) build { return func(b *cryptobyte.Builder) { b.AddASN1Uint64(n) } }

func der(t testing.TB, f build) []byte {
	t.Helper()
	var b cryptobyte.Builder
	f(&b)
	out, err := b.Bytes()
	require.NoError(t, err)
	return out
}

var explicit0 = cbasn1.Tag(0).ContextSpecific().Constructed()

// bagOf is a SafeBag of the kind.
func bagOf(kind int, value build) build {
	return seq(oid(1, 2, 840, 113549, 1, 12, 10, 1, kind), tagged(explicit0, value))
}

// dataInfo is a ContentInfo with data.
func dataInfo(content []byte) build {
	return seq(oid(1, 2, 840, 113549, 1, 7, 1), tagged(explicit0, octets(content)))
}

// pfxOf is a PFX around an AuthenticatedSafe, without a MAC.
func pfxOf(t testing.TB, infos ...build) []byte {
	t.Helper()
	return der(t, seq(number(3), dataInfo(der(t, seq(infos...)))))
}

// sealed encrypts under a password in any encoding.
func sealed(t testing.TB, password, plain []byte) build {
	t.Helper()
	scheme, err := pbe.NewPBES2(bytes.NewReader(make([]byte, 64)), pbe.GOST, 2)
	require.NoError(t, err)
	data, err := scheme.Encrypt(pbe.NewSession(2, 1), pbe.Password{Octets: password}, plain)
	require.NoError(t, err)
	return seq(scheme.AddAlgorithm, octets(data))
}

func pkcs8Of(t testing.TB, entries ...*keystore.Entry) []byte {
	t.Helper()
	data, err := keystore.Marshal(keystore.FormatPKCS8, entries, nil, "", nil)
	require.NoError(t, err)
	return data
}

// scalar returns an entry with a small key: tests with it repeat.
func scalar(t testing.TB, curve *dstu4145.Curve, d byte) *keystore.Entry {
	t.Helper()
	b := make([]byte, curve.ScalarSize())
	b[len(b)-1], b[len(b)-2] = d, 0x5a
	key, err := curve.NewPrivateKey(b)
	require.NoError(t, err)
	return &keystore.Entry{Key: key}
}

// TestWithoutMAC: a container without a MAC, or with that of M.E.Doc, opens with a warning, and wrong
// passwords are found out all the same.
func TestWithoutMAC(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 1)
	bare := pfxOf(t, dataInfo(der(t, seq(bagOf(2, sealed(t, []byte("пароль"), pkcs8Of(t, e)))))))
	withMAC, err := keystore.Marshal(keystore.FormatPKCS12, []*keystore.Entry{e}, nil, "пароль", quick)
	require.NoError(t, err)
	gost, medoc := unhex(t, "2a862402010101010201"), unhex(t, "4886f70d010701a08201")
	at := bytes.LastIndex(withMAC, gost)
	copy(withMAC[at:], medoc)
	for name, data := range map[string][]byte{"none": bare, "M.E.Doc": withMAC} {
		t.Run(name, func(t *testing.T) {
			s, entries := open(t, data, "пароль")
			require.Len(t, entries, 1)
			require.True(t, equalKeys(e, entries[0]))
			require.Len(t, s.Warnings(), 1)
			refuseWrong(t, data, "пароль", nil)
		})
	}
}

// TestPasswordEncodings: bags go by UTF-8, and by windows-1251 if that fails.
func TestPasswordEncodings(t *testing.T) {
	e, other := scalar(t, dstu4145.M257PB(), 2), scalar(t, dstu4145.M191PB(), 2)
	old, ok := cp1251.Encode("пароль")
	require.True(t, ok)
	bags := func(first, second []byte) []byte {
		return pfxOf(t, dataInfo(der(t, seq(bagOf(2, sealed(t, first, pkcs8Of(t, e))), bagOf(2, sealed(t, second, pkcs8Of(t, other)))))))
	}
	_, entries := open(t, bags(old, old), "пароль")
	require.Len(t, entries, 2)
	require.True(t, equalKeys(other, entries[1]))
	_, err := keystore.Open(bags(old, []byte("пароль")), "пароль", nil)
	require.ErrorIs(t, err, keystore.ErrPassword, "one container, two encodings")

	_, entries = open(t, der(t, sealed(t, old, pkcs8Of(t, e))), "пароль")
	require.True(t, equalKeys(e, entries[0]))

	// The classic container has windows-1251 and nothing else.
	classic, err := keystore.Marshal(keystore.FormatKey6, []*keystore.Entry{e}, nil, cp1251.Decode([]byte("пароль")), nil)
	require.NoError(t, err)
	_, err = keystore.Open(classic, "пароль", nil)
	require.ErrorIs(t, err, keystore.ErrPassword)
	open(t, classic, cp1251.Decode([]byte("пароль")))
}

// TestBags reads the kinds of bags that our writer does not write.
func TestBags(t *testing.T) {
	e, inner := scalar(t, dstu4145.M257PB(), 3), scalar(t, dstu4145.M307PB(), 3)
	secret := bagOf(5, seq(oid(1, 2, 3), octets([]byte("secret"))))
	crl := bagOf(4, seq(oid(1, 2, 3)))
	unknown := seq(oid(1, 2, 3, 4), tagged(explicit0, number(1)))
	nested := bagOf(6, seq(secret, bagOf(1, raw(pkcs8Of(t, inner)))))
	broken := bagOf(3, seq(oid(1, 2, 840, 113549, 1, 9, 22, 1), tagged(explicit0, octets([]byte("no certificate")))))
	sdsi := bagOf(3, seq(oid(1, 2, 840, 113549, 1, 9, 22, 2), tagged(explicit0, octets([]byte("SDSI")))))
	contents := der(t, seq(secret, crl, unknown, bagOf(1, raw(pkcs8Of(t, e))), nested, broken, sdsi))
	enveloped := seq(oid(1, 2, 840, 113549, 1, 7, 3), tagged(explicit0, seq()))
	s, entries := open(t, pfxOf(t, dataInfo(contents), enveloped), "")
	require.Len(t, entries, 2)
	require.True(t, equalKeys(e, entries[0]))
	require.True(t, equalKeys(inner, entries[1]))
	require.Len(t, s.Warnings(), 3) // MAC, certificate, envelopedData

	_, err := keystore.Open(pfxOf(t, dataInfo(der(t, seq(secret, broken)))), "", nil)
	require.ErrorIs(t, err, keystore.ErrNoKey)
	requireIIT(t, 24, err)

	signed := der(t, seq(number(3), seq(oid(1, 2, 840, 113549, 1, 7, 2), tagged(explicit0, seq()))))
	var unsupported *keystore.UnsupportedError
	_, err = keystore.Open(signed, "", nil)
	require.ErrorAs(t, err, &unsupported)
}

// macOf is a MacData with GOST 34.311 over the contents of an AuthenticatedSafe.
func macOf(t testing.TB, password string, safe []byte) build {
	t.Helper()
	return func(b *cryptobyte.Builder) {
		pbe.AddMACData(b, pbe.GOST, pbe.NewSession(2, 1), pbe.Password{BMP: pbe.BMPString(password)}, []byte("salt"), 2, safe)
	}
}

// TestUnusableBags: where a MAC vouches for the container, a bag that cannot be used is an entry with
// an error beside the others; where none does, it may be the password.
func TestUnusableBags(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 8)
	ec := func(curve ...int) []byte {
		return der(t, seq(number(0), seq(oid(1, 2, 840, 10045, 2, 1), oid(curve...)),
			octets(der(t, seq(number(1), octets(bytes.Repeat([]byte{7}, 32)))))))
	}
	for name, v := range map[string]struct {
		plain []byte
		want  error
	}{
		"secp256k1":      {ec(1, 3, 132, 0, 10), errors.ErrUnsupported},
		"ed25519":        {der(t, seq(number(0), seq(oid(1, 3, 101, 112)), octets(make([]byte, 34)))), errors.ErrUnsupported},
		"broken P-384":   {ec(1, 3, 132, 0, 34)[:40], keystore.ErrPassword},
		"no structure":   {[]byte("no key"), keystore.ErrPassword},
		"a zero key":     {bytes.Replace(pkcs8Of(t, e), unhex(t, "0420085a"), unhex(t, "04200000"), 1), keystore.ErrPassword},
		"no key at all":  {nil, keystore.ErrPassword},
		"other password": {nil, keystore.ErrPassword},
	} {
		password := []byte("п")
		if name == "other password" {
			password, v.plain = []byte("інший"), pkcs8Of(t, e)
		}
		bad, good := bagOf(2, sealed(t, password, v.plain)), bagOf(2, sealed(t, []byte("п"), pkcs8Of(t, e)))
		safe := der(t, seq(dataInfo(der(t, seq(bad, good)))))
		s, entries := open(t, der(t, seq(number(3), dataInfo(safe), macOf(t, "п", safe))), "п")
		require.Len(t, entries, 2, name)
		require.Nil(t, entries[0].Key, name)
		require.ErrorIs(t, entries[0].Err, v.want, name)
		require.True(t, equalKeys(e, entries[1]), name)
		require.Empty(t, s.Warnings(), name)

		_, err := keystore.Open(pfxOf(t, dataInfo(der(t, seq(bad, good)))), "п", nil)
		require.ErrorIs(t, err, keystore.ErrPassword, name)
		requireIIT(t, 24, err)
		safe = der(t, seq(dataInfo(der(t, seq(bad)))))
		_, err = keystore.Open(der(t, seq(number(3), dataInfo(safe), macOf(t, "п", safe))), "п", nil)
		require.ErrorIs(t, err, v.want, name)
		requireIIT(t, 24, err)
	}
}

// TestEncryptedSafeOfKeys: a safe that is encrypted as a whole may hold plain keys. Without a MAC
// whatever is wrong inside is the password's fault.
func TestEncryptedSafeOfKeys(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 8)
	safe := func(contents ...build) build { return encryptedInfo(t, "п", der(t, seq(contents...))) }
	key := bagOf(1, raw(pkcs8Of(t, e)))
	_, entries := open(t, pfxOf(t, safe(key)), "п")
	require.True(t, equalKeys(e, entries[0]))
	for name, bad := range map[string]build{
		"key":         bagOf(1, raw(der(t, seq(number(0), seq(oid(1, 2, 804, 2, 1, 1, 1, 1, 3, 1, 1)), octets(nil))))),
		"shrouded":    bagOf(2, seq(number(1))),
		"certificate": bagOf(3, number(1)),
	} {
		_, err := keystore.Open(pfxOf(t, safe(key, bad)), "п", nil)
		require.ErrorIs(t, err, keystore.ErrPassword, name)
		_, err = keystore.Open(pfxOf(t, dataInfo(der(t, seq(key, bad)))), "п", nil)
		require.ErrorIs(t, err, keystore.ErrFormat, name)
	}
}

// TestZeroTail: key media and their copies fill files up with zeros. Nothing else may stand there.
func TestZeroTail(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 8)
	for _, f := range []keystore.Format{keystore.FormatKey6, keystore.FormatPKCS12, keystore.FormatPKCS8, keystore.FormatPKCS8Encrypted} {
		data, err := keystore.Marshal(f, []*keystore.Entry{e}, nil, "п", quick)
		require.NoError(t, err)
		inputs := [][]byte{data}
		if f == keystore.FormatPKCS12 {
			inputs = append(inputs, toBER(t, data))
		}
		for _, data := range inputs {
			_, entries := open(t, append(slices.Clone(data), make([]byte, 512)...), "п")
			require.True(t, equalKeys(e, entries[0]), f)
			for _, tail := range []string{"\x01", "\x00\x01", "\n"} {
				_, err := keystore.Open(append(slices.Clone(data), tail...), "п", nil)
				require.ErrorIs(t, err, keystore.ErrFormat, "%s, tail %x", f, tail)
			}
		}
	}
}

// TestEmptyPassword: an empty password is two zero octets to OpenSSL and nothing to Bouncy Castle.
func TestEmptyPassword(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 8)
	safe := der(t, seq(dataInfo(der(t, seq(bagOf(2, sealed(t, nil, pkcs8Of(t, e))))))))
	for name, bmp := range map[string][]byte{"terminator": {0, 0}, "nothing": nil} {
		mac := func(b *cryptobyte.Builder) {
			pbe.AddMACData(b, pbe.GOST, pbe.NewSession(2, 1), pbe.Password{BMP: bmp}, []byte("salt"), 2, safe)
		}
		data := der(t, seq(number(3), dataInfo(safe), mac))
		s, entries := open(t, data, "")
		require.Len(t, entries, 1, name)
		require.True(t, equalKeys(e, entries[0]), name)
		require.Empty(t, s.Warnings(), name)
		for _, wrong := range []string{"x", "п"} {
			_, err := keystore.Open(data, wrong, nil)
			require.ErrorIs(t, err, keystore.ErrPassword, name)
		}
	}
}

// TestBagNames: the name of a key in another string type than the one of the standard.
func TestBagNames(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 8)
	attr := func(values ...build) build {
		return seq(oid(1, 2, 840, 113549, 1, 9, 20), tagged(cbasn1.SET, values...))
	}
	id := seq(oid(1, 2, 840, 113549, 1, 9, 21), tagged(cbasn1.SET, number(1)))
	bmp := tagged(cbasn1.Tag(30), raw(pbe.UTF16("ключ")))
	for name, v := range map[string]struct {
		attribute build
		want      string
	}{
		"BMPString":       {attr(bmp), "ключ"},
		"UTF8String":      {attr(tagged(cbasn1.UTF8String, raw([]byte("ключ")))), "ключ"},
		"PrintableString": {attr(tagged(cbasn1.PrintableString, raw([]byte("key")))), "key"},
		"two values":      {attr(bmp, bmp), "ключ"},
		"no value":        {attr(), ""},
		"broken":          {attr(tagged(cbasn1.Tag(30), raw([]byte{4}))), ""},
		"a number":        {attr(number(1)), ""},
	} {
		bag := seq(oid(1, 2, 840, 113549, 1, 12, 10, 1, 1), tagged(explicit0, raw(pkcs8Of(t, e))), tagged(cbasn1.SET, id, v.attribute))
		_, entries := open(t, pfxOf(t, dataInfo(der(t, seq(bag)))), "")
		require.Equal(t, v.want, entries[0].Alias, name)
		require.Nil(t, entries[0].LocalKeyID, name)
	}
}

// TestUnsupportedSchemes: a part under a cipher that is not there is reported, what else there is opens.
func TestUnsupportedSchemes(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 3)
	rc4 := seq(oid(1, 2, 840, 113549, 1, 12, 1, 1), seq(octets([]byte("salt")), number(1)))
	safe := seq(oid(1, 2, 840, 113549, 1, 7, 6), tagged(explicit0, seq(number(0), seq(
		oid(1, 2, 840, 113549, 1, 7, 1), rc4, tagged(cbasn1.Tag(0).ContextSpecific(), raw([]byte("data")))))))
	bags := seq(bagOf(2, seq(rc4, octets([]byte("data")))), bagOf(1, raw(pkcs8Of(t, e))))
	s, entries := open(t, pfxOf(t, safe, dataInfo(der(t, bags))), "")
	require.Len(t, entries, 2)
	require.ErrorIs(t, entries[0].Err, errors.ErrUnsupported)
	require.True(t, equalKeys(e, entries[1]))
	require.Len(t, s.Warnings(), 2)
	require.ErrorIs(t, s.Warnings()[1], errors.ErrUnsupported)
	require.ErrorContains(t, s.Warnings()[1], "1.2.840.113549.1.12.1.1")

	_, err := keystore.Open(unhex(t, "cececece"+"00000002"+"00000000"), "", nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.ErrorContains(t, err, "JCEKS")
	requireIIT(t, 24, err)
}

// toBER rewrites DER with indefinite lengths and octet strings in pieces.
func toBER(t testing.TB, data []byte) []byte {
	t.Helper()
	var out []byte
	s := cryptobyte.String(data)
	for !s.Empty() {
		var body cryptobyte.String
		var tag cbasn1.Tag
		require.True(t, s.ReadAnyASN1(&body, &tag))
		switch {
		case tag&0x20 != 0:
			out = append(append(append(out, byte(tag), 0x80), toBER(t, body)...), 0, 0)
		case tag == cbasn1.OCTET_STRING || tag == cbasn1.Tag(0).ContextSpecific():
			out = append(out, byte(tag|0x20), 0x80)
			for len(body) > 0 {
				n := min(len(body), 100)
				out = append(append(out, 4, byte(n)), body[:n]...)
				body = body[n:]
			}
			out = append(out, 0, 0)
		default:
			out = append(append(out, byte(tag), byte(len(body))), body...)
			require.Less(t, len(body), 128)
		}
	}
	return out
}

func TestBER(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 4)
	data, err := keystore.Marshal(keystore.FormatPKCS12, []*keystore.Entry{e}, nil, "пароль", quick)
	require.NoError(t, err)
	ber := toBER(t, data)
	require.Equal(t, keystore.FormatPKCS12, keystore.Detect(ber))
	_, entries := open(t, ber, "пароль") // the MAC is over the octets inside, however they are cut
	require.True(t, equalKeys(e, entries[0]))
	refuseWrong(t, ber, "пароль", nil)

	// BER in the parts inside, too, with a nested encrypted part.
	shrouded := bagOf(2, sealed(t, []byte("пароль"), pkcs8Of(t, e)))
	contents := toBER(t, der(t, seq(shrouded)))
	scheme, err := pbe.NewPBES2(bytes.NewReader(make([]byte, 64)), pbe.GOST, 2)
	require.NoError(t, err)
	cipher, err := scheme.Encrypt(pbe.NewSession(2, 1), pbe.Password{Octets: []byte("пароль")}, der(t, seq(shrouded)))
	require.NoError(t, err)
	encrypted := seq(oid(1, 2, 840, 113549, 1, 7, 6), tagged(explicit0, seq(number(0), seq(
		oid(1, 2, 840, 113549, 1, 7, 1), scheme.AddAlgorithm, tagged(cbasn1.Tag(0).ContextSpecific(), raw(cipher))))))
	safe := toBER(t, der(t, seq(dataInfo(contents), encrypted)))
	_, entries = open(t, toBER(t, der(t, seq(number(3), dataInfo(safe)))), "пароль")
	require.Len(t, entries, 2)
}

// TestIterationLimits: what is above the limit is refused before any work, wherever it stands.
func TestIterationLimits(t *testing.T) {
	e := scalar(t, dstu4145.M257PB(), 5)
	heavy := func(n uint64) build { // PBES2 of n iterations
		return seq(oid(1, 2, 840, 113549, 1, 5, 13), seq(
			seq(oid(1, 2, 840, 113549, 1, 5, 12), seq(octets(binary.BigEndian.AppendUint64(make([]byte, 8), n)), number(n))),
			seq(oid(2, 16, 840, 1, 101, 3, 4, 1, 42), octets(make([]byte, 16)))))
	}
	key := func(n uint64) build { return seq(heavy(n), octets(make([]byte, 64))) }
	safe := func(n uint64) build {
		return seq(oid(1, 2, 840, 113549, 1, 7, 6), tagged(explicit0, seq(number(0), seq(
			oid(1, 2, 840, 113549, 1, 7, 1), heavy(n), tagged(cbasn1.Tag(0).ContextSpecific(), raw(make([]byte, 64)))))))
	}
	mac := func(n uint64) build {
		return seq(seq(seq(oid(1, 2, 804, 2, 1, 1, 1, 1, 2, 1)), octets(make([]byte, 32))), octets([]byte("salt")), number(n))
	}
	data := func(parts ...build) []byte { return der(t, seq(parts...)) }
	inputs := func(limit uint64) map[string][]byte {
		return map[string][]byte{
			"PBES2":                       der(t, key(limit+1)),
			"MAC":                         data(number(3), dataInfo(data()), mac(limit+1)),
			"bag behind MAC":              data(number(3), dataInfo(data(dataInfo(data(bagOf(2, key(limit+1)))))), mac(limit/10*9)),
			"safe":                        data(number(3), dataInfo(data(safe(limit+1))), mac(limit/10*9)),
			"bag in bag":                  data(number(3), dataInfo(data(dataInfo(data(bagOf(6, seq(bagOf(2, key(limit+1)))))))), mac(limit/10*9)),
			"in all":                      data(number(3), dataInfo(data(dataInfo(data(bagOf(2, key(limit)), bagOf(2, key(limit-1)), bagOf(2, key(limit-2)), bagOf(2, key(limit-3)))))), mac(limit/10*9)),
			"two blocks of two encodings": der(t, key(limit/2+1)), // HMAC-SHA-1 for a key of 32 octets
			"keys in PEM": slices.Concat(
				pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: der(t, key(limit/10*3))}),
				pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: der(t, key(limit/10*3+1))})),
		}
	}
	refused := func(name string, input []byte, opts *keystore.Options) {
		t.Run(name, func(t *testing.T) {
			_, err := keystore.Open(input, "пароль", opts)
			var limit *keystore.LimitError
			require.ErrorAs(t, err, &limit)
			requireIIT(t, 24, err)
		})
	}
	for name, input := range inputs(1_000_000) {
		refused(name, input, nil)
	}
	refused("64 bits", der(t, key(math.MaxUint64)), nil)
	// Whatever is derived before the refusal takes a quarter of an hour under this limit.
	const ages = 1 << 30
	for name, input := range inputs(ages) {
		refused(name+" under a limit of ages", input, &keystore.Options{MaxIterations: ages})
	}
	data12, err := keystore.Marshal(keystore.FormatPKCS12, []*keystore.Entry{e}, nil, "пароль", quick)
	require.NoError(t, err)
	_, err = keystore.Open(data12, "пароль", &keystore.Options{MaxIterations: 6}) // MAC and key, 3 for each of two encodings
	require.NoError(t, err)
	var limit *keystore.LimitError
	_, err = keystore.Open(data12, "пароль", &keystore.Options{MaxIterations: 5})
	require.ErrorAs(t, err, &limit)
}

// jksOf is a key store of the entries, with the right check.
func jksOf(t testing.TB, password string, count uint32, entries ...[]byte) []byte {
	t.Helper()
	body := binary.BigEndian.AppendUint32(nil, 0xfeedfeed)
	body = binary.BigEndian.AppendUint32(body, 2)
	body = binary.BigEndian.AppendUint32(body, count)
	body = append(body, slices.Concat(entries...)...)
	sum := sha1.Sum(slices.Concat(pbe.UTF16(password), []byte("Mighty Aphrodite"), body))
	return append(body, sum[:]...)
}

// jksKey is a key entry without certificates, with the key under the protector of Sun.
func jksKey(t testing.TB, password, alias string, plain []byte, certs uint32) []byte {
	t.Helper()
	salt := bytes.Repeat([]byte{9}, 20)
	pw := pbe.UTF16(password)
	data, x := slices.Clone(salt), salt
	for i, c := range plain {
		if i%20 == 0 {
			sum := sha1.Sum(slices.Concat(pw, x))
			x = sum[:]
		}
		data = append(data, c^x[i%20])
	}
	check := sha1.Sum(slices.Concat(pw, plain))
	protected := der(t, seq(seq(oid(1, 3, 6, 1, 4, 1, 42, 2, 17, 1, 1), func(b *cryptobyte.Builder) { b.AddASN1NULL() }), octets(append(data, check[:]...))))
	e := binary.BigEndian.AppendUint32(nil, 1)
	e = append(binary.BigEndian.AppendUint16(e, uint16(len(alias))), alias...)
	e = binary.BigEndian.AppendUint64(e, 0)
	e = append(binary.BigEndian.AppendUint32(e, uint32(len(protected))), protected...)
	return binary.BigEndian.AppendUint32(e, certs)
}

func TestJKS(t *testing.T) {
	one, two := scalar(t, dstu4145.M257PB(), 6), scalar(t, dstu4145.M431PB(), 6)
	tail := append(pkcs8Of(t, one, two), 0, 0, 0) // zero octets behind the structure occur
	data := jksOf(t, "пароль", 2, jksKey(t, "пароль", "a\xc0\x80\xed\xa0\xbd\xed\xb8\x80\xff", tail, 0), jksKey(t, "інший", "b", pkcs8Of(t, two), 0))
	s, entries := open(t, data, "пароль")
	require.Equal(t, keystore.FormatJKS, s.Format())
	require.Len(t, entries, 3)
	require.Equal(t, "a\x00😀\ufffd", entries[0].Alias)
	require.True(t, equalKeys(one, entries[0]))
	require.True(t, equalKeys(two, entries[1]))
	require.Nil(t, entries[2].Key)
	require.ErrorIs(t, entries[2].Err, keystore.ErrPassword)
	refuseWrong(t, data, "пароль", nil)

	for name, bad := range map[string][]byte{
		"rubbish behind the key": jksOf(t, "п", 1, jksKey(t, "п", "", append(pkcs8Of(t, one), 0, 1), 0)),
		"no key":                 jksOf(t, "п", 1, jksKey(t, "п", "", []byte("no key"), 0)),
	} {
		_, err := keystore.Open(bad, "п", nil)
		require.ErrorIs(t, err, keystore.ErrPassword, name)
	}
	for name, bad := range map[string][]byte{
		"fewer than said":      jksOf(t, "п", math.MaxUint32, jksKey(t, "п", "", pkcs8Of(t, one), 0)),
		"more than said":       jksOf(t, "п", 0, jksKey(t, "п", "", pkcs8Of(t, one), 0)),
		"certificates missing": jksOf(t, "п", 1, jksKey(t, "п", "", pkcs8Of(t, one), math.MaxUint32)),
		"unknown entry":        jksOf(t, "п", 1, make([]byte, 14)),
		"31 octets":            unhex(t, "feedfeed00000002ffffffff"+"00000001ffffffffffffffffffffffffffffffff"[:38]),
		"length of gigabytes":  jksOf(t, "п", 1, unhex(t, "000000010000"+"0000000000000000"+"ffffffff")),
	} {
		_, err := keystore.Open(bad, "п", nil)
		require.Error(t, err, name)
		require.NotErrorIs(t, err, keystore.ErrNoKey, name)
	}
}

// TestCounts: keys and certificates are limited in number.
func TestCounts(t *testing.T) {
	key := bagOf(1, raw(pkcs8Of(t, scalar(t, dstu4145.M163PB(), 7))))
	bags := func(n int, one build) []byte {
		part := der(t, one)
		return pfxOf(t, dataInfo(der(t, seq(raw(bytes.Repeat(part, n))))))
	}
	s, _ := open(t, bags(256, key), "")
	require.Equal(t, 256, s.Len())
	var limit *keystore.LimitError
	_, err := keystore.Open(bags(257, key), "", nil)
	require.ErrorAs(t, err, &limit)
	cert := bagOf(3, seq(oid(1, 2, 840, 113549, 1, 9, 22, 1), tagged(explicit0, octets(nil))))
	_, err = keystore.Open(bags(4097, cert), "", nil)
	require.ErrorAs(t, err, &limit)
	_, err = keystore.Open(bags(4096, cert), "", nil)
	require.ErrorIs(t, err, keystore.ErrNoKey)
}

// TestDepth: nesting is cut off at once, in definite and in indefinite form.
func TestDepth(t *testing.T) {
	const n = 1_000_000
	deep := append(unhex(t, "308002010330800609"+"2a864886f70d010701"), bytes.Repeat([]byte{0xa0, 0x80}, n)...)
	nested := der(t, bagOf(1, raw(pkcs8Of(t, scalar(t, dstu4145.M163PB(), 8)))))
	var within []byte
	for i := range 64 {
		nested = der(t, bagOf(6, seq(raw(nested))))
		if i == 3 {
			within = nested
		}
	}
	open(t, pfxOf(t, dataInfo(der(t, seq(raw(within))))), "")
	for _, data := range [][]byte{deep, pfxOf(t, dataInfo(der(t, seq(raw(nested))))), bytes.Repeat([]byte{0x30, 0x80}, n)} {
		_, err := keystore.Open(data, "", nil)
		require.ErrorIs(t, err, keystore.ErrFormat)
	}
}

// TestMemory holds the bound of four times the input and a mebibyte.
func TestMemory(t *testing.T) {
	const size = 4 << 20
	bags := func(one build) []byte {
		part := der(t, one)
		return pfxOf(t, dataInfo(der(t, seq(raw(bytes.Repeat(part, size/len(part)))))))
	}
	key := scalar(t, dstu4145.M257PB(), 9)
	inputs := map[string][]byte{
		"one string":           pfxOf(t, dataInfo(make([]byte, size))),
		"empty bags":           bags(bagOf(5, seq())),
		"keys":                 bags(bagOf(1, raw(pkcs8Of(t, key)))),
		"broken certificates":  bags(bagOf(3, seq(oid(1, 2, 840, 113549, 1, 9, 22, 1), tagged(explicit0, octets(nil))))),
		"contents":             pfxOf(t, raw(bytes.Repeat(der(t, dataInfo(der(t, seq()))), size/30))),
		"plain key, long tail": append(pkcs8Of(t, key), make([]byte, size)...),
		"PBES2":                der(t, sealed(t, []byte("пароль"), make([]byte, size))),
		"attributes":           der(t, seq(number(0), seq(oid(1, 2, 840, 10045, 2, 1), oid(1, 2, 840, 10045, 3, 1, 7)), octets(nil), tagged(explicit0, raw(bytes.Repeat(der(t, seq(oid(1, 2), tagged(cbasn1.SET))), size/8))))),
		"JKS":                  jksOf(t, "пароль", math.MaxUint32, bytes.Repeat(unhex(t, "00000002"+"0000"+"0000000000000000"+"0000"+"00000000"), size/20)),
		"text":                 bytes.Repeat([]byte("MIIE4wIB"), size/8),
		"PEM":                  bytes.Repeat([]byte("-----BEGIN X-----\n\n-----END X-----\n"), size/35),
		"PEM begun":            bytes.Repeat([]byte("-----BEGIN X-----\n"), size/18),
	}
	inputs["BER"] = toBER(t, der(t, seq(number(3), dataInfo(make([]byte, size)))))
	for name, data := range inputs {
		t.Run(name, func(t *testing.T) {
			got := cryptotest.Peak(func() { _, _ = keystore.Open(data, "пароль", nil) })
			bound := uint64(4*len(data) + 1<<20)
			t.Logf("%d octets: %d of memory", len(data), got)
			require.LessOrEqual(t, got, bound)
		})
	}
}
