package engine_test

// Flows under a plan, recorded: what they would do as written.

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/simworld"
)

// trailOf runs requests of a graph under a plan, whose steps take a time that depends on their inputs, and returns what was
// noted; ok is false if the graph cannot be run twice.
func trailOf(t *testing.T, g, plan *graph.Graph, seed uint64) (runs []*profile.Run, ok bool) {
	t.Helper()
	failed := simworld.Run(seed, func(w *simworld.World) {
		e := engine.New(engine.Options{
			World: w, KindOf: kindOf, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			Traced: func(r *profile.Run) { runs = append(runs, r) },
		})
		m := &model{seed: seed, written: map[string]int{}, write: func(n *graph.Node, f func()) { writing(e, n, f) }}
		m.took = func(h uint64) { w.Sleep(nil, time.Duration(h%7)*time.Millisecond) }
		src, err := engine.NewSource(program(g, m))
		if err != nil {
			t.Fatal(err)
		}
		var p *engine.Plan
		j := e.NewTrail()
		never := func(graph.FlowName) bool { return false }
		if plan == nil {
			if _, err = e.Recorded(j, src, g, never); err == nil {
				p, err = e.Probe(src, g)
			}
		} else {
			p, err = e.Recorded(j, src, plan, never)
		}
		if ok = err == nil; !ok {
			return
		}
		for i := range traced {
			w.Sleep(nil, time.Duration(i+1)*apart-w.Elapsed())
			m.request = i
			verifiedRequest(p, seed, i)
		}
		w.Sleep(nil, apart)
		if j.Lost() > 0 {
			t.Errorf("seed %d: %d requests were lost", seed, j.Lost())
		}
	})
	if failed != nil {
		t.Fatalf("seed %d: %v\n%v", seed, failed, plan)
	}
	return runs, ok
}

// unnumbered forgets which calls visits had.
func unnumbered(r *profile.Run) {
	for i := range r.Visits {
		v := &r.Visits[i]
		if v.Call = 0; v.Run != nil {
			unnumbered(v.Run)
		}
	}
}

// callsActing reports whether a graph calls a flow that does something: in a service that flow is run both ways, too.
func callsActing(g *graph.Graph) bool {
	for n := range graph.Within(g.Body.Nodes...) {
		if n.Kind == graph.Call && slices.ContainsFunc(n.Effects, func(e graph.Effect) bool {
			return e.Class == graph.Writes || e.Class == graph.Acts || e.Class == graph.Opaque
		}) {
			return true
		}
	}
	return false
}

// What is recorded of random graphs under random legal plans is what is recorded of them as written.
func TestTrailsOfRandomGraphs(t *testing.T) {
	all, kinds := 0, map[graph.Kind]int{}
	for seed := range uint64(700) {
		g := random(seed)
		if !withoutResponse(g) || callsActing(g) {
			continue
		}
		want, ok := trailOf(t, g, nil, seed)
		if !ok {
			continue
		}
		for k := range uint64(3) {
			plan := legal(g, seed*3+k)
			for at := range plan.Places() {
				kinds[at.Node.Kind]++
			}
			got, ok := trailOf(t, g, plan, seed)
			if !ok {
				t.Fatalf("seed %d, plan %d cannot be recorded\n%v", seed, k, plan)
			}
			slices.SortStableFunc(got, func(a, b *profile.Run) int { return int(a.At - b.At) })
			all += len(got)
			if len(got) != len(want) {
				t.Fatalf("seed %d, plan %d: %d runs, want %d\n%v", seed, k, len(got), len(want), plan)
			}
			for i := range want {
				if unnumbered(got[i]); !reflect.DeepEqual(got[i], want[i]) {
					t.Fatalf("seed %d, plan %d, request %d:\n%+v\nas written\n%+v\n%v", seed, k, i, got[i], want[i], plan)
				}
			}
		}
	}
	t.Log(all, kinds)
	if all < 2000 || kinds[graph.Stored] < 50 || kinds[graph.Shared] < 50 || kinds[graph.Start] < 50 || kinds[graph.Hedged] < 20 {
		t.Errorf("only %d requests, nodes %v", all, kinds)
	}
}

