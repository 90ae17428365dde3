package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// gen emits the vector instructions of one function: of XMM, YMM or ZMM registers with AVX-512,
// or of XMM or YMM registers in the VEX encoding. That multiplies in XMM registers only.
type gen struct {
	avx   bool // VEX only
	width int  // bytes of a vector
	f     *field
	base  reg.GPVirtual // of the frame, aligned to 64 bytes
	slots int           // bytes of the frame that are taken
	mask  Mem           // of the top register, one per function

	scratch map[string]Mem
	tight   bool // no element stays in registers
}

// frame makes the base of the frame; end reserves it.
func (g *gen) frame() {
	g.base = GP64()
	LEAQ(AllocLocal(0), g.base)
	ADDQ(U8(63), g.base)
	ANDQ(I8(-64), g.base)
	g.scratch = map[string]Mem{}
}

// slot takes a vector in the frame.
func (g *gen) slot() Mem {
	g.slots = (g.slots + g.width - 1) &^ (g.width - 1)
	m := Mem{Base: g.base, Disp: g.slots}
	g.slots += g.width
	return m
}

// temp is the slot of that name, the same one for every caller.
func (g *gen) temp(name string) Mem {
	m, ok := g.scratch[name]
	if !ok {
		m = g.slot()
		g.scratch[name] = m
	}
	return m
}

func (g *gen) vec() reg.VecVirtual {
	switch g.width {
	case 16:
		return XMM()
	case 32:
		return YMM()
	}
	return ZMM()
}

func isMem(a Op) bool { _, ok := a.(Mem); return ok }

// mov copies a register or loads a vector.
func (g *gen) mov(a Op) reg.VecVirtual {
	z := g.vec()
	g.set(a, z)
	return z
}

// set copies a to z; one of them may be in memory.
func (g *gen) set(a, z Op) {
	switch {
	case g.avx && (isMem(a) || isMem(z)):
		VMOVDQU(a, z)
	case g.avx:
		VMOVDQA(a, z)
	case isMem(a) || isMem(z):
		VMOVDQU64(a, z)
	default:
		VMOVDQA64(a, z)
	}
}

// reg returns a in a register, which must not be written.
func (g *gen) reg(a Op) Op {
	if isMem(a) {
		return g.mov(a)
	}
	return a
}

// order puts an operand in memory second.
func (g *gen) order(a, b Op) (Op, Op) {
	if isMem(a) && !isMem(b) {
		return b, a
	}
	return g.reg(a), b
}

func (g *gen) xorTo(a, b Op, z reg.VecVirtual) {
	a, b = g.order(a, b)
	if g.avx {
		VPXOR(b, a, z)
	} else {
		VPXORQ(b, a, z)
	}
}

func (g *gen) xor(a, b Op) reg.VecVirtual { z := g.vec(); g.xorTo(a, b, z); return z }

func (g *gen) and(a, b Op) reg.VecVirtual {
	z := g.vec()
	a, b = g.order(a, b)
	if g.avx {
		VPAND(b, a, z)
	} else {
		VPANDQ(b, a, z)
	}
	return z
}

// addAnd sets z ^= a & b.
func (g *gen) addAnd(a, b Op, z reg.VecVirtual) {
	if g.avx {
		g.xorTo(z, g.and(a, b), z)
		return
	}
	a, b = g.order(a, b)
	VPTERNLOGQ(U8(0x78), b, a, z)
}

// choose returns a for clear and b for set bits of the vector mask.
func (g *gen) choose(mask, a, b Op) reg.VecVirtual {
	z := g.xor(a, b)
	if g.avx {
		z = g.and(z, mask)
		g.xorTo(z, a, z)
		return z
	}
	y := g.mov(a)
	VPTERNLOGQ(U8(0x78), mask, z, y)
	return y
}

// sum adds all terms.
func (g *gen) sum(terms ...Op) Op {
	if len(terms) == 1 {
		return terms[0]
	}
	if len(terms) == 2 {
		return g.xor(terms[0], terms[1])
	}
	if g.avx {
		z := g.xor(terms[0], terms[1])
		for _, t := range terms[2:] {
			g.xorTo(z, t, z)
		}
		return z
	}
	z := g.mov(terms[0])
	terms = terms[1:]
	for ; len(terms) >= 2; terms = terms[2:] {
		a, b := g.order(terms[0], terms[1])
		VPTERNLOGQ(U8(0x96), b, a, z)
	}
	if len(terms) == 1 {
		g.xorTo(z, terms[0], z)
	}
	return z
}

// adder adds up terms: at once where registers are scarce, at the end where three can be added
// by one instruction.
type adder struct {
	g     *gen
	terms []Op
	own   bool // terms[0] may be written
}

