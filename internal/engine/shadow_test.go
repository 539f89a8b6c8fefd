package engine_test

// Runs that are run again behind their answers.

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// shadowed compiles a flow without handles whose runs have shadows, which are noted in runs.
func (k *kit) shadowed(name, body string, free bool, runs *[]*profile.Run) *engine.Plan {
	k.t.Helper()
	src, planned := k.source(name, body)
	p, err := k.engine.Compile(src, planned, func(n graph.FlowName) bool { return k.plans[string(n)] != nil })
	if err != nil {
		k.t.Fatal(err)
	}
	probe, err := k.engine.Probe(src, src.Graph)
	if err != nil {
		k.t.Fatal(err)
	}
	probe.NoteTo(func(r *profile.Run) { *runs = append(*runs, r) })
	p.Shadow(probe, free)
	k.plans["example.com/test."+name] = p
	return p
}

// wrapped is A, kept.
const wrapped = `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
}
fail A.fail (err) -> (out.0 out.1) err=err exit=return
result return (a) -> (out.0 out.1) exit=return`

// Shadows run as written, whatever the plan has in store, and call no more than a tenth more often than fills do.
func TestShadows(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": takes("a", time.Millisecond)}, func(k *kit) {
		var runs []*profile.Run
		p := k.shadowed("F", wrapped, false, &runs)
		const keys, times = 40, 250
		for range times {
			for i := range keys {
				arg := fmt.Sprint("x", i)
				ctx, end := context.WithCancel(context.Background())
				out, err := k.run(p, ctx, arg)
				end() // the caller has its answer, and is gone
				if out != "a"+arg || err != nil {
					t.Fatalf("%s: %s, %v", arg, out, err)
				}
			}
		}
		k.Sleep(nil, time.Minute)
		fills := int(decisionOf(t, k.statistics("F"), "store", "A").Fills)
		if k.calls["s.A"] != fills+len(runs) || len(runs) == 0 || len(runs) > fills/10 {
			t.Errorf("%d calls, %d fills, %d shadows", k.calls["s.A"], fills, len(runs))
		}
		for _, r := range runs {
			if len(r.Visits) != 3 || r.Visits[0].Took != time.Millisecond || r.Visits[0].Kind != "" || r.Failed {
				t.Fatalf("noted %+v", r)
			}
		}
		if k.log.Len() > 0 {
			t.Error("something was reported")
		}
	})
}

// What a flow costs beside its kept results is bounded by what it computes itself: what other flows do, and how
// cheap its steps are said to be, does not matter.
func TestShadowsOfKeptResultsAreBoundedByFills(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": takes("a", time.Millisecond)}, func(k *kit) {
		var runs, others []*profile.Run
		pure := strings.Replace(wrapped, " {volatile 1m}", "", 1)
		p, busy := k.shadowed("F", pure, false, &runs), k.shadowed("G", wrapped, false, &others)
		for i := range 20_000 {
			k.run(p, context.Background(), fmt.Sprint("x", i%40))
			k.run(busy, context.Background(), fmt.Sprint("y", i))
		}
		k.Sleep(nil, time.Minute)
		if fills := int(decisionOf(t, k.statistics("F"), "store", "A").Fills); fills != 40 || len(runs) != fills/10 || len(others) < 100 {
			t.Errorf("%d fills and %d shadows of the one, %d of the other", fills, len(runs), len(others))
		}
	})
}

// Where nothing is kept a share of the runs is a share of the calls.
func TestShadowsAreASmallSample(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": takes("a", time.Millisecond)}, func(k *kit) {
		var runs []*profile.Run
		p := k.shadowed("F", strings.NewReplacer("stored kept {\n", "", "}\nfail", "fail").Replace(wrapped), true, &runs)
		for range 10_000 {
			k.run(p, context.Background(), "x")
		}
		k.Sleep(nil, time.Minute)
		if len(runs) < 70 || len(runs) > 85 {
			t.Errorf("%d shadows of 10,000 runs", len(runs))
		}
	})
}

