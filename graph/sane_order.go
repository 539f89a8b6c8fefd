package graph

// Sanity of what leads elsewhere: exits, results, starts; and of effects.

import "slices"

// exits checks that every way out leads somewhere.
func (c *checker) exits(at Place) {
	n := at.Node
	loops := 0
	for up := at.Up; up != nil; up = up.Up {
		if up.Node.Kind.IsLoop() {
			loops++
		}
	}
	jumps := n.Exits&(Break|Continue) != 0
	switch {
	case n.Exits >= Continue<<1:
		c.failNode(n, "exit", "it has an exit of no known kind")
	case n.Exits != 0 && (n.Kind.IsPlanned() || len(n.Blocks) > 0 || n.Kind == Defer):
		c.failNode(n, "exit", "a %s node exits by the nodes inside only", n.Kind)
	case jumps && n.Loops >= loops:
		c.failNode(n, "exit", "it breaks or continues loop %d of %d around it", n.Loops+1, loops)
	case n.Loops < 0 || n.Loops > 0 && !jumps:
		c.failNode(n, "exit", "it names %d loops but has no break or continue", n.Loops)
	case n.Kind == ResultNode && n.Exits != Return:
		c.failNode(n, "exit", "a result node returns")
	case n.Kind == Fail && n.Exits == 0 && !n.Panics:
		c.failNode(n, "exit", "a failure edge leads nowhere")
	}
}

// endsInResult reports whether b's end is not reached: its last node returns,
// or is a branch whose blocks all do, or glue that may. As in Go's rule for
// terminating statements, conditions are not looked at.
func endsInResult(b *Block) bool {
	if len(b.Nodes) == 0 {
		return false
	}
	n := b.Nodes[len(b.Nodes)-1]
	switch n.Kind {
	case ResultNode:
		return true
	case Glue, Fail, Step, Call:
		return n.Exits&Return != 0 || n.Panics
	case Branch, Stored, Shared, Hedged:
		return !slices.ContainsFunc(n.Blocks, func(in *Block) bool { return !endsInResult(in) })
	}
	return false
}

// start checks that a start node names later siblings, in source order, and that
// no node begins twice: of two ranges that have nodes in common one holds the
// other, start node included.
func (c *checker) start(at Place) {
	n := at.Node
	first, last, ok := c.rangeOf(at)
	if !ok {
		c.failNode(n, "start", "its range %s..%s does not name siblings", n.First, n.Last)
		return
	}
	if first <= at.Index || last < first {
		c.failNode(n, "start", "its range %s..%s does not stand after it in source order", n.First, n.Last)
	}
	for i, m := range at.Block.Nodes[:at.Index] {
		if m.Kind != Start {
			continue
		}
		f, l, ok := c.rangeOf(Place{Node: m, Block: at.Block, Index: i})
		inside := f <= at.Index && at.Index <= l
		switch {
		case !ok:
		case inside && (last > l || n.Ahead != 0):
			c.failNode(n, "start", "it stands in the range of %s, but its own range %s..%s does not", m.ID, n.First, n.Last)
		case !inside && f <= last && first <= l:
			c.failNode(n, "start", "its range %s..%s overlaps that of %s", n.First, n.Last, m.ID)
		}
	}
	if up := at.Up; n.Ahead != 0 && (n.Ahead < 0 || up == nil || up.Node.Kind != Each) {
		c.failNode(n, "ahead", "it runs %d iterations ahead, but does not stand in an each", n.Ahead)
	}
}

// rangeOf returns the indices of the range that the start node at begins.
func (c *checker) rangeOf(at Place) (first, last int, ok bool) {
	index := func(id NodeID) int {
		return slices.IndexFunc(at.Block.Nodes, func(n *Node) bool { return n.ID == id })
	}
	first, last = index(at.Node.First), index(at.Node.Last)
	return first, last, first >= 0 && last >= 0
}

// effects checks that every word goes with the class it stands by.
func (c *checker) effects(n *Node) {
	for _, e := range n.Effects {
		if int(e.Class) >= NumClasses {
			c.failNode(n, "effect", "it has an effect of no known class")
		}
		for _, w := range []struct {
			word    string
			set, ok bool
		}{
			{"a duration", e.For != 0, e.Class == Volatile},
			{"onerror", e.OnError != 0, e.Class == Volatile},
			{"within", e.Within != 0, e.Class == Reads},
			{"named data", len(e.Data) > 0, e.Class == Reads || e.Class == Writes},
			{"idempotent", e.Idempotent, e.Class == Acts || e.Class == Writes},
			{"deferrable", e.Deferrable, e.Class == Acts},
			{"unordered", e.Unordered, e.Class == Acts},
		} {
			if w.set && !w.ok {
				c.failNode(n, "effect", "%s does not go with class %s", w.word, e.Class)
			}
		}
		if e.For < 0 || e.OnError < 0 || e.Within < 0 {
			c.failNode(n, "effect", "a duration of %s is negative", e.Class)
		}
		if (e.Class == Reads || e.Class == Writes) && len(e.Data) == 0 {
			c.failNode(n, "effect", "class %s names no data", e.Class)
		}
	}
}
