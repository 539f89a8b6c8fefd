package graph_test

// Edges and order held against runs.

import (
	"reflect"
	"slices"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/graph/interp"
)

// A tracker notes which node gave each variable its value.
type tracker struct {
	graphtest.World
	g      *graph.Graph
	givers map[graph.VarID]graph.NodeID
	used   map[graph.Edge]bool
}

func (k *tracker) Run(n *graph.Node, env *interp.Env) interp.Exit {
	k.read(n)
	before := map[graph.VarID]any{}
	for _, id := range slices.Concat(n.Out, n.Edit) {
		before[id] = env.Get(id)
	}
	exit := k.World.Run(n, env)
	for id := range before {
		from := id
		if whole, ok := graphtest.WholeOf(n, id); ok {
			from = whole // another one may have the same part
		}
		given := n.Kind != graph.Fail && (n.Exits == 0 || slices.Contains(n.In, from)) // be it as it was
		if env.Get(from) != before[from] || given || id == n.Err && n.Kind != graph.Fail {
			k.givers[id] = n.ID
		}
	}
	return exit
}

func (k *tracker) read(n *graph.Node) {
	for _, id := range n.In {
		if from, ok := k.givers[id]; ok {
			k.used[graph.Edge{From: from, To: n.ID, Var: id}] = true
		}
	}
}

func (k *tracker) Pick(n *graph.Node, env *interp.Env) int {
	k.read(n)
	return k.World.Pick(n, env)
}

func (k *tracker) Begin(n *graph.Node, env *interp.Env) any {
	k.read(n)
	return k.World.Begin(n, env)
}

func (k *tracker) More(n *graph.Node, c any, env, prev *interp.Env) bool {
	for _, v := range k.g.Vars {
		if v.Scope == n.ID {
			delete(k.givers, v.ID) // the new iteration has its own
		}
	}
	more := k.World.More(n, c, env, prev)
	for _, id := range n.Out {
		if more {
			k.givers[id] = n.ID
		}
	}
	return more
}

// Every value that a run moves from node to node has an edge.
func TestEdgesCoverEveryRun(t *testing.T) {
	moved := 0
	eachRun(t, func(t *testing.T, seed uint64, g *graph.Graph) {
		edges := graph.Edges(g)
		k := &tracker{World: graphtest.World{Seed: seed}, g: g, givers: map[graph.VarID]graph.NodeID{}, used: map[graph.Edge]bool{}}
		env := interp.NewEnv(g, "", nil)
		for _, v := range g.Vars {
			if v.Role == graph.Param {
				k.givers[v.ID] = ""
				env.Set(v.ID, graphtest.Value(1))
			}
		}
		func() {
			defer func() { _ = recover() }()
			interp.Run(g, k, env)
		}()
		for e := range k.used {
			moved++
			if !slices.Contains(edges, e) {
				t.Errorf("no edge %v in\n%s", e, g)
			}
		}
	})
	if moved < seeds {
		t.Errorf("only %d values moved", moved)
	}
}

// Two neighbours without an edge or a clash may change places.
func TestNodesWithoutAClashCommute(t *testing.T) {
	swapped := 0
	eachRun(t, func(t *testing.T, seed uint64, g *graph.Graph) {
		for at := range g.Places() {
			nodes, i := at.Block.Nodes, at.Index
			if i+1 == len(nodes) || !commute(g, nodes[i], nodes[i+1]) {
				continue
			}
			want := graphtest.Run(g, seed)
			nodes[i], nodes[i+1] = nodes[i+1], nodes[i]
			got := graphtest.Run(g, seed)
			slices.Sort(want.History)
			slices.Sort(got.History)
			if swapped++; !reflect.DeepEqual(got, want) {
				t.Errorf("%s and %s changed places in\n%s\ngave %v\nbefore %v", nodes[i].ID, nodes[i+1].ID, g, got, want)
			}
			return // the walk over places was disturbed
		}
	})
	if swapped < seeds/10 {
		t.Errorf("only %d pairs changed places", swapped)
	}
}

func commute(g *graph.Graph, a, b *graph.Node) bool {
	for n := range graph.Within(a, b) {
		if n.Exits != 0 || n.Panics || n.Kind == graph.Fresh || n.Kind == graph.Defer {
			return false
		}
	}
	if _, clash := graph.Between(g, a, b); clash {
		return false
	}
	sets := func(n *graph.Node) []graph.VarID {
		return slices.Concat(graph.SetsOf(n), graph.Alike(g, graph.EditsOf(n)))
	}
	uses := func(n *graph.Node) []graph.VarID { return append(sets(n), graph.ReadsOf(n)...) }
	meet := func(as, bs []graph.VarID) bool {
		return slices.ContainsFunc(as, func(id graph.VarID) bool { return slices.Contains(bs, id) })
	}
	return !meet(sets(a), uses(b)) && !meet(uses(a), sets(b))
}
