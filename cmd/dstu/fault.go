package main

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

// Exit statuses.
const (
	exitOK   = 0
	exitNo   = 1 // the cryptographic answer is no
	exitFail = 2 // usage, input or output, malformed or unsupported input
)

// Error codes of the JSON form. They are a stable contract.
const (
	codePassword    = "wrong_password_or_damaged_key"
	codeMalformed   = "malformed"
	codeUnsupported = "unsupported"
	codeNoCert      = "certificate_not_found"
	codeBadCert     = "bad_certificate"
	codeNoRecipient = "no_recipient"
	codeDecryption  = "decryption_failed"
	codeIO          = "io"
	codeUsage       = "usage"
)

// Numbers of errors of IIT software, which user manuals name.
const (
	iitKey         = 24
	iitFormat      = 33
	iitSignature   = 35
	iitNotReceiver = 37
	iitBadCert     = 50
	iitNoCert      = 51
	iitUnsupported = 65534
)

// fault is an error with its code and exit status.
type fault struct {
	exit int
	code string // "" for a negative answer that is no error
	iit  int    // 0: none
	err  error
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// packages are the names that errors of the library begin with. They tell a user nothing.
var packages = regexp.MustCompile(`(^|: )(cms|keystore|pkix|transport|dstu4145|ber|der): `)

// line is the error on one line.
func (f *fault) line() string { return wording(f.err.Error()) }

// wording puts the text of an error on one line, without the names of packages.
func wording(text string) string {
	line := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	for packages.MatchString(line) { // they follow one another
		line = packages.ReplaceAllString(line, "$1")
	}
	return line
}

type faultJSON struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	IIT     int    `json:"iit,omitempty"`
}

func (f *fault) json() *faultJSON { return &faultJSON{f.code, f.line(), f.iit} }

func usage(format string, args ...any) error {
	return &fault{exitFail, codeUsage, 0, fmt.Errorf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &fault{exitFail, codeUnsupported, iitUnsupported, fmt.Errorf(format, args...)}
}

func malformed(format string, args ...any) error {
	return &fault{exitFail, codeMalformed, iitFormat, fmt.Errorf(format, args...)}
}

func noCertificate(format string, args ...any) error {
	return &fault{exitFail, codeNoCert, iitNoCert, fmt.Errorf(format, args...)}
}

func badCertificate(name string, err error) error {
	return &fault{exitFail, codeBadCert, iitBadCert, fmt.Errorf("%s: %w", name, err)}
}

// no is a negative answer. It has no code of its own: the document says why.
func no(format string, args ...any) error {
	return &fault{exitNo, "", iitSignature, fmt.Errorf(format, args...)}
}

// ioFault marks an error of reading or writing; nil stays nil.
func ioFault(name string, err error) error {
	if err == nil {
		return nil
	}
	var f *fault
	if errors.As(err, &f) {
		return err
	}
	var p *fs.PathError
	if !errors.As(err, &p) && !strings.HasPrefix(err.Error(), name) {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return &fault{exitFail, codeIO, 0, err}
}

// inFile puts the name of the input before an error of the library that does not have it.
func inFile(name string, err error) error {
	var f *fault
	var p *fs.PathError
	if errors.As(err, &f) || errors.As(err, &p) || strings.HasPrefix(err.Error(), name+": ") {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// classes maps errors of the library to codes, the first match counts.
var classes = []struct {
	target error
	exit   int
	code   string
	iit    int
}{
	{keystore.ErrPassword, exitNo, codePassword, iitKey},
	{keystore.ErrFormat, exitFail, codeMalformed, iitKey},
	{keystore.ErrNoKey, exitFail, codeNoCert, iitNoCert},
	{cms.ErrNoRecipient, exitNo, codeNoRecipient, iitNotReceiver},
	{cms.ErrNoSenderCertificate, exitFail, codeNoCert, iitNoCert},
	{cms.ErrDecryption, exitNo, codeDecryption, iitFormat},
	{transport.ErrNotForAgreement, exitFail, codeBadCert, iitBadCert},
	{transport.ErrHeader, exitFail, codeUsage, 0},
	{transport.ErrFormat, exitFail, codeMalformed, iitFormat},
	{transport.ErrReceipt, exitFail, codeMalformed, iitFormat},
	{cms.ErrUnsupported, exitFail, codeUnsupported, iitUnsupported},
	{pkix.ErrUnsupported, exitFail, codeUnsupported, iitUnsupported},
	{errors.ErrUnsupported, exitFail, codeUnsupported, iitUnsupported},
}

// classify gives an error its code and exit status. What nothing else claims is malformed input.
func classify(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		if err != error(f) {
			return &fault{f.exit, f.code, f.iit, err}
		}
		return f
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return &fault{exitFail, codeIO, 0, err}
	}
	var unsupportedKey *keystore.UnsupportedError
	var limit *keystore.LimitError
	if errors.As(err, &unsupportedKey) || errors.As(err, &limit) {
		return &fault{exitFail, codeUnsupported, iitKey, err}
	}
	for _, c := range classes {
		if errors.Is(err, c.target) {
			return &fault{c.exit, c.code, c.iit, err}
		}
	}
	return &fault{exitFail, codeMalformed, iitFormat, err}
}