// recorded compiles a flow without handles under a plan, recorded.
func (k *kit) recorded(j *engine.Journal, name, body string, runs *[]*profile.Run) *engine.Plan {
	k.t.Helper()
	src, planned := k.source(name, body)
	p, err := k.engine.Recorded(j, src, planned, func(n graph.FlowName) bool { return k.plans[string(n)] != nil })
	if err != nil {
		k.t.Fatal(err)
	}
	p.NoteTo(func(r *profile.Run) { *runs = append(*runs, r) })
	k.plans["example.com/test."+name] = p
	return p
}

// tookOf lists how long the first node of runs took.
func tookOf(runs []*profile.Run) (took []time.Duration) {
	for _, r := range runs {
		took = append(took, r.Visits[0].Took)
	}
	return took
}

// The first try of a call goes on though the second one has answered: as written, somebody would have waited for it.
func TestTrailHasFirstTries(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name  string
		plan  string
		tries []try
		want  time.Duration // of the call as written
		kind  string
		ended int
	}{
		{"a slow one", twice, []try{{takes: time.Second}, {takes: 50 * ms}}, time.Second, "", 0},
		{"a slow one on a flight", "shared joined {\n" + strings.Replace(twice, "\n}\n", "\n}\n}\n", 1), []try{{takes: time.Second}, {takes: 50 * ms}}, time.Second, "", 0},
		{"a slow failure", twice, []try{{takes: time.Second, fails: errDown}, {takes: 50 * ms}}, time.Second, profile.AnyError, 0},
		{"a slower second one", twice, []try{{takes: 300 * ms}, {takes: time.Second}}, 300 * ms, "", 1},
		{"one that does not end", twice, []try{{takes: time.Hour}, {takes: 50 * ms}}, 10*time.Second + 150*ms, profile.AnyError, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			seeds(t, map[string]stepFunc{"A": tries(c.tries...)}, func(k *kit) {
				var runs []*profile.Run
				p := k.recorded(k.engine.NewTrail(), "F", c.plan, &runs)
				ctx, end := context.WithCancel(background)
				got := k.begin(p, ctx, "x")()
				end()
				if got.at > 300*ms || got.err != nil {
					t.Errorf("answered after %v: %v", got.at, got.err)
				}
				k.nap(background, time.Minute)
				if len(runs) != 1 || runs[0].Visits[0].Took != c.want || runs[0].Visits[0].Kind != c.kind || k.calls["s.A"] != 2 || k.calls["ended"] != c.ended {
					t.Errorf("noted %+v, calls %v", runs, k.calls)
				}
			})
		})
	}
}

// Who goes away before a second try has answered ends the first one.
func TestTrailEndsTriesOfWhoLeft(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": tries(try{takes: time.Second})}, func(k *kit) {
		var runs []*profile.Run
		p := k.recorded(k.engine.NewTrail(), "F", "shared joined {\n"+strings.Replace(twice, "\n}\n", "\n}\n}\n", 1), &runs)
		ctx, end := context.WithTimeout(background, time.Hour)
		k.After(50*time.Millisecond, end)
		got := k.begin(p, ctx, "x")()
		k.nap(background, time.Minute)
		if got.at != 50*time.Millisecond || k.calls["ended"] == 0 {
			t.Errorf("%+v, calls %v", got, k.calls)
		}
	})
}

// What was kept before is asked for once more: by one request of each content, and by four at a time.
func TestTrailAsksForWhatWasKept(t *testing.T) {
	under, most := 0, 0
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		under++
		most = max(most, under)
		defer func() { under-- }()
		return "a" + arg, kitOf(ctx).nap(ctx, time.Second)
	}}
	oneSeed(t, 1, steps, func(k *kit) {
		before := k.plan("F", strings.Replace(wrapped, "1m", "10m", 1))
		const keys = 20
		for i := range keys {
			k.begin(before, background, fmt.Sprint("x", i))
		}
		k.nap(background, time.Minute)
		under, most = 0, 0
		var runs []*profile.Run
		j := k.engine.NewTrail()
		p := k.recorded(j, "F", strings.Replace(wrapped, "1m", "10m", 1), &runs)
		for range 3 {
			for i := range keys {
				if got := k.begin(p, background, fmt.Sprint("x", i))(); got.err != nil {
					t.Error(got.err)
				}
			}
		}
		k.nap(background, time.Minute)
		if k.calls["s.A"] != 2*keys || most != 4 || len(runs) != 3*keys || j.Lost() > 0 || j.Made() != keys {
			t.Errorf("%d calls, %d at a time; %d runs, %d lost", k.calls["s.A"], most, len(runs), j.Lost())
		}
		for _, took := range tookOf(runs) {
			if took != time.Second {
				t.Fatalf("noted %v", tookOf(runs))
			}
		}
		if s := k.statistics("F"); s.Written.Count > 0 || s.Runs.Count == 0 {
			t.Errorf("counted %+v", s)
		}
	})
}

