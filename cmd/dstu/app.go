package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode"

	"github.com/spf13/cobra"
)

// app is the surroundings of one run of the command.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer

	json     bool
	started  bool   // the command line was understood
	answered bool   // the JSON document has been written
	stdinFor string // what standard input was taken for
	notes    []string
	inputs   []os.FileInfo // files that have been read

	prompt   func(what string) (string, error) // asks for a password; nil: there is no terminal
	progress bool                              // standard error is a terminal
	screen   bool                              // standard output is a terminal
	cleanup  *cleanup
}

func newApp(stdin io.Reader, stdout, stderr io.Writer) *app {
	return &app{stdin: stdin, stdout: stdout, stderr: stderr, cleanup: new(cleanup)}
}

// run executes one command line and returns the exit status.
func (a *app) run(args []string) int {
	flags, _, _ := strings.Cut(strings.Join(args, "\n")+"\n", "\n--\n")
	a.json = strings.Contains("\n"+flags, "\n--json\n") // for errors in the command line itself
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	out := &firstFault{w: a.stdout}
	root.SetOut(out) // help and completion do not look at what becomes of their text
	root.SetErr(a.stderr)
	defer a.cleanup.run()
	cmd, err := root.ExecuteContextC(context.Background())
	if err == nil && out.err != nil {
		a.started, err = true, ioFault("standard output", out.err)
	}
	if err != nil {
		return a.fail(cmd, err)
	}
	for _, line := range a.notes {
		fmt.Fprintf(a.stderr, "%s: note: %s\n", strings.Replace(cmd.CommandPath(), " ", ": ", 1), wording(plain(line)))
	}
	return exitOK
}

// fail reports an error: one line on standard error and, if there is no JSON document yet, one
// on standard output.
func (a *app) fail(cmd *cobra.Command, err error) int {
	f := classify(err)
	if !a.started {
		f = &fault{exitFail, codeUsage, 0, err}
	}
	what := strings.TrimSpace(strings.TrimPrefix(cmd.CommandPath(), "dstu"))
	if what == "" {
		what = "command line"
	}
	fmt.Fprintf(a.stderr, "dstu: %s: %s\n", what, plain(f.line()))
	if a.json && !a.answered {
		_ = a.answer(map[string]any{"error": f.json()})
	}
	return f.exit
}

// answer writes the JSON document.
func (a *app) answer(v any) error {
	a.answered = true
	e := json.NewEncoder(a.stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return ioFault("standard output", e.Encode(v))
}

// wroteJSON is the answer of a command that has only written a file.
type wroteJSON struct {
	File       string      `json:"file"`
	Output     string      `json:"output"`
	Recipients []partyJSON `json:"recipients,omitempty"` // of encrypt
	Notes      []string    `json:"notes,omitempty"`
}

// wrote answers with --json what was written where.
func (a *app) wrote(j wroteJSON) error {
	if !a.json {
		return nil
	}
	j.Notes = a.notes
	return a.answer(j)
}

// oneOutput refuses --json where standard output is the place of the result.
func (a *app) oneOutput(place string) error {
	if a.json && place == "-" {
		return usage("--json needs -o FILE: standard output holds one or the other")
	}
	return nil
}

// printf writes text for people.
func (a *app) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(a.stdout, format, args...)
	return ioFault("standard output", err)
}

// print writes text for people that has parts of somebody else's making.
func (a *app) print(text string) error { return a.printf("%s", plain(text)) }

// plain replaces the characters that a terminal obeys or that turn the direction of a text.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// shown is plain for the name of a file, which takes no second line.
func shown(name string) string {
	return strings.NewReplacer("\n", "\ufffd", "\t", "\ufffd").Replace(plain(name))
}

// cleanup holds what must be undone if the command ends before its time: temporary files, a
// terminal without echo.
type cleanup struct {
	mu   sync.Mutex
	next int
	todo map[int]func()
}

// add registers f and returns how to take it back.
func (c *cleanup) add(f func()) (remove func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.todo == nil {
		c.todo = make(map[int]func())
	}
	id := c.next
	c.next++
	c.todo[id] = f
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.todo, id)
	}
}

func (c *cleanup) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, f := range c.todo {
		f()
		delete(c.todo, id)
	}
}

// stdinName is how standard input is called where a file is named.
const stdinName = "-"

// source is an opened input.
type source struct {
	io.Reader
	size int64    // -1: unknown
	file *os.File // a regular file, which can be read again; else nil
	io.Closer
}

// takeStdin refuses to read standard input for two purposes.
func (a *app) takeStdin(what string) error {
	if a.stdinFor != "" && a.stdinFor != what {
		return usage("standard input cannot be both %s and %s", a.stdinFor, what)
	}
	a.stdinFor = what
	return nil
}

// open opens an input: a file, or standard input for "-".
func (a *app) open(name string) (*source, error) {
	if name == stdinName {
		if err := a.takeStdin("a file"); err != nil {
			return nil, err
		}
		return &source{faultReader{"standard input", a.stdin}, -1, nil, io.NopCloser(nil)}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, ioFault(name, err)
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		f.Close()
		if err == nil {
			err = fmt.Errorf("%s: is a directory", name)
		}
		return nil, ioFault(name, err)
	}
	a.inputs = append(a.inputs, info)
	s := &source{faultReader{name, f}, -1, nil, f}
	if info.Mode().IsRegular() {
		s.size, s.file = info.Size(), f
	}
	return s, nil
}

// maxWhole bounds what is read into memory as a whole: certificates, containers, messages whose
// structure is inspected.
const maxWhole = 1 << 30

// readAll reads an input as a whole.
func (a *app) readAll(name string) ([]byte, error) {
	in, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return readWhole(name, in)
}

func readWhole(name string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxWhole+1))
	if err == nil && len(data) > maxWhole {
		err = ioFault(name, fmt.Errorf("%s: larger than %d octets", name, maxWhole))
	}
	return data, err
}

// faultReader marks errors of reading as such.
type faultReader struct {
	name string
	r    io.Reader
}

func (f faultReader) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		err = ioFault(f.name, err)
	}
	return n, err
}
