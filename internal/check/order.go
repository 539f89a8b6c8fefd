package check

// The law of reordering: conjuncts about what begins early and what it passes.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

var reorderTests = []test[*beginning]{
	{"reorder.1", (*checker).readsAreSet},
	{"reorder.2", (*checker).editsPassNobody},
	{"reorder.3", (*checker).tableLetsPass},
	{"reorder.4", (*checker).handlesLetPass},
	{"reorder.5", (*checker).iterationsAreApart},
	{"reorder.6", (*checker).defersNothing},
	{"reorder.7", (*checker).freshInOrder},
}

// readsAreSet: what is read when the work begins is what the source would read. A
// function value sees the variables of the frame that it was made on, which is
// not the one that a fork works on, or leaves behind. So does the address of a variable.
func (c *checker) readsAreSet(b *beginning) (found []Finding) {
	for _, id := range slices.Concat(b.reads, b.leaves) {
		if v := c.vars[id]; v != nil && v.Kind == graph.Func && v.Role == graph.Local {
			found = append(found, find(fmt.Sprintf("the function %s would be made by one goroutine and called by another", id), b.leaveOut(), b.first))
		}
	}
	for _, n := range b.early {
		for _, id := range n.Points {
			if !c.isHandle(id) || slices.Contains(b.reads, id) || slices.Contains(b.leaves, id) {
				found = append(found, find(fmt.Sprintf("%s takes the address of %s, which would be another variable for work begun early", at(n), id), b.leaveOut(), n))
			}
		}
	}
	for _, n := range b.between {
		verb, changed := "sets", common(b.reads, b.sets(n))
		if len(changed) == 0 {
			verb, changed = "changes", common(c.unlessEnded(b.reads, c.allBeside(b.early, n)), c.edited(n))
		}
		if len(changed) > 0 {
			found = append(found, find(
				fmt.Sprintf("%s %s %s, which %s reads", at(n), verb, list(changed), b.name),
				fmt.Sprintf("let %s begin after %s, or put %s into one region with it", b.first.ID, n.ID, n.ID), n, b.first))
		}
	}
	return found
}

// unlessEnded lists ids, without contexts if it does not matter when these end: an edit
// of a context is its end. A function that fails ends the context of those that the
// author runs beside it, at any time.
func (c *checker) unlessEnded(ids []graph.VarID, whenever bool) []graph.VarID {
	if !whenever {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id graph.VarID) bool {
		v := c.vars[id]
		return v != nil && v.Kind == graph.Context
	})
}

// sets lists what a node has set when the walk comes to what begins early. Failure edges and
// results set variables only when they leave: the block, and the walk never comes; or only
// a loop that it passes.
func (b *beginning) sets(n *graph.Node) []graph.VarID {
	leaves := n.Kind == graph.Fail || n.Kind == graph.ResultNode
	if leaves && (n.Exits&(graph.Break|graph.Continue) == 0 || slices.Contains(b.place.Block.Nodes, n)) {
		return nil
	}
	return n.Out
}

// editsPassNobody: nobody whom the work passes sees the content it changes.
func (c *checker) editsPassNobody(b *beginning) (found []Finding) {
	for _, e := range b.early {
		changed := c.editedOutside(e, b.reads)
		for _, n := range b.between {
			if seen := common(changed, uses(n)); len(seen) > 0 {
				found = append(found, find(
					fmt.Sprintf("%s changes %s in place, which %s uses", at(e), list(seen), at(n)), b.leaveOut(), e, n))
			}
		}
	}
	return found
}

// tableLetsPass: no effect of the work conflicts with one that it passes.
func (c *checker) tableLetsPass(b *beginning) (found []Finding) {
	return c.pairs(b.early, b.between, c.unlessBeside(c.conflict), b.leaveOut())
}

// unlessBeside is why, but for nodes that the author runs beside each other: any order of
// what they do to the world is one of his. Handles he may guard by a lock.
func (c *checker) unlessBeside(why func(e, n *graph.Node) string) func(e, n *graph.Node) string {
	return func(e, n *graph.Node) string {
		if c.beside(e, n) && !hasLocal(e) && !hasLocal(n) {
			return ""
		}
		return why(e, n)
	}
}

// handlesLetPass: users of one handle keep their order.
func (c *checker) handlesLetPass(b *beginning) []Finding {
	return c.pairs(b.early, b.between, c.handleConflict, b.leaveOut())
}

// pairs asks why for each node that begins early and each that it passes.
func (c *checker) pairs(early, passed []*graph.Node, why func(e, n *graph.Node) string, fix string) (found []Finding) {
	for _, e := range early {
		for _, n := range passed {
			if text := why(e, n); text != "" {
				found = append(found, find(text, fix, e, n))
			}
		}
	}
	return found
}

// defersNothing: deferred calls run in the opposite order of their registration,
// and those of work that comes to nothing would never run.
func (c *checker) defersNothing(b *beginning) (found []Finding) {
	for _, e := range b.early {
		if e.Kind == graph.Defer {
			found = append(found, find(fmt.Sprintf("%s defers a call", at(e)), fmt.Sprintf("leave %s out of the region", e.ID), e))
		}
	}
	return found
}

// freshInOrder: a clock read early must not show a time before one read earlier in
// the source.
func (c *checker) freshInOrder(b *beginning) (found []Finding) {
	why := func(e, n *graph.Node) string {
		if !isFresh(e) || !isFresh(n) {
			return ""
		}
		return fmt.Sprintf("%s makes a fresh value, and so does %s, which the source has first", at(e), at(n))
	}
	found = c.pairs(b.early, b.between, c.unlessBeside(why), b.leaveOut())
	if b.loop != nil {
		found = append(found, c.pairs(b.early, b.body, c.unlessIterated(b.loop, why), b.leaveOut())...)
	}
	return found
}

// isFresh reports whether a node makes a value that is new every time: by itself,
// or somewhere in a flow that it calls.
func isFresh(n *graph.Node) bool {
	return n.Kind == graph.Fresh || n.Kind == graph.Call && slices.ContainsFunc(n.Effects, isVolatileZero)
}

func isVolatileZero(e graph.Effect) bool { return e.Class == graph.Volatile && e.For == 0 }
