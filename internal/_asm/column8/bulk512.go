package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The kernels for many blocks take a group of 64 columns: 512 bytes. Vector r holds row r of all
// columns, those of a block side by side. So SUB is a lookup in one S-box for the whole vector,
// SHIFT a rotation of words of as many bytes as a block has columns, and MIX adds up vectors.

// maxRounds is the largest number of rounds of the cipher.
const maxRounds = 18

// mixRow and invMixRow are the first rows of the matrix of MIX and of its inverse.
var invMixRow = [8]byte{0xad, 0x95, 0x76, 0xa8, 0x2f, 0x49, 0xd7, 0xca}

// times returns the bit matrix of the multiplication by v in GF(2^8) modulo 0x11d, as
// VGF2P8AFFINEQB takes it: byte 7-i says which bits of the factor make bit i of the product.
func times(v byte) (m uint64) {
	p := int(v)
	for in := range 8 {
		for out := range 8 {
			m |= uint64(p>>out&1) << (8*(7-out) + in)
		}
		if p <<= 1; p > 0xff {
			p ^= 0x11d
		}
	}
	return m
}

// vectorData declares 64 constant bytes.
func vectorData(name string, f func(i int) byte) Mem {
	m := GLOBL(name, 8|16) // RODATA, NOPTR
	for i := range 8 {
		var v uint64
		for j := range 8 {
			v |= uint64(f(8*i+j)) << (8 * j)
		}
		DATA(8*i, U64(v))
	}
	return m
}

// kernel emits one function for 64 columns at a time.
type kernel struct {
	columns int // of a block
	invert  bool
	tables  Mem // the S-boxes, 256 bytes each
	keys    Mem // the keys that are added after MIX, eight bytes a row
	matrix  map[byte]reg.Register
}

// rows is one vector for each row.
type rows [8]reg.VecVirtual

