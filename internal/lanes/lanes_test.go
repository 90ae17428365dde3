package lanes_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/internal/lanes"
)

const block = 4

// recorder keeps what each lane is given.
type recorder struct {
	t     *testing.T
	most  int
	taken [][]byte // by lane
	busy  []bool
	tail  [][]byte
	out   map[int]string // by message
}

func (r *recorder) Begin(lane int) { r.taken[lane], r.busy[lane] = nil, true }

func (r *recorder) Tail(lane int, message []byte) []byte {
	whole := len(message) / block * block
	if !bytes.Equal(r.taken[lane], message[:whole]) {
		r.t.Errorf("lane %d has taken %q before the tail of %q", lane, r.taken[lane], message)
	}
	if len(message)%5 == 0 {
		return nil // a hash may need none
	}
	r.tail[lane] = append(append([]byte{}, message[whole:]...), "...end.."[:2*block-len(message)%block]...)
	return r.tail[lane]
}

func (r *recorder) Blocks(p [][]byte, n int) {
	if n < 1 || n > r.most || len(p) != len(r.taken) {
		r.t.Fatalf("%d blocks for %d lanes", n, len(p))
	}
	for i, b := range p {
		if (b != nil) != r.busy[i] {
			r.t.Fatalf("lane %d is given %q, busy %t", i, b, r.busy[i])
		}
		if b != nil {
			r.taken[i] = append(r.taken[i], b[:n*block]...)
		}
	}
}

func (r *recorder) End(lane, message int) {
	if _, ok := r.out[message]; ok {
		r.t.Errorf("message %d ends twice", message)
	}
	r.out[message], r.busy[lane] = string(r.taken[lane]), false
}

// TestRun checks that every message goes through one lane, whole, in order, and once.
func TestRun(t *testing.T) {
	for width := 1; width <= 4; width++ {
		for n := range 12 {
			for most := 1; most <= 3; most++ {
				messages := make([][]byte, n)
				for i := range messages {
					messages[i] = bytes.Repeat([]byte{byte('a' + i)}, i*i*7%41)
				}
				r := &recorder{t: t, most: most, taken: make([][]byte, width), busy: make([]bool, width), tail: make([][]byte, width), out: map[int]string{}}
				lanes.Run(r, messages, width, block, most)
				if len(r.out) != n {
					t.Fatalf("%d digests of %d messages in %d lanes", len(r.out), n, width)
				}
				for i, m := range messages {
					want := string(m)
					if len(m)%5 != 0 {
						want += "...end.."[:2*block-len(m)%block]
					} else {
						want = want[:len(m)/block*block]
					}
					if r.out[i] != want {
						t.Fatalf("%s: %q, want %q", fmt.Sprintf("message %d of %d in %d lanes", i, n, width), r.out[i], want)
					}
				}
			}
		}
	}
}

// TestStarts checks where lanes begin, idle ones too.
func TestStarts(t *testing.T) {
	for idle := range 16 {
		p, at := make([][]byte, 4), make([]*byte, 4)
		want := 0
		for i := range p {
			if idle>>i&1 == 0 {
				p[i] = make([]byte, 1+i)
				want++
			}
		}
		if got := lanes.Starts(at, p); got != want {
			t.Errorf("%04b: %d busy, want %d", idle, got, want)
		}
		for i, b := range p {
			switch {
			case want == 0:
			case b != nil && at[i] != &b[0]:
				t.Errorf("%04b: lane %d begins elsewhere", idle, i)
			case !slices.ContainsFunc(p, func(b []byte) bool { return b != nil && at[i] == &b[0] }):
				t.Errorf("%04b: lane %d begins nowhere", idle, i)
			}
		}
	}
}
