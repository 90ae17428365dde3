package pkix_test

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/corpus"
	"github.com/ukrcrypto/dstu/pkix"
)

// disagreements are certificates about which the manifests say something else than we do, by
// SHA-256, with the error we give and the reason.
var disagreements = map[string]struct {
	want   error
	reason string
}{
	"85fe8beed1077b02baf4fd55ce2d6dfc90cb4771be6b3e036a40805ef70ca772": {
		pkix.ErrIssuerNotFound, "verified by a program that had the issuer f3e31d2e…, which is not in the collection; the only key of that name does not fit",
	},
}

// certFacts is what the manifests know about a certificate.
type certFacts struct {
	SHA256         string      `json:"sha256"`
	SubjectCN      string      `json:"subject_CN"`
	IssuerCN       string      `json:"issuer_CN"`
	Subject        [][2]string `json:"subject"`
	Serial         string      `json:"serial_hex"`
	NotBefore      time.Time   `json:"notBefore"`
	NotAfter       time.Time   `json:"notAfter"`
	KeyAlgorithm   string      `json:"public_key_algorithm"`
	CurveM         int         `json:"curve_m"`
	CurveParams    string      `json:"curve_params"`
	CurveOID       string      `json:"curve_oid"`
	DKE            string      `json:"dke_in_spki"`
	PublicKey      string      `json:"public_key_hex"`
	RSABits        int         `json:"rsa_bits"`
	SignatureOID   string      `json:"signature_algorithm"`
	KeyUsage       []string    `json:"key_usage"`
	ExtKeyUsage    []string    `json:"ext_key_usage"`
	IsCA           bool        `json:"is_ca"`
	SKI            string      `json:"ski_hex"`
	AKI            string      `json:"aki_hex"`
	AKINotDER      string      `json:"aki_raw_not_der"`
	SKINotDER      string      `json:"ski_raw_not_der"`
	Extensions     []string    `json:"extensions"`
	Verifies       *bool       `json:"signature_verifies"`
	SelfSigned     bool        `json:"self_signed"`
	VerifiedBy     *verifiedBy `json:"verified_by"`
	Note           string      `json:"note"`
	EstablishedRaw any         `json:"established_with"`
}

type verifiedBy struct {
	SHA256 *string `json:"issuer_sha256"`
	Where  string  `json:"where"`
}

// everything is a pool of all certificates of all collections.
func everything(t *testing.T, dirs []*corpus.Dir) *pkix.Pool {
	pool := pkix.NewPool()
	for _, d := range dirs {
		for _, it := range d.Kind("certs", "certificate", "bundles") {
			b, err := pkix.ParseBundle(it.Bytes(t))
			require.NoError(t, err, it.File)
			pool.AddBundle(b)
		}
	}
	return pool
}

// decodeFacts refuses facts of the root collection that this test does not know of.
func decodeFacts(t *testing.T, d *corpus.Dir, raw json.RawMessage) certFacts {
	var f certFacts
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	if d.Name == "corpus" {
		dec.DisallowUnknownFields()
	}
	require.NoError(t, dec.Decode(&f))
	return f
}

func TestCorpusCertificates(t *testing.T) {
	dirs := corpus.Dirs(t)
	pool := everything(t, dirs)
	n := 0
	for _, d := range dirs {
		for _, it := range d.Kind("certs") {
			n++
			t.Run(d.Name+"/"+it.File, func(t *testing.T) {
				c, err := pkix.ParseCertificate(it.Bytes(t))
				require.NoError(t, err)
				checkFacts(t, c, pool, decodeFacts(t, d, it.Expected))
			})
		}
	}
	require.Positive(t, n, "no certificates in the collections")
}

func TestCorpusBundles(t *testing.T) {
	dirs := corpus.Dirs(t)
	pool := everything(t, dirs)
	for _, d := range dirs {
		if len(d.Kind("bundles")) == 0 {
			continue
		}
		var facts map[string]json.RawMessage
		if name := "bundles/CERTIFICATES.json"; d.Name == "corpus" || d.Has(t, name) {
			require.NoError(t, json.Unmarshal(d.File(t, name), &facts))
		}
		for _, it := range d.Kind("bundles") {
			t.Run(d.Name+"/"+it.File, func(t *testing.T) {
				var want struct {
					N     int      `json:"n_certificates"`
					Order []string `json:"certificates_sha256_in_order"`
				}
				it.Decode(t, &want)
				b, err := pkix.ParseBundle(it.Bytes(t))
				require.NoError(t, err)
				require.Empty(t, b.Failed)
				require.Len(t, b.Certificates, want.N)
				for i, c := range b.Certificates {
					sum := c.SHA256()
					require.Equal(t, want.Order[i], hex.EncodeToString(sum[:]), "member %d", i)
					if facts != nil {
						require.Contains(t, facts, want.Order[i])
					}
				}
			})
		}
		for sum, raw := range facts {
			t.Run(d.Name+"/members/"+sum, func(t *testing.T) {
				var key [32]byte
				_, err := hex.Decode(key[:], []byte(sum))
				require.NoError(t, err)
				c := pool.FindBySHA256(key)
				require.NotNil(t, c, "in no bundle")
				checkFacts(t, c, pool, decodeFacts(t, d, raw))
			})
		}
	}
}

