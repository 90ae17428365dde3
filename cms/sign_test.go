package cms_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/asn1"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

func signerOf(k testca.KeyPair) cms.Signer { return cms.Signer{Key: k.Key, Certificate: k.Certificate} }

func TestSignAndCheck(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 30, 45, 0, time.UTC)
	for _, who := range []string{"a", "kupyna", "m431", "m163", "normal basis"} {
		k := identity(t, who).Signing
		for _, digest := range []asn1.ObjectIdentifier{nil, gost, kupyna256, kupyna384, kupyna512} {
			for _, content := range [][]byte{nil, []byte("a"), bytes.Repeat([]byte("Звіт "), 1000)} {
				s := signerOf(k)
				s.SigningTime, s.Digest = at, digest
				for _, detached := range []bool{false, true} {
					msg, err := cms.Sign(content, []cms.Signer{s}, &cms.SignOptions{Detached: detached})
					require.NoError(t, err)
					res, got, err := check(t, msg, append([]byte{}, content...))
					require.NoError(t, err, "%s, %v, detached %v", who, digest, detached)
					require.True(t, bytes.Equal(content, got))
					require.Equal(t, detached, res.Detached)
					require.Len(t, res.Certificates, 1)
					r := res.Signers[0]
					require.True(t, r.Certificate.Equal(k.Certificate))
					require.Equal(t, at, r.ClaimedTime)
					require.Equal(t, cms.LevelBES, r.Level)
					want := digest
					if want == nil {
						want = map[bool]asn1.ObjectIdentifier{false: gost, true: kupyna256}[who == "kupyna"]
					}
					require.Equal(t, want, r.DigestAlgorithm)
					checkWrittenForm(t, msg, want, k.Certificate)
				}
			}
		}
	}
}

// checkWrittenForm compares a written message of one signer with the profile: algorithms without
// parameters, attributes in DER order, the signature raw in its OCTET STRING.
func checkWrittenForm(t *testing.T, msg []byte, digest asn1.ObjectIdentifier, cert *pkix.Certificate) {
	t.Helper()
	data, err := cms.ParseSigned(msg)
	require.NoError(t, err)
	require.Equal(t, 1, data.Version)
	require.Equal(t, []asn1.ObjectIdentifier{digest}, data.DigestAlgorithms)
	si := data.Signers[0]
	require.Equal(t, 1, si.Version)
	require.Equal(t, cert.RawSerial, si.ID.RawSerial)
	require.Equal(t, cert.SerialNumber, si.ID.SerialNumber)
	require.Equal(t, cert.RawIssuer, si.ID.RawIssuer)
	require.True(t, bytes.Contains(si.Raw, algorithm(digest)), "digest with parameters")
	require.True(t, bytes.Contains(si.Raw, algorithm(si.SignatureAlgorithm)), "signature with parameters")
	require.Len(t, si.Signature, 2*cert.PublicKey.(*dstu4145.PublicKey).Curve().ScalarSize())
	require.Empty(t, si.UnsignedAttributes)
	var types []string
	var previous []byte
	for _, a := range si.SignedAttributes {
		types = append(types, a.Type.String())
		require.Negative(t, bytes.Compare(previous, a.Raw), "not in DER order")
		previous = a.Raw
	}
	require.ElementsMatch(t, []string{
		cmscore.OIDContentType.String(), cmscore.OIDSigningTime.String(),
		cmscore.OIDMessageDigest.String(), cmscore.OIDSigningCertificateV2.String(),
	}, types)
	require.Equal(t, byte(0x30), msg[0])
	require.NotEqual(t, byte(0x80), msg[1], "indefinite length")
}

