package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

// TestHelp asks every command for help: it must have text and examples.
func TestHelp(t *testing.T) {
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if name := cmd.Name(); name == "completion" || name == "help" {
			return
		}
		require.NotEmpty(t, cmd.Short, cmd.CommandPath())
		require.NotEmpty(t, cmd.Example, cmd.CommandPath())
		args := strings.Fields(cmd.CommandPath())[1:]
		r := ok(t, append(args, "--help")...)
		require.Contains(t, r.out, "Usage:")
		require.Contains(t, r.out, "Examples:")
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	root := newApp(nil, nil, nil).rootCommand()
	walk(root)
	for _, want := range []string{"decrypt", "encrypt", "hash", "inspect", "keys", "report", "sign", "verify", "version"} {
		_, _, err := root.Find([]string{want})
		require.NoError(t, err)
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		require.NotEmpty(t, ok(t, "completion", shell).out)
	}
}

func TestCommandLine(t *testing.T) {
	golden(t, "version", ok(t, "version", "--json").out)
	require.True(t, strings.HasPrefix(ok(t, "version").out, "dstu "))
	refused(t, exitFail, codeUsage, "")
	refused(t, exitFail, codeUsage, "", "nonsense")
	refused(t, exitFail, codeUsage, "", "version", "extra")
	refused(t, exitFail, codeUsage, "", "hash", "--nonsense")
	golden(t, "error", run(t, "", "nonsense", "--json").out)
	r := run(t, "", "hash", "--", "--json")
	require.Empty(t, r.out, "a file of that name, not the flag")
	require.Equal(t, exitFail, r.code)
}

// TestWording reads errors as a user does: they name what is missing, and no package.
func TestWording(t *testing.T) {
	p7s, p7e := []byte(read(t, things(t)[typeSigned])), []byte(read(t, things(t)[typeEnveloped]))
	cutSigned := write(t, filepath.Join(t.TempDir(), "p7s"), string(p7s[:len(p7s)-1]))
	cutEnvelope := write(t, filepath.Join(t.TempDir(), "p7e"), string(p7e[:len(p7e)-1]))
	centre := []string{"--key", of(t, "centre.p12"), "--password", secret}
	for want, args := range map[string][]string{
		"dstu: verify: FILE is needed; - is standard input\n":                                       {"verify"},
		"dstu: inspect: FILE is needed; - is standard input\n":                                      {"inspect"},
		"dstu: keys: one FILE, not 2\n":                                                             {"keys", "a", "b"},
		"dstu: encrypt: " + of(t, "seal.sign.cer") + ": the certificate is not for key agreement\n": {"encrypt", "--to", of(t, "seal.sign.cer"), "-o", "-", of(t, "ca.cer")},
		"dstu: verify: " + of(t, "seal.sign.cer") + ": issuer not found\n":                          {"verify", "--signature-only", of(t, "seal.sign.cer")},
		"dstu: hash: --algorithm: \"md5\" is none of gost34311, kupyna256, kupyna384, kupyna512\n":  {"hash", "-a", "md5"},
	} {
		require.Equal(t, want, run(t, "", args...).err)
	}
	for file, args := range map[string][]string{
		cutSigned:   {"verify", "--signature-only", cutSigned},
		cutEnvelope: append([]string{"decrypt", cutEnvelope}, centre...),
	} {
		require.Contains(t, run(t, "", args...).err, ": "+file+": ", "the file that is malformed")
	}
	require.NotContains(t, run(t, "", "verify", "--signature-only", of(t, "seal.sign.cer")).out, "key id")
	require.Equal(t, "f: b: cms c", (&fault{err: errors.New("f: cms: pkix: b: cms c")}).line())
}

