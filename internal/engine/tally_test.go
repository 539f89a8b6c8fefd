package engine_test

// What is counted all the time.

import (
	"context"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

// statistics returns those of a flow of the test.
func (k *kit) statistics(name string) profile.FlowStatistics {
	k.t.Helper()
	for _, s := range k.engine.Statistics() {
		if string(s.Flow) == "example.com/test."+name {
			return s
		}
	}
	k.t.Fatalf("no statistics of %s", name)
	return profile.FlowStatistics{}
}

func decisionOf(t *testing.T, s profile.FlowStatistics, verb, region string) profile.DecisionStatistics {
	t.Helper()
	for _, d := range s.Decisions {
		if d.Verb == verb && d.Region == region {
			return d
		}
	}
	t.Fatalf("no statistics of %s %s in %+v", verb, region, s.Decisions)
	return profile.DecisionStatistics{}
}

func TestRunsAreCounted(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		if err := kitOf(ctx).nap(ctx, 20*time.Millisecond); err != nil {
			return "", err
		}
		switch arg {
		case "panics":
			panic("down")
		case "fails":
			return "", errDown
		}
		return arg, nil
	}}
	oneSeed(t, 1, steps, func(k *kit) {
		p := k.plan("F", "step A s.A (ctx arg) -> (a err) err=err {volatile 1m}\nfail A.fail (err) -> (out.0 out.1) err=err exit=return\nresult return (a) -> (out.0 out.1) exit=return")
		for _, arg := range []string{"x", "fails", "x", "panics", "x"} {
			k.begin(p, context.Background(), arg)()
		}
		for _, s := range []profile.RunStatistics{k.statistics("F").Runs, p.Statistics()} {
			if s.Count != 5 || s.Failed != 2 || s.Took.Count() != 5 || s.Took.Quantile(.5) < 19*time.Millisecond || s.Took.Quantile(.5) > 21*time.Millisecond {
				t.Errorf("%d runs, %d failed, %d timed, median %v", s.Count, s.Failed, s.Took.Count(), s.Took.Quantile(.5))
			}
		}
		if s := k.statistics("F"); s.Written.Count != 0 {
			t.Errorf("%d runs as written", s.Written.Count)
		}
	})
}

// Of runs that take no time few are timed, and all are counted but those that wait for the next.
func TestShortRunsAreCounted(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) { return arg, nil }}
	oneSeed(t, 1, steps, func(k *kit) {
		p := k.plan("F", "step A s.A (ctx arg) -> (a err) err=err {volatile 1m}\nresult return (a) -> (out.0 out.1) exit=return")
		for range 1000 {
			if _, err := k.run(p, context.Background(), "x"); err != nil {
				t.Fatal(err)
			}
		}
		s := k.statistics("F").Runs
		if s.Count > 1000 || s.Count < 1000-64 || s.Took.Count() != s.Count {
			t.Errorf("%d of 1000 runs were counted, %d in the sketch", s.Count, s.Took.Count())
		}
	})
}

func TestDecisionsAreCounted(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("a", time.Second), "B": takes("b", time.Second), "C": takes("c", time.Second)}
	body := `start start.B stored.B..stored.B
step A s.A (ctx arg) -> (a err) err=err {volatile 1m}
stored stored.B {
	step B s.B (ctx arg) -> (b err) err=err {volatile 1m}
}
shared shared.C {
	step C s.C (ctx arg) -> (c err) err=err {volatile 1m}
}
result return (a b c) -> (out.0 out.1) exit=return`
	seeds(t, steps, func(k *kit) {
		for range 2 { // another plan of the same flow goes on counting
			p := k.plan("F", body)
			var waits []func() ended
			for _, arg := range []string{"x", "x", "y"} {
				waits = append(waits, k.begin(p, context.Background(), arg))
			}
			for _, wait := range waits {
				wait()
			}
		}
		s := k.statistics("F")
		b := decisionOf(t, s, "store", "B")
		if b.Hits+b.Misses != 6 || b.Fills != b.Misses || b.Kept != b.Fills || b.Entries != 2 || b.Bytes == 0 || b.Misses < 2 || b.Misses > 3 {
			t.Errorf("store B: %+v", b)
		}
		c := decisionOf(t, s, "coalesce", "C")
		if c.Flights+c.Joined != 6 || c.Flights != 4 {
			t.Errorf("coalesce C: %+v", c)
		}
		if f := decisionOf(t, s, "parallel", "B"); f.Started != 6 || f.Taken > 6 || f.Taken == 0 || f.Refused != 0 {
			t.Errorf("parallel B: %+v", f)
		}
		if got := c.Since(c); got.Flights != 0 || got.Joined != 0 || got.Verb != "coalesce" {
			t.Errorf("since now: %+v", got)
		}
	})
}

func TestRefusedForksAreCounted(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("a", time.Second), "B": takes("b", time.Second)}
	seedsEarly(t, -1, steps, func(k *kit) {
		p := k.plan("F", "start start.B B..B\nstep A s.A (ctx arg) -> (a err) err=err {volatile 1m}\nstep B s.B (ctx arg) -> (b err) err=err {volatile 1m}\nresult return (a b) -> (out.0 out.1) exit=return")
		if _, err := k.run(p, context.Background(), "x"); err != nil {
			t.Fatal(err)
		}
		if f := decisionOf(t, k.statistics("F"), "parallel", "B"); f.Started != 0 || f.Refused != 1 {
			t.Errorf("%+v", f)
		}
	})
}

func TestRefreshesAreCounted(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": counted("A")}, func(k *kit) {
		p := k.plan("F", ahead)
		for _, at := range []time.Duration{0, 7 * time.Minute, 9 * time.Minute, 9*time.Minute + 59*time.Second} {
			k.Sleep(nil, at-k.since())
			if _, err := k.run(p, context.Background(), "x"); err != nil {
				t.Fatal(err)
			}
		}
		if d := decisionOf(t, k.statistics("F"), "store", "A"); d.Refreshes != 1 || d.Fills != 2 || d.Kept != 2 || d.Hits != 3 || d.Misses != 1 {
			t.Errorf("%+v", d)
		}
	})
}
