package graph

// Erasing a plan: the planned graph without the nodes that the plan added.

// Erase returns the source graph of a planned one: start nodes are left out,
// stored, shared and hedged nodes give way to the nodes in their block. The result
// shares nothing with planned, and is a copy of it if no plan was applied.
func Erase(planned *Graph) *Graph {
	g := planned.Clone()
	g.Body = erased(g.Body)
	return g
}

func erased(b *Block) *Block {
	out := &Block{}
	for _, n := range b.Nodes {
		switch n.Kind {
		case Start:
		case Stored, Shared, Hedged:
			for _, in := range n.Blocks {
				out.Nodes = append(out.Nodes, erased(in).Nodes...)
			}
		default:
			for i, in := range n.Blocks {
				n.Blocks[i] = erased(in)
			}
			out.Nodes = append(out.Nodes, n)
		}
	}
	return out
}

// Clone returns a deep copy of g.
func (g *Graph) Clone() *Graph {
	c := &Graph{Flow: g.Flow, Body: g.Body.Clone()}
	for _, v := range g.Vars {
		v := *v
		c.Vars = append(c.Vars, &v)
	}
	return c
}

// Clone returns a deep copy of b.
func (b *Block) Clone() *Block {
	c := &Block{}
	for _, n := range b.Nodes {
		c.Nodes = append(c.Nodes, n.Clone())
	}
	return c
}

// Clone returns a deep copy of n.
func (n *Node) Clone() *Node {
	c := *n
	c.In, c.Out, c.Edit, c.Points = clone(n.In), clone(n.Out), clone(n.Edit), clone(n.Points)
	c.Effects = clone(n.Effects)
	if n.Fork != nil {
		f := *n.Fork
		c.Fork = &f
	}
	for i, e := range c.Effects {
		c.Effects[i].Errors = clone(e.Errors)
		c.Effects[i].Data = clone(e.Data)
		for j, k := range e.Data {
			c.Effects[i].Data[j].Parts = clone(k.Parts)
		}
	}
	c.Blocks = nil
	for _, b := range n.Blocks {
		c.Blocks = append(c.Blocks, b.Clone())
	}
	return &c
}

// clone copies s; like the parser it has no empty slices.
func clone[T any](s []T) []T { return append([]T(nil), s...) }
