package main

import (
	"fmt"

	"github.com/ukrcrypto/dstu/internal/_asm/arm"
)

// The hash of GCM with PMULL takes a block at a time, in pairs of words. V0 to V3 are the state, V4
// to V7 the key, V8 to V11 its pairs with the words exchanged, V16 to V23 the product, V30 twice
// x^(64c) modulo the polynomial, V31 zero.

// hashARM64 writes the file with the functions for all block sizes.
func hashARM64(pkg, out, stubs string) {
	f := arm.New("./column8 -kind hash -tier arm64", pkg)
	for _, columns := range []int{2, 4, 8} {
		g := &neon{File: f, columns: columns}
		g.hash()
	}
	f.Write(out, stubs)
}

func (g *neon) hash() {
	n := g.columns / 2
	g.Func(fmt.Sprintf("hash%dARM64", g.columns), "state, key *[8]uint64, b *byte, blocks int",
		fmt.Sprintf("adds blocks of %d columns, at least one, to the state: state = (state + block)·key for each.", g.columns), 0)
	g.Line("VLD1 (R0), %s", vectors(0, n, "B16"))
	g.Line("VLD1 (R1), %s", vectors(4, n, "B16"))
	for i := range n {
		g.second(4+i, 4+i, 8+i)
	}
	g.Line("MOVD $%#x, R4", map[int]int{2: 0x87, 4: 0x425, 8: 0x125}[g.columns])
	g.Line("VDUP R4, V30.D2")
	g.Line("VMOVI $0, V31.B16")
	g.Label("block")
	g.load("R2", 16, n)
	for i := range n {
		g.xor(i, 16+i, i)
	}
	g.product(n)
	g.reduce(n)
	g.Line("SUBS $1, R3")
	g.Line("BNE block")
	g.Line("VST1 %s, (R0)", vectors(0, n, "B16"))
	g.Line("RET")
}

// second makes a pair of the high word of a and the low word of b.
func (g *neon) second(a, b, z int) { g.Line("VEXT $8, V%d.B16, V%d.B16, V%d.B16", b, a, z) }

// low and high multiply the low and the high words.
func (g *neon) low(a, b, z int)  { g.Line("VPMULL V%d.D1, V%d.D1, V%d.Q1", b, a, z) }
func (g *neon) high(a, b, z int) { g.Line("VPMULL2 V%d.D2, V%d.D2, V%d.Q1", b, a, z) }

// product multiplies the state by the key, the pairs of one place in the result after another.
func (g *neon) product(n int) {
	const low = 24
	middle, high := func(p int) int { return 25 + p%2 }, func(p int) int { return 27 + p%2 }
	for p := range 2*n - 1 {
		first := true
		add := func(mul func(a, b, z int), a, b, sum int) {
			if first {
				mul(a, b, sum)
				return
			}
			mul(a, b, 12)
			g.xor(sum, 12, sum)
		}
		for i := max(0, p-n+1); i <= min(p, n-1); i++ {
			x, key, turned := i, 4+p-i, 8+p-i
			add(g.low, x, key, low)
			add(g.high, x, key, high(p))
			add(g.low, x, turned, middle(p))
			g.high(x, turned, 13)
			g.xor(middle(p), 13, middle(p))
			first = false
		}
		if p == 0 {
			g.second(31, middle(p), 16)
		} else {
			g.second(middle(p-1), middle(p), 16+p)
			g.xor(low, high(p-1), low)
		}
		g.xor(16+p, low, 16+p)
	}
	last := 2*n - 2
	g.second(middle(last), 31, 17+last)
	g.xor(17+last, high(last), 17+last)
}

// reduce multiplies the upper half of the product by x^(64c) modulo the polynomial and adds the lower
// half. What is above the field then comes down in the same way.
func (g *neon) reduce(n int) {
	before := 31
	for j := range n {
		g.low(16+n+j, 30, 24)
		g.high(16+n+j, 30, 25+j%2)
		g.second(before, 25+j%2, 12)
		before = 25 + j%2
		g.xor(16+j, 24, j)
		g.xor(j, 12, j)
	}
	g.high(before, 30, 24)
	g.xor(0, 24, 0)
}
