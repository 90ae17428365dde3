package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// fieldFunc starts a function of one or two elements.
func (g *gen) fieldFunc(name, args, doc string) {
	name = fmt.Sprintf("%s%d%s", name, g.f.m, g.suffix())
	TEXT(name, 0, fmt.Sprintf("func("+args+")", g.f.words()))
	Pragma("noescape")
	Doc(fmt.Sprintf(doc, name))
	g.frame()
	g.setup()
}

func (g *gen) suffix() string {
	if g.avx {
		return "AVX2"
	}
	return "AVX512"
}

func (g *gen) param(name string) Mem { return Mem{Base: Load(Param(name), GP64())} }

// square sets z, in registers, to z^(2^n) in a loop. n is written.
func (g *gen) squareLoop(z elem, n reg.Register, label string) {
	Label(label)
	s := g.sqr(z)
	for i := range z {
		g.set(s[i], z[i])
	}
	SUBQ(U8(1), n)
	JNZ(LabelRef(label))
}

// fieldFuncs writes the operations of a field that Go calls one by one.
func fieldFuncs(f *field, avx bool) {
	g := &gen{f: f, width: 16, avx: avx}
	g.fieldFunc("mul", "z, x, y *[%d]uint64", "%s sets z = x·y.")
	x, y := g.read(g.param("x")), g.read(g.param("y"))
	g.write(g.mul(g.hold(x, "x"), g.hold(y, "y")), g.param("z"))
	g.end()

	g = &gen{f: f, width: 16, avx: avx}
	g.fieldFunc("squareN", "z, x *[%d]uint64, n int", "%s sets z = x^(2^n), n > 0.")
	x = g.read(g.param("x"))
	g.squareLoop(x, Load(Param("n"), GP64()), "step")
	g.write(x, g.param("z"))
	g.end()

	g = &gen{f: f, width: 16, avx: avx}
	g.fieldFunc("halfTrace", "z, x *[%d]uint64", "%s sets z to the half-trace of x.")
	x = g.read(g.param("x"))
	s := g.tempElem("s")
	for i := range s {
		g.set(x[i], s[i])
	}
	n := GP64()
	MOVQ(U32(uint32(f.m-1)/2), n)
	Label("step")
	q := g.sqr(x)
	for i := range x {
		g.set(q[i], x[i])
	}
	q = g.sqr(x)
	for i := range x {
		g.set(q[i], x[i])
		g.set(g.xor(x[i], s[i]), s[i])
	}
	SUBQ(U8(1), n)
	JNZ(LabelRef("step"))
	g.write(s, g.param("z"))
	g.end()

	inverse(f, avx)
}

// inverse writes the inversion of Itoh and Tsujii, x^(2^m-2), along a shortest star chain for
// m-1.
func inverse(f *field, avx bool) {
	g := &gen{f: f, width: 16, avx: avx}
	chain := starChain(f.m - 1)
	g.fieldFunc("inverse", "z, x *[%d]uint64, maps *uint64",
		"%s sets z = 1/x, or 0 for x = 0. The addition chain is "+fmt.Sprint(chain)+".")
	maps := f.maps(chain)
	n := GP64()
	cur := g.read(g.param("x"))
	keep := map[int]elem{}
	save := func(v int) {
		z := g.tempElem(fmt.Sprintf("b%d_", v))
		for i := range z {
			g.set(cur[i], z[i])
		}
		keep[v] = z
	}
	save(1)
	for i := 1; i < len(chain); i++ {
		step := chain[i] - chain[i-1]
		if at, ok := maps[step]; ok {
			g.linear(cur, at, fmt.Sprintf("to%d", chain[i]))
		} else {
			MOVQ(U32(uint32(step)), n)
			g.squareLoop(cur, n, fmt.Sprintf("to%d", chain[i]))
		}
		p := g.mul(g.hold(cur, "cur"), keep[step])
		for i := range cur {
			g.set(p[i], cur[i])
		}
		save(chain[i])
	}
	g.write(g.sqr(cur), g.param("z"))
	g.end()
}

