package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func vecOf(a Op) reg.VecVirtual { return a.(reg.VecVirtual) }

// setup writes the constants of the reduction into the frame.
func (g *gen) setup() {
	if g.f.top() {
		return
	}
	g.mask = g.slot()
	bits := ^uint64(0) >> (64 - g.f.m%64)
	for lane := range g.width / 16 {
		if g.f.w%2 == 1 {
			g.store(bits, g.mask.Offset(16*lane))
			g.store(0, g.mask.Offset(16*lane+8))
		} else {
			g.store(^uint64(0), g.mask.Offset(16*lane))
			g.store(bits, g.mask.Offset(16*lane+8))
		}
	}
}

// store writes a constant.
func (g *gen) store(v uint64, m Mem) {
	t := GP64()
	MOVQ(U64(v), t)
	MOVQ(t, m)
}

// storeElem writes the small constant v, an element, to the lane of z in the frame.
func (g *gen) storeElem(v uint64, z elem, lane int) {
	for i := range z {
		w := v
		if i > 0 {
			w = 0
		}
		g.store(w, z[i].(Mem).Offset(16*lane))
		g.store(0, z[i].(Mem).Offset(16*lane+8))
	}
}

// copyIn copies the element in Go memory at p to a lane of z in the frame.
func (g *gen) copyIn(p Mem, z elem, lane int) {
	t := GP64()
	for i := range g.f.r {
		for j := range 2 {
			dst := z[i].(Mem).Offset(16*lane + 8*j)
			if 2*i+j < g.f.w {
				MOVQ(p.Offset(8*(2*i+j)), t)
				MOVQ(t, dst)
			} else {
				g.store(0, dst)
			}
		}
	}
	if g.f.top() {
		MOVQ(p.Offset(8*4), t)
		NEGQ(t)
		for j := range 2 {
			MOVQ(t, z[g.f.r].(Mem).Offset(16*lane+8*j))
		}
	}
}

// read loads the element in Go memory at p into XMM registers.
func (g *gen) read(p Mem) elem {
	return g.each(func(i int) Op {
		z := XMM()
		switch {
		case g.f.top() && i == g.f.r:
			t := GP64()
			MOVQ(p.Offset(8*4), t)
			NEGQ(t)
			VMOVQ(t, z)
			VPSHUFD(U8(0x44), z, z)
		case 2*i+1 < g.f.w:
			g.set(p.Offset(16*i), z)
		default:
			VMOVQ(p.Offset(16*i), z)
		}
		return z
	})
}

// write stores the element in the lowest lane of a to Go memory.
func (g *gen) write(a elem, p Mem) {
	for i := range a {
		g.writePair(g.lowLane(a[i]), i, p)
	}
}

func (g *gen) lowLane(a Op) reg.Register {
	return g.reg(a).(reg.Vec).AsX()
}

func (g *gen) writePair(x reg.Register, i int, p Mem) {
	switch {
	case g.f.top() && i == g.f.r:
		t := GP64()
		VMOVQ(x, t)
		ANDQ(U8(1), t)
		MOVQ(t, p.Offset(8*4))
	case 2*i+1 < g.f.w:
		g.set(x, p.Offset(16*i))
	default:
		VMOVQ(x, p.Offset(16*i))
	}
}

// end reserves the frame and leaves the function.
func (g *gen) end() {
	AllocLocal(g.slots + 64)
	VZEROUPPER()
	RET()
}
