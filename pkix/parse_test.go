package pkix_test

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/pkix"
)

// sample returns a certificate with all extensions, and its key.
func sample(t testing.TB) (*pkix.Certificate, *dstu4145.PrivateKey) {
	key := newKey(t, dstu4145.M257PB(), 1)
	tmpl := template("Особа", 0x80)
	tmpl.KeyUsage = pkix.KeyUsageDigitalSignature
	tmpl.ExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 9}}
	tmpl.DirectoryAttributes = []pkix.Attribute{{Type: asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 11, 1, 4, 1, 1}, Value: "0000000001"}}
	return issue(t, tmpl, nil, nil, key), key
}

// withFields returns the sample with some fields of tbsCertificate replaced; nil removes one.
func withFields(t testing.TB, replace map[int][]byte) []byte {
	c, _ := sample(t)
	p := takeApart(t, c.Raw)
	var fields [][]byte
	for i, f := range p.fields {
		if r, ok := replace[i]; ok {
			f = r
		}
		if f != nil {
			fields = append(fields, f)
		}
	}
	p.fields = fields
	return p.join()
}

// withExtension returns the sample with one extension alone.
func withExtension(t testing.TB, ext ...[]byte) []byte {
	return withFields(t, map[int][]byte{fieldExtensions: element(0xa3, sequence(ext...))})
}

func extension(id string, critical []byte, value []byte) []byte {
	return sequence([]byte("\x06\x03\x55\x1d"+id), critical, element(cbasn1.OCTET_STRING, value))
}

func TestParseKeepsOctets(t *testing.T) {
	c, _ := sample(t)
	p := takeApart(t, c.Raw)
	require.Equal(t, sequence(p.fields...), c.RawTBS)
	require.Equal(t, p.fields[fieldIssuer], c.RawIssuer)
	require.Equal(t, p.fields[fieldSubject], c.RawSubject)
	require.Equal(t, p.fields[fieldSPKI], c.RawSPKI)
	require.Equal(t, p.signature, c.Signature)
	require.Equal(t, []byte{0, 0x80}, c.RawSerial)
	require.True(t, c.NotBefore.Equal(begin) && c.NotAfter.Equal(end))
	require.Len(t, c.RawPublicKey, 33)
	require.Equal(t, "0000000001", c.DRFO())

	data := bytes.Clone(c.Raw)
	again, err := pkix.ParseCertificate(data)
	require.NoError(t, err)
	require.True(t, again.Equal(c))
	clear(data)
	require.Equal(t, c.Raw, again.Raw, "the input is copied")
	require.False(t, c.Equal(nil))
	require.True(t, (*pkix.Certificate)(nil).Equal(nil))
}