// The octets of a message made by a deterministic signer do not change unnoticed.
func TestSignedAttributesOctets(t *testing.T) {
	a := cmscore.SignedAttrs{
		ContentType: cms.ContentTypeData, SigningTime: time.Date(2023, 9, 19, 18, 17, 18, 0, time.UTC),
		MessageDigest: bytes.Repeat([]byte{0x0f}, 32), Digest: gost, CertHash: bytes.Repeat([]byte{0x9b}, 32),
		Signer: cmscore.ID{RawIssuer: []byte{0x30, 0}, Serial: []byte{0x14}},
	}
	got, err := a.Marshal()
	require.NoError(t, err)
	require.Equal(t, "3181bb"+
		"301806092a864886f70d010903310b06092a864886f70d010701"+
		"301c06092a864886f70d010905310f170d3233303931393138313731385a"+
		"302f06092a864886f70d01090431220420"+hexOf(a.MessageDigest)+
		"3050060b2a864886f70d010910022f3141303f303d303b300c060a2a8624020101010102010420"+hexOf(a.CertHash)+
		"30093004a4023000020114", hexOf(got))
}

func TestSeveralSigners(t *testing.T) {
	a, b, c := identity(t, "a").Signing, identity(t, "kupyna").Signing, identity(t, "m431").Signing
	content := []byte("договір")
	for _, detached := range []bool{false, true} {
		o := &cms.SignOptions{Detached: detached, Certificates: []*pkix.Certificate{a.Certificate, identity(t, "m257").Signing.Certificate}}
		one, err := cms.Sign(content, []cms.Signer{signerOf(a), signerOf(b)}, o)
		require.NoError(t, err)
		res, _, err := check(t, one, content)
		require.NoError(t, err)
		require.Len(t, res.Signers, 2)
		require.Len(t, res.Certificates, 3)

		var r io.Reader
		if detached {
			r = bytes.NewReader(content)
		}
		two, err := cms.AddSigners(one, r, []cms.Signer{signerOf(c)}, nil)
		require.NoError(t, err)
		res, _, err = check(t, two, content)
		require.NoError(t, err)
		require.Len(t, res.Signers, 3)
		require.Len(t, res.Certificates, 4)
		require.Equal(t, []asn1.ObjectIdentifier{gost, kupyna256, gost}, []asn1.ObjectIdentifier{
			res.Signers[0].DigestAlgorithm, res.Signers[1].DigestAlgorithm, res.Signers[2].DigestAlgorithm})
		before, err := cms.ParseSigned(one)
		require.NoError(t, err)
		after, err := cms.ParseSigned(two)
		require.NoError(t, err)
		require.Equal(t, before.RawCertificates, after.RawCertificates[:3])
		for i := range before.Signers {
			require.Equal(t, before.Signers[i].Raw, after.Signers[i].Raw)
		}
		require.Equal(t, before.DigestAlgorithms, after.DigestAlgorithms)
	}
}

// digestAlgorithms is a set in DER: each once and sorted, whatever the order of the signers.
func TestDigestAlgorithms(t *testing.T) {
	k := identity(t, "a").Signing
	var list []cms.Signer
	for _, digest := range []asn1.ObjectIdentifier{kupyna512, gost, kupyna256, gost, kupyna512} {
		list = append(list, cms.Signer{Key: k.Key, Certificate: k.Certificate, Digest: digest})
	}
	msg, err := cms.Sign(nil, list, nil)
	require.NoError(t, err)
	data, err := cms.ParseSigned(msg)
	require.NoError(t, err)
	require.Equal(t, []asn1.ObjectIdentifier{gost, kupyna256, kupyna512}, data.DigestAlgorithms)
	require.Len(t, data.Signers, 5)
	require.Len(t, data.RawCertificates, 1)
}

// Nonces take randomness even if the caller gives none.
func TestSignatureIsHedged(t *testing.T) {
	s := signerOf(identity(t, "a").Signing)
	s.SigningTime = time.Unix(1_800_000_000, 0)
	one, err := cms.Sign([]byte("x"), []cms.Signer{s}, nil)
	require.NoError(t, err)
	two, err := cms.Sign([]byte("x"), []cms.Signer{s}, nil)
	require.NoError(t, err)
	require.False(t, bytes.Equal(one, two))
	require.Len(t, two, len(one))
}

