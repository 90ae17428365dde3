//go:build interop

package interop_test

import (
	"bytes"
	"hash"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/kupyna"
)

// longPieces are what long messages are written in, over and over: less and more than blocks, and more
// than what a call of assembly takes.
var longPieces = []int{1, 63, 64, 65, 127, 129, 4095, 1<<16 + 1, 100_003, 1 << 20}

// TestBouncyCastleLong hashes one long message with each hash function: as many bytes as the variable
// DSTU_HASH_MIB says, in MiB.
//
//	DSTU_HASH_MIB=5120 go test -tags interop -run '^TestBouncyCastleLong$' -timeout 0 -v ./internal/interop
//
// Byte i of the message is the sum of the bytes of i. Bouncy Castle takes some 80 seconds for 1 GiB
// of Kupyna and 330 for 1 GiB of GOST 34.311; -run '^TestBouncyCastleLong$/kupyna256' selects.
func TestBouncyCastleLong(t *testing.T) {
	mib := 1
	if s := os.Getenv("DSTU_HASH_MIB"); s != "" {
		var err error
		if mib, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	p := bouncy.need(t)
	p.more = time.Duration(mib) * time.Second
	defer func() { p.more = 0 }()
	for name, newHash := range map[string]func() hash.Hash{
		"gost34311": gost34311.New,
		"kupyna256": kupyna.New256,
		"kupyna384": kupyna.New384,
		"kupyna512": kupyna.New512,
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			h := newHash()
			var buf []byte
			left := uint64(mib) << 20
			for i, at := 0, uint64(0); left > 0; i++ {
				n := min(uint64(longPieces[i%len(longPieces)]), left)
				buf = buf[:0]
				for range n {
					buf = append(buf, byte(at)+byte(at>>8)+byte(at>>16)+byte(at>>24)+byte(at>>32))
					at++
				}
				h.Write(buf)
				left -= n
			}
			ours := time.Since(start)
			got := p.must(t, 1, "long", name, mib)[0]
			if want := h.Sum(nil); !bytes.Equal(got, want) {
				t.Errorf("%d MiB: ours %x, Bouncy Castle %x", mib, want, got)
			}
			t.Logf("%d MiB: ours %v, both %v", mib, ours, time.Since(start))
		})
	}
}
