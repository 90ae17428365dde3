// Package selftest runs known-answer tests of every algorithm on every code path of the processor.
//
// The answers come from the standards and from other implementations, as testvectors says. Code
// that takes many blocks at once is compared with portable code on longer input besides.
//
// While it runs nothing else in the process may use the packages it tests.
package selftest

import (
	"bytes"
	_ "embed" // the answers
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"github.com/ukrcrypto/dstu/internal/impl"
)

//go:embed known.json
var answers []byte

// Result is the outcome of one algorithm on one code path.
type Result struct {
	Name string
	Tier string
	Err  error // nil: passed
}

var errAnswer = errors.New("wrong answer")

// test is an algorithm. It runs on the code paths of packages.
type test struct {
	name     string
	packages []string
	known    func() error
	bulk     func() ([]byte, error) // must be the same on every path; nil: none
}

// Run runs all tests and hands out their results in a fixed order: by algorithm, the best code
// path first.
func Run(result func(Result) error) error {
	return run(answers, result)
}

func run(answers []byte, result func(Result) error) error {
	var v vectors
	if err := json.Unmarshal(answers, &v); err != nil {
		return err
	}
	for _, t := range v.tests() {
		for _, tier := range impl.Tiers() {
			if !slices.ContainsFunc(t.packages, func(pkg string) bool { return slices.Contains(impl.Names(pkg), tier) }) {
				continue
			}
			if err := result(Result{t.name, tier, t.run(tier)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *test) run(tier string) error {
	on := func(tier string, f func() ([]byte, error)) ([]byte, error) {
		defer impl.TestingOnlySelect(tier)()
		return f()
	}
	if _, err := on(tier, func() ([]byte, error) { return nil, t.known() }); err != nil || t.bulk == nil {
		return err
	}
	want, err := on(impl.Generic, t.bulk)
	if err != nil {
		return err
	}
	got, err := on(tier, t.bulk)
	if err != nil {
		return err
	}
	return same(got, want)
}

// same reports an error unless got is want.
func same(got, want []byte) error {
	if !bytes.Equal(got, want) {
		return errAnswer
	}
	return nil
}

// octets is a string of octets in hexadecimal.
type octets []byte

// UnmarshalJSON reads hexadecimal digits.
func (o *octets) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	var err error
	*o, err = hex.DecodeString(s)
	return err
}
