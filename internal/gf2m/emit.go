//go:build ignore

package main

import (
	"fmt"
	"log"
	"math/bits"
	"slices"
	"strings"
)

// A product of polynomials of w words is made of products of sums of words; a sum is a bit
// set, 0b101 for word 0 + word 2. The coefficients of the result are found by linear algebra
// (solve), so a list that does not suffice stops the generator.

// short lists the sums for small numbers of words. Those for five and six were found by
// exhaustive search for 13 and 17 products, the ones with the fewest words in the sums.
var short = map[int][]int{
	1: {1},
	3: {1, 2, 4, 3, 5, 6},
	5: {1, 2, 4, 8, 16, 3, 5, 20, 24, 13, 22, 27, 31},
	6: {1, 2, 16, 32, 6, 12, 24, 18, 48, 3, 56, 37, 7, 41, 45, 27, 54},
}

// karatsuba lists the sums for the given words, those of short or by halving.
func karatsuba(words []int) []int {
	var r []int
	if sets := short[len(words)]; sets != nil {
		for _, set := range sets {
			sum := 0
			for i, v := range words {
				if set>>i&1 == 1 {
					sum ^= v
				}
			}
			r = append(r, sum)
		}
		return r
	}
	h := (len(words) + 1) / 2
	lo, hi := words[:h], words[h:]
	sum := slices.Clone(lo)
	for i, v := range hi {
		sum[i] ^= v
	}
	r = append(karatsuba(lo), karatsuba(hi)...)
	for _, v := range karatsuba(sum) {
		if !slices.Contains(r, v) {
			r = append(r, v)
		}
	}
	return r
}

func sums(w int) []int {
	words := make([]int, w)
	for i := range words {
		words[i] = 1 << i
	}
	return karatsuba(words)
}

// solve returns, for every coefficient k of the product of two polynomials of w words, the set
// of products whose sum it is (bit i: products[i]).
func solve(w int, sets []int) []uint64 {
	// A bilinear form that is symmetric is a set of pairs i <= j.
	index := func(i, j int) int { return min(i, j)*w + max(i, j) }
	type row struct {
		form [2]uint64 // bits of pairs
		comb uint64
	}
	var basis []row
	flip := func(f *[2]uint64, i int) { f[i/64] ^= 1 << (i % 64) }
	lead := func(f [2]uint64) int {
		for i := range 128 {
			if f[i/64]>>(i%64)&1 == 1 {
				return i
			}
		}
		return -1
	}
	reduce := func(r row) row {
		for _, b := range basis {
			if l := lead(b.form); r.form[l/64]>>(l%64)&1 == 1 {
				r.form[0] ^= b.form[0]
				r.form[1] ^= b.form[1]
				r.comb ^= b.comb
			}
		}
		return r
	}
	for n, s := range sets {
		r := row{comb: 1 << n}
		for i := range w {
			for j := range w {
				if s>>i&1 == 1 && s>>j&1 == 1 && i <= j {
					flip(&r.form, index(i, j))
				}
			}
		}
		if r = reduce(r); lead(r.form) >= 0 {
			basis = append(basis, r)
		}
	}
	out := make([]uint64, 2*w-1)
	for k := range out {
		var r row
		for i := range w {
			if j := k - i; j >= i && j < w {
				flip(&r.form, index(i, j))
			}
		}
		if r = reduce(r); lead(r.form) >= 0 {
			log.Fatalf("%d words: coefficient %d is not a sum of the products", w, k)
		}
		out[k] = r.comb
	}
	return out
}

