package main

import (
	"maps"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/internal/impl"
)

// version is set by the linker for releases.
var version = ""

type versionJSON struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
	// Paths tells for each primitive which implementation this processor runs.
	Paths map[string]string `json:"paths"`
}

// paths asks the registry for the best implementation of each primitive here; those that are not
// in it have portable code only.
func paths() map[string]string {
	best := map[string]string{}
	for primitive, pkg := range map[string]string{
		"dstu4145": "internal/ec2m", "gost28147": "internal/gost89", "kalyna": "kalyna", "gost34311": "gost34311", "kupyna": "kupyna",
	} {
		best[primitive] = impl.Names(pkg)[0]
	}
	return best
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version, that of Go, and the code paths in use",
		Example: "  dstu version --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return a.printVersion() },
	}
}

func (a *app) printVersion() error {
	v := versionJSON{moduleVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, paths()}
	if a.json {
		return a.answer(v)
	}
	if err := a.printf("dstu %s\n%s %s/%s\n", v.Version, v.Go, v.OS, v.Arch); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(v.Paths)) {
		if err := a.printf("%-10s %s\n", name, v.Paths[name]); err != nil {
			return err
		}
	}
	return nil
}

func moduleVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
