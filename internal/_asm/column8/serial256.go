package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// One block at a time with AVX2: a lane has two rows, r at its beginning and r+4 in its middle. The
// first vector has the lanes of rows 0 and 1, the second one those of rows 2 and 3. So a lane
// needs one S-box.

// halves are the two vectors.
type halves [2]reg.VecVirtual

type serial2 struct {
	columns int
	paired  bool // another order in the lanes: see expand256
	boxes   Mem
	block   Mem // 64 bytes in the frame
}

func serial256(columns int) {
	g := &serial2{columns: columns}
	name := fmt.Sprintf("chain%dAVX2", columns)
	TEXT(name, 0, "func(dst, src *byte, blocks, step int, keys *uint64, rounds int, sboxes *[2][16][2][16]byte, state *[8]uint64)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s encrypts at least one block of %d columns after it has added to each the block encrypted", name, columns),
		"before, the first time state, which becomes the last. dst moves by step after each.")
	dst, src := Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("src"), GP64())}
	blocks, step := Load(Param("blocks"), GP64()), Load(Param("step"), GP64())
	keys, rounds := Mem{Base: Load(Param("keys"), GP64())}, Load(Param("rounds"), GP64())
	g.boxes = Mem{Base: Load(Param("sboxes"), GP64())}
	state := Mem{Base: Load(Param("state"), GP64())}
	frame := GP64()
	LEAQ(AllocLocal(64*maxRounds+64+32), frame)
	ADDQ(U8(31), frame)
	ANDQ(I8(-32), frame)
	sliced := Mem{Base: frame}
	g.block = Mem{Base: frame, Disp: 64 * maxRounds}
	g.sliceKeys(keys, sliced, rounds)
	last := GP64()
	MOVQ(rounds, last)
	SHLQ(U8(rowShift(columns)), last)
	ADDQ(keys.Base, last)

	Label("block")
	for q := range columns / 2 {
		t := XMM()
		VMOVDQU(state.Offset(16*q), t)
		VPXOR(src.Offset(16*q), t, t)
		VPADDQ(keys.Offset(16*q), t, t)
		VMOVDQU(t, g.block.Offset(16*q))
	}
	x := g.slice(g.block)
	key, n := GP64(), GP64()
	MOVQ(sliced.Base, key)
	MOVQ(rounds, n)
	Label("round")
	g.sub(x)
	g.mix(x, Mem{Base: key})
	ADDQ(U8(64), key)
	DECQ(n)
	JNZ(LabelRef("round"))
	for q := range columns / 2 {
		low, high := g.unslice(x, q), XMM()
		VEXTRACTI128(U8(1), low, high)
		VMOVDQA(low, g.block) // its lower lane counts
		VPXOR(g.block, high, high)
		VPADDQ(Mem{Base: last, Disp: 16 * q}, high, high)
		VMOVDQU(high, state.Offset(16*q))
		VMOVDQU(high, dst.Offset(16*q))
	}
	ADDQ(U32(uint32(8*columns)), src.Base)
	ADDQ(step, dst.Base)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// sliceKeys puts the keys between the first and the last into the form of the rows, and adds what
// MIX is off by.
func (g *serial2) sliceKeys(keys, to Mem, rounds reg.Register) {
	off := YMM()
	VMOVDQU(mixErrors(), off)
	k, z, n := GP64(), GP64(), GP64()
	LEAQ(keys.Offset(8*g.columns), k)
	MOVQ(to.Base, z)
	LEAQ(Mem{Base: rounds, Disp: -1}, n)
	TESTQ(n, n)
	JZ(LabelRef("sliced"))
	Label("key")
	for i, v := range g.slice(Mem{Base: k}) {
		VPXOR(off, v, v)
		VMOVDQA(v, Mem{Base: z, Disp: 32 * i})
	}
	ADDQ(U8(uint8(8*g.columns)), k)
	ADDQ(U8(64), z)
	DECQ(n)
	JNZ(LabelRef("key"))
	Label("sliced")
	VMOVDQA(off, Mem{Base: z})
	VMOVDQA(off, Mem{Base: z, Disp: 32})
}

// wide declares 32 constant bytes.
func wide(name string, f func(lane, i int) byte) Mem {
	return vectorData(name, func(i int) byte { return f(i/16%2, i%16) })
}

// slice takes the columns of a block apart.
func (g *serial2) slice(from Mem) (x halves) {
	for q := range g.columns / 2 {
		t := YMM()
		VBROADCASTI128(from.Offset(16*q), t)
		for h := range x {
			mask := wide(fmt.Sprintf("slice%dof%d", h, q), func(lane, i int) byte {
				if row, c := 2*h+lane+i/8*4, i%8-2*q; c == 0 || c == 1 {
					return byte(8*c + row)
				}
				return 0x80
			})
			if q == 0 {
				x[h] = YMM()
				VPSHUFB(mask, t, x[h])
				continue
			}
			u := YMM()
			VPSHUFB(mask, t, u)
			VPXOR(u, x[h], x[h])
		}
	}
	return x
}

