package gost89_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/gost89"
)

// slowRound is one round from the text: (n1, n2) becomes (f(n1+x) xor n2, n1).
func slowRound(packed *[gost89.PackedSize]byte, x, n1, n2 uint32) (uint32, uint32) {
	s := n1 + x
	var y uint32
	for i := range 8 {
		nibble := s >> (4 * i) & 15
		b := packed[8*i+int(nibble/2)]
		if nibble%2 == 0 {
			b >>= 4
		}
		y |= uint32(b&15) << (4 * i)
	}
	return (y<<11 | y>>21) ^ n2, n1
}

func slowEncrypt(packed *[gost89.PackedSize]byte, k *gost89.Key, n1, n2 uint32) (uint32, uint32) {
	for i := range 32 {
		x := k[i%8]
		if i >= 24 {
			x = k[31-i]
		}
		n1, n2 = slowRound(packed, x, n1, n2)
	}
	return n2, n1
}

func slowMAC(packed *[gost89.PackedSize]byte, k *gost89.Key, n1, n2 uint32) (uint32, uint32) {
	for i := range 16 {
		n1, n2 = slowRound(packed, k[i%8], n1, n2)
	}
	return n1, n2
}

// TestAgainstText runs every form of the rounds against the text of the standard. The rows are
// arbitrary bytes, so that a mix-up of rows or halves cannot hide.
func TestAgainstText(t *testing.T) {
	rnd := rand.NewChaCha8([32]byte{1})
	var tables gost89.Tables
	var rows gost89.Rows
	for range 200 {
		var packed [gost89.PackedSize]byte
		rnd.Read(packed[:])
		tables.Set(&packed)
		rows.Set(&packed)
		var keys [4]gost89.Key
		var k4 gost89.Key4
		var b4, want4 gost89.Block4
		for j := range keys {
			for i := range keys[j] {
				keys[j][i] = uint32(rnd.Uint64())
				k4[i][j] = keys[j][i]
			}
			k := &keys[j]
			n1, n2 := uint32(rnd.Uint64()), uint32(rnd.Uint64())
			e1, e2 := slowEncrypt(&packed, k, n1, n2)
			b4[0][j], b4[1][j] = n1, n2
			want4[0][j], want4[1][j] = e1, e2
			if g1, g2 := tables.Encrypt(k, n1, n2); g1 != e1 || g2 != e2 {
				t.Fatalf("Tables.Encrypt = %x %x, want %x %x", g1, g2, e1, e2)
			}
			if g1, g2 := tables.Decrypt(k, e1, e2); g1 != n1 || g2 != n2 {
				t.Fatalf("Tables.Decrypt = %x %x, want %x %x", g1, g2, n1, n2)
			}
			if g1, g2 := rows.Encrypt(k, n1, n2); g1 != e1 || g2 != e2 {
				t.Fatalf("Rows.Encrypt = %x %x, want %x %x", g1, g2, e1, e2)
			}
			if g1, g2 := rows.Decrypt(k, e1, e2); g1 != n1 || g2 != n2 {
				t.Fatalf("Rows.Decrypt = %x %x, want %x %x", g1, g2, n1, n2)
			}
			m1, m2 := slowMAC(&packed, k, n1, n2)
			if g1, g2 := tables.MAC(k, n1, n2); g1 != m1 || g2 != m2 {
				t.Fatalf("Tables.MAC = %x %x, want %x %x", g1, g2, m1, m2)
			}
			if g1, g2 := rows.MAC(k, n1, n2); g1 != m1 || g2 != m2 {
				t.Fatalf("Rows.MAC = %x %x, want %x %x", g1, g2, m1, m2)
			}
		}
		tables.Encrypt4(&k4, &b4)
		if b4 != want4 {
			t.Fatalf("Tables.Encrypt4 = %x, want %x", b4, want4)
		}
		back := want4
		tables.Decrypt4(&k4, &back)
		for j := range keys {
			if n1, n2 := tables.Decrypt(&keys[j], want4[0][j], want4[1][j]); back[0][j] != n1 || back[1][j] != n2 {
				t.Fatalf("Tables.Decrypt4 of block %d = %x %x, want %x %x", j, back[0][j], back[1][j], n1, n2)
			}
		}
		var same gost89.Key4
		same.Set(&keys[2])
		for i := range same {
			for j := range same[i] {
				if same[i][j] != keys[2][i] {
					t.Fatalf("Key4.Set: word %d of lane %d is %x", i, j, same[i][j])
				}
			}
		}
	}
}
