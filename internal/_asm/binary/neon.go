package main

import (
	"fmt"
	"slices"
	"strings"
)

// neon collects the code of one function for arm64. Formulas name as many values as they like:
// the end of the function puts them into the registers V0 to V31, and those for which there is no
// room into the frame. A value is written once. Pinned values are variables with a register of
// their own, for what goes round a loop.
type neon struct {
	f     *field
	c     constants
	code  []op
	born  []int          // where each value is made
	home  map[val]string // the memory that has a value, for values that memory has
	pins  map[val]int
	frame int // slots of 16 bytes
	known map[string]val
}

type val int

// none is the result of instructions without one.
const none val = -1

// op is an instruction. In its text {d} is the result, {0}, {1} … are the operands.
type op struct {
	text  string
	dst   val
	src   []val
	tied  bool   // the first operand is overwritten by the result
	store string // the memory written
	label bool
	back  string // the label jumped back to
}

func (n *neon) emit(o op) {
	n.code = append(n.code, o)
}

// raw adds an instruction without vectors.
func (n *neon) raw(format string, args ...any) {
	n.emit(op{text: fmt.Sprintf(format, args...), dst: none})
}

// make adds an instruction with a result. The same operation on the same values is done once.
func (n *neon) make(text string, tied bool, src ...val) val {
	key := fmt.Sprint(text, src)
	if v, ok := n.known[key]; ok {
		return v
	}
	v := n.value()
	n.emit(op{text: text, dst: v, src: src, tied: tied})
	if !slices.ContainsFunc(src, func(s val) bool { _, ok := n.pins[s]; return ok }) {
		n.known[key] = v
	}
	return v
}

func (n *neon) value() val {
	n.born = append(n.born, len(n.code))
	return val(len(n.born) - 1)
}

// load returns the 16 bytes at an address. They are read where they are used first, and again
// where that is cheaper than to keep them.
func (n *neon) load(mem string) val {
	v := n.value()
	n.home[v] = mem
	return v
}

// load8 returns the 8 bytes at an address and 8 zeros.
func (n *neon) load8(mem string) val { return n.fresh("FMOVD " + mem + ", {Fd}") }

// fresh adds an instruction whose result comes from elsewhere than from vectors.
func (n *neon) fresh(text string) val {
	v := n.value()
	n.emit(op{text: text, dst: v})
	return v
}

func (n *neon) store(v val, mem string) {
	n.emit(op{text: "FMOVQ {F0}, " + mem, dst: none, src: []val{v}, store: mem})
}

func (n *neon) store8(v val, mem string) {
	n.emit(op{text: "FMOVD {F0}, " + mem, dst: none, src: []val{v}})
}

// slot reserves 16 bytes of the frame, which lie at a multiple of 16.
func (n *neon) slot() string {
	n.frame++
	return fmt.Sprintf("%d(RSP)", 16*n.frame)
}

func (n *neon) pin() val {
	v := n.value()
	n.pins[v] = 31 - len(n.pins)
	return v
}

func (n *neon) set(pin, v val) {
	if mem, ok := n.home[v]; ok {
		n.emit(op{text: "FMOVQ " + mem + ", {Fd}", dst: pin})
		return
	}
	n.emit(op{text: "VMOV {0}.B16, {d}.B16", dst: pin, src: []val{v}})
}

// fix returns a pinned copy, for constants of a loop.
func (n *neon) fix(v val) val {
	p := n.pin()
	n.set(p, v)
	return p
}

func (n *neon) label(name string) {
	n.emit(op{text: name + ":", dst: none, label: true})
	n.known = map[string]val{}
}

// loop jumps back while the register, counted down, is not zero.
func (n *neon) loop(reg, label string) {
	n.raw("SUBS $1, %s", reg)
	n.emit(op{text: "BNE " + label, dst: none, back: label})
	n.known = map[string]val{}
}

func (n *neon) xor(a, b val) val { return n.make("VEOR {1}.B16, {0}.B16, {d}.B16", false, a, b) }
func (n *neon) and(a, b val) val { return n.make("VAND {1}.B16, {0}.B16, {d}.B16", false, a, b) }

// low and high multiply the low and the high words.
func (n *neon) low(a, b val) val  { return n.make("VPMULL {1}.D1, {0}.D1, {d}.Q1", false, a, b) }
func (n *neon) high(a, b val) val { return n.make("VPMULL2 {1}.D2, {0}.D2, {d}.Q1", false, a, b) }

// ext returns the high word of a and the low word of b.
func (n *neon) ext(a, b val) val { return n.make("VEXT $8, {1}.B16, {0}.B16, {d}.B16", false, a, b) }

func (n *neon) swap(a val) val { return n.ext(a, a) }

