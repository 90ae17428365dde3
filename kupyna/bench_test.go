package kupyna_test

import (
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/kupyna"
)

func BenchmarkHash(b *testing.B) {
	for _, size := range []int{0, 32, 1024, 16384} {
		data := make([]byte, size)
		for _, f := range []struct {
			name string
			sum  func()
		}{
			{"kupyna256", func() { kupyna.Sum256(data) }},
			{"kupyna512", func() { kupyna.Sum512(data) }},
			{"sha256", func() { sha256.Sum256(data) }},
			{"sha512", func() { sha512.Sum512(data) }},
		} {
			b.Run(fmt.Sprintf("%s/%d", f.name, size), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					f.sum()
				}
			})
		}
	}
}

func BenchmarkMAC(b *testing.B) {
	m, err := kupyna.NewMAC256(make([]byte, kupyna.Size256))
	if err != nil {
		b.Fatal(err)
	}
	data, tag := make([]byte, 32), make([]byte, 0, kupyna.Size256)
	b.ReportAllocs()
	for b.Loop() {
		m.Reset()
		m.Write(data)
		tag = m.Sum(tag[:0])
	}
}
