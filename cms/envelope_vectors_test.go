package cms_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/testvectors"
)

// craftedEnvelope is an envelope of one recipient, of which a test may change any part.
type craftedEnvelope struct {
	version      byte
	originator   []byte // contents of [0]
	ukm          []byte // nil: absent
	agreement    asn1.ObjectIdentifier
	wrap         []byte // AlgorithmIdentifier
	rid          []byte
	encryptedKey []byte
	more         [][]byte // other recipients
	contentType  asn1.ObjectIdentifier
	cipher       []byte // AlgorithmIdentifier
	ciphertext   []byte
	noContent    bool
}

func (e *craftedEnvelope) der() []byte {
	parts := [][]byte{tlv(2, []byte{3}), tlv(0xa0, e.originator)}
	if e.ukm != nil {
		parts = append(parts, tlv(0xa1, tlv(4, e.ukm)))
	}
	parts = append(parts, tlv(0x30, oid(e.agreement), e.wrap), tlv(0x30, tlv(0x30, e.rid, tlv(4, e.encryptedKey))))
	infos := append(slices.Clone(e.more), tlv(0xa1, parts...))
	content := append(oid(e.contentType), e.cipher...)
	if !e.noContent {
		content = append(content, tlv(0x80, e.ciphertext)...)
	}
	return tlv(0x30, oid(cms.ContentTypeEnvelopedData), tlv(0xa0,
		tlv(0x30, tlv(2, []byte{e.version}), tlv(0x31, infos...), tlv(0x30, content))))
}

var iv8 = []byte{1, 2, 3, 4, 5, 6, 7, 8}

func gostCFB(iv []byte) []byte { return algorithm(alg.OIDGOST28147CFB, tlv(0x30, tlv(4, iv))) }

// craftEnvelope makes a right envelope from an ephemeral key to a recipient by key id.
func craftEnvelope(t testing.TB, to *dstu4145.PublicKey, derive func(z, info []byte) []byte, withNull bool, content string) *craftedEnvelope {
	t.Helper()
	key := newKey(t, to.Curve())
	z, err := key.CofactorECDH(to)
	require.NoError(t, err)
	ukm := bytes.Repeat([]byte{0x5a}, 64)
	cek := bytes.Repeat([]byte{0x11}, 32)
	wrapped, err := gost28147.Wrap(nil, derive(z, alg.SharedInfo(alg.OIDGOST28147Wrap, withNull, ukm)), cek, nil)
	require.NoError(t, err)
	return &craftedEnvelope{
		version: 2, originator: originatorKey(named(to.Curve()), key.PublicKey()), ukm: ukm,
		agreement: alg.OIDCofactorDHGOST, wrap: algorithm(alg.OIDGOST28147Wrap, null),
		rid: tlv(0xa0, tlv(4, pkix.KeyID(to, nil))), encryptedKey: wrapped,
		contentType: cms.ContentTypeData, cipher: gostCFB(iv8), ciphertext: cfb(t, cek, iv8, content),
	}
}

func cfb(t testing.TB, key, iv []byte, content string) []byte {
	b, err := gost28147.NewCipher(key, nil)
	require.NoError(t, err)
	s, err := gost28147.NewCFBEncrypter(b, iv)
	require.NoError(t, err)
	out := []byte(content)
	s.XORKeyStream(out, out)
	return out
}

func kdf(z, info []byte) []byte {
	return kdfStripped(bytes.TrimLeft(z, "\x00"), info)
}

func kdfStripped(z, info []byte) []byte {
	sum := gost34311.Sum(slices.Concat(z, []byte{0, 0, 0, 1}, info))
	return sum[:]
}

func params(p alg.KeyParams) []byte {
	var b cryptobyte.Builder
	p.AddAlgorithmIdentifier(&b)
	return b.BytesOrPanic()
}

func named(c *dstu4145.Curve) []byte { return params(alg.KeyParams{Curve: c, Named: true}) }

