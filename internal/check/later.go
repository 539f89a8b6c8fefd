package check

// What may run after a place was left.

import "fluxo.dev/fluxo/graph"

// Nodes that run later, in one loop or outside of all.
type later struct {
	loop  *graph.Node // whose next iterations they are; nil for what follows a block's end
	nodes []*graph.Node
}

// after lists what may run after the node at p: what follows in its block and
// in the blocks around, everything in the loops around, and deferred calls.
func (c *checker) after(p graph.Place) []later {
	var out []later
	for q := &p; q != nil; q = q.Up {
		out = append(out, later{nodes: all(q.Block.Nodes[q.Index+1:]...)})
		if q.Up != nil && q.Up.Node.Kind.IsLoop() {
			out = append(out, later{loop: q.Up.Node, nodes: all(q.Up.Node)})
		}
	}
	return append(out, later{nodes: c.deferred()})
}

// afterAbandoned lists what may run after the walk turned away from what a start
// node began: deferred calls, and if it goes on with a loop, that loop and what
// follows.
func (c *checker) afterAbandoned(b *beginning) []later {
	var exits graph.Exits
	for _, n := range b.passed {
		exits |= n.Exits
	}
	if exits&(graph.Break|graph.Continue) == 0 {
		return []later{{nodes: c.deferred()}}
	}
	up := b.place.Up
	for up != nil && !up.Node.Kind.IsLoop() {
		up = up.Up
	}
	if up == nil {
		return []later{{nodes: c.deferred()}} // the loop of the exit lies inside
	}
	return append([]later{{loop: up.Node, nodes: all(up.Node)}}, c.after(*up)...)
}

// deferred lists the nodes that defer calls.
func (c *checker) deferred() (out []*graph.Node) {
	for p := range c.g.Places() {
		if p.Node.Kind == graph.Defer {
			out = append(out, p.Node)
		}
	}
	return out
}
