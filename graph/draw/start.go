package draw

// Starts: what begins early reads its values where its start stands.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A started is a start with all the nodes that it begins.
type started struct {
	box   *box
	nodes map[graph.NodeID]bool
}

// findStarts lists the starts, those with more nodes first.
func (s *scene) findStarts() {
	for p := range s.g.Places() {
		if p.Node.Kind != graph.Start {
			continue
		}
		at := func(id graph.NodeID) int {
			return slices.IndexFunc(p.Block.Nodes, func(n *graph.Node) bool { return n.ID == id })
		}
		first, last := at(p.Node.First), at(p.Node.Last)
		if first < 0 || last < first {
			continue
		}
		x := started{s.home[p.Node.ID], map[graph.NodeID]bool{}}
		for n := range graph.Within(p.Block.Nodes[first : last+1]...) {
			x.nodes[n.ID] = true
		}
		s.starts = append(s.starts, x)
	}
	slices.SortStableFunc(s.starts, func(a, b started) int { return len(b.nodes) - len(a.nodes) })
}

// startOf returns the box of the outermost start that e enters; nil if it enters none.
func (s *scene) startOf(e graph.Edge) *box {
	for _, x := range s.starts {
		if x.nodes[e.To] && !x.nodes[e.From] {
			return x.box
		}
	}
	return nil
}

// isBefore reports whether a stands before b in the innermost panel that holds both.
func (s *scene) isBefore(a, b *box) bool {
	p, x, y := s.siblings(a, b)
	return p != nil && slices.Index(p.boxes, x) < slices.Index(p.boxes, y)
}
