package check

// How the nodes that a plan adds may stand: no node begins twice, and nothing is
// smuggled in with them.

import (
	"fmt"
	"reflect"

	"fluxo.dev/fluxo/graph"
)

// shape says what is wrong with the nodes that the plan added.
func shape(planned *graph.Graph) []string {
	var found []string
	fail := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	seen := map[graph.NodeID]bool{}
	for p := range planned.Places() {
		n := p.Node
		if seen[n.ID] {
			fail("there are two nodes %s", n.ID)
		}
		seen[n.ID] = true
		switch n.Kind {
		case graph.Start:
			if what := startShape(p); what != "" {
				fail("%s %s", n.ID, what)
			}
		case graph.Stored, graph.Shared, graph.Hedged:
			if !bare(n, graph.Node{Blocks: n.Blocks, Refresh: n.Refresh, Answer: n.Answer, After: n.After, Budget: n.Budget}) || len(n.Blocks) != 1 || len(n.Blocks[0].Nodes) == 0 {
				fail("%s is more, or less, than one block of nodes", n.ID)
			}
			if n.Answer && (n.Kind != graph.Stored || p.Up != nil || len(p.Block.Nodes) > 1) {
				fail("%s keeps an answer, and is not all of the flow", n.ID)
			}
		}
	}
	return found
}

// bare reports whether n has nothing beside want and what is there for people.
func bare(n *graph.Node, want graph.Node) bool {
	want.ID, want.Kind, want.Pos, want.Text = n.ID, n.Kind, n.Pos, n.Text
	return reflect.DeepEqual(*n, want)
}

// startShape says what is wrong with a start node; "" if nothing is.
func startShape(p graph.Place) string {
	n := p.Node
	if !bare(n, graph.Node{First: n.First, Last: n.Last, Ahead: n.Ahead}) {
		return "does more than begin nodes"
	}
	first, last, ok := rangeOf(p)
	if !ok {
		return fmt.Sprintf("names %s..%s, which do not follow it in its block", n.First, n.Last)
	}
	if n.Ahead < 0 || n.Ahead > 0 && (p.Up == nil || !p.Up.Node.Kind.IsLoop()) {
		return "begins later iterations, and does not stand directly in a loop"
	}
	for i, o := range p.Block.Nodes {
		if o.Kind != graph.Start || i == p.Index {
			continue
		}
		f, l, ok := rangeOf(graph.Place{Node: o, Block: p.Block, Index: i})
		if !ok {
			continue // it is told of by itself
		}
		within := f <= p.Index && p.Index <= l // p stands inside of what o begins
		holds := first <= i && i <= last       // and the other way round
		switch {
		case within && n.Ahead > 0:
			return fmt.Sprintf("begins later iterations from inside of what %s begins", o.ID)
		case within && last > l:
			return fmt.Sprintf("stands inside of what %s begins, and its nodes do not", o.ID)
		case !within && !holds && first <= l && f <= last:
			return fmt.Sprintf("and %s begin the same node", o.ID)
		}
	}
	return ""
}

// rangeOf returns the places of a start node's first and last node.
func rangeOf(p graph.Place) (first, last int, ok bool) {
	first, last = -1, -1
	for i, n := range p.Block.Nodes {
		if n.ID == p.Node.First && i > p.Index {
			first = i
		}
		if n.ID == p.Node.Last && i > p.Index {
			last = i
		}
	}
	return first, last, first >= 0 && last >= first
}
