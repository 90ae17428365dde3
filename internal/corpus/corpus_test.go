package corpus_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ukrcrypto/dstu/internal/corpus"
)

// TestLayout reads a collection made here: names, digests, facts and subdirectories.
func TestLayout(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("MANIFEST.json", `{"format":1,"items":[{"file":"certs/a.cer","kind":"certs","size":3,
		"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"expected":{"n":7}}]}`)
	write("certs/a.cer", "abc")
	write("sub/MANIFEST.json", `{"items":[{"file":"b","kind":"x","n":8}]}`)
	write("sub/b", "b")
	t.Setenv("DSTU_CORPUS_DIR", dir)

	found := map[string]int{}
	for _, d := range corpus.Dirs(t) {
		for i := range d.Items {
			if d.Name != "extra" && d.Name != "extra/sub" {
				continue
			}
			var facts struct{ N int }
			d.Items[i].Decode(t, &facts)
			found[d.Name+":"+string(d.Items[i].Bytes(t))] = facts.N
		}
	}
	if len(found) != 2 || found["extra:abc"] != 7 || found["extra/sub:b"] != 8 {
		t.Errorf("found %v", found)
	}
	sub := corpus.Find(t, "extra/sub")
	if !sub.Has(t, "certs/a.cer") || sub.Has(t, "nothing") || sub.Has(t, "shared:nothing") {
		t.Error("Has is wrong")
	}
	if got := len(corpus.Find(t, "extra").Kind("certs", "other")); got != 1 {
		t.Errorf("%d items of kind certs", got)
	}
}
