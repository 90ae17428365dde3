package alg_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/testvectors"
)

type hexBytes = testvectors.Bytes

// curves gives the curves by the names that the vectors use.
func curves() map[string]*dstu4145.Curve {
	m := map[string]*dstu4145.Curve{}
	for _, c := range dstu4145.Curves() {
		m[c.Name()] = c
	}
	return m
}

func oid(t testing.TB, s string) asn1.ObjectIdentifier {
	t.Helper()
	var out asn1.ObjectIdentifier
	for _, part := range strings.Split(s, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			t.Fatalf("identifier %q", s)
		}
		out = append(out, n)
	}
	return out
}

// signatureTest is a test of dstu4145.json; only the fields used here are named.
type signatureTest struct {
	TcID    int      `json:"tcId"`
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Format  string   `json:"format"`
	Result  string   `json:"result"`
	Curve   string   `json:"curve"`
	Hash    hexBytes `json:"hash"`
	QX      hexBytes `json:"qx"`
	QY      hexBytes `json:"qy"`
	Content hexBytes `json:"content"`
	DER     hexBytes `json:"der"`
	R       hexBytes `json:"r"`
	S       hexBytes `json:"s"`
	QBE     hexBytes `json:"q_compressed_be"`
	QLE     hexBytes `json:"q_compressed_le"`
	SigLE   hexBytes `json:"sig_le"`
	SigDER  hexBytes `json:"sig_le_der"`
	SigBE   hexBytes `json:"sig_be"`
}

func signatureTests(t *testing.T, kind string) []signatureTest {
	t.Helper()
	var out []signatureTest
	suites := append(testvectors.Load[json.RawMessage](t, "dstu4145.json"), testvectors.Load[json.RawMessage](t, "dstu4145_onb.json")...)
	for _, suite := range suites {
		for _, raw := range suite.Tests {
			var v signatureTest
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Fatal(err)
			}
			if v.Type == kind {
				out = append(out, v)
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("no tests of type %s", kind)
	}
	return out
}

// TestOctets takes signatures as octets of the wire: lengths, padding, order.
func TestOctets(t *testing.T) {
	for _, v := range signatureTests(t, "octets") {
		t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
			curve := curves()[v.Curve]
			pub, err := curve.NewPublicKeyAffine(v.QX, v.QY)
			if err != nil {
				t.Fatal(err)
			}
			oid := alg.OIDDSTU4145LE
			if v.Format != "le" {
				oid = alg.OIDDSTU4145BE
			}
			s, ok := alg.SignatureByOID(oid)
			if !ok {
				t.Fatal("unknown signature algorithm")
			}
			inner, ok := alg.Unwrap(v.DER)
			if !ok || !bytes.Equal(inner, v.Content) {
				t.Error("the octet string does not hold the content")
			}
			got, err := s.VerifyDigest(pub, v.Hash, v.Content)
			if err != nil && got {
				t.Error("true beside an error")
			}
			if want := v.Result == "valid"; got != want {
				t.Errorf("%v (%v), want %v", got, err, want)
			}
		})
	}
}

// TestWire compares r‖s and points with their octets under both byte orders.
func TestWire(t *testing.T) {
	le, _ := alg.SignatureByOID(alg.OIDDSTU4145LE)
	be, _ := alg.SignatureByOID(alg.OIDDSTU4145BE)
	for _, v := range signatureTests(t, "sign") {
		t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
			curve := curves()[v.Curve]
			rs := append(slices.Clone(v.R), v.S...)
			for _, c := range []struct {
				s    alg.Signature
				wire []byte
			}{{le, v.SigLE}, {be, v.SigBE}} {
				if got := c.s.ToWire(rs); !bytes.Equal(got, c.wire) {
					t.Errorf("ToWire = %x, want %x", got, c.wire)
				}
				if got, err := c.s.FromWire(c.wire, curve); err != nil || !bytes.Equal(got, rs) {
					t.Errorf("FromWire = %x, %v, want %x", got, err, rs)
				}
			}
			for _, c := range []struct {
				p    alg.KeyParams
				wire []byte
			}{{alg.KeyParams{Curve: curve}, v.QLE}, {alg.KeyParams{Curve: curve, BigEndian: true}, v.QBE}} {
				pub, err := c.p.DecodePoint(c.wire)
				if err != nil {
					t.Fatal(err)
				}
				x, y := pub.BytesAffine()
				if !bytes.Equal(x, v.QX) || !bytes.Equal(y, v.QY) {
					t.Error("another point")
				}
				if got := c.p.EncodePoint(pub); !bytes.Equal(got, c.wire) {
					t.Errorf("EncodePoint = %x, want %x", got, c.wire)
				}
			}
		})
	}
}

// TestECBinaryVectors writes and reads the full parameters of the curves of the standard.
func TestECBinaryVectors(t *testing.T) {
	type entry struct {
		Name string
		OID  string
		LE   hexBytes `json:"ecbinary_le_der"`
		BE   hexBytes `json:"ecbinary_be_der"`
	}
	var list []entry
	for file, want := range map[string]int{"dstu4145.json": 10, "dstu4145_onb.json": 5} {
		var part []entry
		suite := testvectors.Load[json.RawMessage](t, file)[0]
		if err := json.Unmarshal(suite.Raw["curves"], &part); err != nil {
			t.Fatal(err)
		}
		if len(part) != want {
			t.Fatalf("%s: %d curves", file, len(part))
		}
		list = append(list, part...)
	}
	for _, v := range list {
		curve := curves()[v.Name]
		if got := alg.CurveOID(curve); !got.Equal(oid(t, v.OID)) {
			t.Errorf("%s: identifier %v", v.Name, got)
		}
		for bigEndian, want := range map[bool][]byte{false: v.LE, true: v.BE} {
			var b cryptobyte.Builder
			alg.AddECBinary(&b, curve, bigEndian)
			if got := b.BytesOrPanic(); !bytes.Equal(got, want) {
				t.Errorf("%s: wrote %x, want %x", v.Name, got, want)
			}
			r := der.New(want, "x")
			if got, err := alg.ParseECBinary(r, "", bigEndian); err != nil || got != curve || r.End() != nil {
				t.Errorf("%s: read %v, %v", v.Name, got, err)
			}
		}
	}
}

