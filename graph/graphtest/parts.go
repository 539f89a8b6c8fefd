package graphtest

// Parts of variables: some of a random graph's variables get one, and some nodes read the
// part instead of the whole.

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// WithParts returns g with parts of some of its variables: v1.x of v1.
func WithParts(g *graph.Graph, seed uint64) *graph.Graph {
	r := rand.New(rand.NewPCG(seed, 77))
	g = g.Clone()
	parts := map[graph.VarID]graph.VarID{}
	var vars []*graph.Var
	for _, v := range g.Vars {
		vars = append(vars, v)
		if v.Kind == graph.Data && v.Role != graph.Result && r.IntN(3) > 0 {
			part := &graph.Var{ID: v.ID + ".x", Role: v.Role, Type: "int", Scope: v.Scope, Key: true, Copy: true, Of: v.ID}
			if r.IntN(2) == 0 {
				part.Alias = v.Alias
			}
			parts[v.ID] = part.ID
			vars = append(vars, part)
		}
	}
	g.Vars = vars
	for n := range graph.Within(g.Body.Nodes...) {
		for _, id := range n.Out {
			if part, ok := parts[id]; ok {
				n.Out = append(n.Out, part)
			}
		}
		for i, id := range n.In {
			part, ok := parts[id]
			if ok && r.IntN(3) > 0 && !slices.Contains(n.Out, id) && !slices.Contains(n.Edit, id) {
				n.In[i] = part
			}
		}
	}
	return g
}

// Crossing returns ids with the parts of what is among them: they go where it goes.
func Crossing(g *graph.Graph, ids []graph.VarID) []graph.VarID {
	all := slices.Clone(ids)
	for _, v := range g.Vars {
		if v.Of != "" && slices.Contains(ids, v.Of) && !slices.Contains(ids, v.ID) {
			all = append(all, v.ID)
		}
	}
	return all
}

// Part is the content of part id of a whole: different wholes may have it in common.
func Part(whole any, id graph.VarID) Value {
	h := fnv.New64a()
	fmt.Fprint(h, whole, id)
	return Value(h.Sum64() % 3)
}

// WholeOf returns the variable that n sets and that id, which n sets as well, is a part of;
// false if id is none.
func WholeOf(n *graph.Node, id graph.VarID) (graph.VarID, bool) {
	whole, _, ok := strings.Cut(string(id), ".")
	return graph.VarID(whole), ok && slices.Contains(n.Out, graph.VarID(whole))
}