// originatorKey encodes an OriginatorPublicKey with its tag.
func originatorKey(algorithm []byte, pub *dstu4145.PublicKey) []byte {
	point := alg.KeyParams{Curve: pub.Curve()}.EncodePoint(pub)
	return tlv(0xa1, algorithm, tlv(3, []byte{0}, tlv(4, point)))
}

// TestToleratedEnvelopes has one envelope for each named tolerance of the package documentation
// that concerns EnvelopedData.
func TestToleratedEnvelopes(t *testing.T) {
	k := identity(t, "m257").Agreement
	pub := k.Key.PublicKey()
	const content = "конверт"
	for name, change := range map[string]func(*craftedEnvelope){
		"none":                           func(*craftedEnvelope) {},
		"Versions: 0":                    func(e *craftedEnvelope) { e.version = 0 },
		"Versions: 3":                    func(e *craftedEnvelope) { e.version = 3 },
		"key wrap without NULL":          func(e *craftedEnvelope) { e.wrap = algorithm(alg.OIDGOST28147Wrap) },
		"recipient by issuer and serial": func(e *craftedEnvelope) { e.rid = issuerSerial(k.Certificate) },
		"key id with a date": func(e *craftedEnvelope) {
			e.rid = tlv(0xa0, tlv(4, pkix.KeyID(pub, nil)), tlv(0x18, []byte("20260101000000Z")), tlv(0x30))
		},
		"Kupyna key id":                      func(e *craftedEnvelope) { e.rid = tlv(0xa0, tlv(4, pkix.KeyIDKupyna(pub))) },
		"other kinds of recipients beside":   func(e *craftedEnvelope) { e.more = [][]byte{tlv(0xa2, tlv(2, []byte{4})), keyTransport(k.Certificate)} },
		"content type of a signed message":   func(e *craftedEnvelope) { e.contentType = cms.ContentTypeSignedData },
		"LongIV: 32 octets, the first count": func(e *craftedEnvelope) { e.cipher = gostCFB(append(bytes.Clone(iv8), make([]byte, 24)...)) },
	} {
		e := craftEnvelope(t, pub, kdf, true, content)
		change(e)
		for _, msg := range [][]byte{e.der(), worst(t, elementOf(t, e.der()))} {
			got, _, err := openEnvelope(t, msg, with(recipient(k)))
			require.NoError(t, err, name)
			require.Equal(t, content, string(got), name)
			parsed, err := cms.ParseEnveloped(msg)
			require.NoError(t, err, name)
			require.Equal(t, e.contentType, parsed.ContentType)
		}
	}

	// KeyInfoWithoutNull: the derivation of an older UAPKI.
	e := craftEnvelope(t, pub, kdf, false, content)
	got, _, err := openEnvelope(t, e.der(), with(recipient(k)))
	require.NoError(t, err)
	require.Equal(t, content, string(got))

	// OriginatorParameters: all forms, as only the recipient's curve counts.
	for name, a := range map[string][]byte{
		"NULL":      algorithm(alg.OIDDSTU4145LE, null),
		"none":      algorithm(alg.OIDDSTU4145LE),
		"full":      params(alg.KeyParams{Curve: pub.Curve()}),
		"with DKE":  params(alg.KeyParams{Curve: pub.Curve(), SBox: gost28147.DKE1()}),
		"other":     named(dstu4145.M431PB()),
		"unknown":   algorithm(asn1.ObjectIdentifier{1, 2, 3}, tlv(0x30)),
		"with NULL": algorithm(alg.OIDDSTU4145LE, null),
	} {
		e := craftEnvelope(t, pub, kdf, true, content)
		at := bytes.Index(e.originator, named(pub.Curve()))
		require.Positive(t, at)
		e.originator = tlv(0xa1, a, e.originator[at+len(named(pub.Curve())):])
		_, _, err := openEnvelope(t, e.der(), with(recipient(k)))
		require.NoError(t, err, name)
	}
}

