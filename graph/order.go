package graph

// Order that is not dataflow: which nodes must keep their source order because
// of what they do to the world. The class table decides, over every pair of
// effects of the two.

import "strings"

// A Clash is why two nodes must keep their source order.
type Clash struct {
	A, B    NodeID // the nodes that clash, possibly nested in those asked about
	Effects [2]Effect
	Handle  VarID // the request-scoped handle that both use, "" if that is not why
}

// String completes "they keep their source order, because …".
func (c Clash) String() string {
	if c.Handle != "" {
		return "both use the handle " + string(c.Handle)
	}
	return c.Effects[0].String() + " meets " + c.Effects[1].String()
}

// Between returns the first reason in the order of the text why a and b must
// keep their source order, whatever that order is; false if there is none.
// Variables that both use are no reason here, but for handles: see [Edges].
func Between(g *Graph, a, b *Node) (Clash, bool) {
	for x := range Within(a) {
		for y := range Within(b) {
			if h, ok := sharedHandle(g, x, y); ok {
				return Clash{A: x.ID, B: y.ID, Handle: h}, true
			}
			for _, e := range x.Effects {
				for _, f := range y.Effects {
					if conflict(g, x, e, y, f) {
						return Clash{A: x.ID, B: y.ID, Effects: [2]Effect{e, f}}, true
					}
				}
			}
		}
	}
	return Clash{}, false
}

// conflict looks effects e of x and f of y up in the class table.
func conflict(g *Graph, x *Node, e Effect, y *Node, f Effect) bool {
	if e.Unordered && f.Unordered {
		return false
	}
	switch table.Conflicts[e.Class][f.Class] {
	case Always:
		return true
	case Matching:
		return Match(e.Data, f.Data)
	case After:
		if e.Class == LocalTo {
			return changesHandle(g, x)
		}
		return changesHandle(g, y)
	}
	return false // Never; SameVar is sharedHandle's
}

// Match reports whether keys of as and bs may name the same data. A list
// without keys names anything.
func Match(as, bs []DataKey) bool {
	if len(as) == 0 || len(bs) == 0 {
		return true
	}
	for _, a := range as {
		for _, b := range bs {
			if matchKey(a, b) {
				return true
			}
		}
	}
	return false
}

// matchKey holds if the names are equal and one key may be a prefix of the
// other: no part differs for sure. Only literals differ for sure, since an
// expression may have any value when the flow runs.
func matchKey(a, b DataKey) bool {
	if a.Name != b.Name {
		return false
	}
	for i := range min(len(a.Parts), len(b.Parts)) {
		p, q := a.Parts[i], b.Parts[i]
		if p != q && strings.HasPrefix(p, "=") && strings.HasPrefix(q, "=") {
			return false
		}
	}
	return true
}

// sharedHandle returns a request-scoped handle that x and y both use so that
// their order tells: all but nodes that only read the request.
func sharedHandle(g *Graph, x, y *Node) (VarID, bool) {
	if onlyReads(g, x) && onlyReads(g, y) {
		return "", false
	}
	for _, h := range x.In {
		v := g.Var(h)
		if v == nil || v.Kind != Handle {
			continue
		}
		for _, id := range y.In {
			if w := g.Var(id); id == h || v.Alias != "" && w != nil && w.Alias == v.Alias {
				return h, true
			}
		}
	}
	return "", false
}

// onlyReads reports whether all that n does to handles is to read them.
func onlyReads(g *Graph, n *Node) bool {
	for _, e := range n.Effects {
		if e.Class != LocalTo && e.Class != Pure && e.Class != Observes {
			return false
		}
	}
	for _, id := range Alike(g, n.Edit) {
		if v := g.Var(id); v != nil && v.Kind == Handle {
			return false
		}
	}
	return true
}

// changesHandle reports whether n, a local step, changes a handle. One that
// names no handle may hold it where the graph does not show it.
func changesHandle(g *Graph, n *Node) bool {
	if !onlyReads(g, n) {
		return true
	}
	for _, id := range n.In {
		if v := g.Var(id); v != nil && v.Kind == Handle {
			return false
		}
	}
	return true
}

// An Order says that A, which stands before B in one block, must stay there.
type Order struct {
	A, B *Node
	Why  Clash
}

// Orders lists the pairs of nodes in b that must keep their source order, but
// for those that follow from others: if A stays before B and B before C, the
// pair A, C is left out.
func Orders(g *Graph, b *Block) (all []Order) {
	before := make([]map[int]bool, len(b.Nodes)) // transitively
	for j, y := range b.Nodes {
		before[j] = map[int]bool{}
		for i := j - 1; i >= 0; i-- {
			if before[j][i] {
				continue
			}
			if why, ok := Between(g, b.Nodes[i], y); ok {
				all = append(all, Order{b.Nodes[i], y, why})
				before[j][i] = true
				for k := range before[i] {
					before[j][k] = true
				}
			}
		}
	}
	return all
}
