package gost34311

import "github.com/ukrcrypto/dstu/internal/gost89"

// step replaces the chaining value h by the step function (GOST 34.311-95, section 5) of h and
// the block m.
func step(t *gost89.Tables, h, m *[4]uint64) {
	var k gost89.Key4
	keys(&k, h, m)
	var b gost89.Block4
	for j, w := range h {
		b[0][j], b[1][j] = uint32(w), uint32(w>>32)
	}
	t.Encrypt4(&k, &b)
	var s state
	for j := range s {
		s[j] = uint64(b[0][j]) | uint64(b[1][j])<<32
	}
	mix(&s, h, m)
	*h = s
}

// The words of the constant C3; C2 and C4 are zero.
const (
	c30 = 0xff00ff00ff00ff00
	c31 = 0x00ff00ff00ff00ff
	c32 = 0xff0000ff00ffff00
	c33 = 0xff00ffff000000ff
)

// keys makes the keys of the four encryptions: K1 = P(U xor V) with U = h and V = m; before each
// next one U = A(U) xor Cj and V = A(A(V)). A(y) is y1, y2, y3, y0 xor y1.
func keys(k *gost89.Key4, h, m *[4]uint64) {
	u0, u1, u2, u3 := h[0], h[1], h[2], h[3]
	v0, v1, v2, v3 := m[0], m[1], m[2], m[3]
	transpose(k, 0, u0^v0, u1^v1, u2^v2, u3^v3)

	u0, u1, u2, u3 = u1, u2, u3, u0^u1
	v0, v1, v2, v3 = v2, v3, v0^v1, v1^v2
	transpose(k, 1, u0^v0, u1^v1, u2^v2, u3^v3)

	u0, u1, u2, u3 = u1^c30, u2^c31, u3^c32, u0^u1^c33
	v0, v1, v2, v3 = v2, v3, v0^v1, v1^v2
	transpose(k, 2, u0^v0, u1^v1, u2^v2, u3^v3)

	u0, u1, u2, u3 = u1, u2, u3, u0^u1
	v0, v1, v2, v3 = v2, v3, v0^v1, v1^v2
	transpose(k, 3, u0^v0, u1^v1, u2^v2, u3^v3)
}

// transpose stores P(y) as key j: word i of the key is made of the bytes i of y0, y1, y2, y3.
func transpose(k *gost89.Key4, j int, y0, y1, y2, y3 uint64) {
	const b, w = 0x00ff00ff00ff00ff, 0x0000ffff0000ffff
	j &= 3
	t := (y0>>8 ^ y1) & b // exchange odd bytes of y0 with even bytes of y1
	y0, y1 = y0^t<<8, y1^t
	t = (y2>>8 ^ y3) & b
	y2, y3 = y2^t<<8, y3^t
	t = (y0>>16 ^ y2) & w // likewise pairs of bytes
	y0, y2 = y0^t<<16, y2^t
	t = (y1>>16 ^ y3) & w
	y1, y3 = y1^t<<16, y3^t
	k[0][j], k[4][j] = uint32(y0), uint32(y0>>32)
	k[1][j], k[5][j] = uint32(y1), uint32(y1>>32)
	k[2][j], k[6][j] = uint32(y2), uint32(y2>>32)
	k[3][j], k[7][j] = uint32(y3), uint32(y3>>32)
}

// state is sixteen words of 16 bits, the lowest first, four in each element.
type state [4]uint64

// mix replaces s by the mixing function psi^61(h xor psi(m xor psi^12(s))), where psi shifts out
// word 0 and shifts in the xor of the words 0, 1, 2, 3, 12 and 15.
func mix(s *state, h, m *[4]uint64) {
	w0, w1, w2, w3 := s[0], s[1], s[2], s[3]
	for range 3 {
		w0, w1, w2, w3 = w1, w2, w3, psi4(w0, w1, w3)
	}
	w0, w1, w2, w3 = psi(w0^m[0], w1^m[1], w2^m[2], w3^m[3])
	w0, w1, w2, w3 = w0^h[0], w1^h[1], w2^h[2], w3^h[3]
	for range 15 {
		w0, w1, w2, w3 = w1, w2, w3, psi4(w0, w1, w3)
	}
	s[0], s[1], s[2], s[3] = psi(w0, w1, w2, w3)
}

// psi is one step of the shift register.
func psi(w0, w1, w2, w3 uint64) (_, _, _, _ uint64) {
	x := w0 ^ w0>>16 ^ w0>>32 ^ w0>>48 ^ w3 ^ w3>>48
	return w0>>16 | w1<<48, w1>>16 | w2<<48, w2>>16 | w3<<48, w3>>16 | x<<48
}

// psi4 is four steps: it returns the four words that are shifted in. Each depends on the one
// before it; that is the sum over the lower places at the end.
func psi4(w0, w1, w3 uint64) uint64 {
	x := w0 ^ (w0>>16 | w1<<48) ^ (w0>>32 | w1<<32) ^ (w0>>48 | w1<<16) ^ w3 ^ w3>>48
	x ^= x << 16
	return x ^ x<<32
}
