package selftest

import (
	"encoding/json"

	"github.com/ukrcrypto/dstu/internal/impl"
)

// Answers are those of the tests.
func Answers() []byte { return answers }

// RunOn runs the known answers of one section, on the best code path.
func RunOn(answers []byte, section string, result func(Result) error) error {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(answers, &whole); err != nil {
		return err
	}
	part, err := json.Marshal(map[string]json.RawMessage{section: whole[section]})
	if err != nil {
		return err
	}
	var v vectors
	if err := json.Unmarshal(part, &v); err != nil {
		return err
	}
	for _, t := range v.tests() {
		if err := t.known(); err != errNone {
			if err := result(Result{t.name, impl.Generic, err}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Input and Several are what long tests hash, alone and side by side.
func Input() []byte     { return input() }
func Several() [][]byte { return several() }

// Bulk returns the result of the long test of that name, nil if it has none.
func Bulk(name string) ([]byte, error) {
	for _, t := range new(vectors).tests() {
		if t.name == name && t.bulk != nil {
			return t.bulk()
		}
	}
	return nil, nil
}
