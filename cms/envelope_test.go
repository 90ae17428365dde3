package cms_test

import (
	"bytes"
	"context"
	"encoding/asn1"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
)

func recipient(k testca.KeyPair) cms.Recipient {
	return cms.Recipient{Key: k.Key, Certificate: k.Certificate}
}

func with(r ...cms.Recipient) *cms.DecryptOptions {
	return &cms.DecryptOptions{Recipients: r, Certificates: pkix.NewPool()}
}

func TestEncryptDecrypt(t *testing.T) {
	sender := identity(t, "a").Agreement
	var to []*pkix.Certificate
	var keys []testca.KeyPair
	for _, name := range []string{"kupyna", "m257", "m163", "m571", "normal basis"} { // most of them not on the sender's curve
		k := identity(t, name).Agreement
		keys, to = append(keys, k), append(to, k.Certificate)
	}
	for name, o := range map[string]*cms.EncryptOptions{
		"nil":                 nil,
		"static":              {Sender: &cms.Sender{Key: sender.Key, Certificate: sender.Certificate}},
		"static, certificate": {Sender: &cms.Sender{Key: sender.Key, Certificate: sender.Certificate}, IncludeSenderCertificate: true},
		"by key id":           {RecipientKeyIDs: true},
		"without cofactor":    {KeyAgreement: alg.OIDStdDHGOST},
		"CTR":                 {Cipher: alg.OIDGOST28147CTR},
		"Kalyna":              {Cipher: cms.CipherKalyna256},
		"Kalyna, static":      {Cipher: cms.CipherKalyna256, Sender: &cms.Sender{Key: sender.Key, Certificate: sender.Certificate}},
		"Kalyna-128":          {Cipher: alg.OIDKalyna128CFB, KeyAgreement: alg.OIDStdDHKupyna},
		"Kalyna CTR":          {Cipher: alg.OIDKalyna256CTR},
		"Kalyna-128 CTR":      {Cipher: alg.OIDKalyna128CTR},
		"Kalyna OFB":          {Cipher: alg.OIDKalyna256OFB},
		"Kalyna-128 OFB":      {Cipher: alg.OIDKalyna128OFB},
		"Kalyna under GOST":   {Cipher: cms.CipherKalyna256, KeyAgreement: alg.OIDCofactorDHGOST},
		"GOST under Kalyna":   {KeyAgreement: alg.OIDCofactorDHKupyna},
	} {
		t.Run(name, func(t *testing.T) {
			for _, content := range [][]byte{nil, []byte("а"), bytes.Repeat([]byte("таємниця"), 5000)} {
				msg, err := cms.Encrypt(content, to, o)
				require.NoError(t, err)
				for i, k := range keys {
					d := with(cms.Recipient{Key: sender.Key}, recipient(k)) // the first one is for nobody
					d.Certificates.Add(sender.Certificate)
					got, dec, err := openEnvelope(t, msg, d)
					require.NoError(t, err, "recipient %d", i)
					require.True(t, bytes.Equal(content, got))
					require.Equal(t, 1, dec.RecipientIndex())
					require.Equal(t, cms.ContentTypeData, dec.ContentType())
					static := o != nil && o.Sender != nil && i == 0
					require.Equal(t, static, dec.SenderCertificate() != nil)
				}
				checkEnvelopeForm(t, msg, to, o)
			}
		})
	}
}

