package selftest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/internal/selftest"
	"github.com/ukrcrypto/dstu/kupyna"
	"github.com/ukrcrypto/dstu/testvectors"
)

func TestRun(t *testing.T) {
	tiers := map[string][]string{}
	err := selftest.Run(func(r selftest.Result) error {
		if r.Err != nil {
			t.Errorf("%s on %s: %v", r.Name, r.Tier, r.Err)
		}
		tiers[r.Name] = append(tiers[r.Name], r.Tier)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(tiers["dstu4145/sign"], impl.Names("internal/ec2m")) {
		t.Errorf("dstu4145/sign: %q", tiers["dstu4145/sign"])
	}
	for _, name := range []string{
		"dstu4145/sign", "dstu4145/ecdh", "gost28147/ecb", "gost28147/ctr", "gost28147/cfb", "gost28147/mac", "gost28147/wrap",
		"gost34311", "gost34311/hmac", "gost34311/pbkdf2", "kupyna", "kupyna/mac", "kalyna/ecb", "kalyna/ctr", "kalyna/cbc",
		"kalyna/cfb", "kalyna/ofb", "kalyna/xts", "kalyna/gcm", "kalyna/ccm", "kalyna/kw", "kalyna/cmac", "kalyna/gmac",
		"kalyna/wrap",
	} {
		if got := tiers[name]; len(got) == 0 || got[len(got)-1] != impl.Generic {
			t.Errorf("%s: %q", name, got)
		}
		delete(tiers, name)
	}
	if len(tiers) != 0 {
		t.Errorf("tests that nobody expects: %v", tiers)
	}
	stop := errors.New("stop")
	if err := selftest.Run(func(selftest.Result) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}

// TestEveryAnswerCounts damages every octet string of known.json in turn: some test must fail.
func TestEveryAnswerCounts(t *testing.T) {
	if testing.Short() {
		t.Skip("short: damages every answer in turn")
	}
	var file map[string][]map[string]any
	if err := json.Unmarshal(selftest.Answers(), &file); err != nil {
		t.Fatal(err)
	}
	damaged := 0
	for section, list := range file {
		for i, vector := range list {
			for field, value := range vector {
				s, ok := value.(string)
				if !ok || field == "curve" || field == "mode" || field == "variant" || s == "" {
					continue
				}
				if i > 1 && section != "kalyna" && section != "gost28147" {
					continue // curves are all alike
				}
				digit := "1"
				if s[0] == '1' {
					digit = "0"
				}
				vector[field] = digit + s[1:]
				data, err := json.Marshal(file)
				if err != nil {
					t.Fatal(err)
				}
				failed := errors.New("failed")
				err = selftest.RunOn(data, section, func(r selftest.Result) error {
					if r.Err != nil {
						return failed
					}
					return nil
				})
				if !errors.Is(err, failed) {
					t.Errorf("%s %d: damaged %s is not noticed: %v", section, i, field, err)
				}
				vector[field] = s
				damaged++
			}
		}
	}
	if damaged < 100 {
		t.Errorf("only %d", damaged)
	}
}

// TestBulkHashes wants every way to hash in what is compared between the code paths, over input that
// is not all zeros.
func TestBulkHashes(t *testing.T) {
	input := selftest.Input()
	gost, short, long := gost34311.Sum(input), kupyna.Sum256(input), kupyna.Sum512(input)
	want := map[string][][]byte{"gost34311": {gost[:]}, "kupyna": {short[:], long[:]}}
	several := selftest.Several()
	for i, m := range several {
		gost, short, long := gost34311.Sum(m), kupyna.Sum256(m), kupyna.Sum512(m)
		want["gost34311"] = append(want["gost34311"], gost[:])
		want["kupyna"] = slices.Insert(append(want["kupyna"], long[:]), 2+i, short[:])
	}
	for name, digests := range want {
		if got, err := selftest.Bulk(name); err != nil || !bytes.Equal(got, slices.Concat(digests...)) {
			t.Errorf("%s: %x, %v, want %x", name, got, err, digests)
		}
	}
	if len(several) < 5 || bytes.Count(input, []byte{0}) > len(input)/8 {
		t.Errorf("%d messages, %d zeros of %d", len(several), bytes.Count(input, []byte{0}), len(input))
	}
}

// TestAnswersAreVectors wants every answer to stand in testvectors with the same values.
func TestAnswersAreVectors(t *testing.T) {
	var file map[string][]map[string]json.RawMessage
	if err := json.Unmarshal(selftest.Answers(), &file); err != nil {
		t.Fatal(err)
	}
	var all []map[string]json.RawMessage
	names, err := fs.Glob(testvectors.Files(), "*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(testvectors.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		var suite struct {
			Tests []map[string]json.RawMessage `json:"tests"`
		}
		if err := json.Unmarshal(data, &suite); err != nil {
			t.Fatal(err)
		}
		for _, v := range suite.Tests {
			v["file"] = json.RawMessage(name)
		}
		all = append(all, suite.Tests...)
	}
	for section, list := range file {
		for i, vector := range list {
			if !slices.ContainsFunc(all, func(v map[string]json.RawMessage) bool {
				if section == "kalyna" && string(v["file"]) != "kalyna_"+strings.Trim(string(vector["mode"]), `"`)+".json" {
					return false
				}
				for field, value := range vector {
					if (section != "kalyna" || field != "mode") && !bytes.Equal(v[field], value) {
						return false
					}
				}
				return true
			}) {
				t.Errorf("%s %d is not among the vectors", section, i)
			}
		}
	}
}