// An ephemeral key under the big-endian identifier has its octets in that order.
func TestBigEndianOriginator(t *testing.T) {
	k := identity(t, "m257").Agreement
	key := newKey(t, dstu4145.M257PB())
	z, err := key.CofactorECDH(k.Key.PublicKey())
	require.NoError(t, err)
	e := craftEnvelope(t, k.Key.PublicKey(), kdf, true, "x")
	e.encryptedKey, err = gost28147.Wrap(nil, kdf(z, alg.SharedInfo(alg.OIDGOST28147Wrap, true, e.ukm)), bytes.Repeat([]byte{0x11}, 32), nil)
	require.NoError(t, err)
	e.originator = tlv(0xa1, algorithm(alg.OIDDSTU4145BE, null), tlv(3, []byte{0}, tlv(4, key.PublicKey().Bytes())))
	_, _, err = openEnvelope(t, e.der(), with(recipient(k)))
	require.NoError(t, err)
}

func keyTransport(c *pkix.Certificate) []byte {
	return tlv(0x30, tlv(2, []byte{0}), issuerSerial(c), algorithm(alg.OIDRSAEncryption, null), tlv(4, []byte("key")))
}

// OneZeroStripped: of two leading zero octets of the secret a writer removed only the first. Such
// secrets are rare; the curve is the smallest and ephemeral keys are tried until one comes.
func TestOneZeroStripped(t *testing.T) {
	if testing.Short() {
		t.Skip("short: searches for a rare secret")
	}
	k := identity(t, "m257").Agreement // the top octet of a field element has one bit: 2^-9
	found := false
	var e *craftedEnvelope
	for range 20_000 {
		e = craftEnvelope(t, k.Key.PublicKey(), func(z, info []byte) []byte {
			found = z[0] == 0 && z[1] == 0
			return kdfStripped(z[1:], info)
		}, true, "конверт")
		if found {
			break
		}
	}
	require.True(t, found, "no such secret in 20000")
	got, _, err := openEnvelope(t, e.der(), with(recipient(k)))
	require.NoError(t, err)
	require.Equal(t, "конверт", string(got))
}

