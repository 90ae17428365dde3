// This program writes the assembly of the binary fields and curves.
package main

import (
	"flag"
	"log"

	. "github.com/mmcloughlin/avo/build"
)

var (
	tier = flag.String("tier", "avx512", "avx512, avx2 or arm64")
	kind = flag.String("kind", "", "field, ladder or comb")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	if *tier == "arm64" { // beyond avo
		value := func(name string) string { return flag.Lookup(name).Value.String() }
		arm64(*kind, value("pkg"), value("out"), value("stubs"))
		return
	}
	ConstraintExpr("!purego")
	for _, f := range fields {
		switch *kind + " " + *tier {
		case "field avx512", "field avx2":
			fieldFuncs(f, *tier == "avx2")
		case "comb avx512", "comb avx2":
			comb(f, *tier == "avx2")
		case "ladder avx512":
			ladder512(f)
		case "ladder avx2":
			ladderVEX(f)
		default:
			log.Fatalf("unknown kind %q or tier %q", *kind, *tier)
		}
	}
	Generate()
}
