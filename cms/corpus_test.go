package cms_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

// check verifies a message as a user does: through the stream if it holds its content, and over
// the content given, which may be nil, if it does not. It returns the content as well.
func check(t testing.TB, msg, content []byte, certs ...*pkix.Certificate) (*cms.Result, []byte, error) {
	t.Helper()
	return checkWith(t, msg, content, &cms.CheckOptions{Certificates: pkix.NewPool(certs...)})
}

func checkWith(t testing.TB, msg, content []byte, o *cms.CheckOptions) (*cms.Result, []byte, error) {
	t.Helper()
	s, err := cms.NewSignedReader(bytes.NewReader(msg))
	if err != nil {
		return nil, nil, err
	}
	got, err := io.ReadAll(s)
	if err != nil {
		return nil, nil, err
	}
	if !s.Detached() {
		res, err := s.CheckSignatures(context.Background(), o)
		return res, got, err
	}
	require.Empty(t, got, "content of a detached message")
	var r io.Reader
	if content != nil {
		r = bytes.NewReader(content)
	}
	res, err := cms.CheckDetached(context.Background(), msg, r, o)
	return res, content, err
}

func certificate(t testing.TB, d *corpus.Dir, name string) *pkix.Certificate {
	t.Helper()
	c, err := pkix.ParseCertificate(d.File(t, name))
	require.NoError(t, err, name)
	return c
}

func verdictOf(b *bool) validation.Verdict {
	switch {
	case b == nil:
		return validation.Indeterminate
	case *b:
		return validation.Passed
	}
	return validation.Failed
}

// TestCorpusSigned compares every signer of every message from public repositories with what the
// collection says of it. There is no exception.
func TestCorpusSigned(t *testing.T) {
	d := corpus.Find(t, "corpus")
	items := d.Kind("cms")
	require.NotEmpty(t, items)
	for _, it := range items {
		t.Run(path.Base(it.File), func(t *testing.T) { checkSignedItem(t, d, it) })
	}
}

type signerFacts struct {
	CertSHA256     string   `json:"signer_cert_sha256"`
	Serial         string   `json:"signer_serial_hex"`
	Digest         string   `json:"digest_algorithm"`
	Algorithm      string   `json:"signature_algorithm"`
	SigningTime    *string  `json:"signing_time"`
	MessageDigest  string   `json:"message_digest_hex"`
	Signed         []string `json:"signed_attributes"`
	Unsigned       []string `json:"unsigned_attributes"`
	SignatureValid *bool    `json:"signature_valid"`
	DigestValid    *bool    `json:"message_digest_matches_content"`
	Format         *string  `json:"cades_format"`
	Where          string   `json:"signer_cert_where"`
}

func checkSignedItem(t *testing.T, d *corpus.Dir, it *corpus.Item) {
	var want struct {
		Detached      bool
		ContentType   string        `json:"content_type"`
		Digests       []string      `json:"digest_algorithms"`
		Certificates  int           `json:"n_embedded_certificates"`
		CRLs          int           `json:"n_embedded_crls"`
		ContentSHA256 string        `json:"content_sha256"`
		Signers       []signerFacts `json:"signers"`
		Valid         bool
	}
	it.Decode(t, &want)
	msg := it.Bytes(t)
	data, err := cms.ParseSigned(msg)
	require.NoError(t, err)
	require.Equal(t, want.Detached, data.Detached)
	require.Equal(t, want.ContentType, data.ContentType.String())
	require.Len(t, data.RawCertificates, want.Certificates)
	require.Empty(t, data.Certificates.Failed)
	require.Len(t, data.RawCRLs, want.CRLs)
	for i, oid := range want.Digests {
		require.Equal(t, oid, data.DigestAlgorithms[i].String())
	}

	var content []byte
	if name := it.File + ".content"; want.Detached && d.Has(t, name) {
		content = d.File(t, name)
	}
	var certs []*pkix.Certificate
	for _, s := range want.Signers {
		if strings.HasPrefix(s.Where, "certs/") {
			certs = append(certs, certificate(t, d, s.Where))
		}
	}
	res, got, err := check(t, msg, content, certs...)
	require.NotNil(t, res, "%v", err)
	if want.ContentSHA256 != "" {
		sum := sha256.Sum256(got)
		require.Equal(t, want.ContentSHA256, hex.EncodeToString(sum[:]))
	}
	require.Len(t, res.Signers, len(want.Signers))
	for i, s := range want.Signers {
		checkSignerFacts(t, s, &res.Signers[i], &data.Signers[i])
	}
	// The collection calls a message valid whose content is not there to be compared.
	missing := want.Detached && content == nil
	require.Equal(t, want.Valid && !missing, err == nil, "%v", err)
	if missing {
		require.Equal(t, validation.Indeterminate, res.Report.Verdict)
		require.Equal(t, validation.SignedDataNotFound, res.Report.Code)
	}
}

