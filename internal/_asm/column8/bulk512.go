package main

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The kernels for many blocks take a group of 64 columns: 512 bytes. Vector r holds row r of all
// columns, those of a block side by side. So SUB is a lookup in one S-box for the whole vector,
// SHIFT a rotation of words of as many bytes as a block has columns, and MIX adds up vectors.

// maxRounds is the largest number of rounds of the cipher.
const maxRounds = 18

// invMixRow is the first row of the inverse of the matrix of MIX.
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

var constants = map[string]Mem{}

// vectorData declares 64 constant bytes, once for all functions.
func vectorData(name string, f func(i int) byte) Mem {
	if m, ok := constants[name]; ok {
		return m
	}
	m := GLOBL(name, attr.RODATA|attr.NOPTR)
	for i := range 8 {
		var v uint64
		for j := range 8 {
			v |= uint64(f(8*i+j)) << (8 * j)
		}
		DATA(8*i, U64(v))
	}
	constants[name] = m
	return m
}

// mode says what a kernel does around the cipher.
type mode struct {
	name   string
	invert bool
	// What the state is, for the documentation of the function.
	state string
}

var modes = []mode{
	{"encrypt", false, "state is not used."},
	{"decrypt", true, "state is not used."},
	{"ctr", false, "It xors src with the blocks encrypted of a counter. state is the values for the first 64 bytes;\nthe lowest columns must not overflow."},
	{"xtsEncrypt", false, "state is the masks of the first 64 bytes. At last it is those of the last."},
	{"xtsDecrypt", true, "state is the masks of the first 64 bytes. At last it is those of the last."},
	{"cbcDecrypt", true, "The end of state is the block before src."},
}

func (m mode) xts() bool { return m.name == "xtsEncrypt" || m.name == "xtsDecrypt" }

// kernel emits one function for 64 columns at a time.
type kernel struct {
	mode
	columns int // of a block
	tables  Mem // the S-boxes, 256 bytes each
	keys    Mem // the keys that are added after MIX, eight bytes a row
	chain   Mem // the state of the mode
	masks   Mem // of XTS, for one group
	matrix  map[byte]reg.Register
	high    [2]reg.VecVirtual // the top bit of each byte, and the one below it
}

// rows is one vector for each row.
type rows [8]reg.VecVirtual

func bulk512(columns int, m mode) {
	g := &kernel{columns: columns, mode: m, matrix: map[byte]reg.Register{}}
	name := fmt.Sprintf("%s%dAVX512", m.name, columns)
	TEXT(name, 0, "func(dst, src *byte, groups int, keys *uint64, rounds int, sboxes *[4][256]byte, state *[8]uint64)")
	Pragma("noescape")
	Doc(append([]string{fmt.Sprintf("%s takes groups of 512 bytes, at least one, in blocks of %d columns.", name, columns)},
		strings.Split(m.state, "\n")...)...)
	dst, src := Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("src"), GP64())}
	groups := Load(Param("groups"), GP64())
	keys := Mem{Base: Load(Param("keys"), GP64())}
	rounds := Load(Param("rounds"), GP64())
	g.tables = Mem{Base: Load(Param("sboxes"), GP64())}
	g.keys = AllocLocal(64 * maxRounds)
	g.sliceKeys(keys, rounds)
	g.loadMatrices()
	g.begin(keys)
	last := GP64()
	MOVQ(rounds, last)
	SHLQ(U8(rowShift(columns)), last)
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
	g.unslice(x, Mem{Base: last}, dst, src)
	ADDQ(U32(512), src.Base)
	ADDQ(U32(512), dst.Base)
	DECQ(groups)
	JNZ(LabelRef("group"))
	if g.xts() {
		state := Mem{Base: Load(Param("state"), GP64())}
		z := ZMM()
		VMOVDQU64(g.masks.Offset(448), z)
		VMOVDQU64(z, state)
	}
	VZEROUPPER()
	RET()
}

