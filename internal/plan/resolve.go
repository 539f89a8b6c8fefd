package plan

// From names to places: which nodes of a graph a decision is about.

import (
	"fmt"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// A Problem is a decision that cannot be written down in the graph: it names
// what is not there, or does not fit the decisions before it.
type Problem struct {
	ID   DecisionID
	Pos  Pos
	What string
	Fix  string
}

func (p Problem) String() string { return sentence(p.Pos, p.What, p.Fix) }

// Error makes a problem an error where the caller wants one.
func (p Problem) Error() string { return p.String() }

// A span is a run of nodes of one block of the source graph, by index, both
// ends included.
type span struct{ first, last int }

func (s span) contains(t span) bool { return s.first <= t.first && t.last <= s.last }
func (s span) meets(t span) bool    { return s.first <= t.last && t.first <= s.last }

// A place is where a node stands.
type place struct {
	block  *graph.Block
	index  int
	inEach bool // the block is the body of an each
}

// An index finds the nodes of a graph by name.
type index struct {
	flow   graph.FlowName
	body   *graph.Block
	places map[graph.NodeID]place
	ids    []string // in the order of the source, for suggestions
}

func newIndex(g *graph.Graph) *index {
	x := &index{flow: g.Flow, body: g.Body, places: map[graph.NodeID]place{}}
	x.add(g.Body, false)
	return x
}

func (x *index) add(b *graph.Block, inEach bool) {
	for i, n := range b.Nodes {
		x.places[n.ID] = place{b, i, inEach}
		x.ids = append(x.ids, string(n.ID))
		for _, inner := range n.Blocks {
			x.add(inner, n.Kind == graph.Each)
		}
	}
}

// placed is a decision whose nodes were found: spans of one block, in the order
// of the source.
type placed struct {
	Decision
	block  *graph.Block
	spans  []span
	inEach bool
}

// name writes a span with the names of its nodes.
func (d placed) name(s span) string {
	return Region{d.block.Nodes[s.first].ID, d.block.Nodes[s.last].ID}.String()
}

// resolve finds the nodes of a decision. what is empty if all is well.
func (x *index) resolve(d Decision) (p placed, what, fix string) {
	p.Decision = d
	if d.Verb == Answer {
		p.block, p.spans = x.body, []span{{0, len(x.body.Nodes) - 1}}
		return p, "", ""
	}
	for i, r := range d.Items {
		s, block, inEach, what, fix := x.region(r)
		if what != "" {
			return p, what, fix
		}
		if i > 0 && block != p.block {
			return p, fmt.Sprintf("%s and %s stand in different blocks", d.Items[0], r), "name nodes of one block: the branch or loop around a node stands for it"
		}
		for _, t := range p.spans {
			if s.meets(t) {
				return p, fmt.Sprintf("%s and %s overlap", p.name(t), r), "name regions that have no node in common"
			}
		}
		p.block, p.inEach = block, inEach
		p.spans = append(p.spans, s)
	}
	slices.SortFunc(p.spans, func(s, t span) int { return s.first - t.first })
	if d.Ahead > 0 && !p.inEach {
		return p, fmt.Sprintf("%s does not stand directly in a loop whose iterations are independent (each)", d.Items[0]), "remove ahead, or name the node of the loop's body around it"
	}
	return p, "", ""
}

// region finds the nodes of one region.
func (x *index) region(r Region) (s span, b *graph.Block, inEach bool, what, fix string) {
	first, ok := x.places[r.First]
	if !ok {
		what, fix = x.gone(r.First)
		return
	}
	last, ok := x.places[r.Last]
	switch {
	case !ok:
		what, fix = x.gone(r.Last)
	case first.block != last.block:
		what = fmt.Sprintf("%s and %s stand in different blocks", r.First, r.Last)
		fix = "name two nodes of one block: the branch or loop around a node stands for it"
	case last.index < first.index:
		what = fmt.Sprintf("%s stands before %s in the source", r.Last, r.First)
		fix = fmt.Sprintf("write %s..%s", r.Last, r.First)
	}
	return span{first.index, last.index}, first.block, first.inEach, what, fix
}

// gone says that a node is not there, and which may be meant.
func (x *index) gone(id graph.NodeID) (what, fix string) {
	what = fmt.Sprintf("flow %s has no node %s", x.flow, shorten(string(id)))
	if near, ok := nearest(string(id), x.ids); ok {
		return what, fmt.Sprintf("write %s if that is what it is called now, or remove the line", near)
	}
	return what, anyNode
}

// anyNode is what to do about a node that is not there, where none is like it.
const anyNode = "remove the line, or write one of the flow's nodes"

// list has the first of the problems that may be about any node list them all; the others stand below it.
func (x *index) list(problems []Problem) {
	if i := slices.IndexFunc(problems, func(p Problem) bool { return p.Fix == anyNode }); i >= 0 {
		problems[i].Fix += ": " + listed(x.ids)
	}
}

// maxListed bounds how many names a message lists.
const maxListed = 12

func listed(names []string) string {
	text := strings.Join(names[:min(len(names), maxListed)], ", ")
	if more := len(names) - maxListed; more > 0 {
		text += fmt.Sprintf(" and %d more, which fluxo graph lists", more)
	}
	return text
}