func checkEnvelopeForm(t *testing.T, msg []byte, to []*pkix.Certificate, o *cms.EncryptOptions) {
	t.Helper()
	e, err := cms.ParseEnveloped(msg)
	require.NoError(t, err)
	require.Equal(t, 2, e.Version)
	require.Len(t, e.Recipients, len(to))
	require.NotEqual(t, byte(0x80), msg[1], "indefinite length")
	ukms := map[string]bool{}
	kalyna := o != nil && strings.HasPrefix(o.Cipher.String(), "1.2.804.2.1.1.1.1.1.3.")
	wrap := alg.OIDGOST28147Wrap
	if o != nil && o.KeyAgreement != nil {
		ka, ok := alg.KeyAgreementByOID(o.KeyAgreement)
		require.True(t, ok)
		wrap = ka.Wrap
	} else if kalyna {
		wrap = alg.OIDKalynaWrap
	}
	for i, r := range e.Recipients {
		require.Len(t, r.UKM, 64)
		ukms[string(r.UKM)] = true
		kw, ok := alg.KeyWrapByOID(wrap)
		require.True(t, ok)
		require.Len(t, r.EncryptedKey, kw.WrappedSize)
		require.Equal(t, wrap, r.Wrap)
		if o != nil && o.RecipientKeyIDs {
			require.Equal(t, to[i].SubjectKeyID, r.ID.SubjectKeyID)
			require.Nil(t, r.ID.SerialNumber)
		} else {
			require.Equal(t, to[i].RawIssuer, r.ID.RawIssuer)
			require.Equal(t, to[i].RawSerial, r.ID.RawSerial)
		}
		if o != nil && o.Sender != nil && i == 0 {
			require.Equal(t, cms.OriginatorIssuerSerial, r.Originator)
			require.Equal(t, o.Sender.Certificate.RawSerial, r.OriginatorID.RawSerial)
		} else {
			require.Equal(t, cms.OriginatorEphemeral, r.Originator)
		}
	}
	require.Len(t, ukms, len(to), "keying material repeats")
	n := 0
	if o != nil && o.IncludeSenderCertificate {
		n = 1
	}
	require.Len(t, e.Certificates.Certificates, n)
	require.Equal(t, !kalyna, bytes.Contains(msg, append([]byte{4, 64}, gost28147.DKE1().DKE()...)), "dke")
}

func TestEncryptStream(t *testing.T) {
	k := identity(t, "m257").Agreement
	for _, n := range []int{0, 1, 7, 8, 9, 70_000} {
		content := bytes.Repeat([]byte{'y'}, n)
		for _, size := range []int64{0, int64(n)} {
			var out bytes.Buffer
			w, err := cms.NewEncrypter(&out, []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{Size: size})
			require.NoError(t, err)
			_, err = io.Copy(w, iotest.OneByteReader(bytes.NewReader(content)))
			require.NoError(t, err)
			require.NoError(t, w.Close())
			require.Error(t, w.Close())
			_, err = w.Write([]byte{0})
			require.Error(t, err)
			require.Equal(t, size == 0, out.Bytes()[1] == 0x80)
			d, err := cms.NewDecrypter(iotest.OneByteReader(&out), with(recipient(k)))
			require.NoError(t, err)
			got, err := io.ReadAll(d)
			require.NoError(t, err)
			require.True(t, bytes.Equal(content, got))
		}
	}
	w, err := cms.NewEncrypter(io.Discard, []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{Size: 3})
	require.NoError(t, err)
	_, err = w.Write(make([]byte, 4))
	require.Error(t, err, "more content than announced")
	w, err = cms.NewEncrypter(io.Discard, []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{Size: 3})
	require.NoError(t, err)
	require.Error(t, w.Close(), "less content than announced")
}

// Sign, then encrypt: the content of the envelope is a bare SignedData of its own content type.
func TestSignThenEncrypt(t *testing.T) {
	a, k := identity(t, "a").Signing, identity(t, "m257").Agreement
	signed, err := cms.Sign([]byte("звіт"), []cms.Signer{signerOf(a)}, &cms.SignOptions{OmitContentInfo: true})
	require.NoError(t, err)
	msg, err := cms.Encrypt(signed, []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{ContentType: cms.ContentTypeSignedData})
	require.NoError(t, err)
	d, err := cms.NewDecrypter(bytes.NewReader(msg), with(recipient(k)))
	require.NoError(t, err)
	require.Equal(t, cms.ContentTypeSignedData, d.ContentType())
	s, err := cms.NewSignedReader(d)
	require.NoError(t, err)
	got, err := io.ReadAll(s)
	require.NoError(t, err)
	require.Equal(t, "звіт", string(got))
	_, err = s.CheckSignatures(context.Background(), nil)
	require.NoError(t, err)
}