func checkFacts(t *testing.T, c *pkix.Certificate, pool *pkix.Pool, f certFacts) {
	sum := c.SHA256()
	got := certFacts{
		SHA256: hex.EncodeToString(sum[:]), SubjectCN: c.Subject.CommonName(), IssuerCN: c.Issuer.CommonName(),
		Serial: hex.EncodeToString(c.RawSerial), NotBefore: c.NotBefore, NotAfter: c.NotAfter,
		KeyAlgorithm: c.PublicKeyOID.String(), SignatureOID: c.SignatureOID.String(),
		KeyUsage: c.KeyUsage.Names(), IsCA: c.IsCA,
		SKI: hex.EncodeToString(c.SubjectKeyID), AKI: hex.EncodeToString(c.AuthorityKeyID),
	}
	for _, a := range c.Subject.Attributes() {
		got.Subject = append(got.Subject, [2]string{a.TypeName(), a.Value})
	}
	for _, e := range c.ExtKeyUsage {
		got.ExtKeyUsage = append(got.ExtKeyUsage, e.String())
	}
	for _, e := range c.Extensions {
		got.Extensions = append(got.Extensions, e.ID.String())
	}
	describeKey(t, c, &got)

	want := f
	if want.AKI == "" {
		got.AKI = "" // extensions that are not DER: what we read there has tests of its own
	}
	if want.PublicKey == "" {
		got.PublicKey = "" // RSA
	}
	if len(want.KeyUsage) == 0 {
		want.KeyUsage = nil
	}
	if len(want.Extensions) == 0 {
		want.Extensions = nil
	}
	for i, a := range want.Subject {
		if a[0] == "2.5.4.13" {
			want.Subject[i][0] = "description"
		}
	}
	want.Verifies, want.SelfSigned, want.VerifiedBy = nil, false, nil
	want.Note, want.EstablishedRaw, want.AKINotDER, want.SKINotDER = "", nil, "", ""
	require.Empty(t, cmp.Diff(want, got))
	checkVerdict(t, c, pool, f)
}

func describeKey(t *testing.T, c *pkix.Certificate, f *certFacts) {
	require.NoError(t, c.PublicKeyError)
	f.PublicKey = hex.EncodeToString(c.RawPublicKey)
	switch k := c.PublicKey.(type) {
	case *dstu4145.PublicKey:
		f.CurveM, f.CurveParams = k.Curve().FieldBits(), "explicit"
		if c.NamedCurve {
			f.CurveParams, f.CurveOID = "named", alg.CurveOID(k.Curve()).String()
		}
		if c.SBox != nil {
			f.DKE = hex.EncodeToString(c.SBox.DKE())
			if c.SBox.Equal(gost28147.DKE1()) {
				f.DKE = "standard"
			}
		}
	case *ecdsa.PublicKey:
		f.CurveOID = map[string]string{"P-256": "1.2.840.10045.3.1.7", "P-384": "1.3.132.0.34", "P-521": "1.3.132.0.35"}[k.Curve.Params().Name]
	case *rsa.PublicKey:
		f.RSABits = k.N.BitLen()
	default:
		t.Fatalf("key of type %T", k)
	}
}

func checkVerdict(t *testing.T, c *pkix.Certificate, pool *pkix.Pool, f certFacts) {
	issuer, err := pool.FindIssuer(c)
	if d, ok := disagreements[f.SHA256]; ok {
		require.ErrorIs(t, err, d.want, d.reason)
		return
	}
	switch {
	case f.Verifies == nil:
		require.ErrorIs(t, err, pkix.ErrIssuerNotFound)
	case !*f.Verifies:
		require.ErrorIs(t, err, pkix.ErrSignature)
	default:
		require.NoError(t, err)
		want := c
		if !f.SelfSigned {
			require.NotNil(t, f.VerifiedBy)
			if f.VerifiedBy.SHA256 == nil {
				return // by an issuer that its manifest did not know among the files
			}
			var sum [32]byte
			_, err := hex.Decode(sum[:], []byte(*f.VerifiedBy.SHA256))
			require.NoError(t, err)
			want = pool.FindBySHA256(sum)
			require.NotNil(t, want, "issuer is not in the collections")
		}
		// the same key may have several certificates
		require.True(t, issuer.MatchesPublicKey(want.PublicKey), "verified by %v", issuer.Subject)
		require.NoError(t, c.CheckSignatureFrom(want))
	}
}

