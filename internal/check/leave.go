package check

// Stored and shared blocks: what leaves them. How a block is left, at its end or by
// an exit, is part of its result and so needs no conjunct.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// leavesAsData: a copy of what leaves is as good as the value. An error may leave
// because a block that leaves with one is not kept, or only as its kind.
func (c *checker) leavesAsData(k *kept) (found []Finding) {
	for _, id := range k.leaves {
		v := c.vars[id]
		if v.Kind == graph.Error || v.Kind == graph.Data && v.Copy {
			continue
		}
		setter := k.setter(id)
		why := fmt.Sprintf("%s gives %s, whose type %s cannot be copied", at(setter), id, v.Type)
		fix := giveKey(v)
		if v.Kind != graph.Data {
			why = fmt.Sprintf("%s gives %s, which is no data (%s)", at(setter), id, v.Type)
			fix = k.bounds(setter, fmt.Sprintf("let the region hold everything that uses %s, or leave %s out of it", id, setter.ID))
		}
		found = append(found, find(why, fix, setter))
	}
	return found
}

// setter returns the last node inside that sets or edits a variable.
func (k *kept) setter(id graph.VarID) *graph.Node {
	for _, n := range slices.Backward(k.inside) {
		if isSetter(n, id) {
			return n
		}
	}
	return k.inside[0]
}

// sharesNothing: what leaves is a copy, so that an edit of it no longer shows in
// the variables with which the original shares memory, nor theirs in it.
func (c *checker) sharesNothing(k *kept) (found []Finding) {
	after := c.after(k.place)
	if k.law == graph.Share {
		after = append(after, later{nodes: k.departs}) // they run on the caller's copies
	}
	for _, id := range c.values(k.leaves) {
		sharers := c.sharers(k, id)
		if len(sharers) == 0 {
			continue
		}
		for _, l := range after {
			for _, n := range l.nodes {
				if slices.Contains(k.inside, n) || !slices.Contains(c.edited(n), id) {
					continue
				}
				found = append(found, find(
					fmt.Sprintf("%s changes memory that %s, which leaves the region, shares with %s", at(n), id, list(sharers)),
					fmt.Sprintf("let the region end before %s is set, or copy the value (slices.Clone, maps.Clone) before it is changed", id), n, k.setter(id)))
			}
		}
	}
	return found
}

// sharers lists the other variables that may share memory with one that leaves the
// block by then, and whose values are read afterwards: those set inside, and those of
// before if the block is given memory that they lead to. What comes to share memory later
// shares it with the copy.
func (c *checker) sharers(k *kept, id graph.VarID) (out []graph.VarID) {
	group := graph.Alike(c.g, []graph.VarID{id})
	given := len(common(group, k.enters)) > 0
	for _, other := range common(group, k.live) {
		if other != id && (given || k.law != graph.Duplicate && k.sets(other)) { // the results of one run go together
			out = append(out, other)
		}
	}
	return out
}

// sets reports whether a node inside sets or edits a variable.
func (k *kept) sets(id graph.VarID) bool {
	return slices.ContainsFunc(k.inside, func(n *graph.Node) bool { return isSetter(n, id) })
}

func isSetter(n *graph.Node, id graph.VarID) bool {
	return slices.Contains(n.Out, id) || slices.Contains(n.Edit, id)
}
