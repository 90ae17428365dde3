package gost28147

import (
	"fmt"
	"io"
)

// The formats are constant texts whatever the verb, so that no log shows a key, a key stream or the
// state of a code.

// Format writes a constant text.
func (block) Format(s fmt.State, _ rune) { redact(s, "Cipher") }

// Format writes a constant text.
func (ecbEncrypter) Format(s fmt.State, _ rune) { redact(s, "ECB") }

// Format writes a constant text.
func (ecbDecrypter) Format(s fmt.State, _ rune) { redact(s, "ECB") }

// Format writes a constant text.
func (*feedback) Format(s fmt.State, _ rune) { redact(s, "CFB") }

// Format writes a constant text.
func (*ctr) Format(s fmt.State, _ rune) { redact(s, "CTR") }

// Format writes a constant text.
func (*mac) Format(s fmt.State, _ rune) { redact(s, "MAC") }

func redact(s fmt.State, what string) { _, _ = io.WriteString(s, "gost28147."+what+"(REDACTED)") }