// A shadow of a flow that calls another one runs both as written, and what a step calls as ever.
func TestShadowsOfCalledFlows(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": takes("a", time.Millisecond)}, func(k *kit) {
		var inner, outer []*profile.Run
		k.shadowed("G", wrapped, false, &inner)
		p := k.shadowed("F", "call G example.com/test.G (ctx arg) -> (a err) err=err {volatile 1m}\nfail G.fail (err) -> (out.0 out.1) err=err exit=return\nresult return (a) -> (out.0 out.1) exit=return", true, &outer)
		for i := range 2000 {
			k.run(p, context.Background(), fmt.Sprint(i))
		}
		k.Sleep(nil, time.Minute)
		if len(outer) == 0 {
			t.Fatal("no shadows")
		}
		for _, r := range outer {
			if in := r.Visits[0].Run; in == nil || in.Flow != "example.com/test.G" || len(in.Visits) != 3 || in.Visits[0].Took != time.Millisecond {
				t.Fatalf("noted %+v", r)
			}
		}
	})
}

// What differs from the answer is reported where it should be the same.
func TestShadowsAudit(t *testing.T) {
	changing := func(ctx context.Context, arg string) (string, error) { return fmt.Sprint(kitOf(ctx).calls["s.A"]), nil }
	fails := func(ctx context.Context, arg string) (string, error) {
		if k := kitOf(ctx); k.calls["s.A"]%2 == 0 {
			return "", errDown
		}
		return "1", nil
	}
	for name, c := range map[string]struct {
		step     stepFunc
		class    string
		reported bool
	}{
		"pure that changes":     {changing, "", true},
		"volatile that changes": {changing, "{volatile 1m}", false},
		"read that changes":     {changing, "{reads posts}", true},
		"read that may be old":  {changing, "{reads posts within=1m}", false},
		"read that now fails":   {fails, "{reads posts}", false},
		"panics":                {func(context.Context, string) (string, error) { panic("down") }, "", false},
	} {
		oneSeed(t, 1, map[string]stepFunc{"A": c.step}, func(k *kit) {
			var runs []*profile.Run
			p := k.shadowed("F", "step A s.A (ctx arg) -> (a err) err=err "+c.class+"\nfail A.fail (err) -> (out.0 out.1) err=err exit=return\nresult return (a) -> (out.0 out.1) exit=return", true, &runs)
			for range 500 {
				k.begin(p, context.Background(), "x")()
			}
			k.Sleep(nil, time.Minute)
			if got := strings.Contains(k.log.String(), "not what the flow returns as written"); got != c.reported {
				t.Errorf("%s: reported is %v: %s", name, got, k.log.String())
			}
			if len(runs) == 0 {
				t.Errorf("%s: no shadows", name)
			}
			k.log.Reset()
		})
	}
}

// There are never many at a time, and what hangs is told to end.
func TestShadowsAreBounded(t *testing.T) {
	var now, most, ended int
	step := func(ctx context.Context, arg string) (string, error) {
		if _, behind := ctx.Deadline(); !behind {
			return arg, nil
		}
		now++
		most = max(most, now)
		defer func() { now-- }()
		if err := kitOf(ctx).nap(ctx, time.Hour); err != nil {
			ended++
			return "", err
		}
		return arg, nil
	}
	oneSeed(t, 1, map[string]stepFunc{"A": step}, func(k *kit) {
		var runs []*profile.Run
		p := k.shadowed("F", "step A s.A (ctx arg) -> (a err) err=err {volatile 1m}\nresult return (a) -> (out.0 out.1) exit=return", true, &runs)
		for range 2000 {
			k.run(p, context.Background(), "x")
		}
		k.Sleep(nil, time.Minute)
		if most != 4 || ended != 4 || len(runs) != 4 {
			t.Errorf("%d at once, %d ended, %d noted", most, ended, len(runs))
		}
	})
}
