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