// dup returns the low word of a, twice.
func (n *neon) dup(a val) val { return n.make("VDUP {0}.D[0], {d}.D2", false, a) }

func (n *neon) shr(k int, a val) val {
	return n.make(fmt.Sprintf("VUSHR $%d, {0}.D2, {d}.D2", k), false, a)
}

// insert returns the words of a, with those of b shifted left in place of all but the lowest k
// bits.
func (n *neon) insert(k int, a, b val) val {
	return n.make(fmt.Sprintf("VSLI $%d, {1}.D2, {d}.D2", k), true, a, b)
}

// test returns all ones for each word of a that has a bit of b.
func (n *neon) test(a, b val) val { return n.make("VCMTST {1}.D2, {0}.D2, {d}.D2", false, a, b) }

// choose returns the bits of b under the mask and those of a elsewhere.
func (n *neon) choose(mask, a, b val) val {
	return n.make("VBIT {2}.B16, {1}.B16, {d}.B16", true, a, b, mask)
}

// sum adds up, with few steps one after the other.
func (n *neon) sum(terms ...val) val {
	for len(terms) > 1 {
		terms = append(slices.Clone(terms[2:]), n.xor(terms[0], terms[1]))
	}
	return terms[0]
}

// registers is the pass that assigns them.
type registers struct {
	*neon
	uses  [][]int // positions, ascending
	fixed map[val]int
	where map[val]int // the register of a value
	holds [32]val
	spare []string       // free slots of spilled values
	own   map[val]string // the slot of a spilled value
	text  strings.Builder
	lines int
}

// assemble returns the lines of the function.
func (n *neon) assemble() string {
	n.drop()
	r := &registers{neon: n, fixed: map[val]int{}, where: map[val]int{}, own: map[val]string{}}
	for i := range r.holds {
		r.holds[i] = none
	}
	skip := r.joinPins()
	r.findUses()
	for p, o := range n.code {
		if !skip[p] {
			r.step(p, o)
		}
	}
	return r.text.String()
}

// drop removes instructions without use.
func (n *neon) drop() {
	used := map[val]bool{}
	for i := len(n.code) - 1; i >= 0; i-- {
		o := &n.code[i]
		if _, pinned := n.pins[o.dst]; o.dst != none && !pinned && !used[o.dst] {
			*o = op{dst: none}
			continue
		}
		for _, s := range o.src {
			used[s] = true
		}
	}
}

// joinPins finds values that are made only to be moved into a pinned register and can be made
// there. It returns the moves that this saves.
func (r *registers) joinPins() map[int]bool {
	skip := map[int]bool{}
	count := map[val]int{}
	for _, o := range r.code {
		for _, s := range o.src {
			count[s]++
		}
	}
	for p, o := range r.code {
		reg, pinned := r.pins[o.dst]
		if !pinned || !strings.HasPrefix(o.text, "VMOV") || count[o.src[0]] != 1 {
			continue
		}
		for i := p - 1; i >= 0; i-- {
			c := r.code[i]
			if c.dst == o.src[0] {
				if !c.tied || !slices.Contains(c.src[1:], o.dst) {
					r.fixed[c.dst], skip[p] = reg, true
				}
				break
			}
			if c.dst == o.dst || slices.Contains(c.src, o.dst) || c.label || c.back != "" {
				break
			}
		}
	}
	return skip
}

// findUses lists the uses of each value. One that comes into a loop is used at its end.
func (r *registers) findUses() {
	r.uses = make([][]int, len(r.born))
	open := map[string]int{}
	for p, o := range r.code {
		if o.label {
			open[strings.TrimSuffix(o.text, ":")] = p
		}
		for _, s := range o.src {
			r.uses[s] = append(r.uses[s], p)
		}
		if o.back == "" {
			continue
		}
		start := open[o.back]
		for v := range r.uses {
			if u := r.uses[v]; r.born[v] < start && len(u) > 0 && u[len(u)-1] > start {
				r.uses[v] = append(u, p)
			}
		}
	}
}

// next returns the position of the next use after p, or a distant one.
func (r *registers) next(v val, p int) int {
	for _, u := range r.uses[v] {
		if u > p {
			return u
		}
	}
	return 1 << 30
}

func (r *registers) line(o op, names map[string]string) {
	if o.text == "" {
		return
	}
	s := o.text
	for k, v := range names {
		s = strings.ReplaceAll(s, k, v)
	}
	if o.label {
		fmt.Fprintf(&r.text, "\n%s\n", s)
		return
	}
	r.lines++
	name, args, _ := strings.Cut(s, " ")
	fmt.Fprintf(&r.text, "\t%-8s %s\n", name, args)
}

