// Package conformance holds the library against real data: every certificate, message, container,
// envelope and transport message of the collections beside the checkout and of $DSTU_CORPUS_DIR,
// each judged by its manifest. Finer facts are compared in the tests of the packages themselves.
//
//	go test -v ./internal/conformance
//
// prints the totals per kind at the end.
package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/internal/cp1251"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
	"github.com/ukrcrypto/dstu/validation"
)

// disagreements are the items that cannot agree with their manifest, and why.
var disagreements = map[string]string{
	"dstu-validator-pfu_masterkey_2012.cer": "the manifest's verdict comes from a program that had the issuer; the key is in no collection",
}

// world is what all collections hold together.
type world struct {
	pool *pkix.Pool
	keys map[string]dstu4145.KeyExchanger // by curve and public key
}

var judges = map[string]func(*testing.T, *world, *corpus.Item){
	"certs": certificate, "certificate": certificate, "bundles": bundle,
	"cms": signed, "cms-signed": signed, "cms-signed-negative": signed,
	"containers": container, "container": container, "container-negative": container,
	"enveloped": enveloped, "cms-enveloped": enveloped,
	"transport": transported,
	"requests":  request, "pkcs10": request,
}

func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("short: the tests of the packages read the same data")
	}
	dirs := corpus.Dirs(t)
	w := gather(t, dirs)
	type total struct{ agree, skipped, all int }
	totals := map[string]*total{}
	for _, d := range dirs {
		for i := range d.Items {
			it := &d.Items[i]
			judge := judges[it.Kind]
			if judge == nil {
				continue
			}
			name := d.Name + " " + it.Kind
			if totals[name] == nil {
				totals[name] = &total{}
			}
			n := totals[name]
			n.all++
			skipped := false
			if t.Run(d.Name+"/"+it.File, func(t *testing.T) {
				defer func() { skipped = t.Skipped() }()
				for part, why := range disagreements {
					if strings.HasSuffix(it.File, part) {
						t.Skipf("cannot agree: %s", why)
					}
				}
				judge(t, w, it)
			}) && !skipped {
				n.agree++
			}
			if skipped {
				n.skipped++
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(totals)) {
		n := totals[kind]
		t.Logf("total %-32s %3d agree, %2d skipped, of %3d", kind, n.agree, n.skipped, n.all)
	}
	require.NotEmpty(t, totals)
}

func gather(t *testing.T, dirs []*corpus.Dir) *world {
	w := &world{pool: pkix.NewPool(), keys: map[string]dstu4145.KeyExchanger{}}
	for _, d := range dirs {
		for _, it := range d.Kind("certs", "certificate", "bundles") {
			if b, err := pkix.ParseBundle(it.Bytes(t)); err == nil {
				w.pool.AddBundle(b)
			}
		}
		for _, it := range d.Kind("containers", "container") {
			if s, err := open(t, it); err == nil {
				for e := range s.Entries() {
					w.add(e.Key)
				}
			}
		}
		w.addIdentities(t, d)
	}
	return w
}

func (w *world) add(key any) {
	if k, ok := key.(dstu4145.KeyExchanger); ok {
		w.keys[name(k.PublicKey())] = k
	}
}

// addIdentities takes private keys that a manifest writes as numbers.
func (w *world) addIdentities(t *testing.T, d *corpus.Dir) {
	var all map[string]struct {
		Keys []struct {
			M int    `json:"curve_m"`
			D string `json:"private_key_d_hex"`
		}
	}
	if json.Unmarshal(d.Raw["identities"], &all) != nil {
		return
	}
	for _, id := range all {
		for _, k := range id.Keys {
			b, err := hex.DecodeString(strings.Repeat("0", len(k.D)%2) + k.D)
			require.NoError(t, err)
			for _, c := range dstu4145.Curves() {
				if c.FieldBits() == k.M {
					key, err := c.ReducePrivateKey(b)
					require.NoError(t, err)
					w.add(key)
				}
			}
		}
	}
}

func name(pub *dstu4145.PublicKey) string { return pub.Curve().Name() + " " + string(pub.Bytes()) }

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func certificate(t *testing.T, w *world, it *corpus.Item) {
	var want struct {
		Verifies  json.RawMessage `json:"signature_verifies"`
		PublicKey string          `json:"public_key_hex"`
		M         int             `json:"curve_m"`
	}
	it.Decode(t, &want)
	c, err := pkix.ParseCertificate(it.Bytes(t))
	require.NoError(t, err)
	if want.PublicKey != "" && want.M != 0 {
		require.Equal(t, want.PublicKey, hex.EncodeToString(c.RawPublicKey))
	}
	verdict(t, w, c, string(want.Verifies))
}

// verdict compares what is found of a certificate's signature with "true", "false" or "null". A
// manifest that says nothing is of a collection whose certificates are all right.
func verdict(t *testing.T, w *world, c *pkix.Certificate, want string) {
	_, err := w.pool.FindIssuer(c)
	switch want {
	case "true", "":
		require.NoError(t, err)
	case "false":
		require.Error(t, err)
	default:
		if err != nil {
			require.ErrorIs(t, err, pkix.ErrIssuerNotFound)
		}
	}
}

func bundle(t *testing.T, w *world, it *corpus.Item) {
	var want struct {
		N    int      `json:"n_certificates"`
		Sums []string `json:"certificates_sha256_in_order"`
	}
	it.Decode(t, &want)
	b, err := pkix.ParseBundle(it.Bytes(t))
	require.NoError(t, err)
	require.Len(t, b.Certificates, want.N)
	for i, sum := range want.Sums {
		require.Equal(t, sum, digest(b.Certificates[i].Raw))
	}
}

func request(t *testing.T, _ *world, it *corpus.Item) {
	var want struct {
		Valid *bool `json:"self_signature_valid"`
	}
	it.Decode(t, &want)
	r, err := pkix.ParseCertificateRequest(it.Bytes(t))
	require.NoError(t, err)
	require.Equal(t, want.Valid == nil || *want.Valid, r.CheckSignature() == nil)
}

// open opens a container with the password of its manifest.
func open(t *testing.T, it *corpus.Item) (*keystore.Store, error) {
	var f struct {
		Password    *string
		Hex         string `json:"password_hex"`
		KeyPassword string `json:"key_password"`
	}
	it.Decode(t, &f)
	password := ""
	if f.Password != nil {
		password = *f.Password
	}
	if strings.HasSuffix(it.Dir.Name, "/iit") { // the product reads octets as windows-1251
		b, err := hex.DecodeString(f.Hex)
		require.NoError(t, err)
		password = cp1251.Decode(b)
	}
	return keystore.Open(it.Bytes(t), password, &keystore.Options{KeyPassword: func() string { return f.KeyPassword }})
}

func container(t *testing.T, _ *world, it *corpus.Item) {
	var f struct {
		Password *string
		Keys     json.RawMessage
		N        int `json:"n_keys"`
	}
	it.Decode(t, &f)
	s, err := open(t, it)
	if it.Kind == "container-negative" {
		require.ErrorIs(t, err, keystore.ErrPassword)
		return
	}
	require.NoError(t, err)
	var keys []struct {
		ID        string `json:"key_id_hex"`
		SKI       string `json:"ski_hex"`
		PublicKey string `json:"public_key_hex"`
	}
	if json.Unmarshal(f.Keys, &keys) != nil {
		keys = nil // a list of uses
	}
	require.GreaterOrEqual(t, s.Len(), max(f.N, len(keys), 1))
	for i, k := range keys {
		e := slices.Collect(s.Entries())[i]
		if id := k.ID + k.SKI; id != "" {
			require.Equal(t, id, hex.EncodeToString(e.KeyID()))
		}
		if k.PublicKey != "" {
			require.Equal(t, k.PublicKey, hex.EncodeToString(e.PublicKeyWire()))
		}
	}
	if f.Password != nil && *f.Password != "" {
		for _, wrong := range []string{"", *f.Password + "x", "інший"} {
			_, err := keystore.Open(it.Bytes(t), wrong, nil)
			require.ErrorIs(t, err, keystore.ErrPassword)
		}
	}
}

func signed(t *testing.T, w *world, it *corpus.Item) {
	var want struct {
		Valid     *bool
		Form      string
		Plaintext string          `json:"plaintext_file"`
		Content   string          `json:"content_sha256"`
		Signers   json.RawMessage `json:"signers"`
	}
	it.Decode(t, &want)
	r, err := cms.NewSignedReader(bytes.NewReader(it.Bytes(t)))
	require.NoError(t, err)
	content, err := io.ReadAll(r)
	require.NoError(t, err)
	o := &cms.CheckOptions{Certificates: w.pool}
	var res *cms.Result
	complete := true
	if r.Detached() {
		var outside io.Reader
		for _, file := range []string{it.File + ".content", want.Plaintext} {
			if outside == nil && file != "" && it.Dir.Has(t, file) {
				outside = bytes.NewReader(it.Dir.File(t, file))
			}
		}
		complete = outside != nil
		res, err = cms.CheckDetached(context.Background(), it.Bytes(t), outside, o)
	} else {
		if want.Content != "" {
			require.Equal(t, want.Content, digest(content))
		}
		res, err = r.CheckSignatures(context.Background(), o)
	}
	require.NotNil(t, res, "%v", err)
	if it.Kind == "cms-signed-negative" {
		require.Equal(t, validation.Failed, res.Report.Verdict)
		return
	}
	var signers []struct {
		Signature *bool `json:"signature_valid"`
		Digest    *bool `json:"message_digest_matches_content"`
	}
	if json.Unmarshal(want.Signers, &signers) != nil { // a list of names: all are right
		require.NoError(t, err)
		return
	}
	require.Len(t, res.Signers, len(signers))
	for i, s := range signers {
		if s.Signature != nil {
			require.Equal(t, *s.Signature, res.Signers[i].SignatureValid == validation.Passed, "%v", err)
		}
		if s.Digest != nil && complete {
			require.Equal(t, *s.Digest, res.Signers[i].DigestValid == validation.Passed, "%v", err)
		}
	}
	if want.Valid != nil && complete {
		require.Equal(t, *want.Valid, err == nil, "%v", err)
	}
}

// envelopeFacts are those of both shapes of manifest.
type envelopeFacts struct {
	Decrypts   json.RawMessage
	Plaintext  string          `json:"plaintext_sha256"`
	Recipients json.RawMessage `json:"recipient_certs"`
	With       struct {
		Container string `json:"container_file"`
		Password  string
	} `json:"decrypt_with"`
	RecipientCert string `json:"recipient_cert_where"`
	SenderCert    string `json:"sender_cert_where"`
}

// recipients finds the keys that the manifest names, each an attempt of its own.
func (w *world) recipients(t *testing.T, d *corpus.Dir, f *envelopeFacts) (attempts [][]cms.Recipient) {
	var certs []string
	if json.Unmarshal(f.Recipients, &certs) == nil {
		for _, file := range certs {
			c, err := pkix.ParseCertificate(d.File(t, file))
			require.NoError(t, err)
			key := w.keys[name(c.PublicKey.(*dstu4145.PublicKey))]
			require.NotNil(t, key, "no key for %s", file)
			attempts = append(attempts, []cms.Recipient{{Certificate: c, Key: key}})
		}
	}
	if f.With.Container != "" {
		s, err := keystore.Open(d.File(t, f.With.Container), f.With.Password, nil)
		require.NoError(t, err)
		var all []cms.Recipient
		for e := range s.Entries() {
			if k, ok := e.Key.(dstu4145.KeyExchanger); ok {
				r := cms.Recipient{Key: k}
				if f.RecipientCert != "" && d.Has(t, f.RecipientCert) {
					c, err := pkix.ParseCertificate(d.File(t, f.RecipientCert))
					require.NoError(t, err)
					if k.PublicKey().Equal(c.PublicKey) {
						r.Certificate = c
					}
				}
				all = append(all, r)
			}
		}
		attempts = append(attempts, all)
	}
	return attempts
}

// senders is the pool with the named sender's certificate before its namesakes.
func (w *world) senders(t *testing.T, d *corpus.Dir, file string) *pkix.Pool {
	if file == "" || !d.Has(t, file) {
		return w.pool
	}
	c, err := pkix.ParseCertificate(d.File(t, file))
	if err != nil {
		return w.pool
	}
	return pkix.NewPool(c)
}

func enveloped(t *testing.T, w *world, it *corpus.Item) {
	var f envelopeFacts
	it.Decode(t, &f)
	_, err := cms.ParseEnveloped(it.Bytes(t))
	require.NoError(t, err)
	if string(f.Decrypts) == "null" {
		return // nobody's key is at hand: the structure is all
	}
	attempts := w.recipients(t, it.Dir, &f)
	require.NotEmpty(t, attempts)
	for _, keys := range attempts {
		d, err := cms.NewDecrypter(bytes.NewReader(it.Bytes(t)), &cms.DecryptOptions{Recipients: keys, Certificates: w.senders(t, it.Dir, f.SenderCert)})
		require.NoError(t, err)
		plain, err := io.ReadAll(d)
		require.NoError(t, err)
		if d.ContentType().Equal(cms.ContentTypeSignedData) {
			inner, err := cms.ParseSigned(plain)
			require.NoError(t, err)
			plain = inner.Content
		}
		require.Equal(t, f.Plaintext, digest(plain))
	}
}

func transported(t *testing.T, w *world, it *corpus.Item) {
	var f envelopeFacts
	it.Decode(t, &f)
	var keys []cms.Recipient
	for _, some := range w.recipients(t, it.Dir, &f) {
		keys = append(keys, some...)
	}
	m, err := transport.Open(context.Background(), it.Bytes(t), &transport.OpenOptions{Recipients: keys, Certificates: w.senders(t, it.Dir, f.SenderCert)})
	require.Equal(t, f.Plaintext, digest(m.Document), "%v", err)
	for _, s := range slices.Concat(m.Officials, m.Transport) {
		require.Equal(t, validation.Passed, s.Report.Verdict, "%v", err)
	}
}
