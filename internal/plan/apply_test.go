package plan_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

// Every section NAME.plan of testdata/apply is applied to the source; NAME.planned
// has the body and the problems that come out.
func TestApply(t *testing.T) {
	golden(t, "testdata/apply/*.txtar", func(g *graph.Graph, decisions []plan.Decision) string {
		planned, problems := plan.Apply(g, decisions)
		checkApplied(t, g, planned)
		return applied(planned, problems)
	})
}

// golden gives the decisions of every section NAME.plan to apply, and expects NAME.planned.
func golden(t *testing.T, files string, apply func(*graph.Graph, []plan.Decision) string) {
	graphtest.Golden(t, files, func(t *testing.T, files map[string]string) map[string]string {
		g, err := graph.Parse(files["source"])
		if err != nil {
			t.Fatal(err)
		}
		if err := graph.Check(g); err != nil {
			t.Fatal(err)
		}
		planned := map[string]string{}
		for section, text := range files {
			name, ok := strings.CutSuffix(section, ".plan")
			if !ok {
				continue
			}
			f, err := plan.Parse("plan", []byte(fmt.Sprintf("fluxo 1\nflow %s (\n%s)\n", g.Flow, text)))
			if err != nil {
				t.Fatal(err)
			}
			planned[name+".planned"] = apply(g, f.Decisions(g.Flow))
		}
		return planned
	})
}

// applied prints the planned body without its last node, and the problems.
func applied(planned *graph.Graph, problems []plan.Problem) string {
	_, body, _ := strings.Cut(planned.String(), "body {\n")
	body = strings.TrimRight(body[:strings.LastIndex(body, "\tresult return")], "\t")
	for _, p := range problems {
		body += p.String() + "\n"
	}
	return body
}

func checkApplied(t *testing.T, g, planned *graph.Graph) {
	t.Helper()
	if err := graph.Check(planned); err != nil {
		t.Errorf("planned graph is not sane: %v\n%s", err, planned)
	}
	if got := graph.Erase(planned); !reflect.DeepEqual(got, g) {
		t.Errorf("erased:\n%s\nsource:\n%s", got, g)
	}
	if r := judge(g, planned); len(r.Broken) > 0 {
		t.Errorf("the checker finds no plan: %s", r)
	}
}

func judge(g, planned *graph.Graph) check.Report {
	return check.Check(g, planned, check.Program{}, check.DefaultRules())
}

// What ApplyLegal leaves standing is legal.
func TestApplyLegal(t *testing.T) {
	stand, fall := 0, 0
	for seed := range uint64(300) {
		g := graphtest.Random(seed, 1+int(seed)%40)
		refused := func(planned *graph.Graph) []graph.NodeID { return judge(g, planned).Refused() }
		planned, dropped, _ := plan.ApplyLegal(g, randomDecisions(g, seed), refused)
		checkApplied(t, g, planned)
		if r := judge(g, planned); !r.OK() {
			t.Errorf("not legal: %s", r)
		} else {
			stand += len(r.Verdicts)
		}
		fall += len(dropped)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if stand < 50 || fall < 50 {
		t.Errorf("%d nodes stand, %d decisions fell: the test has lost its teeth", stand, fall)
	}
}

// Whatever is decided, the planned graph is sane, and erasing gives the source
// back; a decision is written down or told of, and nothing depends on the order
// in which it was given but who comes first.
func TestApplyRandomDecisions(t *testing.T) {
	accepted, refused := 0, 0
	for seed := range uint64(1500) {
		g := graphtest.Random(seed, 1+int(seed)%40)
		before := g.String()
		ds := randomDecisions(g, seed)
		planned, problems := plan.Apply(g, ds)
		checkApplied(t, g, planned)
		if g.String() != before {
			t.Errorf("seed %d: the source changed", seed)
		}
		told := map[plan.DecisionID]bool{}
		for _, p := range problems {
			told[p.ID] = true
		}
		for _, d := range ds {
			switch nodes := plan.Nodes(g, d); {
			case told[d.ID(g.Flow)]:
				refused++
			default:
				accepted++
				for _, id := range nodes {
					if _, ok := planned.Find(id); !ok {
						t.Errorf("seed %d: %s is neither applied nor told of: no node %s\n%s", seed, d, id, planned)
					}
				}
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if accepted < 1500 || refused < 500 {
		t.Errorf("%d decisions accepted, %d refused: the test has lost its teeth", accepted, refused)
	}
}

// randomDecisions makes distinct decisions about nodes of g.
func randomDecisions(g *graph.Graph, seed uint64) (ds []plan.Decision) {
	r := rand.New(rand.NewPCG(seed, 7))
	var places []graph.Place
	for p := range g.Places() {
		places = append(places, p)
	}
	region := func(p graph.Place) plan.Region {
		last := p.Index + r.IntN(min(3, len(p.Block.Nodes)-p.Index))
		return plan.Region{First: p.Node.ID, Last: p.Block.Nodes[last].ID}
	}
	seen := map[string]bool{}
	for range 1 + r.IntN(6) {
		p := places[r.IntN(len(places))]
		d := plan.Decision{Verb: plan.Verb(r.IntN(5)), Items: []plan.Region{region(p)}}
		if d.Verb == plan.Answer {
			d.Items = nil
		}
		if d.Verb == plan.Hedge {
			d.After, d.Budget = time.Duration(1+r.IntN(3))*time.Second, r.IntN(3)
		}
		if d.Verb == plan.Parallel {
			for range 1 + r.IntN(2) {
				i := r.IntN(len(p.Block.Nodes))
				d.Items = append(d.Items, region(graph.Place{Node: p.Block.Nodes[i], Block: p.Block, Index: i}))
			}
			if p.Up != nil && p.Up.Node.Kind == graph.Each && r.IntN(2) == 0 {
				d.Ahead = 1 + r.IntN(8)
			}
		}
		if !seen[d.What()] {
			seen[d.What()] = true
			ds = append(ds, d)
		}
	}
	return ds
}