func (a *adder) add(terms ...Op) {
	a.terms = append(a.terms, terms...)
	for a.g.avx && len(a.terms) >= 2 {
		z := a.terms[0]
		if a.own {
			a.g.xorTo(z, a.terms[1], z.(reg.VecVirtual))
		} else {
			z = a.g.xor(z, a.terms[1])
		}
		a.terms, a.own = append([]Op{z}, a.terms[2:]...), true
	}
}

func (a *adder) sum() Op { return a.g.sum(a.terms...) }

// split reports whether products need the lanes of a vector one by one.
func (g *gen) split() bool { return g.avx && g.width == 32 }

// lanes lets emit work on one lane and then on the other one of elements in the frame, and put its
// results. It returns the number of them, and what joins those of both lanes.
func (g *gen) lanes(emit func(half func(elem) elem, put func(Op))) (n int, joined func(i int) reg.VecVirtual) {
	one := func(lane int, put func(Op)) {
		emit(func(a elem) elem {
			z := make(elem, len(a))
			for i := range a {
				z[i] = a[i].(Mem).Offset(16 * lane)
			}
			return z
		}, put)
	}
	keep := func(z Op, name string) Mem {
		m := g.temp(name)
		g.set(g.reg(z), m)
		return m
	}
	var low []Op
	var high []Mem
	g.width = 16
	one(1, func(z Op) { high = append(high, keep(z, fmt.Sprint("high", len(high)))) })
	one(0, func(z Op) {
		if g.f.r >= 4 {
			z = keep(z, fmt.Sprint("low", len(low)))
		}
		low = append(low, z)
	})
	g.width = 32
	return len(low), func(i int) reg.VecVirtual { return join(xmm(low[i]), high[i]) }
}

// xmm returns a in a register.
func xmm(a Op) reg.VecVirtual {
	if isMem(a) {
		z := XMM()
		VMOVDQU(a, z)
		return z
	}
	return vecOf(a)
}

// join sets the upper lane beside that of an XMM register. To avo it reads what was never written.
func join(low reg.VecVirtual, high Mem) reg.VecVirtual {
	z := YMM()
	i, err := x86.VINSERTI128(U8(1), high, low.AsY(), z)
	if err != nil {
		panic(err)
	}
	i.Inputs = []Op{high, low}
	Instruction(i)
	return z
}

// clmul multiplies one quadword of a with one of b: bit 0 of imm selects that of a, bit 4 of b.
func (g *gen) clmul(imm uint8, a, b Op) reg.VecVirtual {
	if g.split() {
		panic("product of wide vectors")
	}
	z := g.vec()
	if isMem(a) && !isMem(b) {
		a, b = b, a
		imm = imm>>4 | imm&1<<4
	}
	VPCLMULQDQ(U8(imm), b, g.reg(a), z)
	return z
}

func (g *gen) srl(n int, a Op) reg.VecVirtual { z := g.vec(); VPSRLQ(U8(n), g.vexReg(a), z); return z }
func (g *gen) sll(n int, a Op) reg.VecVirtual { z := g.vec(); VPSLLQ(U8(n), g.vexReg(a), z); return z }

// vexReg is for operands that may be in memory in the EVEX encoding only.
func (g *gen) vexReg(a Op) Op {
	if g.avx {
		return g.reg(a)
	}
	return a
}

// align8 returns the high quadword of lo and the low one of hi.
func (g *gen) align8(hi, lo Op) reg.VecVirtual {
	z := g.vec()
	VPALIGNR(U8(8), lo, g.reg(hi), z)
	return z
}

func (g *gen) bsll8(a Op) reg.VecVirtual { z := g.vec(); VPSLLDQ(U8(8), g.vexReg(a), z); return z }
func (g *gen) bsrl8(a Op) reg.VecVirtual { z := g.vec(); VPSRLDQ(U8(8), g.vexReg(a), z); return z }

// shrd appends to terms what adds up to (hi:lo) >> n.
func (g *gen) shrd(n int, lo, hi Op) []Op {
	if g.avx {
		lo, hi = g.reg(lo), g.reg(hi)
		return []Op{g.srl(n, lo), g.sll(64-n, hi)}
	}
	z := g.vec()
	VPSHRDQ(U8(n), hi, g.reg(lo), z)
	return []Op{z}
}

// shld returns what adds up to the high quadword of (hi:lo) << n.
func (g *gen) shld(n int, hi, lo Op) []Op {
	if g.avx {
		return []Op{g.sll(n, hi), g.srl(64-n, lo)}
	}
	z := g.vec()
	VPSHLDQ(U8(n), lo, g.reg(hi), z)
	return []Op{z}
}
