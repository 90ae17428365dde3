package kalyna_test

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"math/big"
	"slices"
	"sync"

	"github.com/ukrcrypto/dstu/testvectors"
)

// naive is Kalyna written down from the text of the standard: a state of bytes, multiplication in
// the field bit by bit, rotations of keys in big integers. It is the reference of the tests.
type naive struct {
	size int // bytes of a block
	k    [][]byte
}

// naiveTables are the tables of the file of vectors.
var naiveTables = sync.OnceValue(func() (t struct{ s, inv [4][]byte }) {
	var file struct {
		Tables struct {
			S   []string `json:"sboxes_hex"`
			Inv []string `json:"inverse_sboxes_hex"`
		}
	}
	data := must(fs.ReadFile(testvectors.Files(), "kalyna_ecb.json"))
	if err := json.Unmarshal(data, &file); err != nil {
		panic(err)
	}
	for i := range 4 {
		t.s[i] = must(hex.DecodeString(file.Tables.S[i]))
		t.inv[i] = must(hex.DecodeString(file.Tables.Inv[i]))
	}
	return t
})

// naiveProducts is the table of products in GF(2^8).
var naiveProducts = sync.OnceValue(func() *[256][256]byte {
	var t [256][256]byte
	for a := range t {
		for b := range t[a] {
			for x, y := byte(a), b; y > 0; x, y = x<<1^x>>7*0x1d, y>>1 {
				t[a][b] ^= x * byte(y&1)
			}
		}
	}
	return &t
})

func mix(x []byte, v [8]byte) []byte {
	y, products := make([]byte, len(x)), naiveProducts()
	for at := range x {
		column, r := at/8*8, at%8
		for j := range 8 {
			y[at] ^= products[v[(j-r+8)%8]][x[column+j]]
		}
	}
	return y
}

func sub(x []byte, boxes [4][]byte) []byte {
	y := slices.Clone(x)
	for i := range y {
		y[i] = boxes[i%8%4][y[i]]
	}
	return y
}

// shift moves row r by floor(r*l/512) columns, towards the higher ones if by is 1, back if it is -1.
func shift(x []byte, by int) []byte {
	y := make([]byte, len(x))
	for i := range x {
		column, row := i/8, i%8
		columns := len(x) / 8
		y[8*((column+by*(row*len(x)*8/512)+columns)%columns)+row] = x[i]
	}
	return y
}

func round(x []byte) []byte {
	return mix(shift(sub(x, naiveTables().s), 1), [8]byte{1, 1, 5, 1, 8, 6, 7, 4})
}

func unround(x []byte) []byte {
	return sub(shift(mix(x, [8]byte{0xad, 0x95, 0x76, 0xa8, 0x2f, 0x49, 0xd7, 0xca}), -1), naiveTables().inv)
}

// add adds words modulo 2^64; subtract is its inverse.
func add(x, k []byte) []byte {
	var y []byte
	for i := 0; i < len(x); i += 8 {
		y = binary.LittleEndian.AppendUint64(y, binary.LittleEndian.Uint64(x[i:])+binary.LittleEndian.Uint64(k[i:]))
	}
	return y
}

func subtract(x, k []byte) []byte {
	var y []byte
	for i := 0; i < len(x); i += 8 {
		y = binary.LittleEndian.AppendUint64(y, binary.LittleEndian.Uint64(x[i:])-binary.LittleEndian.Uint64(k[i:]))
	}
	return y
}

func xor(x, y []byte) []byte {
	z := make([]byte, min(len(x), len(y)))
	for i := range z {
		z[i] = x[i] ^ y[i]
	}
	return z
}

// number reads a little-endian number, and little writes it with n bytes.
func number(b []byte) *big.Int {
	b = slices.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

func little(x *big.Int, n int) []byte {
	b := x.FillBytes(make([]byte, n))
	slices.Reverse(b)
	return b
}

func rotateRight(key []byte, by int) []byte {
	bits := 8 * len(key)
	x := number(key)
	high := new(big.Int).Lsh(x, uint(bits-by%bits))
	x.Rsh(x, uint(by%bits))
	x.Or(x, high)
	return little(x.And(x, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(bits)), big.NewInt(1))), len(key))
}

