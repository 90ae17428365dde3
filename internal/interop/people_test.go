//go:build interop

package interop_test

import (
	"bytes"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/pkix"
)

// A profile is one way to write the parameters of keys.
type profile struct {
	name string
	o    testca.Options
}

// profiles differ in what partners have to parse.
var profiles = []profile{
	{"explicit", testca.Options{AgreementCurve: dstu4145.M257PB()}},
	{"named", testca.Options{AgreementCurve: dstu4145.M257PB(), NamedCurve: true}},
	{"explicit431", testca.Options{SigningCurve: dstu4145.M431PB()}},
	{"named431", testca.Options{SigningCurve: dstu4145.M431PB(), NamedCurve: true}},
}

func authority(tb testing.TB, o *testca.Options) *testca.Authority {
	tb.Helper()
	return must(testca.New("Пробний центр", o))
}

func issue(tb testing.TB, a *testca.Authority, name string) *testca.Identity {
	tb.Helper()
	return must(a.Issue(testca.Subject{
		CommonName: name, Organization: "ТОВ «Сумісність»", EDRPOU: "12345678", DRFO: "1234567890",
	}))
}

// couple issues a sender and a recipient whose shared secret does not begin
// with two zero octets: there jkurwa, which removes one at most, and the
// profile, which removes all, part ways (once in 512 pairs on M257).
func couple(tb testing.TB, a *testca.Authority) (sender, recipient *testca.Identity) {
	tb.Helper()
	for {
		sender, recipient = issue(tb, a, "Відправник"), issue(tb, a, "Одержувач")
		z := must(sender.Agreement.Key.CofactorECDH(recipient.Agreement.Key.PublicKey()))
		if !bytes.Equal(z[:2], []byte{0, 0}) {
			return sender, recipient
		}
	}
}

// pkcs8 writes a key with the parameters of its certificate.
func pkcs8(tb testing.TB, pair testca.KeyPair) []byte {
	tb.Helper()
	info := &pkix.PrivateKeyInfo{Key: pair.Key, SBox: pair.Certificate.SBox, NamedCurve: pair.Certificate.NamedCurve}
	return must(pkix.MarshalPrivateKey(info))
}

// samples are contents of lengths at which encodings and blocks change.
func samples() [][]byte {
	s := &stream{seed: []byte("samples")}
	var all [][]byte
	for _, n := range []int{1, 8, 31, 32, 33, 127, 128, 256, 70_001} {
		all = append(all, s.draw(n))
	}
	return append(all, []byte("<?xml version=\"1.0\" encoding=\"windows-1251\"?><DECLAR/>"))
}

// samples of a profile: all with the first, a few with the others.
func (p profile) samples() [][]byte {
	all := samples()
	if p.name == profiles[0].name {
		return all
	}
	return [][]byte{all[0], all[4], all[len(all)-1]}
}