func TestRefusedEnvelopes(t *testing.T) {
	k := identity(t, "m257").Agreement
	pub := k.Key.PublicKey()
	for _, tt := range []struct {
		name   string
		want   error // nil: a FormatError
		change func(*craftedEnvelope)
	}{
		{"UKM left out", cms.ErrDecryption, func(e *craftedEnvelope) { e.ukm = nil }},
		{"UKM empty", cms.ErrDecryption, func(e *craftedEnvelope) { e.ukm = []byte{} }},
		{"without cofactor", cms.ErrDecryption, func(e *craftedEnvelope) { e.agreement = alg.OIDStdDHGOST }},
		{"key cut", cms.ErrDecryption, func(e *craftedEnvelope) { e.encryptedKey = e.encryptedKey[1:] }},
		{"no key", cms.ErrDecryption, func(e *craftedEnvelope) { e.encryptedKey = nil }},
		{"point off the curve", cms.ErrDecryption, func(e *craftedEnvelope) {
			e.originator = tlv(0xa1, named(pub.Curve()), tlv(3, []byte{0}, tlv(4, make([]byte, 33))))
		}},
		{"point too long", cms.ErrDecryption, func(e *craftedEnvelope) {
			e.originator = tlv(0xa1, named(pub.Curve()), tlv(3, []byte{0}, tlv(4, make([]byte, 34))))
		}},
		{"point of another curve", cms.ErrDecryption, func(e *craftedEnvelope) {
			e.originator = originatorKey(named(pub.Curve()), newKey(t, dstu4145.M431PB()).PublicKey())
		}},
		{"no point", cms.ErrDecryption, func(e *craftedEnvelope) { e.originator = tlv(0xa1, named(pub.Curve()), tlv(3, []byte{0})) }},
		{"point with a tail", cms.ErrDecryption, func(e *craftedEnvelope) {
			at := len(e.originator) - 2 - 1 - 2 - 33 // BIT STRING, unused bits, OCTET STRING, point
			e.originator = tlv(0xa1, named(pub.Curve()), tlv(3, e.originator[at+2:], null))
		}},
		{"unknown agreement", cms.ErrUnsupported, func(e *craftedEnvelope) { e.agreement = asn1.ObjectIdentifier{1, 3, 132, 1, 11, 1} }},
		{"unknown wrap", cms.ErrUnsupported, func(e *craftedEnvelope) { e.wrap = algorithm(asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 45}) }},
		{"unknown cipher", cms.ErrUnsupported, func(e *craftedEnvelope) {
			e.cipher = algorithm(asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, tlv(4, make([]byte, 16)))
		}},
		{"sender by key id", cms.ErrNoSenderCertificate, func(e *craftedEnvelope) { e.originator = tlv(0x80, make([]byte, 32)) }},
		{"for another", cms.ErrNoRecipient, func(e *craftedEnvelope) { e.rid = tlv(0xa0, tlv(4, make([]byte, 32))) }},
		{"only key transport", cms.ErrNoRecipient, func(e *craftedEnvelope) {
			e.rid = tlv(0xa0, tlv(4, []byte{1}))
			e.more = [][]byte{keyTransport(k.Certificate)}
		}},
		{"short IV", nil, func(e *craftedEnvelope) { e.cipher = gostCFB(iv8[1:]) }},
		{"no cipher parameters", nil, func(e *craftedEnvelope) { e.cipher = algorithm(alg.OIDGOST28147CFB) }},
		{"short DKE", nil, func(e *craftedEnvelope) {
			e.cipher = algorithm(alg.OIDGOST28147CFB, tlv(0x30, tlv(4, iv8), tlv(4, make([]byte, 63))))
		}},
		{"no key wrap", nil, func(e *craftedEnvelope) { e.wrap = nil }},
		{"version 6", nil, func(e *craftedEnvelope) { e.version = 6 }},
	} {
		e := craftEnvelope(t, pub, kdf, true, "конверт")
		tt.change(e)
		_, _, err := openEnvelope(t, e.der(), with(recipient(k)))
		if tt.want != nil {
			require.ErrorIs(t, err, tt.want, tt.name)
			continue
		}
		var format *cms.FormatError
		require.ErrorAs(t, err, &format, tt.name)
	}
	e := craftEnvelope(t, pub, kdf, true, "конверт")
	e.noContent = true
	_, _, err := openEnvelope(t, e.der(), with(recipient(k)))
	require.Error(t, err)
	parsed, err := cms.ParseEnveloped(e.der())
	require.NoError(t, err)
	require.Nil(t, parsed.EncryptedContent)
}

// A static originator may be named by the key id of a certificate, and of several certificates
// with its issuer and serial number the right one is found.
func TestStaticOriginator(t *testing.T) {
	k := identity(t, "m257").Agreement
	sender := newKey(t, dstu4145.M257PB())
	cert := selfSigned(t, "відправник", 1, sender, nil)
	msg, err := cms.Encrypt([]byte("x"), []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{Sender: &cms.Sender{Key: sender, Certificate: cert}})
	require.NoError(t, err)
	o := with(cms.Recipient{Key: picky{k.Key, t}, Certificate: k.Certificate})
	for range 3 {
		o.Certificates.Add(selfSigned(t, "відправник", 1, newKey(t, dstu4145.M257PB()), nil))
	}
	o.Certificates.Add(selfSigned(t, "відправник", 1, newKey(t, dstu4145.M431PB()), nil))
	_, _, err = openEnvelope(t, msg, o)
	require.Equal(t, cms.ErrDecryption, err)
	o.Certificates.Add(cert)
	_, dec, err := openEnvelope(t, msg, o)
	require.NoError(t, err)
	require.True(t, dec.SenderCertificate().Equal(cert))

	e := craftEnvelope(t, k.Key.PublicKey(), kdf, true, "x")
	z, err := sender.CofactorECDH(k.Key.PublicKey())
	require.NoError(t, err)
	e.originator = tlv(0x80, pkix.KeyID(sender.PublicKey(), nil))
	e.encryptedKey, err = gost28147.Wrap(nil, kdf(z, alg.SharedInfo(alg.OIDGOST28147Wrap, true, e.ukm)), bytes.Repeat([]byte{0x11}, 32), nil)
	require.NoError(t, err)
	got, _, err := openEnvelope(t, e.der(), o)
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
	parsed, err := cms.ParseEnveloped(e.der())
	require.NoError(t, err)
	require.Equal(t, cms.OriginatorKeyID, parsed.Recipients[0].Originator)
	require.Equal(t, pkix.KeyID(sender.PublicKey(), nil), parsed.Recipients[0].OriginatorID.SubjectKeyID)
}

