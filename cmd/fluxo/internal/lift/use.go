package lift

// What a piece of code reads, sets, edits, does and risks.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A use is what one node's code does with variables and the world.
type use struct {
	l             *lifter
	in, out, edit []*Var
	must          []*Var // those of out that are set whenever the code runs
	effects       []graph.Effect
	exits         graph.Exits
	loops         int // between the code and the outermost loop that it leaves
	panics        bool
	points        []*Var   // whose address is kept
	derefs        []string // paths that are not nil once the code has run

	deferred bool // the code runs when the flow ends
	literals int  // function literals around the present place
	maybe    bool // the present place may not be reached
}

func (l *lifter) newUse() *use { return &use{l: l} }

func (u *use) read(v *Var) { u.in = with(u.in, v) }

func (u *use) set(v *Var) {
	u.out = with(u.out, v)
	if v.Object != nil && u.l.addressed[v.Object] {
		u.change(v, cell(v.Go)) // pointers to it see the change
	}
	if u.literals == 0 && !u.maybe {
		u.must = with(u.must, v)
	}
	for _, p := range v.Parts {
		u.set(p)
	}
}

// passed returns what the code reads, with those of the variables it sets that
// it may also leave as they were: their old values pass through. An unnamed
// result is not among them: only a return looks at it.
func (u *use) passed() []*Var {
	in := u.in
	for _, v := range u.out {
		if !slices.Contains(u.must, v) && !(v.Role == graph.Result && u.l.flow.vars[v.Object] == nil) {
			in = with(in[:len(in):len(in)], v)
		}
	}
	return in
}

// change notes that memory which v leads to is changed in place.
func (u *use) change(v *Var, memory *cells) {
	u.read(v)
	u.edit = with(u.edit, v)
	u.l.edits = append(u.l.edits, edit{v, memory})
	if v.Kind == graph.Identity || v.Object != nil && u.l.sharedWith(v.Object, memory, u.l.isIdentity) != nil {
		u.effects = unite(u.effects, []graph.Effect{{Class: graph.Opaque}})
	}
}

func with(list []*Var, v *Var) []*Var {
	if v == nil || slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// perhaps walks code that may not be reached.
func (u *use) perhaps(f func()) {
	was := u.maybe
	u.maybe = true
	f()
	u.maybe = was
}