// TestParseRefuses lists certificates that are not DER or not certificates.
func TestParseRefuses(t *testing.T) {
	c, _ := sample(t)
	f := takeApart(t, c.Raw).fields
	ku := extension("\x0f", []byte{1, 1, 0xff}, unhex(t, "03020780"))
	outer := takeApart(t, c.Raw)
	outerWith := func(change func(*parts)) []byte {
		p := outer
		change(&p)
		return p.join()
	}
	time := func(text string) []byte { return element(cbasn1.UTCTime, []byte(text)) }
	notAfter := time("280102030405Z")
	for name, raw := range map[string][]byte{
		"nothing":                      nil,
		"trailing octet":               append(bytes.Clone(c.Raw), 0),
		"truncated":                    c.Raw[:len(c.Raw)-1],
		"empty sequence":               sequence(),
		"indefinite length":            append(append([]byte{0x30, 0x80}, c.Raw[4:]...), 0, 0),
		"length not minimal":           append([]byte{0x30, 0x83, 0}, c.Raw[2:]...),
		"version 1 written":            withFields(t, map[int][]byte{fieldVersion: unhex(t, "a003020100")}),
		"version 4":                    withFields(t, map[int][]byte{fieldVersion: unhex(t, "a003020103")}),
		"extensions in version 1":      withFields(t, map[int][]byte{fieldVersion: nil}),
		"extensions in version 2":      withFields(t, map[int][]byte{fieldVersion: unhex(t, "a003020101")}),
		"serial not minimal":           withFields(t, map[int][]byte{fieldSerial: unhex(t, "02020001")}),
		"serial empty":                 withFields(t, map[int][]byte{fieldSerial: unhex(t, "0200")}),
		"no serial":                    withFields(t, map[int][]byte{fieldSerial: nil}),
		"inner algorithm differs":      withFields(t, map[int][]byte{fieldSignature: identifier(alg.OIDDSTU4145Kupyna256)}),
		"two parameters":               withFields(t, map[int][]byte{fieldSignature: identifier(alg.OIDDSTU4145LE, 5, 0, 5, 0)}),
		"outer algorithm differs":      outerWith(func(p *parts) { p.algorithm = identifier(alg.OIDDSTU4145BE) }),
		"signature of broken octets":   append(bytes.Clone(c.Raw[:len(c.Raw)-69]), append([]byte{3, 67, 1}, c.Raw[len(c.Raw)-66:]...)...),
		"issuer is a set":              withFields(t, map[int][]byte{fieldIssuer: element(cbasn1.SET)}),
		"empty relative name":          withFields(t, map[int][]byte{fieldSubject: sequence(element(cbasn1.SET))}),
		"name without value":           withFields(t, map[int][]byte{fieldSubject: sequence(element(cbasn1.SET, sequence([]byte{6, 3, 0x55, 4, 3})))}),
		"time without seconds":         withFields(t, map[int][]byte{fieldValidity: sequence(time("2601020304Z"), notAfter)}),
		"time of another zone":         withFields(t, map[int][]byte{fieldValidity: sequence(time("260102030405+0200"), notAfter)}),
		"30 February":                  withFields(t, map[int][]byte{fieldValidity: sequence(time("260230030405Z"), notAfter)}),
		"one time":                     withFields(t, map[int][]byte{fieldValidity: sequence(notAfter)}),
		"key bits of broken octets":    withFields(t, map[int][]byte{fieldSPKI: sequence(identifier(alg.OIDDSTU4145LE), []byte{3, 2, 1, 2})}),
		"something after extensions":   withFields(t, map[int][]byte{fieldExtensions: append(bytes.Clone(f[fieldExtensions]), 5, 0)}),
		"extension twice":              withExtension(t, ku, ku),
		"critical FALSE written":       withExtension(t, extension("\x0f", []byte{1, 1, 0}, unhex(t, "03020780"))),
		"critical 01":                  withExtension(t, extension("\x0f", []byte{1, 1, 1}, unhex(t, "03020780"))),
		"extension without value":      withExtension(t, sequence([]byte{6, 3, 0x55, 0x1d, 15})),
		"key usage not a bit string":   withExtension(t, extension("\x0f", nil, unhex(t, "04020780"))),
		"key usage with trailing data": withExtension(t, extension("\x0f", nil, unhex(t, "030207800500"))),
		"key usage with padding bits":  withExtension(t, extension("\x0f", nil, unhex(t, "030207ff"))),
		"constraints: cA 01":           withExtension(t, extension("\x13", nil, unhex(t, "3003010101"))),
		"constraints: negative path":   withExtension(t, extension("\x13", nil, unhex(t, "30060101ff0201ff"))),
		"constraints: huge path":       withExtension(t, extension("\x13", nil, unhex(t, "300a0101ff02050100000000"))),
		"constraints: trailing":        withExtension(t, extension("\x13", nil, unhex(t, "30000500"))),
		"purposes: not identifiers":    withExtension(t, extension("\x25", nil, unhex(t, "30020500"))),
	} {
		_, err := pkix.ParseCertificate(raw)
		require.Error(t, err, name)
		var fault *der.Error
		require.True(t, errors.As(err, &fault), "%s: %v", name, err)
		require.Contains(t, err.Error(), "pkix: der: certificate", name)
		require.LessOrEqual(t, fault.Offset, len(raw), name)
	}
}

// TestFaultNamesTheField is what a person needs to find the place.
func TestFaultNamesTheField(t *testing.T) {
	raw := withExtension(t, extension("\x0f", nil, unhex(t, "04020780")))
	_, err := pkix.ParseCertificate(raw)
	var fault *der.Error
	require.ErrorAs(t, err, &fault)
	require.Equal(t, "certificate.tbsCertificate.extensions.keyUsage", fault.Path)
	require.Equal(t, unhex(t, "04020780"), raw[fault.Offset:fault.Offset+4])
}

