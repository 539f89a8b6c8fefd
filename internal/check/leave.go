package check

// Stored and shared blocks: how they are left, and what leaves them.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// hasOneExit: the block's end, a failure edge, or a return that is its last
// node. Breaks and continues of loops inside stay inside.
func (c *checker) hasOneExit(k *kept) []Finding { return exitsOf(k, unwrapped(k.block), 0) }

// exitsOf looks at nodes with loops around them inside the block.
func exitsOf(k *kept, nodes []*graph.Node, loops int) (found []Finding) {
	for i, n := range nodes {
		leaves := n.Exits&graph.Return != 0
		if n.Exits&(graph.Break|graph.Continue) != 0 && n.Loops >= loops {
			leaves = true
		}
		isEnd := n.Kind == graph.ResultNode && loops == 0 && i == len(nodes)-1 && slices.Contains(unwrapped(k.block), n)
		if leaves && n.Kind != graph.Fail && !isEnd {
			found = append(found, find(
				fmt.Sprintf("%s may leave the region in its middle", at(n)),
				fmt.Sprintf("let the region end before %s", n.ID), n))
		}
		inner := loops
		if n.Kind.IsLoop() {
			inner++
		}
		for _, b := range n.Blocks {
			found = append(found, exitsOf(k, unwrapped(b), inner)...)
		}
	}
	return found
}

// leavesAsData: a copy of what leaves is as good as the value. An error may leave
// because a block that leaves with one is not kept, or only as its kind.
func (c *checker) leavesAsData(k *kept) (found []Finding) {
	for _, id := range c.leaving(k) {
		v := c.vars[id]
		if v.Kind == graph.Error || v.Kind == graph.Data && v.Copy {
			continue
		}
		setter := k.setter(id)
		why := fmt.Sprintf("%s gives %s, whose type %s cannot be copied", at(setter), id, v.Type)
		fix := fmt.Sprintf("write a fluxo.Codec for %s", v.Type)
		if v.Kind != graph.Data {
			why = fmt.Sprintf("%s gives %s, which is no data (%s)", at(setter), id, v.Type)
			fix = fmt.Sprintf("let the region hold everything that uses %s, or leave %s out of it", id, setter.ID)
		}
		found = append(found, find(why, fix, setter))
	}
	return found
}

// leaving lists the variables that the block sets or changes and that may be
// read afterwards.
func (c *checker) leaving(k *kept) []graph.VarID {
	return slices.DeleteFunc(graph.Outputs(c.g, k.block, 0, len(k.block.Nodes)-1), func(id graph.VarID) bool {
		return c.vars[id] == nil || slices.Contains(k.enters, id) && !k.sets(id)
	})
}

func (k *kept) sets(id graph.VarID) bool {
	return slices.ContainsFunc(k.inside, func(n *graph.Node) bool { return slices.Contains(n.Out, id) })
}

// setter returns the last node inside that sets or edits a variable.
func (k *kept) setter(id graph.VarID) *graph.Node {
	for _, n := range slices.Backward(k.inside) {
		if slices.Contains(n.Out, id) || slices.Contains(n.Edit, id) {
			return n
		}
	}
	return k.inside[0]
}

// sharesNothing: what leaves is a copy, so that an edit of it no longer shows in
// the variables with which the original shares memory, nor theirs in it.
func (c *checker) sharesNothing(k *kept) (found []Finding) {
	for _, id := range c.values(c.leaving(k)) {
		if len(c.sharers(k, id)) == 0 {
			continue
		}
		for _, l := range c.after(k.place) {
			for _, n := range l.nodes {
				if slices.Contains(k.inside, n) || !slices.Contains(c.edited(n), id) {
					continue
				}
				found = append(found, find(
					fmt.Sprintf("%s changes memory that %s, which leaves the region, shares with %s", at(n), id, list(c.sharers(k, id))),
					fmt.Sprintf("let the region end before %s is set, or copy the value (slices.Clone, maps.Clone) before it is changed", id), n, k.setter(id)))
			}
		}
	}
	return found
}

// sharers lists the other variables, used outside of the block, that may share
// memory with one that leaves it.
func (c *checker) sharers(k *kept, id graph.VarID) (out []graph.VarID) {
	for _, other := range graph.Alike(c.g, []graph.VarID{id}) {
		if other != id && c.usedOutside(k, other) {
			out = append(out, other)
		}
	}
	return out
}

func (c *checker) usedOutside(k *kept, id graph.VarID) bool {
	for p := range c.g.Places() {
		n := p.Node
		if slices.Contains(uses(n), id) && !slices.Contains(k.inside, n) {
			return true
		}
	}
	return false
}
