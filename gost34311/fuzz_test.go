package gost34311_test

import (
	"bytes"
	"encoding"
	"testing"

	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// FuzzHash compares the hash of every implementation, written in three parts, with the reference.
func FuzzHash(f *testing.F) {
	f.Fuzz(func(t *testing.T, msg []byte, cut1, cut2 uint16, dke uint8) {
		s := mustDKE(t, 1+int(dke)%10)
		i := int(cut1) % (len(msg) + 1)
		j := i + int(cut2)%(len(msg)-i+1)
		want := naive(msg, s)
		for _, name := range impl.Names("gost34311") {
			restore := impl.TestingOnlySelect(name)
			h := gost34311.NewSBox(s)
			h.Write(msg[:i])
			h.Write(msg[i:j])
			h.Write(msg[j:])
			if got := h.Sum(nil); !bytes.Equal(got, want) {
				t.Errorf("%s: got %x, want %x", name, got, want)
			}
			restore()
		}
	})
}

// FuzzUnmarshal feeds states from outside: an accepted one is written as it was and works on, a
// refused one leaves no trace.
func FuzzUnmarshal(f *testing.F) {
	f.Fuzz(func(t *testing.T, state []byte) {
		h := gost34311.New()
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
		other := gost34311.New()
		if err := other.(encoding.BinaryUnmarshaler).UnmarshalBinary(again); err != nil {
			t.Fatal(err)
		}
		h.Write(make([]byte, 40))
		other.Write(make([]byte, 39))
		other.Write(make([]byte, 1))
		if a, b := h.Sum(nil), other.Sum(nil); !bytes.Equal(a, b) {
			t.Errorf("two hashes of one state give %x and %x", a, b)
		}
	})
}

// FuzzSumMany cuts messages out of one and compares their digests, made side by side by every
// implementation, with those of the messages alone by the portable one.
func FuzzSumMany(f *testing.F) {
	f.Fuzz(func(t *testing.T, data, lengths []byte, dke uint8) {
		s, messages := mustDKE(t, 1+int(dke)%10), cut(data, lengths)
		restore := impl.TestingOnlySelect(impl.Generic)
		var want [][gost34311.Size]byte
		for _, m := range messages {
			want = append(want, gost34311.SumSBox(m, s))
		}
		restore()
		for _, name := range impl.Names("gost34311") {
			restore := impl.TestingOnlySelect(name)
			got := gost34311.SumMany(messages, s)
			restore()
			for i := range messages {
				if got[i] != want[i] {
					t.Errorf("%s: message %d of %d bytes: %x, want %x", name, i, len(messages[i]), got[i], want[i])
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
