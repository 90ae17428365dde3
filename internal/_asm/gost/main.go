// This program writes the assembly of GOST 28147 and of GOST 34.311.
package main

import (
	"flag"
	"log"

	. "github.com/mmcloughlin/avo/build"
)

var (
	tier = flag.String("tier", "avx512", "avx512, avx2 or arm64")
	kind = flag.String("kind", "", "cipher or hash")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	if *kind == "cipher" && *tier == "arm64" { // beyond avo
		value := func(name string) string { return flag.Lookup(name).Value.String() }
		arm64(value("pkg"), value("out"), value("stubs"))
		return
	}
	ConstraintExpr("!purego")
	switch *kind + " " + *tier {
	case "hash avx512":
		hash(1)
		hash(4)
	case "cipher avx512":
		for _, mode := range []mode{ecb, ctr, cfb} {
			bulk512(mode)
		}
		serial512(true)
		serial512(false)
	case "cipher avx2":
		bulk2()
		serial2(true)
		serial2(false)
	default:
		log.Fatalf("unknown kind %q or tier %q", *kind, *tier)
	}
	Generate()
}
