// Package archtest states the architecture of the module as tests: which package may import
// which, what each file may contain, and how large it may grow.
package archtest

import (
	"bufio"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/ukrcrypto/dstu"

// layers orders the packages from the bottom: a package may import packages of lower layers
// and, within its own layer, those that stand before it in the line.
var layers = [][]string{
	{"internal/ct", "internal/alias", "internal/cpu", "internal/impl", "internal/lanes", "internal/gost89", "internal/column8", "internal/kbkdf", "internal/modn", "internal/onb", "internal/gf2m/clmul", "internal/gf2m", "internal/ec2m"},
	{"kupyna", "kalyna", "gost28147", "dstu4145", "gost34311", "validation"},
	{"internal/der", "internal/ber", "internal/cp1251", "internal/alg", "internal/cmscore", "internal/pbe"},
	{"pkix", "pkix/ocsp"},
	{"pkix/tsp", "pkix/cmp"},
	{"keystore", "cms", "cms/iit", "transport", "pkix/online"},
	{"internal/testca", "internal/speed", "internal/selftest", "cmd", "examples"},
}

// testOnly are packages that only tests import.
var testOnly = []string{"testvectors", "internal/cryptotest", "internal/corpus", "internal/archtest", "internal/interop", "internal/conformance", "internal/gf2m/toy", "internal/timing"}

// place finds a package in layers; sub-packages of cmd and examples count as their parent.
func place(pkg string) (layer, index int, ok bool) {
	for _, program := range []string{"cmd", "examples"} {
		if strings.HasPrefix(pkg, program+"/") {
			pkg = program
		}
	}
	for l, line := range layers {
		if i := slices.Index(line, pkg); i >= 0 {
			return l, i, true
		}
	}
	return 0, 0, false
}

type source struct {
	pkg  string // import path within the module, "." for the root
	file string // path from the root, with slashes
	ast  *ast.File
	fset *token.FileSet
	test bool
	text []byte
}

func root(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(filepath.Dir(dir))
}

// sources parses every Go file of the module. Directories that Go ignores, and nested modules,
// are left out.
func sources(t *testing.T) []source {
	var out []source
	top := root(t)
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if p == top {
				return nil
			}
			if name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, p, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		out = append(out, source{pkg: path.Dir(rel), file: rel, ast: f, fset: fset, test: strings.HasSuffix(name, "_test.go"), text: text})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d files found below %s", len(out), top)
	}
	return out
}

// ignored reports whether the file is excluded from every build, as generators are.
func (s source) ignored() bool {
	for _, group := range s.ast.Comments {
		for _, c := range group.List {
			if expr, err := constraint.Parse(c.Text); err == nil && c.Pos() < s.ast.Package {
				return !expr.Eval(func(tag string) bool { return tag != "ignore" })
			}
		}
	}
	return false
}

func (s source) imports() []string {
	var out []string
	for _, spec := range s.ast.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		out = append(out, p)
	}
	return out
}

func TestImportsPointDown(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.ignored() || slices.Contains(testOnly, s.pkg) {
			continue
		}
		layer, index, ok := place(s.pkg)
		if !ok {
			t.Errorf("%s: package %s has no layer", s.file, s.pkg)
			continue
		}
		for _, imp := range s.imports() {
			sub, ours := strings.CutPrefix(imp, module+"/")
			if !ours {
				continue
			}
			if slices.Contains(testOnly, sub) {
				t.Errorf("%s imports %s, which is for tests", s.file, sub)
				continue
			}
			l, i, ok := place(sub)
			if !ok || l > layer || (l == layer && i >= index && s.pkg != sub) {
				t.Errorf("%s (layer %d) imports %s (layer %d), which does not lie below it", s.file, layer, sub, l)
			}
		}
	}
}

func TestForeignImports(t *testing.T) {
	for _, s := range sources(t) {
		if s.ignored() {
			continue
		}
		layer, _, placed := place(s.pkg)
		program := strings.HasPrefix(s.pkg, "cmd/") || strings.HasPrefix(s.pkg, "examples/")
		for _, imp := range s.imports() {
			deny := func(why string) { t.Errorf("%s imports %s: %s", s.file, imp, why) }
			switch {
			case imp == "unsafe" && s.pkg != "internal/alias":
				deny("only internal/alias may")
			case s.test:
			case strings.HasPrefix(imp, "net") && (imp == "net" || strings.HasPrefix(imp, "net/")) && s.pkg != "pkix/online":
				deny("the network lives in pkix/online")
			case imp == "math/big" && placed && layer <= 1:
				deny("primitives do constant-time arithmetic")
			case imp == "math/rand" || imp == "math/rand/v2":
				deny("not a source of secrets")
			case imp == "testing" && !slices.Contains(testOnly, s.pkg) && s.pkg != "internal/testca":
				deny("not in library code")
			case program || slices.Contains(testOnly, s.pkg):
			case strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") && !strings.HasPrefix(imp, module+"/") &&
				!strings.HasPrefix(imp, "golang.org/x/crypto/") && !strings.HasPrefix(imp, "golang.org/x/sys/") && !strings.HasPrefix(imp, "golang.org/x/text/"):
				deny("library packages use the standard library, x/crypto, x/sys and x/text")
			}
		}
	}
}

