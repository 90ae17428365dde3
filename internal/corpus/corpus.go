// Package corpus finds and reads the collections of real data. It is imported by tests only.
//
// The collections are not part of this repository. They lie in ../shared/corpus beside the
// module root, and in the directory named by the environment variable DSTU_CORPUS_DIR, if it
// is set, which is laid out the same. Each has a MANIFEST.json in its root and may have more
// collections, with manifests of their own, in subdirectories.
package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Dir is one collection: a directory with a MANIFEST.json.
type Dir struct {
	Name  string                     // for subtests: "corpus", "corpus/iit", "extra", …
	Path  string                     // of the directory
	Items []Item                     // the manifest's list of files
	Raw   map[string]json.RawMessage // every member of the manifest, "items" included

	root string // directory of the whole tree, where names of other collections' files begin
}

// Item is a file of a collection with what is known about it.
type Item struct {
	File     string          `json:"file"`
	Kind     string          `json:"kind"`
	SHA256   string          `json:"sha256"`
	Size     int64           `json:"size"`
	Expected json.RawMessage `json:"expected"` // facts, in the root collection

	Raw json.RawMessage `json:"-"` // the whole item
	Dir *Dir            `json:"-"`
}

// Decode unmarshals the facts of the item into v: the member "expected" if there is one, else
// the item itself. Unknown members are ignored.
func (it *Item) Decode(tb testing.TB, v any) {
	tb.Helper()
	facts := it.Raw
	if len(it.Expected) > 0 {
		facts = it.Expected
	}
	if err := json.Unmarshal(facts, v); err != nil {
		tb.Fatalf("corpus: %s: %v", it.File, err)
	}
}

// Bytes returns the contents of the item's file. A digest other than the manifest's fails the
// test.
func (it *Item) Bytes(tb testing.TB) []byte {
	tb.Helper()
	data := it.Dir.File(tb, it.File)
	if sum := sha256.Sum256(data); it.SHA256 != "" && hex.EncodeToString(sum[:]) != it.SHA256 {
		tb.Fatalf("corpus: %s: digest differs from the manifest", it.File)
	}
	return data
}

// File returns the contents of a file named in a manifest: relative to the collection, or, if
// there is no such file, to the root of its tree. A name that begins with "shared:" is relative
// to ../shared/corpus. A file that cannot be read fails the test.
func (d *Dir) File(tb testing.TB, name string) []byte {
	tb.Helper()
	places := []string{filepath.Join(d.Path, name), filepath.Join(d.root, name)}
	if rest, ok := strings.CutPrefix(name, "shared:"); ok {
		places = []string{filepath.Join(sharedPath(tb), rest)}
	}
	for _, p := range places {
		data, err := os.ReadFile(p)
		if err == nil {
			return data
		}
		if !errors.Is(err, fs.ErrNotExist) {
			tb.Fatalf("corpus: %v", err)
		}
	}
	tb.Fatalf("corpus: %s: no such file in %s", name, d.Name)
	return nil
}

// Has reports whether the collection has the file, under the rules of [Dir.File].
func (d *Dir) Has(tb testing.TB, name string) bool {
	tb.Helper()
	if rest, ok := strings.CutPrefix(name, "shared:"); ok {
		_, err := os.Stat(filepath.Join(sharedPath(tb), rest))
		return err == nil
	}
	_, err := os.Stat(filepath.Join(d.Path, name))
	if err != nil {
		_, err = os.Stat(filepath.Join(d.root, name))
	}
	return err == nil
}

// Kind returns the items of the given kinds, in the manifest's order.
func (d *Dir) Kind(kinds ...string) []*Item {
	var out []*Item
	for i := range d.Items {
		for _, k := range kinds {
			if d.Items[i].Kind == k {
				out = append(out, &d.Items[i])
			}
		}
	}
	return out
}

// Dirs returns all collections. The test is skipped, with a message, if there are none.
func Dirs(tb testing.TB) []*Dir {
	tb.Helper()
	var dirs []*Dir
	shared := sharedPath(tb)
	if _, err := os.Stat(shared); err == nil {
		dirs = append(dirs, tree(tb, "corpus", shared)...)
	}
	if extra := os.Getenv("DSTU_CORPUS_DIR"); extra != "" {
		found := tree(tb, "extra", extra)
		if len(found) == 0 {
			tb.Fatalf("corpus: DSTU_CORPUS_DIR has no MANIFEST.json")
		}
		dirs = append(dirs, found...)
	}
	if len(dirs) == 0 {
		tb.Skip("corpus: no collections of real data beside the module root; set DSTU_CORPUS_DIR")
	}
	return dirs
}

// Find returns the collection of that name, or skips the test.
func Find(tb testing.TB, name string) *Dir {
	tb.Helper()
	for _, d := range Dirs(tb) {
		if d.Name == name {
			return d
		}
	}
	tb.Skipf("corpus: no collection %s", name)
	return nil
}

// tree reads the manifests in root and in its direct subdirectories.
func tree(tb testing.TB, name, root string) []*Dir {
	tb.Helper()
	var dirs []*Dir
	if d := read(tb, name, root, root); d != nil {
		dirs = append(dirs, d)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		tb.Fatalf("corpus: %v", err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		if d := read(tb, name+"/"+e.Name(), filepath.Join(root, e.Name()), root); d != nil {
			dirs = append(dirs, d)
		}
	}
	return dirs
}

// read returns nil if the directory has no manifest.
func read(tb testing.TB, name, path, root string) *Dir {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(path, "MANIFEST.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		tb.Fatalf("corpus: %v", err)
	}
	d := &Dir{Name: name, Path: path, root: root}
	if err := json.Unmarshal(data, &d.Raw); err != nil {
		tb.Fatalf("corpus: %s: %v", name, err)
	}
	var items []json.RawMessage
	if err := json.Unmarshal(d.Raw["items"], &items); err != nil {
		tb.Fatalf("corpus: %s: items: %v", name, err)
	}
	d.Items = make([]Item, len(items))
	for i, raw := range items {
		it := &d.Items[i]
		if err := json.Unmarshal(raw, it); err != nil {
			tb.Fatalf("corpus: %s: item %d: %v", name, i, err)
		}
		it.Raw, it.Dir = bytes.Clone(raw), d
	}
	return d
}

// sharedPath is ../shared/corpus of the module root, whether or not it exists.
func sharedPath(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatalf("corpus: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(dir), "shared", "corpus")
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("corpus: no go.mod above the working directory")
		}
		dir = up
	}
}
