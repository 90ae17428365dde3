package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The comb adds one entry of each window of a table. A window has the 16 odd multiples of its
// base point; five bits e of the scalar stand for the digit 2e - 31. An entry is the pairs of
// words of x, then those of l = x + y/x. With a top bit apart, 16 entries of all windows are
// followed by the top bits: 32 bits a window, those of x in the low half.
//
// The chosen entries go to a buffer, with all entries read. Lane r of the vectors then adds
// the windows r, r + lanes, …, and at the end the lanes are added. z = 0 marks an exceptional
// case: two equal or opposite points have met.
const entries = 16

// entrySize is the size of an entry in bytes.
func (f *field) entrySize() int { return 32 * f.r }

func comb(f *field, avx bool) {
	g := &gen{f: f, width: 64, avx: avx}
	if avx {
		g.width = 32
	}
	name := fmt.Sprintf("comb%d%s", f.m, g.suffix())
	TEXT(name, 0, fmt.Sprintf("func(out *[%d]uint64, table, buf *uint64, u *[10]uint64, windows int)", 3*f.words()))
	Pragma("noescape")
	Doc(name+" adds up the entries of a table that the windows of five bits of u choose. out is x, l, z.",
		fmt.Sprintf("buf has %d bytes a window.", 32*f.regs()))
	g.frame()
	g.setup()
	g.accumulate(g.newChooser())
}

// digit returns the index of an entry, and 1 for the entry's opposite.
func digit(u Mem, window reg.Register) (index, negative reg.GPVirtual) {
	at, e := GP64(), GP64()
	LEAQ(Mem{Base: window, Index: window, Scale: 4}, at)
	MOVQ(at, reg.RCX)
	SHRQ(U8(3), at)
	MOVQ(u.Idx(at, 1), e)
	ANDQ(U8(7), reg.RCX)
	SHRQ(reg.CL, e)
	index, negative = GP64(), GP64()
	MOVQ(e, negative)
	SHRQ(U8(4), negative)
	ANDQ(U8(1), negative)
	MOVQ(negative, index)
	SUBQ(U8(1), index)
	XORQ(e, index)
	ANDQ(U8(15), index)
	XORQ(U8(1), negative)
	return index, negative
}

// chooser fills the buffer, window by window.
type chooser struct {
	*gen
	u                Mem
	table, tops, buf reg.Register // table is that of the window
	window, windows  reg.Register
}

func (g *gen) newChooser() *chooser {
	c := &chooser{gen: g, u: g.param("u"), table: Load(Param("table"), GP64()), buf: Load(Param("buf"), GP64()),
		windows: Load(Param("windows"), GP64()), window: GP64()}
	if g.avx {
		g.numbers()
	}
	if g.f.top() {
		c.tops = GP64()
		MOVQ(c.windows, c.tops)
		SHLQ(U8(10), c.tops) // 16 entries of 64 bytes
		ADDQ(c.table, c.tops)
	}
	XORQ(c.window, c.window)
	return c
}

// choose takes the next window.
func (c *chooser) choose() {
	g, f, window := c.gen, c.f, c.window
	lanes := g.width / 16
	index, negative := digit(c.u, window)
	// Lanes of one round lie side by side.
	dst, t := GP64(), GP64()
	MOVQ(window, t)
	SHRQ(U8(map[int]int{2: 1, 4: 2}[lanes]), t)
	IMUL3Q(U32(uint32(2*f.regs()*g.width)), t, dst)
	MOVQ(window, t)
	ANDQ(U8(uint8(lanes-1)), t)
	SHLQ(U8(4), t)
	ADDQ(t, dst)
	ADDQ(c.buf, dst)
	piece := func(i int) Mem { return Mem{Base: dst, Disp: i * g.width} }
	pair := func(i int) Mem { // those of l stand after the top bit of x
		if i >= f.r {
			i += f.regs() - f.r
		}
		return piece(i)
	}
	if g.avx {
		g.scan(c.table, index, pair)
	} else {
		blendTree(f, c.table, index, func(i int, z Op) { g.set(z, pair(i)) })
	}
	XORQ(negative, piece(f.regs()))
	if f.top() {
		word, bit := GP64(), GP64()
		MOVL(Mem{Base: c.tops, Index: window, Scale: 4}, word.As32())
		MOVQ(index, reg.RCX)
		SHRQ(reg.CL, word)
		for i := range 2 {
			MOVQ(word, bit)
			SHRQ(U8(uint8(16*i)), bit)
			ANDQ(U8(1), bit)
			NEGQ(bit)
			for j := range 2 {
				MOVQ(bit, piece(f.r+i*f.regs()).Offset(8*j))
			}
		}
	}
	ADDQ(U32(uint32(entries*f.entrySize())), c.table)
	ADDQ(U8(1), window)
}

