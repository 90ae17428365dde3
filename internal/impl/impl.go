// Package impl is a registry of the implementations that a package chooses from at run time, so
// that tests run all of them in one process.
package impl

import "slices"

// Names of tiers.
const (
	AVX512  = "avx512"
	AVX2    = "avx2"
	ARM64   = "arm64"
	Generic = "generic" // the portable code; it is always there
)

type implementation struct {
	pkg, name string
	on        *bool
	available bool
}

var all []implementation

// Register names an implementation of a package. on is the variable that the package asks when it
// dispatches; it is set if the processor has what the implementation needs. Of several that are
// set the package takes the one registered first. Register is called when packages are
// initialised, and only then.
func Register(pkg, name string, on *bool) {
	all = append(all, implementation{pkg, name, on, *on})
}

// Names lists the implementations of a package that this processor can run, best first.
func Names(pkg string) []string {
	var out []string
	for _, i := range all {
		if i.pkg == pkg && i.available {
			out = append(out, i.name)
		}
	}
	return append(out, Generic)
}

// Packages lists the packages with more than one implementation.
func Packages() []string {
	var out []string
	for _, i := range all {
		if !slices.Contains(out, i.pkg) {
			out = append(out, i.pkg)
		}
	}
	return out
}

// Tiers lists the names of implementations of any package, best first.
func Tiers() []string {
	var out []string
	for _, name := range []string{AVX512, AVX2, ARM64} {
		if slices.ContainsFunc(all, func(i implementation) bool { return i.name == name && i.available }) {
			out = append(out, name)
		}
	}
	return append(out, Generic)
}

// TestingOnlySelect makes all packages use the implementation of that name where they have it and
// the processor can run it, and the portable one elsewhere. The returned function undoes it. It
// must not run beside other code that dispatches.
func TestingOnlySelect(name string) (restore func()) {
	was := make([]bool, len(all))
	for i, v := range all {
		was[i] = *v.on
		*v.on = v.name == name && v.available
	}
	return func() {
		for i, v := range all {
			*v.on = was[i]
		}
	}
}
