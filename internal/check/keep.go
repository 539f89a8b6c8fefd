package check

// Stored and shared blocks: the conjuncts that both laws have, about what is
// inside and what enters. leave.go has those about what leaves.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A kept block is a stored, shared or hedged node with what the laws ask about it.
type kept struct {
	place   graph.Place
	law     graph.Law
	block   *graph.Block  // with the nodes that a plan added inside
	inside  []*graph.Node // every node in it, without them and without what departs
	enters  []graph.VarID // read by those before it is surely set inside
	leaves  []graph.VarID // set or changed inside, and maybe read afterwards
	live    []graph.VarID // of before or inside, and maybe read afterwards
	departs []*graph.Node // failure edges that are never part of a result
}

var (
	storeTests = append(keptTests("store"), test[*kept]{"store.10", (*checker).refreshesUnseen})
	shareTests = keptTests("share")
)

func keptTests(law string) []test[*kept] {
	id := func(n int) graph.ConjunctID { return graph.ConjunctID(fmt.Sprintf("%s.%d", law, n)) }
	return []test[*kept]{
		{id(1), (*checker).sharesNothing},
		{id(2), (*checker).stepsMayBeKept},
		{id(3), (*checker).actsNowhere},
		{id(4), (*checker).dataIsAnsweredFor},
		{id(5), (*checker).nothingFresh},
		{id(6), (*checker).entersByKey},
		{id(7), (*checker).leavesAsData},
		{id(8), (*checker).nothingHidden},
		{id(9), (*checker).leavesInputsAlone},
	}
}

// newKept looks at what leaves a block. What enters it, and what is inside, depends on who asks.
func (c *checker) newKept(p graph.Place, law graph.Law) *kept {
	k := &kept{place: p, law: law, block: p.Node.Blocks[0]}
	last := len(k.block.Nodes) - 1
	k.leaves, k.live = graph.KeptOutputs(c.g, k.block, 0, last, law), graph.KeptLive(c.g, k.block, 0, last, law)
	return k
}

// keep gives the verdict on a stored or shared node.
func (c *checker) keep(p graph.Place, law graph.Law) Verdict {
	k := c.newKept(p, law)
	k.enters, k.departs = graph.KeptInputs(c.g, k.block.Nodes)
	k.inside = slices.DeleteFunc(all(k.block.Nodes...), func(n *graph.Node) bool { return slices.Contains(k.departs, n) })
	source := unwrapped(k.block)
	what := region(source)
	if p.Node.Answer {
		what = "the encoded answer, " + what
	}
	v := Verdict{Node: p.Node.ID, Kind: p.Node.Kind, Region: what, Pos: source[0].Pos, Laws: []graph.Law{law}}
	tests := storeTests
	if law == graph.Share {
		tests = shareTests
	}
	try(c, &v, k, tests)
	return v
}

// without is the fix that leaves a node out of the region.
func (k *kept) without(n *graph.Node) string {
	return k.bounds(n, fmt.Sprintf("let the region end before %s, or begin after it", n.ID))
}

// bounds is a fix that moves the bounds of a region because of n. An answer has none.
func (k *kept) bounds(n *graph.Node, fix string) string {
	if k.place.Node.Answer {
		return fmt.Sprintf("remove the line, and store a part of the flow without %s", n.ID)
	}
	return fix
}

// stepsMayBeKept: by class, effects and writes apart, which are told of by
// themselves.
func (c *checker) stepsMayBeKept(k *kept) (found []Finding) {
	for _, n := range k.inside {
		for _, e := range n.Effects {
			if isAct(e) || c.rules.Classes.May[e.Class].Keep {
				continue
			}
			fix := k.without(n)
			if e.Class == graph.Opaque {
				fix = fmt.Sprintf("say at %s what it does, as in //fluxo:volatile 1m or //fluxo:reads NAME, if that is true; else %s", callee(n), fix)
			}
			found = append(found, find(fmt.Sprintf("%s %s", at(n), does(e)), fix, n))
		}
	}
	return found
}

// callee names what a node calls, or the node.
func callee(n *graph.Node) string {
	if n.Callee != "" {
		return n.Callee
	}
	return string(n.ID)
}

func isAct(e graph.Effect) bool { return e.Class == graph.Acts || e.Class == graph.Writes }

// actsNowhere: a hit would leave the effect out.
func (c *checker) actsNowhere(k *kept) (found []Finding) {
	for _, n := range k.inside {
		for _, e := range n.Effects {
			if isAct(e) && !c.rules.Classes.May[e.Class].Keep {
				found = append(found, find(fmt.Sprintf("%s %s", at(n), does(e)), k.without(n), n))
			}
		}
	}
	return found
}

// dataIsAnsweredFor: somebody says how a change of the data shows.
func (c *checker) dataIsAnsweredFor(k *kept) (found []Finding) {
	for _, n := range k.inside {
		for _, e := range n.Effects {
			if e.Class != graph.Reads || e.Within > 0 {
				continue
			}
			open := slices.DeleteFunc(slices.Clone(e.Data), func(d graph.DataKey) bool { return c.prog.Sole[d.Name] })
			if len(open) == 0 && len(e.Data) > 0 {
				continue
			}
			name := "NAME"
			if len(open) > 0 {
				name = open[0].Name
			}
			found = append(found, find(
				fmt.Sprintf("%s %s, and nobody says how long a result may be used", at(n), does(e)),
				fmt.Sprintf("say //fluxo:sole %s in the main package (one without func main is served, too) if this process is its only writer, or give %s an age with within", name, callee(n)), n))
		}
	}
	return found
}

