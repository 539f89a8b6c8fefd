package search

// Runs of schedules, for which nobody waits.

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/pattern"
)

var sole = map[string]bool{"stock": true}

// Times are of requests; calls are those of all runs.
func TestNobodyWaitsForASchedule(t *testing.T) {
	const sell = "example.com/shop.Sell"
	trace := shop(200, 20, 1000)
	for _, r := range trace.Runs {
		if r.Flow == sell {
			r.Took, r.Visits[0].Took = 900*time.Millisecond, 900*time.Millisecond
		}
	}
	limits, err := plan.Parse("fluxo.plan", []byte("fluxo 1\nlimit p95 100ms\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		scheduled map[graph.FlowName]bool
		mean      time.Duration
		broken    bool
	}{
		{nil, 455 * time.Millisecond, true},
		{map[graph.FlowName]bool{sell: true}, 10 * time.Millisecond, false},
		{map[graph.FlowName]bool{sell: true, "example.com/shop.Stock": true}, 455 * time.Millisecond, true}, // then it is their times that count
	} {
		r := find(t, Problem{Trace: trace, Base: limits, Scheduled: c.scheduled, Sole: sole})
		said := strings.Join(r.Warnings, "\n")
		if got := strings.Contains(said, "limit does not hold: p95 100ms (900ms)"); got != c.broken {
			t.Errorf("%v: a limit does not hold is %v: %q", c.scheduled, got, said)
		}
		if got := strings.Contains(said, "no plan was found that keeps the limit p95 100ms (900ms): none is proposed"); got != c.broken {
			t.Errorf("%v: %q", c.scheduled, said)
		}
		if got := Value(plan.Mean, r.Before); got < c.mean.Seconds()*.99 || got > c.mean.Seconds()*1.01 {
			t.Errorf("%v: mean %v s, want %v", c.scheduled, got, c.mean)
		}
		if got := Value(plan.Calls, r.Before); got != 1 {
			t.Errorf("%v: %v calls a run", c.scheduled, got)
		}
		if got := len(r.Steps) > 0; got == c.broken {
			t.Errorf("%v: the plan is\n%s", c.scheduled, r.Plan.Format())
		}
	}
}

// What a store saves is bounded for each request, however many scheduled runs there are beside them.
func TestScheduledRunsHideNoCandidate(t *testing.T) {
	trace := shop(100, 5, 1000)
	var runs []*profile.Run
	for _, r := range trace.Runs {
		runs = append(runs, r)
		if r.Flow == "example.com/shop.Sell" {
			for range 500 {
				runs = append(runs, r)
			}
		}
	}
	trace.Runs = runs
	s, err := begin(context.Background(), Problem{
		Trace: trace, Base: plan.New("fluxo.plan"), Patterns: pattern.All(), Sole: sole, Scheduled: map[graph.FlowName]bool{"example.com/shop.Sell": true},
	})
	if err != nil {
		t.Fatal(err)
	}
	all := s.promising(s.all)
	if !slices.ContainsFunc(all, func(c *Candidate) bool { return strings.HasSuffix(c.text, ": store Count") }) {
		t.Errorf("%v are looked at, of %v", all, s.all)
	}
}
