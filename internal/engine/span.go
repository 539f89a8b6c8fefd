package engine

// What start nodes name: runs of their block, one inside the other or apart.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A span is the part of a block that a start node names, by places in the block.
type span struct {
	start, first, last int
	region             *region
}

// holds reports whether s has the start of o and all that it names.
func (s span) holds(o span) bool { return s.first <= o.start && o.last <= s.last }

// beginningAt returns the span that begins at i, nil if none does.
func beginningAt(spans []span, i int) *span {
	for k := range spans {
		if spans[k].first == i {
			return &spans[k]
		}
	}
	return nil
}

// spans finds what the start nodes among from..to name. Those inside another
// one's span are left to it.
func (c *compiler) spans(at place, from, to int) []span {
	nodes := at.block.Nodes
	var all []span
	for i := from; i <= to; i++ {
		n := nodes[i]
		if n.Kind != graph.Start {
			continue
		}
		find := func(id graph.NodeID) int {
			return slices.IndexFunc(nodes, func(m *graph.Node) bool { return m.ID == id })
		}
		s := span{start: i, first: find(n.First), last: find(n.Last)}
		if s.first <= i || s.last < s.first || s.last > to {
			c.refuse("start node %s names %s..%s, which do not stand after it in its block", n.ID, n.First, n.Last)
		}
		all = append(all, s)
	}
	var own []span
	for i, s := range all {
		inside := false
		for j, o := range all {
			switch {
			case i == j || s.last < o.first || o.last < s.first || s.holds(o):
			case o.holds(s):
				inside = true
			default:
				c.refuse("start nodes %s and %s name nodes that overlap", nodes[s.start].ID, nodes[o.start].ID)
			}
		}
		if !inside {
			s.region = c.region(at, s)
			own = append(own, s)
		}
	}
	return own
}
