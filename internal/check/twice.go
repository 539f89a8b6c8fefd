package check

// Hedged blocks: two runs of one block beside each other, each on copies of what enters, of
// which the one that ends first counts. What the other did must not show.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

var duplicateTests = []test[*kept]{
	{"duplicate.1", (*checker).mayRunTwice},
	{"duplicate.2", (*checker).entersAsCopies},
	{"duplicate.3", (*checker).leavesInputsAlone},
	{"duplicate.4", (*checker).sharesNothing},
}

// twice gives the verdict on a hedged node.
func (c *checker) twice(p graph.Place) Verdict {
	k := c.newKept(p, graph.Duplicate)
	k.enters = graph.Inputs(c.g, k.block.Nodes)
	k.inside = all(k.block.Nodes...)
	source := unwrapped(k.block)
	v := Verdict{Node: p.Node.ID, Kind: p.Node.Kind, Region: region(source), Pos: source[0].Pos, Laws: []graph.Law{graph.Duplicate}}
	try(c, &v, k, duplicateTests)
	return v
}

// mayRunTwice: the one run more is nobody's but the engine's.
func (c *checker) mayRunTwice(k *kept) (found []Finding) {
	for _, n := range k.inside {
		if n.Kind == graph.Fresh {
			found = append(found, find(fmt.Sprintf("%s makes a new value every time", at(n)), k.without(n), n))
		}
		for _, e := range n.Effects {
			if c.rules.Classes.May[e.Class].Twice {
				continue
			}
			fix := k.without(n)
			if e.Class == graph.Opaque {
				fix = fmt.Sprintf("say at %s what it does, as in //fluxo:volatile 1m or //fluxo:reads NAME, if that is true; else %s", callee(n), fix)
			}
			found = append(found, find(fmt.Sprintf("%s %s, and would do so twice", at(n), does(e)), fix, n))
		}
	}
	return found
}

// entersAsCopies: each run has a frame of its own. A handle that both use, or one that the run which
// does not count has made and nobody closes, cannot be divided so.
func (c *checker) entersAsCopies(k *kept) (found []Finding) {
	for _, id := range k.enters {
		v, reader := c.vars[id], k.reader(id)
		if v.Kind == graph.Data && !v.Copy {
			found = append(found, find(fmt.Sprintf("%s reads %s, whose type %s cannot be copied", at(reader), id, v.Type), giveKey(v), reader))
		}
	}
	for _, n := range k.inside {
		for _, id := range slices.Concat(uses(n), n.Out) {
			if v := c.vars[id]; v != nil && (v.Kind == graph.Handle || v.Kind == graph.Func) {
				what := "a function"
				if v.Kind == graph.Handle {
					what = fmt.Sprintf("a handle (%s)", v.Type)
				}
				found = append(found, find(fmt.Sprintf("%s uses %s, %s", at(n), id, what), k.without(n), n))
			}
		}
		for _, id := range n.Points {
			found = append(found, find(fmt.Sprintf("%s takes the address of %s, which is another variable for each run", at(n), id), k.without(n), n))
		}
		for _, e := range n.Effects {
			if e.Hidden != "" {
				found = append(found, find(fmt.Sprintf("%s depends on something that may be another for each run: %s", at(n), e.Hidden), "pass it as an argument, or "+k.without(n), n))
			}
		}
		if hasLocal(n) && !c.namesHandle(n) {
			found = append(found, find(fmt.Sprintf("%s %s, which the flow does not show", at(n), does(graph.Effect{Class: graph.LocalTo})), k.without(n), n))
		}
	}
	return found
}