// TestOptionalForms are certificates that look unusual and are right.
func TestOptionalForms(t *testing.T) {
	c, err := pkix.ParseCertificate(withFields(t, map[int][]byte{fieldVersion: nil, fieldExtensions: nil}))
	require.NoError(t, err, "version 1")
	require.Empty(t, c.Extensions)
	require.False(t, c.HasKeyUsage)
	require.Equal(t, -1, c.MaxPathLen)

	c, err = pkix.ParseCertificate(withFields(t, map[int][]byte{fieldVersion: unhex(t, "a003020101"), fieldExtensions: unhex(t, "81020040820200"+"20")}))
	require.NoError(t, err, "unique identifiers of version 2")
	require.Empty(t, c.Extensions)

	c, err = pkix.ParseCertificate(withFields(t, map[int][]byte{fieldSerial: unhex(t, "0201ff")}))
	require.NoError(t, err, "a negative serial number")
	require.Equal(t, int64(-1), c.SerialNumber.Int64())

	c, err = pkix.ParseCertificate(withFields(t, map[int][]byte{fieldSubject: sequence()}))
	require.NoError(t, err, "an empty subject")
	require.Empty(t, c.Subject.String())

	large := []byte("\x06\x0b\x69\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f") // 2.25.…
	c, err = pkix.ParseCertificate(withExtension(t, sequence(large, []byte{4, 0}), extension("\x25", nil, sequence(large, unhex(t, "06032a0304")))))
	require.NoError(t, err, "identifiers of any size")
	require.Nil(t, c.Extensions[0].ID)
	require.Equal(t, large[2:], c.Extensions[0].RawID)
	require.Equal(t, []asn1.ObjectIdentifier{{1, 2, 3, 4}}, c.ExtKeyUsage)

	c, err = pkix.ParseCertificate(withExtension(t, extension("\x0f", nil, unhex(t, "03050100000006"))))
	require.NoError(t, err, "key usage bits without a name")
	require.True(t, c.HasKeyUsage)
	require.Zero(t, c.KeyUsage)

	c, err = pkix.ParseCertificate(withExtension(t, extension("\x23", nil, unhex(t, "300fa1058203612e62820101"))))
	require.NoError(t, err, "a length that does not fit")
	require.Nil(t, c.AuthorityKeyID)
	c, err = pkix.ParseCertificate(withExtension(t, extension("\x23", nil, unhex(t, "300aa1058203612e62820101"))))
	require.NoError(t, err, "authority by issuer and serial number")
	require.Nil(t, c.AuthorityKeyID)
}

// TestSignatureLength: a signature of a certificate has no octets to spare, not even zeros.
func TestSignatureLength(t *testing.T) {
	key := newKey(t, dstu4145.M163PB(), 1)
	ca := newCA(t, "ЦСК", key)
	require.NoError(t, ca.CheckSignatureFrom(ca))
	p := takeApart(t, ca.Raw)
	rs := p.signature[2:] // behind tag and length of the OCTET STRING
	for _, excess := range []int{1, 11} {
		zeros := make([]byte, excess) // of the high end: halves are little-endian
		p.signature = element(cbasn1.OCTET_STRING, rs[:21], zeros, rs[21:], zeros)
		c, err := pkix.ParseCertificate(p.join())
		require.NoError(t, err)
		require.ErrorIs(t, c.CheckSignatureFrom(ca), pkix.ErrSignature)
	}
}

