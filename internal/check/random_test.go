package check_test

import (
	"slices"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/internal/check"
)

const seeds = 600

// eachPlan runs f on random graphs and random plans of them, legal or not.
func eachPlan(t *testing.T, f func(t *testing.T, source, planned *graph.Graph)) {
	t.Helper()
	for seed := range uint64(seeds) {
		source := graphtest.Random(seed, 1+int(seed)%40)
		if seed%2 == 1 {
			source = graphtest.WithParts(source, seed)
		}
		f(t, source, graphtest.Plan(source, seed))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

var everything = check.Program{Sole: map[string]bool{"posts": true, "users": true}}

func TestEmptyPlanIsLegal(t *testing.T) {
	eachPlan(t, func(t *testing.T, source, _ *graph.Graph) {
		r := check.Check(source, source.Clone(), check.Program{}, check.DefaultRules())
		if !r.OK() || len(r.Verdicts) != 0 {
			t.Errorf("%s", r)
		}
	})
}

// Every node that a plan adds gets one verdict, and every conjunct of its laws is
// in it once: held or refused. Some plans are legal, some are not.
func TestVerdictsAreComplete(t *testing.T) {
	legal, refused := 0, 0
	ofLaw := map[graph.Law]int{}
	for _, c := range graph.Laws() {
		ofLaw[c.Law]++
	}
	eachPlan(t, func(t *testing.T, source, planned *graph.Graph) {
		before := planned.String()
		r := check.Check(source, planned, everything, check.DefaultRules())
		if len(r.Broken) > 0 {
			t.Errorf("broken: %v", r.Broken)
		}
		added := 0
		for p := range planned.Places() {
			if p.Node.Kind.IsPlanned() {
				added++
			}
		}
		if len(r.Verdicts) != added {
			t.Errorf("%d verdicts about %d nodes", len(r.Verdicts), added)
		}
		for _, v := range r.Verdicts {
			want := 0
			for _, l := range v.Laws {
				want += ofLaw[l]
			}
			if len(v.Holds)+len(v.Refused) != want {
				t.Errorf("%s: %d conjuncts hold, %d are refused, of %d", v.Node, len(v.Holds), len(v.Refused), want)
			}
			if len(v.Refused) == 0 {
				legal++
			} else {
				refused++
			}
		}
		if planned.String() != before {
			t.Error("the planned graph changed")
		}
	})
	if legal < seeds/20 || refused < seeds/20 {
		t.Errorf("%d nodes legal, %d refused: the test has lost its teeth", legal, refused)
	}
}

// With a conjunct disabled, what is refused is what was, without that conjunct.
func TestDisablingRefusesLess(t *testing.T) {
	rules := check.DefaultRules()
	all := graph.Laws()
	n := 0
	eachPlan(t, func(t *testing.T, source, planned *graph.Graph) {
		id := all[n%len(all)].ID
		n++
		with := check.Check(source, planned, everything, rules)
		without := check.Check(source, planned, everything, rules.Without(id))
		for i, v := range with.Verdicts {
			want := slices.DeleteFunc(slices.Clone(v.Refused), func(r check.Refusal) bool { return r.Conjunct == id })
			if got := without.Verdicts[i].Refused; len(got) != len(want) {
				t.Errorf("%s without %s: refused %v, want %v", v.Node, id, got, want)
			}
		}
	})
}

// A planned graph that is not one of the source gets no verdicts: any node
// that is taken away, added or changed shows.
func TestOtherGraphsAreBroken(t *testing.T) {
	eachPlan(t, func(t *testing.T, source, planned *graph.Graph) {
		for what, change := range map[string]func(*graph.Graph){
			"node lost":      func(g *graph.Graph) { g.Body.Nodes = g.Body.Nodes[:len(g.Body.Nodes)-1] },
			"node added":     func(g *graph.Graph) { g.Body.Nodes = append(g.Body.Nodes, &graph.Node{ID: "extra"}) },
			"effect changed": func(g *graph.Graph) { last(g).Effects = append(last(g).Effects, graph.Effect{Class: graph.Opaque}) },
			"flow changed":   func(g *graph.Graph) { g.Flow += "x" },
			"variable":       func(g *graph.Graph) { g.Vars[0].Key = !g.Vars[0].Key },
		} {
			other := planned.Clone()
			change(other)
			if r := check.Check(source, other, everything, check.DefaultRules()); r.OK() || len(r.Verdicts) > 0 {
				t.Errorf("%s: %s", what, r)
			}
		}
	})
}

func last(g *graph.Graph) *graph.Node { return g.Body.Nodes[len(g.Body.Nodes)-1] }
