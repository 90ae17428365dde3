// Package disasm looks at the machine code of functions that handle secrets: whatever branches,
// computes an address from an index, divides or calls something else must be on the list in
// functions.txt, with a reason.
package disasm

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	// What the program links. The go command knows by these that a result is out of date.
	_ "github.com/ukrcrypto/dstu/dstu4145"
	_ "github.com/ukrcrypto/dstu/gost28147"
	_ "github.com/ukrcrypto/dstu/gost34311"
	_ "github.com/ukrcrypto/dstu/kalyna"
	_ "github.com/ukrcrypto/dstu/kupyna"
)

const module = "github.com/ukrcrypto/dstu/"

// wholly are the packages of which every function in the program must be on the list.
var wholly = []string{"internal/ec2m", "internal/gf2m", "internal/gf2m/clmul", "internal/modn", "internal/kbkdf", "internal/onb", "internal/gost89"}

// assembled are the other packages of which every function in assembly must be on the list.
var assembled = []string{"gost34311", "kalyna", "kupyna"}

// TestListedFunctions compares the code of a program with the list.
//
// Go code is taken from the linked program by go tool objdump, which names the source line of each
// instruction, inlined ones too. It cannot decode EVEX instructions; of functions in assembly the
// generated source is read, which the assembler translates line by line.
//
// An address that arithmetic computes without an index register would pass unseen.
func TestListedFunctions(t *testing.T) {
	if testing.Short() || runtime.GOARCH != "amd64" || runtime.GOOS != "linux" {
		t.Skip("needs a run without -short on linux/amd64")
	}
	l := readList(t)
	if v := runtime.Version(); !strings.HasPrefix(v+".", l.goVersion+".") {
		t.Skipf("the list is for the compiler of %s, this is %s", l.goVersion, v)
	}
	for _, f := range append(goFunctions(t), assemblyFunctions(t)...) {
		for _, problem := range l.check(f) {
			t.Error(problem)
		}
	}
	for _, problem := range l.complete() {
		t.Error(problem)
	}
}

// function is a function of the program with what was found in it.
type function struct {
	name     string // path from the module, field degrees and numbers of columns replaced by #
	assembly bool
	findings []finding
}

type finding struct {
	kind string // branch, index, divide, call, indirect or unknown
	what string // the source line, the assembly instruction, or the function called
}

var (
	degrees = regexp.MustCompile(`163|167|173|179|191|233|257|307|367|431|571`)
	// numbers in generated code that differ between fields
	numbers = regexp.MustCompile(`^(for range |copy\(.*\[)[0-9#*]+( {|:\]\))$`)
)

func (f *function) add(kind, what string) {
	what = degrees.ReplaceAllString(strings.TrimSpace(what), "#")
	what = numbers.ReplaceAllString(what, "${1}…$2")
	f.findings = append(f.findings, finding{kind, what})
}

// instruction is a line of the output of objdump.
type instruction struct {
	address, text string
	source        string
}

func goFunctions(t *testing.T) []*function {
	program := filepath.Join(t.TempDir(), "program")
	build := exec.Command("go", "build", "-trimpath=false", "-ldflags=", "-gcflags=", "-tags=", "-o", program, "./testdata/program")
	build.Env = append(os.Environ(), "GOAMD64=v1")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", build, err, out)
	}
	// Methods and functions in Go; names of those in assembly end in .abi0.
	dump := exec.Command("go", "tool", "objdump", "-S", "-s", "^"+regexp.QuoteMeta(module)+`.*([^0]|[^i]0)$`, program)
	out, err := dump.Output()
	if err != nil {
		t.Fatalf("%v: %v", dump, err)
	}
	return parse(string(out))
}

// parse reads the output of objdump -S.
func parse(listing string) []*function {
	var functions []*function
	var name, source string
	var code []instruction
	end := func() {
		if name != "" {
			functions = append(functions, analyse(name, code))
		}
		name, source, code = "", "", nil
	}
	line := regexp.MustCompile(`^  0x([0-9a-f]+)\s+[0-9a-f]+\s+(.*\S)\s*$`)
	for s := range strings.Lines(listing) {
		if rest, ok := strings.CutPrefix(s, "TEXT "); ok {
			end()
			name, _, _ = strings.Cut(rest, "(SB)")
		} else if m := line.FindStringSubmatch(s); m != nil {
			code = append(code, instruction{m[1], m[2], source})
		} else {
			source = s
		}
	}
	end()
	return functions
}

var (
	conditional = regexp.MustCompile(`^J[A-Z]+ 0x([0-9a-f]+)$`)
	indexed     = regexp.MustCompile(`\(([A-Z0-9]+)\)?\(([A-Z0-9]+)\*[1248]\)`)
	division    = regexp.MustCompile(`^(I?DIV|F?DIV)[A-Z]* `)
	call        = regexp.MustCompile(`^CALL ([^ ]*)\(SB\)$`)
	// indirect are calls and jumps to an address in a register or in memory: methods of interfaces,
	// values of functions, tables of a switch.
	indirect = regexp.MustCompile(`^(CALL|JMP) ([A-Z0-9]+|.*\([A-RT-Z].*\))$`)
	// stops are calls that end a function that went wrong, or let its stack grow.
	stops = regexp.MustCompile(`^CALL runtime\.(morestack\w*|panic\w*|gopanic)\w*(\.abi0)?\(SB\)$`)
)