// picky is a device that must not be given a key of another curve.
type picky struct {
	*dstu4145.PrivateKey
	t *testing.T
}

func (p picky) CofactorECDH(peer *dstu4145.PublicKey) ([]byte, error) {
	require.Same(p.t, p.Curve(), peer.Curve())
	return p.PrivateKey.CofactorECDH(peer)
}

func reversed(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	slices.Reverse(b)
	return b
}

// TestAnnotatedEnvelopes opens the messages that were taken apart octet by octet when the format
// was established: two of UAPKI, static and ephemeral, and one of IIT, all for the agreement key
// of one public test container. Only the names of the certificates are replaced by key ids.
func TestAnnotatedEnvelopes(t *testing.T) {
	key, err := dstu4145.M431PB().ReducePrivateKey(reversed(t, "4d9e8018b2e94d0d69752cadd7a414513405ce8d094e035e88e17c872fe20bae5ad8a12364c9e42e23f065b01bf0caab0fd5a41b1d18"))
	require.NoError(t, err)
	own := pkix.KeyID(key.PublicKey(), nil)
	static := tlv(0x80, own) // the sender is the recipient
	ephemeral := func(le string) []byte {
		pub, err := dstu4145.M431PB().NewPublicKey(reversed(t, le))
		require.NoError(t, err)
		return originatorKey(algorithm(alg.OIDDSTU4145LE, null), pub)
	}
	const fox = "The quick brown fox jumps over the lazy dog"
	for _, tt := range []struct {
		name                        string
		originator                  []byte
		ukm, wrapped, iv, encrypted string
		content                     string
	}{
		{"UAPKI, static", static,
			"e6dab6a634d65c1cd9c1bbd87b0603f14ed95692a4ab91cb7ab498d35f0efda553719045e60cc56f5341a5de23edbd2cb0875c68845dd69f06cb3b0021419d8d",
			"552c59dde116121a38bda35f9c61b8aedcf1db6b02d56ff32cad339b15eb905d6754dc9fad1c5e778792e69d", "c84e0171258f73d6",
			"d6af4ba7519fa32806a20cac62bc9d4a7f5ba60e324e7ff56184179f111fffb8abe6233413d4db2ee533fe", fox},
		{"UAPKI, ephemeral", ephemeral("7214a3192660a544555cbc67a15c4e0e28c81c2ff3dde4d9e210a20c6b54807fed94bf234a9f78c8294f8d30ab63a9af0d1b17311618"), "",
			"71ac0fc0333d6e07f242626738de7a14b3c30111b4f8ee15ac729301dd010fc8d1fcae9403e7b1c0edfba111", "7a64cb28292630d8",
			"e1e2eb634a41be15ee525c76bd836b1ace51be5add2041803365efefc7ea84051fcc854a04f5c4f7006858", fox},
		{"IIT, ephemeral", ephemeral("0b495b4dcf2c4523f00fb65d92ca67dc340342b2791b09c61258088592c31a7dfae06d621f92bd3598cf7890c2b9eab0372d4e9bea6f"),
			"0ffa681806e38b13a75aaa42e899b8edb7124964a18e8c373aa67348a9b1e2666fe51852adcce0e313afb96912b6f5b5b9b2696771f0ba97368c573402fbf035",
			"408342f321b9f4fde9fd72babbd7c85830297078339f664448c522383dc387e50c2487a6f659abdc60fddd77", "dcfdceb100b4db9f", "e4a0bbd366", "hello"},
	} {
		un := func(s string) []byte {
			b, err := hex.DecodeString(s)
			require.NoError(t, err)
			return b
		}
		e := &craftedEnvelope{
			version: 2, originator: tt.originator, agreement: alg.OIDCofactorDHGOST, wrap: algorithm(alg.OIDGOST28147Wrap, null),
			rid: tlv(0xa0, tlv(4, own)), encryptedKey: un(tt.wrapped), contentType: cms.ContentTypeData,
			cipher: gostCFB(un(tt.iv)), ciphertext: un(tt.encrypted),
		}
		if tt.ukm != "" {
			e.ukm = un(tt.ukm)
		}
		o := with(cms.Recipient{Key: key})
		if bytes.Equal(tt.originator, static) {
			o.Certificates.Add(selfSigned(t, "відправник", 1, key, nil))
		}
		got, _, err := openEnvelope(t, e.der(), o)
		require.NoError(t, err, tt.name)
		require.Equal(t, tt.content, string(got), tt.name)
	}
}

