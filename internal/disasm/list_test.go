package disasm

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// list is functions.txt. Its lines are
//
//	go VERSION
//	reason NAME TEXT           what may stand as a reason
//	anywhere KIND REASON WHAT  what may be found in any function on secrets
//	call FUNCTION…             which functions outside the list may be called
//	public FUNCTION…           functions of the packages that see no secrets, or compute public tables
//	func COUNT FUNCTION        a function on secrets; COUNT stand for #, the degree of the field or the
//	                           number of columns
//		KIND COUNT REASON WHAT   what may be found in it, so often
type list struct {
	goVersion string
	reasons   map[string]bool // used?
	calls     map[string]bool
	public    map[string]bool
	functions map[string]*entry
	anywhere  map[finding]bool
}

type entry struct {
	want, got int
	allowed   map[finding]*allowance
}

type allowance struct {
	count, most int
}

func readList(t *testing.T) *list {
	data, err := os.ReadFile("functions.txt")
	if err != nil {
		t.Fatal(err)
	}
	l, err := parseList(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func parseList(text string) (*list, error) {
	l := &list{"", map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]*entry{}, map[finding]bool{}}
	var last *entry
	at := 0
	for s := range strings.Lines(text) {
		at++
		words := strings.Fields(s)
		bad := func() (*list, error) { return nil, fmt.Errorf("functions.txt:%d: %q", at, s) }
		switch {
		case len(words) == 0 || words[0][0] == '#':
		case len(words) < 2:
			return bad()
		case s[0] == '\t':
			n, err := strconv.Atoi(words[1])
			if len(words) < 4 || err != nil || n < 1 || last == nil {
				return bad()
			}
			if _, ok := l.reasons[words[2]]; !ok {
				return bad()
			}
			l.reasons[words[2]] = true
			last.allowed[finding{words[0], strings.Join(words[3:], " ")}] = &allowance{count: n}
		case words[0] == "go":
			l.goVersion = words[1]
		case words[0] == "reason":
			l.reasons[words[1]] = false
		case words[0] == "anywhere" && len(words) > 3:
			if _, ok := l.reasons[words[2]]; !ok {
				return bad()
			}
			l.reasons[words[2]] = true
			l.anywhere[finding{words[1], strings.Join(words[3:], " ")}] = false
		case words[0] == "call" || words[0] == "public":
			for _, name := range words[1:] {
				map[string]map[string]bool{"call": l.calls, "public": l.public}[words[0]][name] = false
			}
		case words[0] == "func" && len(words) == 3:
			n, err := strconv.Atoi(words[1])
			if err != nil || n < 1 {
				return bad()
			}
			last = &entry{want: n, allowed: map[finding]*allowance{}}
			l.functions[words[2]] = last
		default:
			return bad()
		}
	}
	return l, nil
}

// check compares what was found in a function with what the list allows.
func (l *list) check(f *function) (problems []string) {
	e, ok := l.functions[f.name]
	if !ok {
		pkg, _, _ := strings.Cut(path.Base(f.name), ".")
		pkg = path.Join(path.Dir(f.name), pkg)
		if _, ok := l.public[f.name]; ok {
			l.public[f.name] = true
		} else if f.assembly || slices.Contains(wholly, pkg) {
			problems = append(problems, "not on the list: "+f.name)
		}
		return problems
	}
	e.got++
	counts := map[finding]int{}
	for _, x := range f.findings {
		x.what = strings.Join(strings.Fields(x.what), " ")
		if x.kind == "call" {
			if l.functions[strings.TrimSuffix(x.what, ".abi0")] != nil {
				continue
			}
			if _, ok := l.calls[x.what]; ok {
				l.calls[x.what] = true
				continue
			}
		}
		if _, ok := l.anywhere[x]; ok {
			l.anywhere[x] = true
			continue
		}
		counts[x]++
	}
	for x, n := range counts {
		a := e.allowed[x]
		if a == nil || a.count < n {
			problems = append(problems, fmt.Sprintf("%s has\n\t%s %d ? %s", f.name, x.kind, n, x.what))
			continue
		}
		a.most = max(a.most, n)
	}
	return problems
}

// complete wants everything on the list to have been found.
func (l *list) complete() (problems []string) {
	bad := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	for name, e := range l.functions {
		if e.got != e.want {
			bad("%s: %d functions in the program, not %d", name, e.got, e.want)
			continue
		}
		for x, a := range e.allowed {
			if a.most != a.count {
				bad("%s: %d, not %d of\n\t%s %s", name, a.most, a.count, x.kind, x.what)
			}
		}
	}
	for x, used := range l.anywhere {
		if !used {
			bad("anywhere %s %s is not needed", x.kind, x.what)
		}
	}
	for what, names := range map[string]map[string]bool{"reason": l.reasons, "call": l.calls, "public": l.public} {
		for name, used := range names {
			if !used {
				bad("%s %s is not needed", what, name)
			}
		}
	}
	slices.Sort(problems)
	return problems
}