func analyse(name string, code []instruction) *function {
	f := &function{name: degrees.ReplaceAllString(strings.TrimPrefix(name, module), "#")}
	for i, in := range code {
		m := conditional.FindStringSubmatch(in.text)
		switch {
		case m != nil && strings.HasPrefix(in.text, "JMP"), strings.HasPrefix(in.text, "NOP"):
		case m != nil:
			to := find(code, m[1])
			if !fails(code, to) && !fails(code, i+1) && !barrier(code[:i]) && !moves(code, to, i) {
				f.add("branch", in.source)
			}
		case indexed.MatchString(in.text) && !arithmetic(in.text) && !move.MatchString(in.text):
			f.add("index", in.source)
		case division.MatchString(in.text):
			f.add("divide", in.source)
		case call.MatchString(in.text) && !stops.MatchString(in.text):
			f.add("call", strings.TrimPrefix(call.FindStringSubmatch(in.text)[1], module))
		case indirect.MatchString(in.text):
			f.add("indirect", in.source)
		case strings.HasPrefix(in.text, "?"):
			f.add("unknown", in.source)
		}
	}
	return f
}

// arithmetic reports whether an instruction only adds a register to itself.
func arithmetic(text string) bool {
	m := indexed.FindStringSubmatch(text)
	return strings.HasPrefix(text, "LEA") && (m[1] == m[2] || m[1] == "")
}

func find(code []instruction, address string) int {
	return slices.IndexFunc(code, func(in instruction) bool { return in.address == address })
}

// fails reports whether the code from i on calls a function that stops, without any choice: a bounds
// check, which is never taken in a correct program, or the growth of the stack.
func fails(code []instruction, i int) bool {
	for range 100 {
		if i < 0 || i >= len(code) {
			return false
		}
		in := code[i]
		to, jumps := strings.CutPrefix(in.text, "JMP 0x")
		switch {
		case stops.MatchString(in.text):
			return true
		case jumps:
			i = find(code, to)
			continue
		case in.text[0] == 'J', strings.HasPrefix(in.text, "CALL"), strings.HasPrefix(in.text, "RET"):
			return false
		}
		i++
	}
	return false
}

// move and counting are what the compiler makes of the copying or clearing of a large value.
var (
	move     = regexp.MustCompile(`^MOVUPS (.*, X14|X1[45], .*)$`)
	counting = regexp.MustCompile(`^(ADDQ|SUBQ|CMPQ|DEC[LQ]|INC[LQ]|LEAQ|NOP)`)
)

// moves reports whether the code from the target of a jump to the jump copies or clears a value.
func moves(code []instruction, to, jump int) bool {
	if to < 0 || to > jump {
		return false
	}
	found := false
	for _, in := range code[to:jump] {
		switch {
		case move.MatchString(in.text):
			found = true
		case !counting.MatchString(in.text):
			return false
		}
	}
	return found
}

// barrier reports whether the choice after code depends on the state of the garbage collector.
func barrier(code []instruction) bool {
	return len(code) > 0 && strings.HasPrefix(code[len(code)-1].text, "CMPL runtime.writeBarrier(SB)")
}

// assemblyFunctions reads the assembly of the packages, for all processors.
func assemblyFunctions(t *testing.T) []*function {
	var functions []*function
	for _, pkg := range slices.Concat(wholly, assembled) {
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pkg), "*.s"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			functions = append(functions, parseAssembly(pkg, string(data))...)
		}
	}
	return functions
}

var (
	text   = regexp.MustCompile(`^TEXT ·(\w+)\(SB\)`)
	number = regexp.MustCompile(`[0-9]+$`)
	// columns are those of a block, in the names of the functions of Kalyna.
	columns = regexp.MustCompile(`[248](AVX|ARM)`)
	// those of arm64 beside what is spelt as on amd64; no instruction in use there begins like them
	armBranch   = regexp.MustCompile(`^(B(EQ|NE|CS|CC|HS|LO|MI|PL|VS|VC|HI|LS|GE|LT|GT|LE)|CBN?ZW?|TBN?Z)$`)
	armIndexed  = regexp.MustCompile(`\(R[A-Z0-9]+\)\(R[0-9]+`)
	armDivision = regexp.MustCompile(`^[US]DIVW?$`)
)

func parseAssembly(pkg, source string) []*function {
	var functions []*function
	var f *function
	for s := range strings.Lines(source) {
		words := strings.Fields(s)
		switch m := text.FindStringSubmatch(s); {
		case m != nil:
			name := degrees.ReplaceAllString(m[1], "#")
			if pkg == "kalyna" {
				name = columns.ReplaceAllString(name, "#$1")
			}
			f = &function{name: pkg + "." + name, assembly: true}
			functions = append(functions, f)
		case len(words) < 2 || f == nil || s[0] != '\t':
		case words[0][0] == 'J' && words[0] != "JMP", armBranch.MatchString(words[0]):
			f.add("branch", words[0]+" "+number.ReplaceAllString(words[len(words)-1], "…"))
		case indexed.MatchString(s), armIndexed.MatchString(s):
			f.add("index", strings.Join(words, " "))
		case division.MatchString(words[0] + " "), armDivision.MatchString(words[0]):
			f.add("divide", strings.Join(words, " "))
		case words[0] == "CALL", words[0] == "BL":
			f.add("call", words[1])
		}
	}
	return functions
}
