package ec2m

import "fmt"

// Toys lists the toy curves.
func Toys() []Group {
	return []Group{
		Toy5a0(), Toy5a1(), Toy7a0(), Toy7a1(), Toy9a0(), Toy9a1(),
		Toy11a0(), Toy11a1(), Toy13a0(), Toy13a1(),
	}
}

// ToyName names a toy curve in test output.
func ToyName(g Group) string { return fmt.Sprintf("m%d a%d", g.M(), g.A()) }

// BuildTable makes the comb of g anew.
func BuildTable(g Group) { g.(interface{ build() }).build() }

// CombInAssembly tells for each field whether the comb in assembly could multiply by k.
func CombInAssembly(k Words) (ok [11]bool) {
	_, ok[0] = new(asmComb163).mult(new(point163), &k, &curve163.gx, &curve163.gy)
	_, ok[1] = new(asmComb167).mult(new(point167), &k, &curve167.gx, &curve167.gy)
	_, ok[2] = new(asmComb173).mult(new(point173), &k, &curve173.gx, &curve173.gy)
	_, ok[3] = new(asmComb179).mult(new(point179), &k, &curve179.gx, &curve179.gy)
	_, ok[4] = new(asmComb191).mult(new(point191), &k, &curve191.gx, &curve191.gy)
	_, ok[5] = new(asmComb233).mult(new(point233), &k, &curve233.gx, &curve233.gy)
	_, ok[6] = new(asmComb257).mult(new(point257), &k, &curve257.gx, &curve257.gy)
	_, ok[7] = new(asmComb307).mult(new(point307), &k, &curve307.gx, &curve307.gy)
	_, ok[8] = new(asmComb367).mult(new(point367), &k, &curve367.gx, &curve367.gy)
	_, ok[9] = new(asmComb431).mult(new(point431), &k, &curve431.gx, &curve431.gy)
	_, ok[10] = new(asmComb571).mult(new(point571), &k, &curve571.gx, &curve571.gy)
	return ok
}