func TestEncryptRefuses(t *testing.T) {
	a, b := identity(t, "a").Agreement, identity(t, "kupyna").Agreement
	to := []*pkix.Certificate{b.Certificate}
	for name, f := range map[string]func() ([]byte, error){
		"no recipients": func() ([]byte, error) { return cms.Encrypt(nil, nil, nil) },
		"nil recipient": func() ([]byte, error) { return cms.Encrypt(nil, []*pkix.Certificate{nil}, nil) },
		"no randomness": func() ([]byte, error) {
			return cms.Encrypt(nil, to, &cms.EncryptOptions{Rand: iotest.ErrReader(errors.New("boom"))})
		},
		"too little randomness": func() ([]byte, error) {
			return cms.Encrypt(nil, to, &cms.EncryptOptions{Rand: io.LimitReader(zeros{}, 100)})
		},
	} {
		msg, err := f()
		require.Error(t, err, name)
		require.Nil(t, msg, name)
	}
	for fault, s := range map[string]*cms.Sender{
		"no key":                            {Certificate: a.Certificate},
		"no certificate":                    {Key: a.Key},
		"no key and no certificate":         {},
		"the certificate is of another key": {Key: a.Key, Certificate: b.Certificate},
	} {
		_, err := cms.Encrypt(nil, to, &cms.EncryptOptions{Sender: s})
		require.EqualError(t, err, "cms: sender: "+fault)
	}
	w, err := cms.NewEncrypter(io.Discard, nil, nil)
	require.Error(t, err)
	require.True(t, w == nil, "a writer beside the error")
	w, err = cms.NewSigner(t.Context(), io.Discard, nil, nil)
	require.Error(t, err)
	require.True(t, w == nil, "a writer beside the error")
	for name, o := range map[string]*cms.EncryptOptions{
		"cipher":        {Cipher: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}},
		"key agreement": {KeyAgreement: asn1.ObjectIdentifier{1, 3, 132, 1, 11, 1}},
	} {
		_, err := cms.Encrypt(nil, to, o)
		require.ErrorIs(t, err, cms.ErrUnsupported, name)
		var typed *cms.UnsupportedError
		require.ErrorAs(t, err, &typed, name)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestDecryptErrors(t *testing.T) {
	sender, k := identity(t, "a").Agreement, identity(t, "kupyna").Agreement
	stranger := identity(t, "m257").Agreement
	content := []byte("таємниця")
	static := &cms.EncryptOptions{Sender: &cms.Sender{Key: sender.Key, Certificate: sender.Certificate}}
	msg, err := cms.Encrypt(content, []*pkix.Certificate{k.Certificate}, static)
	require.NoError(t, err)
	e, err := cms.ParseEnveloped(msg)
	require.NoError(t, err)
	known := func(r ...cms.Recipient) *cms.DecryptOptions {
		o := with(r...)
		o.Certificates.Add(sender.Certificate)
		return o
	}
	open := func(msg []byte, o *cms.DecryptOptions) error {
		_, _, err := openEnvelope(t, msg, o)
		return err
	}
	require.NoError(t, open(msg, known(recipient(k))))

	// Nobody is addressed.
	require.Equal(t, cms.ErrNoRecipient, open(msg, nil))
	require.Equal(t, cms.ErrNoRecipient, open(msg, known()))
	require.Equal(t, cms.ErrNoRecipient, open(msg, known(recipient(stranger))))
	require.Equal(t, cms.ErrNoRecipient, open(msg, known(cms.Recipient{Key: stranger.Key})))
	require.Equal(t, cms.ErrNoRecipient, open(msg, known(cms.Recipient{Certificate: k.Certificate})), "no key")

	// Only the sender's certificate is missing.
	err = open(msg, with(recipient(k)))
	require.ErrorIs(t, err, cms.ErrNoSenderCertificate)
	var missing *cms.SenderCertificateError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, sender.Certificate.RawSerial, missing.ID.RawSerial)
	require.Equal(t, sender.Certificate.RawIssuer, missing.ID.RawIssuer)
	require.ErrorContains(t, err, hexOf(sender.Certificate.RawSerial))

	// All that depends on a secret is one error.
	damaged := func(part []byte, at int) []byte {
		bad := bytes.Clone(msg)
		i := bytes.Index(bad, part)
		require.Positive(t, i)
		bad[i+at] ^= 1
		return bad
	}
	for at := range e.Recipients[0].EncryptedKey {
		require.Equal(t, cms.ErrDecryption, open(damaged(e.Recipients[0].EncryptedKey, at), known(recipient(k))))
	}
	require.Equal(t, cms.ErrDecryption, open(damaged(e.Recipients[0].UKM, 63), known(recipient(k))))
	wrong := cms.Recipient{Key: newKey(t, dstu4145.M431PB()), Certificate: k.Certificate}
	require.Equal(t, cms.ErrDecryption, open(msg, known(wrong)), "key of another certificate")
	wrong.Key = newKey(t, dstu4145.M257PB())
	require.Equal(t, cms.ErrDecryption, open(msg, known(wrong)), "key of another curve")
	wrong.Key = broken{k.Key}
	require.Equal(t, cms.ErrDecryption, open(msg, known(wrong)), "failing device")

	// A damaged content is not noticed: that is what signatures are for.
	got, _, err := openEnvelope(t, damaged(e.EncryptedContent, 0), known(recipient(k)))
	require.NoError(t, err)
	require.NotEqual(t, content, got)
}

