package pbe

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"unicode/utf16"

	"github.com/ukrcrypto/dstu/internal/der"
)

// ErrDecrypt is the one failure of everything that depends on the password.
var ErrDecrypt = errors.New("pbe: wrong password or damaged data")

// UnsupportedError names an algorithm that is not implemented.
type UnsupportedError struct{ What string }

func (e *UnsupportedError) Error() string { return "pbe: unsupported " + e.What }

// LimitError tells that a container asks for more iterations than the session allows.
type LimitError struct {
	What       string
	Value, Max uint64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("pbe: %s: %d exceeds the limit of %d", e.What, e.Value, e.Max)
}

// Password is a password in the encodings that schemes ask for.
type Password struct {
	Octets []byte // as PBES2 takes it
	BMP    []byte // as PKCS#12 takes it; see BMPString
	Slot   int    // tells the passwords of a session apart, which never compares them
}

// BMPString returns the password as PKCS#12 takes it: UTF-16, big-endian, with two zero octets at
// the end. What is not UTF-8 becomes U+FFFD.
func BMPString(text string) []byte {
	return append(UTF16(text), 0, 0)
}

// UTF16 returns the password as JKS takes it: UTF-16, big-endian.
func UTF16(text string) []byte {
	b := make([]byte, 0, 2*len(text)+2)
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

// derivation is everything but the password that a derived key depends on.
type derivation struct {
	prf        *prf // of PBKDF2
	h          *digest
	id         byte // of PKCS#12, with h
	salt       string
	iterations uint64
	size       int
}

type derived struct {
	derivation
	slot int
}

// totalFactor is how many times the limit of one derivation all of a session may take.
const totalFactor = 2

// Session is the work of opening one container. It is not safe for concurrent use.
type Session struct {
	max, planned uint64
	passwords    uint64 // that each derivation may be tried with
	plan         map[derivation]struct{}
	keys         map[derived][]byte
}

// NewSession returns a session that refuses derivations of more than maxIterations iterations, and
// more than twice as many in all. In all means for every block of output and for each of passwords
// encodings of the password, whether or not it comes to trying them.
func NewSession(maxIterations, passwords int) *Session {
	return &Session{
		max:       uint64(max(maxIterations, 0)),
		passwords: uint64(max(passwords, 1)),
		plan:      make(map[derivation]struct{}),
		keys:      make(map[derived][]byte),
	}
}

// blocks returns how many times the iterations of d are gone through.
func (d derivation) blocks() uint64 {
	size := 0
	switch {
	case d.prf != nil:
		size = d.prf.size
	case d.h != nil:
		size = d.h.new().Size()
	}
	if size == 0 {
		return 1
	}
	return uint64(max(d.size+size-1, size) / size)
}

// admit counts the iterations of d, once for equal parameters.
func (s *Session) admit(d derivation) error {
	if d.iterations > s.max {
		return &LimitError{"iterations", d.iterations, s.max}
	}
	if _, ok := s.plan[d]; ok {
		return nil
	}
	high, work := bits.Mul64(d.iterations, d.blocks()*s.passwords)
	if total := totalFactor * s.max; high != 0 || work > total-s.planned {
		sum, carry := bits.Add64(s.planned, work, 0)
		if high|carry != 0 {
			sum = math.MaxUint64
		}
		return &LimitError{"iterations in all", sum, total}
	}
	s.planned += work
	s.plan[d] = struct{}{}
	return nil
}

// derive returns the key of d; it is kept by the session and must not be changed.
func (s *Session) derive(d derivation, p Password) ([]byte, error) {
	if err := s.admit(d); err != nil {
		return nil, err
	}
	if key, ok := s.keys[derived{d, p.Slot}]; ok {
		return key, nil
	}
	var key []byte
	if d.prf != nil {
		mac, err := d.prf.keyed(p.Octets)
		if err != nil {
			return nil, err
		}
		key = pbkdf2(mac, []byte(d.salt), d.iterations, d.size)
	} else {
		key = pkcs12(d.h, d.id, p.BMP, []byte(d.salt), d.iterations, d.size)
	}
	s.keys[derived{d, p.Slot}] = key
	return key, nil
}

// iterations reads a positive iteration count. One that does not fit 64 bits reads as the largest
// that does: a session refuses it.
func iterations(r *der.Reader, field string) uint64 {
	b := r.Unsigned(field)
	if r.Err() != nil {
		return 0
	}
	if len(b) > 8 {
		return math.MaxUint64
	}
	var n uint64
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	if n == 0 {
		r.Failf(field, "no iterations")
	}
	return n
}
