package main

import (
	"encoding/binary"
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// constants are vectors in read-only memory, by their contents.
var constants = map[[16]byte]Mem{}

// constant returns a vector that has v in every lane of 128 bits.
func constant(v [16]byte) Mem {
	m, ok := constants[v]
	if !ok {
		m = GLOBL(fmt.Sprintf("c%d", len(constants)), rodata)
		for i := 0; i < 64; i += 8 {
			DATA(i, U64(binary.LittleEndian.Uint64(v[i%16:])))
		}
		constants[v] = m
	}
	return m
}

// pattern is a constant whose byte i is at(i).
func pattern(at func(i int) int) Mem {
	var v [16]byte
	for i := range v {
		v[i] = byte(at(i))
	}
	return constant(v)
}

// quad is a constant of a repeated quadword.
func quad(x uint64) Mem {
	return pattern(func(i int) int { return int(x >> (8 * (i % 8)) & 255) })
}

const rodata = 8 | 16 // RODATA and NOPTR

const none = 0x80 // in a pattern of VPSHUFB: a byte of zeros

func load(m Mem) reg.VecVirtual { z := ZMM(); VMOVDQU64(m, z); return z }

// bytes rearranges the bytes of every lane.
func bytes(a Op, pattern Mem) reg.VecVirtual { z := ZMM(); VPSHUFB(pattern, a, z); return z }

func xor(a, b Op) reg.VecVirtual { z := ZMM(); VPXORQ(b, a, z); return z }

// xor3 adds a and b to z.
func xor3(a, b Op, z reg.VecVirtual) reg.VecVirtual { VPTERNLOGQ(U8(0x96), b, a, z); return z }

// dwords rearranges the dwords of every lane; dword i is dword from>>(2i)&3 of a.
func dwords(from uint8, a Op) reg.VecVirtual { z := ZMM(); VPSHUFD(U8(from), a, z); return z }

// affine multiplies bytes of x, as columns, by the matrices of 8×8 bits.
func affine(matrix, x Op) reg.VecVirtual {
	z := ZMM()
	VGF2P8AFFINEQB(U8(0), matrix, x, z)
	return z
}

// sbox is a substitution block: the tables of low and of high nibbles, 16 entries for each byte of
// a dword, and what makes an index of nibble and place of a byte.
type sbox struct{ low, high, nibble, place reg.VecVirtual }

func loadSBox(t Mem) sbox {
	dword := func(x uint32) reg.VecVirtual {
		r, z := GP32(), ZMM()
		MOVL(U32(x), r)
		VPBROADCASTD(r, z)
		return z
	}
	return sbox{load(t), load(t.Offset(64)), dword(0x0f0f0f0f), dword(0x30201000)}
}

// halves are halves of blocks: in each dword of each vector one.
type halves []reg.VecVirtual

func newHalves(n int) halves {
	h := make(halves, n)
	for i := range h {
		h[i] = ZMM()
	}
	return h
}

// round sets n2 ^= f(n1 + k) in every dword; k is a vector, or one dword in memory for all.
func (s sbox) round(n1, n2 halves, k Op) {
	low, high := newHalves(len(n1)), newHalves(len(n1))
	each := func(f func(i int)) {
		for i := range n1 {
			f(i)
		}
	}
	each(func(i int) {
		if _, ok := k.(Mem); ok {
			VPADDD_BCST(k, n1[i], low[i])
		} else {
			VPADDD(k, n1[i], low[i])
		}
	})
	each(func(i int) { VPSRLD(U8(4), low[i], high[i]) })
	each(func(i int) { VPTERNLOGD(U8(0xea), s.place, s.nibble, low[i]) })
	each(func(i int) { VPTERNLOGD(U8(0xea), s.place, s.nibble, high[i]) })
	each(func(i int) { VPERMB(s.low, low[i], low[i]) })
	each(func(i int) { VPERMB(s.high, high[i], high[i]) })
	each(func(i int) { VPROLD(U8(11), low[i], low[i]) })
	each(func(i int) { VPROLD(U8(11), high[i], high[i]) })
	each(func(i int) { xor3(low[i], high[i], n2[i]) })
}
