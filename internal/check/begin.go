package check

// Start nodes: what begins, what it passes, and whether it may come to nothing.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A beginning is a start node with what the laws ask about it.
type beginning struct {
	place   graph.Place
	name    string        // of the source's nodes that begin early, for people
	first   *graph.Node   // of them
	nodes   []*graph.Node // what begins early, as siblings
	early   []*graph.Node // the same, with everything in their blocks
	between []*graph.Node // what the source has first, with everything in their blocks
	reads   []graph.VarID // what enters, as it is when the work begins
	leaves  []graph.VarID // what it sets or changes, and may be read afterwards

	loop *graph.Node   // whose later iterations begin too; nil if none do
	body []*graph.Node // everything in that loop
}

// begin gives the verdict on a start node.
func (c *checker) begin(p graph.Place) Verdict {
	first, last, _ := rangeOf(p)
	b := &beginning{place: p, nodes: p.Block.Nodes[first : last+1]}
	from := p.Index
	if p.Node.Ahead > 0 {
		from = 0 // it begins when the iteration does, or before
		b.loop = p.Up.Node
		b.body = all(b.loop.Blocks[0].Nodes...)
	}
	b.early = all(b.nodes...)
	b.between = all(p.Block.Nodes[from:first]...)
	b.reads = graph.Inputs(c.g, b.nodes)
	b.leaves = graph.Outputs(c.g, p.Block, first, last)

	source := unwrapped(&graph.Block{Nodes: b.nodes})
	b.name, b.first = region(source), source[0]
	v := Verdict{Node: p.Node.ID, Kind: graph.Start, Region: b.name, Pos: b.first.Pos, Laws: []graph.Law{graph.Reorder}}
	try(c, &v, b, reorderTests)
	if b.mayComeToNothing() {
		v.Laws = append(v.Laws, graph.Speculate)
		try(c, &v, b, speculateTests)
	}
	return v
}

// passed lists the nodes that may end the walk's way to what begins early.
func (b *beginning) passed() []*graph.Node {
	if b.loop == nil {
		return b.between
	}
	return slices.Concat(b.between, b.body)
}

// mayComeToNothing reports whether the source might not reach what begins early:
// a node that it passes may exit or panic. Any step may panic.
func (b *beginning) mayComeToNothing() bool {
	return b.ending(func(*graph.Node) bool { return false }) != nil
}

// ending returns a node that it passes and that may end the way, but for those that
// except says; nil if there is none.
func (b *beginning) ending(except func(*graph.Node) bool) *graph.Node {
	for _, n := range b.passed() {
		ends := n.Exits != 0 || n.Panics || n.Kind == graph.Step || n.Kind == graph.Call || n.Kind == graph.Fresh
		if ends && !except(n) {
			return n
		}
	}
	return nil
}

// guard returns a node that stands in front and may exit; nil if none does.
func (b *beginning) guard() *graph.Node {
	for _, n := range b.passed() {
		if n.Exits != 0 {
			return n
		}
	}
	return nil
}

// leaveOut is the fix that always works.
func (b *beginning) leaveOut() string {
	return "leave " + b.name + " out of the line of parallel"
}
