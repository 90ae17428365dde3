// Package lanes goes through many messages side by side, for hash functions whose vectors have room
// for more than one.
package lanes

// Hash is a hash function for some messages at a time, each in a lane.
type Hash interface {
	// Begin makes a lane ready for a new message.
	Begin(lane int)
	// Tail returns the blocks that finish a message after its whole blocks, which the lane has
	// taken. They stay as they are until the lane begins the next message.
	Tail(lane int, message []byte) []byte
	// Blocks adds n blocks to each lane, from the beginning of its element of p, which is nil for a
	// lane that is out of messages; what becomes of the state of that does not matter.
	Blocks(p [][]byte, n int)
	// End takes the digest of a message.
	End(lane, message int)
}

// lane is where one lane is.
type lane struct {
	message int    // number of the message; negative: idle
	rest    []byte // of the whole blocks, or of the tail
	tail    bool   // which of them
}

// Run hashes all messages, with as many lanes, bytes a block, and blocks at most at a time.
func Run(h Hash, messages [][]byte, lanes, block, most int) {
	all, p := make([]lane, lanes), make([][]byte, lanes)
	next := 0
	begin := func(i int) {
		l := &all[i]
		if next == len(messages) {
			l.message = -1
			return
		}
		m := messages[next]
		*l = lane{message: next, rest: m[:len(m)-len(m)%block]}
		next++
		h.Begin(i)
	}
	for i := range all {
		begin(i)
	}
	for {
		n, busy := most, false
		for i := range all {
			l := &all[i]
			for l.message >= 0 && len(l.rest) == 0 {
				if l.tail {
					h.End(i, l.message)
					begin(i)
				} else {
					l.rest, l.tail = h.Tail(i, messages[l.message]), true
				}
			}
			if l.message >= 0 {
				n, busy = min(n, len(l.rest)/block), true
			}
		}
		if !busy {
			return
		}
		for i := range all {
			l := &all[i]
			p[i] = nil
			if l.message >= 0 {
				p[i], l.rest = l.rest, l.rest[n*block:]
			}
		}
		h.Blocks(p, n)
	}
}

// Starts sets at to where the elements of p begin, for assembly that takes all lanes: an idle one runs
// along on what another one hashes. It returns how many are not idle.
func Starts(at []*byte, p [][]byte) (busy int) {
	var some *byte
	for _, b := range p {
		if b != nil {
			some = &b[0]
			busy++
		}
	}
	for i, b := range p {
		at[i] = some
		if b != nil {
			at[i] = &b[0]
		}
	}
	return busy
}