func newNaive(size int, key []byte) *naive {
	n := &naive{size: size}
	t := map[int]int{16: 10, 32: 14, 64: 18}[len(key)]
	ka, kw := key[:size], key[len(key)-size:]
	ks := little(big.NewInt(int64(size/8+len(key)/8+1)), size)
	ks = round(add(ks, ka))
	ks = round(xor(ks, kw))
	ks = round(add(ks, ka))
	for i := 0; i <= t; i++ {
		if i%2 == 1 {
			n.k = append(n.k, slices.Concat(n.k[i-1][size/4+3:], n.k[i-1][:size/4+3]))
			continue
		}
		var m []byte
		for range size / 8 {
			m = binary.LittleEndian.AppendUint64(m, 0x0001000100010001<<(i/2))
		}
		kt := add(ks, m)
		var d []byte
		switch {
		case len(key) == size:
			d = rotateRight(key, 32*i)
		case i%4 == 0:
			d = rotateRight(key, 16*i)[:size]
		default:
			d = rotateRight(key, 64*(i/4))[size:]
		}
		n.k = append(n.k, add(kt, round(xor(kt, round(add(kt, d))))))
	}
	return n
}

func (n *naive) encrypt(x []byte) []byte {
	t := len(n.k) - 1
	x = add(x, n.k[0])
	for i := 1; i < t; i++ {
		x = xor(n.k[i], round(x))
	}
	return add(n.k[t], round(x))
}

func (n *naive) decrypt(x []byte) []byte {
	t := len(n.k) - 1
	x = unround(subtract(x, n.k[t]))
	for i := t - 1; i > 0; i-- {
		x = unround(xor(x, n.k[i]))
	}
	return subtract(x, n.k[0])
}

func (n *naive) padded(m []byte) []byte {
	if len(m)%n.size == 0 {
		return m
	}
	return n.pad(m)
}

// pad appends one block if nothing less will do.
func (n *naive) pad(m []byte) []byte {
	m = append(slices.Clone(m), 0x80)
	for len(m)%n.size != 0 {
		m = append(m, 0)
	}
	return m
}

func (n *naive) ecb(m []byte) (c []byte) {
	for b := range slices.Chunk(m, n.size) {
		c = append(c, n.encrypt(b)...)
	}
	return c
}

func (n *naive) ctr(iv, m []byte) (c []byte) {
	s := n.encrypt(iv)
	half := n.size / 2
	low, modulus := number(s[:half]), new(big.Int).Lsh(big.NewInt(1), uint(8*half))
	for b := range slices.Chunk(m, n.size) {
		low.Add(low, big.NewInt(1)).Mod(low, modulus)
		c = append(c, xor(b, n.encrypt(slices.Concat(little(low, half), s[half:])))...)
	}
	return c
}

func (n *naive) ofb(iv, m []byte) (c []byte) {
	g := n.encrypt(iv)
	for b := range slices.Chunk(m, n.size) {
		c = append(c, xor(b, g)...)
		g = n.encrypt(g)
	}
	return c
}

func (n *naive) cfb(iv, m []byte, q int) (c []byte) {
	g := n.encrypt(iv)
	for b := range slices.Chunk(m, q) {
		x := xor(b, g[n.size-len(b):])
		c = append(c, x...)
		if len(b) == q {
			g = n.encrypt(slices.Concat(g[:n.size-q], x))
		}
	}
	return c
}

func (n *naive) cbc(iv, m []byte) (c []byte) {
	for b := range slices.Chunk(m, n.size) {
		iv = n.encrypt(xor(b, iv))
		c = append(c, iv...)
	}
	return c
}

func (n *naive) cmac(m []byte, q int) []byte {
	kd := make([]byte, n.size)
	if len(m)%n.size != 0 {
		kd[0] = 1
	}
	m = slices.Clone(n.padded(m))
	last := m[len(m)-n.size:]
	copy(last, xor(last, n.encrypt(kd)))
	c := n.cbc(make([]byte, n.size), m)
	return c[len(c)-n.size:][:q]
}