func TestAddSignersForms(t *testing.T) {
	a, b := identity(t, "a").Signing, identity(t, "kupyna").Signing
	content := []byte("зміст")
	// To a message of indefinite length, a bare one, and one without certificates.
	var ber bytes.Buffer
	w, err := cms.NewSigner(context.Background(), &ber, []cms.Signer{signerOf(a)}, nil)
	require.NoError(t, err)
	_, err = w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	bare, err := cms.Sign(content, []cms.Signer{signerOf(a)}, &cms.SignOptions{OmitContentInfo: true, OmitCertificates: true})
	require.NoError(t, err)
	for _, msg := range [][]byte{ber.Bytes(), bare} {
		for _, omit := range []bool{false, true} {
			out, err := cms.AddSigners(msg, nil, []cms.Signer{signerOf(b)}, &cms.SignOptions{OmitCertificates: omit})
			require.NoError(t, err)
			res, got, err := check(t, out, nil, a.Certificate, b.Certificate)
			require.NoError(t, err)
			require.Equal(t, content, got)
			require.Len(t, res.Signers, 2)
			old, err := cms.ParseSigned(msg)
			require.NoError(t, err)
			n := len(old.RawCertificates)
			if !omit {
				n++
			}
			require.Len(t, res.Certificates, n)
		}
	}
	// The version goes up to what the content type asks for, and never down.
	for _, tt := range []struct{ before, after byte }{{1, 3}, {3, 3}, {4, 4}} {
		m := craft(t, a, gost, "зміст")
		m.contentType, m.version = cms.ContentTypeSignedData, tt.before
		out, err := cms.AddSigners(m.der(), nil, []cms.Signer{signerOf(b)}, nil)
		require.NoError(t, err)
		data, err := cms.ParseSigned(out)
		require.NoError(t, err)
		require.Equal(t, int(tt.after), data.Version)
	}
	_, err = cms.AddSigners(bare, bytes.NewReader(content), []cms.Signer{signerOf(b)}, nil)
	require.Error(t, err, "content for a message that holds its own")
	detached, err := cms.Sign(content, []cms.Signer{signerOf(a)}, &cms.SignOptions{Detached: true})
	require.NoError(t, err)
	_, err = cms.AddSigners(detached, nil, []cms.Signer{signerOf(b)}, nil)
	require.Error(t, err, "no content")
	_, err = cms.AddSigners(detached, bytes.NewReader(content), nil, nil)
	require.Error(t, err, "no signers")
	_, err = cms.AddSigners([]byte{0x30, 0}, nil, []cms.Signer{signerOf(b)}, nil)
	require.Error(t, err, "no message")
}

// Nested signatures, as in tax reports: a SignedData over a SignedData, as data or under its own
// content type.
func TestNestedSigned(t *testing.T) {
	a, b := identity(t, "a").Signing, identity(t, "kupyna").Signing
	inner, err := cms.Sign([]byte("звіт"), []cms.Signer{signerOf(a)}, nil)
	require.NoError(t, err)
	for _, ct := range []asn1.ObjectIdentifier{nil, cms.ContentTypeData, cms.ContentTypeSignedData, {1, 2, 840, 113549, 1, 9, 16, 1, 4}, longOID} {
		outer, err := cms.Sign(inner, []cms.Signer{signerOf(b)}, &cms.SignOptions{ContentType: ct})
		require.NoError(t, err)
		res, got, err := check(t, outer, nil)
		require.NoError(t, err)
		require.Equal(t, inner, got)
		data, err := cms.ParseSigned(outer)
		require.NoError(t, err)
		if ct == nil {
			ct = cms.ContentTypeData
		}
		require.Equal(t, ct, res.ContentType)
		require.Equal(t, ct.Equal(cms.ContentTypeData), data.Version == 1)
		require.True(t, slices.IsSortedFunc(data.Signers[0].SignedAttributes, func(a, b cms.Attribute) int { return bytes.Compare(a.Raw, b.Raw) }))
		_, got, err = check(t, got, nil)
		require.NoError(t, err)
		require.Equal(t, "звіт", string(got))
	}
}

// longOID makes contentType longer than signingTime, so that it sorts behind it.
var longOID = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 1 << 30, 1 << 30, 1 << 30, 1 << 30}

