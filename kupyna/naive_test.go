package kupyna_test

import (
	"math/big"
	"slices"
	"sync"

	"github.com/ukrcrypto/dstu/internal/column8"
)

// naive is Kupyna written down from the text of the standard: a state of bytes s[row][column],
// multiplication in the field bit by bit, padding and additions in big integers. It is the
// reference of the tests. Only the S-boxes are those of the package.
func naive(size int, msg []byte) []byte {
	return naiveFrom(size, nil, new(big.Int), msg)
}

// naiveFrom goes on from a chaining value, nil for the start, after done bytes in whole blocks.
func naiveFrom(size int, h []byte, done *big.Int, msg []byte) []byte {
	columns := 8
	if size > 32 {
		columns = 16
	}
	if h == nil {
		h = make([]byte, 8*columns)
		h[0] = byte(8 * columns)
	}
	bits := new(big.Int).Add(done, big.NewInt(int64(len(msg))))
	return naiveBlocks(size, h, naivePad(columns, msg, bits.Lsh(bits, 3)))
}

// naiveBits is the digest of the first bits of msg, put together bit by bit.
func naiveBits(size int, msg []byte, bits int) []byte {
	block := 64
	if size > 32 {
		block = 128
	}
	var all []byte // a bit in each
	for i := range bits {
		all = append(all, msg[i/8]>>(7-i%8)&1)
	}
	all = append(all, 1)
	for (len(all)+96)%(8*block) != 0 {
		all = append(all, 0)
	}
	var padded []byte
	for bits := range slices.Chunk(all, 8) {
		var b byte
		for _, bit := range bits {
			b = b<<1 | bit
		}
		padded = append(padded, b)
	}
	padded = append(padded, byte(bits), byte(bits>>8))
	h := make([]byte, block)
	h[0] = byte(block)
	return naiveBlocks(size, h, append(padded, make([]byte, 10)...))
}

// naiveBlocks goes on over whole blocks, and ends.
func naiveBlocks(size int, h, padded []byte) []byte {
	columns, rounds := len(h)/8, 10
	if columns == 16 {
		rounds = 14
	}
	for m := range slices.Chunk(padded, 8*columns) {
		x := transform(columns, rounds, xor(h, m), false)
		p := transform(columns, rounds, m, true)
		h = xor(xor(x, p), h)
	}
	out := xor(transform(columns, rounds, h, false), h)
	return out[len(out)-size:]
}

// naivePad appends a one bit, the fewest zeros that do, and the length in bits with 96 bits.
func naivePad(columns int, msg []byte, bits *big.Int) []byte {
	out := append(slices.Clone(msg), 0x80)
	for (len(out)+12)%(8*columns) != 0 {
		out = append(out, 0)
	}
	length := bits.FillBytes(make([]byte, 12))
	slices.Reverse(length)
	return append(out, length...)
}

// naiveMAC is the authentication code.
func naiveMAC(key, msg []byte) []byte {
	columns := 8
	if len(key) > 32 {
		columns = 16
	}
	not := make([]byte, len(key))
	for i := range not {
		not[i] = ^key[i]
	}
	return naive(len(key), slices.Concat(
		naivePad(columns, key, big.NewInt(int64(8*len(key)))),
		naivePad(columns, msg, big.NewInt(int64(8*len(msg)))),
		not))
}

func xor(x, y []byte) []byte {
	z := make([]byte, len(x))
	for i := range z {
		z[i] = x[i] ^ y[i]
	}
	return z
}

// transform is Tx, or T+ if plus is set, over the bytes of a state, column after column.
func transform(columns, rounds int, in []byte, plus bool) []byte {
	s, sub := slices.Clone(in), substitutes()
	for v := range rounds {
		for j := range columns {
			if plus {
				addConstant(s[8*j:8*j+8], byte(16*(columns-1-j)^v))
			} else {
				s[8*j] ^= byte(16*j ^ v)
			}
		}
		t := make([]byte, len(s))
		for j := range columns {
			for row := range 8 {
				shift := row
				if row == 7 && columns == 16 {
					shift = 11
				}
				t[8*((j+shift)%columns)+row] = sub[row][s[8*j+row]]
			}
		}
		for j := range columns {
			mixColumn(s[8*j:8*j+8], t[8*j:8*j+8])
		}
	}
	return s
}

// addConstant adds F3, six times F0, and top to a column, the lowest byte first.
func addConstant(column []byte, top byte) {
	carry := 0
	for i := range column {
		c := 0xf0
		switch i {
		case 0:
			c = 0xf3
		case 7:
			c = int(top)
		}
		sum := int(column[i]) + c + carry
		column[i], carry = byte(sum), sum>>8
	}
}

func mixColumn(out, in []byte) {
	v := [8]int{1, 1, 5, 1, 8, 6, 7, 4}
	times := products()
	for r := range 8 {
		out[r] = 0
		for j := range 8 {
			out[r] ^= times[v[(j-r+8)%8]][in[j]]
		}
	}
}

// products holds the products of the coefficients of the matrix, for speed alone.
var products = sync.OnceValue(func() *[9][256]byte {
	var p [9][256]byte
	for a := range p {
		for b := range p[a] {
			p[a][b] = multiply(byte(a), byte(b))
		}
	}
	return &p
})

// substitutes holds the S-boxes row by row.
var substitutes = sync.OnceValue(func() *[8][256]byte {
	var s [8][256]byte
	for row := range s {
		for x := range s[row] {
			s[row][x] = byte(column8.Sub(uint64(x)<<(8*row)) >> (8 * row))
		}
	}
	return &s
})

// multiply multiplies polynomials over GF(2) modulo x^8 + x^4 + x^3 + x^2 + 1.
func multiply(a, b byte) byte {
	product := 0
	for i := range 8 {
		if a>>i&1 == 1 {
			product ^= int(b) << i
		}
	}
	for i := 14; i >= 8; i-- {
		if product>>i&1 == 1 {
			product ^= 0x11d << (i - 8)
		}
	}
	return byte(product)
}
