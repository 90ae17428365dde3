package main

import (
	"bufio"
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Permissions of output files, before the mask of the process.
const (
	modePublic fs.FileMode = 0o666
	modeSecret fs.FileMode = 0o600
)

// output is a file that comes into being complete or not at all. Writing goes to a temporary
// file beside the place, which commit renames. "-" is standard output, and a place that is a
// device or a pipe is written directly.
type output struct {
	io.Writer
	buf    *bufio.Writer
	file   *os.File
	place  string // "" unless the temporary file is to be renamed
	force  bool
	forget func() // takes the removal of the temporary file off the list
}

// create begins an output file. An existing file is refused at once unless force is set.
func (a *app) create(place string, force bool, mode fs.FileMode) (*output, error) {
	if place == "-" {
		return newOutput(&output{}, a.stdout), nil
	}
	switch info, err := os.Stat(place); {
	case err == nil && info.IsDir():
		return nil, ioFault(place, fmt.Errorf("%s: is a directory", place))
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(place, os.O_WRONLY, 0)
		if err != nil {
			return nil, ioFault(place, err)
		}
		return newOutput(&output{file: f}, f), nil
	case err == nil && !force:
		return nil, existsFault(place)
	case err == nil && a.reads(info):
		return nil, usage("%s: is an input of this command too; write to another file", place)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, ioFault(place, err)
	}
	var unique [8]byte
	rand.Read(unique[:])
	temp := filepath.Join(filepath.Dir(place), ".dstu-"+hex.EncodeToString(unique[:])+".tmp")
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return nil, outputFault(place, err)
	}
	forget := a.cleanup.add(func() { os.Remove(temp) })
	return newOutput(&output{file: f, place: place, force: force, forget: forget}, f), nil
}

// reads reports whether a file is among those that the command has read: a key, a certificate, a
// password or the content.
func (a *app) reads(file os.FileInfo) bool {
	return slices.ContainsFunc(a.inputs, func(in os.FileInfo) bool { return os.SameFile(in, file) })
}

func newOutput(o *output, w io.Writer) *output {
	o.buf = bufio.NewWriterSize(faultWriter{w}, 64<<10)
	o.Writer = o.buf
	return o
}

func existsFault(place string) error {
	return ioFault(place, fmt.Errorf("%s: exists; --force replaces it", place))
}

// outputFault names the place that was asked for, and not the temporary file beside it.
func outputFault(place string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = &fs.PathError{Op: "write", Path: place, Err: path.Err}
	case errors.As(err, &link):
		err = &fs.PathError{Op: "write", Path: place, Err: link.Err}
	}
	return ioFault(place, err)
}

// commit completes the file. After an error nothing is left behind.
func (o *output) commit() error {
	if err := o.buf.Flush(); err != nil {
		o.abort()
		return err
	}
	if o.file == nil {
		return nil
	}
	name := o.file.Name()
	var err error
	if o.place != "" {
		err = o.file.Sync()
	}
	if closeErr := o.file.Close(); err == nil {
		err = closeErr
	}
	if o.place == "" || err != nil {
		o.discard(name)
		return outputFault(cmp.Or(o.place, name), err)
	}
	if err = o.put(name); err != nil {
		o.discard(name)
		return err
	}
	o.forget()
	return nil
}

// put moves the temporary file to its place. Without force a file that has appeared meanwhile is
// kept: a link, unlike a renaming, never replaces.
func (o *output) put(temp string) error {
	if o.force {
		return outputFault(o.place, os.Rename(temp, o.place))
	}
	err := os.Link(temp, o.place)
	switch {
	case err == nil:
		return outputFault(o.place, os.Remove(temp))
	case errors.Is(err, fs.ErrExist):
		return existsFault(o.place)
	}
	if _, err := os.Lstat(o.place); err == nil { // no links on this file system
		return existsFault(o.place)
	}
	return outputFault(o.place, os.Rename(temp, o.place))
}

// abort drops the file. It may follow commit, and does nothing then.
func (o *output) abort() {
	if o.file != nil && o.file.Close() == nil {
		o.discard(o.file.Name())
	}
}

func (o *output) discard(name string) {
	if o.place != "" {
		os.Remove(name)
		o.forget()
	}
}

// faultWriter marks errors of writing as such.
type faultWriter struct{ w io.Writer }

func (f faultWriter) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	return n, ioFault("output", err)
}

// firstFault keeps the first error of writing.
type firstFault struct {
	w   io.Writer
	err error
}

func (f *firstFault) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	f.err = cmp.Or(f.err, err)
	return n, err
}

// writeArmored writes one complete output, in PEM if it is to be.
func (a *app) writeArmored(place string, force bool, mode fs.FileMode, data []byte, pem bool, label string) error {
	out, err := a.create(place, force, mode)
	if err != nil {
		return err
	}
	defer out.abort()
	w, err := armor(out, pem, label)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.commit()
}

// pemWriter writes what it is given as one PEM block, without holding it.
type pemWriter struct {
	w     io.Writer
	label string
	b64   io.WriteCloser
	lines *lineWriter
}

func newPEMWriter(w io.Writer, label string) (*pemWriter, error) {
	if _, err := fmt.Fprintf(w, "-----BEGIN %s-----\n", label); err != nil {
		return nil, err
	}
	lines := &lineWriter{w: w}
	return &pemWriter{w, label, base64.NewEncoder(base64.StdEncoding, lines), lines}, nil
}

func (p *pemWriter) Write(b []byte) (int, error) { return p.b64.Write(b) }

// Close completes the block.
func (p *pemWriter) Close() error {
	if err := p.b64.Close(); err != nil {
		return err
	}
	if p.lines.column > 0 {
		if _, err := io.WriteString(p.w, "\n"); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(p.w, "-----END %s-----\n", p.label)
	return err
}

// lineWriter breaks lines after 64 characters.
type lineWriter struct {
	w      io.Writer
	column int
}

func (l *lineWriter) Write(p []byte) (int, error) {
	for done := 0; done < len(p); {
		n := min(64-l.column, len(p)-done)
		if _, err := l.w.Write(p[done : done+n]); err != nil {
			return done, err
		}
		done += n
		if l.column += n; l.column == 64 {
			l.column = 0
			if _, err := io.WriteString(l.w, "\n"); err != nil {
				return done, err
			}
		}
	}
	return len(p), nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// armor returns w itself, or a PEM writer before it.
func armor(w io.Writer, pem bool, label string) (io.WriteCloser, error) {
	if !pem {
		return nopCloser{w}, nil
	}
	return newPEMWriter(w, label)
}
