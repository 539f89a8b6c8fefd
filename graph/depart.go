package graph

// Departures: failure edges that end the flow in a way for which no kept or shared
// result can stand.

import "slices"

// KeptInputs is [Inputs] for nodes whose results are kept or shared, without the failure
// edges among them that answer for themselves: departs. Those return from the flow after a
// failure of the nodes' own, and on their way use what is no plain value (the response, a
// context) or have an effect. What meets such an edge with an error is never kept, nor
// shared beyond it, so that neither the edge nor what it reads is part of any result.
func KeptInputs(g *Graph, nodes []*Node) (enters []VarID, departs []*Node) {
	in := &entering{g: g, found: varSet{}, kept: true}
	return in.all(nodes), in.departs
}

// isDeparture reports whether n is such an edge, where set has surely been set inside.
func (in *entering) isDeparture(n *Node, set varSet) bool {
	if !in.kept || n.Kind != Fail || n.Exits != Return || !set[n.Err] {
		return false
	}
	handles := false
	for _, id := range n.In {
		v := in.g.Var(id)
		if v == nil {
			continue
		}
		handles = handles || v.Kind == Handle
		if !set[id] && !v.plain() {
			return true
		}
	}
	return slices.ContainsFunc(n.Out, func(id VarID) bool {
		v := in.g.Var(id)
		return v != nil && v.Kind != Error && !(v.Kind == Data && v.Copy)
	}) || slices.ContainsFunc(n.Effects, func(e Effect) bool {
		harmless := e.Class == Pure || e.Class == Observes || e.Class == LocalTo && handles
		return !harmless || e.Hidden != ""
	})
}

// plain reports whether a value of v can be part of a key and be copied.
func (v *Var) plain() bool {
	switch v.Kind {
	case Identity:
		return true
	case Error:
		return v.Key
	}
	return v.Kind == Data && v.Key && v.Copy
}
