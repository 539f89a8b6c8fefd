package lift

// Each or fold: whether a loop's iterations depend on each other otherwise
// than through accumulators.
//
// A variable from outside is carried if an iteration may read what an earlier
// one has set. Whatever is computed from a carried variable is tainted. The
// loop is a fold if anything tainted reaches a step's arguments, a condition
// that guards a step, or the loop's own operand.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
)

// settleKind makes n each or fold, and names it so.
func (l *lifter) settleKind(n *graph.Node, inside *Scope) {
	n.Kind = graph.Each
	if l.isFold(n, inside) {
		n.Kind = graph.Fold
		if base := l.bases[n]; len(base) > 4 && base[:4] == "each" {
			l.bases[n] = "fold" + base[4:]
		} else if base == "each" {
			l.bases[n] = "fold"
		}
	}
}

func (l *lifter) isFold(n *graph.Node, inside *Scope) bool {
	t := &taint{l: l, changed: map[graph.VarID]bool{}, tainted: map[graph.VarID]bool{}}
	t.collect(n.Blocks[0])
	for _, id := range n.In {
		if t.edits(id) || t.changed[id] && l.looksAgain(n) {
			return true
		}
	}
	if f, ok := l.flow.Code[n].(*For); ok && (f.Inside || t.changesAny(f.Vars) || len(f.Vars) == 0) {
		return true
	}
	t.exposed(n.Blocks[0], map[graph.VarID]bool{})
	for before := -1; before != len(t.tainted); {
		before = len(t.tainted)
		t.spread(n.Blocks[0], false)
	}
	return t.reachesStep(n.Blocks[0], new(bool))
}

// looksAgain reports whether a loop's head looks at its variables, and not only
// at memory that they lead to, before each iteration.
func (l *lifter) looksAgain(n *graph.Node) bool {
	switch c := l.flow.Code[n].(type) {
	case *For:
		return true
	case *Range:
		return isPointer(l.info.TypeOf(c.Stmt.X))
	}
	return false
}

type taint struct {
	l       *lifter
	changed map[graph.VarID]bool // set or edited in the body
	edited  []graph.VarID
	tainted map[graph.VarID]bool
}

// collect notes what the body sets and edits.
func (t *taint) collect(b *graph.Block) {
	eachNode(b, func(n *graph.Node) {
		for _, id := range n.Out {
			t.changed[id] = true
		}
		for _, id := range n.Edit {
			t.edited = append(t.edited, id)
			for _, alias := range t.l.sharing(id) {
				t.changed[alias] = true
			}
		}
	})
}

// edits reports whether the body edits what id leads to.
func (t *taint) edits(id graph.VarID) bool {
	return slices.ContainsFunc(t.edited, func(e graph.VarID) bool {
		return slices.Contains(t.l.sharing(e), id)
	})
}

func (t *taint) changesAny(vars []*Var) bool {
	return slices.ContainsFunc(vars, func(v *Var) bool { return v != nil && t.changed[v.ID] })
}

// exposed taints what an iteration may read before it has set it.
func (t *taint) exposed(b *graph.Block, set map[graph.VarID]bool) {
	for _, n := range b.Nodes {
		for _, id := range n.In {
			if t.changed[id] && !set[id] && t.outside(id) {
				t.tainted[id] = true
			}
		}
		for _, b := range n.Blocks {
			inner := make(map[graph.VarID]bool, len(set))
			for id := range set {
				inner[id] = true
			}
			t.exposed(b, inner)
		}
		for _, v := range t.l.must[n] {
			set[v.ID] = true
		}
	}
}

// outside reports whether id outlives an iteration: the innermost scope being
// lifted is the one around the loop.
func (t *taint) outside(id graph.VarID) bool {
	for s := t.l.scope; s != nil; s = s.Up {
		for _, v := range s.Vars {
			if v.ID == id {
				return true
			}
		}
	}
	return false
}

// spread taints what is computed from tainted variables; all that is set in a
// block whose branch or loop is.
func (t *taint) spread(b *graph.Block, all bool) {
	for _, n := range b.Nodes {
		dirty := all || t.reads(n)
		if dirty {
			for _, id := range n.Out {
				t.tainted[id] = true
			}
			for _, id := range n.Edit {
				for _, alias := range t.l.sharing(id) {
					t.tainted[alias] = true
				}
			}
		}
		for _, b := range n.Blocks {
			t.spread(b, dirty)
		}
	}
}

func (t *taint) reads(n *graph.Node) bool {
	return slices.ContainsFunc(n.In, func(id graph.VarID) bool { return t.tainted[id] })
}

// reachesStep reports whether a tainted variable reaches a step or guards one.
// guarded is set once a tainted exit has been passed.
func (t *taint) reachesStep(b *graph.Block, guarded *bool) bool {
	for _, n := range b.Nodes {
		switch n.Kind {
		case graph.Step, graph.Call, graph.Fresh:
			if *guarded || t.reads(n) {
				return true
			}
		case graph.Branch, graph.Each, graph.Fold:
			if t.reads(n) && holdsStep(n) {
				return true
			}
		}
		for _, b := range n.Blocks {
			if t.reachesStep(b, guarded) {
				return true
			}
		}
		if t.reads(n) && exitsInside(n) {
			*guarded = true
		}
	}
	return false
}

func holdsStep(n *graph.Node) bool {
	found := false
	for _, b := range n.Blocks {
		eachNode(b, func(n *graph.Node) {
			found = found || n.Kind == graph.Step || n.Kind == graph.Call || n.Kind == graph.Fresh
		})
	}
	return found
}

func exitsInside(n *graph.Node) bool {
	found := false
	eachNode(&graph.Block{Nodes: []*graph.Node{n}}, func(n *graph.Node) { found = found || n.Exits != 0 })
	return found
}

// sharing returns the variables that an edit of id may change, itself included.
func (l *lifter) sharing(id graph.VarID) []graph.VarID {
	all := []graph.VarID{id}
	for _, e := range l.edits {
		if e.v.ID == id {
			for _, v := range l.affected(e) {
				if !slices.Contains(all, v.ID) {
					all = append(all, v.ID)
				}
			}
		}
	}
	return all
}
