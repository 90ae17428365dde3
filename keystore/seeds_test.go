package keystore_test

import (
	"encoding/base64"
	"encoding/pem"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/testca"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
)

var seeds = flag.Bool("seeds", false, "write the seeds of the fuzzers into testdata/fuzz")

// TestSeeds makes the seeds with the writers of this package: small keys, few iterations.
func TestSeeds(t *testing.T) {
	if !*seeds {
		t.Skip("seeds are written with -seeds only")
	}
	one, two := scalar(t, dstu4145.M163PB(), 1), scalar(t, dstu4145.M191PB(), 2)
	one.NamedCurve = true
	pair := []*keystore.Entry{one, two}
	marshal := func(f keystore.Format, entries ...*keystore.Entry) []byte {
		data, err := keystore.Marshal(f, entries, nil, fuzzPassword, quick)
		require.NoError(t, err)
		return data
	}
	ca, err := testca.New("c", &testca.Options{SigningCurve: dstu4145.M163PB(), NamedCurve: true})
	require.NoError(t, err)
	withCert, err := keystore.Marshal(keystore.FormatPKCS12, pair[:1], []*pkix.Certificate{ca.Certificate}, fuzzPassword, quick)
	require.NoError(t, err)
	key6, p12, p8, pbes2 := marshal(keystore.FormatKey6, pair...), marshal(keystore.FormatPKCS12, pair...), marshal(keystore.FormatPKCS8, pair...), marshal(keystore.FormatPKCS8Encrypted, pair...)
	bare := pfxOf(t, dataInfo(der(t, seq(bagOf(6, seq(bagOf(1, raw(p8)))), bagOf(2, raw(pbes2))))))
	jks := jksOf(t, fuzzPassword, 1, jksKey(t, fuzzPassword, "ключ", p8, 0))
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: p8})

	write := func(target, name string, data []byte) {
		dir := filepath.Join("testdata", "fuzz", target)
		require.NoError(t, os.MkdirAll(dir, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), fmt.Appendf(nil, "go test fuzz v1\n[]byte(%q)\n", data), 0o644))
	}
	write("FuzzKey6", "two", key6)
	write("FuzzKey6", "one", marshal(keystore.FormatKey6, two))
	write("FuzzPKCS12", "two", p12)
	write("FuzzPKCS12", "certificate", withCert)
	write("FuzzPKCS12", "bare", bare)
	write("FuzzPKCS12", "ber", toBER(t, bare))
	write("FuzzPKCS8", "two", p8)
	write("FuzzPKCS8", "one", marshal(keystore.FormatPKCS8, one))
	write("FuzzPBES2", "two", pbes2)
	write("FuzzPBES2", "one", marshal(keystore.FormatPKCS8Encrypted, one))
	write("FuzzJKS", "two", jks[:len(jks)-20])
	write("FuzzDetect", "pem", text)
	write("FuzzDetect", "base64", []byte(base64.StdEncoding.EncodeToString(pbes2)))
	write("FuzzDetect", "medoc", append([]byte("Q12345"), bare...))
	write("FuzzDetect", "raw", make([]byte, 32))
	info := make([]byte, 112)
	info[0], info[4], info[8] = 1, 1, 1
	write("FuzzKeyInfo", "two", info)
}
