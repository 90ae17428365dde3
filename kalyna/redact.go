package kalyna

import (
	"fmt"
	"io"
)

// The formats are constant texts whatever the verb, so that no log shows a round key, a key stream
// or the state of a code.

// Format writes a constant text.
func (*schedule) Format(s fmt.State, _ rune) { redact(s, "Cipher") }

// Format writes a constant text.
func (*CFB) Format(s fmt.State, _ rune) { redact(s, "CFB") }

// Format writes a constant text.
func (*MAC) Format(s fmt.State, _ rune) { redact(s, "MAC") }

// Format writes a constant text.
func (*ctr) Format(s fmt.State, _ rune) { redact(s, "CTR") }

// Format writes a constant text.
func (*ofb) Format(s fmt.State, _ rune) { redact(s, "OFB") }

// Format writes a constant text.
func (*cbc) Format(s fmt.State, _ rune) { redact(s, "CBC") }

func redact(s fmt.State, what string) { _, _ = io.WriteString(s, "kalyna."+what+"(REDACTED)") }
