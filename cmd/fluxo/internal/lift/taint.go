package lift

// Taint: what an iteration computes from what an earlier one has set or edited,
// followed through the nodes of a loop's body.

import (
	"maps"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A taint is one look at a loop's body.
type taint struct {
	l       *lifter
	changed map[graph.VarID]bool // set or edited in the body, and seen by later iterations
	edited  []graph.VarID
	apart   map[*graph.Node]bool // the author runs it beside other iterations
	tainted map[graph.VarID]bool // at the present place
	guarded bool                 // something tainted has decided whether this place is reached
	reached bool                 // it has got to a step
}

// collect notes what the body sets and edits and a later iteration may see.
// inner counts the loops between b and the loop in question.
func (t *taint) collect(b *graph.Block, inner int) {
	if t.l.endsLoop(b, inner) {
		return
	}
	for _, n := range b.Nodes {
		for _, b := range n.Blocks {
			if n.Kind.IsLoop() {
				t.collect(b, inner+1)
			} else {
				t.collect(b, inner)
			}
		}
		if t.l.leavesLoop(n, inner) {
			continue
		}
		for _, id := range n.Out {
			t.changed[id] = true
		}
		for _, id := range t.editsOf(n) {
			t.edited = append(t.edited, id)
			for _, alias := range t.l.sharing(id) {
				t.changed[alias] = true
			}
		}
	}
}

// editsOf lists what n edits, without the context that a forked function ends for
// those beside it, which may happen at any time.
func (t *taint) editsOf(n *graph.Node) []graph.VarID {
	if !t.apart[n] {
		return n.Edit
	}
	return slices.DeleteFunc(slices.Clone(n.Edit), func(id graph.VarID) bool {
		return slices.ContainsFunc(t.l.inOrder(), func(v *Var) bool { return v.ID == id && v.Kind == graph.Context })
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
			t.exposed(b, maps.Clone(set))
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
			if v.ID == id || slices.ContainsFunc(v.Parts, func(p *Var) bool { return p.ID == id }) {
				return true
			}
		}
	}
	return false
}

// block follows the taint through b. all says that a tainted condition decides
// whether b runs: then all that it sets is tainted.
func (t *taint) block(b *graph.Block, all bool) {
	for _, n := range b.Nodes {
		dirty := all || t.reads(n)
		isStep := n.Kind == graph.Step || n.Kind == graph.Call || n.Kind == graph.Fresh
		if isStep && (dirty || t.guarded) || dirty && holdsStep(n) {
			t.reached = true
		}
		t.sets(n, dirty)
		switch {
		case n.Kind == graph.Branch:
			t.branch(n, dirty)
		case n.Kind.IsLoop():
			for before := -1; before != len(t.tainted); {
				before = len(t.tainted)
				t.branch(n, dirty)
			}
		}
		if exitsInside(n) && t.decides(n) {
			t.guarded = true
		}
	}
}

// sets taints what n sets and edits if dirty, and clears what it sets for sure if not.
func (t *taint) sets(n *graph.Node, dirty bool) {
	if !dirty {
		for _, v := range t.l.must[n] {
			delete(t.tainted, v.ID)
		}
		return
	}
	for _, id := range n.Out {
		t.tainted[id] = true
	}
	for _, id := range t.editsOf(n) {
		for _, alias := range t.l.sharing(id) {
			t.tainted[alias] = true
		}
	}
}

// branch follows the taint through each of n's blocks; behind them, what is
// tainted after one of them is, and what was before if none may run.
func (t *taint) branch(n *graph.Node, all bool) {
	before := t.tainted
	after := maps.Clone(before)
	for _, b := range n.Blocks {
		t.tainted = maps.Clone(before)
		t.block(b, all)
		for id := range t.tainted {
			after[id] = true
		}
	}
	t.tainted = after
}

func (t *taint) reads(n *graph.Node) bool {
	return slices.ContainsFunc(n.In, func(id graph.VarID) bool { return t.tainted[id] })
}

// decides reports whether a tainted variable decides if n leaves its block.
func (t *taint) decides(n *graph.Node) bool {
	guard := t.l.guards[n]
	if guard == nil {
		return t.reads(n)
	}
	return slices.ContainsFunc(guard, func(v *Var) bool { return t.tainted[v.ID] })
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
