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
	// Blocks adds n blocks to each lane, from the beginning of its element of p. What it does to
	// the state of a lane that is out of messages does not matter.
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
		n := most
		var some []byte
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
				n, some = min(n, len(l.rest)/block), l.rest
			}
		}
		if some == nil {
			return
		}
		for i := range all {
			l := &all[i]
			p[i] = some // an idle lane runs along on what another one hashes
			if l.message >= 0 {
				p[i], l.rest = l.rest, l.rest[n*block:]
			}
		}
		h.Blocks(p, n)
	}
}