// maps lists the numbers of squarings that are done by a table, and the place of its table: the
// Go code has them in ascending order.
func (f *field) maps(chain []int) map[int]int {
	least := 64
	if f.words() <= 5 {
		least = 32
	}
	at := map[int]int{}
	for i := 1; i < len(chain); i++ {
		if step := chain[i] - chain[i-1]; step >= least {
			at[step] = 0
		}
	}
	for v := range at {
		for u := range at {
			if u < v {
				at[v]++
			}
		}
	}
	return at
}

// linear sets z to its image under the linear map of a table: eight quadwords for each word of
// the result and each byte of z, one for each bit of that byte. All are read, and added under a
// mask.
func (g *gen) linear(z elem, at int, label string) {
	f := g.f
	w, bytes := f.words(), (f.m+7)/8
	from := g.tempElem("map")
	for i := range z {
		g.set(z[i], from[i])
	}
	table, at8, n := Load(Param("maps"), GP64()), GP64(), GP64()
	if at > 0 {
		ADDQ(U32(uint32(at*bytes*w*64)), table)
	}
	LEAQ(from[0], at8)
	MOVQ(U32(uint32(bytes)), n)
	acc := g.selected(w, table, at8, label)
	ADDQ(U32(uint32(64*w)), table)
	ADDQ(U8(1), at8)
	SUBQ(U8(1), n)
	JNZ(LabelRef(label))
	half := make([]Op, w)
	for i := range acc {
		half[i] = g.fold(acc[i])
	}
	for i := range f.r {
		if 2*i+1 < f.w {
			lo, hi := XMM(), XMM()
			VPUNPCKLQDQ(half[2*i+1], half[2*i], lo)
			VPUNPCKHQDQ(half[2*i+1], half[2*i], hi)
			g.xorTo(lo, hi, vecOf(z[i]))
		} else {
			VMOVQ(g.xor(half[2*i], g.bsrl8(half[2*i])), z[i])
		}
	}
	if f.top() {
		x := g.sll(63, g.xor(half[4], g.bsrl8(half[4])))
		VPSRAD(U8(31), x, x)
		VPSHUFD(U8(0x55), x, z[f.r])
	}
}

// selected starts the loop and adds, for the byte at at8, what it selects of the words at table to
// vectors that are zero before the loop.
func (g *gen) selected(w int, table, at8 reg.Register, label string) []reg.VecVirtual {
	acc := make([]reg.VecVirtual, w)
	if !g.avx {
		zero := GP64()
		XORQ(zero, zero)
		for i := range acc {
			acc[i] = ZMM()
			VPBROADCASTQ(zero, acc[i])
		}
		Label(label)
		k := K()
		KMOVB(Mem{Base: at8}, k)
		for i := range acc {
			v := ZMM()
			VMOVDQU64(Mem{Base: table, Disp: 64 * i}, v)
			VPXORQ(v, acc[i], k, acc[i])
		}
		return acc
	}
	var bits [2]Mem
	for half := range bits {
		bits[half] = g.wide(fmt.Sprint("bits", half))
		for i := range 4 {
			g.store(1<<(4*half+i), bits[half].Offset(8*i))
		}
	}
	for i := range acc {
		acc[i] = YMM()
		VPXOR(acc[i], acc[i], acc[i])
	}
	Label(label)
	spread := YMM() // the byte and seven more, which follow in the frame
	VPBROADCASTQ(Mem{Base: at8}, spread)
	for half, bit := range bits {
		mask := YMM()
		VPAND(bit, spread, mask)
		VPCMPEQQ(bit, mask, mask)
		for i := range acc {
			t := YMM()
			VPAND(Mem{Base: table, Disp: 64*i + 32*half}, mask, t)
			VPXOR(t, acc[i], acc[i])
		}
	}
	return acc
}

// wide is the slot of that name for a YMM register.
func (g *gen) wide(name string) Mem {
	defer func(width int) { g.width = width }(g.width)
	g.width = 32
	return g.temp(name)
}

// fold adds the lanes of a vector.
func (g *gen) fold(a reg.VecVirtual) Op {
	x := XMM()
	if g.avx {
		VEXTRACTI128(U8(1), a, x)
		return g.xor(a.AsX(), x)
	}
	y := YMM()
	VEXTRACTI64X4(U8(1), a, y)
	VPXORQ(a.AsY(), y, y)
	VEXTRACTI64X2(U8(1), y, x)
	return g.xor(y.AsX(), x)
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
