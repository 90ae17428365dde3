//go:build amd64 && !purego

package kalyna

import "encoding/binary"

//go:generate go run -C ../internal/_asm ./column8 -kind hash -tier avx512 -pkg kalyna -out ../../kalyna/hash_avx512_amd64.s -stubs ../../kalyna/hash_avx512_amd64.go

//go:generate go run -C ../internal/_asm ./column8 -kind hash -tier avx2 -pkg kalyna -out ../../kalyna/hash_avx2_amd64.s -stubs ../../kalyna/hash_avx2_amd64.go

// hashKey is the key of the hash of GCM: see newHashKey. It is an object without pointers, and so
// aligned well for the kernels.
type hashKey struct {
	columns int
	h       [8]uint64
	powers  hashPowers
}

// hashPowers are the powers of the key of the hash for the kernels, the first power last. AVX-512
// takes as many as there are blocks in eight vectors, AVX2 eight, each in a row of its own.
type hashPowers struct {
	avx512, avx2 bool // who can use them
	of           [8][8]uint64
}

// prepare computes the powers.
func (k *hashKey) prepare() {
	p, c := &k.powers, k.columns
	switch {
	case useAVX512:
		p.avx512 = true
	case useAVX2:
		p.avx2 = true
		p.of[7] = k.h
		for i := 6; i >= 0; i-- {
			var zero [64]byte
			p.of[i] = p.of[i+1]
			p.hash(c, &p.of[i], zero[:], 1, 1)
		}
		return
	default:
		return
	}
	x := k.h
	for i := 64 - c; ; i -= c { // the place in the table
		copy(p.of[i/8][i%8:i%8+c], x[:c])
		if i == 0 {
			return
		}
		// The power takes the last place of a vector, where it meets the key.
		var last [64]byte
		for j := range c {
			binary.LittleEndian.PutUint64(last[64-8*c+8*j:], x[j])
		}
		x = [8]uint64{}
		p.hash(c, &x, last[:], 1, 1)
	}
}

// hash adds batches of vectors, or of blocks with AVX2, to the state.
func (p *hashPowers) hash(columns int, state *[8]uint64, b []byte, n, batches int) {
	switch {
	case p.avx512 && columns == 2:
		hash2AVX512(state, &p.of, &b[0], n, batches)
	case p.avx512 && columns == 4:
		hash4AVX512(state, &p.of, &b[0], n, batches)
	case p.avx512:
		hash8AVX512(state, &p.of, &b[0], n, batches)
	case columns == 2:
		hash2AVX2(state, &p.of, &b[0], n, batches)
	case columns == 4:
		hash4AVX2(state, &p.of, &b[0], n, batches)
	default:
		hash8AVX2(state, &p.of, &b[0], n, batches)
	}
}

// bulkHash adds the first blocks of p to b, as hashKey.blocks does, and returns how many bytes.
func bulkHash(k *hashKey, b *[8]uint64, p []byte) (done int) {
	size := 64
	switch {
	case useAVX512 && k.powers.avx512:
	case useAVX2 && k.powers.avx2:
		size = 8 * k.columns
	default:
		return 0
	}
	batch := 8 * size
	for n := 0; done+batch <= len(p); done += n {
		n = min(len(p)-done, longest)
		n -= n % batch
		k.powers.hash(k.columns, b, p[done:done+n], 8, n/batch)
	}
	rest := p[done:]
	if len(rest)%size == 0 {
		if len(rest) > 0 {
			k.powers.hash(k.columns, b, rest, len(rest)/size, 1)
		}
		return len(p)
	}
	// The blocks end where the table ends; the zeros before them do not matter.
	var buf [8 * 64]byte
	n := (len(rest) + size - 1) &^ (size - 1)
	at := n - len(rest)
	copy(buf[at:], rest)
	for j, x := range b[:k.columns] {
		p := buf[at+8*j:]
		binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)^x)
	}
	*b = [8]uint64{}
	k.powers.hash(k.columns, b, buf[:n], n/size, 1)
	return len(p)
}
