package kupyna_test

import (
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/kupyna"
)

// tiers runs a benchmark with every implementation.
func tiers(b *testing.B, f func(*testing.B)) {
	for _, name := range impl.Names("kupyna") {
		b.Run(name, func(b *testing.B) {
			defer impl.TestingOnlySelect(name)()
			f(b)
		})
	}
}

func BenchmarkHash(b *testing.B) {
	for _, size := range []int{0, 32, 1024, 16384, 1 << 20} {
		data := make([]byte, size)
		run := func(sum func()) func(*testing.B) {
			return func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					sum()
				}
			}
		}
		for name, sum := range map[string]func(){
			"kupyna256": func() { kupyna.Sum256(data) },
			"kupyna512": func() { kupyna.Sum512(data) },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) { tiers(b, run(sum)) })
		}
		b.Run(fmt.Sprintf("sha256/%d", size), run(func() { sha256.Sum256(data) }))
		b.Run(fmt.Sprintf("sha512/%d", size), run(func() { sha512.Sum512(data) }))
	}
}

// BenchmarkMany hashes messages of 64 bytes one after the other and side by side.
func BenchmarkMany(b *testing.B) {
	messages := make([][]byte, 64)
	for i := range messages {
		messages[i] = make([]byte, 64)
	}
	each := func(sum func(m []byte)) func() {
		return func() {
			for _, m := range messages {
				sum(m)
			}
		}
	}
	for name, run := range map[string]func(){
		"single256": each(func(m []byte) { kupyna.Sum256(m) }),
		"single512": each(func(m []byte) { kupyna.Sum512(m) }),
		"many256":   func() { kupyna.SumMany256(messages) },
		"many512":   func() { kupyna.SumMany512(messages) },
	} {
		b.Run(name, func(b *testing.B) {
			tiers(b, func(b *testing.B) {
				b.SetBytes(64 * 64)
				for b.Loop() {
					run()
				}
			})
		})
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
