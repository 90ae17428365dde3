package dstu4145_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/testvectors"
)

// agreement is a vector of key agreement. Only the shared abscissa is checked here; KDF and key
// wrap belong to internal/alg.
type agreement struct {
	TcID        int               `json:"tcId"`
	Name        string            `json:"name"`
	Type        string            `json:"type"`
	Scheme      string            `json:"scheme"`
	SchemeOID   string            `json:"scheme_oid"`
	Curve       string            `json:"curve"`
	Cofactor    int               `json:"cofactor"`
	DA          testvectors.Bytes `json:"d_a"`
	QACompLE    testvectors.Bytes `json:"qa_compressed_le"`
	QAX         testvectors.Bytes `json:"qa_x"`
	QAY         testvectors.Bytes `json:"qa_y"`
	DB          testvectors.Bytes `json:"d_b"`
	QBX         testvectors.Bytes `json:"qb_x"`
	QBY         testvectors.Bytes `json:"qb_y"`
	ZX          testvectors.Bytes `json:"z_x"`
	ZeroBytes   int               `json:"z_x_leading_zero_bytes"`
	UKM         testvectors.Bytes `json:"ukm"`
	SharedInfo  testvectors.Bytes `json:"shared_info"`
	KDFInput    testvectors.Bytes `json:"kdf_input"`
	KEK         testvectors.Bytes `json:"kek"`
	KEKOneZero  testvectors.Bytes `json:"kek_if_only_one_zero_stripped_like_jkurwa"`
	Agree       json.RawMessage   `json:"agree"`
	Differ      json.RawMessage   `json:"differ"`
	Wrap        json.RawMessage   `json:"gost28147_wrap"`
	Result      string            `json:"result"`
	Flags       []string          `json:"flags"`
	PeersReject []string          `json:"peers_reject"`
	PeersAccept []string          `json:"peers_accept"`
}

func TestVectorsKeyAgreement(t *testing.T) {
	for i, suite := range testvectors.Load[agreement](t, "keyagreement.json") {
		count := map[string]int{}
		for _, v := range suite.Tests {
			count[v.Result]++
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				c := curveNamed(v.Curve)
				if c == nil || v.Type != "dh" {
					t.Fatalf("curve %s, type %s", v.Curve, v.Type)
				}
				if v.Result == "valid" {
					testAgreement(t, c, v)
				} else {
					testRefusedAgreement(t, c, v)
				}
			})
		}
		if i == 0 && (count["valid"] != 67 || count["invalid"] != 17 || len(count) != 2) {
			t.Errorf("vectors: %v", count)
		}
	}
}

func testAgreement(t *testing.T, c *dstu4145.Curve, v agreement) {
	a, err := c.NewPrivateKey(v.DA)
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.NewPrivateKey(v.DB)
	if err != nil {
		t.Fatal(err)
	}
	qa, err := c.NewPublicKey(reversed(v.QACompLE))
	if err != nil {
		t.Fatal(err)
	}
	if x, err := c.NewPublicKeyAffine(v.QAX, v.QAY); err != nil || !x.Equal(qa) || !qa.Equal(a.PublicKey()) {
		t.Errorf("key of A differs: %v", err)
	}
	qb, err := c.NewPublicKeyAffine(v.QBX, v.QBY)
	if err != nil || !qb.Equal(b.PublicKey()) {
		t.Fatalf("key of B differs: %v", err)
	}
	agree := dstu4145.KeyExchanger.CofactorECDH
	if strings.HasPrefix(v.Scheme, "stdDH") {
		agree = dstu4145.KeyExchanger.ECDH
	} else if !strings.HasPrefix(v.Scheme, "cofactorDH") {
		t.Fatalf("scheme %q", v.Scheme)
	}
	za, err := agree(a, qb)
	if err != nil {
		t.Fatal(err)
	}
	zb, err := agree(b, qa)
	if err != nil {
		t.Fatal(err)
	}
	equalBytes(t, "Z of A", za, v.ZX)
	equalBytes(t, "Z of B", zb, v.ZX)
}

func testRefusedAgreement(t *testing.T, c *dstu4145.Curve, v agreement) {
	_, errPrivate := c.NewPrivateKey(v.DA)
	_, errPeer := c.NewPublicKeyAffine(v.QBX, v.QBY)
	badPrivate := strings.HasPrefix(v.Name, "private key")
	if (errPrivate != nil) != badPrivate || (errPeer != nil) == badPrivate {
		t.Errorf("private key: %v; peer: %v", errPrivate, errPeer)
	}
}

// TestSmallOrderPeer plants peers that no import lets through: even then the cofactor schemes
// give no agreement, and a forged point on the wrong curve never gets as far.
func TestSmallOrderPeer(t *testing.T) {
	for _, c := range dstu4145.Curves() {
		g := dstu4145.Group(c)
		k := testKey(t, c, 1)
		x, y, _ := g.Expand([9]uint64{}) // order 2
		small := dstu4145.UncheckedPublicKey(c, x, y)
		if z, err := k.CofactorECDH(small); err == nil {
			t.Errorf("%s: agreement %x with a point of order 2", c.Name(), z)
		}
		if c.Cofactor() == 4 {
			x4 := g.Sqrt(g.Sqrt(g.B()))
			if z, err := k.CofactorECDH(dstu4145.UncheckedPublicKey(c, x4, [9]uint64{})); err == nil {
				t.Errorf("%s: agreement %x with a point of order 4", c.Name(), z)
			}
		}
	}
}

func TestPeerOfAnotherCurve(t *testing.T) {
	k := testKey(t, dstu4145.M257PB(), 1)
	for name, peer := range map[string]*dstu4145.PublicKey{
		"nil": nil, "empty": {}, "another curve": testKey(t, dstu4145.M233PB(), 1).PublicKey(),
	} {
		if z, err := k.ECDH(peer); err == nil || z != nil {
			t.Errorf("%s: ECDH gives %x", name, z)
		}
		if z, err := k.CofactorECDH(peer); err == nil || z != nil {
			t.Errorf("%s: CofactorECDH gives %x", name, z)
		}
	}
}