// broken is a device that fails to agree.
type broken struct{ *dstu4145.PrivateKey }

func (broken) CofactorECDH(*dstu4145.PublicKey) ([]byte, error) { return nil, errors.New("boom") }

// Keys in devices agree on both sides.
func TestForeignKeyExchanger(t *testing.T) {
	a, b := identity(t, "a").Agreement, identity(t, "kupyna").Agreement
	o := &cms.EncryptOptions{Sender: &cms.Sender{Key: device{PrivateKey: a.Key}, Certificate: a.Certificate}, IncludeSenderCertificate: true}
	msg, err := cms.Encrypt([]byte("x"), []*pkix.Certificate{b.Certificate}, o)
	require.NoError(t, err)
	got, dec, err := openEnvelope(t, msg, with(cms.Recipient{Key: device{PrivateKey: b.Key}, Certificate: b.Certificate}))
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
	require.True(t, dec.SenderCertificate().Equal(a.Certificate))
	_, err = cms.Encrypt(nil, []*pkix.Certificate{b.Certificate}, &cms.EncryptOptions{Sender: &cms.Sender{Key: broken{a.Key}, Certificate: a.Certificate}})
	require.ErrorContains(t, err, "boom")
}

// shortened is a device that returns less than the secret.
type shortened struct {
	*dstu4145.PrivateKey
	n int
}

func (s shortened) CofactorECDH(peer *dstu4145.PublicKey) ([]byte, error) {
	z, err := s.PrivateKey.CofactorECDH(peer)
	return z[:s.n], err
}

func TestShortSecret(t *testing.T) {
	a, b := identity(t, "a").Agreement, identity(t, "kupyna").Agreement
	msg, err := cms.Encrypt(nil, []*pkix.Certificate{b.Certificate}, nil)
	require.NoError(t, err)
	for _, n := range []int{0, 53} {
		_, _, err := openEnvelope(t, msg, with(cms.Recipient{Key: shortened{b.Key, n}, Certificate: b.Certificate}))
		require.Equal(t, cms.ErrDecryption, err)
		_, err = cms.Encrypt(nil, []*pkix.Certificate{b.Certificate}, &cms.EncryptOptions{Sender: &cms.Sender{Key: shortened{a.Key, n}, Certificate: a.Certificate}})
		require.Error(t, err)
	}
}

// A key whose certificate is not at hand is found by its key identifiers, through a certificate
// in the pool, or by trying.
func TestRecipientWithoutCertificate(t *testing.T) {
	k, other := identity(t, "kupyna").Agreement, identity(t, "m431").Agreement
	for _, byID := range []bool{true, false} {
		msg, err := cms.Encrypt([]byte("x"), []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{RecipientKeyIDs: byID})
		require.NoError(t, err)
		for _, pool := range []*pkix.Pool{nil, pkix.NewPool(k.Certificate, other.Certificate)} {
			o := &cms.DecryptOptions{Recipients: []cms.Recipient{{}, {Key: other.Key}, {Key: k.Key}}, Certificates: pool}
			_, dec, err := openEnvelope(t, msg, o)
			require.NoError(t, err)
			require.Equal(t, 2, dec.RecipientIndex())
			o.Recipients = o.Recipients[:2]
			_, _, err = openEnvelope(t, msg, o)
			require.Equal(t, cms.ErrNoRecipient, err)
		}
	}
}