// TestTolerances: each deviation of a real issuer that is accepted; see docs/interop.md.
func TestTolerances(t *testing.T) {
	c, err := pkix.ParseCertificate(withExtension(t, extension("\x13", nil, unhex(t, "3003010100"))))
	require.NoError(t, err, "basicConstraints with FALSE written")
	require.True(t, c.BasicConstraintsValid)
	require.False(t, c.IsCA)

	c, err = pkix.ParseCertificate(withExtension(t, extension("\x23", nil, unhex(t, "0403010203"))))
	require.NoError(t, err, "authorityKeyIdentifier a bare octet string")
	require.Equal(t, []byte{1, 2, 3}, c.AuthorityKeyID)

	c, err = pkix.ParseCertificate(withExtension(t, extension("\x23", nil, unhex(t, "3007a0050403010203"))))
	require.NoError(t, err, "authorityKeyIdentifier with an explicit tag")
	require.Equal(t, []byte{1, 2, 3}, c.AuthorityKeyID)

	// parameters of the outer signature algorithm that are not those of the inner one
	orig, _ := sample(t)
	p := takeApart(t, orig.Raw)
	p.algorithm = identifier(alg.OIDDSTU4145LE, 5, 0)
	c, err = pkix.ParseCertificate(p.join())
	require.NoError(t, err)
	require.NoError(t, c.CheckSignatureFrom(c))

	// parameters in both places
	key := newKey(t, dstu4145.M257PB(), 1)
	p.fields[fieldSignature] = identifier(alg.OIDDSTU4145LE, 5, 0)
	c, err = pkix.ParseCertificate(p.sign(t, key))
	require.NoError(t, err)
	require.NoError(t, c.CheckSignatureFrom(c))
}

// TestUnreadableHints: key identifiers and codes of persons decide nothing by themselves. What cannot be
// read counts as absent; the octets are in Extensions.
func TestUnreadableHints(t *testing.T) {
	good, key := sample(t)
	for name, ext := range map[string][]byte{
		"key id not an octet string":    extension("\x0e", nil, unhex(t, "0302000a")),
		"key id with trailing data":     extension("\x0e", nil, unhex(t, "0401010500")),
		"authority key id an integer":   extension("\x23", nil, unhex(t, "020101")),
		"authority key id trailing":     extension("\x23", nil, unhex(t, "300380010a0500")),
		"authority key id out of order": extension("\x23", nil, unhex(t, "300682010180010a")),
		"codes: not a sequence":         extension("\x09", nil, unhex(t, "3100")),
		"codes: no set":                 extension("\x09", nil, unhex(t, "300730050603550403")),
		"key id bare":                   extension("\x0e", nil, bytes.Repeat([]byte{7}, 32)),
		"authority key id bare":         extension("\x23", nil, bytes.Repeat([]byte{7}, 32)),
		"codes: no text":                extension("\x09", nil, unhex(t, "30043002"+"0500")),
	} {
		c, err := pkix.ParseCertificate(withExtension(t, ext))
		require.NoError(t, err, name)
		require.Len(t, c.Extensions, 1, name)
		require.Nil(t, c.SubjectKeyID, name)
		require.Nil(t, c.AuthorityKeyID, name)
		require.Empty(t, c.DirectoryAttributes, name)
		require.Equal(t, good.KeyIDs()[0], c.KeyIDs()[0], name)
		require.True(t, c.MatchesPublicKey(key.PublicKey()), name)
	}
}