// TestCorpusRequests covers the requests of all collections.
func TestCorpusRequests(t *testing.T) {
	n := 0
	for _, d := range corpus.Dirs(t) {
		for _, it := range d.Kind("requests", "pkcs10") {
			n++
			t.Run(d.Name+"/"+it.File, func(t *testing.T) {
				var want struct {
					Subject      [][2]string `json:"subject"`
					KeyAlgorithm string      `json:"public_key_algorithm"`
					CurveM       int         `json:"curve_m"`
					PublicKey    string      `json:"public_key_hex"`
					PublicKeyIIT string      `json:"public_key_le_hex"`
					SPKI         string      `json:"spki"`
					SignatureOID string      `json:"signature_algorithm"`
					Valid        *bool       `json:"self_signature_valid"`
				}
				it.Decode(t, &want)
				q, err := pkix.ParseCertificateRequest(it.Bytes(t))
				require.NoError(t, err)
				require.NoError(t, q.PublicKeyError)
				require.Equal(t, want.PublicKey+want.PublicKeyIIT, hex.EncodeToString(q.RawPublicKey))
				require.Equal(t, want.CurveM, q.Curve.FieldBits())
				if want.KeyAlgorithm != "" {
					require.Equal(t, want.KeyAlgorithm, q.PublicKeyOID.String())
				}
				if want.SignatureOID != "" {
					require.Equal(t, want.SignatureOID, q.SignatureOID.String())
				}
				if strings.HasPrefix(want.SPKI, "named") {
					require.True(t, q.NamedCurve)
					require.Equal(t, strings.Contains(want.SPKI, "no DKE"), q.SBox == nil)
				}
				if want.Subject != nil {
					var got [][2]string
					for _, a := range q.Subject.Attributes() {
						got = append(got, [2]string{a.TypeName(), a.Value})
					}
					require.Equal(t, want.Subject, got)
				}
				if want.Valid == nil || *want.Valid {
					require.NoError(t, q.CheckSignature())
				} else {
					require.ErrorIs(t, q.CheckSignature(), pkix.ErrSignature)
				}
			})
		}
	}
	require.Positive(t, n, "no requests in the collections")
}

// TestCorpusProducts covers the certificates that the collections made with two products have.
func TestCorpusProducts(t *testing.T) {
	dirs := corpus.Dirs(t)
	pool := everything(t, dirs)
	for _, d := range dirs {
		for _, it := range d.Kind("certificate") {
			t.Run(d.Name+"/"+it.File, func(t *testing.T) {
				var want struct {
					Issuer    string `json:"issuer"`
					CurveM    int    `json:"curve_m"`
					PublicKey string `json:"public_key_le_hex"`
					Usage     string `json:"usage"`
				}
				it.Decode(t, &want)
				c, err := pkix.ParseCertificate(it.Bytes(t))
				require.NoError(t, err)
				require.NoError(t, c.PublicKeyError)
				if want.CurveM != 0 {
					require.Equal(t, want.CurveM, c.Curve.FieldBits())
				}
				if want.PublicKey != "" {
					require.Equal(t, want.PublicKey, hex.EncodeToString(c.RawPublicKey))
				}
				const signing = pkix.KeyUsageDigitalSignature | pkix.KeyUsageNonRepudiation
				uses := map[string]pkix.KeyUsage{"": c.KeyUsage, "both": signing | pkix.KeyUsageKeyAgreement, "sign": signing, "agree": pkix.KeyUsageKeyAgreement}
				use, ok := uses[want.Usage]
				require.True(t, ok, "usage %q", want.Usage)
				require.Equal(t, use, c.KeyUsage)
				issuer, err := pool.FindIssuer(c)
				require.NoError(t, err)
				if want.Issuer != "" {
					ca, err := pkix.ParseCertificate(d.File(t, want.Issuer))
					require.NoError(t, err)
					require.True(t, issuer.Equal(ca))
				}
			})
		}
	}
}

// TestCorpusKeyIDs recomputes the subject key identifiers of all DSTU certificates.
func TestCorpusKeyIDs(t *testing.T) {
	// certificates whose identifier follows no known rule, by the start of their SHA-256
	lawless := map[string]bool{"00ee27e3": true, "16945d3c": true, "0188b0d3": true, "da8f1b9c": true, "a47c3265": true}
	rules := map[string]int{}
	for _, c := range everything(t, corpus.Dirs(t)).Certificates() {
		pub, ok := c.PublicKey.(*dstu4145.PublicKey)
		if !ok {
			continue
		}
		sum := c.SHA256()
		name := hex.EncodeToString(sum[:4])
		id := string(c.SubjectKeyID)
		require.True(t, len(id) == 0 || c.MatchesKeyID(c.SubjectKeyID))
		switch {
		case id == "":
			rules["absent"]++
		case !c.BigEndian && id == string(pkix.KeyID(pub, nil)):
			rules["DKE No. 1"]++
		case !c.BigEndian && c.SBox != nil && id == string(pkix.KeyID(pub, c.SBox)):
			rules["own DKE"]++
		case id == string(pkix.KeyIDKupyna(pub)):
			rules["Kupyna"]++
		case c.BigEndian:
			rules["big-endian"]++
			require.Equal(t, id, string(c.KeyIDs()[0]))
			bare := *c
			bare.SubjectKeyID = nil
			require.True(t, bare.MatchesKeyID(c.SubjectKeyID), name)
		default:
			rules["none"]++
			require.True(t, lawless[name], "%s %s", name, c.Subject)
		}
	}
	t.Log(rules)
	for _, rule := range []string{"DKE No. 1", "own DKE", "Kupyna", "big-endian"} {
		require.Positive(t, rules[rule], rule)
	}
}
