//go:build ignore

// This program writes the field types z_e*.go, the calls of their assembly z_amd64.go and
// z_arm64.go with the place of those elsewhere z_noasm.go, and the toy fields of package toy.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"math/big"
	"os"
	"slices"
	"strings"
	"text/template"
)

// field is one row of the table everything is made from: the reduction polynomial is
// t^m + sum of t^k over ks + 1, ks descending.
type field struct {
	m  int
	ks []int
}

var fields = []field{
	{163, []int{7, 6, 3}}, {167, []int{6}}, {173, []int{10, 2, 1}}, {179, []int{4, 2, 1}},
	{191, []int{9}}, {233, []int{9, 4, 1}}, {257, []int{12}}, {307, []int{8, 4, 2}},
	{367, []int{21}}, {431, []int{5, 3, 1}}, {571, []int{10, 5, 2}},
}

// toys are small enough for exhaustive tests.
var toys = []field{{5, []int{2}}, {7, []int{1}}, {9, []int{4}}, {11, []int{2}}, {13, []int{4, 3, 1}}}

func main() {
	log.SetFlags(0)
	for _, f := range fields {
		write(fmt.Sprintf("z_e%d.go", f.m), tmpl, f.data("gf2m"))
	}
	for _, f := range toys {
		write(fmt.Sprintf("toy/z_e%d.go", f.m), tmpl, f.data("toy"))
	}
	var all []map[string]any
	for _, f := range fields {
		all = append(all, f.data("gf2m"))
	}
	// Maps tells whether inversion takes tables of linear maps.
	write("z_amd64.go", asm, map[string]any{"Tiers": []string{"AVX512", "AVX2"}, "Maps": true, "Fields": all})
	write("z_arm64.go", asm, map[string]any{"Tiers": []string{"ARM64"}, "Maps": false, "Fields": all})
	write("z_noasm.go", asm, map[string]any{"Tiers": nil, "Fields": all})
}

func write(name string, t *template.Template, data map[string]any) {
	var buf bytes.Buffer
	if err := t.Execute(&buf, data); err != nil {
		log.Fatal(err)
	}
	src, err := format.Source(buf.Bytes())
	if err != nil {
		os.WriteFile(name, buf.Bytes(), 0o644)
		log.Fatalf("%s: %v", name, err)
	}
	if err := os.WriteFile(name, src, 0o644); err != nil {
		log.Fatal(err)
	}
}

// data is what the template sees.
func (f field) data(pkg string) map[string]any {
	w := (f.m + 63) / 64
	sum := fmt.Sprintf("t^%d", f.m)
	for _, k := range f.ks {
		sum += fmt.Sprintf(" + t^%d", k)
	}
	ops, chain := f.inverse()
	return map[string]any{
		"Pkg": pkg, "M": f.m, "W": w, "E": fmt.Sprintf("E%d", f.m), "Poly": sum + " + 1",
		"Mul": f.mul(false), "MulAdd": f.mul(true), "Square": f.square("x"), "SquareN": f.squareN(),
		"Inverse": ops, "Chain": chain, "Sqrt": f.sqrt(), "SqrtT": hexWords(f.pow2(big.NewInt(2), f.m-1), w),
		"Trace": f.trace(), "Half": (f.m - 1) / 2, "Asm": pkg == "gf2m",
		"Maps": f.maps(),
	}
}

// mulmod is the product of two elements, for constants.
func (f field) mulmod(a, b *big.Int) *big.Int {
	r := new(big.Int)
	for i := f.m - 1; i >= 0; i-- {
		r.Lsh(r, 1)
		if r.Bit(f.m) == 1 {
			r.SetBit(r, f.m, 0)
			for _, k := range append([]int{0}, f.ks...) {
				r.SetBit(r, k, r.Bit(k)^1)
			}
		}
		if b.Bit(i) == 1 {
			r.Xor(r, a)
		}
	}
	return r
}

// pow2 is x^(2^n).
func (f field) pow2(x *big.Int, n int) *big.Int {
	for range n {
		x = f.mulmod(x, x)
	}
	return x
}

func hexWords(x *big.Int, w int) string {
	mask := new(big.Int).SetUint64(1<<64 - 1)
	var s []string
	for i := range w {
		v := new(big.Int).Rsh(x, uint(64*i))
		s = append(s, fmt.Sprintf("%#x", v.And(v, mask)))
	}
	return strings.Join(s, ", ")
}