// TestASN1OnlyForOIDs allows encoding/asn1 for its ObjectIdentifier type alone: reflection hides
// offsets and leaves trailing data to the caller.
func TestASN1OnlyForOIDs(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.ignored() || !slices.Contains(s.imports(), "encoding/asn1") {
			continue
		}
		local := "asn1"
		for _, spec := range s.ast.Imports {
			if spec.Path.Value == `"encoding/asn1"` && spec.Name != nil {
				local = spec.Name.Name
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && sel.Sel.Name != "ObjectIdentifier" {
				t.Errorf("%s: uses %s.%s", s.fset.Position(sel.Pos()), local, sel.Sel.Name)
			}
			return true
		})
	}
}

// generated reports the marker of https://go.dev/s/generatedcode.
func (s source) generated() bool { return ast.IsGenerated(s.ast) }

func TestFileSize(t *testing.T) {
	const maxLines = 600
	for _, s := range sources(t) {
		if n := s.fset.File(s.ast.Package).LineCount(); n > maxLines && !s.generated() {
			t.Errorf("%s has %d lines; %d are the limit for one room", s.file, n, maxLines)
		}
	}
}

func TestFunctionSize(t *testing.T) {
	const maxLines = 80
	for _, s := range sources(t) {
		if s.generated() || s.test {
			continue
		}
		for _, decl := range s.ast.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				if n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; n > maxLines {
					t.Errorf("%s: %s has %d lines; the limit is %d", s.fset.Position(f.Pos()), f.Name.Name, n, maxLines)
				}
			}
		}
	}
}

// TestParsersAreFuzzed wants a fuzz target with a committed corpus in every package that reads
// bytes from outside.
func TestParsersAreFuzzed(t *testing.T) {
	parses, fuzzed := map[string]string{}, map[string][]string{}
	for _, s := range sources(t) {
		for _, decl := range s.ast.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil {
				continue
			}
			for _, verb := range []string{"Parse", "Open", "Decode", "Decrypt", "Unmarshal"} {
				if strings.HasPrefix(f.Name.Name, verb) && !s.test && !slices.Contains(testOnly, s.pkg) {
					parses[s.pkg] = f.Name.Name
				}
			}
			if s.test && strings.HasPrefix(f.Name.Name, "Fuzz") {
				fuzzed[s.pkg] = append(fuzzed[s.pkg], f.Name.Name)
			}
		}
	}
	for pkg, name := range parses {
		if len(fuzzed[pkg]) == 0 && !strings.HasPrefix(pkg, "cmd/") {
			t.Errorf("%s has %s and no fuzz target", pkg, name)
		}
	}
	for pkg, targets := range fuzzed {
		for _, target := range targets {
			dir := filepath.Join(root(t), filepath.FromSlash(pkg), "testdata", "fuzz", target)
			if entries, err := os.ReadDir(dir); err != nil || len(entries) == 0 {
				t.Errorf("%s: %s has no committed corpus", pkg, target)
			}
		}
	}
}

// TestAssemblyIsGenerated wants a generator's mark on every assembly file, and a constraint that
// keeps it out of a build with the tag purego.
func TestAssemblyIsGenerated(t *testing.T) {
	top := root(t)
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".s" {
			return err
		}
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		defer f.Close()
		marked, excluded := false, false
		for lines := bufio.NewScanner(f); lines.Scan(); {
			line := lines.Text()
			marked = marked || strings.HasPrefix(line, "// Code generated ") && strings.HasSuffix(line, " DO NOT EDIT.")
			if expr, err := constraint.Parse(line); err == nil {
				excluded = !expr.Eval(func(string) bool { return true })
			}
			if strings.HasPrefix(line, "TEXT") {
				break
			}
		}
		if !marked || !excluded {
			t.Errorf("%s: generated %v, excluded by purego %v", p, marked, excluded)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
