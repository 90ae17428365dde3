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
