package dstu4145

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "dstu4145.PrivateKey(REDACTED)"

// The receivers here are values, so that copies made by dereferencing are covered as well.

// Format writes a constant text for every verb and flag.
func (PrivateKey) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// String returns a constant text.
func (PrivateKey) String() string { return redacted }

// GoString returns a constant text.
func (PrivateKey) GoString() string { return redacted }

// MarshalJSON returns a constant JSON string.
func (PrivateKey) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// LogValue returns a constant text.
func (PrivateKey) LogValue() slog.Value { return slog.StringValue(redacted) }