func TestSignStream(t *testing.T) {
	a := identity(t, "a").Signing
	for _, n := range []int{0, 1, 32 << 10, 100_000} {
		content := bytes.Repeat([]byte{'x'}, n)
		for _, size := range []int64{0, int64(n)} {
			var out bytes.Buffer
			w, err := cms.NewSigner(context.Background(), &out, []cms.Signer{signerOf(a)}, &cms.SignOptions{Size: size})
			require.NoError(t, err)
			_, err = io.Copy(w, iotest.OneByteReader(bytes.NewReader(content)))
			require.NoError(t, err)
			require.NoError(t, w.Close())
			require.Error(t, w.Close())
			_, err = w.Write([]byte{0})
			require.Error(t, err)
			require.Equal(t, size == 0, out.Bytes()[1] == 0x80)
			s, err := cms.NewSignedReader(iotest.OneByteReader(&out))
			require.NoError(t, err)
			got, err := io.ReadAll(s)
			require.NoError(t, err)
			require.True(t, bytes.Equal(content, got))
			_, err = s.CheckSignatures(context.Background(), nil)
			require.NoError(t, err)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	a, b := identity(t, "a").Signing, identity(t, "kupyna").Signing
	for fault, s := range map[string]cms.Signer{
		"no key":                            {Certificate: a.Certificate},
		"no certificate":                    {Key: a.Key},
		"no key and no certificate":         {},
		"the certificate is of another key": {Key: a.Key, Certificate: b.Certificate},
	} {
		_, err := cms.Sign(nil, []cms.Signer{{Key: a.Key, Certificate: a.Certificate}, s}, nil)
		require.EqualError(t, err, "cms: signer 1: "+fault)
	}
	_, err := cms.Sign(nil, nil, nil)
	require.Error(t, err, "no signers")
	for name, s := range map[string]cms.Signer{
		"level":   {Key: a.Key, Certificate: a.Certificate, Level: cms.LevelT},
		"SHA-256": {Key: a.Key, Certificate: a.Certificate, Digest: alg.OIDSHA256},
	} {
		_, err := cms.Sign(nil, []cms.Signer{s}, nil)
		require.ErrorIs(t, err, cms.ErrUnsupported, name)
		var typed *cms.UnsupportedError
		require.ErrorAs(t, err, &typed, name)
	}
	write := func(n int) error {
		w, err := cms.NewSigner(context.Background(), io.Discard, []cms.Signer{signerOf(a)}, &cms.SignOptions{Size: 5})
		require.NoError(t, err)
		if _, err := w.Write(make([]byte, n)); err != nil {
			require.Error(t, w.Close())
			return err
		}
		return w.Close()
	}
	require.NoError(t, write(5))
	require.Error(t, write(4), "less content than announced")
	require.Error(t, write(6), "more content than announced")

	_, err = cms.Sign(nil, []cms.Signer{signerOf(a)}, &cms.SignOptions{Rand: iotest.ErrReader(errors.New("boom"))})
	require.ErrorContains(t, err, "boom")
	ctx, cancel := context.WithCancel(context.Background())
	w, err := cms.NewSigner(ctx, io.Discard, []cms.Signer{signerOf(a)}, nil)
	require.NoError(t, err)
	cancel()
	require.ErrorIs(t, w.Close(), context.Canceled)
}

// device is a foreign signer, and key exchanger, over a key in memory.
type device struct {
	*dstu4145.PrivateKey
	spoil func([]byte) []byte
	err   error
}

func (d device) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts == nil || opts.HashFunc() != 0 {
		return nil, errors.New("no options")
	}
	sig, err := d.PrivateKey.Sign(rand, digest, opts)
	if err == nil {
		err = d.err
	}
	if err != nil {
		return nil, err
	}
	clear(digest) // what a signer does to its argument must not matter
	return d.spoil(sig), nil
}

func TestForeignSigner(t *testing.T) {
	a := identity(t, "a").Signing
	boom := errors.New("boom")
	for _, tt := range []struct {
		name  string
		spoil func([]byte) []byte
		err   error
		ok    bool
	}{
		{name: "right", spoil: bytes.Clone, ok: true},
		{name: "one bit off", spoil: func(s []byte) []byte { s[40] ^= 4; return s }},
		{name: "short", spoil: func(s []byte) []byte { return s[1:] }},
		{name: "long", spoil: func(s []byte) []byte { return append(s, 0) }},
		{name: "nothing", spoil: func([]byte) []byte { return nil }},
		{name: "wire order", spoil: func(s []byte) []byte { return alg.Signature{}.ToWire(s) }},
		{name: "error", err: boom},
	} {
		msg, err := cms.Sign([]byte("зміст"), []cms.Signer{{Key: device{a.Key, tt.spoil, tt.err}, Certificate: a.Certificate}}, nil)
		require.Equal(t, tt.ok, err == nil, "%s: %v", tt.name, err)
		require.Equal(t, tt.ok, msg != nil, tt.name)
		require.Equal(t, tt.err != nil, errors.Is(err, boom), tt.name)
		if tt.ok {
			_, _, err = check(t, msg, nil)
			require.NoError(t, err)
		}
	}
}

// Years beyond 2049 are GeneralizedTime.
func TestSigningTimeForms(t *testing.T) {
	a := identity(t, "a").Signing
	for _, at := range []time.Time{
		time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC),
		time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 5, 1, 12, 0, 0, 0, time.FixedZone("EEST", 3*3600)),
	} {
		s := signerOf(a)
		s.SigningTime = at
		msg, err := cms.Sign(nil, []cms.Signer{s}, nil)
		require.NoError(t, err)
		res, _, err := check(t, msg, nil)
		require.NoError(t, err)
		require.True(t, at.Equal(res.Signers[0].ClaimedTime), "%v", res.Signers[0].ClaimedTime)
	}
	before := time.Now().Truncate(time.Second)
	msg, err := cms.Sign(nil, []cms.Signer{signerOf(a)}, nil)
	require.NoError(t, err)
	res, _, err := check(t, msg, nil)
	require.NoError(t, err)
	require.False(t, res.Signers[0].ClaimedTime.Before(before))
}

