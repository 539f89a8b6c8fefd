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
	passed  []*graph.Node // what may end the walk's way to what begins early, be it in another iteration
	decides []*graph.Node // the same, but for what the author runs beside what begins early
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
	b.passed = slices.Concat(b.between, b.body)
	b.decides = c.deciding(b)
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

// deciding lists the nodes on whose outcome depends whether the source reaches what
// begins early. What the author runs beside it is none of them.
func (c *checker) deciding(b *beginning) (nodes []*graph.Node) {
	for _, n := range b.between {
		if !c.allBeside(b.early, n) {
			nodes = append(nodes, n)
		}
	}
	for _, n := range b.body {
		if !c.allIterated(b, n) {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// allBeside reports whether the author runs all of early beside other.
func (c *checker) allBeside(early []*graph.Node, other *graph.Node) bool {
	return !slices.ContainsFunc(early, func(e *graph.Node) bool { return !c.beside(e, other) })
}

// allIterated reports whether the author runs all that begins early beside other in
// several iterations of the loop.
func (c *checker) allIterated(b *beginning, other *graph.Node) bool {
	return !slices.ContainsFunc(b.early, func(e *graph.Node) bool { return !graph.BesideOver(b.loop.ID, c.forks[e], c.forks[other]) })
}

// beside reports whether the author runs early beside other, which the source has first.
func (c *checker) beside(early, other *graph.Node) bool {
	return graph.Beside(c.forks[early], c.forks[other])
}

// mayComeToNothing reports whether the walk might not reach what begins early: a
// node that it passes may exit or panic.
func (b *beginning) mayComeToNothing() bool { return slices.ContainsFunc(b.passed, mayEnd) }

// mayEnd reports whether a node may end the walk's way. Any step may panic.
func mayEnd(n *graph.Node) bool {
	return n.Exits != 0 || n.Panics || n.Kind == graph.Step || n.Kind == graph.Call || n.Kind == graph.Fresh
}

// ending returns a node that may keep the source from reaching what begins early, but
// for those that except says; nil if there is none.
func (b *beginning) ending(except func(*graph.Node) bool) *graph.Node {
	for _, n := range b.decides {
		if mayEnd(n) && !except(n) {
			return n
		}
	}
	return nil
}

// isCertain reports whether the source reaches what begins early whatever becomes of
// what it passes.
func (b *beginning) isCertain() bool {
	return b.ending(func(*graph.Node) bool { return false }) == nil
}

// guard returns a node that stands in front and may exit; nil if none does.
func (b *beginning) guard() *graph.Node {
	for _, n := range b.decides {
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
