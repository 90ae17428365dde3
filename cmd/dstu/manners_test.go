package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOneOfSeveralMissing goes on after a file that is not there, says why, and exits 2.
func TestOneOfSeveralMissing(t *testing.T) {
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "f"), "text")
	gone, also := filepath.Join(dir, "gone"), filepath.Join(dir, "also")
	alone := ok(t, "hash", file).out

	r := run(t, "", "hash", gone, file, also)
	require.Equal(t, exitFail, r.code)
	require.Equal(t, alone, r.out)
	lines := strings.Split(r.err, "\n")
	require.Len(t, lines, 3)
	require.Contains(t, lines[0], "dstu: hash: open "+gone)
	require.Contains(t, lines[1], "dstu: hash: open "+also)
	r = run(t, "", "hash", "--json", gone, file)
	require.Equal(t, exitFail, r.code)
	var list []hashJSON
	require.NoError(t, json.Unmarshal([]byte(r.out), &list))
	require.Len(t, list, 2)
	require.Equal(t, codeIO, list[0].Error.Code)
	require.Nil(t, list[1].Error)
	require.Contains(t, alone, list[1].Digest)

	r = run(t, "", "inspect", of(t, "ca.cer"), gone, file)
	require.Equal(t, exitFail, r.code)
	require.Contains(t, r.out, gone+": unknown: ")
	require.Contains(t, r.out, file+": unknown: none of the known types")
	require.Contains(t, r.out, of(t, "ca.cer")+": certificate\n")
	require.Equal(t, 1, strings.Count(r.err, "\n"))

	r = run(t, "", "inspect", "--password", "x", of(t, "seal.p12"))
	require.Contains(t, r.out, "not opened: wrong password")
	require.NotContains(t, r.out, "no password given")
}

// TestNames puts nothing of the name of a file on a terminal that it obeys.
func TestNames(t *testing.T) {
	dir := t.TempDir()
	evil := filepath.Join(dir, "a\x1b[31m\nb")
	shape := filepath.Join(dir, "a\ufffd[31m\ufffdb")
	if err := os.WriteFile(evil, []byte(read(t, of(t, "seal.p12"))), 0o600); err != nil {
		t.Skip("needs a file system that has such names, as that of Linux")
	}
	require.Equal(t, shape+"\n", ok(t, "keys", "--password", secret, evil).out[:len(shape)+1])
	require.Contains(t, ok(t, "inspect", evil).out, shape+": container\n")
	list := write(t, filepath.Join(dir, "list"), ok(t, "hash", evil).out)
	require.Equal(t, shape+": OK\n", ok(t, "hash", "--check", list).out, "the list names the file itself")
	ok(t, append([]string{"sign", evil}, sealKey(t)...)...)
	require.Contains(t, ok(t, "verify", "--signature-only", evil+".p7s").out, shape+".p7s: signed")

	var out strings.Builder
	a := newApp(strings.NewReader(""), &out, &out)
	a.screen = true
	require.Equal(t, exitOK, a.run([]string{"hash", evil}))
	require.NotContains(t, out.String(), "\x1b")
}

// TestReportFileName refuses a name that no header can hold, unless another is given.
func TestReportFileName(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "\xe7\xe2\xb3\xf2.xml") // windows-1251
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Skip("needs a file system that has such names, as that of Linux")
	}
	out := filepath.Join(dir, "out")
	args := append([]string{"report", "pack", "--to", of(t, "centre.agree.cer"), "-o", out, file}, sealKey(t)...)
	refused(t, exitFail, codeUsage, "", args...)
	require.Contains(t, run(t, "", args...).err, "--header FILENAME=")
	ok(t, append(args, "--header", "FILENAME=звіт.xml")...)
	open := append([]string{"report", "open", "--signature-only", "-o", dir, out}, centre(t)...)
	require.Equal(t, filepath.Join(dir, "звіт.xml"), decoded[messageDocument](t, open...).Document.File)

	place := write(t, filepath.Join(dir, "doc.txt"), "text")
	open[4] = place
	refused(t, exitFail, codeIO, "", open...)
	require.Equal(t, "dstu: report open: "+place+": not a directory\n", run(t, "", open...).err)
}

func TestPasswordEncoding(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "p"), "\xef\xe0\xf0\xee\xeb\xfc\n") // windows-1251
	args := []string{"keys", "--password-file", file, of(t, "seal.p12")}
	refused(t, exitFail, codeUsage, "", args...)
	require.Contains(t, run(t, "", args...).err, file+": the password in it is not in UTF-8")
	args[2] = "-"
	refused(t, exitFail, codeUsage, "\xef\xe0\n", args...)
}

func TestVersionFlag(t *testing.T) {
	require.Equal(t, ok(t, "version").out, ok(t, "--version").out)
	require.Equal(t, ok(t, "version", "--json").out, ok(t, "--version", "--json").out)
	refused(t, exitFail, codeUsage, "", "sign", "--version")
	require.Contains(t, ok(t, "help").out, "130 interrupted")
	require.Contains(t, ok(t, "help").out, "the issuer of a certificate")
}

// full is a device without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestFull fails if what was asked for could not be written, help too.
func TestFull(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"--help"}, {"sign", "--help"}, {"help", "sign"}, {"completion", "bash"}, {"version"}, {"--version"}} {
		var errs strings.Builder
		require.Equal(t, exitFail, execute(args, strings.NewReader(""), full{}, &errs), "%v", args)
		require.Equal(t, 1, strings.Count(errs.String(), "\n"), "%v: %s", args, errs.String())
		require.Contains(t, errs.String(), "no space left")
	}
}

func TestSpeedSeconds(t *testing.T) {
	require.Equal(t, "dstu: speed: --seconds: 0 is not above 0 and at most 3600\n", run(t, "", "speed", "--seconds", "0").err)
}
