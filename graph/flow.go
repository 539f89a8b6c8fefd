package graph

// What enters a run of nodes: definite assignment over the structured form.

import (
	"maps"
	"slices"
)

// A varSet is a set of variables. Absent ones must not be stored as false.
type varSet map[VarID]bool

func (s varSet) add(ids []VarID) {
	for _, id := range ids {
		s[id] = true
	}
}

func (s varSet) remove(ids []VarID) {
	for _, id := range ids {
		delete(s, id)
	}
}

// Inputs lists the variables that nodes, a run of siblings, may read before they
// have surely set them: what must be equal for the run to do the same again.
// Contexts are among them, told apart by their kind; variables of loops inside
// are not. The order is that of the graph's variables.
func Inputs(g *Graph, nodes []*Node) []VarID {
	in := &entering{g: g, found: varSet{}}
	return in.all(nodes)
}

type entering struct {
	g       *Graph
	found   varSet
	kept    bool    // departures are left out,
	departs []*Node // and noted
}

func (in *entering) all(nodes []*Node) []VarID {
	in.run(nodes, varSet{})
	inner := loopsIn(nodes)
	return Wholes(in.g, in.g.inOrder(func(v *Var) bool { return in.found[v.ID] && !inner[v.Scope] }))
}

// loopsIn returns the loops among nodes and in their blocks.
func loopsIn(nodes []*Node) map[NodeID]bool {
	loops := map[NodeID]bool{}
	for n := range Within(nodes...) {
		if n.Kind.IsLoop() {
			loops[n.ID] = true
		}
	}
	return loops
}

// run goes over nodes of one block with the variables surely set so far, which
// it changes, and returns those at its end; nil if the end is never reached.
func (in *entering) run(nodes []*Node, set varSet) varSet {
	for _, n := range nodes {
		if in.isDeparture(n, set) {
			in.departs = append(in.departs, n)
			continue
		}
		in.read(n.In, set)
		switch {
		case n.Kind == Branch:
			set = in.branch(n, set)
		case n.Kind.IsLoop():
			body := maps.Clone(set)
			body.add(n.Out)
			in.run(n.Blocks[0].Nodes, body) // it may never run: set stays
		case n.Kind.wraps():
			set = in.run(n.Blocks[0].Nodes, set)
		case !fallsThrough(n):
			set = nil
		case n.Kind != Fail:
			set.add(in.g.surelySets(n))
		}
		if set == nil {
			return nil
		}
	}
	return set
}

func (in *entering) read(ids []VarID, set varSet) {
	for _, id := range ids {
		if !set[id] {
			in.found[id] = true
		}
	}
}

// branch returns what every block that reaches the end of the branch has set.
func (in *entering) branch(n *Node, set varSet) varSet {
	set.add(n.Out)
	var ends []varSet
	if !n.Total {
		ends = append(ends, set)
	}
	for _, b := range n.Blocks {
		if end := in.run(b.Nodes, maps.Clone(set)); end != nil {
			ends = append(ends, end)
		}
	}
	if len(ends) == 0 {
		return nil
	}
	all := maps.Clone(ends[0])
	for _, end := range ends[1:] {
		maps.DeleteFunc(all, func(id VarID, _ bool) bool { return !end[id] })
	}
	return all
}

// surelySets lists what n has set when the walk goes on to the next node. A
// node that may exit sets results before it does, and then only.
func (g *Graph) surelySets(n *Node) []VarID {
	if n.Exits == 0 {
		return n.Out
	}
	return slices.DeleteFunc(clone(n.Out), func(id VarID) bool {
		v := g.Var(id)
		return v != nil && v.Role == Result
	})
}

// fallsThrough reports whether the walk may go on to the node after n. Glue
// that always exits is not told apart from glue that may.
func fallsThrough(n *Node) bool { return n.Kind != ResultNode }