// TestClassify gives every error of the library its code.
func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		err  error
		exit int
		code string
		iit  int
	}{
		{keystore.ErrPassword, exitNo, codePassword, 24},
		{keystore.ErrFormat, exitFail, codeMalformed, 24},
		{keystore.ErrNoKey, exitFail, codeNoCert, 51},
		{&keystore.NotFoundError{Missing: "x"}, exitFail, codeNoCert, 51},
		{&keystore.UnsupportedError{What: "x"}, exitFail, codeUnsupported, 24},
		{&keystore.LimitError{What: "x"}, exitFail, codeUnsupported, 24},
		{cms.ErrNoRecipient, exitNo, codeNoRecipient, 37},
		{&cms.SenderCertificateError{}, exitFail, codeNoCert, 51},
		{cms.ErrDecryption, exitNo, codeDecryption, 33},
		{cms.ErrUnsupported, exitFail, codeUnsupported, 65534},
		{pkix.ErrUnsupported, exitFail, codeUnsupported, 65534},
		{&transport.UnsupportedError{What: "x"}, exitFail, codeUnsupported, 65534},
		{&transport.FormatError{}, exitFail, codeMalformed, 33},
		{transport.ErrHeader, exitFail, codeUsage, 0},
		{transport.ErrNotForAgreement, exitFail, codeBadCert, 50},
		{&os.PathError{Op: "open", Path: "x", Err: os.ErrNotExist}, exitFail, codeIO, 0},
		{ioFault("x", io.ErrClosedPipe), exitFail, codeIO, 0},
		{badCertificate("x", errors.New("y")), exitFail, codeBadCert, 50},
		{io.ErrUnexpectedEOF, exitFail, codeMalformed, 33},
	} {
		for _, err := range []error{tt.err, fmt.Errorf("file: %w", tt.err)} {
			f := classify(err)
			require.Equal(t, tt.exit, f.exit, err)
			require.Equal(t, tt.code, f.code, err)
			require.Equal(t, tt.iit, f.iit, err)
			require.Equal(t, err.Error(), f.Error())
		}
	}
	require.Equal(t, "a; b; c", classify(errors.New("a\nb\r\nc")).line())
	require.NoError(t, ioFault("x", nil))
}

func TestOutput(t *testing.T) {
	dir := t.TempDir()
	place := filepath.Join(dir, "out")
	a := newApp(nil, io.Discard, io.Discard)
	begin := func(force bool) *output {
		out, err := a.create(place, force, modePublic)
		require.NoError(t, err)
		_, err = io.WriteString(out, "new")
		require.NoError(t, err)
		return out
	}
	t.Run("appears complete", func(t *testing.T) {
		out := begin(false)
		require.NoFileExists(t, place)
		require.NoError(t, out.commit())
		out.abort()
		require.Equal(t, "new", read(t, place))
		holds(t, dir, "out")
	})
	t.Run("is kept", func(t *testing.T) {
		_, err := a.create(place, false, modePublic)
		require.Equal(t, codeIO, classify(err).code)
		require.NoError(t, os.Remove(place))
		out := begin(false)
		write(t, place, "appeared meanwhile")
		require.Equal(t, codeIO, classify(out.commit()).code)
		require.Equal(t, "appeared meanwhile", read(t, place))
		holds(t, dir, "out")
	})
	t.Run("is replaced by force", func(t *testing.T) {
		out := begin(true)
		require.Equal(t, "appeared meanwhile", read(t, place), "until it is complete")
		require.NoError(t, out.commit())
		require.Equal(t, "new", read(t, place))
		holds(t, dir, "out")
	})
	t.Run("abort", func(t *testing.T) {
		require.NoError(t, os.Remove(place))
		begin(false).abort()
		holds(t, dir)
	})
	t.Run("interrupt", func(t *testing.T) {
		out := begin(false)
		holds(t, dir, filepath.Base(out.file.Name()))
		a.cleanup.run()
		holds(t, dir)
		require.Error(t, out.commit())
		holds(t, dir)
		require.Empty(t, a.cleanup.todo)
	})
	t.Run("dangling link", func(t *testing.T) {
		require.NoError(t, os.Symlink("nowhere", place))
		require.Error(t, begin(false).commit())
		holds(t, dir, "out")
	})
	t.Run("no such directory", func(t *testing.T) {
		place := filepath.Join(dir, "nowhere", "out")
		_, err := a.create(place, false, modePublic)
		require.Equal(t, codeIO, classify(err).code)
		require.Contains(t, err.Error(), place)
		require.NotContains(t, err.Error(), ".tmp")
	})
	t.Run("device", func(t *testing.T) {
		out, err := a.create(os.DevNull, false, modePublic)
		require.NoError(t, err)
		_, err = io.WriteString(out, "x")
		require.NoError(t, err)
		require.NoError(t, out.commit())
	})
}