// A call that was ended because nobody needed it any more says nothing of how long it takes, nor that it fails.
func TestTrailHasNoCallsThatWereCut(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		if arg == "bad" {
			return "", errDown
		}
		return "a", nil
	}, "B": takes("b", time.Second)}
	seeds(t, steps, func(k *kit) {
		var runs []*profile.Run
		p := k.recorded(k.engine.NewTrail(), "F", `start b0 B..B
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
fail A.fail (err) -> (out.0 out.1) err=err exit=return
step B s.B (ctx) -> (b err) err=err {volatile 1m}
result return (b) -> (out.0 out.1) exit=return`, &runs)
		k.begin(p, background, "bad")()
		k.nap(background, 100*time.Millisecond)
		k.begin(p, background, "good")()
		k.nap(background, time.Minute)
		if len(runs) != 2 || len(runs[1].Visits) < 4 || runs[1].Visits[2].Kind != "" || runs[1].Visits[2].Took != time.Second {
			t.Errorf("noted %+v", runs)
		}
	})
}

// More requests than may wait to be noted are lost, and counted.
func TestTrailIsBounded(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": takes("a", 5*time.Second)}, func(k *kit) {
		before := k.plan("F", strings.Replace(wrapped, "1m", "10h", 1))
		k.begin(before, background, "x")()
		var runs []*profile.Run
		j := k.engine.NewTrail()
		p := k.recorded(j, "F", strings.Replace(wrapped, "1m", "10h", 1), &runs)
		const over = 100
		for range 1<<12 + over {
			k.run(p, background, "x")
		}
		if j.Lost() != over {
			t.Errorf("%d are lost, want %d", j.Lost(), over)
		}
		k.nap(background, 3*time.Hour)
		if len(runs) != 1<<12 {
			t.Errorf("%d are noted", len(runs))
		}
	})
}

// What a hedged block returns is kept and shared while somebody records as it is otherwise.
func TestTrailKeepsWhatIsHedged(t *testing.T) {
	const hedged = "hedged twice after=2s budget=100 {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 1h}\n}"
	for name, body := range map[string]string{
		"stored":         "stored kept {\n" + hedged + "\n}",
		"shared":         "shared joined {\n" + hedged + "\n}",
		"both":           "stored kept {\nshared joined {\n" + hedged + "\n}\n}",
		"stored inside":  "hedged twice after=2s budget=100 {\nstored kept {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 1h}\n}\n}",
		"second is kept": "stored kept {\n" + strings.Replace(hedged, "2s", "500ms", 1) + "\n}",
	} {
		t.Run(name, func(t *testing.T) {
			var calls [2]int
			var answers [2]string
			for i := range calls {
				oneSeed(t, 1, map[string]stepFunc{"A": counts("A")}, func(k *kit) {
					var p *engine.Plan
					if i == 0 {
						p = k.plan("F", body+tell)
					} else {
						p = k.recorded(k.engine.NewTrail(), "F", body+tell, new([]*profile.Run))
					}
					ctx, end := context.WithCancel(background)
					for range 3 {
						first, second := k.begin(p, ctx, "x"), k.begin(p, ctx, "x")
						a, b := first(), second() // who was answered first, the world decides
						answers[i] += fmt.Sprintln(min(a.out, b.out), max(a.out, b.out), a.err, b.err)
						k.nap(background, time.Minute)
					}
					end()
					calls[i] = k.calls["s.A"]
				})
			}
			if calls[0] != calls[1] || answers[0] != answers[1] {
				t.Errorf("%d calls, recorded %d; answers\n%srecorded\n%s", calls[0], calls[1], answers[0], answers[1])
			}
		})
	}
}

