package engine_test

// Traces replayed by package sim: as written, and under plans.

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/internal/simworld"
)

const traced = 12 // requests in a trace

// apart is the time between two requests of a trace.
const apart = time.Second

// timed runs requests of a graph whose steps take a time that depends on their inputs, and
// returns how long each took and what was noted.
func timed(t *testing.T, g, plan *graph.Graph, seed uint64) (took []time.Duration, runs []*profile.Run) {
	t.Helper()
	var err error
	failed := simworld.Run(seed, func(w *simworld.World) {
		e := engine.New(engine.Options{
			World: w, KindOf: kindOf, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			Traced: func(r *profile.Run) { runs = append(runs, r) },
		})
		m := &model{seed: seed, written: map[string]int{}, write: func(n *graph.Node, f func()) { writing(e, n, f) }}
		m.took = func(h uint64) { w.Sleep(nil, time.Duration(h%7)*time.Millisecond) }
		var src *engine.Source
		if src, err = engine.NewSource(program(g, m)); err != nil {
			return
		}
		var p *engine.Plan
		if plan == nil {
			p, err = e.Probe(src, g)
		} else {
			p, err = e.Compile(src, plan, func(graph.FlowName) bool { return false })
		}
		if err != nil {
			return
		}
		for i := range traced {
			w.Sleep(nil, time.Duration(i+1)*apart-w.Elapsed())
			m.request = i
			began := w.Elapsed()
			request(p, seed, i)
			took = append(took, w.Elapsed()-began)
		}
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		t.Fatalf("seed %d: %v\n%v", seed, err, plan)
	}
	return took, runs
}

func TestReplayOfTraces(t *testing.T) {
	same, all := 0, 0
	for seed := range uint64(100) {
		g := random(seed)
		want, runs := timed(t, g, nil, seed)
		trace := &profile.Trace{Cores: 64, Flows: []profile.Flow{{Name: g.Flow, Graph: g.String()}}, Runs: runs}
		if len(runs) != traced {
			t.Fatalf("seed %d: %d runs were noted, want %d", seed, len(runs), traced)
		}
		read, err := sim.Read(trace)
		if err != nil {
			t.Fatal(err)
		}
		got := replayed(t, read, nil)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("seed %d, request %d: as written it took %v, the replay says %v\n%v", seed, i, want[i], got[i], g)
			}
		}
		for k := range uint64(3) {
			plan := legal(g, seed*3+k)
			want, _ := timed(t, g, plan, seed)
			got := replayed(t, read, plan)
			for i := range want {
				all++
				if got[i] == want[i] {
					same++
				} else if testing.Verbose() && all-same < 4 {
					t.Logf("seed %d, plan %d, request %d: %v, the replay says %v\n%v", seed, k, i, want[i], got[i], plan)
				}
			}
		}
	}
	t.Logf("%d of %d under plans are the same", same, all)
	if same*100 < all*95 {
		t.Errorf("%d of %d requests under plans take as long as the replay says", same, all)
	}
}

func replayed(t *testing.T, trace *sim.Trace, plan *graph.Graph) (took []time.Duration) {
	t.Helper()
	o := sim.Options{}
	if plan != nil {
		o.Plans = map[graph.FlowName]*graph.Graph{plan.Flow: plan}
	}
	out, err := sim.Run(trace, o)
	if err != nil {
		t.Fatalf("%v\n%v", err, plan)
	}
	for _, r := range out.Requests {
		took = append(took, r.Took)
	}
	if len(took) != traced {
		t.Fatalf("%d requests were replayed, want %d", len(took), traced)
	}
	return took
}

// probe compiles a flow without handles to be noted as written.
func (k *kit) probe(name, body string, runs *[]*profile.Run) (*graph.Graph, *engine.Plan) {
	k.t.Helper()
	src, g := k.source(name, body)
	p, err := k.engine.Probe(src, g)
	if err != nil {
		k.t.Fatal(err)
	}
	p.NoteTo(func(r *profile.Run) { *runs = append(*runs, r) })
	return g, p
}

// Calls that wait for their turn are replayed as they were: they wait in the replay, too, or no longer if fewer come.
func TestReplayOfWaits(t *testing.T) {
	for seed := range uint64(20) {
		var runs []*profile.Run
		var took []time.Duration
		const n = 40
		step := &engine.Acts{Step: "s.A", Limit: 2}
		steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (out string, err error) {
			k := kitOf(ctx)
			step.Engine = k.engine
			failed := step.Do(ctx, nil, func(ctx context.Context) error {
				err = k.nap(ctx, time.Duration(100+len(arg)*70)*time.Millisecond)
				return err
			})
			return "a" + arg, errors.Join(failed, err)
		}}
		oneSeed(t, seed, steps, func(k *kit) {
			g, p := k.probe("F", "step A s.A (ctx arg) -> (a err) err=err limit=2 {volatile 1m}"+tell, &runs)
			took = make([]time.Duration, n)
			over, left := k.NewGate(), n
			for i := range n {
				k.Sleep(nil, time.Duration(k.Random()%uint64(150*time.Millisecond)))
				k.Go(func() {
					began := k.since()
					k.run(p, background, strings.Repeat("x", i%5))
					if took[i] = k.since() - began; left == 1 {
						over.Open()
					}
					left--
				})
			}
			over.Wait(nil)
			slices.SortStableFunc(runs, func(a, b *profile.Run) int { return cmp.Compare(a.At, b.At) })
			trace, err := sim.Read(&profile.Trace{Cores: 64, Flows: []profile.Flow{{Name: g.Flow, Graph: g.String()}}, Runs: runs})
			if err != nil {
				t.Fatal(err)
			}
			for _, rate := range []float64{1, 1e-6} {
				out, err := sim.Run(trace, sim.Options{Rate: rate})
				if err != nil {
					t.Fatal(err)
				}
				waited := time.Duration(0)
				for i, r := range out.Requests {
					v := runs[i].Visits[0]
					waited += v.Waited
					if want := v.Took; rate == 1 && r.Took != want {
						t.Fatalf("request %d took %v, the replay says %v", i, want, r.Took)
					} else if rate < 1 && r.Took != v.Alone() {
						t.Fatalf("request %d took %v alone, the replay says %v", i, v.Alone(), r.Took)
					}
				}
				if waited == 0 {
					t.Error("nobody waited")
				}
			}
		})
	}
}