// product multiplies in the field of GCM, bit by bit.
func (n *naive) product(x, y *big.Int) *big.Int {
	low := map[int]int64{16: 0x87, 32: 0x425, 64: 0x125}[n.size]
	bits := 8 * n.size
	poly := new(big.Int).Or(new(big.Int).Lsh(big.NewInt(1), uint(bits)), big.NewInt(low))
	z := new(big.Int)
	for i := bits - 1; i >= 0; i-- {
		z.Lsh(z, 1)
		if z.Bit(bits) == 1 {
			z.Xor(z, poly)
		}
		if y.Bit(i) == 1 {
			z.Xor(z, x)
		}
	}
	return z
}

// gmac is the tag of GCM for open data and ciphertext.
func (n *naive) gmac(o, c []byte, q int) []byte {
	h := number(n.encrypt(make([]byte, n.size)))
	b := new(big.Int)
	for block := range slices.Chunk(slices.Concat(n.padded(o), n.padded(c)), n.size) {
		b = n.product(b.Xor(b, number(block)), h)
	}
	lengths := slices.Concat(little(big.NewInt(int64(8*len(o))), n.size/2), little(big.NewInt(int64(8*len(c))), n.size/2))
	return n.encrypt(xor(little(b, n.size), lengths))[:q]
}

func (n *naive) gcm(iv, m, o []byte, q int) []byte {
	c := n.ctr(iv, m)
	return append(c, n.gmac(o, c, q)...)
}

func (n *naive) ccm(iv, m, o []byte, nb, q int) []byte {
	flags := map[int]byte{8: 2, 16: 3, 32: 4, 48: 5, 64: 6}[q]<<4 | byte(nb-1)
	if len(o) > 0 {
		flags |= 0x80
	}
	b := slices.Concat(iv[:n.size-nb-1], little(big.NewInt(int64(len(m))), nb), []byte{flags})
	if len(o) > 0 {
		zeros := ((n.size-len(o)%n.size-nb)%n.size + n.size) % n.size
		head := slices.Concat(b, little(big.NewInt(int64(len(o))), nb), make([]byte, zeros), o)
		c := n.cbc(make([]byte, n.size), head)
		b = c[len(c)-n.size:]
	}
	c := n.cbc(b, n.padded(m))
	return n.ctr(iv, append(slices.Clone(m), c[len(c)-n.size:][:q]...))
}

func (n *naive) xts(iv, m []byte) []byte {
	var masks [][]byte
	d := number(n.encrypt(iv))
	for range len(m)/n.size + 1 {
		d = n.product(d, big.NewInt(2))
		masks = append(masks, little(d, n.size))
	}
	block := func(i int, b []byte) []byte { return xor(n.encrypt(xor(b, masks[i])), masks[i]) }
	var c [][]byte
	for b := range slices.Chunk(m, n.size) {
		i := len(c)
		if len(b) == n.size {
			c = append(c, block(i, b))
			continue
		}
		a := c[i-1]
		c[i-1] = block(i, slices.Concat(b, a[len(b):]))
		c = append(c, a[:len(b)])
	}
	return slices.Concat(c...)
}

func (n *naive) kw(m []byte) []byte {
	half := n.size / 2
	b := slices.Collect(slices.Chunk(slices.Concat(m, make([]byte, n.size)), half))
	for j := range 6 * (len(b) - 1) {
		x := n.encrypt(slices.Concat(b[0], b[1]))
		b[0] = xor(x[half:], little(big.NewInt(int64(j+1)), half))
		b = slices.Concat(b[:1], b[2:], [][]byte{x[:half]})
	}
	return slices.Concat(b...)
}

func (n *naive) kwp(m []byte) []byte {
	return n.kw(n.pad(slices.Concat(m, little(big.NewInt(int64(8*len(m))), n.size/2))))
}

// wrap is the key wrap of CMS.
func (n *naive) wrap(iv, cek []byte) []byte {
	fixed := must(hex.DecodeString("6973271d6e611d06616715046c65504c2020004f6d68011f65610c0c73734714"))
	t := slices.Concat(iv, n.cfb(iv, slices.Concat(cek, n.cmac(cek, 32)), 32))
	slices.Reverse(t)
	return n.cfb(fixed, t, 32)
}
