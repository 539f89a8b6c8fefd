package harness

// What the runs reached: for each law, the kinds of node that it was used on
// and that met with a failure, a panic or a cancellation.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/lockstep/world"
)

// reached collects "law kind edge".
var reached = map[string]bool{}

// lawsOn returns the laws that a planned graph uses on each source node.
func lawsOn(src, planned *graph.Graph, prog check.Program, rules check.Rules) map[graph.NodeID][]graph.Law {
	on := map[graph.NodeID][]graph.Law{}
	laws := map[graph.NodeID][]graph.Law{}
	for _, v := range check.Check(src, planned, prog, rules).Verdicts {
		laws[v.Node] = v.Laws
	}
	mark := func(nodes []*graph.Node, laws []graph.Law) {
		for n := range graph.Within(nodes...) {
			on[n.ID] = append(on[n.ID], laws...)
		}
	}
	for at := range planned.Places() {
		n := at.Node
		switch n.Kind {
		case graph.Start:
			nodes := at.Block.Nodes
			first := slices.IndexFunc(nodes, func(m *graph.Node) bool { return m.ID == n.First })
			last := slices.IndexFunc(nodes, func(m *graph.Node) bool { return m.ID == n.Last })
			mark(nodes[first:last+1], laws[n.ID])
		case graph.Stored, graph.Shared, graph.Hedged:
			mark(n.Blocks[0].Nodes, laws[n.ID])
		}
	}
	return on
}

// watch returns p with every node's code telling what it meets under the laws
// that a plan uses on it.
func watch(p engine.Program, src *graph.Graph, on map[graph.NodeID][]graph.Law) engine.Program {
	p.Nodes = slices.Clone(p.Nodes)
	i := -1
	var walk func(b *graph.Block, around []*graph.Node)
	walk = func(b *graph.Block, around []*graph.Node) {
		for _, n := range b.Nodes {
			i++
			tell := teller(append(slices.Clone(around), n), on)
			c := &p.Nodes[i]
			if run := c.Run; run != nil {
				c.Run = func(t *engine.Thread, f *engine.Frame) (x engine.Exit) {
					defer tell(world.Met())()
					x = run(t, f)
					return x
				}
			}
			if pick := c.Pick; pick != nil {
				c.Pick = func(t *engine.Thread, f *engine.Frame) int {
					defer tell(world.Met())()
					return pick(t, f)
				}
			}
			if begin := c.Begin; begin != nil {
				c.Begin = func(t *engine.Thread, f *engine.Frame) any {
					defer tell(world.Met())()
					return begin(t, f)
				}
			}
			for _, in := range n.Blocks {
				walk(in, append(slices.Clone(around), n))
			}
		}
	}
	walk(src.Body, nil)
	return p
}

// teller returns a function that is deferred around a node's code: what the code
// met counts for the node and for those around it.
func teller(nodes []*graph.Node, on map[graph.NodeID][]graph.Law) func(world.Trouble) func() {
	return func(before world.Trouble) func() {
		return func() {
			now := world.Met()
			v := recover()
			for _, n := range nodes {
				for _, law := range on[n.ID] {
					if now.Failures > before.Failures {
						reached[fmt.Sprintf("%s %s failure", law, n.Kind)] = true
					}
					if now.Cancels > before.Cancels {
						reached[fmt.Sprintf("%s %s cancel", law, n.Kind)] = true
					}
					if v != nil {
						reached[fmt.Sprintf("%s %s panic", law, n.Kind)] = true
					}
				}
			}
			if v != nil {
				panic(v)
			}
		}
	}
}
