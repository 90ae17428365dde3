package gost28147_test

import (
	"encoding/binary"
	"slices"

	"github.com/ukrcrypto/dstu/gost28147"
)

// naive is GOST 28147-89 written down from the text of the standard, one nibble and one block at
// a time. It is the reference of the tests.
type naive struct {
	rows [8][16]uint32
	x    [8]uint32
}

func newNaive(key []byte, s *gost28147.SBox) *naive {
	n := new(naive)
	for i, b := range s.DKE() {
		n.rows[i/8][2*(i%8)] = uint32(b >> 4)
		n.rows[i/8][2*(i%8)+1] = uint32(b & 15)
	}
	for i := range n.x {
		n.x[i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	return n
}

// rounds runs the words of the key in the given order over a block.
func (n *naive) rounds(block []byte, order []int) (n1, n2 uint32) {
	n1, n2 = binary.LittleEndian.Uint32(block), binary.LittleEndian.Uint32(block[4:])
	for _, i := range order {
		sum := n1 + n.x[i]
		var sub uint32
		for nibble := range 8 {
			sub |= n.rows[nibble][sum>>(4*nibble)&15] << (4 * nibble)
		}
		n1, n2 = (sub<<11|sub>>21)^n2, n1
	}
	return n1, n2
}

func words(n1, n2 uint32) []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, n1), n2)
}

var (
	up        = []int{0, 1, 2, 3, 4, 5, 6, 7}
	down      = []int{7, 6, 5, 4, 3, 2, 1, 0}
	encOrder  = slices.Concat(up, up, up, down)
	decOrder  = slices.Concat(up, down, down, down)
	macOrder  = slices.Concat(up, up)
	fixedWrap = []byte{0x4a, 0xdd, 0xa2, 0x2c, 0x79, 0xe8, 0x21, 0x05}
)

func (n *naive) encrypt(block []byte) []byte {
	n1, n2 := n.rounds(block, encOrder)
	return words(n2, n1)
}

func (n *naive) decrypt(block []byte) []byte {
	n1, n2 := n.rounds(block, decOrder)
	return words(n2, n1)
}

func (n *naive) ctr(iv, src []byte) []byte {
	s := n.encrypt(iv)
	n3, n4 := uint64(binary.LittleEndian.Uint32(s)), uint64(binary.LittleEndian.Uint32(s[4:]))
	var dst, gamma []byte
	for i, b := range src {
		if i%8 == 0 {
			n3 = (n3 + 0x01010101) % (1 << 32)
			n4 += 0x01010104
			if n4 >= 1<<32 {
				n4 = n4 - 1<<32 + 1
			}
			gamma = n.encrypt(words(uint32(n3), uint32(n4)))
		}
		dst = append(dst, b^gamma[i%8])
	}
	return dst
}

// cfb is the feedback mode; decrypt says which of source and result is the ciphertext.
func (n *naive) cfb(iv, src []byte, decrypt bool) []byte {
	reg := slices.Clone(iv)
	var dst, gamma []byte
	for i, b := range src {
		if i%8 == 0 {
			gamma = n.encrypt(reg)
		}
		dst = append(dst, b^gamma[i%8])
		if decrypt {
			reg[i%8] = b
		} else {
			reg[i%8] = dst[i]
		}
	}
	return dst
}

func (n *naive) mac(msg []byte) []byte {
	state := make([]byte, 8)
	for len(msg) > 0 {
		for i := range min(8, len(msg)) {
			state[i] ^= msg[i]
		}
		state = words(n.rounds(state, macOrder))
		msg = msg[min(8, len(msg)):]
	}
	return state
}

func (n *naive) wrap(iv, cek []byte) []byte {
	body := n.cfb(iv, slices.Concat(cek, n.mac(cek)[:4]), false)
	t := slices.Concat(iv, body)
	slices.Reverse(t)
	return n.cfb(fixedWrap, t, false)
}
