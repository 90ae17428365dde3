package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// forward does eight rounds with the words of the key at k in ascending order, times over, and
// leaves the labels of that name; backward does eight in descending order. No halves are exchanged.
func (s sbox) forward(name string, n1, n2 halves, k Mem, times reg.Register) {
	s.eight(name, n1, n2, times, func(i int) Op { return k.Offset(4 * i) })
}

func (s sbox) backward(name string, n1, n2 halves, k Mem, times reg.Register) {
	s.eight(name, n1, n2, times, func(i int) Op { return k.Offset(4 * (7 - i)) })
}

func (s sbox) eight(name string, n1, n2 halves, times reg.Register, key func(i int) Op) {
	n := GP64()
	MOVQ(times, n)
	Label(name)
	for i := range 8 {
		s.round(n1, n2, key(i))
		n1, n2 = n2, n1
	}
	SUBQ(U8(1), n)
	JNZ(LabelRef(name))
}

// mode is what a bulk function does.
type mode int

const (
	ecb mode = iota
	ctr
	cfb // decryption
)

// sets is how many pairs of vectors a bulk function works on, each pair 16 blocks.
const sets = 4

// deal splits blocks in x, then y, into halves; gather is the inverse.
func deal(x, y Op) (n1, n2 reg.VecVirtual) {
	n1, n2 = ZMM(), ZMM()
	VSHUFPS(U8(0x88), y, x, n1)
	VSHUFPS(U8(0xdd), y, x, n2)
	return n1, n2
}

// undeal is the inverse of deal.
func undeal(n1, n2 Op) (x, y reg.VecVirtual) {
	x, y = ZMM(), ZMM()
	VUNPCKLPS(n2, n1, x)
	VUNPCKHPS(n2, n1, y)
	return x, y
}

// bulk512 writes a function for groups of 64 blocks.
func bulk512(m mode) {
	name, start, doc := "ecbAVX512", "", []string{
		"ecbAVX512 encrypts groups of 64 blocks, with the words of the key forward times in ascending and",
		"backward times in descending order."}
	switch m {
	case ctr:
		name, start, doc = "ctrAVX512", ", counter *[2]uint32", []string{
			"ctrAVX512 adds the encrypted values of the next states of the counter to groups of 64 blocks."}
	case cfb:
		name, start, doc = "cfbDecryptAVX512", ", last *[2]uint32", []string{
			"cfbDecryptAVX512 decrypts groups of 64 blocks in the feedback mode; last is the block of ciphertext",
			"before them, and becomes the last of them."}
	}
	counts := ", forward int, backward int"
	if m != ecb {
		counts = ""
	}
	TEXT(name, NOSPLIT, fmt.Sprintf("func(dst, src *byte, groups int%s, k *[8]uint32%s, t *[128]byte)", start, counts))
	Pragma("noescape")
	Doc(doc...)
	dst, src := Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("src"), GP64())}
	groups, k := Load(Param("groups"), GP64()), Mem{Base: Load(Param("k"), GP64())}
	s := loadSBox(Mem{Base: Load(Param("t"), GP64())})
	var forward, backward reg.Register = GP64(), GP64()
	if m == ecb {
		Load(Param("forward"), forward)
		Load(Param("backward"), backward)
	} else {
		MOVQ(U64(3), forward)
		MOVQ(U64(1), backward)
	}
	var c counter
	var state Mem
	last := ZMM()
	switch m {
	case ctr:
		state = Mem{Base: Load(Param("counter"), GP64())}
		c = loadCounter(state)
	case cfb:
		state = Mem{Base: Load(Param("last"), GP64())}
		VPBROADCASTQ(state, last)
	}

	Label("group")
	n1, n2 := newHalves(sets), newHalves(sets)
	for i := range sets {
		at := 128 * i
		switch m {
		case ecb:
			n1[i], n2[i] = deal(load(src.Offset(at)), load(src.Offset(at+64)))
		case ctr:
			n1[i], n2[i] = c.states(i)
		case cfb: // the ciphertext one block back
			x, y := load(src.Offset(at)), load(src.Offset(at+64))
			x1, y1 := ZMM(), ZMM()
			VALIGNQ(U8(7), last, x, x1)
			VALIGNQ(U8(7), x, y, y1)
			n1[i], n2[i] = deal(x1, y1)
			VMOVDQA64(y, last)
		}
	}
	if m == ctr {
		c.advance()
	}
	s.forward("forward", n1, n2, k, forward)
	s.backward("backward", n1, n2, k, backward)
	for i := range sets {
		at := 128 * i
		x, y := undeal(n2[i], n1[i])
		if m != ecb {
			VPXORQ(src.Offset(at), x, x)
			VPXORQ(src.Offset(at+64), y, y)
		}
		VMOVDQU64(x, dst.Offset(at))
		VMOVDQU64(y, dst.Offset(at+64))
	}
	ADDQ(U32(128*sets), src.Base)
	ADDQ(U32(128*sets), dst.Base)
	SUBQ(U8(1), groups)
	JNZ(LabelRef("group"))
	switch m {
	case ctr:
		MOVL(c.n3, state)
		MOVL(c.n4, state.Offset(4))
	case cfb:
		out := ZMM()
		VALIGNQ(U8(7), last, last, out)
		VMOVQ(out.AsX(), state)
	}
	VZEROUPPER()
	RET()
}