// unslice returns two vectors of lanes that add up to columns 2q and 2q+1.
func (g *serial2) unslice(x halves, q int) reg.VecVirtual {
	var z halves
	for h := range x {
		z[h] = YMM()
		VPSHUFB(wide(fmt.Sprintf("unslice%dof%d", h, q), func(lane, i int) byte {
			if row := i % 8; row%4 == 2*h+lane {
				return byte(row/4*8 + 2*q + i/8)
			}
			return 0x80
		}), x[h], z[h])
	}
	VPXOR(z[1], z[0], z[0])
	return z[0]
}

// where returns which column byte i of a lane is of, and whether of the lower (0) or upper row (1).
func (g *serial2) where(i int) (column, upper int) {
	if g.paired {
		pair := [4]int{0, 2, 1, 3}[i/4]
		return 2*pair + i%2, i % 4 / 2
	}
	return i % 8, i / 8
}

// place is the inverse of where.
func (g *serial2) place(column, upper int) (i int) {
	for ; ; i++ {
		if c, u := g.where(i); c == column && u == upper {
			return i
		}
	}
}

// sub applies SUB and SHIFT. The first vector is done long before the second one, so that mix can
// begin.
func (g *serial2) sub(x halves) {
	sixteen, low := YMM(), YMM()
	VMOVDQU(lanes("sixteen", func(int) byte { return 16 }), sixteen)
	VMOVDQU(lanes("low", func(int) byte { return 0x7f }), low)
	for h, v := range x {
		at, top := YMM(), YMM()
		VPXOR(top, top, top)
		VPAND(low, v, at)
		VPCMPGTB(v, top, top)
		var sums [2]reg.VecVirtual
		for i := range 8 {
			for half := range sums {
				t := YMM()
				VMOVDQU(g.boxes.Offset(512*h+32*(8*half+i)), t)
				VPSHUFB(at, t, t)
				if i == 0 {
					sums[half] = t
				} else {
					VPXOR(t, sums[half], sums[half])
				}
			}
			if i < 7 { // what is below 0 stays there and counts no more
				VPSUBSB(sixteen, at, at)
			}
		}
		VPAND(top, sums[1], top)
		VPXOR(top, sums[0], v)
		name := fmt.Sprintf("shift%dof%d", h, g.columns)
		if g.paired {
			name = "paired" + name
		}
		VPSHUFB(wide(name, func(lane, i int) byte {
			c, upper := g.where(i)
			row := 2*h + lane + 4*upper
			return byte(g.place(c/g.columns*g.columns+(c+g.columns-row*g.columns/8)%g.columns, upper))
		}), v, v)
	}
}

// mix applies MIX and adds the key: see the kernels for many blocks.
func (g *serial2) mix(x halves, key Mem) {
	poly := YMM()
	VMOVDQU(lanes("poly", func(int) byte { return 0x1d }), poly)
	double := func(v reg.VecVirtual) reg.VecVirtual {
		t, z := YMM(), YMM()
		VPSHUFB(v, poly, t)
		VPADDB(v, v, z)
		VPXOR(t, z, z)
		return z
	}
	swap := func(v reg.VecVirtual) reg.VecVirtual { // r and r+4
		z := YMM()
		if g.paired {
			VPSHUFB(lanes("swap", func(i int) byte { return byte(i ^ 2) }), v, z)
		} else {
			VPSHUFD(U8(0x4e), v, z)
		}
		return z
	}
	add := func(v reg.VecVirtual, terms ...Op) reg.VecVirtual {
		z := YMM()
		VPXOR(terms[0], v, z)
		for _, t := range terms[1:] {
			VPXOR(t, z, z)
		}
		return z
	}
	next := func(a, b reg.VecVirtual) reg.VecVirtual { return lane(0x21, a, b) } // the rows after those of a

	// Of the formula there, p_(r+1) + p_(r+3) is q_(r+1) with q_i = p_i + p_(i+2), and p_(r+6) is added
	// to what is doubled before that is moved by four rows. What is known last is added last.
	x0, x1 := x[0], x[1]
	y0, y1 := double(double(x0)), double(double(x1))
	p0, p1 := add(x0, swap(y0)), add(x1, swap(y1))
	xs, ps := swap(x0), swap(p0)
	q0, q1 := add(p1, p0), add(p1, ps)
	u0 := double(add(y0, x1, next(x0, x1)))
	u1 := double(add(y1, xs, next(x1, xs)))
	z0 := add(x0, key, p1, swap(add(u0, p1)), next(q0, q1))
	z1 := add(x1, key.Offset(32), ps, swap(add(u1, ps)), next(q1, swap(q0)))
	VMOVDQA(z0, x[0])
	VMOVDQA(z1, x[1])
}
