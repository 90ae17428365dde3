// This program writes the assembly of the cipher DSTU 7624 over the columns of eight bytes that it
// shares with the hash DSTU 7564.
package main

import (
	"flag"
	"log"

	. "github.com/mmcloughlin/avo/build"
)

var (
	tier = flag.String("tier", "avx512", "avx512, avx2 or arm64")
	kind = flag.String("kind", "", "bulk, expand, hash, serial or kupyna")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	arm64 := map[string]func(pkg, out, stubs string){"bulk": bulkARM64, "hash": hashARM64}
	if write := arm64[*kind]; write != nil && *tier == "arm64" { // beyond avo
		value := func(name string) string { return flag.Lookup(name).Value.String() }
		write(value("pkg"), value("out"), value("stubs"))
		return
	}
	ConstraintExpr("!purego")
	switch *kind + " " + *tier {
	case "bulk avx512":
		for _, columns := range []int{2, 4, 8} {
			for _, m := range modes {
				bulk512(columns, m)
			}
		}
	case "bulk avx2":
		for _, columns := range []int{2, 4, 8} {
			bulk256(columns, false)
			bulk256(columns, true)
		}
	case "expand avx512":
		for _, columns := range []int{2, 4, 8} {
			expand512(columns)
		}
		invert512()
	case "expand avx2":
		for _, columns := range []int{2, 4, 8} {
			expand256(columns)
		}
	case "hash avx512":
		for _, columns := range []int{2, 4, 8} {
			hash512(columns)
		}
	case "hash avx2":
		for _, columns := range []int{2, 4, 8} {
			hash256(columns)
		}
	case "serial avx2":
		for _, columns := range []int{2, 4, 8} {
			serial256(columns)
		}
	case "serial avx512":
		for _, columns := range []int{2, 4, 8} {
			serial512(columns, false)
			serial512(columns, true)
		}
	case "kupyna avx512":
		kupyna512()
		kupyna1024()
		kupynaMany(8, 10)
		kupynaMany(16, 14)
	default:
		log.Fatalf("unknown kind %q or tier %q", *kind, *tier)
	}
	Generate()
}
