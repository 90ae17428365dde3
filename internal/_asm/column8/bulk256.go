package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// With AVX2 a group is 32 columns, 256 bytes. An S-box is 16 tables of 16 bytes. Table i of the first
// eight counts for all bytes of which the lower seven bits are 16·i or more, and so holds the sum of
// the entries from 16·i and those 16 places before. Table i of the other eight is added to it where
// the top bit is set.

// small emits one function.
type small struct {
	columns int
	invert  bool
	sboxes  Mem
	keys    Mem
	x, y, z Mem // rows in the frame
}

// mixError is what the results of mix are off by.
const mixError = 0x53

func bulk256(columns int, invert bool) {
	g := &small{columns: columns, invert: invert}
	name, verb := fmt.Sprintf("encrypt%dAVX2", columns), "encrypts"
	if invert {
		name, verb = fmt.Sprintf("decrypt%dAVX2", columns), "decrypts"
	}
	TEXT(name, 0, "func(dst, src *byte, groups int, keys *uint64, rounds int, sboxes *[2][16][2][16]byte)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s %s groups of 256 bytes, at least one, in blocks of %d columns.", name, verb, columns))
	dst, src := Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("src"), GP64())}
	groups := Load(Param("groups"), GP64())
	keys := Mem{Base: Load(Param("keys"), GP64())}
	rounds := Load(Param("rounds"), GP64())
	g.sboxes = Mem{Base: Load(Param("sboxes"), GP64())}
	frame := GP64()
	LEAQ(AllocLocal(64*maxRounds+3*256+32), frame)
	ADDQ(U8(31), frame)
	ANDQ(I8(-32), frame)
	at := func(n int) Mem { return Mem{Base: frame, Disp: n} }
	g.keys, g.x, g.y, g.z = at(0), at(64*maxRounds), at(64*maxRounds+256), at(64*maxRounds+512)
	g.sliceKeys(keys, rounds)
	last := GP64()
	MOVQ(rounds, last)
	SHLQ(U8(rowShift(columns)), last)
	ADDQ(keys.Base, last)

	Label("group")
	g.slice(src, keys)
	key, n := GP64(), GP64()
	LEAQ(g.keys, key)
	MOVQ(rounds, n)
	Label("round")
	if invert {
		g.invMix(Mem{Base: key})
		g.sub()
	} else {
		g.sub()
		g.mix(Mem{Base: key})
	}
	ADDQ(U8(64), key)
	DECQ(n)
	JNZ(LabelRef("round"))
	g.unslice(Mem{Base: last}, dst)
	ADDQ(U32(256), src.Base)
	ADDQ(U32(256), dst.Base)
	DECQ(groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

// lanes declares 32 constant bytes, twice the same 16.
func lanes(name string, f func(i int) byte) Mem {
	return vectorData(name, func(i int) byte { return f(i % 16) })
}

// pairs brings the bytes of a row from two columns together, and apart.
func pairs() Mem { return lanes("pairs", func(i int) byte { return byte(i%2*8 + i/2) }) }
func apart() Mem { return lanes("apart", func(i int) byte { return byte(i%8*2 + i/8) }) }

// sliceKeys puts the keys between the first and the last into the form of the rows, eight bytes
// each, and nothing where there is none. For encryption it adds what mix is off by.
func (g *small) sliceKeys(keys Mem, rounds reg.Register) {
	mask, off := XMM(), XMM()
	VMOVDQU(pairs(), mask)
	from, to, n := GP64(), GP64(), GP64()
	LEAQ(keys.Offset(8*g.columns), from)
	MOVQ(g.keys.Base, to)
	LEAQ(Mem{Base: rounds, Disp: -1}, n)
	nothing := func() {
		for i := range 4 {
			VMOVDQU(off, Mem{Base: to, Disp: 16 * i})
		}
	}
	if g.invert {
		VPXOR(off, off, off)
		nothing()
		ADDQ(U8(64), to)
	} else {
		VMOVDQU(mixErrors(), off)
	}
	TESTQ(n, n)
	JZ(LabelRef("sliced"))
	Label("key")
	var x [4]reg.VecVirtual
	for i := range x {
		x[i] = XMM()
		VMOVDQU(Mem{Base: from, Disp: 16 * i % (8 * g.columns)}, x[i])
		VPSHUFB(mask, x[i], x[i])
	}
	var pair [2][2]reg.VecVirtual // rows 0 to 3 and 4 to 7 of columns 0 to 3 and 4 to 7
	for i := range pair {
		pair[i][0], pair[i][1] = XMM(), XMM()
		VPUNPCKLWD(x[2*i+1], x[2*i], pair[i][0])
		VPUNPCKHWD(x[2*i+1], x[2*i], pair[i][1])
	}
	for h := range 2 {
		low, high := XMM(), XMM()
		VPUNPCKLDQ(pair[1][h], pair[0][h], low)
		VPUNPCKHDQ(pair[1][h], pair[0][h], high)
		for i, v := range []reg.VecVirtual{low, high} {
			if !g.invert {
				VPXOR(off, v, v)
			}
			VMOVDQU(v, Mem{Base: to, Disp: 32*h + 16*i})
		}
	}
	ADDQ(U8(uint8(8*g.columns)), from)
	ADDQ(U8(64), to)
	DECQ(n)
	JNZ(LabelRef("key"))
	Label("sliced")
	if !g.invert {
		nothing()
	}
}

// white returns what is added to vector j of a group.
func (g *small) white(key Mem, j int) reg.VecVirtual {
	k := YMM()
	if g.columns == 2 {
		VBROADCASTI128(key, k)
	} else {
		VMOVDQU(key.Offset(32*j%(8*g.columns)), k)
	}
	return k
}

// lane takes a lane of each vector: the lower ones by 0x20, the upper ones by 0x31.
func lane(imm uint8, a, b reg.VecVirtual) reg.VecVirtual {
	z := YMM()
	VPERM2I128(U8(imm), b, a, z)
	return z
}

// gather exchanges 16-byte lanes so that a block lies in one half of adjacent vectors. It is its
// own inverse for two and four columns.
func (g *small) gather(v rows) (w rows) {
	switch g.columns {
	case 2:
		return v
	case 4:
		for j := 0; j < 8; j += 2 {
			w[j], w[j+1] = lane(0x20, v[j], v[j+1]), lane(0x31, v[j], v[j+1])
		}
	default:
		for j := 0; j < 8; j += 4 {
			w[j], w[j+1] = lane(0x20, v[j], v[j+2]), lane(0x31, v[j], v[j+2])
			w[j+2], w[j+3] = lane(0x20, v[j+1], v[j+3]), lane(0x31, v[j+1], v[j+3])
		}
	}
	return w
}

// scatter is the inverse of gather.
func (g *small) scatter(v rows) (w rows) {
	if g.columns < 8 {
		return g.gather(v)
	}
	for j := 0; j < 8; j += 4 {
		w[j], w[j+2] = lane(0x20, v[j], v[j+1]), lane(0x31, v[j], v[j+1])
		w[j+1], w[j+3] = lane(0x20, v[j+2], v[j+3]), lane(0x31, v[j+2], v[j+3])
	}
	return w
}

// transposeWords makes vector i of the words i of all vectors, in each half. It is its own inverse.
func transposeWords(v rows) rows {
	var a, b, c rows
	unpack := func(low, high func(...Op), x, y reg.VecVirtual) (l, h reg.VecVirtual) {
		l, h = YMM(), YMM()
		low(y, x, l)
		high(y, x, h)
		return l, h
	}
	for j := 0; j < 8; j += 2 {
		a[j], a[j+1] = unpack(VPUNPCKLWD, VPUNPCKHWD, v[j], v[j+1])
	}
	for j := 0; j < 8; j += 4 {
		b[j], b[j+1] = unpack(VPUNPCKLDQ, VPUNPCKHDQ, a[j], a[j+2])
		b[j+2], b[j+3] = unpack(VPUNPCKLDQ, VPUNPCKHDQ, a[j+1], a[j+3])
	}
	for j := range 4 {
		c[2*j], c[2*j+1] = unpack(VPUNPCKLQDQ, VPUNPCKHQDQ, b[j], b[j+4])
	}
	return c
}

// slice loads a group and adds the first key.
func (g *small) slice(src, key Mem) {
	var v rows
	for j := range v {
		v[j] = YMM()
		VMOVDQU(src.Offset(32*j), v[j])
		g.add(g.white(key, j), v[j])
		VPSHUFB(pairs(), v[j], v[j])
	}
	for r, x := range transposeWords(g.gather(v)) {
		VMOVDQA(x, row(g.x, r))
	}
}

// add adds a key for encryption and subtracts it for decryption.
func (g *small) add(k, x reg.VecVirtual) {
	if g.invert {
		VPSUBQ(k, x, x)
	} else {
		VPADDQ(k, x, x)
	}
}

// unslice adds the last key and stores the group.
func (g *small) unslice(key, dst Mem) {
	var x rows
	for r := range x {
		x[r] = g.load(row(g.x, r))
	}
	for j, v := range g.scatter(transposeWords(x)) {
		VPSHUFB(apart(), v, v)
		g.add(g.white(key, j), v)
		VMOVDQU(v, dst.Offset(32*j))
	}
}

func row(m Mem, r int) Mem { return m.Offset(32 * (r % 8)) }

func (g *small) load(m Mem) reg.VecVirtual {
	z := YMM()
	VMOVDQU(m, z)
	return z
}

// sub applies SUB and then SHIFT, or the inverse of SHIFT and then that of SUB.
func (g *small) sub() {
	sixteen := g.load(lanes("sixteen", func(int) byte { return 16 }))
	for r := range 4 {
		var at, top [2]reg.VecVirtual // for rows r and r+4
		var sum [2][2]reg.VecVirtual
		for h := range at {
			at[h], top[h] = g.load(row(g.x, r+4*h)), YMM()
			if g.invert {
				g.shift(r+4*h, at[h])
			}
			VPXOR(top[h], top[h], top[h])
			VPCMPGTB(at[h], top[h], top[h])
			VPAND(lanes("low", func(int) byte { return 0x7f }), at[h], at[h])
		}
		for i := range 16 {
			i, half := i/2, i%2
			t := YMM()
			VBROADCASTI128(g.sboxes.Offset(512*(r/2)+32*(8*half+i)+16*(r%2)), t)
			for h := range at {
				if i == 0 {
					sum[half][h] = YMM()
					VPSHUFB(at[h], t, sum[half][h])
				} else {
					u := YMM()
					VPSHUFB(at[h], t, u)
					VPXOR(u, sum[half][h], sum[half][h])
				}
				if half == 1 && i < 7 { // what is below 0 stays there and counts no more
					VPSUBSB(sixteen, at[h], at[h])
				}
			}
		}
		for h, x := range sum[0] {
			VPAND(top[h], sum[1][h], top[h])
			VPXOR(top[h], x, x)
			if !g.invert {
				g.shift(r+4*h, x)
			}
			VMOVDQA(x, row(g.x, r+4*h))
		}
	}
}

// shift rotates row r of each block.
func (g *small) shift(r int, x reg.VecVirtual) {
	by := r * g.columns / 8
	if by == 0 {
		return
	}
	if g.invert {
		by = g.columns - by
	}
	VPSHUFB(shuffleMask(g.columns, by), x, x)
}

// mix applies MIX and adds the key: see the kernels of 64 columns. All that is doubled is off by
// 1dh: y by 27h, and the result by mixError, because four times y cancels.
func (g *small) mix(key Mem) {
	poly := g.load(lanes("poly", func(int) byte { return 0x1d }))
	double := func(x reg.VecVirtual) { // the shuffle gives 1dh for bytes below 80h and 0 for others
		t := YMM()
		VPSHUFB(x, poly, t)
		VPADDB(x, x, x)
		VPXOR(t, x, x)
	}
	for r := range 8 {
		x := g.load(row(g.x, r))
		double(x)
		double(x)
		VMOVDQA(x, row(g.y, r))
	}
	for r := range 8 {
		y, p := g.load(row(g.y, r+4)), YMM()
		VPXOR(row(g.x, r), y, p)
		VMOVDQA(p, row(g.z, r))
		VPXOR(row(g.x, r+5), y, y)
		VPXOR(row(g.x, r+6), y, y)
		double(y)
		VMOVDQA(y, row(g.y, r+4))
	}
	for r := range 8 {
		sum := YMM()
		VPBROADCASTQ(key.Offset(8*r), sum)
		for _, m := range []Mem{row(g.x, r), row(g.z, r+1), row(g.z, r+2), row(g.z, r+3), row(g.z, r+6), row(g.y, r+4)} {
			VPXOR(m, sum, sum)
		}
		VMOVDQA(sum, row(g.x, r))
	}
}

// invMix applies the inverse of MIX and adds the key. Products are looked up by nibbles.
func (g *small) invMix(key Mem) {
	nibble := g.load(lanes("nibble", func(int) byte { return 0x0f }))
	for r := range 8 {
		x, high := g.load(row(g.x, r)), YMM()
		VPSRLW(U8(4), x, high)
		VPAND(nibble, x, x)
		VPAND(nibble, high, high)
		VMOVDQA(x, row(g.y, r))
		VMOVDQA(high, row(g.z, r))
	}
	var sum rows
	for r := range sum {
		sum[r] = YMM()
		VPBROADCASTQ(key.Offset(8*r), sum[r])
	}
	for d, v := range invMixRow {
		low := g.load(lanes(fmt.Sprintf("low%d", v), func(i int) byte { return multiply(v, byte(i)) }))
		high := g.load(lanes(fmt.Sprintf("high%d", v), func(i int) byte { return multiply(v, byte(i<<4)) }))
		for r := range sum {
			t, u := YMM(), YMM()
			VPSHUFB(row(g.y, r+d), low, t)
			VPSHUFB(row(g.z, r+d), high, u)
			VPXOR(t, sum[r], sum[r])
			VPXOR(u, sum[r], sum[r])
		}
	}
	for r := range sum {
		VMOVDQA(sum[r], row(g.x, r))
	}
}

// multiply is the product in GF(2^8) modulo 0x11d.
func multiply(a, b byte) (p byte) {
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		if a >= 0x80 {
			a = a<<1 ^ 0x1d
		} else {
			a <<= 1
		}
	}
	return p
}