func (r *registers) step(p int, o op) {
	if o.label {
		for reg, v := range r.holds {
			if v != none && r.next(v, p) < 1<<30 {
				r.save(v)
			}
			r.holds[reg] = none
		}
		clear(r.where)
	}
	busy := map[int]bool{}
	for _, s := range o.src {
		busy[r.fetch(s, p, busy)] = true
	}
	if o.store != "" {
		r.overwrite(o, p, busy)
	}
	names := map[string]string{}
	for i, s := range o.src {
		reg := r.register(s)
		names[fmt.Sprintf("{%d}", i)] = fmt.Sprint("V", reg)
		names[fmt.Sprintf("{F%d}", i)] = fmt.Sprint("F", reg)
	}
	if o.dst != none {
		reg := r.result(p, o, busy)
		names["{d}"], names["{Fd}"] = fmt.Sprint("V", reg), fmt.Sprint("F", reg)
	} else {
		r.release(p, o.src)
	}
	r.line(o, names)
}

// register returns the register of a value that is in one.
func (r *registers) register(v val) int {
	if reg, ok := r.pins[v]; ok {
		return reg
	}
	if reg, ok := r.fixed[v]; ok {
		return reg
	}
	return r.where[v]
}

// fetch brings a value into a register.
func (r *registers) fetch(v val, p int, busy map[int]bool) int {
	_, pinned := r.pins[v]
	_, fixed := r.fixed[v]
	_, there := r.where[v]
	if pinned || fixed || there {
		return r.register(v)
	}
	if r.home[v] == "" {
		panic(fmt.Sprintf("value %d is used but not made", v))
	}
	reg := r.free(p, busy)
	r.holds[reg], r.where[v] = v, reg
	r.line(op{text: fmt.Sprintf("FMOVQ %s, F%d", r.home[v], reg)}, nil)
	return reg
}

// free returns a register, if need be of the value that is used last of all.
func (r *registers) free(p int, busy map[int]bool) int {
	best, far := -1, -1
	for reg := range 32 - len(r.pins) {
		if busy[reg] {
			continue
		}
		v := r.holds[reg]
		if v == none {
			return reg
		}
		d := r.next(v, p-1)
		if r.home[v] != "" {
			d += 8 // it need not be stored
		}
		if d > far {
			best, far = reg, d
		}
	}
	v := r.holds[best]
	if r.next(v, p-1) < 1<<30 {
		r.save(v)
	}
	delete(r.where, v)
	r.holds[best] = none
	return best
}

// save makes sure that memory has a value.
func (r *registers) save(v val) {
	if r.home[v] != "" {
		return
	}
	if len(r.spare) == 0 {
		r.spare = append(r.spare, r.slot())
	}
	last := len(r.spare) - 1
	r.home[v], r.own[v] = r.spare[last], r.spare[last]
	r.spare = r.spare[:last]
	r.line(op{text: fmt.Sprintf("FMOVQ F%d, %s", r.where[v], r.home[v])}, nil)
}

// overwrite keeps what is still used of memory that the instruction writes.
func (r *registers) overwrite(o op, p int, busy map[int]bool) {
	for v := range val(len(r.born)) {
		if r.home[v] == o.store && v != o.src[0] && r.born[v] <= p && r.next(v, p) < 1<<30 {
			busy[r.fetch(v, p, busy)] = true
			delete(r.home, v)
		}
	}
}

// release gives up the registers and slots of values that are not used after p.
func (r *registers) release(p int, src []val) {
	for _, s := range src {
		reg, ok := r.where[s]
		if !ok || r.next(s, p) < 1<<30 {
			continue
		}
		delete(r.where, s)
		r.holds[reg] = none
		if mem, ok := r.own[s]; ok {
			r.spare = append(r.spare, mem)
			delete(r.own, s)
		}
	}
}

// result returns the register of the result, after the first operand is moved into it where the
// instruction needs that.
func (r *registers) result(p int, o op, busy map[int]bool) int {
	reg, given := r.pins[o.dst]
	if f, ok := r.fixed[o.dst]; ok {
		reg, given = f, true
	}
	take := func() int {
		if given {
			return reg
		}
		reg := r.free(p, busy)
		r.holds[reg], r.where[o.dst] = o.dst, reg
		return reg
	}
	if !o.tied {
		r.release(p, o.src)
		for reg := range busy {
			busy[reg] = r.holds[reg] != none
		}
		return take()
	}
	first := r.register(o.src[0])
	_, movable := r.where[o.src[0]]
	if movable && !given && r.next(o.src[0], p) == 1<<30 && !slices.Contains(o.src[1:], o.src[0]) {
		r.release(p, o.src)
		r.holds[first], r.where[o.dst] = o.dst, first
		return first
	}
	to := take()
	if to != first {
		r.line(op{text: fmt.Sprintf("VMOV V%d.B16, V%d.B16", first, to)}, nil)
	}
	r.release(p, o.src)
	return to
}
