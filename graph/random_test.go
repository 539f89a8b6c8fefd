package graph_test

// Properties over random graphs. A failure names the seed.

import (
	"reflect"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
)

const seeds = 500

// random makes a graph of 1 to most nodes; every other one has parts of variables.
func random(seed uint64, most int) *graph.Graph {
	g := graphtest.Random(seed, 1+int(seed)%most)
	if seed%2 == 1 {
		g = graphtest.WithParts(g, seed)
	}
	return g
}

// eachRun calls f with small dense graphs, several worlds and regions for each.
func eachRun(t *testing.T, f func(t *testing.T, seed uint64, g *graph.Graph)) {
	t.Helper()
	for seed := range uint64(8 * seeds) {
		f(t, seed, random(seed/4, 24))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// eachSeed runs f on random graphs of 1 to 60 nodes.
func eachSeed(t *testing.T, f func(t *testing.T, seed uint64, g *graph.Graph)) {
	t.Helper()
	for seed := range uint64(seeds) {
		f(t, seed, random(seed, 60))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestRandomGraphsAreSane(t *testing.T) {
	eachSeed(t, func(t *testing.T, seed uint64, g *graph.Graph) {
		if err := graph.Check(g); err != nil {
			t.Errorf("%v\n%s", err, g)
		}
		if planned := graphtest.Plan(g, seed); graph.Check(planned) != nil {
			t.Errorf("%v\n%s", graph.Check(planned), planned)
		}
	})
}

func TestTextRoundTrip(t *testing.T) {
	eachSeed(t, func(t *testing.T, seed uint64, g *graph.Graph) {
		for _, g := range []*graph.Graph{g, graphtest.Plan(g, seed)} {
			got, err := graph.Parse(g.String())
			if err != nil || !reflect.DeepEqual(got, g) {
				t.Errorf("%v\n%s", err, g)
			}
		}
	})
}

func TestEraseGivesTheSourceBack(t *testing.T) {
	plans := 0
	eachSeed(t, func(t *testing.T, seed uint64, g *graph.Graph) {
		planned := graphtest.Plan(g, seed)
		text := planned.String()
		if got := graph.Erase(planned); !reflect.DeepEqual(got, g) {
			t.Errorf("erased:\n%s\nsource:\n%s", got, g)
		}
		if planned.String() != text {
			t.Error("Erase changed its argument")
		}
		if text != g.String() {
			plans++
		}
	})
	if plans < seeds/2 {
		t.Errorf("only %d graphs had a plan", plans)
	}
}

// Planned nodes are transparent to the meaning.
func TestPlansDoNotChangeTheReference(t *testing.T) {
	eachSeed(t, func(t *testing.T, seed uint64, g *graph.Graph) {
		want := graphtest.Run(g, seed)
		if got := graphtest.Run(graphtest.Plan(g, seed), seed); !reflect.DeepEqual(got, want) {
			t.Errorf("planned %v, source %v", got, want)
		}
	})
}