// agreementTest is a test of keyagreement.json.
type agreementTest struct {
	TcID       int      `json:"tcId"`
	Name       string   `json:"name"`
	Result     string   `json:"result"`
	Scheme     string   `json:"scheme"`
	SchemeOID  string   `json:"scheme_oid"`
	Curve      string   `json:"curve"`
	DA         hexBytes `json:"d_a"`
	DB         hexBytes `json:"d_b"`
	QAX        hexBytes `json:"qa_x"`
	QAY        hexBytes `json:"qa_y"`
	QALE       hexBytes `json:"qa_compressed_le"`
	QBX        hexBytes `json:"qb_x"`
	QBY        hexBytes `json:"qb_y"`
	ZX         hexBytes `json:"z_x"`
	UKM        hexBytes `json:"ukm"`
	SharedInfo hexBytes `json:"shared_info"`
	KEK        hexBytes `json:"kek"`
	OneByteKEK hexBytes `json:"kek_if_only_one_zero_stripped_like_jkurwa"`
	GOSTWrap   *struct {
		CEK, IV, Wrapped hexBytes
	} `json:"gost28147_wrap"`
}

func TestKeyAgreement(t *testing.T) {
	for _, suite := range testvectors.Load[json.RawMessage](t, "keyagreement.json") {
		for _, raw := range suite.Tests {
			var v agreementTest
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Fatal(err)
			}
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				if curves()[v.Curve] == nil {
					t.Fatalf("unknown curve %s", v.Curve)
				}
				if v.Result == "valid" {
					checkAgreement(t, v)
				} else {
					checkNoAgreement(t, v)
				}
			})
		}
	}
}

func checkAgreement(t *testing.T, v agreementTest) {
	curve := curves()[v.Curve]
	scheme, ok := alg.KeyAgreementByOID(oid(t, v.SchemeOID))
	if !ok {
		t.Fatalf("unknown scheme %s", v.SchemeOID)
	}
	a, err := curve.NewPrivateKey(v.DA)
	if err != nil {
		t.Fatal(err)
	}
	b, err := curve.NewPrivateKey(v.DB)
	if err != nil {
		t.Fatal(err)
	}
	if got := (alg.KeyParams{Curve: curve}).EncodePoint(a.PublicKey()); !bytes.Equal(got, v.QALE) {
		t.Errorf("public key %x, want %x", got, v.QALE)
	}
	for _, pair := range [][2]*dstu4145.PrivateKey{{a, b}, {b, a}} {
		z, err := scheme.Agree(pair[0], pair[1].PublicKey())
		if err != nil || !bytes.Equal(z, v.ZX) {
			t.Fatalf("shared secret %x, %v, want %x", z, err, v.ZX)
		}
	}
	info := alg.SharedInfo(scheme.Wrap, true, v.UKM)
	if !bytes.Equal(info, v.SharedInfo) {
		t.Errorf("shared info %x, want %x", info, v.SharedInfo)
	}
	kek, err := scheme.DeriveKEK(v.ZX, info)
	if err != nil || !bytes.Equal(kek, v.KEK) {
		t.Fatalf("key %x, %v, want %x", kek, err, v.KEK)
	}
	if v.OneByteKEK != nil && bytes.Equal(kek, v.OneByteKEK) {
		t.Error("only one zero octet was removed")
	}
	if w := v.GOSTWrap; w != nil {
		wrap, ok := alg.KeyWrapByOID(scheme.Wrap)
		if !ok {
			t.Fatal("no key wrap")
		}
		wrapped, err := wrap.Wrap(bytes.NewReader(w.IV), kek, w.CEK, nil)
		if err != nil || !bytes.Equal(wrapped, w.Wrapped) || len(wrapped) != wrap.WrappedSize {
			t.Errorf("wrapped %x, %v, want %x", wrapped, err, w.Wrapped)
		}
		cek, err := wrap.Unwrap(kek, w.Wrapped, nil)
		if err != nil || !bytes.Equal(cek, w.CEK) {
			t.Errorf("unwrapped %x, %v", cek, err)
		}
		wrapped[0] ^= 1
		if _, err := wrap.Unwrap(kek, wrapped, nil); err == nil {
			t.Error("a damaged key was unwrapped")
		}
	}
}

// checkNoAgreement wants a refusal of one of the keys or of the agreement.
func checkNoAgreement(t *testing.T, v agreementTest) {
	curve := curves()[v.Curve]
	a, err := curve.NewPrivateKey(v.DA)
	if err != nil {
		return
	}
	b, err := curve.NewPublicKeyAffine(v.QBX, v.QBY)
	if err != nil {
		return
	}
	for _, oid := range []asn1.ObjectIdentifier{alg.OIDCofactorDHGOST, alg.OIDStdDHGOST} {
		scheme, _ := alg.KeyAgreementByOID(oid)
		if z, err := scheme.Agree(a, b); err == nil {
			t.Errorf("agreed on %x", z)
		}
	}
}