// begin copies the state of the mode.
func (g *kernel) begin(key Mem) {
	if g.name == "encrypt" || g.name == "decrypt" {
		return
	}
	if g.xts() { // where vectors do not cross cache lines
		p := GP64()
		LEAQ(AllocLocal(64+512+64), p)
		ADDQ(U8(63), p)
		ANDQ(I8(-64), p)
		g.chain, g.masks = Mem{Base: p}, Mem{Base: p, Disp: 64}
	} else {
		g.chain = AllocLocal(64)
	}
	z := ZMM()
	VMOVDQU64(Mem{Base: Load(Param("state"), GP64())}, z)
	if g.name == "ctr" { // a counter plus the first key counts as well
		VPADDQ(g.white(key), z, z)
	}
	VMOVDQU64(z, g.chain)
}

// sliceKeys puts the keys between the first and the last into the form of the rows, and a zero
// where there is none.
func (g *kernel) sliceKeys(keys Mem, rounds reg.Register) {
	mask := ZMM()
	VMOVDQU64(keyMask(g.columns), mask)
	from, to, n := GP64(), GP64(), GP64()
	LEAQ(keys.Offset(8*g.columns), from)
	LEAQ(g.keys, to)
	LEAQ(Mem{Base: rounds, Disp: -1}, n)
	zero := ZMM()
	VPXORQ(zero, zero, zero)
	if g.invert {
		VMOVDQU64(zero, Mem{Base: to})
		ADDQ(U8(64), to)
	}
	TESTQ(n, n)
	JZ(LabelRef("sliced"))
	Label("key")
	k := ZMM()
	VPERMB(g.white(Mem{Base: from}), mask, k)
	VMOVDQU64(k, Mem{Base: to})
	ADDQ(U8(uint8(8*g.columns)), from)
	ADDQ(U8(64), to)
	DECQ(n)
	JNZ(LabelRef("key"))
	Label("sliced")
	if !g.invert {
		VMOVDQU64(zero, Mem{Base: to})
	}
}

// keyMask takes row r of the columns of a key, again and again, to the eight bytes of that row.
func keyMask(columns int) Mem {
	return vectorData(fmt.Sprintf("transpose%d", columns), func(i int) byte { return byte(i%8%columns*8 + i/8) })
}

func (g *kernel) loadMatrices() {
	list := []byte{2, 4}
	if g.invert {
		list = invMixRow[:]
	}
	broadcast := func(v uint64) reg.VecVirtual {
		t, z := GP64(), ZMM()
		MOVQ(U64(v), t)
		VPBROADCASTQ(t, z)
		return z
	}
	if g.invert {
		g.high = [2]reg.VecVirtual{broadcast(0x8080808080808080), broadcast(0x4040404040404040)}
	}
	for _, v := range list {
		g.matrix[v] = broadcast(times(v))
	}
}

// white returns a key of whole columns, repeated.
func (g *kernel) white(key Mem) reg.VecVirtual { return repeated(g.columns, key) }

// repeated loads so many columns, again and again.
func repeated(columns int, m Mem) reg.VecVirtual {
	z := ZMM()
	switch columns {
	case 2:
		VBROADCASTI64X2(m, z)
	case 4:
		VBROADCASTI64X4(m, z)
	default:
		VMOVDQU64(m, z)
	}
	return z
}

// rowShift is the binary logarithm of the bytes of so many columns.
func rowShift(columns int) uint8 { return uint8(3 + bits.TrailingZeros(uint(columns))) }

// slice loads a group, or makes it, and adds the first key.
func (g *kernel) slice(src, key Mem) rows {
	mask := ZMM()
	VMOVDQU64(keyMask(8), mask)
	var z rows
	switch {
	case g.name == "ctr":
		z = g.counters()
	case g.xts():
		z = g.tweaks()
	}
	k := g.white(key)
	for j := range z {
		at := src.Offset(64 * j)
		switch {
		case g.name == "ctr":
		case g.xts():
			VPXORQ(at, z[j], z[j])
			g.add(k, z[j])
		case g.invert:
			z[j] = ZMM()
			VMOVDQU64(at, z[j])
			g.add(k, z[j])
		default:
			z[j] = ZMM()
			VPADDQ(at, k, z[j])
		}
		VPERMB(z[j], mask, z[j])
	}
	return transpose(z)
}

// add adds a key for encryption and subtracts it for decryption.
func (g *kernel) add(k, z reg.VecVirtual) {
	if g.invert {
		VPSUBQ(k, z, z)
	} else {
		VPADDQ(k, z, z)
	}
}