// trace returns the expression of the trace of x: the parity of x under a fixed mask.
func (f field) trace() string {
	mask := new(big.Int)
	for i := range f.m {
		x := new(big.Int).Lsh(big.NewInt(1), uint(i))
		sum := new(big.Int)
		for range f.m {
			sum.Xor(sum, x)
			x = f.mulmod(x, x)
		}
		mask.SetBit(mask, i, sum.Bit(0))
	}
	var terms []string
	for i := range f.m {
		if mask.Bit(i) == 1 {
			terms = append(terms, fmt.Sprintf("x[%d]>>%d", i/64, i%64))
		}
	}
	if len(terms) > 8 {
		log.Fatalf("m = %d: trace of %d terms", f.m, len(terms))
	}
	return "(" + strings.Join(terms, " ^ ") + ") & 1"
}

// sqrt returns the body of Sqrt: with even and odd the polynomials of the coefficients of even
// and odd degree of x, the root is even + odd·t^(1/2).
func (f field) sqrt() string {
	w := (f.m + 63) / 64
	var s strings.Builder
	for i := range (w + 1) / 2 {
		even, odd := fmt.Sprintf("uint64(clmul.Squeeze(x[%d]))", 2*i), fmt.Sprintf("uint64(clmul.Squeeze(x[%d]>>1))", 2*i)
		if 2*i+1 < w {
			even += fmt.Sprintf(" | uint64(clmul.Squeeze(x[%d]))<<32", 2*i+1)
			odd += fmt.Sprintf(" | uint64(clmul.Squeeze(x[%d]>>1))<<32", 2*i+1)
		}
		fmt.Fprintf(&s, "even[%d], odd[%d] = %s, %s\n", i, i, even, odd)
	}
	return s.String()
}

// inverse returns the body of Inverse by Itoh and Tsujii, x^(2^m-2), along a shortest star
// chain for m-1, and the chain.
func (f field) inverse() (body, chain string) {
	c := starChain(f.m - 1)
	s := &strings.Builder{}
	name := func(v int) string {
		if v == 1 {
			return "a"
		}
		return fmt.Sprintf("b%d", v)
	}
	for i := 1; i < len(c); i++ {
		prev, step := c[i-1], c[i]-c[i-1]
		fmt.Fprintf(s, "%s.SquareN(&%s, %d) // 2^%d - 2^%d\n", name(c[i]), name(prev), step, c[i], step)
		fmt.Fprintf(s, "%s.Mul(&%s, &%s)\n", name(c[i]), name(c[i]), name(step))
	}
	fmt.Fprintf(s, "return z.Square(&%s)", name(c[len(c)-1]))
	var decl []string
	for _, v := range c[1:] {
		decl = append(decl, name(v))
	}
	body = fmt.Sprintf("a := *x // a is x^(2^1 - 1), bK is x^(2^K - 1)\nvar %s E%d\n", strings.Join(decl, ", "), f.m) + s.String()
	for i, v := range c {
		if i > 0 {
			chain += ", "
		}
		chain += fmt.Sprint(v)
	}
	return body, chain
}

// maps lists, ascending, the numbers of squarings on the way to the inverse for which assembly
// takes a table. The generator of the assembly has the same rule.
func (f field) maps() (steps []int) {
	least := 64
	if f.m <= 320 {
		least = 32
	}
	c := starChain(f.m - 1)
	for i := 1; i < len(c); i++ {
		if n := c[i] - c[i-1]; n >= least && !slices.Contains(steps, n) {
			steps = append(steps, n)
		}
	}
	slices.Sort(steps)
	return steps
}

// starChain finds a shortest addition chain for n in which every step uses the element before.
func starChain(n int) []int {
	var search func(c []int, depth int) []int
	search = func(c []int, depth int) []int {
		last := c[len(c)-1]
		if last == n {
			return c
		}
		if depth == 0 || last<<depth < n {
			return nil
		}
		for i := len(c) - 1; i >= 0; i-- {
			if next := last + c[i]; next <= n {
				if r := search(append(c[:len(c):len(c)], next), depth-1); r != nil {
					return r
				}
			}
		}
		return nil
	}
	for depth := 0; ; depth++ {
		if c := search([]int{1}, depth); c != nil {
			return c
		}
	}
}

var (
	tmpl = template.Must(template.ParseFiles("field.tmpl"))
	asm  = template.Must(template.ParseFiles("asm.tmpl"))
)
