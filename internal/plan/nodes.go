package plan

// Which nodes of a planned graph a decision is answerable for.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
)

// Nodes names the nodes that Apply adds to g for d, if d is in force and fits:
// a start node for each region that begins early, or one stored or shared node.
func Nodes(g *graph.Graph, d Decision) []graph.NodeID {
	p, what, _ := newIndex(g).resolve(d)
	if what != "" || !d.InForce() {
		return nil
	}
	return p.nodes()
}

func (d placed) nodes() (ids []graph.NodeID) {
	if d.Verb != Parallel {
		return []graph.NodeID{wrapID(d.block, d.Verb, d.spans[0])}
	}
	for _, b := range d.begins() {
		ids = append(ids, startID(d.block, b.span))
	}
	return ids
}

// ApplyLegal applies those of ds that judge lets stand: it applies them all, asks
// which of the added nodes are refused, leaves out the decisions that are answerable
// for them, and asks again, until none is. dropped has what was left out,
// problems what Apply had to say about the rest. It asks at most once for each
// decision, and once more.
func ApplyLegal(g *graph.Graph, ds []Decision, judge func(planned *graph.Graph) (refused []graph.NodeID)) (planned *graph.Graph, dropped []Decision, problems []Problem) {
	ds = slices.Clone(ds)
	for {
		planned, problems = Apply(g, ds)
		refused := judge(planned)
		answerable := func(d Decision) bool {
			return slices.ContainsFunc(Nodes(g, d), func(id graph.NodeID) bool { return slices.Contains(refused, id) })
		}
		before := len(dropped)
		for _, d := range ds {
			if answerable(d) {
				dropped = append(dropped, d)
			}
		}
		if len(dropped) == before {
			return planned, dropped, problems
		}
		ds = slices.DeleteFunc(ds, answerable)
	}
}
