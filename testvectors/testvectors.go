// Package testvectors carries the test vectors of this module. It is imported by tests only.
//
// Each file of v1 is a JSON object: "algorithm" says what it is about, "source" and
// "verified_with" where the vectors come from and which independent implementations agreed
// when they were run, "notes" explains the fields, and "tests" holds the vectors. Every vector
// has a "tcId", a "name" and a "result": "valid" or "invalid" (the input must be refused).
//
// A directory named by the environment variable DSTU_VECTORS_DIR brings more files of the same
// schemas; the runners take those that state the same algorithm as the embedded file.
package testvectors

import (
	"bytes"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed v1/*.json
var files embed.FS

// Files is the embedded tree, one JSON file per algorithm.
func Files() fs.FS {
	sub, err := fs.Sub(files, "v1")
	if err != nil {
		panic(err) // the directory is embedded at build time
	}
	return sub
}

// Bytes is a string of octets, written in hexadecimal. JSON null gives nil.
type Bytes []byte

// UnmarshalJSON reads hexadecimal digits of either case.
func (b *Bytes) UnmarshalJSON(data []byte) error {
	var s *string
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	*b = nil
	if s == nil {
		return nil
	}
	raw, err := hex.DecodeString(*s)
	if err != nil {
		return err
	}
	*b = raw
	return nil
}

// Suite is one file of vectors. T is the shape of a test. In embedded files a field of a test
// that T lacks is an error, so that no property of a vector goes unnoticed.
type Suite[T any] struct {
	File      string // base name
	Algorithm string
	Tests     []T
	Raw       map[string]json.RawMessage // all members of the object, for tables beside the tests
}

// Load returns the suites for an algorithm: the embedded file of that name, for example
// "gost34311.json", then every file below $DSTU_VECTORS_DIR with the same base name or the
// same "algorithm". A file that cannot be read or does not fit the schema fails the test.
func Load[T any](tb testing.TB, name string) []Suite[T] {
	tb.Helper()
	data, err := fs.ReadFile(Files(), name)
	if err != nil {
		tb.Fatalf("testvectors: %v", err)
	}
	first, err := parse[T](name, data, true)
	if err != nil {
		tb.Fatalf("testvectors: %s: %v", name, err)
	}
	suites := []Suite[T]{first}

	dir := os.Getenv("DSTU_VECTORS_DIR")
	if dir == "" {
		return suites
	}
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".json" {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		var head struct {
			Algorithm string `json:"algorithm"`
		}
		if json.Unmarshal(data, &head) != nil || (head.Algorithm != first.Algorithm && filepath.Base(p) != name) {
			return nil
		}
		s, err := parse[T](filepath.Base(p), data, false)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(p), err)
		}
		suites = append(suites, s)
		return nil
	})
	if err != nil {
		tb.Fatalf("testvectors: DSTU_VECTORS_DIR: %v", err)
	}
	return suites
}

func parse[T any](name string, data []byte, strict bool) (Suite[T], error) {
	s := Suite[T]{File: name}
	if err := json.Unmarshal(data, &s.Raw); err != nil {
		return s, err
	}
	if err := json.Unmarshal(s.Raw["algorithm"], &s.Algorithm); err != nil {
		return s, fmt.Errorf("algorithm: %w", err)
	}
	var tests []json.RawMessage
	if err := json.Unmarshal(s.Raw["tests"], &tests); err != nil {
		return s, fmt.Errorf("tests: %w", err)
	}
	if len(tests) == 0 {
		return s, fmt.Errorf("no tests")
	}
	for i, raw := range tests {
		var t T
		d := json.NewDecoder(bytes.NewReader(raw))
		if strict {
			d.DisallowUnknownFields()
		}
		if err := d.Decode(&t); err != nil {
			return s, fmt.Errorf("test %d: %w", i+1, err)
		}
		s.Tests = append(s.Tests, t)
	}
	return s, nil
}

// Name makes a subtest name of a vector's number and title.
func Name(tcID int, title string) string {
	return fmt.Sprintf("%d %s", tcID, strings.ReplaceAll(title, "/", " of "))
}
