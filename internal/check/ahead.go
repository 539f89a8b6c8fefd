package check

// Later iterations of a loop that begin while earlier ones are under way.

import (
	"fmt"

	"fluxo.dev/fluxo/graph"
)

// iterationsAreApart: what a later iteration reads when it begins early is what
// it would read in its turn, and nothing in the loop stands in its way.
func (c *checker) iterationsAreApart(b *beginning) (found []Finding) {
	if b.loop == nil {
		return nil
	}
	if b.loop.Kind != graph.Each {
		return []Finding{find(fmt.Sprintf("each iteration of %s depends on the one before", at(b.loop)), "remove ahead from the line", b.loop)}
	}
	const fix = "remove ahead from the line"
	operand := c.outer(b.loop, b.loop.In)
	reads := c.outer(b.loop, b.reads)
	for _, n := range b.body {
		if set := common(reads, n.Out); len(set) > 0 {
			found = append(found, find(fmt.Sprintf("%s sets %s, which %s reads in the next iteration", at(n), list(set), b.name), fix, n, b.first))
		}
		if changed := common(c.unlessEnded(reads, c.allIterated(b, n)), c.edited(n)); len(changed) > 0 {
			found = append(found, find(fmt.Sprintf("%s changes %s, which %s reads in the next iteration", at(n), list(changed), b.name), fix, n, b.first))
		}
		if changed := common(operand, append(c.edited(n), n.Out...)); len(changed) > 0 {
			found = append(found, find(fmt.Sprintf("%s changes %s, over which %s runs", at(n), list(changed), at(b.loop)), fix, n, b.loop))
		}
	}
	head := []*graph.Node{b.loop} // its next iteration is asked for before this one has run
	found = append(found, c.pairs(b.early, head, c.conflict, fix)...)
	found = append(found, c.pairs(b.early, b.body, c.unlessIterated(b.loop, c.conflict), fix)...)
	found = append(found, c.pairs(head, b.body, c.conflict, fix)...)
	return append(found, c.pairs(b.early, b.body, func(e, n *graph.Node) string {
		if v := c.sharedHandle(e, n); v == nil || c.isOwn(b.loop, v.ID) {
			return ""
		}
		return c.handleConflict(e, n)
	}, fix)...)
}

// outer lists the variables among ids whose memory iterations of a loop share.
func (c *checker) outer(loop *graph.Node, ids []graph.VarID) (out []graph.VarID) {
	for _, id := range c.values(ids) {
		if !c.isOwn(loop, id) {
			out = append(out, id)
		}
	}
	return out
}

// isOwn reports whether each iteration of a loop has a variable of its own, which
// shares memory with no other.
func (c *checker) isOwn(loop *graph.Node, id graph.VarID) bool {
	v := c.vars[id]
	return v != nil && v.Scope == loop.ID && v.Alias == ""
}

// unlessIterated is why, but for nodes that the author runs beside each other in several
// iterations of a loop.
func (c *checker) unlessIterated(loop *graph.Node, why func(e, n *graph.Node) string) func(e, n *graph.Node) string {
	return func(e, n *graph.Node) string {
		if graph.BesideOver(loop.ID, c.forks[e], c.forks[n]) && !hasLocal(e) && !hasLocal(n) {
			return ""
		}
		return why(e, n)
	}
}
