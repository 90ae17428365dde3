package gost34311

import (
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/gost89"
)

// SumMany returns the digests of all messages with the substitution block s; nil is DKE No 1. They
// are those of [SumSBox], but where the processor has vectors of 512 bits, four messages are
// hashed at a time, in little more time than one.
func SumMany(messages [][]byte, s *gost28147.SBox) [][Size]byte {
	out := make([][Size]byte, len(messages))
	if asmMany(gost89.Of(s), out, messages) {
		return out
	}
	for i, m := range messages {
		out[i] = SumSBox(m, s)
	}
	return out
}