// Which visits were answered by one call is noted.
func TestTrailNumbersCalls(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": counts("A")}, func(k *kit) {
		var runs []*profile.Run
		p := k.recorded(k.engine.NewTrail(), "F", "stored kept {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 1m}\n}"+tell, &runs)
		for _, pause := range []time.Duration{10 * time.Second, 2 * time.Minute, 0} {
			k.begin(p, background, "x")()
			k.nap(background, pause)
		}
		if len(runs) != 3 {
			t.Fatalf("noted %+v", runs)
		}
		a, b, c := runs[0].Visits[0].Call, runs[1].Visits[0].Call, runs[2].Visits[0].Call
		if a == 0 || a != b || c == 0 || c == a {
			t.Errorf("calls %d, %d, %d", a, b, c)
		}
		stats, err := (&profile.Trace{Flows: []profile.Flow{{Name: runs[0].Flow, Graph: graph.Erase(p.Graph()).String()}}, Runs: runs}).Summarize()
		if err != nil {
			t.Fatal(err)
		}
		if s := stats[runs[0].Flow]["A"]; len(s.Took) != 3 || len(s.Calls) != 2 {
			t.Errorf("calls %v of visits %v", s.Calls, s.Took)
		}
	})
}

// A request that is given what cannot be copied is answered and not run again, and is counted.
func TestSkipped(t *testing.T) {
	const body = "step A s.A (ctx arg) -> (a err) err=err {volatile 1m}" + tell
	oneSeed(t, 1, map[string]stepFunc{"A": counts("A")}, func(k *kit) {
		var runs []*profile.Run
		trail, journal := k.engine.NewTrail(), k.engine.NewJournal()
		for i, p := range []*engine.Plan{k.recorded(trail, "F", body, &runs), k.verified(journal, "G", body)} {
			for _, arg := range []string{uncopied, "x"} {
				k.begin(p, background, arg)()
			}
			k.nap(background, time.Minute)
			if k.calls["s.A"] != 2*(i+1) {
				t.Errorf("calls %v", k.calls)
			}
		}
		if r := journal.Report(); trail.Lost() != 1 || len(runs) != 1 || r.Requests != 2 || r.Undecided != 1 || r.Alike != 1 {
			t.Errorf("%d lost, %d noted; verified: %+v", trail.Lost(), len(runs), r)
		}
	})
}

// A try that is left behind makes the calls that would be asked for behind the answer, and no more are made than those.
func TestTrailGoesOnWithTries(t *testing.T) {
	steps := map[string]stepFunc{"A": tries(try{takes: time.Second}, try{takes: 50 * time.Millisecond}), "B": takes("b", time.Millisecond)}
	seeds(t, steps, func(k *kit) {
		var runs []*profile.Run
		p := k.recorded(k.engine.NewTrail(), "F", `hedged twice after=100ms budget=100 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
fail A.fail (err) -> (out.1) err=err exit=return
step B s.B (ctx arg) -> (b err) err=err {volatile 10m}
}
result return (b) -> (out.0 out.1) exit=return`, &runs)
		ctx, end := context.WithCancel(background)
		k.begin(p, ctx, "x")()
		end()
		k.nap(background, time.Minute)
		if k.calls["s.A"] != 2 || k.calls["s.B"] != 2 || len(runs) != 1 || runs[0].Visits[0].Took != time.Second {
			t.Errorf("calls %v, noted %+v", k.calls, runs)
		}
	})
}

// A call that nobody answers is given up after ten seconds, and what its caller ended is made again.
func TestTrailEndsItsCalls(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": tries(try{takes: time.Second}, try{takes: time.Hour}, try{takes: time.Second})}, func(k *kit) {
		var runs []*profile.Run
		p := k.recorded(k.engine.NewTrail(), "F", "step A s.A (ctx arg) -> (a err) err=err {volatile 10m}"+tell, &runs)
		for range 2 {
			ctx, end := context.WithCancel(background)
			k.After(50*time.Millisecond, end)
			k.begin(p, ctx, "x")()
			k.nap(background, time.Minute)
		}
		if len(runs) != 2 || k.calls["s.A"] != 4 || runs[0].Visits[0].Took != 10*time.Second || runs[0].Visits[0].Kind == "" ||
			runs[1].Visits[0].Took != time.Second || runs[1].Visits[0].Kind != "" {
			t.Errorf("calls %v, noted %+v", k.calls, runs)
		}
	})
}

