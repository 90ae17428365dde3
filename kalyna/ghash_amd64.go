//go:build amd64 && !purego

package kalyna

import "encoding/binary"

//go:generate go run -C ../internal/_asm ./column8 -kind hash -tier avx512 -pkg kalyna -out ../../kalyna/hash_avx512_amd64.s -stubs ../../kalyna/hash_avx512_amd64.go

// hashPowers are the powers of the key of the hash for the kernels, as many as there are blocks in
// eight vectors, the first power last.
type hashPowers struct {
	ready bool
	of    [8][8]uint64
}

// prepare computes the powers.
func (k *hashKey) prepare() {
	if !useAVX512 {
		return
	}
	p, c := &k.powers, k.columns
	x := k.h
	for i := 64 - c; ; i -= c { // the place in the table
		v := &p.of[i/8]
		copy(v[i%8:i%8+c], x[:c])
		if i == 0 {
			break
		}
		// The power takes the last place of a vector, where it meets the key.
		var last [64]byte
		for j := range c {
			binary.LittleEndian.PutUint64(last[64-8*c+8*j:], x[j])
		}
		x = [8]uint64{}
		p.hash(c, &x, last[:], 1, 1)
	}
	p.ready = true
}

// hash adds batches of vectors to the state.
func (p *hashPowers) hash(columns int, state *[8]uint64, b []byte, vectors, batches int) {
	switch columns {
	case 2:
		hash2AVX512(state, &p.of, &b[0], vectors, batches)
	case 4:
		hash4AVX512(state, &p.of, &b[0], vectors, batches)
	default:
		hash8AVX512(state, &p.of, &b[0], vectors, batches)
	}
}

// bulkHash adds the first blocks of p to b, as hashKey.blocks does, and returns how many bytes.
func bulkHash(k *hashKey, b *[8]uint64, p []byte) (done int) {
	const batch = 8 * 64
	if !useAVX512 || !k.powers.ready {
		return 0
	}
	for n := 0; done+batch <= len(p); done += n {
		n = min((len(p)-done)&^(batch-1), 2*longest)
		k.powers.hash(k.columns, b, p[done:done+n], 8, n/batch)
	}
	if rest := p[done:]; len(rest) > 0 {
		// The blocks end where the table ends; the zeros before them do not matter.
		var buf [batch]byte
		n := (len(rest) + 63) &^ 63
		at := n - len(rest)
		copy(buf[at:], rest)
		for j, x := range b[:k.columns] {
			p := buf[at+8*j:]
			binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)^x)
		}
		*b = [8]uint64{}
		k.powers.hash(k.columns, b, buf[:n], n/64, 1)
	}
	return len(p)
}
