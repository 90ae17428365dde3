package ec2m

import "math/bits"

// recode prepares k, 0 < k < n, for a comb of odd signed digits. k or n-k is odd; it sets u to that
// number written so that each window of w bits of it, read as e, stands for the digit
// 2e + 1 - 2^w. neg is 1 when u stands for n-k. size is the total of all windows; u has room for it
// and at least MaxWords words.
func recode(u []uint64, k, n *Words, size int) (neg uint64) {
	neg = 1 ^ k[0]&1
	mask := -neg
	var borrow uint64
	for i := range k {
		var d uint64
		d, borrow = bits.Sub64(n[i], k[i], borrow)
		u[i] = k[i] ^ mask&(k[i]^d)
	}
	for i := range MaxWords - 1 {
		u[i] = u[i]>>1 | u[i+1]<<63
	}
	u[MaxWords-1] >>= 1
	u[(size-1)/64] |= 1 << ((size - 1) % 64)
	return neg
}

// window returns the w bits of u from bit pos; w < 64.
func window(u *Words, pos, w int) uint64 {
	v := u[pos/64] >> (pos % 64)
	if pos%64+w > 64 {
		v |= u[pos/64+1] << (64 - pos%64)
	}
	return v & (1<<w - 1)
}

// equalMask returns all ones for a = b, which are below 2^63, and 0 otherwise.
func equalMask(a, b uint64) uint64 {
	d := a ^ b
	return -((d - 1) >> 63)
}

// ladderBits returns short if k fits in so many bits and long otherwise. Multiples of the
// order times a cofactor fit; whether a caller passes something longer is not a secret.
func ladderBits(k *Words, short, long int) int {
	rest := k[short/64] >> (short % 64)
	for _, w := range k[short/64+1:] {
		rest |= w
	}
	if rest != 0 {
		return long
	}
	return short
}

// bitLen is the length of k. Its timing depends on k.
func bitLen(k *Words) int {
	for i := MaxWords - 1; i >= 0; i-- {
		if k[i] != 0 {
			return 64*i + bits.Len64(k[i])
		}
	}
	return 0
}
