package engine_test

// Random graphs under random legal plans, against the reference meaning.

import (
	"context"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/graph/interp"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/simworld"
)

// An outcome is all that can be seen of one request.
type outcome struct {
	results  [2]any
	panic    any
	history  []string
	response []uint64 // what was written to it
}

func params(seed uint64, request int) map[graph.VarID]any {
	m := &model{seed: seed}
	out := map[graph.VarID]any{"ctx": context.Background(), "srv": "server", "w": m.hash("w", request)}
	for _, id := range []graph.VarID{"a", "b"} {
		out[id] = m.hash(id, request%2) // every other request has the same
		out[id+".x"] = graphtest.Part(out[id], id+".x")
	}
	return out
}

const requests = 4

// reference runs the requests one after another as the source says.
func reference(g *graph.Graph, seed uint64) (all []outcome) {
	m := &model{seed: seed, written: map[string]int{}, during: func(*graph.Node) {}, write: func(_ *graph.Node, f func()) { f() }}
	for i := range requests {
		env := interp.NewEnv(g, "", nil)
		for id, v := range params(seed, i) {
			if g.Var(id) != nil {
				env.Set(id, v)
			}
		}
		m.history, m.response, m.request = nil, nil, i
		var o outcome
		func() {
			defer func() { o.panic = recover() }()
			interp.Run(g, m, env)
		}()
		if o.panic == nil {
			o.results = [2]any{env.Get("out.0"), env.Get("out.1")}
		}
		o.history, o.response = m.history, m.response
		all = append(all, o)
	}
	return all
}

// planned runs the requests one after another under a planned graph.
func planned(g, plan *graph.Graph, seed, order uint64) (all []outcome, err error) {
	failed := simworld.Run(order, func(w *simworld.World) {
		e := engine.New(engine.Options{World: w, KindOf: kindOf, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Early: int64(w.Random() % 16)})
		m := &model{seed: seed, written: map[string]int{}}
		m.during = func(*graph.Node) { w.Sleep(nil, time.Duration(w.Random()%5)*time.Millisecond) }
		m.write = func(n *graph.Node, f func()) { writing(e, n, f) }
		var src *engine.Source
		if src, err = engine.NewSource(program(g, m)); err != nil {
			return
		}
		var p *engine.Plan
		p, err = e.Compile(src, plan, func(graph.FlowName) bool { return false })
		if err != nil {
			return
		}
		for i := range requests {
			m.history, m.response, m.request = nil, nil, i
			all = append(all, request(p, seed, i))
			all[i].history, all[i].response = m.history, m.response
		}
	})
	if err == nil {
		err = failed
	}
	return all, err
}

// writing holds the data that n writes active while f runs.
func writing(e *engine.Engine, n *graph.Node, f func()) {
	a := engine.Acts{Step: n.Callee, Engine: e}
	for _, eff := range n.Effects {
		for _, k := range eff.Data {
			if eff.Class == graph.Writes {
				a.Writes = append(a.Writes, k.Name)
			}
		}
	}
	if len(a.Writes) == 0 {
		f()
		return
	}
	a.Do(context.Background(), nil, func(context.Context) error { f(); return nil })
}

func request(p *engine.Plan, seed uint64, i int) (o outcome) {
	defer func() { o.panic = recover() }()
	f := p.Enter()
	vars := f.Vars.(*holder)
	for id, v := range params(seed, i) {
		vars.set(id, v)
	}
	p.Run(context.Background(), f)
	o.results = [2]any{vars.get("out.0"), vars.get("out.1")}
	p.Leave(f)
	return o
}

// legal returns a random plan of g without what the checker refuses.
func legal(g *graph.Graph, seed uint64) *graph.Graph {
	sole := check.Program{Sole: map[string]bool{"posts": true, "likes": true}}
	plan := graphtest.Plan(g, seed)
	for {
		r := check.Check(g, plan, sole, check.DefaultRules())
		if len(r.Broken) > 0 {
			return g
		}
		refused := r.Refused()
		if len(refused) == 0 {
			return plan
		}
		plan.Body = without(plan.Body, refused)
	}
}

func without(b *graph.Block, ids []graph.NodeID) *graph.Block {
	out := &graph.Block{}
	for _, n := range b.Nodes {
		for i, in := range n.Blocks {
			n.Blocks[i] = without(in, ids)
		}
		switch {
		case !slices.Contains(ids, n.ID):
			out.Nodes = append(out.Nodes, n)
		case n.Kind != graph.Start:
			out.Nodes = append(out.Nodes, n.Blocks[0].Nodes...)
		}
	}
	return out
}

// random makes a graph; every other one has parts of variables.
func random(seed uint64) *graph.Graph {
	g := graphtest.Random(seed, 5+int(seed%30))
	if seed%2 == 1 {
		g = graphtest.WithParts(g, seed)
	}
	return g
}

func TestRandomGraphsUnderLegalPlans(t *testing.T) {
	const programs, plans = 250, 6
	ran, answers := map[graph.Kind]int{}, 0
	for seed := range uint64(programs) {
		g := random(seed)
		want := reference(g, seed)
		for k := range uint64(plans) {
			plan := legal(g, seed*plans+k)
			for at := range plan.Places() {
				ran[at.Node.Kind]++
				if at.Node.Answer {
					answers++
				}
			}
			got, err := planned(g, plan, seed, k)
			if err != nil {
				t.Fatalf("seed %d, plan %d: %v\n%v", seed, k, err, plan)
			}
			for i := range want {
				if !reflect.DeepEqual(got[i], want[i]) {
					t.Fatalf("seed %d, plan %d, request %d:\ngot  %v\nwant %v\n%v", seed, k, i, got[i], want[i], plan)
				}
			}
		}
	}
	for _, k := range []graph.Kind{graph.Start, graph.Stored, graph.Shared, graph.Hedged} {
		if ran[k] < programs/4 {
			t.Errorf("only %d nodes of kind %v ran", ran[k], k)
		}
	}
	if answers < 10 { // of a random graph all can rarely be kept
		t.Errorf("only %d answers were kept", answers)
	}
	t.Log(ran, answers)
}
