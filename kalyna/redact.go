package kalyna

import (
	"fmt"
	"io"
)

// The formats are constant texts whatever the verb, so that no log shows a round key, a key stream
// or the state of a code.

// Format writes a constant text.
func (*schedule) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "kalyna.Cipher(REDACTED)") }

// Format writes a constant text.
func (*CFB) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "kalyna.CFB(REDACTED)") }

// Format writes a constant text.
func (*MAC) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "kalyna.MAC(REDACTED)") }
