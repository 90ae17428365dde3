package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/internal/impl"
)

// The tests of speed switch code paths: they do not run beside others.

func TestSpeed(t *testing.T) {
	args := []string{"speed", "--seconds", "0.000001", "kupyna256/64B", "dstu4145/m163"}
	type row struct {
		Name      string   `json:"name"`
		Tier      string   `json:"tier"`
		Ns        *float64 `json:"ns_per_op"`
		MB        *float64 `json:"mb_per_s"`
		Allocs    *int     `json:"allocs_per_op"`
		Yardstick string   `json:"yardstick"`
		Ratio     *float64 `json:"ratio"`
	}
	rows := decoded[[]row](t, args...)
	yardsticks := map[string]string{
		"dstu4145/m163/sign": "ecdsa-p256/sign", "dstu4145/m163/verify": "ecdsa-p256/verify",
		"dstu4145/m163/verify-prepared": "ecdsa-p256/verify", "dstu4145/m163/ecdh": "ecdh-p256", "dstu4145/m163/keygen": "ecdsa-p256/keygen", "kupyna256/64B": "sha256",
	}
	tiers := map[string][]string{}
	for _, r := range rows {
		require.NotNil(t, r.Ns)
		require.Positive(t, *r.Ns)
		require.NotNil(t, r.MB)
		require.Equal(t, r.Name == "kupyna256/64B", *r.MB > 0)
		require.NotNil(t, r.Allocs)
		require.NotNil(t, r.Ratio)
		require.Positive(t, *r.Ratio)
		require.Equal(t, yardsticks[r.Name], r.Yardstick, r.Name)
		tiers[r.Name] = append(tiers[r.Name], r.Tier)
	}
	require.Len(t, tiers, len(yardsticks))
	require.Equal(t, impl.Names("internal/ec2m"), tiers["dstu4145/m163/sign"])
	golden(t, "speed", ok(t, append(args, "--json")...).out)

	lines := strings.Split(strings.TrimSpace(ok(t, args...).out), "\n")
	require.Len(t, lines, len(rows)+1)
	require.Equal(t, []string{"name", "tier", "ns/op", "MB/s", "allocs", "yardstick", "ratio"}, strings.Fields(lines[0]))
	for i, r := range rows {
		fields := strings.Fields(lines[i+1])
		require.Len(t, fields, 7)
		require.Equal(t, []string{r.Name, r.Tier}, fields[:2])
		require.Equal(t, r.Yardstick, fields[5])
	}

	for _, r := range decoded[[]row](t, append(args, "--tier", impl.Generic)...) {
		require.Equal(t, impl.Generic, r.Tier)
	}
}

func TestSpeedRefuses(t *testing.T) {
	for _, args := range [][]string{
		{"speed", "dstu"}, {"speed", "kupyna256/64B", "rsa"}, {"speed", ""},
		{"speed", "--tier", "sse"}, {"speed", "--seconds", "0"}, {"speed", "--seconds", "-1"}, {"speed", "--seconds", "NaN"},
		{"speed", "--seconds", "1e9"}, {"speed", "--seconds", "fast"},
	} {
		refused(t, exitFail, codeUsage, "", args...)
	}
	for _, tier := range []string{impl.AVX512, impl.AVX2, impl.ARM64} {
		if !strings.Contains(strings.Join(impl.Names("internal/ec2m"), " "), tier) {
			refused(t, exitFail, codeUnsupported, "", "speed", "--seconds", "0.000001", "--tier", tier, "dstu4145/m163/sign")
		}
	}
}
