package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// maxPassword bounds a password file.
const maxPassword = 64 << 10

// password is where one password comes from.
type password struct {
	text string
	file bool    // text is the name of a file
	line *string // that was read of standard input
}

// passwords collects the values of --password and --password-file in their order.
type passwords struct {
	list []*password
}

// passwordFlag is one of the two flags.
type passwordFlag struct {
	to   *passwords
	file bool
}

func (f passwordFlag) String() string { return "" }
func (f passwordFlag) Type() string {
	if f.file {
		return "file"
	}
	return "password"
}

func (f passwordFlag) Set(s string) error {
	f.to.list = append(f.to.list, &password{text: s, file: f.file})
	return nil
}

// register adds the flags to a command; prefix is "" or "new-".
func (p *passwords) register(flags *pflag.FlagSet, prefix, what string) {
	flags.Var(passwordFlag{p, false}, prefix+"password", "password of "+what)
	flags.Var(passwordFlag{p, true}, prefix+"password-file", "file with the password of "+what+", in UTF-8; - is a line of standard input")
}

// passwordText returns the password, or what its file holds.
func (a *app) passwordText(p *password) (string, error) {
	if !p.file {
		return p.text, nil
	}
	f, err := a.open(p.text)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPassword+1))
	if err != nil || len(data) > maxPassword {
		if err == nil {
			err = fmt.Errorf("%s: too long for a password", p.text)
		}
		return "", ioFault(p.text, err)
	}
	return passwordLine(p.text, data)
}

// passwordLine takes off what is not of the password: the end of the line, and the mark that
// editors of Windows put before UTF-8.
func passwordLine(name string, data []byte) (string, error) {
	if !utf8.Valid(data) {
		return "", usage("%s: the password in it is not in UTF-8", name)
	}
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	return strings.TrimSuffix(string(bytes.TrimSuffix(data, []byte("\n"))), "\r"), nil
}

// readPassword reads a password. Of standard input each flag takes one line, once.
func (a *app) readPassword(p *password) (string, error) {
	if !p.file || p.text != stdinName {
		return a.passwordText(p)
	}
	if p.line == nil {
		if err := a.takeStdin("a password"); err != nil {
			return "", err
		}
		line, err := readLine(faultReader{"standard input", a.stdin})
		if err != nil {
			return "", err
		}
		p.line = &line
	}
	return *p.line, nil
}

// readLine reads one line, and nothing of what follows it.
func readLine(r io.Reader) (string, error) {
	var line []byte
	var c [1]byte
	for len(line) <= maxPassword {
		_, err := io.ReadFull(r, c[:])
		if err == nil {
			line = append(line, c[0])
		}
		switch {
		case err == io.EOF && len(line) == 0:
			return "", ioFault("standard input", fmt.Errorf("no password there"))
		case err == io.EOF, err == nil && c[0] == '\n':
			return passwordLine("standard input", line)
		case err != nil:
			return "", err
		}
	}
	return "", ioFault("standard input", fmt.Errorf("too long for a password"))
}

// passwordFor returns the password of key number i of n: the one of the same number, or the only one.
// Without any it is asked for on the terminal.
func (a *app) passwordFor(p *passwords, i, n int, what string) (string, error) {
	switch {
	case len(p.list) == n:
		return a.readPassword(p.list[i])
	case len(p.list) == 1:
		return a.readPassword(p.list[0])
	case len(p.list) > 1:
		return "", usage("%d passwords given, %d wanted: one for each key in order, or one for all", len(p.list), n)
	case a.prompt == nil:
		return "", usage("the password of %s is needed: --password, --password-file or a terminal", what)
	}
	return a.prompt(what)
}

// useTerminal lets passwords be asked for, and progress be shown, where there is a terminal.
func (a *app) useTerminal() {
	a.progress = term.IsTerminal(int(os.Stderr.Fd()))
	a.screen = term.IsTerminal(int(os.Stdout.Fd()))
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		if !term.IsTerminal(int(os.Stdin.Fd())) {
			return
		}
		tty = os.Stdin
	}
	a.prompt = func(what string) (string, error) {
		fd := int(tty.Fd())
		if state, err := term.GetState(fd); err == nil {
			defer a.cleanup.add(func() { _ = term.Restore(fd, state) })()
		}
		fmt.Fprintf(os.Stderr, "Password of %s: ", what)
		text, err := term.ReadPassword(fd)
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return "", ioFault("terminal", err)
		}
		return string(text), nil
	}
}
