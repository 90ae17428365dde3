package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The even round keys do not depend on each other. A vector makes those of so many blocks as it
// holds at once. Number t of them comes from the words of the key turned by t places or, if the key
// is two blocks, from its first block turned by t/2 or its second one turned by (t-1)/2.

// counters in the columns of a round key.
const everyWord = 0x0001000100010001

func expand512(columns int) {
	g := &serial{columns: columns, matrix: map[byte]reg.VecVirtual{}}
	blocks := 8 / columns
	name := fmt.Sprintf("expand%dAVX512", columns)
	TEXT(name, attr.NOSPLIT, "func(keys *uint64, key *byte, words, rounds int, sboxes *[4][256]byte)")
	Pragma("noescape")
	Doc(expandDoc(name, columns)...)
	keys, key := Mem{Base: Load(Param("keys"), GP64())}, Mem{Base: Load(Param("key"), GP64())}
	words, n := Load(Param("words"), GP64()), Load(Param("rounds"), GP64())
	g.setup(Mem{Base: Load(Param("sboxes"), GP64())})
	groups(n, columns)

	end := GP64()
	LEAQ(Mem{Base: key.Base, Index: words, Scale: 8, Disp: -8 * columns}, end)
	first, last := repeated(columns, key), repeated(columns, Mem{Base: end})
	LEAQ(Mem{Base: words, Disp: columns + 1}, end)
	base := ZMM()
	VPBROADCASTQ(end, base)
	VPANDQ(onFirst(columns, ^uint64(0)), base, base)
	VPADDQ(first, base, base)
	g.round(base)
	VPXORQ(last, base, base)
	g.round(base)
	VPADDQ(first, base, base)
	g.round(base)

	source, at, step := repeated(columns, key), ZMM(), ZMM()
	VMOVDQU64(quads(fmt.Sprintf("turned%d", columns), func(i int) int { return i/columns + i%columns }), at)
	VMOVDQU64(quads(fmt.Sprintf("by%d", blocks), func(int) int { return blocks }), step)
	counter := ZMM()
	VMOVDQU64(quads(fmt.Sprintf("counter%d", columns), func(i int) int { return everyWord << (i / columns) }), counter)
	if columns < 8 {
		CMPQ(words, U8(uint8(columns)))
		JEQ(LabelRef("group"))
		VMOVDQA64(repeated(2*columns, key), source)
		VMOVDQU64(quads(fmt.Sprintf("halves%d", columns), func(i int) int {
			return i/columns/2 + i/columns%2*columns + i%columns
		}), at)
		VMOVDQU64(quads(fmt.Sprintf("by%d", blocks/2), func(int) int { return blocks / 2 }), step)
	}
	Label("group")
	k, x := ZMM(), ZMM()
	VPADDQ(counter, base, k)
	VPERMQ(source, at, x)
	VPADDQ(k, x, x)
	g.round(x)
	VPXORQ(k, x, x)
	g.round(x)
	VPADDQ(k, x, x)
	for i := range 2 {
		mask := ZMM()
		VMOVDQU64(vectorData(fmt.Sprintf("pairs%dof%d", i, columns), func(j int) byte {
			j += 64 * i
			block, r := j/(16*columns), j%(8*columns)
			if j/(8*columns)%2 == 1 {
				r = (r + 2*columns + 3) % (8 * columns)
			}
			return byte(8*columns*block + r)
		}), mask)
		VPERMB(x, mask, mask)
		VMOVDQU64(mask, keys.Offset(64*i))
		if columns == 2 && i == 0 {
			DECQ(n)
			JZ(LabelRef("done"))
		}
	}
	ADDQ(U32(128), keys.Base)
	VPADDQ(step, at, at)
	VPSLLQ(U8(uint8(blocks)), counter, counter)
	DECQ(n)
	JNZ(LabelRef("group"))
	if columns == 2 {
		Label("done")
	}
	VZEROUPPER()
	RET()
}

// expandDoc is what the functions of both tiers do.
func expandDoc(name string, columns int) []string {
	return []string{
		fmt.Sprintf("%s makes the even round keys of %d columns from a key of so many words, and the odd ones.", name, columns),
		"There is an even one for each odd one, so there must be room for one more than the cipher has.",
	}
}

// groups turns the number of rounds into that of vectors of even round keys; for two columns, of
// which the last vector may have but two keys, into that of half vectors.
func groups(n reg.Register, columns int) {
	ADDQ(U8(2), n)
	SHRQ(U8(uint8(2-columns/8)), n)
}

// quads declares eight constant words.
func quads(name string, f func(i int) int) Mem {
	return vectorData(name, func(i int) byte { return byte(f(i/8) >> (i % 8 * 8)) })
}

// round applies SUB, SHIFT and MIX.
func (g *serial) round(x reg.VecVirtual) {
	g.sub(x)
	g.shift(x)
	g.mix(x)
}

// invert512 emits what applies the inverse of MIX to the round keys.
func invert512() {
	g := &serial{invert: true, matrix: map[byte]reg.VecVirtual{}}
	TEXT("invertAVX512", attr.NOSPLIT, "func(dst, keys *uint64, columns, rounds int)")
	Pragma("noescape")
	Doc("invertAVX512 writes the keys of decryption between the first and the last, of so many columns each:",
		"those of encryption, the last one first, with the inverse of MIX.")
	dst, keys := Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("keys"), GP64())}
	columns, n := Load(Param("columns"), reg.RCX), Load(Param("rounds"), GP64())
	g.loadMatrices()
	mask, size, last := GP64(), GP64(), GP64()
	MOVQ(U32(1), mask)
	SHLQ(reg.CL, mask)
	DECQ(mask)
	g.column = K()
	KMOVQ(mask, g.column)
	LEAQ(Mem{Base: columns, Index: columns, Scale: 1}, size)
	SHLQ(U8(2), size)
	MOVQ(size, last)
	IMULQ(n, last)
	ADDQ(last, keys.Base)
	DECQ(n)
	Label("key")
	ADDQ(size, dst.Base)
	SUBQ(size, keys.Base)
	x := ZMM()
	VMOVDQU64_Z(keys, g.column, x)
	g.mix(x)
	VMOVDQU64(x, g.column, dst)
	DECQ(n)
	JNZ(LabelRef("key"))
	VZEROUPPER()
	RET()
}
