package search

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/tracetest"
	"fluxo.dev/fluxo/pattern"
	_ "fluxo.dev/fluxo/pattern/cache"
	_ "fluxo.dev/fluxo/pattern/coalesce"
	_ "fluxo.dev/fluxo/pattern/parallel"
)

const flow = "example.com/weather.Weather"

// base is a plan of the author.
func base(t *testing.T, head, lines string) *plan.File {
	t.Helper()
	f, err := plan.Parse("fluxo.plan", []byte("fluxo 1\n"+head+"\n\nflow "+flow+" (\n"+lines+"\n)\n"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func day(requests, towns int) *profile.Trace {
	return tracetest.WeatherTrace(tracetest.Zipf(requests, towns, 1), 1)
}

func find(t *testing.T, p Problem) *Result {
	t.Helper()
	if p.Patterns == nil {
		p.Patterns = pattern.All()
	}
	if p.Base == nil {
		p.Base = plan.New("fluxo.plan")
	}
	if p.Time == 0 {
		p.Time = time.Minute // however busy the machine is
	}
	r, err := Find(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A day of requests of which nine in ten ask again for what was asked before.
func TestPlanForADay(t *testing.T) {
	r := find(t, Problem{Trace: day(3_000, 250)})
	if before, after := Value(plan.Mean, r.Before), Value(plan.Mean, r.After); after > before/2 {
		t.Errorf("mean %.4f s as written, %.4f s under\n%s", before, after, r.Plan.Format())
	}
	for _, want := range []string{"store Locate", "parallel Observe Alerts"} {
		if !strings.Contains(string(r.Plan.Format()), want) {
			t.Errorf("the plan has no %q:\n%s", want, r.Plan.Format())
		}
	}
	for _, s := range r.Steps {
		if len(s.Holds) == 0 {
			t.Errorf("%s was held against nothing", s.Candidate)
		}
		if s.Next != nil && s.NextWhy == "" && s.NextAfter < r.Best*(1-worthwhile) {
			t.Errorf("with %s in place of %s the goal is %v, and %v is the best", s.Next, s.Candidate, s.NextAfter, r.Best)
		}
	}
	for _, no := range r.Refused {
		if no.Reason == "" {
			t.Errorf("%s is refused without a reason", no.Candidate)
		}
	}
	if len(r.Refused) == 0 {
		t.Error("nothing is refused, though nothing may begin before Locate")
	}
}

// The same trace gives the same plan, however many replays go on beside each other.
func TestOnePlan(t *testing.T) {
	want := string(find(t, Problem{Trace: day(400, 40), Replays: 80}).Plan.Format())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for range 2 {
		if got := string(find(t, Problem{Trace: day(400, 40), Replays: 80}).Plan.Format()); got != want {
			t.Errorf("\n%s, and before\n%s", got, want)
		}
	}
}

// However the sets come to be looked at, each is tried once.
func TestSameSetsAreTriedOnce(t *testing.T) {
	s, err := begin(context.Background(), Problem{Trace: day(400, 40), Base: plan.New("fluxo.plan"), Patterns: pattern.All()})
	if err != nil {
		t.Fatal(err)
	}
	one, two := s.all[0], slices.IndexFunc(s.all, func(c *Candidate) bool { return s.illegal([]*Candidate{s.all[0], c}) == nil && c != s.all[0] })
	if two < 0 {
		t.Fatalf("nothing may stand beside %s", one)
	}
	var sets [][]*Candidate
	for range 20 {
		sets = append(sets, []*Candidate{one, s.all[two]}, []*Candidate{s.all[two], one}, []*Candidate{one})
	}
	scores, err := s.scores(sets)
	if err != nil {
		t.Fatal(err)
	}
	for i, sc := range scores {
		if want := scores[i%3/2*2]; sc != want || !sc.legal() {
			t.Errorf("set %d comes to %v, the same one before to %v", i, sc, want)
		}
	}
	if s.result.Tried != 2 {
		t.Errorf("%d sets were tried, want 2", s.result.Tried)
	}
}

// What the author pins stays, what he forbids stays out.
func TestAuthorsLines(t *testing.T) {
	b := base(t, "", "pin coalesce Alerts\nnever store Locate\noff parallel Observe Alerts")
	text := string(find(t, Problem{Trace: day(600, 60), Base: b}).Plan.Format())
	for _, line := range []string{"\tpin coalesce Alerts\n", "\tnever store Locate\n", "\toff parallel Observe Alerts\n"} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is gone:\n%s", line, text)
		}
	}
	if strings.Contains(text, "\tstore Locate\n") || strings.Contains(text, "\tparallel Observe Alerts\n") {
		t.Errorf("what is forbidden or off is there:\n%s", text)
	}
}

// Each goal gets a plan that makes it small.
func TestGoals(t *testing.T) {
	trace := day(400, 40)
	plans := map[string]bool{}
	for goal, least := range map[plan.Measure]float64{plan.Mean: .6, plan.P50: .5, plan.P95: .9, plan.P99: .95, plan.Calls: .8, plan.CPU: 1, plan.Memory: 1} {
		r := find(t, Problem{Trace: trace, Base: base(t, "goal "+string(goal), ""), Replays: 40})
		before, after := Value(goal, r.Before), Value(goal, r.After)
		if r.Goal != goal || after > before*least {
			t.Errorf("%s: %s as written, %s under\n%s", goal, Text(goal, before), Text(goal, after), r.Plan.Format())
		}
		plans[string(r.Plan.Format())] = true
	}
	if len(plans) < 4 {
		t.Errorf("seven goals have %d plans", len(plans))
	}
}

// A plan that breaks a limit is not chosen.
func TestLimits(t *testing.T) {
	trace := day(600, 60)
	free := find(t, Problem{Trace: trace, Replays: 150})
	mean, memory := Value(plan.Mean, free.After), free.After.Stored
	if memory < 1000 {
		t.Fatalf("%d bytes are stored", memory)
	}
	r := find(t, Problem{Trace: trace, Base: base(t, "goal memory\nlimit mean 100ms", ""), Replays: 40})
	if got := Value(plan.Mean, r.After); got > .1 || r.After.Stored >= memory {
		t.Errorf("mean %v with %d bytes, and %v with %d if only the mean counts:\n%s", got, r.After.Stored, mean, memory, r.Plan.Format())
	}
	r = find(t, Problem{Trace: trace, Base: base(t, "goal memory\nlimit calls 0.8", ""), Replays: 40})
	if got := Value(plan.Calls, r.After) / Value(plan.Calls, r.Before); got > .8 {
		t.Errorf("%.3f of the calls, and no more than 0.8 of them may be:\n%s", got, r.Plan.Format())
	}
	r = find(t, Problem{Trace: trace, Base: base(t, "limit p99 1ms\nlimit calls 1.0", ""), Replays: 40})
	said := strings.Join(r.Warnings, "\n")
	if len(r.Steps) != 0 || !strings.Contains(said, "without a plan the limit does not hold: p99 1ms (") || !strings.Contains(said, "no plan was found that keeps the limit p99 1ms (") || !strings.HasSuffix(said, "): none is proposed") {
		t.Errorf("a limit that nothing keeps: %q\n%s", r.Warnings, r.Plan.Format())
	}
}

// More requests than plans are compared on, from a stream.
func TestLargeTrace(t *testing.T) {
	asks := tracetest.Zipf(24_000, 2400, 1)
	r := find(t, Problem{Trace: tracetest.Source{Asks: asks}, Replays: 60})
	if r.Sample < 4 || len(r.After.Requests) != 24_000 || Value(plan.Mean, r.After) > Value(plan.Mean, r.Before)/2 {
		t.Errorf("one in %d, %d requests, mean %v, then %v", r.Sample, len(r.After.Requests), Value(plan.Mean, r.Before), Value(plan.Mean, r.After))
	}
	if r.Sampled < fewest || r.Sampled > enough {
		t.Errorf("a sample of %d requests", r.Sampled)
	}
}

// Patterns see the whole trace as far as a sample of it tells: how often flows were asked for is known.
func TestPatternsSeeTheWhole(t *testing.T) {
	for _, c := range []struct {
		requests, towns int
		about           bool
	}{{24_000, 2400, true}, {24_000, 2, true}, {600, 60, false}} { // of two towns there is no part
		var got pattern.Seen
		look := stranger(func(f *pattern.Flow) []pattern.Candidate {
			got = f.Seen["Locate"]
			return nil
		})
		r := find(t, Problem{Trace: day(c.requests, c.towns), Patterns: []pattern.Pattern{look}})
		if got.Count != c.requests || got.About != c.about || got.Distinct > c.towns*3/2 || got.Distinct < c.towns/2 {
			t.Errorf("%d requests for %d towns: %d of %d, about is %v", c.requests, c.towns, got.Count, got.Distinct, got.About)
		}
		if (r.Sampled > 0) != c.about {
			t.Errorf("%d requests for %d towns: a sample of %d", c.requests, c.towns, r.Sampled)
		}
	}
}

// Time and replays bound a search: what was found until then counts.
func TestBounds(t *testing.T) {
	r := find(t, Problem{Trace: day(1000, 100), Replays: 12, Exhaustive: -1})
	if r.Tried > 60 || len(r.Steps) == 0 {
		t.Errorf("%d plans were tried, %d decisions", r.Tried, len(r.Steps))
	}
	r = find(t, Problem{Trace: day(1000, 100), Time: time.Nanosecond, Exhaustive: -1})
	if r.Tried > 60 || !strings.Contains(strings.Join(r.Warnings, " "), "ran out of time after 1ns") {
		t.Errorf("%d plans were tried, %q", r.Tried, r.Warnings)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Find(ctx, Problem{Trace: day(1000, 100), Base: plan.New(""), Patterns: pattern.All()}); err == nil {
		t.Error("a search that was called off has no error")
	}
}

func TestExplain(t *testing.T) {
	explained, err := Explain(context.Background(), Problem{
		Trace: day(2000, 200), Patterns: pattern.All(), Base: base(t, "", "pin store Locate\nparallel Observe Alerts\nnever coalesce Alerts"),
	})
	if err != nil || len(explained.Reasons) != 2 {
		t.Fatalf("%+v, %v", explained, err)
	}
	reasons, goal := explained.Reasons, explained.Goal
	for _, r := range reasons {
		if r.Without < goal*1.05 || len(r.Holds) == 0 || r.Flow != flow || r.Instead == nil || r.With < goal*.5 {
			t.Errorf("%s: %+v, the goal is %v", r.Decision, r, goal)
		}
	}
	if reasons[0].Decision.Mark != plan.Pin || reasons[1].Holds[0] == graph.ConjunctID("") {
		t.Errorf("%+v", reasons)
	}
}

// With empty stores a plan can be too much for the machine.
func TestColdStores(t *testing.T) {
	const spaced = 5 * time.Millisecond
	trace := day(900, 900)
	for i, r := range trace.Runs {
		if i > 300 {
			r.At = 20*time.Hour + time.Duration(i)*20*time.Microsecond // and then all at once
		}
	}
	trace.Costs.Call = 2 * time.Millisecond
	r := find(t, Problem{Trace: trace, Replays: 20})
	if len(r.Cold) != 2 || r.Cold[0].Waiting < mostWait || len(r.Warnings) == 0 || !strings.Contains(strings.Join(r.Warnings, " "), "with empty stores, in the busiest minutes") {
		t.Errorf("%+v, %q", r.Cold, r.Warnings)
	}
	for i, r := range trace.Runs {
		if i > 300 {
			r.At = 20*time.Hour + time.Duration(i)*spaced // as many as can be served, but not five times as many
		}
	}
	r = find(t, Problem{Trace: trace, Replays: 20})
	if warned := strings.Join(r.Warnings, " "); len(r.Cold) != 2 || r.Cold[0].Waiting > mostWait || r.Cold[1].Rate != crowd || r.Cold[1].Waiting < mostWait ||
		strings.Contains(warned, "with empty stores, in the busiest minutes") || !strings.Contains(warned, "with empty stores and 5 times the requests of the busiest minutes (a flash crowd) requests wait") {
		t.Errorf("a crowd: %+v, %q", r.Cold, r.Warnings)
	}
	if r = find(t, Problem{Trace: day(500, 50), Replays: 40}); strings.Contains(strings.Join(r.Warnings, " "), "empty stores") {
		t.Errorf("a quiet day: %q, %+v", r.Warnings, r.Cold)
	}
}
