package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// endless repeats a line for ever and counts what is read of it.
type endless struct {
	head io.Reader
	line string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	if n, _ := e.head.Read(p); n > 0 {
		e.read += n
		return n, nil
	}
	for i := range p {
		p[i] = e.line[(e.read+i)%len(e.line)]
	}
	e.read += len(p)
	return len(p), nil
}

// TestEndless gives what is nothing known without end: its head must do.
func TestEndless(t *testing.T) {
	for name, line := range map[string]string{"zeros": "\x00", "text": "Lorem ipsum, dolor sit amet.\n", "Base64": "aGVsbG8sIHdvcmxk\n"} {
		for _, args := range [][]string{{"inspect", "-"}, {"verify", "--signature-only", "-"}, {"keys", "-"}, {"decrypt", "--key", "-", "-o", "-", "x"}} {
			in := &endless{head: strings.NewReader(""), line: line}
			var errs bytes.Buffer
			require.Equal(t, exitFail, execute(args, in, io.Discard, &errs), "%s: %v", name, args)
			require.Equal(t, 1, strings.Count(errs.String(), "\n"))
			require.LessOrEqual(t, in.read, 4*peekSize, "%s: %v", name, args)
		}
	}
	in := &endless{head: strings.NewReader("\xfe\xed\xfe\xed"), line: "\x00"} // the head of a JKS
	var errs bytes.Buffer
	require.Equal(t, exitFail, execute([]string{"keys", "-"}, in, io.Discard, &errs))
	require.Contains(t, errs.String(), "larger than 64 MiB")
	require.LessOrEqual(t, in.read, maxContainer+2*peekSize)
}

// TestFamiliar lets large inputs of known types pass.
func TestFamiliar(t *testing.T) {
	pad := strings.Repeat("A", peekSize)
	for _, head := range []string{"", "text", "\x30\x84" + pad, "\xfe\xed\xfe\xed" + pad, "text\n-----BEGIN CERTIFICATE-----\n" + pad, "MIIB" + pad, "UA1_SIGN\x00" + pad} {
		require.True(t, familiar([]byte(head)[:min(len(head), peekSize)]), "%.20q", head)
	}
	require.False(t, familiar([]byte(strings.Repeat("text ", peekSize))[:peekSize]))
}
