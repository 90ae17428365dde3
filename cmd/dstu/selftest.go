package main

import (
	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/internal/selftest"
)

type selftestJSON struct {
	Name   string `json:"name"`
	Tier   string `json:"tier"`
	Passed bool   `json:"passed"`
}

func (a *app) selftestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "selftest",
		Short: "Compute known answers with every algorithm on every code path of this machine",
		Long: `Compare what every algorithm computes, on every code path of this processor, with answers of the
standards and of other implementations. Exit status 1 means that this machine computes wrong.`,
		Example: "  dstu selftest --json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return a.selftest(selftest.Run) },
	}
}

// selftest reports the results of run.
func (a *app) selftest(run func(func(selftest.Result) error) error) error {
	results := []selftestJSON{}
	failed := 0
	err := run(func(r selftest.Result) error {
		verdict := "OK"
		if r.Err != nil {
			verdict = "FAILED: " + r.Err.Error()
			failed++
		}
		if results = append(results, selftestJSON{r.Name, r.Tier, r.Err == nil}); a.json {
			return nil
		}
		return a.printf("%-18s %-8s %s\n", r.Name, r.Tier, verdict)
	})
	if err != nil {
		return err
	}
	if a.json {
		if err := a.answer(results); err != nil {
			return err
		}
	}
	if failed > 0 {
		return no("%d of %d self-tests failed", failed, len(results))
	}
	return nil
}
