package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/internal/selftest"
)

// TestSelftest switches code paths: it does not run beside others.
func TestSelftest(t *testing.T) {
	results := decoded[[]selftestJSON](t, "selftest")
	tiers := map[string][]string{}
	for _, r := range results {
		require.True(t, r.Passed, "%+v", r)
		tiers[r.Name] = append(tiers[r.Name], r.Tier)
	}
	require.Equal(t, impl.Names("internal/ec2m"), tiers["dstu4145/sign"])
	golden(t, "selftest", ok(t, "selftest", "--json").out)

	text := ok(t, "selftest").out
	require.Equal(t, len(results), strings.Count(text, " OK\n"))
	require.Equal(t, len(results), strings.Count(text, "\n"))
	refused(t, exitFail, codeUsage, "", "selftest", "kupyna")
}

func TestSelftestFails(t *testing.T) {
	fails := func(result func(selftest.Result) error) error {
		if err := result(selftest.Result{Name: "a", Tier: "generic"}); err != nil {
			return err
		}
		return result(selftest.Result{Name: "b", Tier: "generic", Err: errors.New("wrong answer")})
	}
	for _, c := range []struct {
		json bool
		want string
	}{{true, `"passed": false`}, {false, "b                  generic  FAILED: wrong answer\n"}} {
		var out, errs bytes.Buffer
		a := newApp(strings.NewReader(""), &out, &errs)
		a.json = c.json
		f := classify(a.selftest(fails))
		require.Equal(t, exitNo, f.exit)
		require.Contains(t, f.Error(), "1 of 2")
		require.Contains(t, out.String(), c.want)
	}
}
