package kupyna

// SumMany256 returns the Kupyna-256 digests of all messages. They are those of [Sum256], but where
// the processor has vectors of 512 bits, four messages are hashed at a time. It pays for messages of
// like lengths.
func SumMany256(messages [][]byte) [][Size256]byte {
	out := make([][Size256]byte, len(messages))
	if asmMany256(out, messages) {
		return out
	}
	for i, m := range messages {
		out[i] = Sum256(m)
	}
	return out
}
