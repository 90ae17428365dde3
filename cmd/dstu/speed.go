package main

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/internal/speed"
)

// maxSeconds bounds the time of a row.
const maxSeconds = 3600

func (a *app) speedCommand() *cobra.Command {
	var tier string
	var seconds float64
	cmd := &cobra.Command{
		Use:   "speed [NAME…]",
		Short: "Measure every primitive on every code path of this machine",
		Long: `Measure primitives on the code paths of this processor, each beside a yardstick of Go's standard
library that takes turns with it. The ratio is our time by that of the yardstick or, where there are
MB/s, our throughput by its. NAME is a name of the table or its beginning up to a slash.`,
		Example: `  dstu speed
  dstu speed dstu4145/m257 kupyna256/1MiB --tier generic --seconds 0.5`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if tier != "" {
				if err := oneOf("tier", tier, impl.AVX512, impl.AVX2, impl.ARM64, impl.Generic); err != nil {
					return err
				}
			}
			if !(seconds > 0 && seconds <= maxSeconds) {
				return usage("--seconds: %v is not above 0 and at most %d", seconds, maxSeconds)
			}
			o := speed.Options{Names: names, Tier: tier, Time: time.Duration(math.Ceil(seconds * float64(time.Second)))}
			return a.speed(cmd, o)
		},
		ValidArgsFunction: func(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
			names := slices.DeleteFunc(speed.Names(), func(name string) bool { return !strings.HasPrefix(name, begun) })
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().StringVar(&tier, "tier", "", "one code path only: avx512, avx2, arm64 or generic")
	cmd.Flags().Float64Var(&seconds, "seconds", 1, "how long to measure each row")
	return cmd
}

func (a *app) speed(cmd *cobra.Command, o speed.Options) error {
	rows := []speed.Row{}
	const heading, line = "%-24s %-8s %14s %10s %7s  %-20s %8s\n", "%-24s %-8s %14.0f %10s %7d  %-20s %8.3f\n"
	err := speed.Measure(cmd.Context(), o, func(r speed.Row) error {
		if rows = append(rows, r); a.json {
			return nil
		}
		if len(rows) == 1 {
			if err := a.printf(heading, "name", "tier", "ns/op", "MB/s", "allocs", "yardstick", "ratio"); err != nil {
				return err
			}
		}
		mb := "-"
		if r.MBPerS > 0 {
			mb = strconv.FormatFloat(r.MBPerS, 'f', 1, 64)
		}
		return a.printf(line, r.Name, r.Tier, r.NsPerOp, mb, r.AllocsPerOp, r.Yardstick, r.Ratio)
	})
	var name speed.NameError
	var path speed.TierError
	switch {
	case errors.As(err, &name):
		return usage("nothing is named %q; dstu speed --help", string(name))
	case errors.As(err, &path):
		return unsupported("this processor has no code path %q for that", string(path))
	case err != nil:
		return err
	case a.json:
		return a.answer(rows)
	}
	return nil
}