// A key whose certificate names another S-box signs with it, and the reader finds it out, in one
// piece and in a stream that can be read twice.
func TestOwnSBox(t *testing.T) {
	k := newKey(t, dstu4145.M257PB())
	sbox, err := gost28147.DKE(2)
	require.NoError(t, err)
	cert := selfSigned(t, "власний ДКЕ", 5, k, sbox)
	content := []byte("зміст")
	for _, detached := range []bool{true, false} {
		msg, err := cms.Sign(content, []cms.Signer{{Key: k, Certificate: cert}}, &cms.SignOptions{Detached: detached})
		require.NoError(t, err)
		res, _, err := check(t, msg, content)
		require.NoError(t, err)
		require.Equal(t, hash(t, gost, sbox, content), res.Signers[0].MessageDigest)
		if detached {
			continue
		}
		// A pipe cannot be read twice: the digest stays open, the signature does not.
		s, err := cms.NewSignedReader(struct{ io.Reader }{bytes.NewReader(msg)})
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, s)
		require.NoError(t, err)
		res, err = s.CheckSignatures(context.Background(), nil)
		require.Error(t, err)
		require.Equal(t, validation.Indeterminate, res.Report.Verdict)
		require.Equal(t, validation.Passed, res.Signers[0].SignatureValid)
		require.Equal(t, validation.Indeterminate, res.Signers[0].DigestValid)
	}
	// Content changed: both digests are known and neither fits.
	msg, err := cms.Sign(content, []cms.Signer{{Key: k, Certificate: cert}}, nil)
	require.NoError(t, err)
	at := bytes.Index(msg, content)
	msg[at] ^= 1
	res, _, err := check(t, msg, nil)
	require.Error(t, err)
	require.Equal(t, validation.Failed, res.Signers[0].DigestValid)
	require.Equal(t, validation.HashFailure, res.Report.Code)
}