// xorNet prints assignments that compute each named sum of variables, sharing the pairs that
// occur most (Paar's greedy method). sums[i] holds variable names.
func xorNet(prefix string, names []string, rows [][]string) string {
	var s strings.Builder
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i] = slices.Clone(rows[i])
	}
	for n := 0; ; n++ {
		count := map[[2]string]int{}
		for _, r := range rows {
			for i, a := range r {
				for _, b := range r[i+1:] {
					count[[2]string{min(a, b), max(a, b)}]++
				}
			}
		}
		var best [2]string
		for p, c := range count {
			if c > count[best] || c == count[best] && (p[0]+" "+p[1] < best[0]+" "+best[1]) {
				best = p
			}
		}
		if count[best] < 2 {
			break
		}
		t := fmt.Sprintf("%s%d", prefix, n)
		fmt.Fprintf(&s, "%s := %s ^ %s\n", t, best[0], best[1])
		for i, r := range rows {
			if slices.Contains(r, best[0]) && slices.Contains(r, best[1]) {
				r = slices.DeleteFunc(r, func(v string) bool { return v == best[0] || v == best[1] })
				rows[i] = append(r, t)
			}
		}
	}
	for i, r := range rows {
		fmt.Fprintf(&s, "%s := %s\n", names[i], strings.Join(r, " ^ "))
	}
	return s.String()
}

// mul prints the product x·y (with two: x·y + u·v) and its reduction into z.
func (f field) mul(two bool) string {
	var s strings.Builder
	w := (f.m + 63) / 64
	if w == 1 { // a toy field: the high word is zero
		s.WriteString("_, c0 := clmul.Mul(x[0], y[0])\n")
		if two {
			s.WriteString("_, d := clmul.Mul(u[0], v[0])\nc0 ^= d\n")
		}
		return s.String() + f.reduce([]bool{true, false})
	}
	n := w // words of the Karatsuba product; a top word of one bit is done by masks
	if f.m%64 == 1 {
		n--
	}
	sets := sums(n)
	operands := []string{"x", "y"}
	if two {
		operands = []string{"x", "y", "u", "v"}
	}
	for _, v := range operands {
		s.WriteString(evaluate(v, n, sets))
	}
	for i, set := range sets {
		if two {
			fmt.Fprintf(&s, "p%d, q%d := clmul.Mul(%s, %s)\n", i, i, value("u", i, set), value("v", i, set))
		}
		fmt.Fprintf(&s, "h%d, l%d := clmul.Mul(%s, %s)\n", i, i, value("x", i, set), value("y", i, set))
		if two {
			fmt.Fprintf(&s, "h%d, l%d = h%d^p%d, l%d^q%d\n", i, i, i, i, i, i)
		}
	}
	s.WriteString(interpolate(n, sets))
	live := make([]bool, 2*w)
	for i := range 2 * n {
		live[i] = true
	}
	if n < w {
		live[2*n] = true
		s.WriteString(topBits(n, operands))
	}
	return s.String() + f.reduce(live)
}

// evaluate prints the sums of the words of v that are not single words.
func evaluate(v string, n int, sets []int) string {
	var names []string
	var rows [][]string
	for i, set := range sets {
		if bits.OnesCount(uint(set)) == 1 {
			continue
		}
		var r []string
		for j := range n {
			if set>>j&1 == 1 {
				r = append(r, fmt.Sprintf("%s[%d]", v, j))
			}
		}
		names, rows = append(names, value(v, i, set)), append(rows, r)
	}
	return xorNet(v+"t", names, rows)
}

// value is the expression of the i-th sum of v.
func value(v string, i, set int) string {
	if bits.OnesCount(uint(set)) == 1 {
		return fmt.Sprintf("%s[%d]", v, bits.TrailingZeros(uint(set)))
	}
	return fmt.Sprintf("%s%d", v, i)
}

// interpolate prints the words c0, c1 … of the product out of the products hi, li.
func interpolate(n int, sets []int) string {
	comb := solve(n, sets)
	var names []string
	var rows [][]string
	for k := range 2 * n {
		var r []string
		for i := range sets {
			if k < len(comb) && comb[k]>>i&1 == 1 {
				r = append(r, fmt.Sprintf("l%d", i))
			}
			if k > 0 && comb[k-1]>>i&1 == 1 {
				r = append(r, fmt.Sprintf("h%d", i))
			}
		}
		names, rows = append(names, fmt.Sprintf("c%d", k)), append(rows, r)
	}
	return xorNet("t", names, rows)
}