func checkSignerFacts(t *testing.T, want signerFacts, got *cms.SignerResult, info *cms.SignerInfo) {
	t.Helper()
	require.Equal(t, verdictOf(want.SignatureValid), got.SignatureValid, "signature: %v", got.Report.Err())
	require.Equal(t, verdictOf(want.DigestValid), got.DigestValid, "digest: %v", got.Report.Err())
	require.Equal(t, want.Digest, got.DigestAlgorithm.String())
	require.Equal(t, want.Algorithm, got.SignatureAlgorithm.String())
	require.Equal(t, want.MessageDigest, hex.EncodeToString(got.MessageDigest))
	require.NotNil(t, got.Certificate)
	sum := got.Certificate.SHA256()
	require.Equal(t, want.CertSHA256, hex.EncodeToString(sum[:]))
	require.Equal(t, want.Serial, hex.EncodeToString(got.Certificate.RawSerial))
	if want.SigningTime == nil {
		require.True(t, got.ClaimedTime.IsZero())
	} else {
		require.Equal(t, *want.SigningTime, got.ClaimedTime.Format(time.RFC3339))
	}
	if f := want.Format; f != nil && *f != "CMS" { // "CMS": the signer is named by a key id, see spec of levels
		require.Equal(t, *f, "CAdES-"+got.Level.String())
	}
	types := func(list []cms.Attribute) (out []string) {
		for _, a := range list {
			out = append(out, a.Type.String())
		}
		return out
	}
	require.ElementsMatch(t, want.Signed, types(info.SignedAttributes))
	require.ElementsMatch(t, want.Unsigned, types(info.UnsignedAttributes))
}

// TestMadeSigned checks all messages that IIT and UAPKI made for the collections, those that one
// of the two refuses included: the bare profile of UAPKI, without signingCertificateV2, is right.
func TestMadeSigned(t *testing.T) {
	for _, name := range []string{"corpus/iit", "corpus/uapki"} {
		d := corpus.Find(t, name)
		items := d.Kind("cms-signed", "cms-signed-negative")
		require.NotEmpty(t, items)
		for _, it := range items {
			t.Run(it.File, func(t *testing.T) { checkMadeItem(t, d, it) })
		}
	}
}

func checkMadeItem(t *testing.T, d *corpus.Dir, it *corpus.Item) {
	var want struct {
		Kind, Form, Hash string
		Signers, Certs   []string
		SignsCount       int    `json:"signs_count"`
		SignAlg          string `json:"sign_alg"`
		Plaintext        string `json:"plaintext_file"`
		PlaintextSHA256  string `json:"plaintext_sha256"`
	}
	it.Decode(t, &want)
	var certs []*pkix.Certificate
	for _, name := range want.Certs {
		certs = append(certs, certificate(t, d, name))
	}
	var content []byte
	if want.Form == "detached" {
		content = d.File(t, want.Plaintext)
	}
	res, got, err := check(t, it.Bytes(t), content, certs...)
	if want.Kind == "cms-signed-negative" {
		require.Error(t, err)
		require.Equal(t, validation.Failed, res.Report.Verdict)
		return
	}
	require.NoError(t, err)
	require.Equal(t, want.Form == "detached", res.Detached)
	sum := sha256.Sum256(got)
	require.Equal(t, want.PlaintextSHA256, hex.EncodeToString(sum[:]))
	n := want.SignsCount
	if n == 0 {
		n = len(want.Signers)
	}
	require.Len(t, res.Signers, n)
	for i, s := range res.Signers {
		require.Equal(t, validation.Passed, s.SignatureValid)
		require.Equal(t, validation.Passed, s.DigestValid)
		if i < len(certs) {
			require.True(t, s.Certificate.Equal(certs[i]), "signer %d is %v", i, s.Certificate.Subject)
		}
		if want.SignAlg != "" {
			require.Equal(t, want.SignAlg, s.SignatureAlgorithm.String())
		}
	}
}

// TestCorpusTimestamps checks the signature and the digest of every timestamp token. Some
// do not pass for other reasons: without signed attributes, with another content type, with the
// hash of another certificate.
func TestCorpusTimestamps(t *testing.T) {
	d := corpus.Find(t, "corpus")
	pool := pkix.NewPool()
	for _, it := range d.Kind("certs", "bundles") {
		b, err := pkix.ParseBundle(it.Bytes(t))
		require.NoError(t, err, it.File)
		pool.AddBundle(b)
	}
	passed := 0
	for _, it := range d.Kind("tsp") {
		var want struct {
			Type           string
			SignatureValid *bool `json:"signature_valid"`
			DigestMatches  *bool `json:"message_digest_matches"`
		}
		it.Decode(t, &want)
		token := it.Bytes(t)
		switch want.Type {
		case "tsp-response":
			token = childrenOf(t, elementOf(t, token))[1].Raw
		case "tst":
		default:
			continue
		}
		s, err := cms.NewSignedReader(bytes.NewReader(token))
		require.NoError(t, err, it.File)
		_, err = io.Copy(io.Discard, s)
		require.NoError(t, err, it.File)
		res, err := s.CheckSignatures(t.Context(), &cms.CheckOptions{Certificates: pool})
		require.Len(t, res.Signers, 1, it.File)
		if res.Signers[0].MessageDigest == nil { // without signed attributes nothing is said of the signature
			require.Error(t, err)
			require.Equal(t, validation.Indeterminate, res.Signers[0].SignatureValid, it.File)
			continue
		}
		require.Equal(t, verdictOf(want.SignatureValid), res.Signers[0].SignatureValid, "%s: %v", it.File, err)
		if want.DigestMatches != nil {
			require.Equal(t, verdictOf(want.DigestMatches), res.Signers[0].DigestValid, "%s: %v", it.File, err)
		}
		if err == nil {
			passed++
		}
	}
	require.Positive(t, passed)
}
