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

// Format writes a constant text.
func (*gcm) Format(s fmt.State, _ rune) { redact(s, "GCM") }

// Format writes a constant text.
func (*ccm) Format(s fmt.State, _ rune) { redact(s, "CCM") }

// Format writes a constant text.
func (*XTS) Format(s fmt.State, _ rune) { redact(s, "XTS") }

// Format writes a constant text.
func (*KW) Format(s fmt.State, _ rune) { redact(s, "KW") }

func redact(s fmt.State, what string) { _, _ = io.WriteString(s, "kalyna."+what+"(REDACTED)") }