// A key is tried if the message names a certificate that nobody has: the key may have several.
func TestRecipientWithAnotherCertificate(t *testing.T) {
	k, sender := identity(t, "m257").Agreement, identity(t, "m257 too").Agreement
	renewed := recipient(k)
	renewed.Certificate = selfSigned(t, "оновлений", 5, k.Key, nil)
	stranger := recipient(identity(t, "a").Agreement)
	msg, err := cms.Encrypt([]byte("x"), []*pkix.Certificate{k.Certificate}, nil)
	require.NoError(t, err)
	got, dec, err := openEnvelope(t, msg, with(stranger, renewed))
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
	require.Equal(t, 1, dec.RecipientIndex())

	_, _, err = openEnvelope(t, msg, with(stranger))
	require.Equal(t, cms.ErrNoRecipient, err)
	o := with(renewed)
	o.Certificates.Add(selfSigned(t, "оновлений", 5, identity(t, "a").Agreement.Key, nil))
	_, _, err = openEnvelope(t, msg, o)
	require.NoError(t, err, "somebody else's certificate beside")

	static := &cms.EncryptOptions{Sender: &cms.Sender{Key: sender.Key, Certificate: sender.Certificate}}
	msg, err = cms.Encrypt([]byte("x"), []*pkix.Certificate{k.Certificate}, static)
	require.NoError(t, err)
	_, _, err = openEnvelope(t, msg, with(stranger))
	require.Equal(t, cms.ErrNoRecipient, err, "the certificate of the sender would not help")
}

// A key identifier of a recipient may stand without its OCTET STRING.
func TestRecipientKeyIDForm(t *testing.T) {
	k := identity(t, "m257").Agreement
	msg, err := cms.Encrypt([]byte("x"), []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{RecipientKeyIDs: true})
	require.NoError(t, err)
	id := k.Certificate.SubjectKeyID
	msg = rewrite(t, msg, tlv(0xa0, tlv(4, id)), tlv(0x80, id))
	got, _, err := openEnvelope(t, msg, with(recipient(k)))
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
}

// rewrite replaces one element of a message, and the lengths around it.
func rewrite(t testing.TB, msg, old, fresh []byte) []byte {
	t.Helper()
	require.Equal(t, 1, bytes.Count(msg, old))
	var walk func(e ber.Element) []byte
	walk = func(e ber.Element) []byte {
		switch {
		case bytes.Equal(e.Raw, old):
			return fresh
		case !e.Constructed():
			return e.Raw
		}
		var parts [][]byte
		for _, c := range childrenOf(t, e) {
			parts = append(parts, walk(c))
		}
		return tlv(byte(e.Tag), parts...)
	}
	return walk(elementOf(t, msg))
}

// The key identifier of a certificate that does not write it is that of the rule.
func TestRecipientKeyIDByRule(t *testing.T) {
	k := identity(t, "m257").Agreement
	bare := *k.Certificate
	bare.SubjectKeyID = nil
	msg, err := cms.Encrypt(nil, []*pkix.Certificate{&bare}, &cms.EncryptOptions{RecipientKeyIDs: true})
	require.NoError(t, err)
	e, err := cms.ParseEnveloped(msg)
	require.NoError(t, err)
	require.Equal(t, pkix.KeyID(k.Key.PublicKey(), k.Certificate.SBox), e.Recipients[0].ID.SubjectKeyID)
	require.Equal(t, "key id "+hexOf(e.Recipients[0].ID.SubjectKeyID), e.Recipients[0].ID.String())
}

// An envelope that repeats one recipient does not make the reader work without end, and a right
// key behind wrong ones is found.
func TestManyRecipients(t *testing.T) {
	k := identity(t, "m257").Agreement
	msg, err := cms.Encrypt([]byte("x"), []*pkix.Certificate{k.Certificate}, nil)
	require.NoError(t, err)
	wrong, err := cms.Encrypt([]byte("y"), []*pkix.Certificate{k.Certificate}, nil)
	require.NoError(t, err)
	for _, n := range []int{0, 1, 31} {
		got, _, err := openEnvelope(t, repeatRecipient(t, msg, wrong, n), with(recipient(k)))
		require.NoError(t, err)
		require.Equal(t, "x", string(got), n)
	}
	_, _, err = openEnvelope(t, repeatRecipient(t, msg, wrong, 100), with(recipient(k)))
	require.Equal(t, cms.ErrDecryption, err)
}