// topBits prints the part of the product that word n of each factor, a single bit, has in it.
func topBits(n int, operands []string) string {
	var s strings.Builder
	for i := 0; i < len(operands); i += 2 {
		x, y := operands[i], operands[i+1]
		fmt.Fprintf(&s, "m%s, m%s := -%s[%d], -%s[%d] // the top bits as masks\n", x, y, x, n, y, n)
		for j := range n {
			fmt.Fprintf(&s, "c%d ^= m%s&%s[%d] ^ m%s&%s[%d]\n", n+j, x, y, j, y, x, j)
		}
		op := ":="
		if i > 0 {
			op = "^="
		}
		fmt.Fprintf(&s, "c%d %s %s[%d] & %s[%d]\n", 2*n, op, x, n, y, n)
	}
	return s.String()
}

// reduce prints the reduction of the words c0, c1 … (those live) modulo the field polynomial
// into z: a word at bit 64i is t^(64i-m) times the sum of the lower terms.
func (f field) reduce(live []bool) string {
	var s strings.Builder
	w := (f.m + 63) / 64
	add := func(q int, term string) { fmt.Fprintf(&s, "c%d ^= %s\n", q, term) }
	exps := append(slices.Clone(f.ks), 0)
	for i := len(live) - 1; i >= w; i-- {
		if !live[i] {
			continue
		}
		lo, hi := map[int][]string{}, []int{}
		for _, e := range exps {
			sh := 64*i - f.m + e
			for _, p := range [][2]int{{sh / 64, sh % 64}, {sh/64 + 1, sh%64 - 64}} {
				if p[1] == -64 {
					continue
				}
				term := fmt.Sprintf("c%d", i)
				if p[1] > 0 {
					term += fmt.Sprintf("<<%d", p[1])
				} else if p[1] < 0 {
					term += fmt.Sprintf(">>%d", -p[1])
				}
				if lo[p[0]] == nil {
					hi = append(hi, p[0])
				}
				lo[p[0]] = append(lo[p[0]], term)
			}
		}
		slices.Sort(hi)
		for _, q := range hi {
			add(q, strings.Join(lo[q], " ^ "))
		}
	}
	top, r := w-1, f.m%64
	over := 64 - r // bits above the field in the top word
	if w == 1 {
		over = f.m - 1
	}
	for over > 0 {
		fmt.Fprintf(&s, "{\nt := c%d >> %d\nc%d &= 1<<%d - 1\n", top, r, top, r)
		var terms []string
		next := 0
		for _, e := range exps {
			term := "t"
			if e > 0 {
				term += fmt.Sprintf("<<%d", e)
			}
			terms = append(terms, term)
			next = max(next, over+e-f.m)
		}
		add(0, strings.Join(terms, " ^ "))
		for _, e := range exps {
			if e+over > 64 && w > 1 {
				add(1, fmt.Sprintf("t >> %d", 64-e))
			}
		}
		s.WriteString("}\n")
		over = next
	}
	for i := range w {
		fmt.Fprintf(&s, "z[%d] = c%d\n", i, i)
	}
	return s.String()
}

// square prints x² into z: the bits of x spread, then reduced.
func (f field) square(x string) string {
	var s strings.Builder
	w := (f.m + 63) / 64
	live := make([]bool, 2*w)
	for i := range live {
		bits := f.m - 32*i
		if live[i] = bits > 0; !live[i] {
			continue
		}
		if bits == 1 {
			fmt.Fprintf(&s, "c%d := %s[%d]\n", i, x, i/2)
			continue
		}
		sh := ""
		if i%2 == 1 {
			sh = ">>32"
		}
		fmt.Fprintf(&s, "c%d := clmul.Spread(uint32(%s[%d]%s))\n", i, x, i/2, sh)
	}
	return s.String() + f.reduce(live)
}

func (f field) squareN() string {
	return "*z = *x\nfor range n {\n" + f.square("z") + "}\n"
}
