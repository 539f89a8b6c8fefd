package graph

// Forks: what the author's own source runs beside each other.

import (
	"slices"
	"strings"
)

// A Fork says that the author runs a node, with what is in its blocks, beside
// others: it is part of a function that the flow forks, or of what the flow does itself
// until it awaits such functions. The walk takes no notice: source order is one of the
// orders that they may run in. A plan may run them together again, and what they
// do to the world is then in nobody's way (see [Beside]).
type Fork struct {
	Group    string // what is awaited together: "g", and "g.2" for what g forks after it was awaited
	Function int    // which of the forked functions, from 1; 0 for what the flow does itself meanwhile
	Limit    int    // how many functions the author lets run at once; 0 for no bound
	Over     NodeID // the outermost loop whose iterations fork the function beside each other; "" if none
	Rounds   bool   // it is awaited in some of those iterations only: which of them run beside each other is known at run time
	Locked   bool   // a lock of the author's, which the graph does not show, may be held
}

// ForksOf lists the forks that the node at p is part of, the innermost first.
func ForksOf(p Place) (all []*Fork) {
	for at := &p; at != nil; at = at.Up {
		if at.Node.Fork != nil {
			all = append(all, at.Node.Fork)
		}
	}
	return all
}

// Beside reports whether the author's source may run what is part of the forks in early
// while it runs what is part of those in first, which stands before it. A forked function runs
// beside all that follows until it is awaited, but for what a lock may guard; what the flow
// does itself comes before what it forks afterwards.
func Beside(early, first []*Fork) bool {
	return anyPair(early, first, func(e, f *Fork) bool { return f.Function > 0 && e.Function != f.Function })
}

// BesideOver reports the same of two iterations of a loop, whatever stands first.
func BesideOver(loop NodeID, early, first []*Fork) bool {
	return anyPair(early, first, func(e, f *Fork) bool { return e.runsOver(loop) && f.runsOver(loop) })
}

func anyPair(early, first []*Fork, ok func(e, f *Fork) bool) bool {
	if slices.ContainsFunc(early, isLocked) && slices.ContainsFunc(first, isLocked) {
		return false
	}
	return slices.ContainsFunc(early, func(e *Fork) bool {
		return slices.ContainsFunc(first, func(f *Fork) bool { return e.Group == f.Group && ok(e, f) })
	})
}

func isLocked(f *Fork) bool { return f.Locked }

func (f *Fork) runsOver(loop NodeID) bool {
	return f.Over != "" && !f.Rounds && (loop == f.Over || strings.HasPrefix(string(loop), string(f.Over)+"/"))
}

// fork checks that a fork is well formed: the nodes of a function stand in one
// node, and inside of them there is none of the same group.
func (c *checker) fork(at Place) {
	n, f := at.Node, at.Node.Fork
	if f == nil {
		return
	}
	if n.Kind.IsPlanned() {
		c.failNode(n, "fork", "a %s node is no part of the source", n.Kind)
	}
	if f.Group == "" || f.Function < 0 || f.Limit < 0 {
		c.failNode(n, "fork", "it is function %d of group %q, with limit %d", f.Function, f.Group, f.Limit)
	}
	if f.Rounds && f.Over == "" {
		c.failNode(n, "fork", "it is awaited in some iterations of no loop")
	}
	if f.Over != "" && !inLoop(at, f.Over) {
		c.failNode(n, "fork", "it is forked over %s, which is no loop around it", f.Over)
	}
	for up := at.Up; up != nil && f.Function > 0; up = up.Up {
		if o := up.Node.Fork; o != nil && o.Group == f.Group && o.Function > 0 {
			c.failNode(n, "fork", "it stands in %s, which is forked by the same group", up.Node.ID)
		}
	}
	for p, before := range c.places {
		o := before.Node.Fork
		if p == n.ID || o == nil || f.Function == 0 || o.Group != f.Group || o.Function != f.Function {
			continue
		}
		if pathOf(before.Up) != pathOf(at.Up) {
			c.failNode(n, "fork", "%s is part of the same function and stands in another node", p)
		}
	}
}
