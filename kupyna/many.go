package kupyna

// SumMany256 returns the Kupyna-256 digests of all messages. They are those of [Sum256], but where
// the processor has vectors of 512 bits, four messages are hashed at a time. It pays for messages of
// like lengths; what is much longer than the others is hashed by itself.
func SumMany256(messages [][]byte) [][Size256]byte {
	out := make([][Size256]byte, len(messages))
	sumMany(Size256, messages, func(i int, sum []byte) { out[i] = [Size256]byte(sum) })
	return out
}

// SumMany384 is [SumMany256] for the digests of [Sum384]; two messages are hashed at a time.
func SumMany384(messages [][]byte) [][Size384]byte {
	out := make([][Size384]byte, len(messages))
	sumMany(Size384, messages, func(i int, sum []byte) { out[i] = [Size384]byte(sum) })
	return out
}

// SumMany512 is [SumMany384] for the digests of [Sum512].
func SumMany512(messages [][]byte) [][Size512]byte {
	out := make([][Size512]byte, len(messages))
	sumMany(Size512, messages, func(i int, sum []byte) { out[i] = [Size512]byte(sum) })
	return out
}

// sumMany calls end with the digest of each message, in any order; end must not keep it.
func sumMany(size int, messages [][]byte, end func(message int, sum []byte)) {
	if asmMany(size, messages, end) {
		return
	}
	var out [Size512]byte
	for i, m := range messages {
		out = sum(m, size)
		end(i, out[Size512-size:])
	}
}