// TestKeyAgreementVectors puts the vectors of the key agreement into envelopes: the key of one
// side as the ephemeral key of the originator.
func TestKeyAgreementVectors(t *testing.T) {
	type vector struct {
		Type   string            `json:"type"`
		Scheme string            `json:"scheme_oid"`
		Curve  string            `json:"curve"`
		QA     testvectors.Bytes `json:"qa_compressed_le"`
		DB     testvectors.Bytes `json:"d_b"`
		UKM    testvectors.Bytes `json:"ukm"`
		KEK    testvectors.Bytes `json:"kek"`
		Result string            `json:"result"`
	}
	schemes := []asn1.ObjectIdentifier{alg.OIDCofactorDHGOST, alg.OIDStdDHGOST, alg.OIDCofactorDHKupyna, alg.OIDStdDHKupyna}
	cek := bytes.Repeat([]byte{0x22}, 32)
	n := 0
	for _, raw := range testvectors.Load[json.RawMessage](t, "keyagreement.json")[0].Tests {
		var v vector
		require.NoError(t, json.Unmarshal(raw, &v))
		if v.Scheme == "" || v.Result != "valid" { // the agreement alone
			continue
		}
		i := slices.IndexFunc(dstu4145.Curves(), func(c *dstu4145.Curve) bool { return c.Name() == v.Curve })
		j := slices.IndexFunc(schemes, func(o asn1.ObjectIdentifier) bool { return o.String() == v.Scheme })
		require.True(t, i >= 0 && j >= 0, "%s, %s", v.Curve, v.Scheme)
		ka, _ := alg.KeyAgreementByOID(schemes[j])
		kw, _ := alg.KeyWrapByOID(ka.Wrap)
		wrapped, err := kw.Wrap(nil, v.KEK, cek, nil)
		require.NoError(t, err)
		curve := dstu4145.Curves()[i]
		key, err := curve.ReducePrivateKey(v.DB)
		require.NoError(t, err)
		qa := bytes.Clone(v.QA)
		slices.Reverse(qa)
		pub, err := curve.NewPublicKey(qa)
		require.NoError(t, err)
		e := &craftedEnvelope{
			version: 2, originator: originatorKey(named(curve), pub), ukm: v.UKM, agreement: ka.OID,
			wrap: algorithm(kw.OID, null), rid: tlv(0xa0, tlv(4, pkix.KeyID(key.PublicKey(), nil))),
			encryptedKey: wrapped, contentType: cms.ContentTypeData, cipher: gostCFB(iv8), ciphertext: cfb(t, cek, iv8, "вектор"),
		}
		got, _, err := openEnvelope(t, e.der(), with(cms.Recipient{Key: key}))
		require.NoError(t, err)
		require.Equal(t, "вектор", string(got))
		n++
	}
	require.Equal(t, 67, n)
}