func bulk512(columns int, invert bool) {
	g := &kernel{columns: columns, invert: invert, matrix: map[byte]reg.Register{}}
	name, verb := fmt.Sprintf("encrypt%dAVX512", columns), "encrypts"
	if invert {
		name, verb = fmt.Sprintf("decrypt%dAVX512", columns), "decrypts"
	}
	TEXT(name, 0, "func(dst, src *byte, groups int, keys *[19][8]uint64, rounds int, sboxes *[4][256]byte)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s %s groups of 512 bytes in blocks of %d columns.", name, verb, columns))
	dst, src := Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("src"), GP64())}
	groups := Load(Param("groups"), GP64())
	keys := Mem{Base: Load(Param("keys"), GP64())}
	rounds := Load(Param("rounds"), GP64())
	g.tables = Mem{Base: Load(Param("sboxes"), GP64())}
	g.keys = AllocLocal(64 * maxRounds)
	g.sliceKeys(keys, rounds)
	g.loadMatrices()
	last := GP64()
	MOVQ(rounds, last)
	SHLQ(U8(6), last)
	ADDQ(keys.Base, last)

	Label("group")
	x := g.slice(src, keys)
	key, n := GP64(), GP64()
	LEAQ(g.keys, key)
	MOVQ(rounds, n)
	Label("round")
	g.round(x, Mem{Base: key})
	ADDQ(U8(64), key)
	DECQ(n)
	JNZ(LabelRef("round"))
	g.unslice(x, Mem{Base: last}, dst)
	ADDQ(U32(512), src.Base)
	ADDQ(U32(512), dst.Base)
	DECQ(groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

// sliceKeys puts the keys between the first and the last into the form of the rows, and a zero
// where there is none.
func (g *kernel) sliceKeys(keys Mem, rounds reg.Register) {
	mask := ZMM()
	VMOVDQU64(keyMask(g.columns), mask)
	from, to, n := GP64(), GP64(), GP64()
	LEAQ(keys.Offset(64), from)
	LEAQ(g.keys, to)
	LEAQ(Mem{Base: rounds, Disp: -1}, n)
	zero := ZMM()
	VPXORQ(zero, zero, zero)
	if g.invert {
		VMOVDQU64(zero, Mem{Base: to})
		ADDQ(U8(64), to)
	}
	Label("key")
	k := ZMM()
	VPERMB(Mem{Base: from}, mask, k)
	VMOVDQU64(k, Mem{Base: to})
	ADDQ(U8(64), from)
	ADDQ(U8(64), to)
	DECQ(n)
	JNZ(LabelRef("key"))
	if !g.invert {
		VMOVDQU64(zero, Mem{Base: to})
	}
}

var masks = map[int]Mem{}

// keyMask takes row r of the columns of a key, again and again, to the eight bytes of that row.
func keyMask(columns int) Mem {
	m, ok := masks[columns]
	if !ok {
		m = vectorData(fmt.Sprintf("transpose%d", columns), func(i int) byte { return byte(i%8%columns*8 + i/8) })
		masks[columns] = m
	}
	return m
}

func (g *kernel) loadMatrices() {
	list := []byte{2, 4, 8}
	if g.invert {
		list = invMixRow[:]
	}
	for _, v := range list {
		t, m := GP64(), ZMM()
		MOVQ(U64(times(v)), t)
		VPBROADCASTQ(t, m)
		g.matrix[v] = m
	}
}

// white returns a key of whole columns, repeated.
func (g *kernel) white(key Mem) reg.VecVirtual {
	z := ZMM()
	switch g.columns {
	case 2:
		VBROADCASTI64X2(key, z)
	case 4:
		VBROADCASTI64X4(key, z)
	default:
		VMOVDQU64(key, z)
	}
	return z
}

// slice loads a group and adds the first key.
func (g *kernel) slice(src, key Mem) rows {
	mask, k := ZMM(), g.white(key)
	VMOVDQU64(keyMask(8), mask)
	var z rows
	for j := range z {
		z[j] = ZMM()
		if g.invert {
			VMOVDQU64(src.Offset(64*j), z[j])
			VPSUBQ(k, z[j], z[j])
		} else {
			VPADDQ(src.Offset(64*j), k, z[j])
		}
		VPERMB(z[j], mask, z[j])
	}
	return transpose(z)
}

// unslice adds the last key and stores the group.
func (g *kernel) unslice(x rows, key, dst Mem) {
	mask, k := ZMM(), g.white(key)
	VMOVDQU64(keyMask(8), mask)
	for j, z := range transpose(x) {
		VPERMB(z, mask, z)
		if g.invert {
			VPSUBQ(k, z, z)
		} else {
			VPADDQ(k, z, z)
		}
		VMOVDQU64(z, dst.Offset(64*j))
	}
}

// transpose makes vector i of quadwords i.
func transpose(z rows) (y rows) {
	var p, q rows
	for j := 0; j < 8; j += 2 {
		p[j], p[j+1] = ZMM(), ZMM()
		VPUNPCKLQDQ(z[j+1], z[j], p[j])
		VPUNPCKHQDQ(z[j+1], z[j], p[j+1])
	}
	// Now p[j+h] has quadwords h, 2+h, 4+h, 6+h of the vectors j and j+1.
	lanes := func(imm uint8, a, b reg.VecVirtual) reg.VecVirtual {
		v := ZMM()
		VSHUFI64X2(U8(imm), b, a, v)
		return v
	}
	for j := 0; j < 8; j += 4 {
		for h := range 2 {
			q[j+h] = lanes(0x88, p[j+h], p[j+h+2])   // quadwords h, 4+h of the first two, then of the others
			q[j+h+2] = lanes(0xdd, p[j+h], p[j+h+2]) // 2+h, 6+h
		}
	}
	for i := range 4 {
		y[i], y[i+4] = lanes(0x88, q[i], q[i+4]), lanes(0xdd, q[i], q[i+4])
	}
	return y
}

// round leaves its result in the registers of x.
func (g *kernel) round(x rows, key Mem) {
	if g.invert {
		y := g.invMix(x, key)
		for r := range y {
			y[r] = g.shift(r, y[r])
			VMOVDQA64(g.sub(r, y[r]), x[r])
		}
		return
	}
	var y rows
	for r := range x {
		y[r] = g.shift(r, g.sub(r, x[r]))
	}
	g.mix(y, x, key)
}

// sub looks up row r. It spoils x.
func (g *kernel) sub(r int, x reg.VecVirtual) reg.VecVirtual {
	quarter := func(i int) Mem { return g.tables.Offset(256*(r%4) + 64*i) }
	k, y := K(), ZMM()
	VPMOVB2M(x, k)
	VMOVDQA64(x, y)
	VPERMI2B(quarter(1), g.table(quarter(0)), y)
	VPERMI2B(quarter(3), g.table(quarter(2)), x)
	VMOVDQU8(x, k, y)
	return y
}

// table returns 64 bytes of a table in a register.
func (g *kernel) table(m Mem) reg.VecVirtual {
	t := ZMM()
	VMOVDQU64(m, t)
	return t
}

// shift rotates row r of each block.
func (g *kernel) shift(r int, x reg.VecVirtual) reg.VecVirtual {
	by := r * g.columns / 8
	if by == 0 {
		return x
	}
	if g.invert {
		by = g.columns - by
	}
	switch by *= 8; g.columns {
	case 2:
		VPSHLDW(U8(uint8(by)), x, x, x)
	case 4:
		VPROLD(U8(uint8(by)), x, x)
	default:
		VPROLQ(U8(uint8(by)), x, x)
	}
	return x
}

func xor3(c, b Op, a reg.VecVirtual) { VPTERNLOGQ(U8(0x96), c, b, a) }

// mix sets out to MIX of x, with the key added. The row v of the matrix is 1, 1, 5, 1, 8, 6, 7, 4;
// with d_i = x_i + x_(i+1)
//
//	out_r = d_r + d_(r+2) + x_(r+6) + 2·d_(r+5) + 4·(d_(r+5) + x_(r+2) + x_(r+7)) + 8·x_(r+4).
func (g *kernel) mix(x, out rows, key Mem) {
	times := func(v byte, a reg.VecVirtual) reg.VecVirtual {
		z := ZMM()
		VGF2P8AFFINEQB(U8(0), g.matrix[v], a, z)
		return z
	}
	at := func(i int) reg.VecVirtual { return x[i%8] }
	var sums [8]reg.VecVirtual
	d := func(i int) reg.VecVirtual {
		if sums[i%8] == nil {
			sums[i%8] = ZMM()
			VPXORQ(at(i), at(i+1), sums[i%8])
		}
		return sums[i%8]
	}
	for r := range 8 {
		t := ZMM()
		VMOVDQA64(d(r+5), t)
		xor3(at(r+2), at(r+7), t)
		p2, p4, p8 := times(2, d(r+5)), times(4, t), times(8, at(r+4))
		d(r)
		d(r + 2)
		VMOVDQA64(d(r), out[r])
		xor3(d(r+2), at(r+6), out[r])
		VPTERNLOGQ_BCST(U8(0x96), key.Offset(8*r), p2, out[r])
		xor3(p4, p8, out[r])
	}
}

// invMix returns the inverse of MIX, with the key added.
func (g *kernel) invMix(x rows, key Mem) (y rows) {
	for r := range y {
		var p rows
		for d, v := range invMixRow {
			p[d] = ZMM()
			VGF2P8AFFINEQB(U8(0), g.matrix[v], x[(r+d)%8], p[d])
		}
		y[r] = p[0]
		VPTERNLOGQ_BCST(U8(0x96), key.Offset(8*r), p[1], y[r])
		for d := 2; d < 8; d += 2 {
			xor3(p[d], p[d+1], y[r])
		}
	}
	return y
}
