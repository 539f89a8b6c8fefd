package graphtest

// Random plans: graphs that are sane, whether or not the laws allow them.

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
)

// Plan returns a copy of a source graph with stored, shared, hedged and start nodes at
// random places, and sometimes one that keeps the answer.
func Plan(g *graph.Graph, seed uint64) *graph.Graph {
	p := &planner{r: rand.New(rand.NewPCG(seed, 1))}
	planned := g.Clone()
	p.block(planned.Body, nil)
	if p.r.IntN(2) == 0 {
		all := &graph.Node{ID: p.id("answer"), Kind: graph.Stored, Answer: true, Blocks: []*graph.Block{planned.Body}}
		planned.Body = &graph.Block{Nodes: []*graph.Node{all}}
	}
	return planned
}

type planner struct {
	r *rand.Rand
	n int
}

func (p *planner) id(what string) graph.NodeID {
	p.n++
	return graph.NodeID(fmt.Sprintf("%s.%d", what, p.n))
}

func (p *planner) block(b *graph.Block, up *graph.Node) {
	for _, n := range b.Nodes {
		for _, in := range n.Blocks {
			p.block(in, n)
		}
	}
	if len(b.Nodes) > 0 && p.r.IntN(2) == 0 {
		p.wrap(b)
	}
	if len(b.Nodes) > 0 && p.r.IntN(3) == 0 {
		p.hedge(b)
	}
	if len(b.Nodes) > 1 && p.r.IntN(2) == 0 {
		p.start(b, up)
	}
}

// wrap puts a run of b's nodes into a stored or shared node, or both.
func (p *planner) wrap(b *graph.Block) {
	from := p.r.IntN(len(b.Nodes))
	to := from + 1 + p.r.IntN(len(b.Nodes)-from)
	run := slices.Clone(b.Nodes[from:to])
	for i, k := range []graph.Kind{graph.Shared, graph.Stored} {
		if p.r.IntN(2) == 0 && (i == 0 || len(run) > 1) {
			continue
		}
		run = []*graph.Node{{ID: p.id(k.String()), Kind: k, Blocks: []*graph.Block{{Nodes: run}}}}
	}
	b.Nodes = slices.Replace(b.Nodes, from, to, run...)
}

// hedge has a run of b's nodes tried twice.
func (p *planner) hedge(b *graph.Block) {
	from := p.r.IntN(len(b.Nodes))
	to := min(len(b.Nodes), from+1+p.r.IntN(3))
	n := &graph.Node{
		ID: p.id("hedged"), Kind: graph.Hedged, After: time.Duration(1+p.r.IntN(4)) * time.Millisecond, Budget: 100,
		Blocks: []*graph.Block{{Nodes: slices.Clone(b.Nodes[from:to])}},
	}
	b.Nodes = slices.Replace(b.Nodes, from, to, n)
}

// start lets a run of b's nodes begin early.
func (p *planner) start(b *graph.Block, up *graph.Node) {
	first := p.r.IntN(len(b.Nodes))
	last := first + p.r.IntN(len(b.Nodes)-first)
	n := &graph.Node{ID: p.id("start"), Kind: graph.Start, First: b.Nodes[first].ID, Last: b.Nodes[last].ID}
	at := p.r.IntN(first + 1)
	if up != nil && up.Kind == graph.Each && p.r.IntN(2) == 0 {
		at, n.Ahead = 0, 1+p.r.IntN(8)
	}
	b.Nodes = slices.Insert(b.Nodes, at, n)
}