// first takes the windows of two rounds. From then on next takes one of the round after, while the
// processor multiplies. With AVX2 that gains nothing, and all windows come first.
func (c *chooser) first() {
	Label("choose")
	c.choose()
	if c.avx {
		CMPQ(c.window, c.windows)
	} else {
		CMPQ(c.window, U8(8))
	}
	JL(LabelRef("choose"))
}

func (c *chooser) next(i int) {
	if c.avx {
		return
	}
	label := fmt.Sprint("chosen", i)
	CMPQ(c.window, c.windows)
	JGE(LabelRef(label))
	c.choose()
	Label(label)
}

// blendTree halves the number of candidates with each bit of the index.
func blendTree(f *field, table, index reg.Register, put func(i int, z Op)) {
	var ks [4]reg.Register
	t := GP64()
	for b := range ks {
		MOVQ(index, t)
		SHRQ(U8(uint8(b)), t)
		ANDQ(U8(1), t)
		NEGQ(t)
		ks[b] = K()
		KMOVW(t.As32(), ks[b])
	}
	size := 64
	if f.entrySize()%64 != 0 {
		size = 32
	}
	for off := 0; off < f.entrySize(); off += size {
		var choice func(level, first int) reg.VecVirtual
		choice = func(level, first int) reg.VecVirtual {
			if level == 0 {
				z := YMM()
				if size == 64 {
					z = ZMM()
				}
				VMOVDQU64(Mem{Base: table, Disp: first*f.entrySize() + off}, z)
				return z
			}
			z := choice(level-1, first)
			VMOVDQA64(choice(level-1, first+1<<(level-1)), ks[level-1], z)
			return z
		}
		z := choice(4, 0)
		for i := range size / 16 {
			x := XMM()
			if i == 0 {
				VEXTRACTI64X2(U8(0), z, x)
			} else {
				VEXTRACTI64X2(U8(uint8(i)), z, x)
			}
			put(off/16+i, x)
		}
	}
}

// scan adds up the entries under masks of which one is not zero, and writes the pairs of words of
// the sum. Masks come from the frame, whence the processor loads and spreads them in one go.
func (g *gen) scan(table, index reg.Register, pair func(i int) Mem) {
	chosen := YMM()
	VMOVD(index.(reg.GP).As32(), chosen.AsX())
	VPBROADCASTD(chosen.AsX(), chosen)
	masks := [2]Mem{g.temp("masks0"), g.temp("masks1")}
	for i, m := range masks {
		t := YMM()
		VPCMPEQD(g.temp(fmt.Sprint("numbers", i)), chosen, t)
		VMOVDQU(t, m)
	}
	acc := make([]reg.VecVirtual, g.f.r)
	for j := range entries {
		mask := YMM()
		VPBROADCASTD(masks[j/8].Offset(j%8*4), mask)
		for i := range acc {
			entry := Mem{Base: table, Disp: j*g.f.entrySize() + 32*i}
			if j == 0 {
				acc[i] = YMM()
				VPAND(entry, mask, acc[i])
				continue
			}
			t := YMM()
			VPAND(entry, mask, t)
			VPXOR(t, acc[i], acc[i])
		}
	}
	for i, a := range acc {
		VMOVDQU(a.AsX(), pair(2*i))
		VEXTRACTI128(U8(1), a, pair(2*i+1))
	}
}

// numbers writes those of the entries into the frame.
func (g *gen) numbers() {
	for j := range entries / 2 {
		g.store(uint64(2*j+1)<<32|uint64(2*j), g.temp(fmt.Sprint("numbers", j/4)).Offset(j%4*8))
	}
}