// counters returns the counters of a group, plus the first key.
func (g *kernel) counters() (z rows) {
	step, next := ZMM(), ZMM()
	VMOVDQU64(onFirst(g.columns, uint64(8/g.columns)), step)
	VMOVDQU64(g.chain, next)
	for j := range z {
		z[j] = ZMM()
		VMOVDQA64(next, z[j])
		VPADDQ(step, next, next)
	}
	VMOVDQU64(next, g.chain)
	return z
}

// tweaks returns the masks of a group, which stay in the frame. They are the first one times powers
// of x: each word is shifted, and what it loses goes into the word above or, from the highest word,
// times the polynomial into the lowest.
func (g *kernel) tweaks() (z rows) {
	poly := map[int]uint64{2: 0x87, 4: 0x425, 8: 0x125}[g.columns]
	n := uint8(8 / g.columns)
	first, up, high := ZMM(), ZMM(), ZMM()
	VMOVDQU64(g.chain, first)
	switch g.columns { // each word in the place of the one above
	case 2:
		VPSHUFD(U8(0x4e), first, up)
	case 4:
		VPERMQ(U8(0x93), first, up)
	default:
		VALIGNQ(U8(7), first, first, up)
	}
	VMOVDQU64(onFirst(g.columns, poly^1), high)
	for j := range uint8(9) { // the last begins the next group
		v := first
		if j > 0 {
			over, wrapped := ZMM(), ZMM()
			v = ZMM()
			VPSRLQ(U8(64-j*n), up, over)
			VPSLLQ(U8(j*n), first, v)
			VPCLMULQDQ(U8(0), high, over, wrapped)
			xor3(over, wrapped, v)
		}
		if j == 8 {
			VMOVDQU64(v, g.chain)
			break
		}
		z[j] = v
		VMOVDQU64(v, g.masks.Offset(64*int(j)))
	}
	return z
}

// onFirst is a vector with v in the first of each run of columns.
func onFirst(columns int, v uint64) Mem {
	return vectorData(fmt.Sprintf("first%dof%d", v, columns), func(i int) byte {
		if i/8%columns != 0 {
			return 0
		}
		return byte(v >> (8 * (i % 8)))
	})
}

// unslice adds the last key and stores the group. It goes from the end to the beginning, because
// CBC needs the ciphertext before each block and src may be dst.
func (g *kernel) unslice(x rows, key, dst, src Mem) {
	mask, k := ZMM(), g.white(key)
	VMOVDQU64(keyMask(8), mask)
	z := transpose(x)
	cbc := g.name == "cbcDecrypt"
	var end reg.VecVirtual
	if cbc {
		end = ZMM()
		VMOVDQU64(src.Offset(448), end)
	}
	for j := 7; j >= 0; j-- {
		VPERMB(z[j], mask, z[j])
		g.add(k, z[j])
		switch {
		case g.name == "ctr":
			VPXORQ(src.Offset(64*j), z[j], z[j])
		case g.xts():
			VPXORQ(g.masks.Offset(64*j), z[j], z[j])
		case cbc && j > 0:
			VPXORQ(src.Offset(64*j-8*g.columns), z[j], z[j])
		case cbc:
			before := ZMM()
			VMOVDQU64(g.chain, before)
			if g.columns < 8 {
				first := ZMM()
				VMOVDQU64(src, first)
				VALIGNQ(U8(uint8(8-g.columns)), before, first, before)
			}
			VPXORQ(before, z[j], z[j])
			VMOVDQU64(end, g.chain)
		}
		VMOVDQU64(z[j], dst.Offset(64*j))
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
		var y rows
		for r := range y {
			y[r] = g.invMix(r, x, key)
		}
		for r := range y {
			g.shift(r, y[r])
			g.sub(r, y[r])
			VMOVDQA64(y[r], x[r])
		}
		return
	}
	for r := range x {
		g.sub(r, x[r])
		g.shift(r, x[r])
	}
	g.mix(x, key)
}