// TestUnusableKeys: a certificate with a key that cannot be used is still read.
func TestUnusableKeys(t *testing.T) {
	good, _ := sample(t)
	curve := dstu4145.M257PB()
	spki := func(id, bits []byte) []byte {
		return sequence(id, element(cbasn1.BIT_STRING, []byte{0}, bits))
	}
	point := func(octets []byte) []byte {
		return spki(keyAlgorithm(t, good.RawSPKI), element(cbasn1.OCTET_STRING, octets))
	}
	zero := make([]byte, 33)
	wide := bytes.Clone(good.RawPublicKey)
	wide[32] |= 0x80 // a bit above the field
	offCurve := bytes.Clone(good.RawPublicKey)
	for i := byte(1); ; i++ { // the next string that is no point
		offCurve[1] = i
		be := bytes.Clone(offCurve)
		for a, b := 0, len(be)-1; a < b; a, b = a+1, b-1 {
			be[a], be[b] = be[b], be[a]
		}
		if _, err := curve.NewPublicKey(be); err != nil {
			break
		}
	}
	ecP256 := identifier(alg.OIDECPublicKey, unhex(t, "06082a8648ce3d030107")...)
	for name, c := range map[string]struct {
		spki []byte
		kind error
	}{
		"zero string":           {point(zero), pkix.ErrPublicKey},
		"bit above the field":   {point(wide), pkix.ErrPublicKey},
		"off the curve":         {point(offCurve), pkix.ErrPublicKey},
		"short":                 {point(good.RawPublicKey[:32]), pkix.ErrPublicKey},
		"no octet string":       {spki(keyAlgorithm(t, good.RawSPKI), good.RawPublicKey), pkix.ErrPublicKey},
		"no parameters":         {spki(identifier(alg.OIDDSTU4145LE), element(cbasn1.OCTET_STRING, good.RawPublicKey)), pkix.ErrPublicKey},
		"the other basis":       {spki(identifier(alg.OIDDSTU4145NormalLE, unhex(t, "300f060d2a862402010101010301010206")...), element(cbasn1.OCTET_STRING, good.RawPublicKey)), pkix.ErrUnsupported},
		"unknown curve":         {spki(identifier(alg.OIDDSTU4145LE, unhex(t, "300506032a0304")...), element(cbasn1.OCTET_STRING, good.RawPublicKey)), pkix.ErrUnsupported},
		"unknown algorithm":     {spki(identifier(asn1.ObjectIdentifier{1, 3, 101, 112}), zero), pkix.ErrUnsupported},
		"P-256 off the curve":   {spki(ecP256, append([]byte{4}, make([]byte, 64)...)), pkix.ErrPublicKey},
		"P-224":                 {spki(identifier(alg.OIDECPublicKey, unhex(t, "06052b81040021")...), append([]byte{4}, make([]byte, 56)...)), pkix.ErrUnsupported},
		"explicit EC":           {spki(identifier(alg.OIDECPublicKey, 0x30, 0), []byte{4}), pkix.ErrUnsupported},
		"EC without parameters": {spki(identifier(alg.OIDECPublicKey), []byte{4}), pkix.ErrUnsupported},
		"EC with trailing data": {spki(identifier(alg.OIDECPublicKey, unhex(t, "06082a8648ce3d0301070500")...), []byte{4}), nil},
		"RSA rubbish":           {spki(identifier(alg.OIDRSAEncryption, 5, 0), []byte{1, 2, 3}), pkix.ErrPublicKey},
		"RSA negative modulus":  {spki(identifier(alg.OIDRSAEncryption, 5, 0), unhex(t, "3006020180020103")), pkix.ErrPublicKey},
		"RSA exponent 1":        {spki(identifier(alg.OIDRSAEncryption, 5, 0), unhex(t, "3006020155020101")), pkix.ErrPublicKey},
		"RSA huge modulus":      {spki(identifier(alg.OIDRSAEncryption, 5, 0), sequence(element(cbasn1.INTEGER, []byte{1}, make([]byte, 2048)), []byte{2, 1, 3})), pkix.ErrPublicKey},
	} {
		cert, err := pkix.ParseCertificate(withFields(t, map[int][]byte{fieldSPKI: c.spki}))
		if c.kind == nil {
			require.Error(t, err, name)
			continue
		}
		require.NoError(t, err, name)
		require.Nil(t, cert.PublicKey, name)
		require.ErrorIs(t, cert.PublicKeyError, c.kind, name)
		require.Contains(t, cert.PublicKeyError.Error(), "pkix: ", name)
		require.Equal(t, c.spki, cert.RawSPKI, name)
		require.ErrorIs(t, good.CheckSignatureFrom(cert), c.kind, name)
		require.False(t, cert.MatchesPublicKey(good.PublicKey), name)
		require.Equal(t, [][]byte{cert.SubjectKeyID}, cert.KeyIDs(), name)
		_, err = pkix.ParsePublicKey(c.spki)
		require.ErrorIs(t, err, c.kind, name)
	}
}

// keyAlgorithm returns the AlgorithmIdentifier of a SubjectPublicKeyInfo.
func keyAlgorithm(t testing.TB, spki []byte) []byte {
	t.Helper()
	s := cryptobyte.String(spki)
	var seq, id cryptobyte.String
	require.True(t, s.ReadASN1(&seq, cbasn1.SEQUENCE) && seq.ReadASN1Element(&id, cbasn1.SEQUENCE))
	return id
}
