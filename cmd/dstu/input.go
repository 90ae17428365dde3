package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"strings"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/transport"
)

// peekSize is how much of an input is looked at to tell what it is.
const peekSize = 64 << 10

// armored is an input whose PEM or Base64 has been seen through.
type armored struct {
	*bufio.Reader
	raw    bool          // there was neither
	label  string        // of the PEM block
	behind *bufio.Reader // what follows the PEM block once that has been read; nil if there is none
}

// unwrap recognises PEM and Base64 around the octets of r. Of several PEM blocks the first is
// read; text before it is skipped. Everything else passes unchanged.
func unwrap(r io.Reader) (*armored, error) {
	in := bufio.NewReaderSize(r, peekSize)
	if mark, _ := in.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		if _, err := in.Discard(len(mark)); err != nil {
			return nil, err
		}
	}
	head, err := in.Peek(peekSize)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if at, label := pemStart(head); label != "" {
		if _, err := in.Discard(at); err != nil {
			return nil, err
		}
		body := base64.NewDecoder(base64.StdEncoding, &base64Text{r: in, pem: true})
		return &armored{bufio.NewReaderSize(body, peekSize), false, label, in}, nil
	}
	if plain := base64Head(head); plain != nil && binary(plain) {
		body := base64.NewDecoder(base64.StdEncoding, &base64Text{r: in})
		return &armored{Reader: bufio.NewReaderSize(body, peekSize)}, nil
	}
	return &armored{Reader: in, raw: true}, nil
}

// familiar reports whether an input may be of a known type by its head. Of an input that is no
// longer than its head everything may be.
func familiar(head []byte) bool {
	if len(head) < peekSize || bytes.Contains(head, []byte(pemBegin)) || binary(head) || keystore.Detect(head) != keystore.FormatUnknown {
		return true
	}
	plain := base64Head(head)
	return binary(plain) || keystore.Detect(plain) != keystore.FormatUnknown
}

// binary reports whether data begins like DER or like a transport message.
func binary(data []byte) bool {
	return len(data) > 1 && data[0] == 0x30 || transport.IsFramed(data)
}

const (
	pemBegin      = "-----BEGIN " // of a PEM block
	byteOrderMark = "\ufeff"      // that editors of Windows put before a text
)

// pemStart finds the first PEM block and returns where its text begins, and its label.
func pemStart(head []byte) (int, string) {
	const end = "-----"
	at := bytes.Index(head, []byte(pemBegin))
	if at < 0 || at > 0 && head[at-1] != '\n' || bytes.ContainsFunc(head[:at], control) {
		return 0, ""
	}
	line, _, ok := bytes.Cut(head[at:], []byte("\n"))
	label, ok2 := strings.CutSuffix(strings.TrimRight(string(line[len(pemBegin):]), "\r \t"), end)
	if !ok || !ok2 || label == "" {
		return 0, ""
	}
	return at + len(line) + 1, label
}

// control tells octets that DER has in its head and a text has not.
func control(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' && r != '\t' }

// base64Head decodes as much of head as is Base64, nil if it is not.
func base64Head(head []byte) []byte {
	text := bytes.Join(bytes.Fields(head), nil)
	text = text[:len(text)&^3]
	plain := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(plain, text)
	if err != nil || n == 0 {
		return nil
	}
	return plain[:n]
}

// base64Text drops white space and, in a PEM block, ends at the line that closes it. Outside of one
// it adds the padding that is not there.
type base64Text struct {
	r     *bufio.Reader
	pem   bool
	end   bool
	count int // characters modulo 4
}

var errCutText = malformed("cut short: the Base64 text does not end")

func (b *base64Text) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && !b.end {
		c, err := b.r.ReadByte()
		switch {
		case err == io.EOF && !b.pem && b.count > 1:
			p[n] = '='
			n++
			b.count = (b.count + 1) % 4
		case err == io.EOF && (b.pem || b.count != 0):
			return n, errCutText
		case err != nil:
			return n, err
		case c == '-' && b.pem:
			b.end = true
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		default:
			p[n] = c
			n++
			b.count = (b.count + 1) % 4
		}
	}
	if n == 0 && b.end {
		return 0, io.EOF
	}
	return n, nil
}

// cutShort reports whether data begins like DER of which there is less than its length says.
func cutShort(data []byte) bool {
	const longLength = 0x80 // no text goes on so
	if len(data) < 2 || data[0] != 0x30 || data[1] <= longLength {
		return false
	}
	_, _, err := ber.ReadElement(data)
	return errors.Is(err, io.ErrUnexpectedEOF)
}

// unwrapAll is unwrap for octets at hand. A file of several PEM blocks stays as it is: what reads
// certificates and containers sees through it.
func unwrapAll(data []byte) ([]byte, error) {
	if block, rest := pem.Decode(data); block != nil && bytes.Contains(rest, []byte(pemBegin)) {
		return data, nil
	}
	in, err := unwrap(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(in)
}