// sub looks up row r.
func (g *kernel) sub(r int, x reg.VecVirtual) {
	quarter := func(i int) Mem { return g.tables.Offset(256*(r%4) + 64*i) }
	if g.invert {
		g.quarters(quarter, x)
		return
	}
	k, y := K(), ZMM()
	VPMOVB2M(x, k)
	VMOVDQA64(x, y)
	VPERMI2B(quarter(1), g.table(quarter(0)), x)
	VPERMI2B(quarter(3), g.table(quarter(2)), y)
	VMOVDQU8(y, k, x)
}

// quarters looks up the lower six bits in each quarter of an S-box. On Intel's processors that has
// fewer steps than two lookups in halves, of which each is three, and more on the port that the
// products of decryption leave free.
func (g *kernel) quarters(quarter func(i int) Mem, x reg.VecVirtual) {
	upper, odd, last, y := K(), K(), K(), ZMM()
	VPTESTMB(g.high[1], x, odd)
	VPTESTMB(g.high[0], x, upper)
	KANDQ(odd, upper, last)
	VPERMB(quarter(0), x, y)
	VPERMB(quarter(1), x, odd, y)
	VPERMB(quarter(2), x, upper, y)
	VPERMB(quarter(3), x, last, y)
	VMOVDQA64(y, x)
}

// table returns 64 bytes of a table in a register.
func (g *kernel) table(m Mem) reg.VecVirtual {
	t := ZMM()
	VMOVDQU64(m, t)
	return t
}

// shift rotates row r of each block.
func (g *kernel) shift(r int, x reg.VecVirtual) {
	by := r * g.columns / 8
	if by == 0 {
		return
	}
	if g.invert { // VPROL would compete with the products
		VPSHUFB(shuffleMask(g.columns, g.columns-by), x, x)
		return
	}
	switch by *= 8; g.columns {
	case 2:
		VPSHLDW(U8(uint8(by)), x, x, x)
	case 4:
		VPROLD(U8(uint8(by)), x, x)
	default:
		VPROLQ(U8(uint8(by)), x, x)
	}
}

// shuffleMask turns each run of bytes, one a column, by so many places up.
func shuffleMask(columns, by int) Mem {
	return vectorData(fmt.Sprintf("turn%dby%d", columns, by), func(i int) byte {
		i %= 16
		return byte(i/columns*columns + (i+columns-by)%columns)
	})
}

func xor3(c, b Op, a reg.VecVirtual) { VPTERNLOGQ(U8(0x96), c, b, a) }

// mix applies MIX and adds the key. The row v of the matrix is 1, 1, 5, 1, 8, 6, 7, 4; with
// y_i = 4·x_i and p_i = x_i + y_(i+4)
//
//	out_r = x_r + p_(r+1) + p_(r+2) + p_(r+3) + p_(r+6) + 2·(x_(r+5) + x_(r+6) + y_(r+4)).
func (g *kernel) mix(x rows, key Mem) {
	var y, p rows
	for i := range x {
		y[i] = ZMM()
		VGF2P8AFFINEQB(U8(0), g.matrix[4], x[i], y[i])
	}
	for r := range x {
		p[r] = ZMM()
		twice := y[(r+4)%8]
		VPXORQ(twice, x[r], p[r])
		xor3(x[(r+5)%8], x[(r+6)%8], twice)
		VGF2P8AFFINEQB(U8(0), g.matrix[2], twice, twice)
	}
	for r := range x {
		xor3(p[(r+1)%8], p[(r+2)%8], x[r])
		xor3(p[(r+3)%8], p[(r+6)%8], x[r])
		VPTERNLOGQ_BCST(U8(0x96), key.Offset(8*r), y[(r+4)%8], x[r])
	}
}

// invMix returns row r of the inverse of MIX, with the key added.
func (g *kernel) invMix(r int, x rows, key Mem) reg.VecVirtual {
	var p rows
	for d, v := range invMixRow {
		p[d] = ZMM()
		VGF2P8AFFINEQB(U8(0), g.matrix[v], x[(r+d)%8], p[d])
	}
	VPTERNLOGQ_BCST(U8(0x96), key.Offset(8*r), p[1], p[0])
	for d := 2; d < 8; d += 2 {
		xor3(p[d], p[d+1], p[0])
	}
	return p[0]
}