// counter is that of the counter mode. Its halves add up the steps modulo 2^32 and modulo 2^32-1;
// where the second sum is over, one is added, so it is never zero.
type counter struct{ n3, n4 reg.GPVirtual }

const (
	step3 = 0x01010101
	step4 = 0x01010104
)

func loadCounter(m Mem) counter {
	c := counter{GP32(), GP32()}
	MOVL(m, c.n3)
	MOVL(m.Offset(4), c.n4)
	return c
}

// distance4 is n steps of the second half: from 1 to 2^32-1, as sums are.
func distance4(n int) uint32 {
	d := uint64(n) * step4 % (1<<32 - 1)
	if d == 0 {
		d = 1<<32 - 1
	}
	return uint32(d)
}

// distances is a vector of the distances of the blocks of a set, in the order that deal gives them.
func distances(name string, set int, distance func(n int) uint32) Mem {
	m := GLOBL(fmt.Sprintf("%s%d", name, set), rodata)
	for i := range 16 {
		block := i/4*2 + i%2 + i%4/2*8
		DATA(4*i, U32(distance(16*set+block+1)))
	}
	return m
}

// states returns the next states for a set.
func (c counter) states(set int) (n3, n4 reg.VecVirtual) {
	n3, n4 = ZMM(), ZMM()
	VPBROADCASTD(c.n3, n3)
	VPADDD(distances("three", set, func(n int) uint32 { return uint32(n) * step3 }), n3, n3)
	d, over, ones := load(distances("four", set, distance4)), K(), ZMM()
	VPTERNLOGD(U8(0xff), ones, ones, ones)
	VPBROADCASTD(c.n4, n4)
	VPADDD(d, n4, n4)
	VPCMPUD(U8(1), d, n4, over)
	VPSUBD(ones, n4, over, n4)
	return n3, n4
}

// advance goes over the blocks of all sets.
func (c counter) advance() {
	const blocks = 16 * sets
	ADDL(U32(blocks*step3), c.n3)
	ADDL(U32(distance4(blocks)), c.n4)
	ADCL(U8(0), c.n4)
}

// serial512 writes a function for blocks each of which waits for the one before.
func serial512(encrypt bool) {
	serialFunc("AVX512", encrypt)
	src := Mem{Base: Load(Param("src"), GP64())}
	blocks, k := Load(Param("blocks"), GP64()), Mem{Base: Load(Param("k"), GP64())}
	s := loadSBox(Mem{Base: Load(Param("t"), GP64())})
	var dst, state Mem
	var forward, backward reg.Register = GP64(), GP64()
	if encrypt {
		dst, state = Mem{Base: Load(Param("dst"), GP64())}, Mem{Base: Load(Param("last"), GP64())}
		Load(Param("forward"), forward)
		Load(Param("backward"), backward)
	} else {
		state = Mem{Base: Load(Param("state"), GP64())}
		MOVQ(U64(2), forward)
	}
	n1, n2 := newHalves(1), newHalves(1)
	VPBROADCASTD(state, n1[0])
	VPBROADCASTD(state.Offset(4), n2[0])
	Label("block")
	if encrypt {
		s.forward("forward", n1, n2, k, forward)
		s.backward("backward", n1, n2, k, backward)
		last1 := ZMM()
		VPXORD_BCST(src, n2[0], last1)
		VPXORD_BCST(src.Offset(4), n1[0], n2[0])
		VMOVDQA64(last1, n1[0])
		VMOVD(n1[0].AsX(), dst)
		VMOVD(n2[0].AsX(), dst.Offset(4))
		ADDQ(U8(8), dst.Base)
	} else {
		VPXORD_BCST(src, n1[0], n1[0])
		VPXORD_BCST(src.Offset(4), n2[0], n2[0])
		s.forward("forward", n1, n2, k, forward)
	}
	ADDQ(U8(8), src.Base)
	SUBQ(U8(1), blocks)
	JNZ(LabelRef("block"))
	VMOVD(n1[0].AsX(), state)
	VMOVD(n2[0].AsX(), state.Offset(4))
	VZEROUPPER()
	RET()
}
