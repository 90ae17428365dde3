package gost89_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/internal/gost89"
)

func BenchmarkRounds(b *testing.B) {
	var packed [gost89.PackedSize]byte
	for i := range packed {
		packed[i] = byte(0x10*(i*2%16) + (i*2+1)%16)
	}
	var t gost89.Tables
	var r gost89.Rows
	t.Set(&packed)
	r.Set(&packed)
	k := gost89.Key{1, 2, 3, 4, 5, 6, 7, 8}
	var k4 gost89.Key4
	k4.Set(&k)
	b.Run("tables", func(b *testing.B) {
		b.SetBytes(8)
		var n1, n2 uint32
		for b.Loop() {
			n1, n2 = t.Encrypt(&k, n1, n2)
		}
	})
	b.Run("tables-mac", func(b *testing.B) {
		b.SetBytes(8)
		var n1, n2 uint32
		for b.Loop() {
			n1, n2 = t.MAC(&k, n1, n2)
		}
	})
	b.Run("tables-4", func(b *testing.B) {
		b.SetBytes(32)
		var blk gost89.Block4
		for b.Loop() {
			t.Encrypt4(&k4, &blk)
		}
	})
	b.Run("rows", func(b *testing.B) {
		b.SetBytes(8)
		var n1, n2 uint32
		for b.Loop() {
			n1, n2 = r.Encrypt(&k, n1, n2)
		}
	})
	b.Run("set", func(b *testing.B) {
		for b.Loop() {
			t.Set(&packed)
		}
	})
}
