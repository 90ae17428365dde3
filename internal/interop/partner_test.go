//go:build interop

package interop_test

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// answerTime bounds one request but for those of long messages; the slowest, a curve table of jkurwa,
// takes seconds.
const answerTime = 2 * time.Minute

// missingError says what to install.
type missingError struct{ what string }

func (e *missingError) Error() string { return e.what + "; run internal/interop/install.sh" }

// A partner is a running program of node or java.
type partner struct {
	name  string
	start func() (*exec.Cmd, error)

	once sync.Once
	err  error
	mu   sync.Mutex
	in   io.WriteCloser
	out  *bufio.Reader
	cmd  *exec.Cmd
	more time.Duration // that a request may take over answerTime
}

// partnerError is an answer "err …" of a partner.
type partnerError struct{ partner, op, text string }

func (e *partnerError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.partner, e.op, e.text)
}

// need starts p, or skips or fails the test.
func (p *partner) need(tb testing.TB) *partner {
	tb.Helper()
	p.once.Do(func() { p.err = p.run() })
	if p.err == nil {
		return p
	}
	var missing *missingError
	if errors.As(p.err, &missing) && os.Getenv("DSTU_INTEROP") != "required" {
		tb.Skipf("partner %s: %v", p.name, p.err)
	}
	tb.Fatalf("partner %s: %v", p.name, p.err)
	return nil
}

func (p *partner) run() error {
	cmd, err := p.start()
	if err != nil {
		return err
	}
	cmd.Stderr = os.Stderr
	if p.in, err = cmd.StdinPipe(); err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	p.out = bufio.NewReaderSize(stdout, 1<<20)
	p.cmd = cmd
	return cmd.Start()
}

func (p *partner) stop() {
	if p.cmd == nil || p.cmd.Process == nil {
		return
	}
	p.in.Close() // ends the loop of the program
	done := make(chan struct{})
	go func() { p.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		p.cmd.Process.Kill()
		<-done
	}
}

// ask sends one request. Arguments are []byte, string or int; nil is none.
func (p *partner) ask(op string, args ...any) ([][]byte, error) {
	line := op
	for _, arg := range args {
		var b []byte
		switch v := arg.(type) {
		case nil:
		case []byte:
			b = v
		default:
			b = fmt.Append(nil, v)
		}
		if len(b) == 0 {
			line += " -"
		} else {
			line += " " + hex.EncodeToString(b)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	watch := time.AfterFunc(answerTime+p.more, func() { p.cmd.Process.Kill() })
	defer watch.Stop()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		return nil, err
	}
	reply, err := p.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s: %s: no answer: %w", p.name, op, err)
	}
	status, rest, _ := strings.Cut(strings.TrimSpace(reply), " ")
	if status != "ok" {
		return nil, &partnerError{p.name, op, rest}
	}
	var results [][]byte
	for field := range strings.FieldsSeq(rest) {
		if field == "-" {
			results = append(results, nil)
			continue
		}
		b, err := hex.DecodeString(field)
		if err != nil {
			return nil, err
		}
		results = append(results, b)
	}
	return results, nil
}

// must is ask for a request that has to succeed with n results or, if n < 0, any number.
func (p *partner) must(tb testing.TB, n int, op string, args ...any) [][]byte {
	tb.Helper()
	results, err := p.ask(op, args...)
	if err != nil {
		tb.Fatal(err)
	}
	if n >= 0 && len(results) != n {
		tb.Fatalf("%s: %s: %d results, want %d", p.name, op, len(results), n)
	}
	return results
}

// refuses checks that p answers with an error of its own, whatever the text.
func (p *partner) refuses(tb testing.TB, op string, args ...any) {
	tb.Helper()
	var refused *partnerError
	switch results, err := p.ask(op, args...); {
	case err == nil:
		tb.Errorf("%s: %s accepted: %x", p.name, op, results)
	case !errors.As(err, &refused):
		tb.Fatal(err)
	}
}

var node = &partner{name: "jkurwa", start: func() (*exec.Cmd, error) {
	program, err := exec.LookPath("node")
	if err != nil {
		return nil, &missingError{"node is not on the path"}
	}
	if err := installed("node"); err != nil {
		return nil, err
	}
	cmd := exec.Command(program, "--no-deprecation", "partner.js")
	cmd.Dir = "node"
	return cmd, nil
}}

// installed checks that the packages which package.json in dir names are there, in these versions.
func installed(dir string) error {
	var want struct{ Dependencies map[string]string }
	data, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &want); err != nil {
		return err
	}
	for name, version := range want.Dependencies {
		var have struct{ Version string }
		data, err := os.ReadFile(filepath.Join(dir, "node_modules", name, "package.json"))
		if err != nil {
			return &missingError{"npm package " + name + " is not installed"}
		}
		if err := json.Unmarshal(data, &have); err != nil {
			return err
		}
		if have.Version != version {
			return &missingError{fmt.Sprintf("npm package %s is %s, not %s", name, have.Version, version)}
		}
	}
	return nil
}

var bouncy = &partner{name: "bouncycastle", start: func() (*exec.Cmd, error) {
	javac, err := exec.LookPath("javac")
	if err != nil {
		return nil, &missingError{"javac is not on the path"}
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return nil, &missingError{"java is not on the path"}
	}
	var path []string
	for _, name := range []string{"bcprov", "bcutil", "bcpkix"} {
		jar := "/usr/share/java/" + name + ".jar"
		if _, err := os.Stat(jar); err != nil {
			return nil, &missingError{jar + " is not installed"}
		}
		path = append(path, jar)
	}
	sources, err := filepath.Glob("java/*.java")
	if err != nil || len(sources) == 0 {
		return nil, errors.New("no java sources")
	}
	jars := strings.Join(path, ":")
	compile := append([]string{"-Xlint:all,-path", "-encoding", "UTF-8", "-cp", jars, "-d", classes}, sources...)
	if out, err := exec.Command(javac, compile...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("javac: %w\n%s", err, out)
	}
	// Short calls only: the full compiler of the virtual machine costs more than it brings.
	return exec.Command(java, "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx512m",
		"-cp", jars+":"+classes, "interop.Partner"), nil
}}

// classes is the directory for compiled Java.
var classes string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "interop")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	classes = dir
	code := m.Run()
	node.stop()
	bouncy.stop()
	os.RemoveAll(dir)
	os.Exit(code)
}

// seed returns the seed of this run's random cases and prints it on failure.
func seed(tb testing.TB) []byte {
	tb.Helper()
	b := make([]byte, 32)
	rand.Read(b)
	if given := os.Getenv("DSTU_INTEROP_SEED"); given != "" {
		var err error
		if b, err = hex.DecodeString(given); err != nil {
			tb.Fatal(err)
		}
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("DSTU_INTEROP_SEED=%x", b)
		}
	})
	return b
}
