package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
)

// bundleDocument is what verify prints of a bundle, read back.
type bundleDocument struct {
	Type    string
	Verdict string
	Code    *string
	Members []struct {
		Verdict        string
		Code           *string
		SubjectCN      *string `json:"subject_cn"`
		SignatureValid *bool   `json:"signature_valid"`
	}
}

func (d bundleDocument) verdicts() []string {
	var out []string
	for _, m := range d.Members {
		out = append(out, m.Verdict)
	}
	return out
}

// degenerate is a .p7b: certificates and nobody who signed.
func degenerate(certs ...[]byte) []byte {
	return seq(oidPKCS7With(2), element(context0, seq(element(2, []byte{1}), element(0x31), seq(oidPKCS7With(1)),
		element(context0, certs...), element(0x31))))
}

// TestVerifyBundle verifies every member of a bundle, in each wrapping, and whatever is wrong with
// one of them.
func TestVerifyBundle(t *testing.T) {
	ca, one, two := []byte(read(t, of(t, "ca.cer"))), []byte(read(t, of(t, "seal.sign.cer"))), []byte(read(t, of(t, "centre.agree.cer")))
	forged := bytes.Clone(two)
	forged[len(forged)-1] ^= 1
	damaged := bytes.Clone(two)
	damaged[4] ^= 0x10
	pems := func(certs ...[]byte) (out []byte) {
		for _, c := range certs {
			out = append(out, pemOf(c)...)
		}
		return out
	}
	join := func(certs ...[]byte) []byte { return bytes.Join(certs, nil) }
	for kind, wrap := range map[string]func(...[]byte) []byte{"PEM": pems, "p7b": degenerate, "DER": join} {
		for name, tt := range map[string]struct {
			certs   [][]byte
			exit    int
			code    string
			verdict string
			each    []string
		}{
			"all good":            {[][]byte{ca, one, two}, exitOK, "", "passed", []string{"passed", "passed", "passed"}},
			"the second forged":   {[][]byte{one, forged, ca}, exitNo, "", "failed", []string{"passed", "failed", "passed"}},
			"no issuer":           {[][]byte{one, two}, exitFail, codeNoCert, "indeterminate", []string{"indeterminate", "indeterminate"}},
			"the last unreadable": {[][]byte{ca, one, damaged}, exitFail, codeMalformed, "indeterminate", []string{"passed", "passed", "indeterminate"}},
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				file := write(t, filepath.Join(t.TempDir(), "b"), string(wrap(tt.certs...)))
				r := run(t, "", "verify", "--signature-only", "--json", file)
				require.Equal(t, tt.exit, r.code, r.err)
				var d bundleDocument
				require.NoError(t, json.Unmarshal([]byte(r.out), &d))
				require.Equal(t, typeBundle, d.Type)
				require.Equal(t, tt.verdict, d.Verdict)
				require.Equal(t, tt.each, d.verdicts())
				if tt.exit != exitOK {
					refused(t, tt.exit, tt.code, "", "verify", "--signature-only", file)
				}
				require.Contains(t, run(t, "", "inspect", file).out, ": bundle")
			})
		}
	}
	alone := write(t, filepath.Join(t.TempDir(), "p7b"), string(degenerate(one)))
	golden(t, "verify-bundle", ok(t, "verify", "--signature-only", "--json", "--cert", of(t, "ca.cer"), alone).out)
	require.Contains(t, ok(t, "verify", "--signature-only", "--cert", of(t, "ca.cer"), alone).out, "Печатка")
	refused(t, exitFail, codeUsage, "", "verify", "--signature-only", "--content", alone, of(t, "all.pem"))
}

// TestVerifyBlocks refuses PEM blocks that would go unverified behind the first.
func TestVerifyBlocks(t *testing.T) {
	message, err := cms.Sign([]byte("x"), []cms.Signer{sealSigner(t)}, nil)
	require.NoError(t, err)
	cert, signed := pemOf([]byte(read(t, of(t, "ca.cer")))), pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: message})
	file := func(parts ...[]byte) string {
		return write(t, filepath.Join(t.TempDir(), "f"), string(bytes.Join(parts, []byte("text\n"))))
	}
	attribute := bytes.ReplaceAll(cert, []byte(" CERT"), []byte(" ATTRIBUTE CERT"))
	ok(t, "verify", "--signature-only", file(nil, cert, nil))
	ok(t, "verify", "--signature-only", file(nil, signed, nil))
	for _, parts := range [][][]byte{{cert, signed}, {signed, cert}, {signed, signed}, {cert, cert, signed}, {cert, attribute}, {attribute, cert}} {
		refused(t, exitFail, codeUnsupported, "", "verify", "--signature-only", file(parts...))
	}
	require.Equal(t, "passed", verdictOf(t, file(cert, cert)).Verdict)
}
