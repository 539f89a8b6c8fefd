package check

// The law of speculation: conjuncts about work that may come to nothing.

import (
	"fmt"

	"fluxo.dev/fluxo/graph"
)

var speculateTests = []test[*beginning]{
	{"speculate.1", (*checker).freeOfEffects},
	{"speculate.2", (*checker).cannotPanic},
	{"speculate.3", (*checker).observesNothing},
	{"speculate.4", (*checker).isBounded},
	{"speculate.5", (*checker).leavesMemoryAlone},
	{"speculate.6", (*checker).editsItsOwn},
}

// freeOfEffects: dropping the result must drop everything.
func (c *checker) freeOfEffects(b *beginning) (found []Finding) {
	for _, e := range b.early {
		for _, f := range e.Effects {
			if f.Class != graph.Observes && !c.rules.Classes.May[f.Class].Early {
				found = append(found, find(
					fmt.Sprintf("%s %s, and the source might not reach it", at(e), does(f)), b.leaveOut(), e))
			}
		}
	}
	return found
}

// cannotPanic: a guard may be what keeps an index in bounds.
func (c *checker) cannotPanic(b *beginning) (found []Finding) {
	guard := b.guard()
	if guard == nil {
		return nil // what it passes fails by panics only, and those come first
	}
	for _, e := range b.early {
		if e.Panics {
			found = append(found, find(
				fmt.Sprintf("glue in %s may panic, and %s may guard it", at(e), at(guard)),
				fmt.Sprintf("compute the arguments of %s before %s", e.ID, guard.ID), e, guard))
		}
	}
	return found
}

// observesNothing: a line in a log cannot be taken back.
func (c *checker) observesNothing(b *beginning) (found []Finding) {
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

// isBounded: the iterations under way, over all loops around together, are few.
func (c *checker) isBounded(b *beginning) []Finding {
	bound := c.rules.MaxAhead
	total := 1
	for p := &b.place; p != nil; p = p.Up {
		ahead := 0
		for _, n := range p.Block.Nodes {
			if n.Kind == graph.Start {
				ahead = max(ahead, n.Ahead)
			}
		}
		if ahead > bound || total*(ahead+1) > bound+1 {
			return []Finding{find(fmt.Sprintf("more than %d iterations may be under way at once", bound), "write a smaller ahead", b.first)}
		}
		total *= ahead + 1
	}
	return nil
}

// leavesMemoryAlone: work that was abandoned may run on for a while, beside what
// comes after.
func (c *checker) leavesMemoryAlone(b *beginning) (found []Finding) {
	handles := graph.Alike(c.g, c.handles(b.reads))
	for _, l := range c.afterAbandoned(b) {
		reads := c.values(b.reads)
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

// editsItsOwn: an edit that should not have been cannot be taken back.
func (c *checker) editsItsOwn(b *beginning) (found []Finding) {
	for _, e := range b.early {
		if changed := c.editedOutside(e, b.reads); len(changed) > 0 {
			found = append(found, find(
				fmt.Sprintf("%s changes %s in place, and the source might not reach it", at(e), list(changed)), b.leaveOut(), e))
		}
	}
	return found
}
