package engine_test

// Random graphs under random legal plans, verified: whatever the steps return, each time something else, a
// legal plan answers what the source could have answered.

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/simworld"
)

// isVolatile reports whether what a node returns changes from call to call.
func isVolatile(n *graph.Node) bool {
	return n.Kind == graph.Fresh || n.Kind == graph.Step && slices.ContainsFunc(n.Effects, func(e graph.Effect) bool {
		return e.Class == graph.Volatile || e.Class == graph.Acts || e.Class == graph.Opaque
	})
}

// withoutResponse takes the handle w out of a graph, where nothing uses it.
func withoutResponse(g *graph.Graph) bool {
	for n := range graph.Within(g.Body.Nodes...) {
		if slices.Contains(slices.Concat(n.In, n.Out, n.Edit), "w") {
			return false
		}
	}
	g.Vars = slices.DeleteFunc(g.Vars, func(v *graph.Var) bool { return v.ID == "w" })
	return true
}

func TestVerifyRandomGraphs(t *testing.T) {
	requests, kinds := 0, map[graph.Kind]int{}
	for seed := range uint64(400) {
		g := random(seed)
		if !withoutResponse(g) {
			continue
		}
		for k := range uint64(3) {
			plan := legal(g, seed*3+k)
			for at := range plan.Places() {
				kinds[at.Node.Kind]++
			}
			r := verifyRandom(t, g, plan, seed, k)
			requests += r.Requests
			if r.Different > 0 || r.Noisy > 0 || r.Undecided > 0 {
				t.Fatalf("seed %d, plan %d: %+v\n%v", seed, k, r, plan)
			}
		}
	}
	t.Log(requests, kinds)
	if requests < 1000 || kinds[graph.Stored] < 50 || kinds[graph.Shared] < 50 || kinds[graph.Start] < 50 {
		t.Errorf("only %d requests, nodes %v", requests, kinds)
	}
}

func verifyRandom(t *testing.T, g, plan *graph.Graph, seed, order uint64) (r engine.Verified) {
	err := simworld.Run(order, func(w *simworld.World) {
		e := engine.New(engine.Options{World: w, KindOf: kindOf, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Early: int64(w.Random() % 16)})
		m := &model{seed: seed, written: map[string]int{}, changes: isVolatile}
		m.during = func(*graph.Node) { w.Sleep(nil, time.Duration(w.Random()%5)*time.Second) }
		m.write = func(n *graph.Node, f func()) { writing(e, n, f) }
		src, err := engine.NewSource(program(g, m))
		if err != nil {
			t.Fatal(err)
		}
		j := e.NewJournal()
		p, err := e.Verified(j, src, plan, func(graph.FlowName) bool { return false })
		if err != nil {
			return // a step is given something without a key, or gives something without a copy
		}
		over, left := w.NewGate(), 6
		for i := range left {
			w.Go(func() {
				verifiedRequest(p, seed, i)
				if left--; left == 0 {
					over.Open()
				}
			})
			w.Sleep(nil, time.Duration(w.Random()%uint64(2*time.Minute)))
		}
		over.Wait(nil)
		r = j.Report()
	})
	if err != nil {
		t.Fatalf("seed %d: %v\n%v", seed, err, plan)
	}
	return r
}

func verifiedRequest(p *engine.Plan, seed uint64, i int) {
	defer func() { _ = recover() }()
	f := p.Enter()
	vars := f.Vars.(*holder)
	for id, v := range params(seed, i) {
		vars.set(id, v)
	}
	p.Run(context.Background(), f)
	p.Leave(f)
}
