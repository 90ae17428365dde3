package main

import (
	"bufio"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/kupyna"
)

type hashCommand struct {
	*app
	algorithm string
	dke       string
	check     string
}

func (a *app) hashCommand() *cobra.Command {
	h := &hashCommand{app: a}
	cmd := &cobra.Command{
		Use:   "hash [FILE…]",
		Short: "Print or check digests",
		Long: `Print the digest of each FILE, "-" or none being standard input, in the format of sha256sum.
With --check verify the lines of such a list. A file that cannot be read does not stop the others.`,
		Example: `  dstu hash report.xml
  dstu hash -a kupyna256 *.xml > digests
  dstu hash -a kupyna256 --check digests`,
		RunE: func(cmd *cobra.Command, args []string) error { return h.run(args) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&h.algorithm, "algorithm", "a", "gost34311", "gost34311, kupyna256, kupyna384 or kupyna512")
	flags.StringVar(&h.dke, "dke", "", "substitution table (ДКЕ) of gost34311: 64 packed octets in hex")
	flags.StringVar(&h.check, "check", "", "verify the digests listed in `FILE`")
	return cmd
}

// hashNames are the hash functions as flags name them.
var hashNames = []string{"gost34311", "kupyna256", "kupyna384", "kupyna512"}

// newHash returns the constructor that the flags name.
func (h *hashCommand) newHash() (func() hash.Hash, error) {
	if h.dke != "" && h.algorithm != "gost34311" {
		return nil, usage("--dke is for gost34311 only")
	}
	switch h.algorithm {
	case "gost34311":
		if h.dke == "" {
			return gost34311.New, nil
		}
		packed, err := hex.DecodeString(h.dke)
		if err != nil {
			return nil, usage("--dke: %v", err)
		}
		box, err := gost28147.ParseDKE(packed)
		if err != nil {
			return nil, usage("--dke: %v", err)
		}
		return func() hash.Hash { return gost34311.NewSBox(box) }, nil
	case "kupyna256":
		return kupyna.New256, nil
	case "kupyna384":
		return kupyna.New384, nil
	case "kupyna512":
		return kupyna.New512, nil
	}
	return nil, noneOf("algorithm", h.algorithm, hashNames)
}

type hashJSON struct {
	File      string     `json:"file"`
	Algorithm string     `json:"algorithm"`
	Digest    string     `json:"digest_hex,omitempty"`
	Error     *faultJSON `json:"error,omitempty"`
}

func (h *hashCommand) run(files []string) error {
	newHash, err := h.newHash()
	if err != nil {
		return err
	}
	if h.check != "" {
		if len(files) > 0 {
			return usage("--check takes no other files")
		}
		return h.verify(newHash)
	}
	if len(files) == 0 {
		files = []string{stdinName}
	}
	results := make([]hashJSON, 0, len(files))
	var failed error // the last one, for the end
	for _, name := range files {
		sum, err := h.sum(newHash(), name)
		if err != nil {
			if failed != nil {
				fmt.Fprintf(h.stderr, "dstu: hash: %s\n", plain(classify(failed).line()))
			}
			failed = err
			results = append(results, hashJSON{File: name, Algorithm: h.algorithm, Error: classify(err).json()})
			continue
		}
		results = append(results, hashJSON{File: name, Algorithm: h.algorithm, Digest: hex.EncodeToString(sum)})
		if !h.json {
			escaped, mark := escapeName(name)
			if h.screen { // elsewhere the list is for --check
				escaped = plain(escaped)
			}
			if err := h.printf("%s%x  %s\n", mark, sum, escaped); err != nil {
				return err
			}
		}
	}
	if h.json {
		if err := h.answer(results); err != nil {
			return err
		}
	}
	return failed
}

func (h *hashCommand) sum(d hash.Hash, name string) ([]byte, error) {
	f, err := h.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in, end := h.meter(f, f.size)
	defer end()
	if _, err := io.Copy(d, in); err != nil {
		return nil, err
	}
	return d.Sum(nil), nil
}

// escapeName escapes backslashes and line breaks; a line with such a name begins with a backslash.
func escapeName(name string) (escaped, mark string) {
	escaped = strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\r", "\\r").Replace(name)
	if escaped != name {
		mark = "\\"
	}
	return escaped, mark
}

type checkJSON struct {
	File string `json:"file"`
	OK   bool   `json:"ok"`
}

// verify checks every line of a list. The first file that cannot be read, and the first line
// that is none, ends it.
func (h *hashCommand) verify(newHash func() hash.Hash) error {
	list, err := h.open(h.check)
	if err != nil {
		return err
	}
	defer list.Close()
	results := []checkJSON{}
	failed := 0
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		want, name, ok := parseLine(lines.Text(), newHash().Size())
		if !ok {
			return malformed("%s: line %d is no digest of %s", h.check, len(results)+1, h.algorithm)
		}
		sum, err := h.sum(newHash(), name)
		if err != nil {
			return err
		}
		result := checkJSON{name, subtle.ConstantTimeCompare(sum, want) == 1}
		results = append(results, result)
		verdict := "OK"
		if !result.OK {
			verdict = "FAILED"
			failed++
		}
		if !h.json {
			if err := h.printf("%s: %s\n", shown(name), verdict); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return ioFault(h.check, err)
	}
	if len(results) == 0 {
		return malformed("%s: no digests", h.check)
	}
	if h.json {
		if err := h.answer(results); err != nil {
			return err
		}
	}
	if failed > 0 {
		return no("%d of %d digests do not fit", failed, len(results))
	}
	return nil
}

// parseLine reads "<hex>  <name>", or "<hex> *<name>", of a digest of size octets.
func parseLine(line string, size int) (digest []byte, name string, ok bool) {
	line, escaped := strings.CutPrefix(line, "\\")
	if len(line) < 2*size+3 || line[2*size] != ' ' || line[2*size+1] != ' ' && line[2*size+1] != '*' {
		return nil, "", false
	}
	digest, err := hex.DecodeString(line[:2*size])
	name = line[2*size+2:]
	if escaped {
		name = strings.NewReplacer("\\\\", "\\", "\\n", "\n", "\\r", "\r").Replace(name)
	}
	return digest, name, err == nil
}