// nothingFresh: a value that is new every time would come back old.
func (c *checker) nothingFresh(k *kept) (found []Finding) {
	for _, n := range k.inside {
		if n.Kind == graph.Fresh {
			found = append(found, find(fmt.Sprintf("%s makes a new value every time", at(n)),
				fmt.Sprintf("call %s before the region and use its result, rounded if it is a time, inside", n.ID), n))
		}
		if slices.ContainsFunc(n.Effects, isVolatileZero) {
			why := "a result of %s may never be used again (volatile 0)"
			if n.Kind == graph.Call {
				why = "the flow that %s calls makes a new value every time, or reads what may never be used again (volatile 0)"
			}
			found = append(found, find(fmt.Sprintf(why, at(n)), k.without(n), n))
		}
	}
	return found
}

// entersByKey: equal keys must mean equal inputs, and the work may outlive the
// call whose values it reads.
func (c *checker) entersByKey(k *kept) (found []Finding) {
	for _, id := range k.enters {
		v, reader := c.vars[id], k.reader(id)
		why, fix := "", k.without(reader)
		switch {
		case v.Kind == graph.Context || v.Kind == graph.Identity:
			continue
		case v.Kind == graph.Handle:
			why = fmt.Sprintf("%s uses %s, a handle of this request (%s)", at(reader), id, v.Type)
		case v.Kind == graph.Func:
			why = fmt.Sprintf("%s uses %s, a function", at(reader), id)
		case v.Kind == graph.Error && !v.Key:
			why = fmt.Sprintf("%s reads the error %s, which was set before", at(reader), id)
			fix = k.bounds(reader, "let the region begin with the node that sets it, or after "+string(reader.ID))
		case !v.Key || !v.Copy:
			why = fmt.Sprintf("%s reads %s, whose type %s has no key, or cannot be copied", at(reader), id, v.Type)
			fix = giveKey(v)
		default:
			continue
		}
		found = append(found, find(why, fix, reader))
	}
	for _, n := range k.inside {
		if hasLocal(n) && !c.namesHandle(n) {
			found = append(found, find(fmt.Sprintf("%s %s, which the flow does not show", at(n), does(graph.Effect{Class: graph.LocalTo})), k.without(n), n))
		}
	}
	return found
}

// reader returns the first node inside that reads a variable.
func (k *kept) reader(id graph.VarID) *graph.Node {
	for _, n := range k.inside {
		if slices.Contains(uses(n), id) {
			return n
		}
	}
	return k.inside[0]
}

// nothingHidden: whatever a result depends on is in its key.
func (c *checker) nothingHidden(k *kept) (found []Finding) {
	for _, n := range k.inside {
		for _, e := range n.Effects {
			if e.Hidden != "" {
				found = append(found, find(
					fmt.Sprintf("%s depends on something that is in no key: %s", at(n), e.Hidden),
					"pass it as an argument; of a context value, mark the function that extracts it //fluxo:context, or its key //fluxo:observer if it cannot matter", n))
			}
		}
		if ctx := c.opens(k, n); ctx != "" {
			found = append(found, find(
				fmt.Sprintf("%s looks into the context %s", at(n), ctx),
				k.bounds(n, fmt.Sprintf("let the region begin after %s, so that what it finds enters as a value", n.ID)), n))
		}
	}
	return found
}

// opens returns the context from outside that glue takes a value from; "" if it
// takes none. Steps are told apart by their hidden inputs; deriving a context
// from another sets contexts and functions only.
func (c *checker) opens(k *kept, n *graph.Node) graph.VarID {
	if n.Kind == graph.Step || n.Kind == graph.Call || n.Kind == graph.Defer {
		return ""
	}
	derives := len(n.Out) > 0 && !slices.ContainsFunc(n.Out, func(id graph.VarID) bool {
		v := c.vars[id]
		return v == nil || v.Kind != graph.Context && v.Kind != graph.Func
	})
	if derives {
		return ""
	}
	for _, id := range n.In {
		if v := c.vars[id]; v != nil && v.Kind == graph.Context && slices.Contains(k.enters, id) {
			return id
		}
	}
	return ""
}

// refreshesUnseen: who asked was answered with the old results, and a line about the new ones
// would tell of what nobody got.
func (c *checker) refreshesUnseen(k *kept) (found []Finding) {
	if k.place.Node.Refresh == 0 {
		return nil
	}
	for _, n := range k.inside {
		if slices.ContainsFunc(n.Effects, func(e graph.Effect) bool { return e.Class == graph.Observes }) {
			found = append(found, find(fmt.Sprintf("%s %s, and would do so behind an answer that has the old results", at(n), does(graph.Effect{Class: graph.Observes})),
				"remove refresh from the line, or "+k.without(n), n))
		}
	}
	return found
}

// leavesInputsAlone: on a hit nothing would be edited, and nothing deferred.
func (c *checker) leavesInputsAlone(k *kept) (found []Finding) {
	for _, n := range k.inside {
		if changed := c.editedOutside(n, k.enters); len(changed) > 0 {
			found = append(found, find(fmt.Sprintf("%s changes %s, which was made before the region", at(n), list(changed)), k.without(n), n))
		}
		if n.Kind == graph.Defer {
			found = append(found, find(fmt.Sprintf("%s defers a call to the end of the flow", at(n)), k.without(n), n))
		}
	}
	return found
}
