package engine

// What the walk knows of a shared block before anybody runs it.

import "fluxo.dev/fluxo/graph"

// common is what the walk knows of a shared block.
type common struct {
	edge
	name    string
	departs []graph.NodeID // failure edges that each caller runs for itself
	body    block
	data    []ref       // of what leaves: what is copied for each caller,
	errs    []ref       // and errors, which nobody changes
	names   []DataKey   // all named data that the block may read
	first   *graph.Node // for reports
	tally   *decisionTally
}

func (c *compiler) common(at place, i int) *common {
	in := at.within(at.block.Nodes[i].Blocks[0])
	m := &common{
		edge: c.keptEdge(in, graph.Share), departs: c.departs(in.block.Nodes), first: in.block.Nodes[0], body: c.whole(in),
		name: string(c.plan.flow) + " " + spanName(in.block.Nodes) + " ", tally: c.decision(shareVerb, in.block.Nodes),
	}
	for n := range graph.Within(in.block.Nodes...) {
		for _, e := range n.Effects {
			for _, k := range e.Data {
				m.names = append(m.names, DataKey{Name: k.Name})
			}
		}
	}
	c.held(m.name, m.edge)
	for _, v := range m.out {
		if v.src.Kind == graph.Error {
			m.errs = append(m.errs, v)
		} else {
			m.data = append(m.data, v)
		}
	}
	return m
}
