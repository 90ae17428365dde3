package main

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
)

func TestHash(t *testing.T) {
	// The digest of "123" stands in real signed messages, that of nothing in DSTU 7564.
	const gost123 = "0d7638f766847f80f60525e3509ade2f1307a4d356b62a30e141d6ff0bb7b038"
	const kupynaEmpty = "cd5101d1ccdf0d1d1f4ada56e888cd724ca1a0838a3521e7131d4fb78d0f5eb6"
	r := run(t, "123", "hash")
	require.Equal(t, result{exitOK, gost123 + "  -\n", ""}, r)
	r = run(t, "", "hash", "-a", "kupyna256")
	require.Equal(t, kupynaEmpty+"  -\n", r.out)
	for name, size := range map[string]int{"gost34311": 32, "kupyna256": 32, "kupyna384": 48, "kupyna512": 64} {
		r = run(t, "", "hash", "-a", name, "-")
		require.Len(t, r.out, 2*size+len("  -\n"))
	}
	golden(t, "hash", ok(t, "hash", "--json", write(t, filepath.Join(t.TempDir(), "a"), "a")).out)
}

func TestHashDKE(t *testing.T) {
	box, err := gost28147.DKE(2)
	require.NoError(t, err)
	h := gost34311.NewSBox(box)
	h.Write([]byte("abc"))
	packed := hex.EncodeToString(box.DKE())
	require.Equal(t, fmt.Sprintf("%x  -\n", h.Sum(nil)), run(t, "abc", "hash", "--dke", packed).out)
	refused(t, exitFail, codeUsage, "", "hash", "--dke", packed[2:])
	refused(t, exitFail, codeUsage, "", "hash", "--dke", "xyz")
	refused(t, exitFail, codeUsage, "", "hash", "--dke", packed, "-a", "kupyna256")
	refused(t, exitFail, codeUsage, "", "hash", "-a", "md5")
}

func TestHashCheck(t *testing.T) {
	dir := t.TempDir()
	names := []string{"plain", "with space", "new\nline", `back\slash`, " leading"}
	var paths []string
	for _, n := range names {
		paths = append(paths, write(t, filepath.Join(dir, n), n))
	}
	list := ok(t, append([]string{"hash"}, paths...)...).out
	require.Equal(t, len(names), strings.Count(list, "\n"))
	file := write(t, filepath.Join(dir, "list"), list)
	r := ok(t, "hash", "--check", file)
	require.Equal(t, len(names), strings.Count(r.out, ": OK\n"))
	golden(t, "hash-check", ok(t, "hash", "--json", "--check", file).out)
	require.Equal(t, exitOK, run(t, list, "hash", "--check", "-").code)

	write(t, paths[0], "changed")
	r = run(t, "", "hash", "--check", file)
	require.Equal(t, exitNo, r.code)
	require.Contains(t, r.out, paths[0]+": FAILED\n")
	require.Equal(t, 1, strings.Count(r.err, "\n"))
	refused(t, exitNo, "", "", "hash", "--check", file)

	require.NoError(t, os.Remove(paths[1]))
	require.Equal(t, exitFail, run(t, "", "hash", "--check", file).code)
	refused(t, exitFail, codeMalformed, "", "hash", "--check", write(t, file, "no digests here\n"))
	refused(t, exitFail, codeMalformed, "", "hash", "--check", write(t, file, ""))
	refused(t, exitFail, codeMalformed, "", "hash", "--check", write(t, file, strings.Repeat("0", 64)+"  \n"))
	refused(t, exitFail, codeMalformed, "", "hash", "--check", write(t, file, strings.Repeat("0", 64)+"  a\n"), "-a", "kupyna512")
	refused(t, exitFail, codeUsage, "", "hash", "--check", file, "another")
}

func TestHashInput(t *testing.T) {
	refused(t, exitFail, codeIO, "", "hash", filepath.Join(t.TempDir(), "nothing"))
	refused(t, exitFail, codeIO, "", "hash", t.TempDir())
}
