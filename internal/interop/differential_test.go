//go:build interop

package interop_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"sort"
	"testing"
)

// A stream yields the octets that both sides draw their random cases from:
// SHA-256(seed ‖ counter), counter as four octets, big-endian, from 0.
type stream struct {
	seed    []byte
	counter uint32
	rest    []byte
}

func (s *stream) draw(n int) []byte {
	for len(s.rest) < n {
		block := sha256.Sum256(binary.BigEndian.AppendUint32(bytes.Clone(s.seed), s.counter))
		s.rest = append(s.rest, block[:]...)
		s.counter++
	}
	out := s.rest[:n:n]
	s.rest = s.rest[n:]
	return out
}

func (s *stream) below(limit int) int { return int(binary.BigEndian.Uint16(s.draw(2))) % limit }

// Read makes a stream usable as a source of keys.
func (s *stream) Read(p []byte) (int, error) { return copy(p, s.draw(len(p))), nil }

// A differentialCase is one algorithm that both sides run on the same random cases.
type differentialCase struct {
	name  string
	count int
	one   func(*stream) []byte
}

// differential compares count random cases of one algorithm. Both sides draw
// the same inputs and sum up their results; when the sums differ, the first
// differing case is searched by halving.
func differential(t *testing.T, p *partner, name string, count int, one func(*stream) []byte) {
	t.Helper()
	from := seed(t)
	ours := make([][]byte, count) // sums after each case
	s := &stream{seed: from}
	sum := sha256.New()
	for i := range count {
		sum.Write(one(s))
		ours[i] = sum.Sum(nil)
	}
	same := func(n int) bool {
		r := p.must(t, 2, "run", name, n, from)
		return bytes.Equal(r[1], ours[n-1])
	}
	if same(count) {
		return
	}
	first := sort.Search(count, func(i int) bool { return !same(i + 1) })
	t.Errorf("%s and %s differ in case %d of %d", name, p.name, first, count)
}
