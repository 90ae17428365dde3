//go:build interop

package interop_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/internal/corpus"
)

// These tests leave our own code out: they show that the partner programs are
// right on real data, so that their word on ours counts.

func fromHex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Repeat("0", len(s)%2) + s)
	require.NoError(t, err)
	return b
}

func TestPartnersOpenRealContainers(t *testing.T) {
	node.need(t)
	bouncy.need(t)
	done := map[string]int{}
	for _, item := range corpus.Find(t, "corpus").Kind("containers") {
		var facts struct {
			Format   string
			Password string
			Keys     []struct {
				ID    string `json:"key_id_hex"`
				Curve int    `json:"curve_m"`
			}
		}
		item.Decode(t, &facts)
		var op string
		switch {
		case strings.HasPrefix(facts.Format, "IIT Key-6.dat"):
			op = "iit"
		case strings.HasPrefix(facts.Format, "PKCS#12, MAC GOST 34.311"):
			op = "pkcs12"
		default:
			continue
		}
		odd := func(i int) bool { return facts.Keys[i].Curve != 257 && facts.Keys[i].Curve != 431 }
		if odd(0) || odd(len(facts.Keys)-1) || done[op] == 2 {
			continue // jkurwa does not end with M191_PB; each takes seconds
		}
		done[op]++
		t.Run(item.File, func(t *testing.T) {
			data := item.Bytes(t)
			theirs := held(t, node.must(t, -1, "open", data, facts.Password))
			for i, key := range facts.Keys {
				require.Equal(t, key.ID, hex.EncodeToString(theirs[i].id))
			}
			// Bouncy Castle reads one key of Key-6.dat, and no ids but those of bags.
			for i, key := range held(t, bouncy.must(t, -1, op, data, facts.Password)) {
				require.Equal(t, theirs[i].degree, key.degree)
				require.Equal(t, strings.TrimLeft(fmt.Sprintf("%x", theirs[i].value), "0"),
					strings.TrimLeft(fmt.Sprintf("%x", key.value), "0"))
			}
			bouncy.refuses(t, op, data, facts.Password+"!")
		})
	}
}

func TestPartnersVerifyRealMessages(t *testing.T) {
	node.need(t)
	bouncy.need(t)
	for _, name := range []string{"corpus/uapki", "corpus/iit"} {
		collection := corpus.Find(t, name)
		for _, item := range collection.Kind("cms-signed") {
			t.Run(item.File, func(t *testing.T) {
				var facts struct {
					Form, Hash, Profile string
					Signers, Certs      []string
					Curves              []int
					PlaintextFile       string `json:"plaintext_file"`
				}
				item.Decode(t, &facts)
				content := collection.File(t, facts.PlaintextFile)
				var detached, cert []byte
				if strings.HasPrefix(facts.Form, "detached") {
					detached = content
				}
				if len(facts.Signers) == 1 && len(facts.Certs) > 0 {
					cert = collection.File(t, facts.Certs[0])
				}
				if len(content) == 0 {
					t.Skip("bouncycastle skips a step of GOST 34.311 over empty content")
				}
				r := bouncy.must(t, -1, "signed", item.Bytes(t), detached, cert)
				require.Equal(t, content, r[0])
			})
		}
	}
}

func TestPartnersOpenRealEnvelopes(t *testing.T) {
	bouncy.need(t)
	collection := corpus.Find(t, "corpus/uapki")
	keys := map[string][]byte{} // by the file of the certificate
	for _, item := range collection.Kind("container") {
		var facts struct {
			Keys []struct {
				Cert string
				D    string `json:"private_key_d_hex"`
			}
		}
		item.Decode(t, &facts)
		for _, key := range facts.Keys {
			if key.D != "" {
				keys[key.Cert] = fromHex(t, key.D)
			}
		}
	}
	opened := 0
	for _, item := range collection.Kind("cms-enveloped") {
		var facts struct {
			Scheme     string
			Recipients []string `json:"recipient_certs"`
			Sum        string   `json:"plaintext_sha256"`
		}
		item.Decode(t, &facts)
		if !strings.HasPrefix(facts.Scheme, "gost") {
			continue
		}
		for _, name := range facts.Recipients {
			if keys[name] == nil {
				continue // the manifest does not tell every key
			}
			r := bouncy.must(t, 1, "open", item.Bytes(t), collection.File(t, name), keys[name], nil)
			sum := sha256.Sum256(r[0])
			require.Equal(t, facts.Sum, hex.EncodeToString(sum[:]), item.File)
			opened++
		}
	}
	require.NotZero(t, opened)

	// And jkurwa its own message, with keys and certificates in files of their own.
	node.need(t)
	collection = corpus.Find(t, "corpus")
	r := node.must(t, 3, "unwrap", collection.File(t, "transport/jkurwa-enc_message.transport"), nil,
		"k", collection.File(t, "containers/jkurwa-Key40A0.cer"), "c", collection.File(t, "certs/jkurwa-SELF_SIGNED_ENC_40A0.cer"))
	require.Equal(t, "123", string(r[0]))
	require.Equal(t, "encrypted", string(r[2]))
}
