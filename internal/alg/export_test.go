package alg

// LeadingZeros is tested on its own.
func LeadingZeros(z []byte) int { return leadingZeros(z) }
