package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The compression of GOST 34.311 for one message or for four: each has a lane of 128 bits in
// every vector. One message alone fills all lanes with copies: a table of VPERMB needs the widest
// vectors, and one width for all takes the fewest instructions. A number of 256 bits, quadwords y0
// to y3, is two vectors: a with the low halves of the quadwords and b with the high ones. That is
// what the four encryptions of a compression need, one a dword.
//
// The mixing function is linear: psi^74(s) + psi^62(m) + psi^61(h) for the output s of the
// encryptions, the block m and the chaining value h. psi moves words of 16 bits, so a power of it
// is a matrix of 16×16 bits that works alike on each of 16 columns. A vector in planes has the low
// bytes of its eight words, then their high bytes. GF2P8AFFINEQB transposes the planes, with a
// constant vector, and multiplies a constant vector, the matrix, by what it has transposed.

// number is a number of 256 bits.
type number struct{ a, b reg.VecVirtual }

func (n number) each(f func(reg.VecVirtual) reg.VecVirtual) number { return number{f(n.a), f(n.b)} }

// planes and words are inverse to each other.
func planes(n number) number {
	p := pattern(func(i int) int { return i%8*2 + i/8 })
	return n.each(func(v reg.VecVirtual) reg.VecVirtual { return bytes(v, p) })
}

func words(n number) number {
	p := pattern(func(i int) int { return i%2*8 + i/2 })
	return n.each(func(v reg.VecVirtual) reg.VecVirtual { return bytes(v, p) })
}

// matrix is a linear map of sixteen words: bit j of row i tells that word j is a term of word i.
type matrix [16]uint16

// psi returns the n-th power of the shift register.
func psi(n int) (m matrix) {
	for i := range m {
		m[i] = 1 << i
	}
	for range n {
		last := m[0] ^ m[1] ^ m[2] ^ m[3] ^ m[12] ^ m[15]
		copy(m[:], m[1:])
		m[15] = last
	}
	return m
}

// word returns the place in the number of word i of a or of b.
func word(b, i int) int { return i/2*4 + 2*b + i%2 }

// block is the part of the matrix that takes a or b to a or b, as an operand of GF2P8AFFINEQB.
func (m matrix) block(out, in int) Mem {
	var q uint64
	for r := range 8 {
		for j := range 8 {
			q |= uint64(m[word(out, r)]>>word(in, j)&1) << (8*r + 7 - j)
		}
	}
	return quad(q)
}

// transposed prepares planes for apply.
func transposed(n number) number {
	unit := load(quad(0x0102040810204080))
	return n.each(func(v reg.VecVirtual) reg.VecVirtual { return affine(v, unit) })
}

// apply returns the terms that add up to m times n, in planes.
func (m matrix) apply(n number) (a, b [2]reg.VecVirtual) {
	for i, v := range []reg.VecVirtual{n.a, n.b} {
		a[i] = affine(v, load(m.block(0, i)))
		b[i] = affine(v, load(m.block(1, i)))
	}
	return a, b
}

// keyWord returns the part that a quadword sequence has in word w of the four keys: byte i of the
// word of key j is byte w of the element step*j+i. The sequence comes in vectors of four
// elements, their low halves, and at tells the place of byte w%4 of element e in its vector.
func keyWord(w, step int, sequence []reg.VecVirtual, at func(e, w int) int) []reg.VecVirtual {
	var terms []reg.VecVirtual
	for n, v := range sequence {
		terms = append(terms, bytes(v, pattern(func(i int) int {
			if e := step*(i/4) + i%4; e/4 == n {
				return at(e%4, w%4)
			}
			return none
		})))
	}
	return terms
}

// constantKey returns what the constant C3 adds to word w of the keys.
func constantKey(w int) Mem {
	c := [4]uint64{0xff00ff00ff00ff00, 0x00ff00ff00ff00ff, 0xff0000ff00ffff00, 0xff00ffff000000ff}
	last := [2][4]uint64{c, {c[1], c[2], c[3], c[0] ^ c[1]}} // in U3 and in U4 = A(U3)
	return pattern(func(i int) int {
		if i < 8 {
			return 0
		}
		return int(last[i/4-2][i%4] >> (8 * w) & 255)
	})
}

// keys returns the eight words of the four keys K1 to K4. The quadwords of U and V for key j+1 are
// elements of sequences: U those from j on of h0, h1, …, each next one being the sum of the two
// that come four and three places before it; V those from 2j on of the same sequence from m.
func keys(planesH, m number) (k [8]reg.VecVirtual) {
	inPlanes := func(e, w int) int { return w%2*8 + 2*e + w/2 }
	inWords := func(e, w int) int { return 4*e + w }
	second := pattern(func(i int) int {
		if i < 12 {
			return none
		}
		return i - 8
	})
	var hs, ms [2][]reg.VecVirtual
	for i, h := range []reg.VecVirtual{planesH.a, planesH.b} {
		next := ZMM()
		VPSRLQ(U8(16), h, next)
		hs[i] = []reg.VecVirtual{h, xor(h, next)}
	}
	for i, m := range []reg.VecVirtual{m.a, m.b} {
		next := xor3(m, bytes(m, second), dwords(0x39, m)) // m0+m1, m1+m2, m2+m3, m3+m0+m1
		ms[i] = []reg.VecVirtual{m, next, xor(m, dwords(0x4e, m))}
	}
	for w := range k {
		v := keyWord(w, 2, ms[w/4], inWords)
		VPXORQ(constantKey(w), v[0], v[0])
		u := keyWord(w, 1, hs[w/4], inPlanes)
		k[w] = xor3(u[0], u[1], xor3(v[1], v[2], v[0]))
	}
	return k
}

