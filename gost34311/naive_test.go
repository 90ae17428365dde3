package gost34311_test

import (
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"slices"

	"github.com/ukrcrypto/dstu/gost28147"
)

// naive is GOST 34.311-95 written down from the text of the standard with strings of 32 bytes,
// big integers for the sums, and one step of the shift register at a time. It is the reference
// of the tests. It hashes with the zero start vector.
func naive(msg []byte, s *gost28147.SBox) []byte {
	return naiveFrom(make([]byte, 32), new(big.Int), 0, msg, s)
}

// naiveFrom goes on from a chaining value, a sum and a number of bytes hashed already.
func naiveFrom(h []byte, sum *big.Int, done uint64, msg []byte, s *gost28147.SBox) []byte {
	length := new(big.Int).SetUint64(done)
	length.Add(length, big.NewInt(int64(len(msg)))).Lsh(length, 3)
	first := done == 0
	for first || len(msg) > 0 {
		block := make([]byte, 32)
		n := copy(block, msg)
		msg = msg[n:]
		h = naiveStep(h, block, s)
		sum = new(big.Int).Add(sum, number(block))
		first = false
	}
	h = naiveStep(h, littleEndian(length), s)
	return naiveStep(h, littleEndian(sum), s)
}

// number reads a little-endian number.
func number(b []byte) *big.Int {
	r := slices.Clone(b)
	slices.Reverse(r)
	return new(big.Int).SetBytes(r)
}

// littleEndian writes a number modulo 2^256.
func littleEndian(x *big.Int) []byte {
	b := new(big.Int).Mod(x, new(big.Int).Lsh(big.NewInt(1), 256)).FillBytes(make([]byte, 32))
	slices.Reverse(b)
	return b
}

func xor(x, y []byte) []byte {
	z := make([]byte, len(x))
	for i := range z {
		z[i] = x[i] ^ y[i]
	}
	return z
}

func naiveStep(h, m []byte, s *gost28147.SBox) []byte {
	c3, err := hex.DecodeString("00ff00ff00ff00ffff00ff00ff00ff0000ffff00ff0000ffff000000ffff00ff")
	if err != nil {
		panic(err)
	}
	c := [][]byte{2: make([]byte, 32), 3: c3, 4: make([]byte, 32)}
	a := func(y []byte) []byte { return slices.Concat(y[8:], xor(y[:8], y[8:16])) }
	p := func(y []byte) []byte {
		z := make([]byte, 32)
		for i := range 4 {
			for k := range 8 {
				z[i+4*k] = y[8*i+k]
			}
		}
		return z
	}
	u, v := h, m
	z := naiveEncrypt(p(xor(u, v)), h[:8], s)
	for j := 2; j <= 4; j++ {
		u = xor(a(u), c[j])
		v = a(a(v))
		z = append(z, naiveEncrypt(p(xor(u, v)), h[8*j-8:8*j], s)...)
	}
	for range 12 {
		z = psi(z)
	}
	z = xor(h, psi(xor(m, z)))
	for range 61 {
		z = psi(z)
	}
	return z
}

// psi is one step of the shift register over sixteen words of two bytes. It spends y.
func psi(y []byte) []byte {
	var last [2]byte
	for _, w := range []int{0, 1, 2, 3, 12, 15} {
		last[0] ^= y[2*w]
		last[1] ^= y[2*w+1]
	}
	return append(y[2:], last[:]...)
}

// naiveEncrypt is the block cipher.
func naiveEncrypt(key, block []byte, s *gost28147.SBox) []byte {
	packed := s.DKE()
	n1, n2 := binary.LittleEndian.Uint32(block), binary.LittleEndian.Uint32(block[4:])
	for round := range 32 {
		i := round % 8
		if round >= 24 {
			i = 7 - i
		}
		sum := n1 + binary.LittleEndian.Uint32(key[4*i:])
		var sub uint32
		for nibble := range 8 {
			arg := sum >> (4 * nibble) & 15
			pair := packed[8*nibble+int(arg)/2]
			if arg%2 == 0 {
				pair >>= 4
			}
			sub |= uint32(pair&15) << (4 * nibble)
		}
		n1, n2 = (sub<<11|sub>>21)^n2, n1
	}
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, n2), n1)
}