// TestBrokenStreams fails reading and writing half way.
func TestBrokenStreams(t *testing.T) {
	var errs bytes.Buffer
	code := execute([]string{"hash"}, iotest.ErrReader(errors.New("broken")), io.Discard, &errs)
	require.Equal(t, exitFail, code)
	require.Equal(t, "dstu: hash: standard input: broken\n", errs.String())

	errs.Reset()
	code = execute([]string{"hash", "-"}, strings.NewReader(""), brokenWriter{}, &errs)
	require.Equal(t, exitFail, code)
	require.Equal(t, 1, strings.Count(errs.String(), "\n"))

	out := filepath.Join(t.TempDir(), "out")
	half := io.MultiReader(bytes.NewReader(make([]byte, 2<<20)), iotest.ErrReader(errors.New("broken")))
	errs.Reset()
	code = execute(append([]string{"sign", "-o", out, "-"}, sealKey(t)...), half, io.Discard, &errs)
	require.Equal(t, exitFail, code)
	require.Contains(t, errs.String(), "standard input: broken")
	holds(t, filepath.Dir(out))

	errs.Reset()
	code = execute(append([]string{"sign", "-"}, sealKey(t)...), strings.NewReader("x"), brokenWriter{}, &errs)
	require.Equal(t, exitFail, code)
	require.Equal(t, 1, strings.Count(errs.String(), "\n"))
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestPEMWriter(t *testing.T) {
	for _, n := range []int{0, 1, 47, 48, 49, 96, 1000} {
		var b bytes.Buffer
		w, err := newPEMWriter(&b, "CMS")
		require.NoError(t, err)
		data := bytes.Repeat([]byte{0x30}, n)
		for i := range data {
			_, err = w.Write(data[i : i+1])
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		for line := range strings.Lines(b.String()) {
			require.LessOrEqual(t, len(line), 65)
			require.NotEqual(t, "\n", line)
		}
		in, err := unwrap(&b)
		require.NoError(t, err)
		got, err := io.ReadAll(in)
		require.NoError(t, err)
		require.Equal(t, data, append([]byte{}, got...))
	}
}

// FuzzUnwrap checks that what is no PEM and no Base64 passes unchanged, and that Base64 of it is
// seen through if it is worth that.
func FuzzUnwrap(f *testing.F) {
	f.Add([]byte("-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n"))
	f.Add([]byte("0\x82\x01\x00"))
	f.Add([]byte("UA1_SIGN\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := unwrap(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(in)
		if in.raw && (err != nil || !bytes.Equal(got, data)) {
			t.Fatalf("%x became %x, %v", data, got, err)
		}
		if len(got) > len(data) {
			t.Fatal("more came out than went in")
		}
		detect(data)
		detect(got)
		if len(data) < 2 || data[0] != 0x30 {
			return
		}
		var text bytes.Buffer
		w, _ := newPEMWriter(&text, "X")
		w.Write(data)
		w.Close()
		in, err = unwrap(&text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err = io.ReadAll(in); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%x became %x through PEM, %v", data, got, err)
		}
	})
}

func TestMeter(t *testing.T) {
	var screen bytes.Buffer
	a := newApp(nil, nil, &screen)
	in, end := a.meter(strings.NewReader("x"), 1)
	_, err := io.ReadAll(in)
	require.NoError(t, err)
	end()
	require.Empty(t, screen.String(), "no terminal")

	a.progress = true
	in, end = a.meter(strings.NewReader("xy"), 4)
	one := make([]byte, 1)
	_, err = in.Read(one)
	require.NoError(t, err)
	end()
	require.Empty(t, screen.String(), "nothing for short work")
	in.(*meter).begin = time.Now().Add(-2 * progressAfter)
	_, err = in.Read(one)
	require.NoError(t, err)
	require.Contains(t, screen.String(), " 50% ")
	end()
	require.True(t, strings.HasSuffix(screen.String(), " \r"))
	require.Contains(t, (&meter{size: -1, done: 5 << 20}).bar(time.Second), "5.0 MiB/s")
}
