package kupyna_test

import (
	"bytes"
	"encoding"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/internal/impl"
	"github.com/ukrcrypto/dstu/kupyna"
)

// FuzzHash compares the hash of every implementation and the authentication code, written in three
// parts, with the reference.
func FuzzHash(f *testing.F) {
	f.Fuzz(func(t *testing.T, msg []byte, cut1, cut2 uint16, digest uint8) {
		size := 1 + int(digest)%64
		i := int(cut1) % (len(msg) + 1)
		j := i + int(cut2)%(len(msg)-i+1)
		want := naive(size, msg)
		for _, name := range impl.Names("kupyna") {
			restore := impl.TestingOnlySelect(name)
			h := mustNew(t, size)
			h.Write(msg[:i])
			h.Write(msg[i:j])
			h.Write(msg[j:])
			if got := h.Sum(nil); !bytes.Equal(got, want) {
				t.Errorf("%s: got %x, want %x", name, got, want)
			}
			restore()
		}
		newMAC, ok := macs[size]
		if !ok {
			return
		}
		key := bytes.Repeat([]byte{digest}, size)
		m, err := newMAC(key)
		if err != nil {
			t.Fatal(err)
		}
		m.Write(msg[:j])
		m.Write(msg[j:])
		if got, want := m.Sum(nil), naiveMAC(key, msg); !bytes.Equal(got, want) {
			t.Errorf("tag %x, want %x", got, want)
		}
	})
}

// FuzzUnmarshal feeds states from outside: an accepted one is written as it was and works on, a
// refused one leaves no trace.
func FuzzUnmarshal(f *testing.F) {
	f.Fuzz(func(t *testing.T, state []byte, digest uint8) {
		size := 1 + int(digest)%kupyna.Size512
		h := mustNew(t, size)
		h.Write([]byte("abc"))
		before := h.Sum(nil)
		if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
			if got := h.Sum(nil); !bytes.Equal(got, before) {
				t.Errorf("refused with %v, but the hash is %x, not %x", err, got, before)
			}
			return
		}
		again, err := h.(encoding.BinaryMarshaler).MarshalBinary()
		if err != nil || !bytes.Equal(again, state) {
			t.Errorf("marshalled again as %x, %v, not %x", again, err, state)
		}
		other := mustNew(t, size)
		if err := other.(encoding.BinaryUnmarshaler).UnmarshalBinary(again); err != nil {
			t.Fatal(err)
		}
		h.Write(make([]byte, 140))
		other.Write(make([]byte, 139))
		other.Write(make([]byte, 1))
		if a, b := h.Sum(nil), other.Sum(nil); !bytes.Equal(a, b) {
			t.Errorf("two hashes of one state give %x and %x", a, b)
		}
	})
}

// FuzzSumMany cuts messages out of one and compares their digests, made side by side by every
// implementation, with those of the messages alone by the portable one.
func FuzzSumMany(f *testing.F) {
	f.Fuzz(func(t *testing.T, data, lengths []byte) {
		messages := cut(data, lengths)
		restore := impl.TestingOnlySelect(impl.Generic)
		var want []string
		for _, m := range messages {
			want = append(want, fmt.Sprintf("%x %x", kupyna.Sum256(m), kupyna.Sum512(m)))
		}
		restore()
		for _, name := range impl.Names("kupyna") {
			restore := impl.TestingOnlySelect(name)
			short, long := kupyna.SumMany256(messages), kupyna.SumMany512(messages)
			restore()
			for i := range messages {
				if got := fmt.Sprintf("%x %x", short[i], long[i]); got != want[i] {
					t.Errorf("%s: message %d of %d bytes: %s, want %s", name, i, len(messages[i]), got, want[i])
				}
			}
		}
	})
}

// cut cuts messages of the given lengths, the last as long as what is left.
func cut(data, lengths []byte) [][]byte {
	var messages [][]byte
	for _, n := range lengths[:min(len(lengths), 20)] {
		n := min(int(n), len(data))
		messages = append(messages, data[:n])
		data = data[n:]
	}
	return append(messages, data)
}