// accumulate adds up the buffer. Between the additions it has not l but numbers of which
// l = t² + z·m: the next addition takes a product with z anyway.
func (g *gen) accumulate(c *chooser) {
	c.first()
	f := g.f
	buf := Load(Param("buf"), GP64())
	rounds := Load(Param("windows"), GP64())
	SHRQ(U8(map[int]int{32: 1, 64: 2}[g.width]), rounds)
	entry := func(part int) elem {
		return g.each(func(i int) Op { return Mem{Base: buf, Disp: (part*f.regs() + i) * g.width} })
	}
	ex, el := entry(0), entry(1)
	X, Z, T, M := g.tempElem("X"), g.tempElem("Z"), g.tempElem("t"), g.tempElem("m")
	one := g.temp("one")
	for lane := range g.width / 16 {
		g.store(1, one.Offset(16*lane))
		g.store(0, one.Offset(16*lane+8))
		g.storeElem(1, Z, lane)
		g.storeElem(0, T, lane)
	}
	for i := range X {
		g.set(g.mov(ex[i]), X[i])
		g.set(g.mov(el[i]), M[i])
	}
	SUBQ(U8(1), rounds)
	Label("round")
	ADDQ(U32(uint32(2*f.regs()*g.width)), buf)
	U := g.hold(g.mul(ex, Z), "U")
	A := g.hold(g.mulAddSqr(g.hold(g.add(el, M), "A"), Z, T), "A")
	for i := range M {
		if i == 0 {
			g.set(g.xor(el[0], one), M[0])
		} else {
			g.set(g.mov(el[i]), M[i])
		}
	}
	c.next(0)
	B := g.hold(g.sqr(g.hold(g.add(U, X), "t")), "B")
	AZ := g.hold(g.mul(A, Z), "AZ")
	c.next(1)
	C := g.hold(g.mul(A, X), "C")
	c.next(2)
	AU := g.hold(g.mul(A, U), "U")
	c.next(3)
	g.hold(g.mul(AZ, B), "Z")
	g.hold(g.mul(C, AU), "X")
	g.hold(g.add(C, B), "t")
	SUBQ(U8(1), rounds)
	JNZ(LabelRef("round"))
	L := g.hold(g.mulAddSqr(Z, M, T), "L")
	g.addLanes(X, L, Z)
	out := g.param("out")
	for i, a := range []elem{X, L, Z} {
		g.write(g.low(a), out.Offset(8*i*f.words()))
	}
	g.end()
}

// low is the lowest lane of an element in the frame.
func (g *gen) low(a elem) elem {
	return g.each(func(i int) Op { x := XMM(); g.set(a[i], x); return x })
}

// addLanes adds the upper half of the lanes of a point in the frame to the lower half. Four lanes
// take it twice, on two lanes both times.
func (g *gen) addLanes(X, L, Z elem) {
	g.width, g.tight = g.width/2, true
	other := GP64()
	LEAQ(Mem{Base: g.base, Disp: g.width}, other)
	if g.width == 32 {
		Label("lanes")
	}
	from := func(a elem) elem {
		return g.each(func(i int) Op { return Mem{Base: other, Disp: a[i].(Mem).Disp} })
	}
	X2, L2, Z2 := from(X), from(L), from(Z)
	U := g.hold(g.mul(X, Z2), "U")
	V := g.hold(g.mul(X2, Z), "C")
	A := g.hold(g.mulAdd([2]elem{L, Z2}, [2]elem{L2, Z}), "A")
	B := g.hold(g.sqr(g.hold(g.add(U, V), "t")), "B")
	AV := g.hold(g.mul(A, V), "C")
	AU := g.hold(g.mul(A, U), "U")
	AZ := g.hold(g.mul(A, Z2), "A")
	g.hold(g.mul(AU, AV), "X")
	C := g.hold(g.mul(AZ, B), "S")
	t := g.hold(g.add(AV, B), "t")
	sum := g.hold(g.add(L, Z), "l1")
	g.hold(g.mul(C, Z), "Z")
	g.hold(g.mulAddSqr(C, sum, t), "L")
	if g.width == 32 {
		SUBQ(U8(16), other)
		CMPQ(other, g.base)
		JNE(LabelRef("lanes"))
	}
}