// A trail has as much memory as the store, and no key without a call.
func TestTrailForgets(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("a", time.Second), "B": func(ctx context.Context, arg string) (string, error) {
		return "b", kitOf(ctx).nap(ctx, time.Hour)
	}}
	oneSeed(t, 1, steps, func(k *kit) {
		k.engine = engine.New(engine.Options{World: k.World, Memory: 64 << 10})
		j := k.engine.NewTrail()
		var runs []*profile.Run
		kept := k.recorded(j, "Kept", strings.Replace(wrapped, "1m", "10h", 1), &runs)
		other := k.recorded(j, "Other", "step A s.A (ctx arg) -> (a err) err=err {volatile 10h}"+tell, &runs)
		k.begin(kept, background, "x")()
		for i := range 2000 {
			k.begin(other, background, fmt.Sprint("y", i))()
		}
		if n := j.Keys(); n < 100 || n > 1500 {
			t.Errorf("%d calls are remembered", n)
		}
		before := k.calls["s.A"]
		k.begin(kept, background, "x")()
		k.nap(background, time.Minute)
		if n := k.calls["s.A"] - before; n != 1 {
			t.Errorf("what is kept and forgotten was asked for %d times", n)
		}
		keys := j.Keys()
		cut := k.recorded(j, "Cut", "step B s.B (ctx arg) -> (b err) err=err {volatile 10h}"+tell, &runs)
		ctx, end := context.WithCancel(background)
		k.After(time.Second, end)
		k.begin(cut, ctx, "x")()
		k.nap(background, time.Minute)
		if n := j.Keys(); n != keys {
			t.Errorf("%d keys are left of calls that were cut", n-keys)
		}
	})
}

// A flow that is called is noted in the run that calls it, for as long as its calls took.
func TestTrailOfCalledFlows(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": takes("a", time.Second)}, func(k *kit) {
		var runs []*profile.Run
		j := k.engine.NewTrail()
		k.recorded(j, "Inner", wrapped, &runs)
		outer := k.recorded(j, "Outer", "call I example.com/test.Inner (ctx arg) -> (a err) err=err"+tell, &runs)
		for range 2 {
			k.begin(outer, background, "x")()
		}
		k.nap(background, time.Minute)
		if len(runs) != 2 || k.calls["s.A"] != 1 {
			t.Fatalf("calls %v, %d runs", k.calls, len(runs))
		}
		for _, r := range runs {
			if in := r.Visits[0].Run; r.Took != time.Second || r.Visits[0].Took != time.Second || in == nil || in.Took != time.Second || in.Visits[0].Took != time.Second {
				t.Errorf("noted %+v", r)
			}
		}
	})
}

// What does something else when it is run as written is not noted: nothing may be done for that.
func TestTrailDoesNothing(t *testing.T) {
	did := 0
	steps := map[string]stepFunc{"A": func(context.Context, string) (string, error) { did++; return "", nil }, "B": counts("b")}
	oneSeed(t, 1, steps, func(k *kit) {
		var runs []*profile.Run
		j := k.engine.NewTrail()
		p := k.recorded(j, "F", "step B s.B (ctx arg) -> (b err) err=err {local}\nstep A s.A (ctx b) -> (a err) err=err {effect}"+tell, &runs)
		k.begin(p, background, "x")()
		k.nap(background, time.Minute)
		if did != 1 || len(runs) != 0 || j.Lost() != 1 {
			t.Errorf("done %d times, %d runs, %d lost", did, len(runs), j.Lost())
		}
	})
}

// A call that hears of nothing and does not end keeps nobody waiting for good.
func TestTrailDoesNotWaitForever(t *testing.T) {
	deaf := func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		if k.calls["s.A"] == 1 {
			k.nap(background, time.Hour)
		}
		return "a", k.nap(ctx, 50*time.Millisecond)
	}
	seeds(t, map[string]stepFunc{"A": deaf}, func(k *kit) {
		var runs []*profile.Run
		p := k.recorded(k.engine.NewTrail(), "F", twice, &runs)
		k.begin(p, background, "x")()
		k.nap(background, time.Minute)
		if len(runs) != 1 || runs[0].Visits[0].Took != 50*time.Millisecond || k.calls["s.A"] != 3 {
			t.Errorf("noted %+v, calls %v", runs, k.calls)
		}
	})
}
