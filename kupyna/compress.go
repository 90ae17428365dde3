package kupyna

import (
	"encoding/binary"
	"sync"

	"github.com/ukrcrypto/dstu/internal/column8"
)

// The numbers of rounds for states of 512 and 1024 bits.
const (
	rounds512  = 10
	rounds1024 = 14
)

// cross returns what the permutation Tx xors into column j in round v: 16j xor v in row 0.
func cross(j, v int) uint64 { return uint64(16*j ^ v) }

// plus returns what the permutation T+ adds to column j of c in round v: from the lowest byte,
// F3, six times F0, and 16(c-1-j) xor v.
func plus(c, j, v int) uint64 {
	return 0x00f0f0f0f0f0f0f3 | uint64(16*(c-1-j)^v)<<56
}

// constants512 holds the constants of the rounds of eight columns, for Tx and for T+.
var constants512 = sync.OnceValue(func() *[rounds512][2][8]uint64 {
	var k [rounds512][2][8]uint64
	for v := range k {
		for j := range 8 {
			k[v][0][j], k[v][1][j] = cross(j, v), plus(8, j, v)
		}
	}
	return &k
})

// constants1024 holds the constants of the rounds of sixteen columns.
var constants1024 = sync.OnceValue(func() *[rounds1024][2][16]uint64 {
	var k [rounds1024][2][16]uint64
	for v := range k {
		for j := range 16 {
			k[v][0][j], k[v][1][j] = cross(j, v), plus(16, j, v)
		}
	}
	return &k
})

// compress512 adds the whole blocks of p to a state of eight columns:
// h = Tx(h xor m) xor T+(m) xor h.
func compress512(h *[8]uint64, p []byte) {
	if len(p) > 0 && !asmCompress512(h, p) {
		genericCompress512(h, p)
	}
}

func genericCompress512(h *[8]uint64, p []byte) {
	t, k := column8.Forward(), constants512()
	for ; len(p) >= BlockSize256; p = p[BlockSize256:] {
		var x, m [8]uint64
		for j := range m {
			m[j] = binary.LittleEndian.Uint64(p[8*j:])
			x[j] = h[j] ^ m[j]
		}
		for v := range k {
			t.Xor8(&x, &k[v][0])
			t.Add8(&m, &k[v][1])
		}
		for j := range h {
			h[j] ^= x[j] ^ m[j]
		}
	}
}

// compress1024 is compress512 for sixteen columns.
func compress1024(h *[16]uint64, p []byte) {
	if len(p) > 0 && !asmCompress1024(h, p) {
		genericCompress1024(h, p)
	}
}

func genericCompress1024(h *[16]uint64, p []byte) {
	t, k := column8.Forward(), constants1024()
	for ; len(p) >= BlockSize512; p = p[BlockSize512:] {
		var x, m [16]uint64
		for j := range m {
			m[j] = binary.LittleEndian.Uint64(p[8*j:])
			x[j] = h[j] ^ m[j]
		}
		for v := range k {
			t.Xor16(&x, &k[v][0])
			t.Add16(&m, &k[v][1])
		}
		for j := range h {
			h[j] ^= x[j] ^ m[j]
		}
	}
}

// A block of zeros makes h = Tx(h) xor T+(0) xor h, which is the digest but for a constant. So the
// last permutation needs no code of its own, nor a call of its own.

// zero512 is T+(0) of eight columns.
var zero512 = sync.OnceValue(func() *[8]uint64 {
	var m [8]uint64
	t, k := column8.Forward(), constants512()
	for v := range k {
		t.Add8(&m, &k[v][1])
	}
	return &m
})

// zero1024 is T+(0) of sixteen columns.
var zero1024 = sync.OnceValue(func() *[16]uint64 {
	var m [16]uint64
	t, k := column8.Forward(), constants1024()
	for v := range k {
		t.Add16(&m, &k[v][1])
	}
	return &m
})
