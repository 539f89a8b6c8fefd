package check

// The law of speculation: conjuncts about work that may come to nothing.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

var speculateTests = []test[*beginning]{
	{"speculate.1", (*checker).freeOfEffects},
	{"speculate.2", (*checker).cannotPanic},
	{"speculate.3", (*checker).observesNothing},
	{"speculate.4", (*checker).leavesMemoryAlone},
	{"speculate.5", (*checker).editsItsOwn},
}

// freeOfEffects: dropping the result must drop everything. An effect that stands
// between is the class table's, which keeps acts in their order.
func (c *checker) freeOfEffects(b *beginning) (found []Finding) {
	for _, e := range b.early {
		for _, f := range e.Effects {
			if f.Class == graph.Observes || c.rules.Classes.May[f.Class].Early || e.Kind == graph.Defer {
				continue
			}
			if n := b.ending(func(n *graph.Node) bool { return isOrdered(f, n) }); n != nil {
				found = append(found, find(
					fmt.Sprintf("%s %s, and %s might end before the source reaches it", at(e), does(f), at(n)), b.leaveOut(), e))
			}
		}
	}
	return found
}

// isOrdered reports whether the class table keeps effect f behind node n, whatever the
// two touch.
func isOrdered(f graph.Effect, n *graph.Node) bool {
	return slices.ContainsFunc(n.Effects, func(o graph.Effect) bool {
		return changesTheWorld(o.Class) && !(f.Unordered && o.Unordered)
	})
}

// cannotPanic: a guard may be what keeps an index in bounds.
func (c *checker) cannotPanic(b *beginning) (found []Finding) {
	guard := b.guard()
	if guard == nil {
		return nil // what it passes fails by panics only, and those come first
	}
	when, where := "", string(guard.ID)
	if !slices.Contains(b.between, guard) {
		when, where = " in an earlier iteration", string(b.loop.ID)+", or remove ahead from the line"
	}
	for _, e := range b.early {
		if e.Panics {
			found = append(found, find(
				fmt.Sprintf("glue in %s may panic, and %s may guard it%s", at(e), at(guard), when),
				fmt.Sprintf("compute the arguments of %s before %s", e.ID, where), e, guard))
		}
	}
	return found
}

// observesNothing: a line in a log cannot be taken back.
func (c *checker) observesNothing(b *beginning) (found []Finding) {
	if b.isCertain() {
		return nil
	}
	for _, e := range b.early {
		for _, f := range e.Effects {
			if f.Class == graph.Observes && !c.rules.Classes.May[f.Class].Early {
				found = append(found, find(
					fmt.Sprintf("%s %s, and the source might not reach it", at(e), does(f)), fmt.Sprintf("leave %s out of the region", e.ID), e))
			}
		}
	}
	return found
}

// leavesMemoryAlone: work that was abandoned may run on for a while, beside what
// comes after.
func (c *checker) leavesMemoryAlone(b *beginning) (found []Finding) {
	handles := graph.Alike(c.g, c.handles(b.reads))
	for _, l := range c.afterAbandoned(b) {
		reads := c.unlessEnded(c.values(b.reads), true) // its own context has ended
		if l.loop != nil {
			reads = c.outer(l.loop, reads)
		}
		for _, n := range l.nodes {
			if changed := common(reads, c.edited(n)); len(changed) > 0 {
				found = append(found, find(
					fmt.Sprintf("%s changes %s, which %s may still read after it was abandoned", at(n), list(changed), b.name), b.leaveOut(), n, b.first))
			}
			if used := common(handles, uses(n)); len(used) > 0 {
				found = append(found, find(
					fmt.Sprintf("%s uses the handle %s, which %s may still use after it was abandoned", at(n), list(used), b.name), b.leaveOut(), n, b.first))
			}
		}
	}
	return found
}

// handles lists the request-scoped handles among ids.
func (c *checker) handles(ids []graph.VarID) (out []graph.VarID) {
	for _, id := range ids {
		if c.isHandle(id) {
			out = append(out, id)
		}
	}
	return out
}

// editsItsOwn: an edit that should not have been cannot be taken back. That a local
// step stays behind acts, and behind local steps on the same handle, is the class table's.
func (c *checker) editsItsOwn(b *beginning) (found []Finding) {
	if b.isCertain() {
		return nil
	}
	for _, e := range b.early {
		if changed := c.editedOutside(e, b.reads); len(changed) > 0 {
			found = append(found, find(
				fmt.Sprintf("%s changes %s in place, and the source might not reach it", at(e), list(changed)), b.leaveOut(), e))
		}
		if e.Kind == graph.Defer || !c.changesOuterHandle(e, b.reads) {
			continue
		}
		tables := func(n *graph.Node) bool {
			return isLocal(e) && (isOrdered(graph.Effect{}, n) || isLocal(n) && c.sharedHandle(e, n) != nil)
		}
		if n := b.ending(tables); n != nil {
			found = append(found, find(
				fmt.Sprintf("%s changes a handle of the request, and %s might end before the source reaches it", at(e), at(n)), b.leaveOut(), e))
		}
	}
	return found
}

// changesOuterHandle reports whether a node changes a handle that it did not make: one of
// those that enter, or one that the graph does not show.
func (c *checker) changesOuterHandle(n *graph.Node, enters []graph.VarID) bool {
	return len(common(c.handles(graph.Alike(c.g, n.Edit)), enters)) > 0 || hasLocal(n) && !c.namesHandle(n)
}
