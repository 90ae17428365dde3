package disasm

import (
	"slices"
	"strings"
	"testing"
)

const listing = `TEXT github.com/ukrcrypto/dstu/internal/modn.f257(SB) /src/f.go
func f257(x *[4]uint64, i int) {
  0x100		493b6610		CMPQ SP, 0x10(R14)
  0x104		7630			JBE 0x200
	for range 257 {
  0x108		90			NOPL 0(AX)(AX*1)
  0x10a		75f0			JNE 0x108
	var large [100]uint64
  0x10c		440f113b		MOVUPS X15, 0(BX)(CX*1)
  0x110		ffca			DECL DX
  0x112		75e5			JNE 0x10c
	y := x[i]
  0x114		83f904			CMPQ CX, $0x4
  0x118		7310			JAE 0x220
  0x11a		488b04c8		MOVQ 0(AX)(CX*8), AX
	if y == 0 {
  0x11e		7505			JNE 0x130
	y *= 3
  0x120		488d0440		LEAQ 0(AX)(AX*2), AX
	y %= n
  0x124		48f7f1			DIVQ CX
	g(y)
  0x128		e800000000		CALL github.com/ukrcrypto/dstu/internal/modn.g(SB)
  0x12c		e800000000		CALL runtime.memequal(SB)
	p.next = q
  0x130		833d00			CMPL runtime.writeBarrier(SB), $0x0
  0x134		7502			JNE 0x136
  0x136		c3			RET
  0x200		e800000000		CALL runtime.morestack_noctxt.abi0(SB)
  0x210		ebee			JMP 0x100
  0x220		eb06			JMP 0x228
  0x228		e800000000		CALL runtime.panicBounds(SB)
	h.Sum(y)
  0x22c		ffd0			CALL AX
  0x22e		ff10			CALL 0(AX)
  0x22f		ffe1			JMP CX
  0x230		62			?
`

func TestAnalysis(t *testing.T) {
	got := parse(listing)
	want := []finding{
		{"branch", "for range … {"},
		{"index", "y := x[i]"},
		{"branch", "if y == 0 {"},
		{"divide", "y %= n"},
		{"call", "internal/modn.g"},
		{"call", "runtime.memequal"},
		{"indirect", "h.Sum(y)"},
		{"indirect", "h.Sum(y)"},
		{"indirect", "h.Sum(y)"},
		{"unknown", "h.Sum(y)"},
	}
	if len(got) != 1 || got[0].name != "internal/modn.f#" || !slices.Equal(got[0].findings, want) {
		t.Errorf("%+v", got)
	}
}

func TestAssemblyAnalysis(t *testing.T) {
	got := parseAssembly("internal/gf2m", `
// func f163(x *uint64)
TEXT ·f163AVX2(SB), $0-8
	MOVQ x+0(FP), AX

step12:
	MOVQ   (AX)(CX*8), DX
	VPXOR  (AX), X0, X0
	JNZ    step12
	JMP    done
	IDIVQ  DX
	CALL   ·other(SB)

done:
	RET

TEXT ·f163ARM64(SB), $0-8
	MOVD     x+0(FP), R0
	FMOVQ    16(R0), F1
	MOVD     (R4)(R7<<3), R7
	MOVD     (R4)(R7), R7
	VMOV     V1.B16, V2.B16
	SUBS     $1, R5
	BNE      step1
	TBNZ     $3, R5, step2
	UDIV     R1, R2
	BL       ·other(SB)
	RET
`)
	arm := []finding{
		{"index", "MOVD (R4)(R7<<3), R7"}, {"index", "MOVD (R4)(R7), R7"}, {"branch", "BNE step…"},
		{"branch", "TBNZ step…"}, {"divide", "UDIV R1, R2"}, {"call", "·other(SB)"},
	}
	want := []finding{
		{"index", "MOVQ (AX)(CX*8), DX"}, {"branch", "JNZ step…"}, {"divide", "IDIVQ DX"}, {"call", "·other(SB)"},
	}
	if len(got) != 2 || got[0].name != "internal/gf2m.f#AVX2" || !slices.Equal(got[0].findings, want) ||
		got[1].name != "internal/gf2m.f#ARM64" || !slices.Equal(got[1].findings, arm) {
		t.Errorf("%+v", got)
	}
	for name, want := range map[string]string{
		"encrypt4AVX512": "kalyna.encrypt#AVX512", "hash8ARM64": "kalyna.hash#ARM64", "invertAVX512": "kalyna.invertAVX512",
	} {
		f := parseAssembly("kalyna", "TEXT ·"+name+"(SB), $0-8\n")
		if len(f) != 1 || f[0].name != want || !f[0].assembly {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

const example = `go go1.26
reason loop public bounds
call runtime.memequal
public internal/modn.init
anywhere branch loop for range … {
func 1 internal/modn.g
func 1 internal/modn.f#
	branch 1 loop if y == 0 {
	divide 1 loop y %= n
	index 1 loop y := x[i]
	indirect 3 loop h.Sum(y)
	unknown 1 loop h.Sum(y)
`

func TestList(t *testing.T) {
	g := &function{name: "internal/modn.g"}
	start := &function{name: "internal/modn.init"}
	f := func() *function { return parse(listing)[0] }
	twice := f()
	twice.findings = append(twice.findings, finding{"branch", "if y == 0 {"})
	other := f()
	other.findings = append(other.findings, finding{"branch", "if secret {"})
	for _, c := range []struct {
		name      string
		list      string
		functions []*function
		problem   string // "" for none
	}{
		{"all fits", example, []*function{g, start, f()}, ""},
		{"function not in the list", example, []*function{g, start, f(), {name: "internal/modn.h"}}, "not on the list: internal/modn.h"},
		{"function of another package", example, []*function{g, start, f(), {name: "cms.h"}}, ""},
		{"assembly of another package", example, []*function{g, start, f(), {name: "cms.h", assembly: true}}, "not on the list: cms.h"},
		{"function that vanished", example, []*function{start, f()}, "internal/modn.g: 0 functions"},
		{"one function more", example, []*function{g, g, start, f()}, "internal/modn.g: 2 functions"},
		{"the same branch again", example, []*function{g, start, twice}, "branch 2 ? if y == 0 {"},
		{"another branch", example, []*function{g, start, other}, "branch 1 ? if secret {"},
		{"call", strings.Replace(example, "memequal", "other", 1), []*function{g, start, f()}, "call 1 ? runtime.memequal"},
		{"branch that vanished", example + "\tbranch 1 loop if x {\n", []*function{g, start, f()}, "0, not 1 of\n\tbranch if x {"},
		{"public function that vanished", example, []*function{g, f()}, "public internal/modn.init is not needed"},
	} {
		l, err := parseList(c.list)
		if err != nil {
			t.Fatal(err)
		}
		var problems []string
		for _, f := range c.functions {
			problems = append(problems, l.check(f)...)
		}
		problems = append(problems, l.complete()...)
		if all := strings.Join(problems, "\n"); (c.problem == "") != (all == "") || !strings.Contains(all, c.problem) {
			t.Errorf("%s: %q", c.name, problems)
		}
	}
}

func TestListSyntax(t *testing.T) {
	for _, text := range []string{
		"go", "what is this", "func internal/modn.f", "func 0 f", "func x f",
		"\tbranch 1 loop x", "reason r\nfunc 1 f\n\tbranch 1 s x", "reason r\nfunc 1 f\n\tbranch r x", "anywhere branch r x",
	} {
		if _, err := parseList(text + "\n"); err == nil {
			t.Errorf("%q passes", text)
		}
	}
}
