package dstu4145

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/gost89"
)

var (
	errAnnexALength = errors.New("dstu4145: generator of annex A wants a key of 32 bytes, a state and a date of 8 bytes")
	errAnnexAEnd    = errors.New("dstu4145: generator of annex A came back to its first state")
)

const redactedAnnexA = "dstu4145.AnnexA(REDACTED)"

// AnnexA is the pseudo-random generator of annex A, an [io.Reader]. It is for those who must show
// that they use it; everybody else should pass [crypto/rand.Reader], which is seeded by the
// operating system, seeded again as time goes by, and after a leak of its state does not give
// away what it gave before.
//
// This generator has none of that. Its security is that of the key and of the 64-bit state, which
// have to come from somewhere: two generators with the same key, state and date give the same
// bytes. Whoever learns them can compute the bytes of the past and of the future. And it is slow,
// with two encryptions by GOST 28147 for a bit.
//
// As the reader of [Curve.GenerateKey] it supplies the private key: L(n) bits, from the bytes as a
// big-endian number. Clause 6.3 makes a number of L(n)-1 bits in the order of the bits, so that
// other implementations make another key of the same state. As the reader of [PrivateKey.Sign] it
// is one input of three to the nonce, with the private key and the digest, and the others hold
// where it fails; see the package comment. To repeat a signature of another implementation with
// its nonce is not possible by design.
//
// It is safe for concurrent use: no two readers get the same bytes. It runs in constant time,
// without tables. It prints, logs and marshals to JSON as a constant text.
type AnnexA struct {
	// read is a function because fmt cannot look into it, see PrivateKey.
	read func([]byte) (int, error)
}

// NewAnnexA returns the generator with a secret key of 32 bytes and a secret first state of 8
// bytes, as GOST 28147 writes them, for a date of 8 bytes: the block D of the annex, of which
// it is only asked that it changes from one start to the next, for example the time. s is the
// substitution block of the cipher; nil is DKE No 1. Other lengths are an error.
//
// The key must serve for nothing else.
func NewAnnexA(key, state, date []byte, s *gost28147.SBox) (*AnnexA, error) {
	if len(key) != gost28147.KeySize || len(state) != gost28147.BlockSize || len(date) != gost28147.BlockSize {
		return nil, errAnnexALength
	}
	return &AnnexA{newAnnexA(key, state, date, s).read}, nil
}

// Read fills p and returns its length. Should the state come back to the first one, which happens
// after 2^63 bits on average, Read returns an error and what it made before, and errors from
// then on.
func (a *AnnexA) Read(p []byte) (int, error) { return a.read(p) }

// Format writes a constant text for every verb and flag.
func (AnnexA) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redactedAnnexA) }

// String returns a constant text.
func (AnnexA) String() string { return redactedAnnexA }

// GoString returns a constant text.
func (AnnexA) GoString() string { return redactedAnnexA }

// MarshalJSON returns a constant JSON string.
func (AnnexA) MarshalJSON() ([]byte, error) { return []byte(`"` + redactedAnnexA + `"`), nil }

// LogValue returns a constant text.
func (AnnexA) LogValue() slog.Value { return slog.StringValue(redactedAnnexA) }

// annexA is what a generator works with; blocks are the two words of GOST 28147.
type annexA struct {
	mu           sync.Mutex
	rows         *gost89.Rows
	key          gost89.Key
	mask         [2]uint32 // I, the encrypted date
	state, first [2]uint32
	ended        bool
}

func newAnnexA(key, state, date []byte, s *gost28147.SBox) *annexA {
	g := &annexA{rows: gost89.Of(s).Rows(), state: annexABlock(state)}
	for i := range g.key {
		g.key[i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	g.first = g.state
	g.mask = g.encrypt(annexABlock(date))
	return g
}

func annexABlock(b []byte) [2]uint32 {
	return [2]uint32{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])}
}

func (g *annexA) encrypt(b [2]uint32) [2]uint32 {
	n1, n2 := g.rows.Encrypt(&g.key, b[0], b[1])
	return [2]uint32{n1, n2}
}

func (g *annexA) masked(b [2]uint32) [2]uint32 {
	return g.encrypt([2]uint32{b[0] ^ g.mask[0], b[1] ^ g.mask[1]})
}

func (g *annexA) read(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range p {
		var b byte
		for bit := range 8 {
			if g.ended {
				return i, errAnnexAEnd
			}
			x := g.masked(g.state)
			b |= byte(x[0]&1) << bit
			g.state = g.masked(x)
			// The answer is public: it ends the output.
			g.ended = (g.state[0]^g.first[0])|(g.state[1]^g.first[1]) == 0
		}
		p[i] = b
	}
	return len(p), nil
}