// repeatRecipient puts n copies of the recipient of another envelope, its key damaged, before the
// recipient of msg.
func repeatRecipient(t *testing.T, msg, other []byte, n int) []byte {
	fields := func(msg []byte) []ber.Element {
		e, _, err := ber.ReadElement(msg)
		require.NoError(t, err)
		for _, at := range []int{1, 0} {
			list, err := e.Children(1000)
			require.NoError(t, err)
			e = list[at]
		}
		list, err := e.Children(1000)
		require.NoError(t, err)
		return list
	}
	mine, theirs := fields(msg), fields(other)
	bad := bytes.Clone(theirs[1].Body)
	bad[len(bad)-1] ^= 1
	set := append(bytes.Repeat(bad, n), mine[1].Body...)
	return tlv(0x30, oid(cms.ContentTypeEnvelopedData), tlv(0xa0, tlv(0x30, mine[0].Raw, tlv(0x31, set), mine[2].Raw)))
}

// The key wrap follows the S-box of the recipient's certificate.
func TestRecipientSBox(t *testing.T) {
	sbox, err := gost28147.DKE(5)
	require.NoError(t, err)
	k := newKey(t, dstu4145.M257PB())
	own, plain := selfSigned(t, "ДКЕ", 1, k, sbox), selfSigned(t, "ДКЕ", 1, k, nil)
	msg, err := cms.Encrypt([]byte("x"), []*pkix.Certificate{own}, nil)
	require.NoError(t, err)
	for name, o := range map[string]*cms.DecryptOptions{
		"certificate":         with(cms.Recipient{Key: k, Certificate: own}),
		"certificate in pool": {Recipients: []cms.Recipient{{Key: k}}, Certificates: pkix.NewPool(own)},
	} {
		_, _, err = openEnvelope(t, msg, o)
		require.NoError(t, err, name)
	}
	_, _, err = openEnvelope(t, msg, with(cms.Recipient{Key: k, Certificate: plain}))
	require.Equal(t, cms.ErrDecryption, err)

	msg, err = cms.Encrypt([]byte("x"), []*pkix.Certificate{plain}, nil)
	require.NoError(t, err)
	_, _, err = openEnvelope(t, msg, with(cms.Recipient{Key: k, Certificate: own}))
	require.NoError(t, err, "DKE No. 1 for a certificate with another S-box")
}

// An envelope cut anywhere is an error, never an end; neither may anything follow it.
func TestEnvelopeTruncated(t *testing.T) {
	k := identity(t, "m163").Agreement
	for _, size := range []int64{0, 3} {
		var out bytes.Buffer
		w, err := cms.NewEncrypter(&out, []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{Size: size})
		require.NoError(t, err)
		_, err = w.Write([]byte("abc"))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		msg := out.Bytes()
		for n := range len(msg) {
			_, err := cms.ParseEnveloped(msg[:n])
			require.Error(t, err, "%d octets of %d", n, len(msg))
			d, err := cms.NewDecrypter(bytes.NewReader(msg[:n]), with(recipient(k)))
			if err == nil {
				_, err = io.ReadAll(d)
			}
			require.Error(t, err, "%d octets of %d", n, len(msg))
			require.NotErrorIs(t, err, io.EOF)
		}
		_, err = cms.Decrypt(append(bytes.Clone(msg), 0), with(recipient(k)))
		require.Error(t, err, "trailing data")
	}
}

// What is read of an envelope that was cut is a prefix of the content, also with a cipher that
// takes the key stream for a short last piece from elsewhere.
func TestEnvelopeTruncatedContent(t *testing.T) {
	k := identity(t, "m163").Agreement
	content := bytes.Repeat([]byte("0123456789"), 30)
	msg, err := cms.Encrypt(content, []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{Cipher: cms.CipherKalyna256})
	require.NoError(t, err)
	for cut := range 100 {
		d, err := cms.NewDecrypter(bytes.NewReader(msg[:len(msg)-1-cut]), with(recipient(k)))
		require.NoError(t, err)
		got, err := io.ReadAll(d)
		require.Error(t, err)
		require.True(t, bytes.HasPrefix(content, got), "%d octets less: %q", cut+1, got)
	}
}
