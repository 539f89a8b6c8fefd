package graph_test

// What is derived from a graph, as files that can be read: the runs of nodes
// listed under "regions" with what enters and leaves them, and all edges.

import (
	"fmt"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
)

func TestDerived(t *testing.T) {
	graphtest.Golden(t, "testdata/flow/*.txtar", func(t *testing.T, files map[string]string) map[string]string {
		g := mustParse(t, files["graph"])
		var regions, edges, orders strings.Builder
		for line := range strings.Lines(files["regions"]) {
			first, last, _ := strings.Cut(strings.Fields(line)[0], "..")
			a, b := find(t, g, first), find(t, g, last)
			nodes := a.Block.Nodes[a.Index : b.Index+1]
			fmt.Fprintf(&regions, "%s..%s %v -> %v", first, last, graph.Inputs(g, nodes), graph.Outputs(g, a.Block, a.Index, b.Index))
			if exits, loops := graph.ExitsOf(nodes...); exits != 0 {
				fmt.Fprintf(&regions, " exit=%v loops=%d", exits, loops)
			}
			regions.WriteByte('\n')
		}
		for _, e := range graph.Edges(g) {
			fmt.Fprintf(&edges, "%s -> %s (%s)\n", e.From, e.To, e.Var)
		}
		for at := range g.Places() {
			if at.Index > 0 {
				continue
			}
			for _, o := range graph.Orders(g, at.Block) {
				fmt.Fprintf(&orders, "%s, %s: %s\n", o.A.ID, o.B.ID, o.Why)
			}
		}
		return map[string]string{"graph": g.String(), "regions": regions.String(), "edges": edges.String(), "orders": orders.String()}
	})
}

func mustParse(t *testing.T, text string) *graph.Graph {
	t.Helper()
	g, err := graph.Parse(text)
	if err == nil {
		err = graph.Check(g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func find(t *testing.T, g *graph.Graph, id string) graph.Place {
	t.Helper()
	at, ok := g.Find(graph.NodeID(id))
	if !ok {
		t.Fatalf("no node %s", id)
	}
	return at
}