// compress returns the chaining value after h and the block m; chaining values are in planes.
func (s sbox) compress(h, m number) number {
	k := keys(h, m)
	n := words(h)
	var mixed [2]reg.VecVirtual
	for i, t := range []struct {
		matrix matrix
		n      number
	}{{psi(61), h}, {psi(62), planes(m)}} {
		a, b := t.matrix.apply(transposed(t.n))
		if i == 0 {
			mixed = [2]reg.VecVirtual{xor(a[0], a[1]), xor(b[0], b[1])}
		} else {
			xor3(a[0], a[1], mixed[0])
			xor3(b[0], b[1], mixed[1])
		}
	}
	n1, n2 := halves{n.a}, halves{n.b}
	for i := range 32 {
		w := i % 8
		if i >= 24 {
			w = 7 - w
		}
		s.round(n1, n2, k[w])
		n1, n2 = n2, n1
	}
	a, b := psi(74).apply(transposed(planes(number{n2[0], n1[0]})))
	return number{xor3(a[0], a[1], mixed[0]), xor3(b[0], b[1], mixed[1])}
}

// split turns quadwords 0 and 1 in x, 2 and 3 in y into a number.
func split(x, y reg.VecVirtual) number {
	n := number{ZMM(), ZMM()}
	VSHUFPS(U8(0x88), y, x, n.a)
	VSHUFPS(U8(0xdd), y, x, n.b)
	return n
}

// gather loads 16 bytes for each message. For one it does so by quadwords: states and last blocks
// have just been stored like that, and a wider load would wait for the stores to reach the cache.
func gather(at []Mem) reg.VecVirtual {
	z := ZMM()
	if len(at) == 1 {
		odd, r := K(), GP32()
		MOVL(U32(0xaa), r)
		KMOVB(r, odd)
		VPBROADCASTQ(at[0], z)
		VPBROADCASTQ(at[0].Offset(8), odd, z)
		return z
	}
	VBROADCASTI64X2(at[0], z)
	for i, m := range at[1:] {
		VINSERTI64X2(U8(i+1), m, z, z)
	}
	return z
}

// scatter stores 16 bytes for each message.
func scatter(v reg.VecVirtual, at []Mem) {
	for i, m := range at {
		VEXTRACTI64X2(U8(i), v, m)
	}
}

func offset(at []Mem, n int) []Mem {
	out := make([]Mem, len(at))
	for i, m := range at {
		out[i] = m.Offset(n)
	}
	return out
}

// hash writes the function for n messages.
func hash(n int) {
	name, states, doc := "compressAVX512", "*[4]uint64", "blocks blocks of 32 bytes at p"
	from := "*byte"
	if n > 1 {
		name, states = fmt.Sprintf("compress%dAVX512", n), fmt.Sprintf("*[%d][4]uint64", n)
		from, doc = fmt.Sprintf("*[%d]*byte", n), "blocks blocks of 32 bytes at each of p"
	}
	TEXT(name, NOSPLIT, fmt.Sprintf("func(h, sum %s, p %s, blocks int, t *[128]byte)", states, from))
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds %s to the chaining values h and the sums sum.", name, doc))
	h, sum := Mem{Base: Load(Param("h"), GP64())}, Mem{Base: Load(Param("sum"), GP64())}
	p := []Mem{{Base: Load(Param("p"), GP64())}}
	if n > 1 {
		all := p[0]
		p = nil
		for i := range n {
			r := GP64()
			MOVQ(all.Offset(8*i), r)
			p = append(p, Mem{Base: r})
		}
	}
	blocks := Load(Param("blocks"), GP64())
	s := loadSBox(Mem{Base: Load(Param("t"), GP64())})
	var at []Mem
	for i := range n {
		at = append(at, h.Offset(32*i))
	}
	state := planes(split(gather(at), gather(offset(at, 16))))
	Label("block")
	m := split(gather(p), gather(offset(p, 16)))
	for i, m := range p {
		var w [4]reg.GPVirtual
		for j := range w {
			w[j] = GP64()
			MOVQ(m.Offset(8*j), w[j])
		}
		for j, w := range w {
			to := sum.Offset(32*i + 8*j)
			if j == 0 {
				ADDQ(w, to)
			} else {
				ADCQ(w, to)
			}
		}
	}
	for _, m := range p {
		ADDQ(U8(32), m.Base)
	}
	next := s.compress(state, m)
	VMOVDQA64(next.a, state.a)
	VMOVDQA64(next.b, state.b)
	SUBQ(U8(1), blocks)
	JNZ(LabelRef("block"))

	out := words(state)
	x, y := ZMM(), ZMM()
	VPUNPCKLDQ(out.b, out.a, x)
	VPUNPCKHDQ(out.b, out.a, y)
	scatter(x, at)
	scatter(y, offset(at, 16))
	VZEROUPPER()
	RET()
}
