package engine

// The variables that cross the edge of a part of a graph, and how to reach them
// from a frame.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A ref is a variable as seen from the frame of a scope.
type ref struct {
	*variable
	index int // in the plan's variables
	up    int // frames between
}

// vars returns the Vars that hold r's variable, seen from f.
func (r *ref) vars(f *Frame) any {
	for range r.up {
		f = f.Up
	}
	return f.Vars
}

// An edge is what crosses the edge of a part of a graph.
type edge struct {
	in, out []ref
	chain   []*scope // the scopes around it, the flow's own first
}

// edge returns what enters the nodes from..to of a place, and what leaves them.
func (c *compiler) edge(at place, from, to int) edge {
	return edge{
		in:    c.refs(graph.Inputs(c.plan.graph, at.block.Nodes[from:to+1]), at),
		out:   c.refs(graph.Outputs(c.plan.graph, at.block, from, to), at),
		chain: c.chain(at),
	}
}

// keptEdge returns what enters and leaves the block of a place, whose results are
// kept or shared.
func (c *compiler) keptEdge(at place, law graph.Law) edge {
	nodes := at.block.Nodes
	enters, _ := graph.KeptInputs(c.plan.graph, nodes)
	return edge{
		in:    c.refs(enters, at),
		out:   c.refs(graph.KeptOutputs(c.plan.graph, at.block, 0, len(nodes)-1, law), at),
		chain: c.chain(at),
	}
}

// chain returns the scopes around a place.
func (c *compiler) chain(at place) (chain []*scope) {
	for _, s := range at.scopes {
		chain = append(chain, c.plan.scopes[s])
	}
	return chain
}

// held refuses to keep or share a part of a graph if what crosses its edge has no key
// or copier by its type. That is the checker's to refuse; what a value of a type
// that has them holds is looked at in every run.
func (c *compiler) held(name string, e edge) {
	for _, r := range e.in {
		if r.src.Kind != graph.Context && (r.code.Key == nil || r.code.Save == nil && r.src.Kind != graph.Identity) {
			c.refuse("bug: the checker let %s pass, which %s enters: it has no key, or no copier", name, r.src.ID)
		}
	}
	for _, r := range e.out {
		if r.src.Kind != graph.Error && (r.src.Kind != graph.Data || r.code.Save == nil) {
			c.refuse("bug: the checker let %s pass, which %s leaves: it is no data that can be copied", name, r.src.ID)
		}
	}
}

// refs returns the variables of ids that live in the scopes around a place.
func (c *compiler) refs(ids []graph.VarID, at place) []ref {
	return c.refsOf(c.indexes(ids), at)
}

func (c *compiler) refsOf(indexes []int, at place) []ref {
	var out []ref
	for _, i := range indexes {
		v := &c.plan.vars[i]
		if depth := slices.Index(at.scopes, v.scope); depth >= 0 {
			out = append(out, ref{v, i, len(at.scopes) - 1 - depth})
		}
	}
	return out
}

// frames returns new frames for the scopes around e; the innermost is returned.
func (e *edge) frames() *Frame {
	var f *Frame
	for _, s := range e.chain {
		next := s.frame(f)
		f = &next
	}
	return f
}

// marked reports whether r was set, by a thread's marks.
func (r *ref) marked(marks []uint64) bool { return marks[r.index>>6]&(1<<(r.index&63)) != 0 }

// newMarks returns marks of no variable.
func (p *Plan) newMarks() []uint64 { return make([]uint64, (len(p.vars)+63)/64) }

// move sets the variables of refs that are marked, in to, to those in from; all
// of them if marks is nil.
func move(refs []ref, to, from *Frame, marks []uint64) {
	for i := range refs {
		if r := &refs[i]; marks == nil || r.marked(marks) {
			r.code.Move(r.vars(to), r.vars(from))
		}
	}
}
