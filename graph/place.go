package graph

// Finding nodes: every node of a graph with the block that it stands in.

import "iter"

// A Place is where a node stands.
type Place struct {
	Node  *Node
	Block *Block // the block that lists the node
	Index int    // its place in the block
	Up    *Place // the node that holds the block; nil in the flow's body
}

// Places yields every node in the order of the text: a node before the nodes in
// its blocks.
func (g *Graph) Places() iter.Seq[Place] {
	return func(yield func(Place) bool) { placesIn(g.Body, nil, yield) }
}

func placesIn(b *Block, up *Place, yield func(Place) bool) bool {
	for i, n := range b.Nodes {
		at := &Place{Node: n, Block: b, Index: i, Up: up}
		if !yield(*at) {
			return false
		}
		for _, in := range n.Blocks {
			if !placesIn(in, at, yield) {
				return false
			}
		}
	}
	return true
}

// Find returns the place of the node called id, in time linear in the graph.
func (g *Graph) Find(id NodeID) (Place, bool) {
	for at := range g.Places() {
		if at.Node.ID == id {
			return at, true
		}
	}
	return Place{}, false
}

// Var returns the variable called id, nil if there is none.
func (g *Graph) Var(id VarID) *Var {
	for _, v := range g.Vars {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// Loop returns the innermost loop around the place, nil if there is none.
func (at Place) Loop() *Node {
	for up := at.Up; up != nil; up = up.Up {
		if up.Node.Kind.IsLoop() {
			return up.Node
		}
	}
	return nil
}

// Within yields nodes and every node in their blocks, in the order of the text.
func Within(nodes ...*Node) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		placesIn(&Block{Nodes: nodes}, nil, func(at Place) bool { return yield(at.Node) })
	}
}
